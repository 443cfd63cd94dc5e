"""What a reply offers: its class, its boot file and server, and whether it is a proxy's.

The classes and their tests are EDK2's (NetworkPkg/UefiPxeBcDxe/PxeBcDhcp4.c), which follow PXE 2.1 sections 2.2 and
2.4. Option 43 is read as PXE's only under the class `PXEClient`; elsewhere it belongs to another vendor.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address
from typing import TYPE_CHECKING

from pxedebug.firmware.programs import OfferClass, Program
from pxedebug.wire.dhcp.message import UNSPECIFIED, ipv4

if TYPE_CHECKING:
    from pxedebug.wire.dhcp import DhcpMessage

__all__ = [
    "boot_file", "boot_url_address", "is_proxy", "next_server", "offer_class", "pxe_suboptions", "server_identity",
]  # fmt: skip

_OFFER = 2
_OVERLOAD_FILE = 1
_FILE_ONLY = 8
"""Bit 3 of 43.6: fetch the named file, no prompt, no menu, no discovery (PXE 2.1 table 2-1)."""
_PAD, _END = 0, 255
_ZERO = bytes(4)
_DISCOVERY = frozenset((6, 7, 8, 9, 10))
_MULTICAST_TFTP = frozenset((1, 2, 3, 4, 5))

_SIADDR_ONLY = frozenset((Program.IPXE, Program.U_BOOT, Program.GRUB))
"""Programs that know no other place for the server's address; the others fall back on option 54."""
_SPEAKS_URL = frozenset((Program.EDK2_HTTP, Program.IPXE))


def offer_class(message: DhcpMessage) -> OfferClass:
    """EDK2's class of an OFFER, ACK or BOOTREPLY; discovery sub-options win over multicast ones, as in EDK2."""
    if not message.type_code:
        return OfferClass.BOOTP
    if not message.options.get(60, b"").startswith(b"PXEClient"):
        return OfferClass.DHCP_ONLY
    present = pxe_suboptions(message).keys()
    if present & _DISCOVERY:
        return OfferClass.PXE10
    return OfferClass.WFM11A if present >= _MULTICAST_TFTP else OfferClass.BINL


def pxe_suboptions(message: DhcpMessage) -> dict[int, bytes]:
    """The sub-options of option 43 by code, first one first, when the message's class is PXEClient; else empty.

    Reading ends at END or where a length runs past the option, as firmware does.
    """
    raw = message.options.get(43)
    if raw is None or not message.options.get(60, b"").startswith(b"PXEClient"):
        return {}
    found: dict[int, bytes] = {}
    position = 0
    while position < len(raw) and raw[position] != _END:
        if raw[position] == _PAD:
            position += 1
            continue
        stop = position + 2 + raw[position + 1] if position + 1 < len(raw) else len(raw) + 1
        if stop > len(raw):
            break
        found.setdefault(raw[position], raw[position + 2 : stop])
        position = stop
    return found


def is_proxy(message: DhcpMessage) -> bool:
    """An OFFER without an address but with boot data or a boot class: a proxyDHCP server's (PXE 2.1 section 2.2.3)."""
    if message.type_code != _OFFER or message.yiaddr is not UNSPECIFIED:
        return False
    named = message.options.get(60, b"").startswith((b"PXEClient", b"HTTPClient"))
    return named or 43 in message.options or boot_file(message) is not None


def boot_file(message: DhcpMessage) -> bytes | None:
    """The boot file that a message names: option 67 if present, else the header's `file`.

    The header counts only where option 52 does not say that it holds options. Trailing NULs are cut (RFC 2132
    section 9.5 knows none, some servers add one); a name inside of which a NUL stands keeps it. None when empty.

    In a client's own message this is what U-Boot asks for when no reply names a file.
    """
    named = message.options.get(67)
    if named is not None:
        return named.rstrip(b"\0") or None
    overload = message.options.get(52)
    if overload and overload[0] & _OVERLOAD_FILE:
        return None
    return message.file.partition(b"\0")[0] or None


def next_server(message: DhcpMessage, program: Program) -> IPv4Address | None:
    """Where `program` goes for the file that this message names; option 66 is read by none of them.

    EDK2 takes the first boot server of 43.8 when 43.6 says to use the file without discovery, else `siaddr`, else
    option 54. iPXE, U-Boot and GRUB know `siaddr` only. A URL with an IPv4 host names the server itself.
    """
    if program in _SPEAKS_URL:
        literal = boot_url_address(boot_file(message) or b"")
        if isinstance(literal, IPv4Address):
            return literal
    if program is Program.EDK2 and (listed := _listed_server(message)) is not None:
        return listed
    if message.siaddr is not UNSPECIFIED:
        return message.siaddr
    return None if program in _SIADDR_ONLY else _option_address(message, 54)


def boot_url_address(file: bytes) -> IPv4Address | IPv6Address | None:
    """The address in a boot URL's host part; None for a file name and for a host that DNS must resolve."""
    scheme, separator, rest = file.partition(b"://")
    if not separator or not scheme.isalpha():
        return None
    host = rest.partition(b"/")[0].rpartition(b"@")[2].decode("ascii", "replace")
    try:
        if host.startswith("["):
            return IPv6Address(host[1:].partition("]")[0])
        return IPv4Address(host.partition(":")[0])
    except ValueError:
        return None


def server_identity(message: DhcpMessage, source: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """Option 54, else the address the reply came from."""
    return _option_address(message, 54) or source


def _option_address(message: DhcpMessage, code: int) -> IPv4Address | None:
    raw = message.options.get(code, _ZERO)
    return ipv4(raw) if len(raw) == 4 and raw != _ZERO else None


def _listed_server(message: DhcpMessage) -> IPv4Address | None:
    """The first address of 43.8 where 43.6 bit 3 says that the file is to be fetched without discovery."""
    inside = pxe_suboptions(message)
    control = inside.get(6, b"")
    servers = inside.get(8, b"")
    if not control or not control[0] & _FILE_ONLY or len(servers) < 7 or not servers[2]:
        return None
    return ipv4(servers[3:7])
