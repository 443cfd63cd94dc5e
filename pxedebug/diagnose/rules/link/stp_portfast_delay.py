"""The switch port waits for spanning tree before it forwards, longer than the client keeps asking.

A port that is not configured as an edge port listens and learns for 30 s (IEEE 802.1D) after every link-up. A rapid
spanning tree says in its BPDUs whether the port forwards. The classic one does not: there it must be seen that nothing
but link control comes out of the port. Twenty seconds of lost DHCP look the same otherwise, so at the client's port
nothing is said without BPDUs.

The catalogue lets a client count only if it gave up before 30 s; that would leave out EDK2, whose last DISCOVER comes
after 28 s and is lost in the same way. What counts here is that its last DISCOVER came before the port could open.
Behind a relay no BPDU is seen, and only `secs` tells of DISCOVERs that were lost before it: a warning that says so and
blames no spanning tree, for programs that are known to count `secs` from their first DISCOVER.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pxedebug.diagnose.case import Case, dhcp_of
from pxedebug.diagnose.facts import seconds
from pxedebug.diagnose.finding import Confidence, Evidence, Found, Severity, cite, cite_each, count
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.port import Silence, port_words, silence_of
from pxedebug.diagnose.rule import ANY, EDK2, GRUB, INTEL, IPXE, U_BOOT, Product, Remedy, Rule, Screen, Step, advice
from pxedebug.firmware.programs import Program
from pxedebug.track.clocks import SECOND
from pxedebug.track.story import SeenEvent
from pxedebug.wire.neighbours import Bpdu

__all__ = ["RULE"]

_FEWEST = 2
_OPENS_FROM, _OPENS_BY = 25 * SECOND, 55 * SECOND
"""Listening and learning take 30 s, up to 50 s with max age; a DISCOVER that finds the port open comes around then."""
_AGAIN = 120 * SECOND
_COUNT_FROM_FIRST = (Program.EDK2, Program.EDK2_HTTP, Program.IPXE)
"""EDK2 says 0 in its first DISCOVER, iPXE 4 and no more than 16 in its last [measured]."""
_LATE, _TOO_LATE, _SPARE = 20, 120, 5
"""Seconds in `secs` that tell of lost DISCOVERs, and how much earlier than those the capture must have begun."""


def check(case: Case, network: Network) -> Iterator[Found]:
    """Two DISCOVERs and more unanswered, and two BPDUs and more of a port that does not forward."""
    if network.relay_side:
        yield from _behind_a_relay(case, network)
    if not network.events(Bpdu):
        return
    for turn in case.turns:
        quiet = silence_of(turn)
        if quiet is None or not quiet.stuck:
            continue
        told = [seen for seen in quiet.frames_of(network, Bpdu, before=2 * SECOND) if _of_a_port(seen)]
        if len(told) < _FEWEST or any(_bpdu(seen).forwarding and seen.time <= quiet.last for seen in told):
            continue
        opened = next((seen for seen in told if _bpdu(seen).forwarding), None)
        shut = [seen for seen in told if _bpdu(seen).forwarding is False]
        classic = [seen for seen in told if _bpdu(seen).forwarding is None]
        until = quiet.last if quiet.first_answered else quiet.until if opened is None else opened.time
        if not quiet.closed(network, told[0], until):
            continue
        if len(shut) >= _FEWEST:
            yield _found(quiet, network, shut, Confidence.STRONG)
        elif len(classic) >= _FEWEST and quiet.settled and (confidence := _by_time(case, network, quiet)) is not None:
            yield _found(quiet, network, classic, confidence)


def _behind_a_relay(case: Case, network: Network) -> Iterator[Found]:
    """The first DISCOVER to come through the relay was not the client's first."""
    began = network.story.first_time
    for turn in case.turns:
        first = turn.discovers[0] if turn.discovers else None
        if first is None or began is None or turn.program not in _COUNT_FROM_FIRST:
            continue
        secs = dhcp_of(first).secs
        if _LATE <= secs <= _TOO_LATE and first.packet.time - began > (secs + _SPARE) * SECOND:
            says = f"the first DISCOVER that came through the relay says that the client had been asking for {secs} s"
            more = "What it sent before was lost on its own segment. A port that does not forward yet does that, as "
            more += "other things do: nothing here shows which."
            evidence = cite(first, f"DISCOVER with secs {secs}")
            yield Found(turn, Confidence.INFERRED, says, evidence, more, Severity.WARNING)


def _of_a_port(seen: SeenEvent) -> bool:
    """No topology change notice: that says nothing of its port."""
    return _bpdu(seen).port_id is not None


def _bpdu(seen: SeenEvent) -> Bpdu:
    assert isinstance(seen.event, Bpdu)
    return seen.event


