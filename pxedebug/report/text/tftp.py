"""A TFTP packet field by field (RFC 1350, RFC 2347)."""

from __future__ import annotations

from collections.abc import Iterator

from pxedebug.errors import MalformedFrame
from pxedebug.report.context import Context
from pxedebug.report.words import safe
from pxedebug.wire import tftp
from pxedebug.wire.packet import Packet

__all__ = ["tftp_lines"]

_PORT = 69
_WELL_KNOWN = 1024
_LARGEST_BLOCK = 65464  # RFC 2348


def tftp_lines(packet: Packet, context: Context) -> Iterator[tuple[str, str]]:
    """Name and value of each field; nothing for a datagram that is no TFTP.

    One frame does not tell which ports a transfer chose, so beyond port 69 the form of the packet decides.
    """
    if not _may_be_tftp(packet):
        return
    try:
        yield from _fields(packet.payload, context)
    except MalformedFrame as problem:
        yield "TFTP", safe(str(problem))


def _may_be_tftp(packet: Packet) -> bool:
    payload = packet.payload
    if _PORT in (packet.source_port, packet.destination_port):
        return True
    if min(packet.source_port, packet.destination_port) < _WELL_KNOWN or len(payload) < 4 or payload[0]:
        return False
    sizes = {3: range(4, _LARGEST_BLOCK + 5), 4: range(4, 5), 5: range(5, 1024), 6: range(4, 1024)}
    if payload[1] in (1, 2):
        return tftp.looks_like_request(payload)
    return packet.length in sizes.get(payload[1], range(0))


def _fields(payload: bytes, context: Context) -> Iterator[tuple[str, str]]:
    opcode = int.from_bytes(payload[:2])
    if opcode in (tftp.Opcode.RRQ, tftp.Opcode.WRQ):
        request = tftp.decode_request(payload)
        yield "TFTP", f"{request.opcode.name} {safe(context.visible(request.file))}"
        yield "mode", safe(request.mode)
        yield from _options(request.options, context)
    elif opcode == tftp.Opcode.OACK:
        yield "TFTP", "OACK"
        yield from _options(tftp.decode_oack(payload).options, context)
    elif opcode == tftp.Opcode.ERROR:
        error = tftp.decode_error(payload)
        meaning = tftp.ERROR_NAMES.get(error.code, "unknown code")
        yield "TFTP", f"ERROR {error.code} ({meaning}): {safe(context.visible(error.message))}"
    elif opcode in (tftp.Opcode.DATA, tftp.Opcode.ACK) and len(payload) >= 4:
        size = f", {len(payload) - 4} bytes" if opcode == tftp.Opcode.DATA else ""
        yield "TFTP", f"{tftp.Opcode(opcode).name} block {int.from_bytes(payload[2:4])}{size}"


def _options(options: tuple[tuple[bytes, bytes], ...], context: Context) -> Iterator[tuple[str, str]]:
    for name, value in options:
        yield f"option {safe(name)}", safe(context.visible(value))
