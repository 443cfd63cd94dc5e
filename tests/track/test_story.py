"""The story's values: frozen, comparable, with the words of the report."""

from __future__ import annotations

import pytest

from pxedebug.firmware.programs import Method, OfferClass, StageKind
from pxedebug.track import story
from pxedebug.track.story import Outcome, TransferStatus
from tests.track.conversation import Told, tell
from tests.track.programs import dnsmasq, edk2


def test_outcomes_are_the_reports_words() -> None:
    assert [str(outcome) for outcome in Outcome] == [
        "booted",
        "failed",
        "stalled",
        "in-progress",
        "local",
        "inconclusive",
    ]


def test_transfer_statuses_are_the_reports_words() -> None:
    assert {str(status) for status in TransferStatus} == {
        "complete", "size-probe", "refused", "aborted", "unanswered", "stalled", "unreachable", "in-progress", "unseen",
    }  # fmt: skip


def test_stages_methods_and_offer_classes_are_the_reports_words() -> None:
    assert {str(kind) for kind in StageKind} == {"firmware", "ipxe", "pxelinux", "grub", "u-boot", "os"}
    assert {str(method) for method in Method} == {"pxe-v4", "pxe-v6", "http-v4", "http-v6"}
    assert {str(kind) for kind in OfferClass} == {"dhcp-only", "binl", "pxe10", "bootp", "wfm11a"}


@pytest.fixture
def told() -> Told:
    return tell(edk2.discover(at=0), dnsmasq.offer(file="x"), edk2.request(at=4), dnsmasq.ack(), edk2.fetch("x"))


@pytest.mark.parametrize("field", ["client", "started", "outcome", "stages"])
def test_a_boot_cannot_be_changed(told: Told, field: str) -> None:
    with pytest.raises(AttributeError):
        setattr(told.boot, field, None)


def test_the_same_frames_tell_the_same_story(told: Told) -> None:
    boot, again = told.boot, Told(told.wires).boot
    assert (boot.client, boot.durations, boot.outcome) == (again.client, again.durations, again.outcome)
    assert [stage.transfers for stage in boot.stages] == [stage.transfers for stage in again.stages]


def test_every_public_name_is_there() -> None:
    assert all(hasattr(story, name) for name in story.__all__)
