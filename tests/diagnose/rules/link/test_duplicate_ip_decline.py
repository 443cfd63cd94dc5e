"""A client that finds its address in use, and declines for other reasons."""

from __future__ import annotations

from tests.diagnose.link_scenes import claim, declining
from tests.diagnose.verdict import diagnose
from tests.track.conversation import tell, together
from tests.track.programs import dnsmasq, edk2, grub, intel, linux

ID = "duplicate-ip-decline"
OTHER, ROUTER = "02:00:00:00:00:0a", "02:00:00:00:00:fe"
GIVEN = "10.77.0.130"
LEASED = together(edk2.discover(at=0), dnsmasq.offer(file="x.efi"), edk2.request(at=3.9), dnsmasq.ack())


def test_another_machine_answers_for_the_new_address() -> None:
    verdict = diagnose(tell(LEASED, claim(GIVEN, OTHER, edk2, at=4.1), declining(edk2, at=4.2), until=60))
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("error", "certain")
    assert verdict.finding(ID).says == f"the client declined the address {GIVEN}: {OTHER} has it"
    assert verdict.frames(ID) == [6, 5, 4]
    assert str(verdict.finding(ID).server) == "10.77.0.1"


def test_a_decline_says_so_by_itself() -> None:
    verdict = diagnose(tell(LEASED, declining(edk2, at=4.2), until=60))
    assert (verdict.primary, verdict.frames(ID)) == (ID, [5, 4])
    assert verdict.finding(ID).says == f"the client declined the address {GIVEN}, because another machine has it"


def test_a_router_that_answers_for_everybody_is_the_first_cause() -> None:
    answers = together(*(claim(f"10.77.0.{number}", ROUTER, edk2, at=4.1) for number in (130, 131, 132)))
    verdict = diagnose(tell(LEASED, answers, declining(edk2, at=4.2), until=60))
    assert verdict.finding(ID).causes[0].startswith("a router does proxy ARP")
    assert len(verdict.finding(ID).causes) == 4


def test_another_address_heals_it() -> None:
    again = together(edk2.discover(at=14), dnsmasq.offer(file="x.efi", gives="10.77.0.131"), edk2.request(at=18),
                     dnsmasq.ack(), edk2.missing("x.efi"))  # fmt: skip
    verdict = diagnose(tell(LEASED, declining(edk2, at=4.2), again))
    assert (verdict.primary, verdict.severity(ID)) == ("tftp-file-not-found", "warning")


def test_the_loaded_system_finds_its_address_in_use_and_gets_another() -> None:
    """The boot worked; the conflict will stop another."""
    loaded = together(LEASED, edk2.fetch("x.efi"), grub.fetch("vmlinuz"), grub.fetch("initrd.gz"))
    system = together(linux.discover(at=20), dnsmasq.offer(), linux.request(), dnsmasq.ack(), declining(linux, at=21))
    again = together(linux.discover(at=31), dnsmasq.offer(gives="10.77.0.131"), linux.request(), dnsmasq.ack())
    verdict = diagnose(tell(loaded, system, again))
    assert (verdict.outcome, verdict.severity(ID)) == ("booted", "warning")


# Look-alikes


def test_a_client_that_dislikes_the_ack_found_no_other_machine() -> None:
    """EDK2's words (Dhcp4Io.c)."""
    told = tell(LEASED, declining(edk2, at=4.2, text=b"Lease is denied upon received ACK"), until=60)
    assert ID not in diagnose(told).all_ids


def test_an_ack_with_another_address_than_offered_is_no_conflict() -> None:
    begun = together(
        edk2.discover(at=0), dnsmasq.offer(file="x"), edk2.request(at=3.9), dnsmasq.ack(gives="10.77.0.99")
    )
    told = tell(begun, declining(edk2, at=4.2, address="10.77.0.99"), until=60)
    assert ID not in diagnose(told).all_ids


def test_the_client_s_own_answers_and_no_decline() -> None:
    own = claim(GIVEN, "52:54:00:77:00:20", edk2, at=4.1)
    assert ID not in diagnose(tell(LEASED, own, edk2.fetch("x.efi"))).all_ids
    assert diagnose(tell(LEASED, own, declining(edk2, at=4.2), until=60)).frames(ID) == [6, 4]


def test_declines_with_odd_options_are_read_as_well() -> None:
    begun = together(intel.discover(at=0), dnsmasq.offer(file="x"), intel.request(at=4), dnsmasq.ack())
    for address in ("", "odd"):
        verdict = diagnose(tell(begun, declining(intel, at=4.2, address=address), until=60))
        assert verdict.finding(ID).says == "the client declined its address, because another machine has it"
