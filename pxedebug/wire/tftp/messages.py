"""TFTP packets to values and back (RFC 1350 section 5; options and OACK: RFC 2347)."""

from __future__ import annotations

import re
import struct
from enum import IntEnum
from typing import NamedTuple

from pxedebug.errors import MalformedFrame

__all__ = [
    "ERROR_NAMES",
    "ErrorMessage",
    "Opcode",
    "OptionAck",
    "Options",
    "Request",
    "decode_ack",
    "decode_data",
    "decode_error",
    "decode_oack",
    "decode_request",
    "encode_ack",
    "encode_data",
    "encode_error",
    "encode_oack",
    "encode_request",
    "looks_like_request",
]

Options = tuple[tuple[bytes, bytes], ...]
"""Names and values in the order and the spelling they were sent."""

_MAX_DIGITS = 20


class Opcode(IntEnum):
    """The first 16 bits of a packet (RFC 1350 section 5, RFC 2347 for OACK)."""

    RRQ = 1
    WRQ = 2
    DATA = 3
    ACK = 4
    ERROR = 5
    OACK = 6


ERROR_NAMES = {
    0: "Not defined",
    1: "File not found",
    2: "Access violation",
    3: "Disk full or allocation exceeded",
    4: "Illegal TFTP operation",
    5: "Unknown transfer ID",
    6: "File already exists",
    7: "No such user",
    8: "Option negotiation failed",
}
"""ERROR codes (RFC 1350 appendix, 8: RFC 2347)."""


def _find(options: Options, name: str | bytes) -> bytes | None:
    wanted = (name.encode("ascii", "replace") if isinstance(name, str) else name).lower()
    return next((value for key, value in options if key.lower() == wanted), None)


def _number(value: bytes | None) -> int | None:
    # bytes.isdigit() is ASCII only; the length is bounded because int() refuses thousands of digits.
    if value is None or not value.isdigit() or len(value) > _MAX_DIGITS:
        return None
    return int(value)


class Request(NamedTuple):
    """A read or write request."""

    opcode: Opcode
    """RRQ or WRQ."""
    file: bytes
    """The name as sent, any bytes but NUL."""
    mode: bytes
    """`octet`, `netascii` or `mail` in the spelling sent; empty where the capture cut it or the client left it out."""
    options: Options = ()
    truncated: bool = False
    """The capture does not hold the whole request: what stands here is the part before the cut."""
    problems: tuple[str, ...] = ()

    def option(self, name: str | bytes) -> bytes | None:
        """The value of the first option of that name (in any case), or None."""
        return _find(self.options, name)

    def integer(self, name: str | bytes) -> int | None:
        """The option as a decimal number; None where it is absent or no number."""
        return _number(self.option(name))


class OptionAck(NamedTuple):
    """An OACK: the options that the server accepted, with its values."""

    options: Options
    truncated: bool = False
    problems: tuple[str, ...] = ()

    def option(self, name: str | bytes) -> bytes | None:
        """The value of the first option of that name (in any case), or None."""
        return _find(self.options, name)

    def integer(self, name: str | bytes) -> int | None:
        """The option as a decimal number; None where it is absent or no number."""
        return _number(self.option(name))


class ErrorMessage(NamedTuple):
    """An ERROR packet; either side may send one and it ends the transfer."""

    code: int
    message: bytes
    """The sender's words, without the terminating NUL."""
    problems: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The code's meaning by RFC 1350, `Error N` for codes that no RFC defines."""
        return ERROR_NAMES.get(self.code, f"Error {self.code}")


def _expect(payload: bytes, *opcodes: Opcode) -> Opcode:
    if len(payload) < 2:
        raise MalformedFrame(f"TFTP packet of {len(payload)} bytes holds no opcode")
    code = int.from_bytes(payload[:2])
    for opcode in opcodes:
        if code == opcode:
            return opcode
    raise MalformedFrame(f"TFTP opcode {code} where {' or '.join(o.name for o in opcodes)} was expected")


def _split(body: bytes) -> tuple[list[bytes], bool]:
    """The NUL-terminated strings of `body`, and whether the last one lacked its NUL."""
    if not body:
        return [], False
    strings = body.split(b"\0")
    unterminated = bool(strings[-1])
    return (strings if unterminated else strings[:-1]), unterminated


def _pairs(strings: list[bytes], problems: list[str]) -> Options:
    """Pairs of strings as options. Padding NULs after the last option, which some clients send, end the list."""
    options = []
    for index in range(0, len(strings), 2):
        name, value = strings[index], strings[index + 1 : index + 2]
        if not name:
            if any(strings[index:]):
                problems.append("option without a name")
            break
        if not value:
            problems.append("option without a value")
            break
        options.append((name, value[0]))
    return tuple(options)


