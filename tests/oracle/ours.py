"""What this program's reader, tracker and decoders find in a capture."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from contextlib import suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pxedebug.capture import open_captures
from pxedebug.errors import CaptureError, MalformedFrame
from pxedebug.track import Tracker
from pxedebug.wire import tftp
from pxedebug.wire.batch import frame_number
from pxedebug.wire.dhcp import DhcpMessage, decode_message
from pxedebug.wire.frames import Columns, decode_batch
from pxedebug.wire.packet import Packet
from pxedebug.wire.packets import read_packets
from pxedebug.wire.reassembly import Reassembler
from tests.oracle.packets import DhcpPacket, TftpPacket

__all__ = ["dhcp_packets", "tftp_packets"]

_PORTS = (67, 68, 4011)
_BULK = (tftp.Opcode.DATA, tftp.Opcode.ACK)


def dhcp_packets(capture: Path) -> list[DhcpPacket]:
    """Every DHCP message that decodes, in the order of the frames; nothing where the file is no capture."""
    found: list[DhcpPacket] = []
    reassembler = Reassembler()
    with suppress(CaptureError):
        for batch in open_captures([str(capture)]):
            columns = decode_batch(batch)
            for packet in (*_whole(columns), *reassembler.feed(columns).packets):
                if {packet.source_port, packet.destination_port} & set(_PORTS):
                    found += _message(packet)
    return sorted(found)


def _whole(columns: Columns) -> list[Packet]:
    """Unfragmented datagrams from or to a DHCP port."""
    datagrams = columns.datagrams
    ends = [(keys & np.uint64(0xFFFF)).astype(np.int64) for keys in (datagrams.source, datagrams.destination)]
    wanted = (np.isin(ends[0], _PORTS) | np.isin(ends[1], _PORTS)) & ~datagrams.fragment
    return read_packets(columns, np.flatnonzero(wanted))


def _message(packet: Packet) -> Iterator[DhcpPacket]:
    try:
        message = decode_message(packet.payload, packet.length)
    except MalformedFrame:
        return
    yield DhcpPacket(
        frame_number(packet.frame), _kind(message), message.xid, message.chaddr.hex(), tuple(sorted(_options(message)))
    )


def _kind(message: DhcpMessage) -> int | None:
    return message.type_code


def _options(message: DhcpMessage) -> Iterator[tuple[int, str]]:
    for instance in message.instances:
        yield instance.code, instance.value.hex()


def tftp_packets(capture: Path) -> list[TftpPacket]:
    """Every packet that the tracker takes for TFTP, with all that requests, OACKs and errors say."""
    words: dict[int, int] = {}

    def trace(refs: NDArray[np.int64], found: NDArray[np.uint32]) -> None:
        words.update(zip(refs.tolist(), found.tolist(), strict=True))

    tracker = Tracker(trace=trace)
    with suppress(CaptureError):
        for batch in open_captures([str(capture)]):
            tracker.feed(batch)
    bulk = {ref: word for ref, word in words.items() if word >> 16 in _BULK}
    return sorted([*(_bulk(ref, word) for ref, word in bulk.items()), *_control(capture, words.keys() - bulk.keys())])


def _bulk(ref: int, word: int) -> TftpPacket:
    return TftpPacket(frame_number(ref), word >> 16, word & 0xFFFF, None, (), None)


def _control(capture: Path, refs: AbstractSet[int]) -> Iterator[TftpPacket]:
    """The requests, OACKs and errors among the frames `refs`, decoded."""
    wanted = np.array(sorted(refs), np.int64)
    with suppress(CaptureError):
        for batch in open_captures([str(capture)]):
            columns = decode_batch(batch)
            rows = np.flatnonzero(np.isin(batch.ref[columns.datagrams.row], wanted))
            for packet in read_packets(columns, rows):
                yield _decoded(packet)


def _decoded(packet: Packet) -> TftpPacket:
    frame, opcode = frame_number(packet.frame), int.from_bytes(packet.payload[:2], "big")
    match opcode:
        case tftp.Opcode.RRQ | tftp.Opcode.WRQ:
            request = tftp.decode_request(packet.payload, packet.length)
            return TftpPacket(frame, opcode, None, _text(request.file), _pairs(request.options), None)
        case tftp.Opcode.OACK:
            oack = tftp.decode_oack(packet.payload, packet.length)
            return TftpPacket(frame, opcode, None, None, _pairs(oack.options), None)
        case tftp.Opcode.ERROR:
            return TftpPacket(frame, opcode, None, None, (), tftp.decode_error(packet.payload).code)
    return TftpPacket(frame, opcode, None, None, (), None)


def _pairs(options: tuple[tuple[bytes, bytes], ...]) -> tuple[tuple[str, str], ...]:
    return tuple((_text(name), _text(value)) for name, value in options)


def _text(name: bytes) -> str:
    return name.decode("utf-8", "replace")
