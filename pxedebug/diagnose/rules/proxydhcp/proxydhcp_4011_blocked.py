"""A server made an offer, and its port 4011 is silent.

The repeats prove it wherever the capture was taken: a client that has its answer does not ask again. A question with a
boot item (43.71) to a server that made no offer is bootserver-discovery-timeout's.
"""

from __future__ import annotations

from collections.abc import Iterator

from pxedebug.diagnose.case import Case, Turn
from pxedebug.diagnose.facts import absent_for_good, seconds, spread
from pxedebug.diagnose.finding import Confidence, Evidence, Found, Severity, cite, cite_each, count
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.proxy import Question, offers_of, questions
from pxedebug.diagnose.rule import EDK2, INTEL, IPXE, Product, Reach, Remedy, Rule, Screen, Step, advice
from pxedebug.firmware import Phase
from pxedebug.firmware.programs import Program
from pxedebug.track.clocks import SECOND
from pxedebug.wire.neighbours import IcmpError

__all__ = ["RULE"]

_PORT = 4011
_ICMP_WITHIN = 2 * SECOND


def check(case: Case, network: Network) -> Iterator[Found]:
    """A question to port 4011 that was repeated, or met a closed port, and was never answered."""
    for turn in case.turns:
        if not turn.proxy_requests:
            continue
        for question in questions(turn):
            if question.answers or question.misdirected:
                continue
            offers = offers_of(turn, question.server)
            if question.discovery and not offers and turn.offers:
                continue
            closed = _closed(network, question)
            once = len(question.sends) == 1
            if not closed and once and not _gave_up(case, turn, question):
                continue
            evidence = closed + cite_each(question.sends, "REQUEST to port 4011")
            if offers:
                evidence += cite(offers[0].message, "the server's own offer")
            if turn.ack is not None:
                evidence += cite(turn.ack, "the client has its address")
            yield Found(
                turn,
                Confidence.CERTAIN if closed else Confidence.INFERRED if once else Confidence.STRONG,
                _says(question, bool(offers), bool(closed)),
                evidence,
                severity=_severity(case, turn, question),
                server=question.server,
                values={"proxy": str(question.server), "server": str(question.server)},
                absence=not closed,
            )


def _closed(network: Network, question: Question) -> tuple[Evidence, ...]:
    """ICMP port unreachable for one of the sends."""
    times = [send.packet.time for send in question.sends]
    for seen in network.icmp(times[0], times[-1] + _ICMP_WITHIN):
        error = seen.event
        if not isinstance(error, IcmpError) or error.quoted is None or not error.port_unreachable:
            continue
        if (error.quoted.destination, error.quoted.destination_port) == (question.server, _PORT):
            return cite(seen.frame, "port unreachable: nobody listens on port 4011")
    return ()


def _says(question: Question, offered: bool, closed: bool) -> str:
    who = f"the proxyDHCP server {question.server}"
    if closed:
        return f"nobody listens on port 4011 of {who}"
    offer = "made an offer, but " if offered else ""
    times = count(len(question.sends), "REQUEST")
    times += f" in {seconds(spread(question.sends))}" if len(question.sends) > 1 else ""
    return f"{who} {offer}did not answer on port 4011: {times}"


def _gave_up(case: Case, turn: Turn, question: Question) -> bool:
    phase = Phase.BOOT_SERVER if question.discovery else Phase.PROXY
    return absent_for_good(case, turn, question.sends, phase)


def _severity(case: Case, turn: Turn, question: Question) -> Severity | None:
    """None: the rule's own, fatal, once the client has given up; iPXE goes on where DHCP named a file (B-21)."""
    if turn.went_on(question.sends[-1].packet.time):
        return Severity.WARNING
    if turn.program is Program.IPXE and turn.boot is not None and turn.boot.file and not question.discovery:
        return Severity.ERROR
    return None if len(question.sends) > 1 and _gave_up(case, turn, question) else Severity.ERROR


RULE = Rule(
    id="proxydhcp-4011-blocked",
    title="The proxyDHCP server does not answer on port 4011",
    severity=Severity.FATAL,
    step=Step.PROXYDHCP,
    check=check,
    reach=Reach.LEASED,
    screens=(
        Screen("PXE-E55: ProxyDHCP service did not reply to request on port 4011", INTEL),
        Screen("PXE-E16: No valid offer received", EDK2),
        Screen("PXEBS (net0 type n)... Connection timed out (https://ipxe.org/4c106035)", IPXE),
        Screen("PXE-E55: ProxyDHCP service did not reply to request on port 4011"),
    ),
    causes=(
        "a firewall lets ports 67 and 69 through, but not 4011",
        "the proxy does not listen on port 4011, or its container does not publish the port",
        "the offer sends the client to the DHCP server, which has no boot service",
        "dnsmasq sends EFI clients to port 4011, but is bound to another interface",
        "the proxy is in another subnet and cannot be reached from here",
    ),
    remedies=(
        Remedy(
            Product.NFTABLES,
            "add table inet filter\nadd chain inet filter input { type filter hook input priority 0; }\n"
            "insert rule inet filter input udp dport 4011 accept",
            "on the proxy's host",
        ),
        Remedy(Product.LINUX, "firewall-cmd --permanent --add-port=4011/udp && firewall-cmd --reload"),
        Remedy(Product.DOCKER, "docker run --network host ...", "or publish the port: -p 4011:4011/udp"),
        Remedy(Product.WDS, "wdsutil /Stop-Server && wdsutil /Start-Server", "and let UDP 4011 through the firewall"),
        *advice("on the proxy's host see who listens: ss -lunp 'sport = 4011'"),
    ),
    sources=(
        "PXE 2.1 section 2.2.3",
        "EDK2 NetworkPkg/UefiPxeBcDxe/PxeBcDhcp4.c, PxeBcRetryBinlOffer",
        "iPXE net/udp/dhcp.c",
    ),
    next_measurement="capture on the proxy's host and look for UDP port 4011 in both directions",
)
