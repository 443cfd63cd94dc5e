"""What a silent client was waiting for, just before and just after its own clock runs out (catalogue 1.3 and 3)."""

from __future__ import annotations

import pytest

from pxedebug.firmware import Phase, schedule
from pxedebug.firmware.programs import Program
from tests.diagnose.ipv6_scenes import boot6
from tests.track.conversation import arp_reply, changed, port_unreachable, tell, together, unseen
from tests.track.machines import Machine, tftp_reply
from tests.track.programs import (
    dnsmasq,
    edk2,
    edk2_http,
    grub,
    http6,
    intel,
    ipxe,
    ipxe_rom,
    proxy,
    pxe6,
    pxelinux,
    u_boot,
)
from tests.track.scene import Step

EPSILON = 0.01


def leased(machine: Machine, at: float = 0, file: str = "boot.efi") -> Step:
    """A whole exchange; the ACK at `at` plus 4 s."""
    return together(
        machine.discover(at=at), dnsmasq.offer(file=file), machine.request(at=at + 3.99), dnsmasq.ack(at=at + 4)
    )


def other_traffic() -> Step:
    """Frames that no filter on DHCP's ports lets through."""
    return together(edk2.on("52:54:00:00:99:99").arp("10.77.0.9", at=0))


# DISCOVER without an OFFER


@pytest.mark.parametrize(
    ("machine", "program"),
    [
        (intel, Program.INTEL_ROM), (edk2, Program.EDK2), (edk2_http, Program.EDK2_HTTP), (ipxe, Program.IPXE),
        (u_boot, Program.U_BOOT),
    ],
)  # fmt: skip
def test_discovers_without_an_offer(machine: Machine, program: Program) -> None:
    plan = schedule(program, Phase.DISCOVER)
    sends = [machine.discover(at=at) for at in plan.sends]
    assert plan.gives_up is not None
    assert tell(sends[0]).outcome == "in-progress"
    assert tell(*sends[:2]).outcome == "stalled"
    assert tell(*sends[:-1]).outcome == "stalled"
    assert tell(*sends).outcome == "failed", "the full count suffices: recordings stop right after the last send"
    assert tell(*sends[:2]).after(plan.gives_up - EPSILON).outcome == "stalled"
    assert tell(*sends[:2]).after(plan.gives_up).outcome == "failed"


def test_a_program_of_unknown_clock_needs_three_sends_over_ten_seconds() -> None:
    unknown = intel.saying(options=((60, b"PXEClient"),))
    assert tell(*(unknown.discover(at=at) for at in (0, 4, 9.9))).outcome == "stalled"
    assert tell(*(unknown.discover(at=at) for at in (0, 4, 10))).outcome == "failed"


def test_solicits_without_an_advertise() -> None:
    sends = [pxe6.solicit(at=at) for at in (0, 4.5, 13.5, 30.5)]
    assert [tell(*sends[:count]).outcome for count in (1, 2, 3, 4)] == ["in-progress", "stalled", "stalled", "failed"]
    assert tell(*sends[:2]).after(59.9).outcome == "stalled"
    assert tell(*sends[:2]).after(60).outcome == "failed"


def test_the_exchange_that_configures_an_address_is_no_try_of_the_one_that_boots() -> None:
    address = together(
        pxe6.solicit_address(at=0), pxe6.advertise(xid=0xC1E115), pxe6.request_address(), pxe6.reply(xid=0xC2E115)
    )
    assert tell(address, pxe6.solicit(at=50)).after(62).outcome == "in-progress"


def test_bootp_requests_without_a_reply() -> None:
    sends = [intel.bootp(at=at, file=b"boot.0") for at in (0, 4, 12)]
    assert [tell(*sends[:count]).outcome for count in (1, 2, 3)] == ["in-progress", "stalled", "failed"]


# DISCOVER with OFFERs


def test_an_offer_in_hand_is_no_stall_while_others_are_collected() -> None:
    """EDK2 waits out its window, up to 32 s in the fourth (B-02)."""
    lost = [edk2.discover(at=at) for at in (0, 3.9, 11.9, 27.9)]
    told = tell(*lost, dnsmasq.offer(at=28, file="x.efi"))
    assert told.outcome == "in-progress"
    assert told.after(59.9).outcome == "in-progress"
    assert told.after(60).outcome == "failed"


