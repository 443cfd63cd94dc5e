"""Fragments that are missing at this point."""

from __future__ import annotations

from tests.diagnose.tftp_scenes import data, icmp, led, oack, split
from tests.diagnose.verdict import diagnose
from tests.track.conversation import tell, together
from tests.track.programs import edk2
from tests.track.scene import Step

ID = "ip-fragments-dropped"


def begun(blksize: int = 1468) -> Step:
    return together(led("x.efi"), edk2.rrq("x.efi", 4), oack(tsize=90000, blksize=blksize), edk2.acknowledge(0))


def first_fragments(*at: float) -> Step:
    return together(*(step for s in at for step in (edk2.acknowledge(0, s), split(data(1, 1468), keep=(0,)))))


def test_only_first_fragments_arrive() -> None:
    verdict = diagnose(tell(begun(), split(data(1, 1468), keep=(0,)), first_fragments(8, 12, 16, 20, 24)))
    assert (verdict.outcome, verdict.primary, verdict.all_ids) == ("failed", ID, [ID])
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("error", "certain")
    assert verdict.finding(ID).says == "6 blocks of `x.efi` came without all IP fragments"
    assert verdict.frames(ID)[0] == 8


def test_the_client_says_that_it_gave_up_reassembly() -> None:
    sent = together(*(split(data(1, 1468, at)) for at in (4.1, 6, 9)))
    told = tell(begun(), sent, edk2.acknowledge(0, 12), edk2.acknowledge(0, 16), icmp("10.77.0.130", 11, 1))
    wires = told.wires
    quoted = next(wire for wire in wires if wire.ether)
    wires[-1].payload = bytes((11, 1)) + bytes(6) + quoted.encoded()[14:][:28]
    wires[-1].source, wires[-1].target = "10.77.0.130", "10.77.0.1"
    verdict = diagnose(type(told)(wires))
    assert verdict.primary == ID
    assert verdict.frames(ID)[0] == len(wires)


def test_one_lost_datagram_is_loss() -> None:
    told = tell(begun(), split(data(1, 1468), keep=(0,)), edk2.acknowledge(0, 8), edk2.acknowledge(0, 12))
    assert ID not in diagnose(told).all_ids


def test_fragments_that_only_the_capture_misses() -> None:
    sent = (step for n in range(1, 4) for step in (split(data(n, 1468), keep=(0,)), edk2.acknowledge(n)))
    assert ID not in diagnose(tell(begun(), *sent)).all_ids
