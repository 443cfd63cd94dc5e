"""The kernel was delivered, and the machine never speaks again."""

from __future__ import annotations

import pytest

from tests.diagnose.second_stage_scenes import bios
from tests.diagnose.verdict import diagnose
from tests.track.conversation import Told, tell
from tests.track.programs import linux, pxelinux
from tests.track.scene import Step

ID = "kernel-fetched-no-more-traffic"
NEEDS_NETWORK = b"kernel vmlinuz\nappend initrd=initrd.gz ip=dhcp inst.repo=http://10.77.0.1/repo\n"
RUNS_FROM_MEMORY = b"kernel vmlinuz\nappend initrd=initrd.gz quiet\n"


def kernel(*then: Step, config: bytes = NEEDS_NETWORK, until: float | None = None) -> Told:
    files = [pxelinux.fetch("ldlinux.c32"), pxelinux.fetch("pxelinux.cfg/default", content=config)]
    return tell(bios(), *files, pxelinux.fetch("vmlinuz"), pxelinux.fetch("initrd.gz"), *then, until=until)


def test_silence_where_the_kernel_is_to_use_the_network() -> None:
    told = kernel(until=200)
    verdict = diagnose(told)
    assert (verdict.outcome, verdict.ids) == ("booted", [ID])
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("warning", "inferred")
    assert verdict.finding(ID).says == (
        "`vmlinuz` was delivered and is told to use the network (`ip=`), "
        "but nothing was heard of the machine in the 3 min 16 s after it"
    )
    assert len(verdict.frames(ID)) == 3


def test_a_system_that_may_need_no_network_is_only_told() -> None:
    verdict = diagnose(kernel(config=RUNS_FROM_MEMORY, until=200))
    assert (verdict.outcome, verdict.ids) == ("booted", [])
    assert verdict.severity(ID) == "info"


@pytest.mark.parametrize("until", [None, 60])
def test_a_capture_that_ends_too_soon(until: float | None) -> None:
    assert diagnose(kernel(until=until)).all_ids == []


def test_a_system_that_speaks() -> None:
    assert ID not in diagnose(kernel(linux.arp("10.77.0.1", at=30), until=300)).all_ids
    assert ID not in diagnose(kernel(linux.afresh(at=30), until=50)).all_ids