def test_ipxe_sends_a_second_discover_with_an_offer_in_hand() -> None:
    told = tell(ipxe.discover(at=0), dnsmasq.offer(file="a"), ipxe.discover(at=1), dnsmasq.offer(file="a"))
    assert told.outcome == "in-progress"
    assert told.after(2.9).outcome == "in-progress"
    assert told.after(3.1).outcome == "stalled", "the third send is due: the offers were not taken"


def test_offers_that_firmware_cannot_use_are_no_offers() -> None:
    """EDK2 never REQUESTs an offer without a boot file [measured]."""
    rounds = [together(edk2.discover(at=at), dnsmasq.offer()) for at in (0, 3.9, 11.9, 27.9)]
    assert tell(*rounds[:1]).outcome == "in-progress"
    assert tell(*rounds[:2]).outcome == "stalled"
    assert tell(*rounds).outcome == "failed"


# REQUEST


@pytest.mark.parametrize(
    ("machine", "program"), [(intel, Program.INTEL_ROM), (edk2, Program.EDK2), (ipxe, Program.IPXE)]
)
def test_requests_without_an_ack(machine: Machine, program: Program) -> None:
    plan = schedule(program, Phase.REQUEST)
    heard = together(other_traffic(), machine.discover(at=0), dnsmasq.offer(at=0.1, file="x.efi"))
    sends = [machine.request(at=4 + at) for at in plan.sends]
    assert plan.gives_up is not None
    assert tell(heard, sends[0]).outcome == "in-progress"
    assert tell(heard, *sends[:-1]).outcome == "stalled"
    assert tell(heard, *sends).outcome == "failed"
    assert tell(heard, *sends[:2]).after(4 + plan.gives_up - EPSILON).outcome == "stalled"
    assert tell(heard, *sends[:2]).after(4 + plan.gives_up).outcome == "failed"


def test_requests_before_a_nak_do_not_count_for_those_after_it() -> None:
    told = tell(
        edk2.request(at=0, bare=True, address="10.9.9.9"), edk2.request(at=4, bare=True, address="10.9.9.9"),
        dnsmasq.nak(at=29), edk2.discover(at=30), dnsmasq.offer(file="x.efi"), edk2.request(at=61),
    )  # fmt: skip
    assert told.after(62).outcome == "in-progress"


def test_u_boot_counts_from_its_first_discover_through_all_restarts() -> None:
    turns = [together(u_boot.discover(at=at), dnsmasq.offer(file="a"), u_boot.request()) for at in (0, 5.1, 10.2)]
    assert tell(*turns).outcome == "stalled"
    assert tell(*turns).after(29).outcome == "stalled"
    assert tell(*turns).after(30.1).outcome == "failed"


def test_a_nak_ends_the_boot_unless_the_client_starts_over() -> None:
    refused = together(edk2.discover(at=0), dnsmasq.offer(file="x.efi"), edk2.request(at=4), dnsmasq.nak())
    assert tell(refused).outcome == "failed"
    assert tell(refused, edk2.discover(at=5)).outcome == "in-progress"


def test_a_nak_for_an_old_lease_is_no_failure() -> None:
    """INIT-REBOOT (B-06)."""
    old = together(ipxe.request(at=0, bare=True, address="10.9.9.9"), dnsmasq.nak())
    told = tell(old, ipxe.discover(at=0.2), dnsmasq.offer(file="a"), ipxe.request(at=2), dnsmasq.ack())
    assert told.outcome == "in-progress"


def test_a_declined_address_is_waited_out_and_then_the_end() -> None:
    told = tell(leased(edk2), edk2.decline(at=5))
    assert told.after(24.9).outcome == "in-progress"
    assert told.after(25.1).outcome == "failed"
    assert tell(leased(edk2), edk2.decline(at=5), edk2.discover(at=15.5)).after(16).outcome == "in-progress"


# After the ACK


def test_silence_after_the_ack_is_a_stall_where_the_capture_would_show_files() -> None:
    told = tell(other_traffic(), leased(ipxe.saying(flags=0)))
    assert told.after(24).outcome == "in-progress", "iPXE is silent for up to 16 s"
    assert told.after(24.1).outcome == "stalled"


def test_silence_after_the_ack_says_nothing_where_only_broadcast_shows() -> None:
    told = tell(other_traffic(), leased(edk2))
    assert told.after(24).outcome == "in-progress"
    assert told.after(24.1).outcome == "inconclusive"


def test_silence_after_the_ack_says_nothing_behind_a_filter_on_dhcp_ports() -> None:
    """Unicast answers show, but nothing besides DHCP does (V3)."""
    assert tell(leased(ipxe)).after(60).outcome == "inconclusive"


