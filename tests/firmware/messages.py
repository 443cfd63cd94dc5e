"""Messages as the programs send them, with the options that recordings of each show."""

from __future__ import annotations

from ipaddress import IPv4Address

from pxedebug.wire.dhcp import DhcpMessage, build_message, decode_message

MAC = bytes.fromhex("525400770020")
DISCOVER, OFFER, REQUEST, DECLINE, ACK, NAK, RELEASE = 1, 2, 3, 4, 5, 6, 7
GUID = b"\0" + bytes(range(16))
UNDI_2, UNDI_3 = b"\x01\x02\x01", b"\x01\x03\x00"
BIOS_CLASS = b"PXEClient:Arch:00000:UNDI:002001"
UEFI_CLASS = b"PXEClient:Arch:00007:UNDI:003000"

Options = list[tuple[int, bytes]]


def client(
    options: Options, *, mac: bytes = MAC, xid: int = 0x2F3E4D5C, secs: int = 0, file: bytes = b"", magic: bool = True
) -> DhcpMessage:
    """A client's message with these raw options."""
    return decode_message(build_message(options, op=1, chaddr=mac, xid=xid, secs=secs, file=file, magic=magic))


def server(options: Options, *, yiaddr: str = "10.77.0.115", siaddr: str = "0.0.0.0", file: bytes = b"") -> DhcpMessage:
    """A server's reply with these raw options."""
    raw = build_message(
        options, op=2, chaddr=MAC, yiaddr=IPv4Address(yiaddr), siaddr=IPv4Address(siaddr), file=file
    )  # fmt: skip
    return decode_message(raw)


def offer(
    *options: tuple[int, bytes], yiaddr: str = "10.77.0.115", siaddr: str = "0.0.0.0", file: bytes = b""
) -> DhcpMessage:
    """A DHCPOFFER from 10.77.0.1."""
    return server([(53, b"\2"), (54, bytes((10, 77, 0, 1))), *options], yiaddr=yiaddr, siaddr=siaddr, file=file)


def ack(
    *options: tuple[int, bytes], yiaddr: str = "10.77.0.115", siaddr: str = "0.0.0.0", file: bytes = b""
) -> DhcpMessage:
    """A DHCPACK from 10.77.0.1."""
    return server([(53, b"\5"), (54, bytes((10, 77, 0, 1))), *options], yiaddr=yiaddr, siaddr=siaddr, file=file)
