"""One DHCP or BOOTP message: header fields at once, options as raw bytes, everything else when asked for.

A capture may hold hundreds of thousands of these, so decoding does as little as can be: one unpacking of the fixed
header and one walk over the options. A message whose options are all plain (each code once, END present, nothing
overloaded) never leaves that walk; the others go through `areas.split_message`. A server says the same to all its
clients, and a client the same again and again: options areas seen lately are not even walked.
"""

from __future__ import annotations

import struct
from functools import lru_cache
from ipaddress import IPv4Address
from typing import TYPE_CHECKING, NamedTuple, cast

from pxedebug.errors import MalformedFrame
from pxedebug.wire.dhcp.areas import END, FILE, MAGIC, OPTIONS_START, PAD, SNAME, Area, Instance, Split, split_message
from pxedebug.wire.dhcp.message_types import message_type_name
from pxedebug.wire.packet import UNSPECIFIED, address, format_mac

if TYPE_CHECKING:
    from collections.abc import Callable

    from pxedebug.wire.optionline import OptionLine

__all__ = ["UNSPECIFIED", "DhcpMessage", "MessageFields", "decode_message", "ipv4"]

_HEADER = struct.Struct("!BxBxI4x4s4s4s4s16s")
"""op, hlen, xid, the four addresses, chaddr."""
_HEADER_END = 236
_HEADER_SIZE = _HEADER.size
ipv4 = cast("Callable[[bytes], IPv4Address]", address)
"""The address of four bytes; see `wire.packet.address`."""
_BROADCAST = 0x8000
_MESSAGE_TYPE = 53
_OVERLOAD = 52
_BOOT_FILE = 67
_NAME_BEFORE_OPTION = {1: "BOOTREQUEST", 2: "BOOTREPLY"}
_AREAS_KEPT = 1024
"""Options areas whose options are remembered, of at most so many bytes each:"""
_AREA_KEPT = 1024


class MessageFields(NamedTuple):
    """A message in parts, to be changed with `_replace` and encoded; defaults are those of a request.

    Numbers are as RFC 2131 section 2 lays them out; `chaddr`, `sname` and `file` are padded with zeros when short.
    """

    op: int = 1
    htype: int = 1
    hlen: int = 6
    hops: int = 0
    xid: int = 0
    secs: int = 0
    flags: int = 0
    ciaddr: IPv4Address = UNSPECIFIED
    yiaddr: IPv4Address = UNSPECIFIED
    siaddr: IPv4Address = UNSPECIFIED
    giaddr: IPv4Address = UNSPECIFIED
    chaddr: bytes = bytes(6)
    """Up to 16 bytes."""
    sname: bytes = b""
    """Up to 64 bytes; options where they say so (option 52)."""
    file: bytes = b""
    """Up to 128 bytes; options where they say so (option 52)."""
    magic: bool = True
    """False is plain BOOTP: no cookie and no options, `trailing` is the vendor area."""
    options: tuple[tuple[int, bytes], ...] = ()
    """The options area in wire order; a pad is `(0, b"")`."""
    end: bool = True
    """END closes the options area."""
    trailing: bytes = b""
    """What follows END, or what could not be split into options."""


