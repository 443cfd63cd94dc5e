"""A switch port that waits for spanning tree, and what only looks like one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.diagnose.link_scenes import DISCARDING, FORWARDING, LEARNING, bpdu, bpdus, in_time, lldp, neighbour
from tests.diagnose.verdict import diagnose, of_capture, verdicts
from tests.track.conversation import Told, tell, together
from tests.track.programs import dnsmasq, edk2, intel, ipxe_rom, linux, pxelinux, relay
from tests.track.scene import Step

ID = "stp-portfast-delay"
IPXE_DISCOVERS = together(*(ipxe_rom.discover(at=second) for second in (0, 1, 3, 7)))
EDK2_DISCOVERS = together(*(edk2.discover(at=second) for second in (0, 4, 12, 28)))


def booted(discovers: Step) -> Step:
    """The last of the DISCOVERs is answered, and the machine boots."""
    begun = together(discovers, dnsmasq.offer(file="pxelinux.0"), intel.request(at=30), dnsmasq.ack())
    return together(
        begun, intel.fetch("pxelinux.0"), pxelinux.fetch("vmlinuz"), pxelinux.fetch("initrd.img"), linux.discover(at=50)
    )


def unanswered(*others: Step, until: float = 60) -> Told:
    return tell(in_time(IPXE_DISCOVERS, *others), until=until)


def test_a_port_that_says_it_discards_loses_every_discover() -> None:
    verdict = diagnose(unanswered(bpdus(-2, 20, DISCARDING), lldp(2)))
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("error", "strong")
    assert verdict.finding(ID).says == (
        "the switch port did not forward: 4 DISCOVERs in 7.0 s, and only spanning tree came back"
    )
    assert "`Gi1/0/7` of `sw1`" in verdict.finding(ID).explanation
    assert verdict.frames(ID) == [1, 3, 15, 2, 4, 7, 10]
    assert "no-dhcp-offer" not in verdict.all_ids
    assert verdict.finding(ID).screen[0].startswith("No configuration methods succeeded")


def test_a_capture_that_ends_early_suffices_where_the_port_says_it_itself() -> None:
    early = together(*(edk2.discover(at=second) for second in (0, 4, 12)))
    verdict = diagnose(tell(in_time(early, bpdus(-1, 16, DISCARDING)), until=16))
    assert (verdict.outcome, verdict.primary) == ("stalled", ID)
    assert ID not in diagnose(tell(in_time(early, bpdus(-1, 16)), until=16)).all_ids, "STP does not tell"


def test_the_port_opens_after_the_last_discover() -> None:
    opening = in_time(bpdus(0, 8, DISCARDING), bpdus(10, 12, LEARNING), bpdus(14, 30, FORWARDING), neighbour(15))
    assert diagnose(unanswered(opening)).primary == ID


def test_a_classic_spanning_tree_is_inferred_from_a_port_of_which_nothing_else_comes() -> None:
    verdict = diagnose(unanswered(bpdus(-2, 20)))
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("error", "inferred")


def test_a_classic_spanning_tree_and_a_second_try_that_works() -> None:
    again = together(ipxe_rom.afresh(at=60), dnsmasq.offer(file="x"), ipxe_rom.discover(at=61), dnsmasq.offer(file="x"),
                     ipxe_rom.request(at=63), dnsmasq.ack())  # fmt: skip
    told = tell(in_time(together(IPXE_DISCOVERS, again), bpdus(-2, 70)), until=70)
    found = [verdict.finding(ID) for verdict in verdicts(told) if ID in verdict.all_ids]
    assert [str(finding.confidence) for finding in found] == ["strong"]


@pytest.mark.parametrize("flags", [None, DISCARDING])
def test_a_late_answer_is_a_warning_on_a_boot_that_works(flags: int | None) -> None:
    verdict = diagnose(tell(in_time(booted(EDK2_DISCOVERS), bpdus(-1, 27, flags))))
    assert verdict.outcome == "booted"
    assert (verdict.ids, verdict.severity(ID), verdict.confidence(ID)) == ([ID], "warning", "strong")
    assert verdict.finding(ID).says == (
        "the switch port let nothing through for up to 28 s: 3 DISCOVERs went unanswered"
    )


def relayed(secs: int, begun: float = -60) -> Told:
    """A DISCOVER that came through the relay with this age, after another client's."""
    other = edk2.on("52:54:00:77:00:99")
    before = together(other.discover(at=begun), relay.forward(dnsmasq))
    late = together(edk2.discover(at=28, secs=secs), relay.forward(dnsmasq), dnsmasq.offer(file="x"))
    told = tell(before, late)
    return replace(told, wires=[wire for wire in told.wires if wire.target != "255.255.255.255"])


