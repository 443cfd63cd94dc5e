"""Options that two readers understand in two ways: repeated ones, one that runs past the message, a missing END.

An option that stands twice is one long option to RFC 3396, and the first or the last of two to older readers. Parts of
255 bytes are such a long option and no fault, nor is the same value twice.
"""

from __future__ import annotations

from collections.abc import Iterator

from pxedebug.diagnose.boot_info import replies
from pxedebug.diagnose.case import Case, dhcp_of
from pxedebug.diagnose.finding import Confidence, Found, Severity, cite_each
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import TROUBLED, Product, Remedy, Rule, Screen, Step, advice
from pxedebug.track.story import Message, Outcome
from pxedebug.wire.dhcp import DhcpMessage

__all__ = ["RULE"]

_PART = 255
_OVERLOAD_WORDS = "overload"


def check(case: Case, network: Network) -> Iterator[Found]:
    """The answers to the last stage; what several have in common is told once."""
    turn = case.last
    wrong: dict[str, list[Message]] = {}
    for message in replies(turn):
        dhcp = dhcp_of(message)
        if not dhcp.magic or dhcp.truncated:
            continue
        for said in _ambiguous(dhcp):
            wrong.setdefault(said, []).append(message)
    if not wrong:
        return
    evidence = tuple(each for said, messages in wrong.items() for each in cite_each(messages, said, 3))
    server = next(iter(wrong.values()))[0].packet.source
    yield Found(
        turn, Confidence.CERTAIN, f"the answer of {server} is ambiguous: {'; '.join(wrong)}", evidence, server=server
    )


def _ambiguous(dhcp: DhcpMessage) -> Iterator[str]:
    if not dhcp.problems and len(dhcp.options) == len(dhcp.instances):
        return
    yield from (problem for problem in dhcp.problems if _OVERLOAD_WORDS not in problem)
    parts: dict[int, list[bytes]] = {}
    for instance in dhcp.instances:
        parts.setdefault(instance.code, []).append(instance.value)
    for code, values in parts.items():
        if len(set(values)) > 1 and any(len(value) < _PART for value in values[:-1]):
            yield f"option {code} stands {len(values)} times with different values"


RULE = Rule(
    id="long-option-fragmentation",
    title="An answer's options can be read in two ways",
    severity=Severity.WARNING,
    step=Step.DHCP,
    check=check,
    outcomes=TROUBLED - {Outcome.IN_PROGRESS},
    screens=(Screen("differs from one model to the next"),),
    causes=(
        "the same option is set in two places of the server's configuration",
        "a relay or server splits or cuts long options (43, 121, 175) wrongly",
        "the answer was cut on its way",
    ),
    remedies=(
        *advice("set each option once; give long options only to the class of clients that reads them"),
        Remedy(Product.DNSMASQ, "dhcp-match=set:ipxe,175\ndhcp-option=tag:ipxe,175,8:1:1", "an option for one class"),
    ),
    sources=("RFC 3396 sections 5 to 7", "RFC 2131 section 4.1"),
)
