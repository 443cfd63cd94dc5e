"""The offer named a boot file, and its ACK does not: firmware acts on the ACK."""

from __future__ import annotations

from collections.abc import Iterator

from pxedebug.diagnose.boot_info import FIRMWARE_PXE, pause_after_ack
from pxedebug.diagnose.case import Case, dhcp_of
from pxedebug.diagnose.facts import quiet_for
from pxedebug.diagnose.finding import Confidence, Found, Severity, cite, name
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import EDK2, INTEL, IPXE, Product, Reach, Remedy, Rule, Screen, Step, advice
from pxedebug.firmware import boot_file, server_identity
from pxedebug.firmware.programs import Program

__all__ = ["RULE"]

_IDENTITY = (60, 77, 93)
"""What servers' rules match: vendor class, user class, architecture."""


def check(case: Case, network: Network) -> Iterator[Found]:
    """The chosen offer beside the last ACK."""
    turn = case.last
    if turn.ack is None or turn.chosen is None or turn.program not in FIRMWARE_PXE | {Program.IPXE}:
        return
    if (turn.boot is not None and turn.boot.file) or turn.proxy_offers or turn.proxy_requests:
        return
    offered, ack = turn.chosen.boot_file, dhcp_of(turn.ack)
    if offered is None or turn.ack.type != "ACK" or boot_file(ack) is not None:
        return
    answers = server_identity(ack, turn.ack.packet.source)
    other = answers != turn.chosen.server
    evidence = cite(turn.ack, "the ACK names no boot file") + cite(turn.chosen.message, f"the offer: {name(offered)}")
    causes: tuple[str, ...] = RULE.causes
    request = next((message for message in reversed(turn.requests)), None)
    dropped = []
    if request is not None and turn.discovers:
        before, after = dhcp_of(turn.discovers[-1]).options, dhcp_of(request).options
        dropped = [code for code in _IDENTITY if before.get(code) != after.get(code)]
    more = ""
    if other:
        causes = (RULE.causes[1], RULE.causes[0], RULE.causes[2])
        more = f"The offer is from {turn.chosen.server}."
    elif request is not None and dropped:
        causes = (RULE.causes[2], RULE.causes[0], RULE.causes[1])
        more = f"The REQUEST differs from the DISCOVER in option {', '.join(map(str, dropped))}."
        evidence += cite(request, "the REQUEST")
    quiet = quiet_for(case, pause_after_ack(turn))
    yield Found(
        turn,
        Confidence.CERTAIN,
        f"the ACK of {answers} names no boot file, though the offer named {name(offered)}",
        evidence,
        more,
        None if quiet else Severity.ERROR,
        server=answers,
        values={"dhcp": str(answers)},
        causes=causes,
    )


RULE = Rule(
    id="ack-lacks-boot-info",
    title="The ACK does not repeat the boot file of the offer",
    severity=Severity.FATAL,
    step=Step.DHCP,
    check=check,
    reach=Reach.ADDRESSED,
    screens=(
        Screen("PXE-E99: Unexpected network error", EDK2),
        Screen("PXE-E53: No boot filename received", INTEL),
        Screen("Nothing to boot (https://ipxe.org/2d03e13b on BIOS, 2d03e18e on UEFI)", IPXE),
    ),
    causes=(
        "a rule on the server sets the boot file on DISCOVER only",
        "the other server of a pair answered the REQUEST, with another configuration",
        "the REQUEST lacks the class or architecture that the rule matches: another program took over",
    ),
    remedies=(
        Remedy(Product.DNSMASQ, "dhcp-boot=$file,,$server", "without a tag that only the DISCOVER sets"),
        Remedy(Product.KEA, '"next-server": "$server", "boot-file-name": "$file"'),
        Remedy(Product.ISC_DHCPD, 'next-server $server;\nfilename "$file";'),
        *advice("make the servers of a pair equal, or remove the second one"),
    ),
    sources=(
        "RFC 2131 section 4.3.1",
        "EDK2 NetworkPkg/UefiPxeBcDxe/PxeBcBoot.c, PxeBcDhcp4BootInfo (protocol error, printed as E99)",
    ),
)