def test_the_first_discover_behind_a_relay_tells_how_many_were_lost_before_it() -> None:
    verdict = next(v for v in verdicts(relayed(28)) if v.judged.boot.client.mac == edk2.mac)
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("warning", "inferred")
    assert verdict.finding(ID).says == (
        "the first DISCOVER that came through the relay says that the client had been asking for 28 s"
    )
    assert ID not in [i for v in verdicts(relayed(12)) for i in v.all_ids]
    assert ID not in [i for v in verdicts(relayed(28, begun=20)) for i in v.all_ids], "it may have begun before"


# Look-alikes


def test_lost_discovers_without_bpdus_say_nothing_of_the_port() -> None:
    """fl4: 20 s of lost DHCP and a late answer."""
    assert ID not in diagnose(tell(booted(EDK2_DISCOVERS))).all_ids


def test_a_port_that_forwards_is_not_to_blame() -> None:
    assert ID not in diagnose(unanswered(bpdus(-2, 20, FORWARDING))).all_ids
    mixed = in_time(bpdus(-2, 4, DISCARDING), bpdus(6, 20, FORWARDING))
    assert ID not in diagnose(unanswered(mixed)).all_ids, "the last DISCOVER found it open"


@pytest.mark.parametrize("flags", [None, DISCARDING])
def test_other_hosts_frames_show_that_the_port_is_open(flags: int | None) -> None:
    assert ID not in diagnose(unanswered(bpdus(-2, 20, flags), neighbour(5))).all_ids


def test_bpdus_after_the_silence_prove_nothing() -> None:
    assert ID not in diagnose(unanswered(bpdus(20, 40, DISCARDING))).all_ids
    assert ID not in diagnose(unanswered(bpdu(3, DISCARDING))).all_ids, "one is too few"


def test_bpdus_at_another_place_are_another_port_s() -> None:
    assert ID not in diagnose(unanswered(bpdus(-2, 20, DISCARDING, file=1))).all_ids


def test_a_classic_port_that_opens_too_early_is_no_spanning_tree() -> None:
    discovers = together(*(edk2.discover(at=second) for second in (0, 4, 12)))
    answered = together(discovers, dnsmasq.offer(file="x"), edk2.request(at=19), dnsmasq.ack())
    assert ID not in diagnose(tell(in_time(answered, bpdus(-1, 19)))).all_ids


def test_a_client_that_may_still_get_its_answer_is_not_judged() -> None:
    early = together(*(edk2.discover(at=second) for second in (0, 4)))
    assert ID not in diagnose(tell(in_time(early, bpdus(-1, 5)))).all_ids


# Recordings


def test_a_real_port_that_does_not_forward(lab_captures: Path) -> None:
    (verdict,) = of_capture(lab_captures / "fl1_bios_stp.tap.pcap")
    assert (verdict.outcome, verdict.primary, verdict.confidence(ID)) == ("failed", ID, "inferred")
    assert verdict.frames(ID)[-4:] == [2, 7, 10, 14]


def test_a_real_boot_after_lost_discovers(lab_captures: Path) -> None:
    assert [ID for verdict in of_capture(lab_captures / "fl4_ovmf_drop20s_ok.pcap") if ID in verdict.all_ids] == []
