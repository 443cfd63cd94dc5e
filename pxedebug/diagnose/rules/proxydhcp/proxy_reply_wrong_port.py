"""The proxy answers, but not from its port 4011 to the port that asked: the client does not see it.

EDK2 asks from port 4011 and listens there to port 4011 alone; iPXE asks from port 68. Some ROMs take such a reply:
they go on, and nothing is wrong.
"""

from __future__ import annotations

from collections.abc import Iterator

from pxedebug.diagnose.case import Case
from pxedebug.diagnose.facts import absent_for_good
from pxedebug.diagnose.finding import Confidence, Found, Severity, cite, cite_each
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.proxy import Question, questions
from pxedebug.diagnose.rule import EDK2, INTEL, IPXE, Product, Reach, Remedy, Rule, Screen, Step, advice
from pxedebug.firmware import Phase

__all__ = ["RULE"]


def check(case: Case, network: Network) -> Iterator[Found]:
    """The client asked again after the reply, and did not go on."""
    for turn in case.turns:
        if not turn.proxy_requests:
            continue
        for question in questions(turn):
            if question.answers or not question.misdirected:
                continue
            reply = question.misdirected[0]
            again = [send for send in question.sends if send.packet.time > reply.packet.time]
            if not again or turn.went_on(reply.packet.time):
                continue
            before = [send for send in question.sends if send.packet.time <= reply.packet.time]
            yield Found(
                turn,
                Confidence.CERTAIN,
                f"{_how(question)}, and the client does not take it",
                cite(reply, f"the reply: port {reply.packet.source_port} to {reply.packet.destination_port}")
                + cite(before[-1], f"the question: port {before[-1].packet.source_port} to 4011")
                + cite_each(again, "the client asks again"),
                severity=Severity.FATAL if absent_for_good(case, turn, question.sends, Phase.PROXY) else None,
                server=question.server,
                values={"proxy": str(question.server), "server": str(question.server)},
            )


def _how(question: Question) -> str:
    server, reply = question.server, question.misdirected[0].packet
    says = f"{server} answers the question to its port 4011"
    if reply.source != server:
        return f"{says} from the address {reply.source}"
    if reply.source_port != 4011:
        return f"{says} from port {reply.source_port}"
    return f"{says} to port {reply.destination_port} instead of {question.sends[0].packet.source_port}"


RULE = Rule(
    id="proxy-reply-wrong-port",
    title="The proxyDHCP server answers from or to the wrong port",
    severity=Severity.ERROR,
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
        "the proxy sends its answers through the socket of port 67",
        "address translation, or a container's bridge, rewrites the source port or address",
        "the host has several addresses and answers from another one",
    ),
    remedies=(
        Remedy(Product.DOCKER, "docker run --network host ..."),
        *advice("answer from the socket that the question came in on, to the address and port it came from"),
    ),
    sources=("PXE 2.1 section 2.2.3", "iPXE net/udp/dhcp.c, dhcp_proxy_rx", "EDK2 Dhcp4Dxe, EfiDhcp4TransmitReceive"),
)
