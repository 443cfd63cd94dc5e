"""HTTP/1.x request and response heads at the start of a TCP segment (RFC 9112 sections 2 to 6)."""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = [
    "MAX_HEAD",
    "REQUEST_WORDS",
    "RESPONSE_WORD",
    "Headers",
    "RequestHead",
    "ResponseHead",
    "absolute_url",
    "is_http_word",
    "parse_head",
]

MAX_HEAD = 8192
"""Bytes of a head that are looked at; servers commonly refuse longer ones, too."""

REQUEST_WORDS = tuple(int.from_bytes(word) for word in (b"GET ", b"HEAD", b"POST", b"PUT "))
"""First four bytes of a request, big-endian, as the `word` column of `wire.frames.Segments` holds them."""
RESPONSE_WORD = int.from_bytes(b"HTTP")
"""First four bytes of a response, big-endian."""

Headers = tuple[tuple[bytes, bytes], ...]
"""Names as sent and values without surrounding white space, in order."""

_MAX_DIGITS = 18
# Not compiled here: most captures hold no HTTP, and `re` keeps what it has compiled.
_REQUEST_LINE = rb"([A-Z]{3,16}) ([^\x00-\x20\x7f]+) HTTP/(\d\.\d)"
_CUT_REQUEST_LINE = rb"(GET|HEAD|POST|PUT|DELETE|OPTIONS|CONNECT|PATCH) ([^\x00-\x20\x7f]+)(?: [HTP/\d.]{0,8})?"
_STATUS_LINE = rb"HTTP/(\d\.\d) (\d{3})(?: ([^\r\n\0]*))?"
_HEADER = rb"([!-9;-~]+)[ \t]*:[ \t]*([^\0]*)"


@dataclass(frozen=True, slots=True)
class _Head:
    """What both kinds of head have in common."""

    version: str
    """`1.0` or `1.1`; empty where the first line is cut."""
    headers: Headers
    length: int
    """Bytes of the head with its blank line; of what is there when it is not complete."""
    complete: bool
    """The blank line that ends the head is there."""

    def header(self, name: str | bytes) -> bytes | None:
        """The value of the first header of that name in any case, or None."""
        wanted = (name.encode("ascii", "replace") if isinstance(name, str) else name).lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)

    @property
    def content_length(self) -> int | None:
        """Content-Length in bytes; None where it is absent, no number or contradicts itself (RFC 9110 section 8.6)."""
        values = {
            part.strip()
            for key, value in self.headers
            if key.lower() == b"content-length"
            for part in value.split(b",")
        }
        if len(values) != 1:
            return None
        value = values.pop()
        return int(value) if value.isdigit() and len(value) <= _MAX_DIGITS else None

    @property
    def chunked(self) -> bool:
        """The body comes in chunks (RFC 9112 section 7.1); Content-Length does not count then."""
        return b"chunked" in self._tokens(b"transfer-encoding")

    @property
    def keep_alive(self) -> bool:
        """The connection stays open after this message (RFC 9112 section 9.3)."""
        tokens = self._tokens(b"connection")
        if b"close" in tokens:
            return False
        return self.version != "1.0" or b"keep-alive" in tokens

    def _tokens(self, name: bytes) -> set[bytes]:
        return {
            token.strip().lower() for key, value in self.headers if key.lower() == name for token in value.split(b",")
        }


@dataclass(frozen=True, slots=True)
class RequestHead(_Head):
    """Request line and headers of a request."""

    method: str
    target: bytes
    """As sent: mostly a path, an absolute URL where a proxy is asked."""

    @property
    def host(self) -> bytes | None:
        """The Host header (name or address, with the port where it is not 80)."""
        return self.header(b"host")

    @property
    def user_agent(self) -> bytes | None:
        """The User-Agent header: `UefiHttpBoot/1.0`, `iPXE/1.21.1`, ..."""
        return self.header(b"user-agent")

    @property
    def url(self) -> bytes:
        """The absolute URL as far as Host tells."""
        return absolute_url(self.host, self.target)


@dataclass(frozen=True, slots=True)
class ResponseHead(_Head):
    """Status line and headers of a response."""

    status: int
    reason: bytes


def is_http_word(word: int) -> bool:
    """Whether the first four payload bytes, big-endian, begin an HTTP request or response."""
    return word == RESPONSE_WORD or word in REQUEST_WORDS


def absolute_url(host: bytes | None, target: bytes) -> bytes:
    """The URL of a request in clear text: `target` itself where it is absolute already or no host is known."""
    if host is None or not target.startswith(b"/"):
        return target
    return b"http://" + host + target


def parse_head(payload: bytes) -> RequestHead | ResponseHead | None:
    """The head that `payload` (the start of a TCP stream or segment) begins with; None where it is no HTTP head.

    A head that the segment or the capture cut, or that is longer than MAX_HEAD, gives its whole lines with `complete`
    False; a cut request line gives the target as far as it goes. Never raises.
    """
    lines, length, complete = _lines(payload[:MAX_HEAD])
    if not lines:
        return None
    first, headers = lines[0], _headers(lines[1:])
    if status := re.fullmatch(_STATUS_LINE, first):
        version, code, reason = status.groups()
        return ResponseHead(version.decode("ascii"), headers, length, complete, int(code), reason or b"")
    request = re.fullmatch(_REQUEST_LINE, first)
    if request is not None:
        return RequestHead(
            request[3].decode("ascii"), headers, length, complete, request[1].decode("ascii"), request[2]
        )
    cut = re.fullmatch(_CUT_REQUEST_LINE, first) if payload.find(b"\n", 0, MAX_HEAD) < 0 else None
    return None if cut is None else RequestHead("", (), length, False, cut[1].decode("ascii"), cut[2])


def _lines(data: bytes) -> tuple[list[bytes], int, bool]:
    """The whole lines of a head, its length and whether it is complete. A first line is given even when cut.

    A bare LF ends a line as CR LF does (RFC 9112 section 2.2).
    """
    lines: list[bytes] = []
    at = 0
    while (end := data.find(b"\n", at)) >= 0:
        line = data[at:end].removesuffix(b"\r")
        at = end + 1
        if not line:
            return lines, at, True
        lines.append(line)
    if not lines and data:
        lines.append(data.removesuffix(b"\r"))
    return lines, len(data), False


def _headers(lines: list[bytes]) -> Headers:
    """Name and value of each line; one that begins with white space continues the last (RFC 9112 section 5.2)."""
    headers: list[tuple[bytes, bytes]] = []
    for line in lines:
        if line[:1] in (b" ", b"\t") and headers:
            name, value = headers[-1]
            headers[-1] = (name, value + b" " + line.strip())
        elif match := re.fullmatch(_HEADER, line):
            headers.append((match[1], match[2].strip(b" \t")))
    return tuple(headers)
