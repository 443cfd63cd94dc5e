"""One TCP connection that carries, or was to carry, boot files over HTTP."""

from __future__ import annotations

from dataclasses import dataclass, field

from pxedebug.track.gaps import Gaps
from pxedebug.wire.http import RequestHead, ResponseHead
from pxedebug.wire.packet import Address
from pxedebug.wire.tls import TlsAlert

__all__ = ["HttpConnection", "HttpTransfer", "unfold_sequence"]


_CHUNK_DIGITS = 16


def unfold_sequence(number: int, near: int) -> int:
    """A 32-bit TCP sequence number as the number closest to `near` (RFC 9293 section 3.4: arithmetic modulo 2**32)."""
    return near + ((number - near + 0x80000000 & 0xFFFFFFFF) - 0x80000000)


@dataclass(slots=True, eq=False)
class HttpTransfer:
    """A request and its answer; without a request, a connection attempt or an encrypted connection."""

    connection: HttpConnection
    frames: list[int]
    times: list[int]
    request: RequestHead | None
    sequence: int = -1
    """TCP sequence number of the request, -1 while there is none."""
    response: ResponseHead | None = None
    response_frame: int = 0
    head_start: int = -1
    """Unfolded sequence number of the response head, -1 while no whole one was seen."""
    body_start: int = -1
    """Unfolded sequence number of the first body byte, -1 while no whole response head was seen."""
    high: int = -1
    """Unfolded sequence number behind the last body byte seen."""
    hole: int = 0
    """Body bytes below `high` that were not seen."""
    gaps: Gaps | None = None
    """Where they are."""
    last_chunk: bool = False
    """The chunk of size 0 that ends a body in chunks was seen."""
    first_data: int = 0
    last_time: int = 0
    last_frame: int = 0
    gap: int = 0
    retransmissions: int = 0
    start: bytearray = field(default_factory=bytearray)
    """The first bytes of the body, in order."""
    content_type: str | None = None
    content_detail: str | None = None
    partial: bytes = b""
    """A response head that is not complete yet."""
    head_cut: bool = False
    """The capture cut the response head: how long the body is was not seen."""
    head_end: int = -1
    """Unfolded sequence number where its next part begins."""

    @property
    def stop(self) -> int | None:
        """Unfolded sequence number behind the body as its head says, None where it does not (RFC 9112 section 6.3)."""
        request, response = self.request, self.response
        if self.body_start < 0 or response is None:
            return None
        if (request is not None and request.method == "HEAD") or response.status in (204, 304):
            return self.body_start
        declared = None if response.chunked else response.content_length
        return self.body_start + declared if declared is not None else None

    @property
    def content(self) -> bytes:
        """The first bytes of the file, in order; of a body in chunks those of the first one."""
        if self.response is None or not self.response.chunked:
            return bytes(self.start)
        size, line_end, rest = bytes(self.start).partition(b"\r\n")
        digits = size.partition(b";")[0].strip()
        if not line_end or not digits or len(digits) > _CHUNK_DIGITS or digits.strip(b"0123456789abcdefABCDEF"):
            return b""
        return rest[: int(digits, 16)]

    @property
    def received(self) -> int:
        """Body bytes seen."""
        if self.body_start < 0:
            return 0
        return max(0, self.high - self.body_start - self.hole)


@dataclass(slots=True, eq=False)
class HttpConnection:
    """The two endpoints, how the connection began and ended, and its requests in order."""

    slot: int
    key: int
    """Endpoint key of the client."""
    client: Address
    client_port: int
    client_mac: bytes
    ttl: int
    server: Address
    server_port: int
    frames: list[int] = field(default_factory=list)
    """SYN frames, oldest first."""
    initial: int = -1
    """Sequence number of the client's SYN, -1 where the capture begins later."""
    times: list[int] = field(default_factory=list)
    accepted: int = 0
    """Time of the SYN-ACK."""
    accepted_frame: int = 0
    confirmed: int = 0
    """Time of the client's first ACK after it."""
    reset: int = 0
    """Frame of the first RST."""
    reset_time: int = 0
    reset_by_client: bool = False
    unreachable: int = 0
    """Frame of an ICMP error about the client's packets."""
    finished: int = 0
    """Time of the server's FIN."""
    finished_frame: int = 0
    finished_at: int = -1
    """Unfolded sequence number of that FIN: all that the server had to say stands before it."""
    client_finished: int = 0
    """Frame of the client's FIN."""
    client_finished_time: int = 0
    first_up: bytes = b""
    """The first bytes that the client sent, as far as one segment holds them."""
    first_down: bytes = b""
    """The same of the server."""
    first_up_frame: int = 0
    first_down_frame: int = 0
    sealed: int = 0
    """Bytes of the client's segments that begin with a TLS record of application data."""
    alert: TlsAlert | None = None
    """The first TLS alert in clear that says what went wrong."""
    alert_frame: int = 0
    alert_by_client: bool = False
    shut_since: int = 0
    """Time of the client's segment that closed its window, 0 while it is open."""
    shut_begun: int = 0
    """Frame of that segment."""
    shut_frame: int = 0
    """Frame of the segment that closed it for longest."""
    shut: int = 0
    """How long that was, as far as segments of the client show."""
    near: int = -1
    """Latest unfolded sequence number of the server, -1 before its first segment."""
    acknowledged: int = -1
    """Unfolded sequence number up to which the client has acknowledged the server's bytes."""
    latest: tuple[int, int, int] = (0, 0, 0)
    """Unfolded sequence number, length and time of the server's latest bytes."""
    down: int = 0
    """Bytes from the server, for connections that are not read."""
    transfers: list[HttpTransfer] = field(default_factory=list)
    opened: int = 0
    """Time of its first segment."""
    last_time: int = 0
    """Latest time of a segment."""
    last_frame: int = 0
    opening: HttpTransfer | None = None
    """The record of the connection attempt itself, until a request is seen."""
