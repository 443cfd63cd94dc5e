"""Firmware that tries one network port after the other (B-27), and machines that share a UUID by mistake."""

from __future__ import annotations

import pytest

from tests.track.conversation import Told, seconds, tell, together
from tests.track.machines import Machine
from tests.track.programs import NO_UUID, UUID, dnsmasq, edk2, intel, ipxe
from tests.track.scene import Step

PLACEHOLDER = bytes.fromhex("00020003000400050006000700080009")
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
    assert tell(FIRST.discover(at=0), FIRST.discover(at=4), SECOND.discover(at=60)).outcome == "failed"


def test_the_port_that_came_further_decides() -> None:
    missing = together(FIRST.discover(at=0), dnsmasq.offer(file="no.0"), FIRST.request(at=4), dnsmasq.ack())
    told = tell(missing, FIRST.missing("no.0"), SECOND.discover(at=6), SECOND.discover(at=10))
    assert (told.outcome, macs(told)) == ("failed", [FIRST.mac])


def test_the_first_port_again_is_the_next_boot() -> None:
    told = tell(unanswered(FIRST, 0), unanswered(SECOND, 60), unanswered(FIRST, 120), unanswered(SECOND, 180))
    assert [(seconds(boot.started), len(boot.stages)) for boot in told.boots] == [(0, 2), (120, 2)]


@pytest.mark.parametrize(("at", "boots"), [(40, 2), (57, 2), (59, 1), (60, 1), (63, 1), (66, 2), (90, 2)])
def test_the_next_port_has_its_turn_when_the_first_gives_up(at: int, boots: int) -> None:
    """60 s after the first DISCOVER; at any other time it is another machine, or somebody who pressed a key."""
    assert len(tell(unanswered(FIRST, 0), unanswered(SECOND, at)).boots) == boots


@pytest.mark.parametrize(("at", "boots"), [(12, 2), (16, 1), (24, 2), (60, 2)])
def test_each_program_gives_up_in_its_own_time(at: int, boots: int) -> None:
    first, second = (ipxe.on(f"52:54:00:77:03:0{number}").with_uuid(UUID) for number in range(2))
    asking = together(*(first.discover(at=sent) for sent in (0, 1, 3, 7)))
    assert len(tell(asking, second.discover(at=at)).boots) == boots


@pytest.mark.parametrize(("at", "boots"), [(6, 1), (20, 2), (70, 2)])
def test_after_a_refused_file_the_next_port_comes_at_once(at: int, boots: int) -> None:
    begun = together(FIRST.discover(at=0), dnsmasq.offer(file="no.0"), FIRST.request(at=4), dnsmasq.ack())
    assert len(tell(begun, FIRST.missing("no.0"), SECOND.discover(at=at)).boots) == boots


@pytest.mark.parametrize(("at", "boots"), [(28, 1), (60, 2)])
def test_an_unanswered_file_request_is_given_up(at: int, boots: int) -> None:
    """EDK2 waits 24 s for TFTP."""
    first, second = (edk2.on(f"52:54:00:77:04:0{number}").with_uuid(UUID) for number in range(2))
    begun = together(first.discover(at=0), dnsmasq.offer(file="x.efi"), first.request(at=4), dnsmasq.ack())
    asking = together(first.rrq("x.efi", at=5), *(first.rrq("x.efi", at=sent, again=True) for sent in (9, 13)))
    assert len(tell(begun, asking, second.discover(at=at)).boots) == boots


def test_two_machines_that_share_a_uuid_and_boot_at_once_are_two() -> None:
    told = tell(FIRST.discover(at=0), SECOND.discover(at=1), FIRST.discover(at=4), SECOND.discover(at=5))
    assert macs(told) == [FIRST.mac, SECOND.mac]


def test_machines_that_ever_overlap_are_never_joined() -> None:
    together_once = together(FIRST.afresh(at=300), SECOND.afresh(at=301), FIRST.discover(at=304))
    told = tell(unanswered(FIRST, 0), unanswered(SECOND, 60), together_once)
    assert macs(told) == [FIRST.mac, SECOND.mac, FIRST.mac, SECOND.mac]


def test_a_machine_that_booted_is_not_followed_by_its_other_port() -> None:
    assert macs(tell(booting(FIRST, 0), unanswered(SECOND, 20))) == [FIRST.mac, SECOND.mac]


def test_boards_with_their_vendors_placeholder_are_not_joined() -> None:
    one, other = FIRST.with_uuid(PLACEHOLDER), SECOND.with_uuid(PLACEHOLDER)
    told = tell(unanswered(one, 0), booting(other, 60))
    assert [(boot.client.mac, str(boot.outcome)) for boot in told.boots] == [(one.mac, "failed"), (other.mac, "booted")]
    assert [boot.client.uuid for boot in told.boots] == [PLACEHOLDER, PLACEHOLDER]


@pytest.mark.parametrize("uuid", [NO_UUID, b"\xff" * 16])
def test_a_uuid_of_nobody_joins_nothing(uuid: bytes) -> None:
    one, other = FIRST.with_uuid(uuid), SECOND.with_uuid(uuid)
    told = tell(unanswered(one, 0), unanswered(other, 60))
    assert macs(told) == [one.mac, other.mac]
    assert [boot.client.uuid for boot in told.boots] == [None, None]


def test_no_more_than_sixteen_ports_make_a_machine() -> None:
    """A lab image with one UUID on every machine."""
    ports = [edk2.on(f"52:54:00:77:02:{number:02x}").with_uuid(UUID) for number in range(17)]
    told = tell(*(port.discover(at=60 * number) for number, port in enumerate(ports)))
    assert len(told.boots) == 17
    assert len(tell(*(port.discover(at=60 * number) for number, port in enumerate(ports[:16]))).boots) == 1
