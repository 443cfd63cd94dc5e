"""Predicates that rules of several sections share."""

from __future__ import annotations

import pytest

from pxedebug.diagnose.case import Case
from pxedebug.diagnose.facts import absent_for_good, is_bios_client, is_uefi_client, seconds, wanted_file
from pxedebug.firmware import Phase
from tests.track.conversation import Told, tell
from tests.track.programs import dnsmasq, edk2, edk2_http, intel, u_boot


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
