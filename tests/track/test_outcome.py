"""How several methods of one boot are weighed, and what a new beginning says of the boot before it."""

from __future__ import annotations

import pytest

from tests.track.conversation import tell, together, unseen
from tests.track.machines import Machine
from tests.track.programs import dnsmasq, edk2, edk2_http, grub, http6, intel, ipxe, linux, pxe6, pxelinux
from tests.track.scene import Step

HTTP = [(60, b"HTTPClient")]


def unanswered(machine: Machine, at: float) -> Step:
    return together(machine.afresh(at=at), *(machine.discover(at=at + gap) for gap in (3.9, 11.9, 27.9)))


def missing_file(machine: Machine, at: float) -> Step:
    begun = together(machine.afresh(at=at), dnsmasq.offer(file="no.efi"), machine.request(at=at + 4), dnsmasq.ack())
    return together(begun, machine.missing("no.efi"))


def loaded(machine: Machine, at: float, file: str = "boot.efi") -> Step:
    begun = together(machine.afresh(at=at), dnsmasq.offer(file=file), machine.request(at=at + 4), dnsmasq.ack())
    return together(begun, machine.fetch(file))


def over_http(at: float, path: str = "/boot.efi") -> Step:
    url = f"http://10.77.0.1{path}"
    begun = together(edk2_http.afresh(at=at), dnsmasq.offer(file=url, options=HTTP), edk2_http.request(at=at + 4))
    return together(begun, dnsmasq.ack(options=HTTP), edk2_http.http_get(path, agent="UefiHttpBoot/1.0"))


SYSTEM = together(grub.fetch("/vmlinuz"), grub.fetch("/initrd.img"))


# Outcomes one by one


def test_a_kernel_with_its_initrd_has_booted() -> None:
    assert tell(loaded(edk2, 0), grub.fetch("/vmlinuz")).outcome == "in-progress"
    assert tell(loaded(edk2, 0), grub.fetch("/vmlinuz"), grub.fetch("/initrd.img")).outcome == "booted"


def test_a_message_of_the_operating_system_has_booted() -> None:
    assert tell(loaded(edk2, 0), linux.afresh(at=20)).outcome == "booted"


def test_a_windows_image_has_booted() -> None:
    assert tell(loaded(edk2, 0), edk2.fetch("Boot/boot.wim", probe=False)).outcome == "booted"


def test_what_came_before_a_boot_that_works_is_forgiven() -> None:
    search = pxelinux.missing("pxelinux.cfg/default-x86_64")
    told = tell(
        loaded(intel, 0, "pxelinux.0"), search, pxelinux.fetch("pxelinux.cfg/default"), pxelinux.fetch("vmlinuz"),
        pxelinux.fetch("initrd.img"),
    )  # fmt: skip
    assert told.outcome == "booted"


# Several methods (DESIGN, outcomes)


def test_booted_if_any_method_booted() -> None:
    assert tell(unanswered(edk2, 0), over_http(60), SYSTEM).outcome == "booted"
    assert tell(loaded(edk2, 0), SYSTEM, edk2_http.afresh(at=20)).outcome == "booted"


def test_the_furthest_method_that_has_ended_decides() -> None:
    """PXE found its file and could not use it, HTTP Boot found nobody: what PXE did is the story."""
    told = tell(missing_file(edk2, 0), unanswered(edk2_http, 10))
    assert told.outcome == "failed"


def test_a_method_that_was_left_has_failed() -> None:
    assert tell(edk2.discover(at=0), edk2.discover(at=4)).outcome == "stalled"
    assert tell(edk2.discover(at=0), edk2.discover(at=4), edk2_http.afresh(at=12)).outcome == "failed"
    assert tell(loaded(edk2, 0)).outcome == "in-progress"
    assert tell(loaded(edk2, 0), edk2_http.afresh(at=5)).outcome == "failed", "firmware refused the program"


def test_a_method_that_still_moves_does_not_turn_failure_into_progress() -> None:
    assert tell(unanswered(edk2, 0), over_http(60)).outcome == "failed"
    assert tell(unanswered(edk2, 0), edk2_http.afresh(at=60)).outcome == "failed"


def test_the_last_of_four_methods_has_not_ended_yet() -> None:
    told = tell(unanswered(edk2, 0), pxe6.solicit(at=60), edk2_http.afresh(at=120), http6.solicit(at=180, xid=9))
    assert told.outcome == "failed"


