"""What is said where no rule fits: how far the boot came, what this capture hides, and what to capture next."""

from __future__ import annotations

from collections.abc import Iterator

from pxedebug.diagnose.case import Case
from pxedebug.diagnose.finding import Confidence, Found, Severity, cite, name
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import Reach, Rule, Step, advice

__all__ = ["UNKNOWN"]

_CLIENT_SIDE = "capture at the client's switch port with all ports (no filter), from before power-on to the failure"
_PROXY_PORT = 4011
_SERVER_SIDE = "capture on the server at the same time and compare: what leaves it, and what reaches the client"


def check(case: Case, network: Network) -> Iterator[Found]:
    """How far the attempt came, in one clause."""
    turn = case.last
    transfers = turn.transfers
    messages = turn.messages or [message for exchange in turn.stage.exchanges for message in exchange.messages]
    evidence = cite(messages[-1], "its last DHCP message") if messages else ()
    measure = _CLIENT_SIDE
    step = Step.PROXYDHCP if messages and messages[-1].port == _PROXY_PORT else Step.DHCP
    if case.reach is Reach.LOADED:
        last = turn.whole()[-1]
        says = f"{name(last.file)} was delivered, and what followed does not say why the boot went no further"
        evidence, step = cite(last.last_frame, "the last file's end"), Step.POST_NBP
    elif transfers:
        last = transfers[-1]
        step = Step.HTTP if last.protocol == "http" else Step.TFTP
        evidence = cite(last.first_frame, "the request")
        if network.ports_hidden:
            says = f"the data of {name(last.file)} from {last.server} is not shown here: only some ports were captured"
        else:
            says = (
                f"the transfer of {name(last.file)} from {last.server} did not complete, for no reason that shows here"
            )
            measure = _SERVER_SIDE
    elif case.reach is Reach.ADDRESSED:
        says = "the client has an address and never asked for a file, for no reason that shows here"
        if not network.sees_unicast:
            says = "the client has an address, and what it did with it is unicast, which this capture does not show"
    elif network.sees_unicast:
        says, measure = "the client never got an address, for no reason that shows here", _SERVER_SIDE
    else:
        says = "no answer with an address for the client shows here, where unicast is not seen"
    yield Found(turn, Confidence.INFERRED, says, evidence, step=step, next_measurement=measure)


UNKNOWN = Rule(
    id="stopped-for-unknown-reason",
    title="The boot stopped, and the capture does not say why",
    severity=Severity.ERROR,
    step=Step.LINK,
    check=check,
    causes=(
        "what decided happened where this capture could not see it",
        "the program that was loaded failed by itself: look at the machine's screen or serial console",
    ),
    remedies=advice("read the machine's screen: `pxedebug explain CODE` knows what its message means"),
)
"""Primary where a boot failed or stalled and no rule of `builtin_rules` explains it."""
