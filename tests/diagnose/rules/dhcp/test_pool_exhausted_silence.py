"""The DHCP server has no address left."""

from __future__ import annotations

from pathlib import Path

from tests.diagnose.dhcp_scenes import EDK2_TRIES, IPXE_TRIES, asks, leased
from tests.diagnose.verdict import diagnose, of_capture, verdicts
from tests.track.conversation import tell, together
from tests.track.programs import dnsmasq, edk2, intel, ipxe_rom, kea, linux

ID = "pool-exhausted-silence"
FIRST, SECOND = "52:54:00:77:00:11", "52:54:00:77:00:12"


def test_a_client_of_the_same_kind_took_the_last_address() -> None:
    told = tell(leased(ipxe_rom.on(FIRST), kea, 0), asks(ipxe_rom, *IPXE_TRIES, after=10), until=40)
    verdict = verdicts(told)[1]
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("fatal", "inferred")
    assert verdict.frames(ID) == [2, 5, 6, 7, 8]
    assert "only answers clients it knows looks the same" in verdict.finding(ID).explanation
    assert verdict.ids == [ID]


def test_two_newcomers_of_the_same_kind_get_nothing() -> None:
    one, other = edk2, edk2.on(SECOND)
    both = together(*(step for at in EDK2_TRIES for step in (one.discover(at=10 + at), other.discover(at=11 + at))))
    told = tell(leased(edk2.on(FIRST), dnsmasq, 0), both)
    for verdict in verdicts(told)[1:]:
        assert (verdict.outcome, verdict.primary) == ("failed", ID)
        assert (verdict.severity(ID), verdict.confidence(ID)) == ("fatal", "strong")


def test_only_a_renewal_shows_that_the_server_lives() -> None:
    other = edk2.on(SECOND)
    both = together(*(step for at in EDK2_TRIES for step in (edk2.discover(at=at), other.discover(at=at + 1))))
    told = tell(both, linux.on(FIRST).renew(dnsmasq, at=30), dnsmasq.ack(gives="10.77.0.50"))
    verdict = verdicts(told)[0]
    assert (verdict.primary, verdict.confidence(ID)) == (ID, "inferred")


def test_the_old_address_is_refused_and_no_other_offered() -> None:
    told = tell(
        edk2.request(at=0, address="10.77.0.77", bare=True), dnsmasq.nak(), asks(edk2, *EDK2_TRIES, after=1), until=90
    )
    verdict = diagnose(told)
    assert (verdict.outcome, verdict.primary, verdict.confidence(ID)) == ("failed", ID, "strong")
    assert verdict.frames(ID) == [2, 3, 4, 5, 6]


def test_a_later_newcomer_of_the_same_kind_is_served() -> None:
    told = tell(asks(edk2, 0, 3.9), leased(edk2.on(FIRST), dnsmasq, 6), asks(edk2, 11.9, 27.9))
    verdict = verdicts(told)[0]
    assert verdict.primary == "selective-silence"
    assert ID not in verdict.all_ids


def test_a_server_that_was_started_too_late_is_no_exhausted_pool() -> None:
    told = tell(asks(edk2, *EDK2_TRIES), leased(edk2.on(FIRST), dnsmasq, 100))
    assert verdicts(told)[0].primary == "no-dhcp-offer"


def test_the_server_is_busy_with_the_other_client() -> None:
    first, file = intel.on(FIRST), "pxelinux.0"
    told = tell(
        first.discover(at=0), intel.discover(at=0.5), dnsmasq.offer(at=3, to=first, file=file),
        intel.discover(at=4.5), dnsmasq.offer(at=6, to=intel, file=file), intel.request(at=8.5), dnsmasq.ack(),
    )  # fmt: skip
    assert all(not {ID, "selective-silence", "no-dhcp-offer"} & set(verdict.all_ids) for verdict in verdicts(told))


def test_the_recording_of_a_pool_of_one_address(lab_captures: Path) -> None:
    (verdict,) = of_capture(lab_captures / "fk1_bios_kea_exhausted.pcap", "52:54:00:77:00:10")
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
