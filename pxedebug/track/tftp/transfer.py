"""One TFTP transfer while it is followed: the packets that are looked at one by one, beside its row of numbers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from pxedebug.track.tftp.columns import TransferNumbers
from pxedebug.track.tftp.head import Head
from pxedebug.wire.packet import Address, Packet
from pxedebug.wire.tftp import OptionAck, Request

__all__ = ["Answer", "PendingFrame", "TftpTransfer", "TransferError"]


class Answer(NamedTuple):
    """One of the first packets that came back from a server, whichever port and address it used."""

    frame: int
    peer: int
    """Endpoint key of the server side."""
    address: Address
    mac: bytes
    """Of the last hop to the client: the server's own, or its router's."""


class TransferError(NamedTuple):
    """An ERROR packet inside a transfer."""

    frame: int
    time: int
    code: int
    message: bytes
    from_client: bool
    peer: int
    """Endpoint key of the server side."""


class PendingFrame(NamedTuple):
    """A frame that came before the client acknowledged any server port."""

    frame: int
    time: int
    word: int
    length: int
    """Payload bytes behind opcode and block."""
    peer: int
    identification: int
    content: bytes
    """UDP payload of an OACK or ERROR, else empty."""


@dataclass(slots=True, eq=False)
class TftpTransfer:
    """A request, its repeats and what came of it."""

    slot: int
    key: int
    """Endpoint key of the client."""
    packet: Packet
    """The first request; of a transfer whose request was not captured, its first frame."""
    request: Request | None
    write: bool
    head: Head
    frames: list[int] = field(default_factory=list)
    """Requests, oldest first."""
    times: list[int] = field(default_factory=list)
    latest_id: int = -1
    """IP identification of the latest request."""
    copies: int = 0
    """Of requests, by a mirror."""
    oack: OptionAck | None = None
    oack_time: int = 0
    oacks: int = 0
    oack_copies: int = 0
    oack_latest: tuple[int, int] = (0, -1)
    """Time and IP identification of the latest OACK."""
    errors: list[TransferError] = field(default_factory=list)
    unreachable: list[tuple[int, int]] = field(default_factory=list)
    """Frame and time of ICMP errors that a server or router sent about the client's packets."""
    pending: list[PendingFrame] = field(default_factory=list)
    peer: int = 0
    peer_port: int | None = None
    orphan_ports: set[int] = field(default_factory=set)
    numbers: TransferNumbers | None = None
    """Set when the transfer is closed and its slot given back."""
    answers: list[Answer] = field(default_factory=list)
    """The first ones, until the client has chosen."""
    rival: int | None = None
    """Frame of the first DATA from a port that is not the one the client answers."""
    content_type: str | None = None
    content_detail: str | None = None
    kept_head: bytes = b""
    content_key: tuple[object, ...] = ()
    """Names the file among those looked at, once its first block was seen."""

    @property
    def started(self) -> bool:
        """A server port is known that the client answers: a repeat of the request is a new transfer from now on."""
        return self.peer != 0

    @property
    def file(self) -> bytes | None:
        """The name asked for."""
        return self.request.file if self.request else None