class DhcpMessage:
    """A decoded DHCPv4 or BOOTP message (RFC 951, RFC 2131 section 2); read-only by convention.

    Made by `decode_message`. `chaddr` is `hlen` bytes of the hardware address (at most 16); `type_code` is option 53,
    None in plain BOOTP.
    """

    __slots__ = (
        "_length", "_split", "chaddr", "ciaddr", "giaddr", "hlen", "op", "options", "payload", "siaddr", "type_code",
        "xid", "yiaddr",
    )  # fmt: skip

    op: int
    hlen: int
    xid: int
    ciaddr: IPv4Address
    yiaddr: IPv4Address
    siaddr: IPv4Address
    giaddr: IPv4Address
    chaddr: bytes
    type_code: int | None
    options: dict[int, bytes]
    """The raw value of each option by code, parts of a long option joined (RFC 3396); not to be changed, as messages
    with the same options share it."""
    payload: bytes
    """The message as captured."""

    def __init__(self, payload: bytes, length: int | None = None) -> None:
        self.op, hlen, self.xid, ciaddr, yiaddr, siaddr, giaddr, chaddr = _HEADER.unpack_from(payload)
        self.ciaddr = ipv4(ciaddr)
        self.yiaddr = ipv4(yiaddr)
        self.siaddr = ipv4(siaddr)
        self.giaddr = ipv4(giaddr)
        self.hlen = hlen
        self.chaddr = chaddr[:hlen]
        self.payload = payload
        self._length = length
        self._split: Split | None = None
        options = _options_of(payload[_HEADER_END:])
        self.options = options = self._whole_split().aggregate() if options is None else options
        kind = options.get(_MESSAGE_TYPE)
        self.type_code = kind[0] if kind else None

    def _whole_split(self) -> Split:
        """Where each option stands."""
        if self._split is None:
            self._split = (
                split_message(self.payload, self.truncated) if self.magic else Split((), (), False, _HEADER_END)
            )
        return self._split

    @property
    def htype(self) -> int:
        """Hardware type."""
        return self.payload[1]

    @property
    def hops(self) -> int:
        """Relays that the message has passed."""
        return self.payload[3]

    @property
    def secs(self) -> int:
        """Seconds since the client began, as far as it tells."""
        return int.from_bytes(self.payload[8:10], "big")

    @property
    def flags(self) -> int:
        """The flags field; see `broadcast`."""
        return int.from_bytes(self.payload[10:12], "big")

    @property
    def magic(self) -> bool:
        """The magic cookie is there: DHCP, or BOOTP with vendor extensions."""
        return self.payload[_HEADER_END:OPTIONS_START] == MAGIC

    @property
    def truncated(self) -> bool:
        """The capture holds only a part of the message."""
        captured = len(self.payload)
        return captured < _HEADER_END or (self._length is not None and captured < self._length)

    @property
    def end_seen(self) -> bool:
        """The options area is closed by END (option 255)."""
        return self.magic if self._split is None else self._split.end_seen

    @property
    def problems(self) -> tuple[str, ...]:
        """What is wrong with the options, in words."""
        return () if self._split is None else self._split.problems

    @property
    def instances(self) -> tuple[Instance, ...]:
        """Each option as it stands on the wire, with its area: options area, then `file`, then `sname`."""
        return self._whole_split().instances

    @property
    def trailing(self) -> bytes:
        """What follows END; without END, what forms no option; without the cookie, BOOTP's vendor area."""
        return self.payload[self._whole_split().tail :]

    @property
    def chaddr_raw(self) -> bytes:
        """All 16 bytes of the hardware address field."""
        return self.payload[28:44]

    @property
    def sname(self) -> bytes:
        """The 64 bytes of the server name field, fewer when cut."""
        return self.payload[SNAME]

    @property
    def file(self) -> bytes:
        """The 128 bytes of the boot file field, fewer when cut."""
        return self.payload[FILE]

    @property
    def overload(self) -> int:
        """Option 52: 1 options in `file`, 2 in `sname`, 3 in both; 0 when absent or invalid (RFC 2132 section 9.3)."""
        raw = self.options.get(_OVERLOAD, b"")
        return raw[0] if len(raw) == 1 and raw[0] <= 3 else 0

    @property
    def sname_text(self) -> str:
        """The server name up to its NUL, other than UTF-8 as escapes; empty where the field holds options."""
        return "" if self.overload & 2 else self.sname.partition(b"\0")[0].decode("utf-8", "backslashreplace")

    @property
    def file_name(self) -> bytes:
        """The boot file name of the header up to its NUL; empty where the field holds options."""
        return b"" if self.overload & 1 else self.file.partition(b"\0")[0]

    @property
    def boot_file(self) -> bytes | None:
        """Option 67 without trailing NULs where it names something, else `file_name`; None when neither does."""
        return self.options.get(_BOOT_FILE, b"").rstrip(b"\0") or self.file_name or None

    @property
    def type(self) -> str:
        """DISCOVER, OFFER, ...; BOOTREQUEST or BOOTREPLY without option 53; `TYPE-n` for an unknown number n."""
        return _NAME_BEFORE_OPTION[self.op] if self.type_code is None else message_type_name(self.type_code)

    @property
    def broadcast(self) -> bool:
        """The client asks for broadcast replies (RFC 2131 section 2, figure 2)."""
        return bool(self.flags & _BROADCAST)

    def value(self, code: int, vendor_class: bytes | None = None) -> object | None:
        """The typed value of option `code`: None when absent, `Undecoded` when its bytes do not fit its format.

        `vendor_class` says how to read option 43 where this message has no option 60 of its own.
        """
        raw = self.options.get(code)
        if raw is None:
            return None
        from pxedebug.wire.dhcp.registry import option_codec  # the codecs are loaded when first needed
        from pxedebug.wire.dhcp.suboptions import decode_or_undecoded

        codec = option_codec(code, self.options.get(60, vendor_class))
        if codec.size is not None and codec.size != len(raw):
            # RFC 3396 cannot have meant to join what has one fixed length: of such an option the first instance counts.
            raw = next((instance.value for instance in self.instances if instance.code == code), raw)
        return decode_or_undecoded(codec, raw)

    def describe(self, vendor_class: bytes | None = None) -> tuple[OptionLine, ...]:
        """All options in words, in the order of first occurrence; arguments as for `value`."""
        from pxedebug.wire.dhcp.registry import describe_options

        return describe_options(self.instances, self.options, self.options.get(60, vendor_class))

    def fields(self) -> MessageFields:
        """The message in parts, for changing and encoding: `encode_message(m.fields()) == m.payload` unless cut."""
        split = self._whole_split()
        return MessageFields(
            op=self.op, htype=self.htype, hlen=self.hlen, hops=self.hops,
            xid=self.xid, secs=self.secs, flags=self.flags,
            ciaddr=self.ciaddr, yiaddr=self.yiaddr, siaddr=self.siaddr, giaddr=self.giaddr,
            chaddr=self.chaddr_raw, sname=self.sname, file=self.file, magic=self.magic,
            options=_with_pads(split), end=split.end_seen, trailing=self.trailing,
        )  # fmt: skip

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, DhcpMessage):
            return NotImplemented
        return self.payload == other.payload and self.truncated == other.truncated

    def __hash__(self) -> int:
        return hash(self.payload)

    def __repr__(self) -> str:
        return f"<DhcpMessage {self.type} xid={self.xid:#010x} chaddr={format_mac(self.chaddr)}>"


