"""The DHCP server answers others and not this client."""

from __future__ import annotations

from tests.diagnose.dhcp_scenes import EDK2_TRIES, asks, leased
from tests.diagnose.verdict import verdicts
from tests.track.conversation import changed, tell
from tests.track.machines import Machine
from tests.track.programs import dnsmasq, edk2, intel, linux, raspberry
from tests.track.servers import Relay

ID = "selective-silence"
OTHER = "52:54:00:77:00:11"


def without(machine: Machine, code: int) -> Machine:
    return machine.saying(options=tuple(option for option in machine.options if option[0] != code))


def test_bios_machines_are_answered_and_uefi_ones_are_not() -> None:
    told = tell(asks(edk2, 0, 3.9), leased(intel.on(OTHER), dnsmasq, 6, wait=1), asks(edk2, 11.9, 27.9))
    verdict = verdicts(told)[0]
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("error", "strong")
    finding = verdict.finding(ID)
    assert (
        finding.says
        == "the DHCP server 10.77.0.1 answers 52:54:00:77:00:11 but none of this client's 4 DISCOVERs in 28 s"
    )
    assert "architecture (option 93) 7 here and 0 there" in finding.explanation
    assert verdict.frames(ID) == [4, 3, 1, 2, 7, 8]


def test_the_server_was_heard_only_before() -> None:
    told = tell(leased(intel.on(OTHER), dnsmasq, 0, wait=1), asks(edk2, *EDK2_TRIES, after=10), until=80)
    verdict = verdicts(told)[1]
    assert (verdict.primary, verdict.confidence(ID)) == (ID, "inferred")


def test_a_machine_without_a_machine_id_is_left_out() -> None:
    shy = without(edk2, 97)
    told = tell(asks(shy, 0, 3.9), leased(edk2.on(OTHER), dnsmasq, 6), asks(shy, 11.9, 27.9))
    verdict = verdicts(told)[0]
    assert verdict.primary == ID
    assert "machine id (option 97) absent here and present there" in verdict.finding(ID).explanation


def test_nothing_but_the_machine_differs() -> None:
    told = tell(asks(edk2, 0, 3.9), leased(edk2.on(OTHER), dnsmasq, 6), asks(edk2, 11.9, 27.9))
    verdict = verdicts(told)[0]
    assert (verdict.primary, verdict.confidence(ID)) == (ID, "inferred")


def test_one_discover_is_not_enough() -> None:
    told = tell(edk2.discover(at=0), leased(intel.on(OTHER), dnsmasq, 1, wait=1), until=80)
    assert ID not in verdicts(told)[0].all_ids


def test_a_renewal_of_the_other_client_says_nothing() -> None:
    told = tell(asks(edk2, 0, 3.9), linux.on(OTHER).renew(dnsmasq, at=6), dnsmasq.ack(), asks(edk2, 11.9, 27.9))
    assert verdicts(told)[0].primary == "no-dhcp-offer"


def test_another_vlan_is_another_segment() -> None:
    told = tell(
        asks(edk2, 0, 3.9), changed(leased(intel.on(OTHER), dnsmasq, 6, wait=1), vlans=(7,)), asks(edk2, 11.9, 27.9)
    )
    assert verdicts(told)[0].primary == "no-dhcp-offer"


def test_a_client_that_is_answered_in_the_end() -> None:
    told = tell(
        asks(edk2, 0, 3.9), leased(raspberry, dnsmasq, 6, wait=1), asks(edk2, 11.9, 27.9),
        dnsmasq.offer(at=28, file="x.efi"), edk2.request(at=59), dnsmasq.ack(),
    )  # fmt: skip
    assert ID not in verdicts(told)[0].all_ids


def test_one_relay_is_served_and_the_other_is_not() -> None:
    here, there = Relay("10.78.0.254"), Relay("10.79.0.254")
    other = intel.on(OTHER)
    mine = [step for at in EDK2_TRIES for step in (edk2.discover(at=at), here.forward(dnsmasq, at=at + 0.001))]
    theirs = (other.discover(at=6), there.forward(dnsmasq), dnsmasq.offer(file="pxelinux.0"), there.back())
    told = tell(*mine[:4], *theirs, *mine[4:])
    assert verdicts(told)[0].primary == ID
