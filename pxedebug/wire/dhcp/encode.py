"""From parts to the bytes of a message: the inverse of `message.decode_message`."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from ipaddress import IPv4Address
from typing import TypedDict, Unpack

from pxedebug.errors import ContractError
from pxedebug.wire.dhcp.areas import END, MAGIC, PAD
from pxedebug.wire.dhcp.message import DhcpMessage, MessageFields
from pxedebug.wire.dhcp.registry import encode_option

__all__ = ["HeaderFields", "build_message", "encode_message", "encode_options"]

_HEADER = struct.Struct("!4BIHH4s4s4s4s16s64s128s")
_LONGEST = 255


class HeaderFields(TypedDict, total=False):
    """The header fields that `build_message` takes, as in `MessageFields`."""

    op: int
    htype: int
    hlen: int
    hops: int
    xid: int
    secs: int
    flags: int
    ciaddr: IPv4Address
    yiaddr: IPv4Address
    siaddr: IPv4Address
    giaddr: IPv4Address
    chaddr: bytes
    sname: bytes
    file: bytes


def encode_message(message: DhcpMessage | MessageFields) -> bytes:
    """The bytes of a message; a decoded one comes back byte for byte (cut ones: as far as they were captured).

    Raises:
        ContractError: a field does not fit its place in the message.
    """
    fields = message if isinstance(message, MessageFields) else message.fields()
    options = MAGIC + encode_options(fields.options, end=fields.end) if fields.magic else b""
    whole = _encode_header(fields) + options + fields.trailing
    return whole[: len(message.payload)] if isinstance(message, DhcpMessage) else whole


def _encode_header(fields: MessageFields) -> bytes:
    for name, size in (("chaddr", 16), ("sname", 64), ("file", 128)):
        if len(getattr(fields, name)) > size:
            raise ContractError(f"{name} has {len(getattr(fields, name))} bytes, its field {size}")
    try:
        return _HEADER.pack(
            fields.op, fields.htype, fields.hlen, fields.hops, fields.xid, fields.secs, fields.flags,
            fields.ciaddr.packed, fields.yiaddr.packed, fields.siaddr.packed, fields.giaddr.packed,
            fields.chaddr, fields.sname, fields.file,
        )  # fmt: skip
    except struct.error as error:
        raise ContractError(f"a header field does not fit: {error}") from error


def encode_options(options: Iterable[tuple[int, bytes]], end: bool = True) -> bytes:
    """An options area, without the cookie; also for `file` and `sname` where option 52 says they hold options.

    A value of more than 255 bytes is split into several options of one code (RFC 3396 section 5).

    Raises:
        ContractError: a code is not 0 to 254, or a pad (code 0) has a value.
    """
    area = bytearray()
    for code, value in options:
        if not PAD <= code < END or (code == PAD and value):
            raise ContractError(f"option {code} with {len(value)} bytes cannot be encoded")
        if code == PAD:
            area.append(PAD)
            continue
        for start in range(0, len(value) or 1, _LONGEST):
            part = value[start : start + _LONGEST]
            area += bytes((code, len(part))) + part
    if end:
        area.append(END)
    return bytes(area)


def build_message(
    options: Iterable[tuple[int, object]] = (), *, pad_to: int = 300, **header: Unpack[HeaderFields]
) -> bytes:
    """A message of header fields and options; values are raw bytes or what `DhcpMessage.value` gives for the code.

    `hlen` follows `chaddr` unless given. The message is padded with zeros behind END to `pad_to` bytes: 300 is
    BOOTP's size, below which some relays and clients drop a message (RFC 1542 section 2.1).

    Raises:
        ContractError: a value fits neither its field nor its option's format.
    """
    raw = tuple((code, encode_option(code, value)) for code, value in options)
    fields = MessageFields(options=raw)._replace(**header)
    if "hlen" not in header:
        fields = fields._replace(hlen=len(fields.chaddr))
    return encode_message(fields).ljust(pad_to, b"\0")
