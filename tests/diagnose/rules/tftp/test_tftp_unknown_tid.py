"""Ports that one side does not know."""

from __future__ import annotations

from tests.diagnose.tftp_scenes import blocks, data, led, oack, refusal, stops
from tests.diagnose.verdict import diagnose
from tests.track.conversation import tell, together
from tests.track.programs import edk2, linux
from tests.track.scene import Step

ID = "tftp-unknown-tid"


def begun() -> Step:
    taken = together(oack(tsize=14680, blksize=1468), edk2.acknowledge(0), blocks(edk2, 1, 3, 1468))
    return together(led("x.efi"), edk2.rrq("x.efi", 4), taken)


def test_the_server_forgot_the_transfer() -> None:
    verdict = diagnose(tell(begun(), refusal(5, "Unknown transfer ID")))
    assert (verdict.outcome, verdict.primary, verdict.all_ids) == ("failed", ID, [ID])
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("error", "certain")
    assert verdict.frames(ID)[:1] == [14]
    assert "the server 10.77.0.1 does not know the other's port" in verdict.finding(ID).says


def test_the_client_says_so() -> None:
    verdict = diagnose(tell(begun(), stops(edk2, 5, "Unknown transfer ID")))
    assert "the client does not know" in verdict.finding(ID).says


def test_two_servers_behind_one_address() -> None:
    both = together(data(1, 512), data(1, 512, port=41000), linux.arp("10.77.0.9", 30))
    verdict = diagnose(tell(led("x.efi"), edk2.rrq("x.efi", 4), data(1), edk2.acknowledge(1), both))
    assert (verdict.severity(ID), "from two ports" in verdict.finding(ID).says) == ("warning", True)


def test_orphans_of_a_transfer_that_came_through() -> None:
    """B-08."""
    told = tell(
        led("x.efi"), edk2.rrq("x.efi", 4), edk2.rrq("x.efi", 8, again=True), data(1), data(1, port=41000),
        edk2.acknowledge(1), data(2, 9), edk2.acknowledge(2), data(1, port=41000),
    )  # fmt: skip
    assert ID not in diagnose(told).all_ids