def test_a_lone_request_says_nothing_where_only_broadcast_shows() -> None:
    told = tell(edk2.discover(at=0), unseen(dnsmasq.offer(file="x.efi")), edk2.request(at=3.9), unseen(dnsmasq.ack()))
    assert told.after(13.8).outcome == "in-progress"
    assert told.after(14).outcome == "inconclusive"


def test_repeated_discovers_fail_even_where_only_broadcast_shows() -> None:
    """V1: the client's own broadcasts prove that no usable offer reached it."""
    assert tell(*(edk2.discover(at=at) for at in (0, 3.9, 11.9, 27.9))).outcome == "failed"


# Port 4011


@pytest.mark.parametrize(
    ("machine", "item", "program", "phase"),
    [
        (edk2, b"", Program.EDK2, Phase.PROXY),
        (edk2, b"\x80\x00\x00\x00", Program.EDK2, Phase.BOOT_SERVER),
        (ipxe_rom.saying(proxy_xid=None), b"", Program.IPXE, Phase.PROXY),
        (ipxe_rom, b"\x80\x00\x00\x00", Program.IPXE, Phase.BOOT_SERVER),
    ],
)
def test_port_4011_without_an_answer(machine: Machine, item: bytes, program: Program, phase: Phase) -> None:
    plan = schedule(program, phase)
    begun = together(
        machine.discover(at=0), proxy.offer(), dnsmasq.offer(), machine.request(at=4, of=dnsmasq), dnsmasq.ack()
    )
    sends = [machine.ask_proxy(proxy, at=5 + at, item=item, again=at > 0) for at in plan.sends]
    assert plan.gives_up is not None
    assert tell(begun, sends[0]).outcome == "in-progress"
    assert tell(begun, *sends).outcome == "failed"
    assert tell(begun, sends[0]).after(5 + plan.gives_up - EPSILON).outcome == "in-progress"
    assert tell(begun, sends[0]).after(5 + plan.gives_up).outcome == "failed"


def test_the_second_request_to_port_4011_is_judged_by_itself() -> None:
    """A menu: the first exchange fetches it, the second asks for the item that was picked."""
    begun = together(edk2.discover(at=0), proxy.offer(), dnsmasq.offer(), edk2.request(at=4, of=dnsmasq), dnsmasq.ack())
    first = together(edk2.ask_proxy(proxy, at=5), proxy.proxy_ack())
    item = b"\x80\x00\x00\x00"
    seconds = [edk2.ask_proxy(proxy, at=8 + at, item=item, again=at > 0) for at in (0, 1, 3, 6)]
    assert tell(begun, first).outcome == "in-progress"
    assert tell(begun, first, *seconds[:2]).outcome == "stalled"
    assert tell(begun, first, *seconds).outcome == "failed"


# Files


@pytest.mark.parametrize(
    ("machine", "program"),
    [(edk2, Program.EDK2), (ipxe, Program.IPXE), (u_boot, Program.U_BOOT)],
)
def test_read_requests_without_an_answer(machine: Machine, program: Program) -> None:
    plan = schedule(program, Phase.TFTP_REQUEST)
    begun = together(other_traffic(), leased(machine))
    sends = [machine.rrq("boot.efi", at=5 + at, again=at > 0) for at in plan.sends]
    assert plan.gives_up is not None
    assert tell(begun, sends[0]).outcome == "in-progress"
    assert tell(begun, *sends[:-1]).outcome == "stalled"
    assert tell(begun, *sends).outcome == "failed"
    assert tell(begun, *sends[:2]).after(5 + plan.gives_up - EPSILON).outcome == "stalled"
    assert tell(begun, *sends[:2]).after(5 + plan.gives_up).outcome == "failed"


def test_the_intel_rom_gives_up_after_a_minute() -> None:
    sends = [intel.rrq("boot.0", at=5 + at, again=at > 0) for at in (0, 4, 12)]
    told = tell(other_traffic(), leased(intel), *sends)
    assert told.outcome == "stalled"
    assert told.after(64.9).outcome == "stalled"
    assert told.after(65).outcome == "failed"


def test_a_new_port_for_every_try_is_one_row_of_tries() -> None:
    told = tell(other_traffic(), leased(edk2), *(edk2.rrq("boot.efi", at=5 + 4 * n) for n in range(6)))
    assert len(told.transfers) == 6
    assert told.outcome == "failed"


