"""One machine takes several addresses on its way, because its programs name themselves differently (RFC 4361)."""

from __future__ import annotations

from collections.abc import Iterator

from pxedebug.diagnose.case import Case, Turn, dhcp_of
from pxedebug.diagnose.finding import Confidence, Evidence, Found, Severity, cite
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import ANY, Product, Reach, Remedy, Rule, Screen, Step
from pxedebug.track.story import Message

__all__ = ["RULE"]


def check(case: Case, network: Network) -> Iterator[Found]:
    """Stages of one attempt with different addresses. Between them a RELEASE makes the change ordinary (B-20): info.

    The catalogue's second form, two machines with the same empty UUID (option 97), is left out: every virtual machine
    without a UUID is such a one, and nothing shows that a server keys on it.
    """
    if len(case.turns) < 2:
        return
    before: tuple[Turn, Message] | None = None
    for turn in case.turns:
        ack = turn.ack
        if ack is None:
            continue
        if before is not None and dhcp_of(before[1]).yiaddr != dhcp_of(ack).yiaddr and _leases(before[1], ack):
            yield _found(*before, turn, ack)
        before = turn, ack


def _leases(first: Message, second: Message) -> bool:
    return bool(int(dhcp_of(first).yiaddr) and int(dhcp_of(second).yiaddr))


def _found(first: Turn, first_ack: Message, second: Turn, second_ack: Message) -> Found:
    one, other = _identity(first), _identity(second)
    between = first.case.turns[first.index : second.index + 1]
    released = any(message.type == "RELEASE" for turn in between for message in turn.messages)
    evidence: tuple[Evidence, ...] = ()
    for turn, ack, client_id in ((first, first_ack, one), (second, second_ack, other)):
        evidence += cite(ack, f"{turn.kind} gets {dhcp_of(ack).yiaddr}")
        if turn.discovers:
            evidence += cite(turn.discovers[0], f"{turn.kind} with {_words(client_id)}")
    differs = one != other
    return Found(
        second,
        Confidence.CERTAIN,
        f"the machine has the address {dhcp_of(first_ack).yiaddr} as {first.kind} and "
        f"{dhcp_of(second_ack).yiaddr} as {second.kind}",
        evidence,
        more=f"The client identifier (option 61) changes from {_words(one)} to {_words(other)}." if differs else "",
        severity=Severity.INFO if released else None,
        values={"address": str(dhcp_of(first_ack).yiaddr)},
    )


def _identity(turn: Turn) -> bytes:
    return next((dhcp_of(m).options.get(61, b"") for m in (*turn.discovers, *turn.requests)), b"")


def _words(identifier: bytes) -> str:
    return identifier[:24].hex(":") if identifier else "no client identifier"


RULE = Rule(
    id="identity-change-between-stages",
    title="The machine takes another address in a later stage",
    severity=Severity.WARNING,
    step=Step.DHCP,
    check=check,
    reach=Reach.LEASED,
    outcomes=ANY,
    screens=(Screen("the installation works, but the machine answers under another address than expected"),),
    causes=(
        "the operating system sends a client identifier of its own (RFC 4361), firmware none",
        "the server keys its leases on the client identifier",
        "the machine's UUID was never programmed",
        "a reservation by MAC address does not hold where option 61 is present",
    ),
    remedies=(
        Remedy(Product.DNSMASQ, "dhcp-ignore-clid"),
        Remedy(Product.KEA, '"match-client-id": false'),
        Remedy(Product.ISC_DHCPD, "ignore-client-uids true;"),
        Remedy(Product.LINUX, "dhcp-identifier: mac", "netplan"),
        Remedy(Product.LINUX, "[DHCPv4]\nClientIdentifier=mac", "systemd-networkd"),
    ),
    sources=("RFC 2131 section 2", "RFC 4361", "RFC 6842"),
)