def test_a_stage_that_loads_goes_on_with_its_method() -> None:
    told = tell(loaded(edk2, 0), ipxe.afresh(at=7))
    assert told.outcome == "in-progress"
    assert told.after(22.9).outcome == "in-progress"
    assert told.after(23.1).outcome == "failed", "iPXE found no server"


# What comes after


def test_firmware_that_begins_anew_shows_that_the_boot_had_failed() -> None:
    first, second = tell(loaded(edk2, 0), edk2.afresh(at=30)).boots
    assert (first.outcome, second.outcome) == ("failed", "in-progress")


def test_a_power_cycle_long_after_says_nothing_of_the_program_before() -> None:
    """A memory test runs for hours."""
    first, _ = tell(loaded(edk2, 0), edk2.afresh(at=3600)).boots
    assert first.outcome == "in-progress"


def test_a_machine_that_booted_and_is_restarted_had_booted() -> None:
    first, second = tell(loaded(edk2, 0), SYSTEM, edk2.afresh(at=40)).boots
    assert (first.outcome, second.outcome) == ("booted", "in-progress")


def test_a_loader_from_elsewhere_is_no_new_beginning_of_firmware() -> None:
    lost = together(edk2.discover(at=0), unseen(dnsmasq.offer(file="x.efi")), edk2.request(at=4))
    first, _ = tell(lost, ipxe.afresh(at=10)).boots
    assert first.outcome == "in-progress"


# The vantage (catalogue 1.3)


def test_without_the_clients_own_messages_nothing_is_judged() -> None:
    told = tell(unseen(edk2.discover(at=0)), dnsmasq.offer(options=[(60, b"PXEClient")]), until=100)
    assert told.outcome == "inconclusive"


def test_a_broadcast_only_capture_of_a_good_boot_is_inconclusive() -> None:
    shown = together(edk2.discover(at=0), dnsmasq.offer(file="x.efi"), edk2.request(at=4), dnsmasq.ack())
    told = tell(shown, unseen(edk2.fetch("x.efi")), until=60)
    assert told.outcome == "inconclusive"


def test_a_boot_whose_files_are_hidden_is_inconclusive_when_another_follows() -> None:
    shown = together(edk2.discover(at=0), dnsmasq.offer(file="x.efi"), edk2.request(at=4), dnsmasq.ack())
    first, _ = tell(shown, unseen(edk2.fetch("x.efi")), edk2.afresh(at=10)).boots
    assert first.outcome == "inconclusive"


@pytest.mark.parametrize("later", [0, 3.9, 11.9])
def test_time_alone_makes_failure_of_silence(later: float) -> None:
    """The verdict of a file is the verdict that a live session got: `advance` without packets."""
    told = tell(edk2.discover(at=0), *([edk2.discover(at=later)] if later else []))
    assert told.after(59.9).outcome == ("stalled" if later else "in-progress")
    assert told.after(60).outcome == "failed"


def test_time_never_runs_back() -> None:
    told = tell(edk2.discover(at=0), edk2.discover(at=4))
    told.tracker.advance(to=told.tracker.now + 100 * 10**9)
    told.tracker.advance(to=0)
    assert told.outcome == "failed"


def test_timestamps_that_run_backwards_are_noted_and_harm_nothing() -> None:
    told = tell(
        edk2.discover(at=10), dnsmasq.offer(at=9.5, file="x.efi"), edk2.request(at=13.9), dnsmasq.ack(at=13.8),
        edk2.fetch("x.efi", at=13.7),
    )  # fmt: skip
    boot = told.boot
    assert boot.started <= min(m.packet.time for e in boot.stages[0].exchanges for m in e.messages)
    assert boot.outcome == "in-progress"
    assert [warning.code for warning in told.story.warnings] == ["time-backwards"]
    spent = boot.durations
    assert spent.dhcp + spent.proxydhcp + spent.transfer + spent.other == boot.ended - boot.started


def test_nothing_is_missing_where_frames_stand_in_any_order() -> None:
    silent = together(*(edk2.discover(at=at) for at in (0, 4, 12, 28)))
    noise = [edk2.on("52:54:00:00:99:99").arp("10.77.0.9", at=30 + which / 10) for which in range(50)]
    assert tell(silent, *noise, until=100).outcome == "failed"
    shuffled = [step for late, early in zip(noise[25:], noise[:25], strict=True) for step in (late, early)]
    assert tell(silent, *shuffled, until=100).outcome == "inconclusive"
    assert tell(silent, *noise, *noise[:1], until=100).outcome == "failed", "one is jitter"
