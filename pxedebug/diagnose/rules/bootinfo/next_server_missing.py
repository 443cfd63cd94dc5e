"""A boot file is named, and the server's address (siaddr) is 0.0.0.0.

iPXE, U-Boot and GRUB know no other place for it. UEFI and ROMs fall back on the DHCP server's own address (option 54),
which is no fault where that host is the TFTP server: it is one when another is named in a field that they do not read
(66, 150), or when the DHCP server never answers for files.
"""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address

from pxedebug.diagnose.boot_info import asked_in_vain, option_addresses, option_text, plain_address, unset_server
from pxedebug.diagnose.case import Case, Turn, dhcp_of
from pxedebug.diagnose.finding import Confidence, Found, Severity, cite, cite_each, name
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import EDK2, INTEL, IPXE, U_BOOT, Product, Reach, Remedy, Rule, Screen, Step
from pxedebug.track.story import Message, TransferStatus
from pxedebug.wire.dhcp import DhcpMessage
from pxedebug.wire.packet import Address

__all__ = ["RULE"]


def check(case: Case, network: Network) -> Iterator[Found]:
    """The last stage's source of boot information, and what became of its requests."""
    turn = case.last
    message = unset_server(turn)
    if message is None or turn.boot is None or turn.whole():
        return
    dhcp, fallback = dhcp_of(message), turn.boot.server
    others = [address for address in _named(dhcp) if address != fallback]
    if not others and option_text(dhcp, 66):
        return  # a host name: next-server-name-unusable
    tried = asked_in_vain(case, turn, network)
    if fallback is not None and others:
        tried = [] if tried is None and turn.transfers else tried
    elif fallback is not None and (not tried or _serves_files(fallback, network)):
        return
    if tried is None:
        return
    yield _found(turn, message, others)


def _named(dhcp: DhcpMessage) -> Iterator[IPv4Address]:
    """Server addresses in fields that firmware does not read: options 66 and 150."""
    named = plain_address(option_text(dhcp, 66))
    if named is not None:
        yield named
    if len(dhcp.options.get(150, b"")) % 4 == 0:
        yield from option_addresses(dhcp, 150)


def _serves_files(server: Address, network: Network) -> bool:
    """Somebody got a file, or a word, from this host."""
    answered = (TransferStatus.COMPLETE, TransferStatus.REFUSED, TransferStatus.SIZE_PROBE)
    return any(fetched.status in answered for _, fetched in network.files_by_server.get(server, ()))


def _found(turn: Turn, message: Message, others: list[IPv4Address]) -> Found:
    assert turn.boot is not None
    file, fallback = name(turn.boot.file), turn.boot.server
    says = f"the boot file {file} is named without a boot server (next-server is 0.0.0.0)"
    if others:
        says += f", and {others[0]} stands only in an option that the client does not read"
    more = ""
    if fallback is not None:
        more = f"The client falls back on the DHCP server's own address {fallback}."
    evidence = cite(message, "siaddr is 0.0.0.0")
    evidence += cite_each([transfer.first_frame for transfer in turn.transfers], "what the client asked for", 3)
    right = others[0] if others else None
    return Found(
        turn,
        Confidence.CERTAIN,
        says,
        evidence,
        more,
        server=message.packet.source,
        values={"server": str(right)} if right else {},
    )


RULE = Rule(
    id="next-server-missing",
    title="The boot server's address is missing",
    severity=Severity.ERROR,
    step=Step.DHCP,
    check=check,
    reach=Reach.ADDRESSED | Reach.FETCHING,
    screens=(
        Screen("PXE-E32: TFTP open timeout, with the DHCP server's or router's address", INTEL),
        Screen("PXE-E18: Server response timeout, or PXE-E23: Client received TFTP error from server", EDK2),
        Screen("Operation not supported, or a timeout", IPXE),
        Screen("*** ERROR: `serverip' not set", U_BOOT),
        Screen("shim: Unable to fetch TFTP image"),
    ),
    causes=(
        "only option 66 (or 150) is set, and firmware reads the header field siaddr",
        "dnsmasq or OpenWrt fills in itself when only options 66 and 67 are given",
        "Kea has the server in option-data instead of `next-server`",
        "a router's menu writes its one field to option 66 only",
        "Palo Alto firewalls want option 150",
    ),
    remedies=(
        Remedy(Product.DNSMASQ, "dhcp-boot=$file,,$server"),
        Remedy(Product.KEA, '"next-server": "$server"'),
        Remedy(Product.ISC_DHCPD, "next-server $server;"),
        Remedy(Product.OPENWRT, "uci set dhcp.@dnsmasq[0].serveraddress='$server'", "with dhcp_boot or a boot section"),
    ),
    sources=(
        "RFC 2131 section 2 (siaddr)",
        "EDK2 NetworkPkg/UefiPxeBcDxe/PxeBcBoot.c (43.8, siaddr, option 54; 66 is never read)",
        "iPXE net/udp/dhcp.c (next-server is siaddr)",
    ),
)
