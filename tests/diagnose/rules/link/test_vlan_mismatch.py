"""Client and server in different VLANs, and tags that mean nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.diagnose.link_scenes import in_time, lldp
from tests.diagnose.verdict import Verdict, diagnose, verdicts
from tests.track.conversation import changed, mirrored, tell, together
from tests.track.programs import dnsmasq, edk2, ipxe_rom, linux, pxelinux
from tests.track.scene import Step

ID = "vlan-mismatch"
TIMES = (0, 4, 12, 28)
Tags = tuple[int, ...]


def rounds(asked: Tags, came: Tags) -> Step:
    """Four DISCOVERs, each answered by a good OFFER."""
    return together(
        *(
            step
            for at in TIMES
            for step in (
                changed(edk2.discover(at=at), vlans=asked),
                changed(dnsmasq.offer(file="x.efi"), vlans=came),
            )
        )
    )


def asking(*tags: Tags) -> Verdict:
    return diagnose(
        tell(*(changed(edk2.discover(at=at), vlans=vlans) for at, vlans in zip(TIMES, tags, strict=True)), until=70)
    )


@pytest.mark.parametrize(
    ("asked", "came", "says"),
    [
        ((), (20,), "the client asks untagged and the server 10.77.0.1 answers in VLAN 20"),
        ((30,), (20,), "the client asks in VLAN 30 and the server 10.77.0.1 answers in VLAN 20"),
        ((30,), (), "the client asks in VLAN 30 and the server 10.77.0.1 answers untagged"),
    ],
)
def test_the_answers_are_in_another_vlan(asked: Tags, came: Tags, says: str) -> None:
    verdict = diagnose(tell(rounds(asked, came), until=70))
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("error", "strong")
    assert verdict.finding(ID).says == says
    assert verdict.frames(ID) == [2, 4, 8, 1, 3, 5, 7]
    assert {"offer-ignored-by-client", "no-dhcp-offer"}.isdisjoint(verdict.all_ids)


def test_the_vlan_of_the_server_stands_in_the_remedy() -> None:
    finding = diagnose(tell(rounds((), (42,)), until=70)).finding(ID)
    assert any("switchport access vlan 42" in remedy.text for remedy in finding.remedies)


def test_what_the_port_announces_is_told() -> None:
    verdict = diagnose(tell(in_time(rounds((), (20,)), lldp(2, vlan=10)), until=70))
    assert verdict.finding(ID).evidence[-1].note == "LLDP: untagged frames of the port are VLAN 10"


def test_discovers_in_two_vlans_without_an_answer() -> None:
    verdict = asking((), (), (20,), (20,))
    assert (verdict.primary, verdict.frames(ID)) == (ID, [3, 1])
    assert verdict.finding(ID).says == "the client asked untagged and then in VLAN 20, and nobody answered"


# Look-alikes


def test_both_in_one_vlan() -> None:
    assert ID not in diagnose(tell(rounds((20,), (20,)), until=70)).all_ids
    assert ID not in asking((20,), (20,), (20,), (20,)).all_ids
    assert ID not in asking((), (), (), ()).all_ids


def test_a_mirror_that_shows_every_frame_tagged_and_untagged() -> None:
    """B-13."""
    both = together(*(mirrored(edk2.discover(at=at), vlans=(20,)) for at in TIMES))
    assert ID not in diagnose(tell(both, until=70)).all_ids


def test_a_mirror_that_tags_one_direction_only() -> None:
    """Another client got its lease all the same: the tags are the capture point's."""
    other = ipxe_rom.on("52:54:00:77:00:99")
    answer = together(dnsmasq.offer(file="x", gives="10.77.0.131"))
    lease = together(
        other.discover(at=40), changed(answer, vlans=(20,)), other.request(at=42), changed(dnsmasq.ack(), vlans=(20,))
    )
    found = verdicts(tell(rounds((), (20,)), lease, until=110))
    assert [v.judged.boot.client.mac for v in found if ID in v.all_ids] == []
    assert len(found) == 2


def test_a_boot_that_works_through_such_a_mirror() -> None:
    begun = together(edk2.discover(at=0), edk2.discover(at=4), changed(dnsmasq.offer(file="x"), vlans=(20,)))
    begun = together(begun, edk2.request(at=11.9), changed(dnsmasq.ack(), vlans=(20,)))
    booted = together(edk2.fetch("x"), pxelinux.fetch("vmlinuz"), pxelinux.fetch("initrd"), linux.discover(at=30))
    assert ID not in diagnose(tell(begun, booted)).all_ids


def test_answers_that_a_relay_gets_in_its_own_vlan() -> None:
    """OFFERs to the relay (port 67) are not for the client's wire."""
    told = tell(rounds((), (20,)), until=70)
    wires = [replace(wire, target_port=67) if wire.source_port == 67 else wire for wire in told.wires]
    assert ID not in diagnose(replace(told, wires=wires)).all_ids


def test_an_offer_that_the_client_would_not_take_is_another_fault() -> None:
    step = together(
        *(s for at in TIMES for s in (edk2.discover(at=at), changed(dnsmasq.offer(), vlans=(20,))))
    )  # fmt: skip
    assert ID not in diagnose(tell(step, until=70)).all_ids
