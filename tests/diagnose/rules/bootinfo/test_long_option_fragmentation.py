"""Options that stand twice, or have no end."""

from __future__ import annotations

import pytest

from tests.diagnose.bootinfo_scenes import dnsmasq
from tests.diagnose.verdict import Verdict, diagnose
from tests.track.conversation import tell, together
from tests.track.programs import edk2
from tests.track.scene import Options, Scene, Step

ID = "long-option-fragmentation"


def leased(options: Options) -> Step:
    return together(
        edk2.discover(at=0), dnsmasq.offer(file="x.efi", options=options), edk2.request(at=3.9),
        dnsmasq.ack(options=options), edk2.missing("x.efi"),
    )  # fmt: skip


def judged(options: Options) -> Verdict:
    return diagnose(tell(leased(options)))


def test_two_values_of_one_option() -> None:
    verdict = judged(((12, b"one"), (12, b"two")))
    assert verdict.primary == "tftp-file-not-found"
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("warning", "certain")
    assert verdict.finding(ID).says.endswith("option 12 stands 2 times with different values")
    assert verdict.frames(ID) == [2, 4]


def test_an_answer_without_its_end() -> None:
    def without_end(scene: Scene) -> None:
        wire = scene.wires[-1]
        wire.payload = wire.payload.rstrip(b"\0").removesuffix(b"\xff")

    told = tell(
        edk2.discover(at=0), dnsmasq.offer(file="x.efi"), edk2.request(at=3.9), dnsmasq.ack(), without_end,
        edk2.missing("x.efi"),
    )  # fmt: skip
    assert "no END" in diagnose(told).finding(ID).says


@pytest.mark.parametrize(
    "options",
    [(), ((12, b"one"), (12, b"one")), ((43, b"a" * 255), (43, b"b"))],
    ids=["plain", "the same twice", "one long option"],
)
def test_nothing_ambiguous(options: Options) -> None:
    assert ID not in judged(options).all_ids
