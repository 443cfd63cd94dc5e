"""Different ways there and back."""

from __future__ import annotations

from tests.diagnose.tftp_scenes import blocks, data, from_address, led, oack
from tests.diagnose.verdict import diagnose
from tests.track.conversation import changed, tell, together
from tests.track.programs import edk2
from tests.track.scene import Step

ID = "asymmetric-routing"


def answered(by: Step, *at: float) -> Step:
    """Requests that are answered each time and never taken."""
    return together(*(together(edk2.rrq("x.efi", second, again=n > 0), by) for n, second in enumerate(at)))


def test_the_answers_come_through_another_machine() -> None:
    other_way = from_address(oack(tsize=9), "10.77.0.1", mac="10.77.0.253")
    verdict = diagnose(tell(led("x.efi"), answered(other_way, 4, 8, 12, 16, 20, 24)))
    assert verdict.outcome == "failed"
    assert verdict.primary == ID
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("error", "strong")
    assert verdict.finding("tftp-data-blocked-by-firewall").caused_by == ID
    says = "requests to 10.77.0.1 go through 02:00:0a:4d:00:01 and the answers come through 02:00:0a:4d:00:fd"
    assert verdict.finding(ID).says == says
    assert verdict.frames(ID) == [5, 6]


def test_the_same_machine_both_ways() -> None:
    assert ID not in diagnose(tell(led("x.efi"), answered(oack(tsize=9), 4, 8, 12, 16, 20, 24))).all_ids


def test_a_virtual_router_answers_with_its_own_address() -> None:
    virtual = changed(edk2.rrq("x.efi", 4), target_mac=bytes.fromhex("00005e000101"))
    asked = together(virtual, oack(tsize=9), *(edk2.rrq("x.efi", at, again=True) for at in (8, 12, 16, 20, 24)))
    assert ID not in diagnose(tell(led("x.efi"), asked)).all_ids


def test_two_gateways_that_work() -> None:
    steps = [
        edk2.rrq("x.efi", 4),
        from_address(oack(blksize=1468), "10.77.0.1", mac="10.77.0.253"),
        edk2.acknowledge(0),
    ]
    told = tell(led("x.efi"), *steps, blocks(edk2, 1, 3, 1468), data(4, 9), edk2.acknowledge(4))
    assert diagnose(told).all_ids == []