def decode_message(payload: bytes, length: int | None = None) -> DhcpMessage:
    """Decode the UDP payload of a DHCPv4 or BOOTP message (RFC 951 section 3, RFC 2131 section 2).

    `length` is the payload's length on the wire where the capture may lack its end; without it, a payload shorter
    than the fixed header counts as cut. Bad options raise nothing: they stand in `problems`.

    Raises:
        MalformedFrame: fewer than 44 bytes (up to and with `chaddr`), `op` neither 1 nor 2, or a hardware address
            that makes no sense in a message that does not carry the magic cookie either.
    """
    captured = len(payload)
    if captured < _HEADER_SIZE:
        raise MalformedFrame(
            f"DHCP message of {captured} bytes, too short for its header up to chaddr ({_HEADER_SIZE})"
        )
    op = payload[0]
    if op != 1 and op != 2:
        raise MalformedFrame(f"DHCP message with op {op}: neither BOOTREQUEST (1) nor BOOTREPLY (2)")
    message = DhcpMessage(payload, length)
    if (message.hlen > 16 or not payload[1]) and not message.magic:
        raise MalformedFrame(f"BOOTP message with hardware type {message.htype} and address length {message.hlen}")
    return message


def _options_of(area: bytes) -> dict[int, bytes] | None:
    """What `_plain_options` gives, remembered where that costs little memory."""
    return _remembered_options(area) if len(area) <= _AREA_KEPT else _plain_options(area)


def _plain_options(area: bytes) -> dict[int, bytes] | None:
    """The options behind the cookie when each code stands once, END closes them and none is in `file` or `sname`;
    else None. Without the cookie there are none."""
    options: dict[int, bytes] = {}
    if not area.startswith(MAGIC):
        return options
    position = len(MAGIC)
    try:
        while (code := area[position]) != END:
            if code == PAD:
                position += 1
                continue
            start = position + 2
            position = start + area[start - 1]
            if code in options:
                return None
            options[code] = area[start:position]
    except IndexError:
        return None
    return None if _OVERLOAD in options else options


_remembered_options = lru_cache(_AREAS_KEPT)(_plain_options)


def _with_pads(split: Split) -> tuple[tuple[int, bytes], ...]:
    """The options area of `split` with its pads as `(0, b"")`, so that encoding gives back every byte."""
    found: list[tuple[int, bytes]] = []
    position = OPTIONS_START
    for instance in split.instances:
        if instance.area is not Area.OPTIONS:
            break
        found += [(PAD, b"")] * (instance.offset - position)
        found.append((instance.code, instance.value))
        position = instance.offset + 2 + len(instance.value)
    last = split.tail - split.end_seen
    return tuple(found + [(PAD, b"")] * (last - position))
