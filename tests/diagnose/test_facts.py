"""Predicates that rules of several sections share."""

from __future__ import annotations

import pytest

from pxedebug.diagnose.case import Case
from pxedebug.diagnose.facts import (
    absent_for_good,
    is_bios_client,
    is_uefi_client,
    quiet_after,
    quiet_for,
    seconds,
    wanted_file,
)
from pxedebug.firmware import Phase
from pxedebug.track.clocks import SECOND
from tests.diagnose.http_scenes import Connection, chained
from tests.diagnose.tftp_scenes import led
from tests.track.conversation import Told, tell, together
from tests.track.programs import dnsmasq, edk2, edk2_http, intel, ipxe, linux, pxelinux, u_boot


def case_of(told: Told) -> Case:
    return Case(told.boots[0], 1, 0)


@pytest.mark.parametrize(
    ("nanoseconds", "words"),
    [(300_000_000, "0.3 s"), (28_000_000_000, "28 s"), (190_000_000_000, "3 min 10 s")],
)
def test_spans_of_time(nanoseconds: int, words: str) -> None:
    assert seconds(nanoseconds) == words


def test_firmware_by_architecture_and_method() -> None:
    uefi, bios, web = (case_of(tell(machine.discover(at=0))) for machine in (edk2, intel, edk2_http))
    assert [is_uefi_client(case) for case in (uefi, bios, web)] == [True, False, True]
    assert [is_bios_client(case) for case in (uefi, bios, web)] == [False, True, False]


def test_the_file_that_the_stage_wants() -> None:
    told = tell(edk2.discover(at=0), dnsmasq.offer(file="a.efi"), edk2.request(at=4), dnsmasq.ack())
    assert wanted_file(case_of(told).last) == b"a.efi"
    named = tell(u_boot.saying(file=b"own.img").discover(at=0))
    assert wanted_file(case_of(named).last) == b"own.img"
    assert wanted_file(case_of(tell(edk2.discover(at=0))).last) is None


def test_silence_is_proved_by_the_schedule() -> None:
    sends = [edk2.discover(at=at) for at in (0, 4, 12, 28)]
    cases = [case_of(tell(*sends[:number])) for number in (1, 2, 4)]
    assert [absent_for_good(c, c.last, c.last.discovers, Phase.DISCOVER) for c in cases] == [False, False, True]
    waited = case_of(tell(*sends[:2], until=61))
    assert absent_for_good(waited, waited.last, waited.last.discovers, Phase.DISCOVER)


def test_quiet_is_counted_from_the_attempts_last_frame() -> None:
    told = tell(edk2.discover(at=0), dnsmasq.offer(file="a.efi"), edk2.request(at=4), dnsmasq.ack())
    still, quiet = case_of(told.after(6)), case_of(told.after(10))
    assert [quiet_for(case, 5 * SECOND) for case in (still, quiet)] == [False, True]
    assert quiet_for(still, 5 * SECOND, still.started)


def test_quiet_after_a_file_ends_with_the_next_thing_that_the_client_does() -> None:
    case = case_of(tell(led("x.efi"), edk2.rrq("x.efi", 4), pxelinux.fetch("b", 9), linux.arp("10.77.0.9", 20)))
    (turn, first), (other, last) = [(turn, transfer) for turn in case.turns for transfer in turn.transfers]
    assert quiet_after(turn, first) == 5 * SECOND
    assert 10 * SECOND < quiet_after(other, last) < 11 * SECOND


def test_quiet_after_a_file_ends_with_a_connection_or_with_the_capture() -> None:
    web = Connection(ipxe)
    asked = together(web.open(), web.ask("GET", "/a.php"), web.answer(404, "Said"))
    case = case_of(tell(chained(), asked, Connection(ipxe).syn(at=20), until=50))
    first, second = case.last.transfers
    assert quiet_after(case.last, first) == 20 * SECOND - (first.ended - case.started)
    assert quiet_after(case.last, second) == 30 * SECOND
