"""The boot file URL of DHCPv6 is none that the firmware can use (RFC 5970 section 3.1).

EDK2 takes `tftp://[address]/path` and, in newer builds, a host name that it can resolve; `;mode=` may only be octet.
HTTP boot takes `http://` and `https://`. A trailing NUL does no harm: EDK2 ends its copy of the URL there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address

from pxedebug.diagnose.boot_info import scheme
from pxedebug.diagnose.case import Case, Turn, dhcp6_of
from pxedebug.diagnose.dhcp6_facts import boot_url, granted
from pxedebug.diagnose.facts import quiet_for
from pxedebug.diagnose.finding import Confidence, Found, Severity, cite, name
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import EDK2, EDK2_HTTP, Product, Reach, Remedy, Rule, Screen, Step, advice
from pxedebug.firmware import pauses
from pxedebug.firmware.programs import Method, StageKind
from pxedebug.track.story import Message

__all__ = ["RULE"]

_DNS_SERVERS = 23
_MODE = re.compile(rb";mode=([^;]*)")
_SCHEMES = {Method.PXE_V6: ("tftp",), Method.HTTP_V6: ("http", "https")}


def check(case: Case, network: Network) -> Iterator[Found]:
    """The URL of the REPLY has a fault, and nothing followed it."""
    turn = case.last
    if not turn.messages6 or turn.messages or turn.transfers or turn.kind is not StageKind.FIRMWARE:
        return
    reply = granted(turn)
    url = boot_url(reply) if reply is not None else b""
    if reply is None or not url or turn.method not in _SCHEMES:
        return
    fault = _fault(turn, url, turn.method)
    if fault is None or _resolving(case, network, reply):
        return
    server = reply.packet.source
    over = case.over or (quiet_for(case, pauses.IPV6_FILE) and not network.ports_hidden)
    yield Found(
        turn,
        Confidence.CERTAIN,
        f"the boot file URL {name(url)} of the server {server} {fault}",
        cite(reply, "option 59"),
        severity=None if over else Severity.WARNING,
        server=server,
        values={"dhcp": str(server)},
    )


def _resolving(case: Case, network: Network, reply: Message) -> bool:
    """The client asks a name server after the REPLY."""
    queries = (query for own in case.client.addresses for query in network.story.names.get(own, ()))
    return any(query.time > reply.packet.time for query in queries)


def _fault(turn: Turn, url: bytes, method: Method) -> str | None:
    """What the firmware cannot use in it, as a clause; None where it is as it should be."""
    allowed = _SCHEMES[method]
    if scheme(url) not in allowed:
        return f"does not begin with {' or '.join(f'{each}://' for each in allowed)}"
    authority, _, path = url.partition(b"://")[2].partition(b"/")
    host = _host_fault(turn, authority.decode("ascii", "replace"), method)
    if host is not None:
        return host
    if not path.partition(b";")[0]:
        return "names no file"
    modes = [mode for mode in _MODE.findall(path) if mode != b"octet"]
    return f"asks for the transfer mode {name(modes[0])}; only octet is possible" if modes else None


def _host_fault(turn: Turn, authority: str, method: Method) -> str | None:
    if not authority:
        return "names no server"
    if authority.startswith("["):
        literal, bracket, port = authority[1:].partition("]")
        if not bracket or not _is(IPv6Address, literal):
            return "has no IPv6 address between its brackets"
        return "names a port, which EDK2 does not take" if port and method is Method.PXE_V6 else None
    host = authority.rpartition("@")[2]
    if host.count(":") > 1:
        return "has an IPv6 address without brackets around it"
    host = host.partition(":")[0]
    if _is(IPv4Address, host):
        return "has an IPv4 address, which a boot over IPv6 cannot use"
    told = [m for m in turn.messages6 if m.type == "REPLY" and dhcp6_of(m).option(_DNS_SERVERS)]
    return None if told else "has a host name, but the server names no name server (option 23)"


def _is(kind: type[IPv4Address | IPv6Address], text: str) -> bool:
    try:
        kind(text)
    except ValueError:
        return False
    return True


RULE = Rule(
    id="dhcpv6-bootfile-url-unusable",
    title="The boot file URL of DHCPv6 cannot be used",
    severity=Severity.FATAL,
    step=Step.DHCP,
    check=check,
    reach=Reach.ASKING | Reach.ADDRESSED,
    screens=(
        Screen("PXE-E53: No boot filename received, or PXE-E99: Unexpected network error", EDK2),
        Screen("URLS MUST START WITH tftp://, or TFTP SERVER MUST BE ENCLOSED IN [..] (shim)", EDK2),
        Screen("Invalid URI address", EDK2_HTTP),
        Screen("The boot file URL is invalid"),
    ),
    causes=(
        "the URL was typed by hand: brackets, slashes or the scheme are missing",
        "the value of DHCPv4 was copied: a plain file name or an IPv4 address",
        "an HTTP URL is given to PXE clients, or a TFTP URL to HTTP boot: the class is not told apart",
        "a host name is used without a name server",
    ),
    remedies=(
        Remedy(Product.DNSMASQ, "dhcp-option=option6:bootfile-url,tftp://[$server6]/$file"),
        Remedy(Product.ISC_DHCPD, 'option dhcp6.bootfile-url "tftp://[$server6]/$file";', "for `dhcpd -6`"),
        *advice("write the URL as `tftp://[address]/path`, with the brackets and without `;mode=`"),
    ),
    sources=(
        "RFC 5970 section 3.1",
        "RFC 3986 section 3.2.2",
        "RFC 3617 section 3",
        "EDK2 NetworkPkg/UefiPxeBcDxe/PxeBcDhcp6.c, PxeBcExtractBootFileUrl",
        "shim netboot.c",
    ),
)
"""A URL that the firmware cannot use."""
