"""Firmware that tries one network port after the other (B-27), and machines that share a UUID by mistake."""

from __future__ import annotations

import pytest

from tests.track.conversation import Told, seconds, tell, together
from tests.track.machines import Machine
from tests.track.programs import NO_UUID, UUID, dnsmasq, edk2, intel
from tests.track.scene import Step

FIRST, SECOND, THIRD = (intel.on(f"52:54:00:77:01:0{number}").with_uuid(UUID) for number in range(3))


def unanswered(port: Machine, at: float) -> Step:
    return together(*(port.afresh(at=at + gap) if not gap else port.discover(at=at + gap) for gap in (0, 4, 12, 28)))


def booting(port: Machine, at: float) -> Step:
    """DHCP, a loader, a kernel and its initrd."""
    begun = together(port.afresh(at=at), dnsmasq.offer(file="boot.0"), port.request(at=at + 4), dnsmasq.ack())
    return together(
        begun, port.fetch("boot.0"), port.fetch("vmlinuz", probe=False), port.fetch("initrd.img", probe=False)
    )


def macs(told: Told) -> list[bytes]:
    return [boot.client.mac for boot in told.boots]


def test_the_next_port_goes_on_with_the_boot() -> None:
    told = tell(unanswered(FIRST, 0), booting(SECOND, 60))
    assert told.outcome == "booted"
    assert told.boot.client.mac == SECOND.mac
    assert (seconds(told.boot.started), len(told.boot.stages)) == (0, 2)


def test_durations_of_a_walk_add_up() -> None:
    boot = tell(unanswered(FIRST, 0), booting(SECOND, 60)).boot
    spent = boot.durations
    assert spent.dhcp + spent.proxydhcp + spent.transfer + spent.other == boot.ended - boot.started


def test_all_ports_unanswered_fail_as_the_first() -> None:
    told = tell(unanswered(FIRST, 0), unanswered(SECOND, 60), unanswered(THIRD, 120))
    assert (told.outcome, macs(told)) == ("failed", [FIRST.mac])
    assert len(told.boot.stages) == 3


def test_a_port_that_still_moves_does_not_turn_failure_into_progress() -> None:
    told = tell(unanswered(FIRST, 0), SECOND.discover(at=60), dnsmasq.offer(file="boot.0"))
    assert told.outcome == "failed"


def test_a_port_that_was_left_has_failed() -> None:
    """Two DISCOVERs would be a stall; the next port shows that the first has given up."""
    assert tell(FIRST.discover(at=0), FIRST.discover(at=4), SECOND.discover(at=20)).outcome == "failed"


def test_the_port_that_came_further_decides() -> None:
    missing = together(FIRST.discover(at=0), dnsmasq.offer(file="no.0"), FIRST.request(at=4), dnsmasq.ack())
    told = tell(missing, FIRST.missing("no.0"), SECOND.discover(at=10), SECOND.discover(at=14))
    assert (told.outcome, macs(told)) == ("failed", [FIRST.mac])


def test_the_first_port_again_is_the_next_boot() -> None:
    told = tell(unanswered(FIRST, 0), unanswered(SECOND, 60), unanswered(FIRST, 120), unanswered(SECOND, 180))
    assert [(seconds(boot.started), len(boot.stages)) for boot in told.boots] == [(0, 2), (120, 2)]


def test_long_after_is_another_boot() -> None:
    assert len(tell(unanswered(FIRST, 0), unanswered(SECOND, 28 + 90)).boots) == 1
    assert len(tell(unanswered(FIRST, 0), unanswered(SECOND, 28 + 91)).boots) == 2


def test_two_machines_that_share_a_uuid_and_boot_at_once_are_two() -> None:
    told = tell(FIRST.discover(at=0), SECOND.discover(at=1), FIRST.discover(at=4), SECOND.discover(at=5))
    assert macs(told) == [FIRST.mac, SECOND.mac]


def test_machines_that_ever_overlap_are_never_joined() -> None:
    together_once = together(FIRST.afresh(at=300), SECOND.afresh(at=301), FIRST.discover(at=304))
    told = tell(unanswered(FIRST, 0), unanswered(SECOND, 60), together_once)
    assert macs(told) == [FIRST.mac, SECOND.mac, FIRST.mac, SECOND.mac]


def test_a_machine_that_booted_is_not_followed_by_its_other_port() -> None:
    assert macs(tell(booting(FIRST, 0), unanswered(SECOND, 20))) == [FIRST.mac, SECOND.mac]


@pytest.mark.parametrize("uuid", [NO_UUID, b"\xff" * 16])
def test_a_uuid_of_nobody_joins_nothing(uuid: bytes) -> None:
    one, other = FIRST.with_uuid(uuid), SECOND.with_uuid(uuid)
    told = tell(unanswered(one, 0), unanswered(other, 60))
    assert macs(told) == [one.mac, other.mac]
    assert [boot.client.uuid for boot in told.boots] == [None, None]


def test_no_more_than_sixteen_ports_make_a_machine() -> None:
    """A lab image with one UUID on every machine."""
    ports = [edk2.on(f"52:54:00:77:02:{number:02x}").with_uuid(UUID) for number in range(17)]
    told = tell(*(port.discover(at=10 * number) for number, port in enumerate(ports)))
    assert len(told.boots) == 17
    assert len(tell(*(port.discover(at=10 * number) for number, port in enumerate(ports[:16]))).boots) == 1