def _drop_cut_option(strings: list[bytes], fixed: int, unterminated: bool) -> list[bytes]:
    """`strings` without an option whose name or value the capture cut: half a number would be a wrong number."""
    whole = strings[:-1] if unterminated and len(strings) > fixed else strings
    return whole if len(whole) <= fixed or (len(whole) - fixed) % 2 == 0 else whole[:-1]


def decode_request(payload: bytes, length: int | None = None) -> Request:
    """A request from a UDP payload; `length` is its size on the wire where the capture may hold less.

    An empty file name, a missing last NUL, a missing mode and an option without value are noted in `problems`, as
    firmware that sends them gets its file all the same. Raises MalformedFrame for other opcodes and an empty request.
    """
    opcode = _expect(payload, Opcode.RRQ, Opcode.WRQ)
    cut = length is not None and length > len(payload)
    strings, unterminated = _split(payload[2:])
    if not strings:
        raise MalformedFrame(f"TFTP {opcode.name} without a file name")
    problems: list[str] = [] if strings[0] else ["empty file name"]
    if cut:
        problems.append("cut by the capture")
        strings = _drop_cut_option(strings, 2, unterminated)
    elif unterminated:
        problems.append("last string is not NUL-terminated")
    if not cut and len(strings) < 2:
        problems.append("no transfer mode")
    mode = strings[1] if len(strings) > 1 else b""
    return Request(opcode, strings[0], mode, _pairs(strings[2:], problems), cut, tuple(problems))


def decode_oack(payload: bytes, length: int | None = None) -> OptionAck:
    """An OACK from a UDP payload of `length` bytes on the wire (RFC 2347). Raises MalformedFrame for other opcodes."""
    _expect(payload, Opcode.OACK)
    cut = length is not None and length > len(payload)
    strings, unterminated = _split(payload[2:])
    problems: list[str] = []
    if cut:
        problems.append("cut by the capture")
        strings = _drop_cut_option(strings, 0, unterminated)
    elif unterminated:
        problems.append("last string is not NUL-terminated")
    return OptionAck(_pairs(strings, problems), cut, tuple(problems))


def decode_error(payload: bytes) -> ErrorMessage:
    """An ERROR from a UDP payload. Raises MalformedFrame for other opcodes and fewer than four bytes."""
    _expect(payload, Opcode.ERROR)
    if len(payload) < 4:
        raise MalformedFrame("TFTP ERROR without a code")
    message, end, _ = payload[4:].partition(b"\0")
    problems = () if end else ("message is not NUL-terminated",)
    return ErrorMessage(int.from_bytes(payload[2:4]), message, problems)


def decode_data(payload: bytes) -> tuple[int, bytes]:
    """Block number and bytes of a DATA packet. Raises MalformedFrame for anything else."""
    _expect(payload, Opcode.DATA)
    if len(payload) < 4:
        raise MalformedFrame("TFTP DATA without a block number")
    return int.from_bytes(payload[2:4]), payload[4:]


def decode_ack(payload: bytes) -> int:
    """The block number of an ACK packet. Raises MalformedFrame for anything else."""
    _expect(payload, Opcode.ACK)
    if len(payload) < 4:
        raise MalformedFrame("TFTP ACK without a block number")
    return int.from_bytes(payload[2:4])


def _strings(opcode: int, strings: list[bytes]) -> bytes:
    return struct.pack(">H", opcode) + b"".join(string + b"\0" for string in strings)


def encode_request(request: Request) -> bytes:
    """The UDP payload of a request."""
    return _strings(request.opcode, [request.file, request.mode, *(text for pair in request.options for text in pair)])


def encode_oack(oack: OptionAck) -> bytes:
    """The UDP payload of an OACK."""
    return _strings(Opcode.OACK, [text for pair in oack.options for text in pair])


def encode_error(error: ErrorMessage) -> bytes:
    """The UDP payload of an ERROR."""
    return struct.pack(">HH", Opcode.ERROR, error.code & 0xFFFF) + error.message + b"\0"


def encode_data(block: int, data: bytes) -> bytes:
    """The UDP payload of a DATA packet; block numbers above 65535 wrap to 0."""
    return struct.pack(">HH", Opcode.DATA, block & 0xFFFF) + data


def encode_ack(block: int) -> bytes:
    """The UDP payload of an ACK packet; block numbers above 65535 wrap to 0."""
    return struct.pack(">HH", Opcode.ACK, block & 0xFFFF)


_REQUEST = re.compile(
    rb"\0[\1\2]"
    rb"[^\x00-\x1f\x7f]+\0"
    rb"(?i:netascii|octet|mail)\0"
    rb"(?:[\x21-\x7e]+\0[\x20-\x7e]*\0)*"
    rb"\0*"
)


def looks_like_request(payload: bytes) -> bool:
    """Whether a UDP payload of any port is a well-formed RRQ or WRQ and hardly anything else.

    Asked for are a file name without control characters, a mode of RFC 1350 and whole options; NULs may follow.
    """
    return _REQUEST.fullmatch(payload) is not None