def test_a_request_behind_a_filter_on_ports_is_unseen() -> None:
    """`port 67 or 68 or 69` shows requests and no data (V3)."""
    told = tell(leased(edk2), edk2.rrq("boot.efi"), until=60)
    assert [str(t.status) for t in told.transfers] == ["unseen"]
    assert told.outcome == "inconclusive"


def test_an_error_of_the_server_ends_the_boot() -> None:
    assert tell(leased(edk2), edk2.missing("boot.efi")).outcome == "failed"


def test_an_unreachable_port_ends_the_boot() -> None:
    assert tell(leased(edk2), edk2.rrq("boot.efi"), port_unreachable()).outcome == "failed"


def test_a_configuration_search_goes_on_after_a_miss() -> None:
    loaded = together(leased(intel, file="pxelinux.0"), intel.fetch("pxelinux.0", at=5), pxelinux.fetch("ldlinux.c32"))
    miss = tell(loaded, pxelinux.missing("pxelinux.cfg/01-52-54-00-77-00-20", at=6))
    assert miss.outcome == "in-progress"
    assert miss.after(15.9).outcome == "in-progress"
    assert miss.after(16.1).outcome == "stalled"
    assert tell(loaded, pxelinux.missing("pxelinux.cfg/default")).outcome == "failed"


def test_an_empty_boot_program_is_the_end() -> None:
    told = tell(leased(ipxe), ipxe.rrq("boot.efi"), tftp_reply(b"\0\3\0\1"), ipxe.acknowledge(1), until=10)
    assert [str(t.status) for t in told.transfers] == ["complete"]
    assert told.outcome == "failed"


def test_a_boot_program_delivered_is_in_progress() -> None:
    told = tell(leased(edk2), edk2.fetch("boot.efi"))
    assert told.outcome == "in-progress"


def test_a_size_probe_that_nothing_follows_stalls() -> None:
    told = tell(other_traffic(), leased(edk2), edk2.probe("boot.efi", at=5))
    assert told.outcome == "in-progress"
    assert told.after(14.9).outcome == "in-progress"
    assert told.after(15.1).outcome == "stalled"


def test_a_transfer_that_falls_silent_stalls_and_then_fails() -> None:
    """10 s of silence are a stall; EDK2 repeats its ACK for 24 s."""
    begun = together(
        leased(edk2), edk2.rrq("boot.efi", at=5), tftp_reply(b"\0\3\0\1" + bytes(512)), edk2.acknowledge(1)
    )
    told = tell(begun)
    assert told.outcome == "in-progress"
    assert told.after(15).outcome == "in-progress"
    assert told.after(15.1).outcome == "stalled"
    assert told.after(29).outcome == "stalled"
    assert told.after(29.1).outcome == "failed"


def test_connections_without_an_answer() -> None:
    begun = together(
        edk2_http.discover(at=0), dnsmasq.offer(file="http://10.77.0.1/a.efi", options=[(60, b"HTTPClient")])
    )
    told = tell(
        begun, edk2_http.request(at=4), dnsmasq.ack(), edk2_http.syn(at=5), edk2_http.syn(at=6, again=True),
        edk2_http.syn(at=8, again=True),
    )  # fmt: skip
    assert told.outcome == "stalled"
    assert told.after(79.9).outcome == "stalled"
    assert told.after(80).outcome == "failed"
    assert (
        tell(begun, edk2_http.request(at=4), dnsmasq.ack(), edk2_http.syn(at=5), edk2_http.reset()).outcome == "failed"
    )


# ARP


def test_an_address_that_nobody_has() -> None:
    begun = together(leased(edk2), *(edk2.arp("10.77.0.66", at=5 + n / 2) for n in range(2)))
    assert tell(begun).outcome == "in-progress"
    assert tell(begun, edk2.arp("10.77.0.66", at=6)).outcome == "stalled"
    assert tell(begun, *(edk2.arp("10.77.0.66", at=6 + n) for n in range(3))).outcome == "failed"


def test_an_address_that_answers_in_the_end() -> None:
    asked = [edk2.arp("10.77.0.1", at=5 + n) for n in range(6)]
    assert tell(leased(edk2), *asked, arp_reply("10.77.0.1", edk2)).outcome == "in-progress"


def test_arp_of_another_machine_says_nothing_about_this_one() -> None:
    stranger = edk2.on("52:54:00:00:00:01")
    asked = [stranger.arp("10.77.0.66", at=5 + n, sender="10.77.0.9") for n in range(9)]
    assert tell(leased(edk2), *asked).outcome == "in-progress"


