"""The DHCPv6 server gives an address, but no boot file URL (RFC 5970 section 3.1).

EDK2 asks twice: without class for an address, then with class and option 59 on its list for what to boot. Only the
second asking counts. A server without addresses that names the URL (a proxy) is as good as the DHCPv6 server itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pxedebug.diagnose.case import Case, Turn
from pxedebug.diagnose.dhcp6_facts import answers, boot_url, granted, grants, questions
from pxedebug.diagnose.facts import absent_for_good, architecture_words, is_firmware, quiet_for
from pxedebug.diagnose.finding import Confidence, Found, Severity, cite, cite_each, name
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import EDK2, EDK2_HTTP, IPXE, Product, Reach, Remedy, Rule, Screen, Step, advice
from pxedebug.firmware import Phase, pauses
from pxedebug.firmware.programs import Program
from pxedebug.track.story import Message

__all__ = ["RULE"]

_WANT_A_FILE = frozenset((Program.EDK2, Program.EDK2_HTTP, Program.IPXE, Program.UNKNOWN))
"""The others have names of their own to ask for."""


def check(case: Case, network: Network) -> Iterator[Found]:
    """The REPLY lacks option 59, or all ADVERTISEs of two rounds do."""
    turn = case.last
    if not turn.messages6 or turn.messages or turn.transfers or turn.program not in _WANT_A_FILE:
        return
    asked = questions(turn)
    heard = answers(turn, asked)
    if not any(grants(message) for message in heard) or any(boot_url(m) for m in heard if not grants(m)):
        return
    reply = granted(turn)
    if reply is not None and not boot_url(reply):
        yield _found(case, turn, reply, [m for m in heard if boot_url(m)])
    elif reply is None and all(message.type == "SOLICIT" for message in asked):
        yield from _passed_over(case, turn, asked, heard)


def _found(case: Case, turn: Turn, reply: Message, named: Sequence[Message]) -> Found:
    """The client took the address."""
    firmware = is_firmware(turn)
    over = quiet_for(case, pauses.FIRMWARE if firmware else pauses.PROGRAM)
    server = reply.packet.source
    says = f"the server {server} gave an address but no boot file URL (option 59)"
    evidence = cite(reply, "an address, no option 59")
    if named:
        says += f", though its ADVERTISE names {name(boot_url(named[-1]))}"
        evidence += cite(named[-1], "names the URL that the REPLY lacks")
    return Found(
        turn,
        Confidence.CERTAIN if firmware else Confidence.INFERRED,
        says,
        evidence + cite_each([m for m in questions(turn) if m.packet.time <= reply.packet.time][-1:], "asks for it"),
        _kind(case),
        severity=None if over else Severity.WARNING,
        server=server,
        values={"dhcp": str(server)},
    )


def _passed_over(case: Case, turn: Turn, asked: Sequence[Message], heard: Sequence[Message]) -> Iterator[Found]:
    """The client takes none of what is advertised, and asks again."""
    if any(boot_url(message) for message in heard) or (len(asked) < 2 and not case.over):
        return
    servers = list(dict.fromkeys(message.packet.source for message in heard))
    names = f"the server {servers[0]} advertises" if len(servers) == 1 else f"{len(servers)} servers advertise"
    yield Found(
        turn,
        Confidence.CERTAIN,
        f"{names} an address but no boot file URL (option 59), and the client takes none of it",
        cite_each(heard, "an address, no option 59", 4) + cite(asked[0], "asks for it"),
        _kind(case),
        severity=None if absent_for_good(case, turn, asked, Phase.SOLICIT) or case.over else Severity.WARNING,
        server=servers[0],
        values={"dhcp": str(servers[0])},
    )


def _kind(case: Case) -> str:
    kind = architecture_words(case)
    return f"The client is {kind}: a rule for another architecture (option 61) would not match it." if kind else ""


RULE = Rule(
    id="dhcpv6-no-bootfile-url",
    title="The DHCPv6 server names no boot file",
    severity=Severity.FATAL,
    step=Step.DHCP,
    check=check,
    reach=Reach.ASKING | Reach.ADDRESSED,
    screens=(
        Screen("PXE-E16: No valid offer received, or PXE-E99: Unexpected network error", EDK2),
        Screen("Could not retrieve NBP file size from HTTP server", EDK2_HTTP),
        Screen("Nothing to boot (https://ipxe.org/2d03e13b on BIOS, 2d03e18e on UEFI)", IPXE),
        Screen("No boot file name received"),
    ),
    causes=(
        "the boot file is configured for DHCPv4 only: options 66 and 67, next server and file mean nothing to DHCPv6",
        "the server tells the class by the numbers of DHCPv4's options: it is option 16 and the architecture 61 here",
        "the option is set for another subnet or class",
        "another DHCPv6 server, a router for example, answered",
    ),
    remedies=(
        Remedy(Product.DNSMASQ, "dhcp-option=option6:bootfile-url,tftp://[$server6]/$file"),
        Remedy(Product.ISC_DHCPD, 'option dhcp6.bootfile-url "tftp://[$server6]/$file";', "for `dhcpd -6`"),
        *advice(
            "in Kea's DHCPv6 server set the option `bootfile-url` in `option-data`, per architecture by a class on "
            "`option[61].hex`"
        ),
    ),
    sources=(
        "RFC 5970 sections 3.1 and 3.3",
        "EDK2 NetworkPkg/UefiPxeBcDxe/PxeBcDhcp6.c, PxeBcSelectDhcp6Offer",
    ),
    next_measurement="look at the loader's own console: it may hold a script that needs no URL",
)
"""An address without a boot file URL."""
