"""HTTP heads with other names and without secrets; bodies without content (RFC 9112)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from pxedebug.report.extract.anonymise.contents import NOTHING, Contents, Pieces, cover
from pxedebug.report.extract.anonymise.names import Names
from pxedebug.report.extract.anonymise.tftp import TransferKey
from pxedebug.report.extract.anonymise.tls import is_record, records
from pxedebug.wire.http import RequestHead, ResponseHead, parse_head

__all__ = ["Http"]

_CONNECTIONS = 1 << 14
_WRAP = 1 << 32
_LONGEST_LINE = 256
"""Bytes of a chunk's size and extensions."""
_HELD = 64
"""Segments of a chunked body that are held for repeats."""
_PLAIN = frozenset((
    b"accept", b"accept-encoding", b"accept-language", b"accept-ranges", b"age", b"cache-control", b"connection",
    b"content-encoding", b"content-length", b"content-range", b"content-type", b"date", b"expires", b"keep-alive",
    b"last-modified", b"pragma", b"range", b"retry-after", b"te", b"trailer", b"transfer-encoding", b"upgrade", b"vary",
))  # fmt: skip
"""Headers whose values name nobody."""
_HOSTS = frozenset((b"host", b"x-forwarded-for", b"x-forwarded-host", b"via", b"forwarded", b"x-real-ip"))
_SECRETS = frozenset((b"authorization", b"proxy-authorization", b"cookie", b"set-cookie"))
_SCHEME = re.compile(rb"\s*(?:basic|digest|bearer|negotiate|ntlm) ", re.IGNORECASE)
_CHUNKED = re.compile(rb"^transfer-encoding:[^\n]*\bchunked\b", re.IGNORECASE | re.MULTILINE)

Endpoint = tuple[bytes, int]


@dataclass
class _Response:
    """A response of which the body is under way."""

    start: int
    """Sequence number of the body's first byte."""
    pieces: Pieces
    chunked: bool
    reached: int = 0
    """Of a chunked body: bytes of the stream that are read, in order."""
    left: int = 0
    """Bytes of the chunk that are still to come, with the line end behind it."""
    line: bytes = b""
    """The beginning of a line that is not whole yet."""
    offset: int = 0
    """Bytes of the file before the next one."""
    done: dict[int, bytes] = field(default_factory=dict)
    """Segments by their place in the stream, as they were written."""


class Http:
    """Follows TCP connections as far as HTTP needs it."""

    def __init__(self, names: Names, contents: Mapping[TransferKey, Contents]) -> None:
        self._names = names
        self._contents = contents
        self._asked: dict[tuple[Endpoint, Endpoint], bytes] = {}
        self._responses: dict[tuple[Endpoint, Endpoint], _Response] = {}
        self._heads: dict[tuple[Endpoint, Endpoint], tuple[int, bytes]] = {}
        """Of a head that is not whole: where it goes on, and the line that was cut."""

    def segment(self, source: Endpoint, destination: Endpoint, sequence: int, payload: bytes) -> bytes:
        """The payload that stands for a segment's."""
        flow = (source, destination)
        if is_record(payload):
            return records(payload, self._names)
        head = parse_head(payload)
        if head is not None:
            return self._head(flow, sequence, payload, head)
        expected, line = self._heads.get(flow, (None, b""))
        if expected == sequence:
            return self._rest_of_head(flow, sequence, line, payload)
        return self._body(flow, sequence, payload)

    def _head(
        self, flow: tuple[Endpoint, Endpoint], sequence: int, payload: bytes, head: RequestHead | ResponseHead
    ) -> bytes:
        length = head.length
        if len(self._asked) >= _CONNECTIONS:
            self._asked.clear()
            self._responses.clear()
            self._heads.clear()
        self._heads.pop(flow, None)
        self._responses.pop(flow, None)
        if not head.complete:
            self._heads[flow] = (sequence + len(payload)) % _WRAP, payload.rpartition(b"\n")[2]
        if isinstance(head, RequestHead):
            self._asked[flow] = head.url
        else:
            pieces = self._contents.get((*flow[1], self._asked.get((flow[1], flow[0]), b"")), NOTHING).pieces
            self._responses[flow] = _Response((sequence + length) % _WRAP, pieces, head.chunked)
        lines = self._lines(payload[:length], first=True)
        return lines + self._body(flow, (sequence + length) % _WRAP, payload[length:])

    def _rest_of_head(self, flow: tuple[Endpoint, Endpoint], sequence: int, line: bytes, payload: bytes) -> bytes:
        """The next lines of a head that did not fit into its first segment, which cut `line`."""
        text = line + payload
        at = text.find(b"\r\n\r\n")
        length = len(payload) if at < 0 else at + 4 - len(line)
        behind = (sequence + length) % _WRAP
        del self._heads[flow]
        if at < 0:
            self._heads[flow] = behind, text.rpartition(b"\n")[2]
        elif flow in self._responses:
            self._responses[flow].start = behind
        if flow in self._responses and _CHUNKED.search(text[: len(line) + length]):
            self._responses[flow].chunked = True
        made = self._lines(text[: len(line) + length], first=False)[len(line) :]
        return made + self._body(flow, behind, payload[length:])

    def _lines(self, data: bytes, *, first: bool) -> bytes:
        lines = data.split(b"\n")
        begun = [self._names.text(lines[0])] if first else []
        return b"\n".join(begun + [self._header(line) for line in lines[len(begun) :]])

    def _header(self, line: bytes) -> bytes:
        name, colon, value = line.partition(b":")
        plain = name.strip().lower()
        if plain in _PLAIN:
            return line
        if plain in _SECRETS:
            scheme = _SCHEME.match(value)
            kept = scheme[0] if scheme else b""
            return name + colon + kept + self._names.strict(value[len(kept) :])
        return self._names.text(name) + colon + (self._host(value) if plain in _HOSTS else self._names.text(value))

    def _host(self, value: bytes) -> bytes:
        """A host with its port is what stands in a URL before the path."""
        host = value.lstrip()
        return value[: len(value) - len(host)] + self._names.text(b"http://" + host)[7:]

    def _body(self, flow: tuple[Endpoint, Endpoint], sequence: int, payload: bytes) -> bytes:
        response = self._responses.get(flow)
        if response is None or not payload:
            return bytes(len(payload))
        offset = (sequence - response.start) % _WRAP
        if not response.chunked:
            return cover(response.pieces, offset, len(payload))
        if offset != response.reached:
            done = response.done.get(offset, b"")
            return done if len(done) == len(payload) else bytes(len(payload))
        written = _chunks(response, payload)
        if len(response.done) >= _HELD:
            response.done.pop(next(iter(response.done)))
        response.done[offset] = written
        return written


def _chunks(response: _Response, payload: bytes) -> bytes:
    """The next bytes of a chunked body: sizes and line ends stay (RFC 9112 section 7.1)."""
    made = bytearray()
    while len(made) < len(payload):
        rest = payload[len(made) :]
        if response.left > 2:
            part = rest[: response.left - 2]
            made += cover(response.pieces, response.offset, len(part))
            response.offset += len(part)
            response.left -= len(part)
        elif response.left:
            made += rest[: response.left]
            response.left -= len(rest[: response.left])
        else:
            line, end, _ = rest.partition(b"\n")
            made += line + end
            response.line = (response.line + line)[:_LONGEST_LINE]
            if end:
                digits = response.line.partition(b";")[0].strip()
                size = int(digits, 16) if digits and not digits.strip(b"0123456789abcdefABCDEF") else 0
                response.left = size + 2 if size else 0
                response.line = b""
    response.reached += len(payload)
    return bytes(made)