def test_a_check_for_an_address_conflict_is_no_search() -> None:
    assert tell(leased(edk2), *(edk2.arp("10.77.0.130", at=5 + n, sender="0.0.0.0") for n in range(6))).outcome == (
        "in-progress"
    )


# The end of a menu


def test_http_boot_over_ipv6_is_not_judged_after_its_reply() -> None:
    told = tell(http6.solicit(at=0), http6.advertise(), http6.request(at=5), http6.reply())
    assert told.after(60).outcome == "inconclusive"


def test_grub_asks_forty_times() -> None:
    begun = together(
        other_traffic(),
        leased(edk2, file="grubx64.efi"),
        edk2.fetch("grubx64.efi", at=5),
        grub.fetch("/grub.cfg", at=6),
    )
    plan = schedule(Program.GRUB, Phase.TFTP_REQUEST)
    sends = [grub.rrq("/vmlinuz", at=7 + at, again=at > 0) for at in plan.sends]
    assert len(sends) == 40
    assert tell(begun, *sends[:39]).outcome == "stalled"
    assert tell(begun, *sends).outcome == "failed"


# Answers that the client passes over


def test_a_client_that_goes_on_asking_was_not_answered() -> None:
    replies = [step for at in (0, 3.9, 11.9, 27.9) for step in (edk2.discover(at=at), dnsmasq.bootreply())]
    assert tell(*replies, until=90).outcome == "failed"
    acks = [step for at in (4, 8, 16, 32) for step in (edk2.request(at=at), dnsmasq.ack())]
    assert tell(edk2.discover(at=0), dnsmasq.offer(file="x"), *acks, until=100).outcome == "failed"


def test_one_repeat_may_have_crossed_the_answer() -> None:
    told = tell(edk2.discover(at=0), dnsmasq.offer(file="x"), edk2.request(at=4), dnsmasq.ack(), edk2.request(at=8),
                dnsmasq.ack(), until=10)  # fmt: skip
    assert told.outcome == "in-progress"


def test_a_discover_to_port_4011_after_the_ack() -> None:
    """Whatever it is, it is no part of a schedule."""
    stray = changed(edk2.discover(at=6), target_port=4011)
    told = tell(edk2.discover(at=0), dnsmasq.offer(file="x"), edk2.request(at=4), dnsmasq.ack(), stray, until=90)
    assert told.outcome == "inconclusive"


# Refusals over DHCPv6


def refused6(*times: float) -> Step:
    """REQUESTs at these times, each refused (RFC 8415 section 21.13)."""
    return together(*(step for at in times for step in (boot6.request(at=at), boot6.refuse())))


def test_a_reply_that_refuses_is_no_grant() -> None:
    begun = together(boot6.solicit(at=0), boot6.advertise())
    assert tell(begun, refused6(5)).outcome == "in-progress"
    assert tell(begun, refused6(5, 7, 10, 15)).outcome == "failed", "EDK2 sends no more than four [measured]"
    assert tell(begun, refused6(5), boot6.request(at=7), boot6.reply()).after(26).outcome == "in-progress"


def test_a_refusal_takes_back_what_the_first_exchange_gave() -> None:
    address = together(
        boot6.solicit_address(at=0), boot6.advertise(xid=0xC1E115), boot6.request_address(), boot6.reply(xid=0xC2E115)
    )
    assert tell(address, boot6.solicit(at=3), boot6.advertise(), refused6(8, 10, 13, 18)).outcome == "failed"


def test_a_release_that_is_refused_takes_nothing_back() -> None:
    whole = together(boot6.solicit(at=0), boot6.advertise(), boot6.request(at=5), boot6.reply())
    parted = tell(whole, boot6.release(at=13), boot6.refuse(code=3, xid=0xC5E115))
    assert parted.outcome == "in-progress"
    assert parted.after(34).outcome == "inconclusive", "what follows a REPLY is not judged yet"


def test_advertisements_that_refuse_are_not_collected() -> None:
    tries = [step for at in (0, 4.5, 13.5, 30.5) for step in (pxe6.solicit(at=at), boot6.refuse(kind=2, xid=0xC3E115))]
    assert tell(*tries[:2]).outcome == "in-progress"
    assert tell(*tries[:4]).outcome == "stalled"
    assert tell(*tries).outcome == "failed"