def _by_time(case: Case, network: Network, quiet: Silence) -> Confidence | None:
    """How sure the times make it where BPDUs do not tell the port's state; None: not at all."""
    if quiet.first_answered is not None:
        waited = quiet.first_answered.packet.time - quiet.since
        return Confidence.STRONG if _OPENS_FROM <= waited <= _OPENS_BY else None
    if quiet.last - quiet.since > _OPENS_BY:
        return None
    answers = _answers_after(case, network, quiet.last)
    if not answers:
        return Confidence.INFERRED
    return Confidence.STRONG if answers[0] - quiet.last <= _AGAIN else None


def _answers_after(case: Case, network: Network, time: int) -> list[int]:
    """When DHCP servers gave or offered this machine something later on, in order."""
    records = network.boots_by_mac.get(case.client.mac, ())
    return sorted(grant.time for record in records for grant in record.grants if grant.time > time)


def _found(quiet: Silence, network: Network, bpdus: Sequence[SeenEvent], confidence: Confidence) -> Found:
    number = len(quiet.unanswered)
    evidence = _evidence(quiet, bpdus)
    more = port_words(network, bpdus[0])
    if quiet.first_answered is not None:
        waited = seconds(quiet.first_answered.packet.time - quiet.since)
        says = f"the switch port let nothing through for up to {waited}: {count(number, 'DISCOVER')} went unanswered"
        return Found(quiet.turn, confidence, says, evidence, more, Severity.WARNING)
    span = seconds(quiet.last - quiet.since)
    says = f"the switch port did not forward: {count(number, 'DISCOVER')} in {span}, and only spanning tree came back"
    return Found(quiet.turn, confidence, says, evidence, more, absence=confidence is Confidence.INFERRED)


def _evidence(quiet: Silence, bpdus: Sequence[SeenEvent]) -> tuple[Evidence, ...]:
    evidence = cite_each([seen.frame for seen in bpdus], _state(_bpdu(bpdus[0])), 3)
    evidence += cite_each(quiet.unanswered, "DISCOVER without an answer")
    if quiet.first_answered is not None:
        secs = dhcp_of(quiet.first_answered).secs
        evidence += cite(quiet.first_answered, f"the first DISCOVER that was answered (secs {secs})")
    return evidence


def _state(bpdu: Bpdu) -> str:
    if bpdu.forwarding is None:
        return f"BPDU of the switch port (forward delay {bpdu.forward_delay_s or 0:g} s)"
    return f"BPDU: {bpdu.port_role} port, {'learning' if bpdu.learning else 'discarding'}"


RULE = Rule(
    id="stp-portfast-delay",
    title="Spanning tree keeps the switch port closed while the client asks for an address",
    severity=Severity.ERROR,
    step=Step.LINK,
    check=check,
    outcomes=ANY,
    screens=(
        Screen("PXE-E51: No DHCP or proxyDHCP offers were received", INTEL),
        Screen("PXE-E18: Server response timeout at the first try, and the second try works", EDK2),
        Screen(
            "No configuration methods succeeded (https://ipxe.org/040ee119 on BIOS, 040ee186 on UEFI), later it works",
            IPXE,
        ),
        Screen("couldn't autoconfigure", GRUB),
        Screen("BOOTP broadcast 17, then Retry time exceeded", U_BOOT),
    ),
    causes=(
        "the switch port is no edge port (PortFast): it waits 30 s after every link-up, a driver's reset too",
        "Energy Efficient Ethernet or Green Ethernet wakes the port slowly",
        "an unmanaged switch with a loop behind the port",
        "UDLD or LLDP-MED holds the port back",
    ),
    remedies=(
        Remedy(
            Product.CISCO_IOS,
            "interface Gi1/0/10\n spanning-tree portfast\n spanning-tree bpduguard enable",
            "on a trunk: spanning-tree portfast trunk",
        ),
        Remedy(Product.CISCO_NXOS, "interface Ethernet1/10\n spanning-tree port type edge"),
        Remedy(Product.ARISTA_EOS, "interface Ethernet10\n spanning-tree portfast"),
        Remedy(Product.JUNIPER, "set protocols rstp interface ge-0/0/10 edge"),
        Remedy(Product.HPE, "spanning-tree 10 admin-edge-port"),
        Remedy(Product.LINUX, "ip link set br0 type bridge forward_delay 200", "a Linux bridge: 2 s instead of 15"),
        Remedy(Product.IPXE, ":retry\ndhcp || goto retry", "in the embedded script"),
        Remedy(Product.IPXE, "#define DHCP_DISC_END_TIMEOUT_SEC 32", "in config/dhcp.h"),
        *advice("load snponly.efi or undionly.kpxe instead of ipxe.efi or ipxe.pxe: they do not reset the link"),
    ),
    sources=(
        "IEEE 802.1D-2004 clause 17.14 (forward delay), IEEE 802.1Q-2018 clause 14.2.8 (RSTP flags)",
        "iPXE src/net/stp.c, src/config/dhcp.h",
    ),
    next_measurement="watch the port's state on the switch (`show spanning-tree interface`) while the machine starts",
)
