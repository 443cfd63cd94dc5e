"""Where a boot begins and ends, and whose turn each stage is (catalogue 1.2, DESIGN's words `boot` and `stage`)."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pxedebug.capture import open_captures
from pxedebug.errors import CaptureError
from pxedebug.firmware.programs import StageKind
from pxedebug.track import Story, Tracker
from pxedebug.track.story import Exchange
from pxedebug.wire.packet import Packet
from tests.diagnose.ipv6_scenes import ipxe6, ordered
from tests.track.conversation import Told, changed, kinds, methods, mirrored, seconds, tell, together, types, unseen
from tests.track.machines import Machine
from tests.track.programs import (
    dnsmasq,
    edk2,
    edk2_http,
    grub,
    http6,
    intel,
    ipxe,
    ipxe_rom,
    kea,
    linux,
    pxe6,
    pxelinux,
    raspberry,
    u_boot,
)
from tests.track.scene import Scene, Step

KERNEL_AND_INITRD = together(pxelinux.fetch("vmlinuz"), pxelinux.fetch("initrd.img"))


def dora(machine: Machine, at: float, file: str = "boot.efi", wait: float = 0.1) -> Step:
    """A whole DHCP exchange with a fresh xid."""
    return together(
        machine.afresh(at=at), dnsmasq.offer(file=file), machine.request(at=at + wait), dnsmasq.ack()
    )  # fmt: skip


def exchanges(story: Story) -> Iterator[Exchange]:
    for boot in story.boots:
        for stage in boot.stages:
            yield from stage.exchanges
    for other in story.others:
        yield from other.exchanges


# One program, one boot


def test_four_discovers_of_one_schedule_are_one_boot() -> None:
    told = tell(*(intel.discover(at=at, secs=secs) for at, secs in ((0, 4), (4, 4), (12, 12), (28, 28))))
    assert types(told.exchange.messages) == ["DISCOVER"] * 4


def test_u_boot_takes_a_new_xid_for_every_discover_of_one_boot() -> None:
    told = tell(*(u_boot.discover(at=at) for at in (0, 0.25, 0.75, 1.75, 3.75, 5.75)))
    assert [len(exchange.messages) for exchange in told.stage.exchanges] == [1] * 6
    assert kinds(told.boot) == ["u-boot"]


def test_u_boot_that_starts_over_without_an_ack_goes_on_with_its_boot() -> None:
    told = tell(u_boot.discover(at=0), dnsmasq.offer(file="a.img"), u_boot.request(), u_boot.discover(at=5.1))
    assert kinds(told.boot) == ["u-boot"]


def test_the_same_firmware_after_an_ack_is_another_power_on() -> None:
    told = tell(dora(edk2, 0), dora(edk2, 20))
    assert [seconds(boot.started) for boot in told.boots] == [0, 20]


def test_power_cycles_are_boots_of_their_own() -> None:
    told = tell(*(together(dora(edk2, at), edk2.fetch("boot.efi")) for at in (0, 200, 400)))
    assert [kinds(boot) for boot in told.boots] == [["firmware"]] * 3
    assert not any(boot.starts_before_capture for boot in told.boots)


def test_a_schedule_begun_again_after_its_last_wait_is_a_method_begun_again() -> None:
    """Firmware gives up at 60 s and, with one entry in its boot order, starts over at once; secs is 0 throughout."""
    sends = [0, 3.9, 11.9, 27.9, 60, 63.9]
    told = tell(*(edk2.discover(at=at) if at != 60 else edk2.afresh(at=at) for at in sends))
    assert [seconds(boot.started) for boot in told.boots] == [0, 60]


def test_thirty_five_seconds_of_silence_end_an_attempt() -> None:
    assert len(tell(intel.discover(at=0), intel.discover(at=34.9)).boots) == 1
    assert len(tell(intel.discover(at=0), intel.discover(at=35.1)).boots) == 2


def test_secs_that_start_over_begin_a_boot() -> None:
    told = tell(intel.discover(at=0, secs=4), intel.discover(at=4, secs=8), intel.discover(at=16, secs=0))
    assert [seconds(boot.started) for boot in told.boots] == [0, 16]


def test_a_fixed_xid_on_many_machines_joins_nothing() -> None:
    pis = [raspberry.on(f"b8:27:eb:00:00:{number:02x}") for number in range(6)]
    told = tell(*(pi.discover(at=number / 100) for number, pi in enumerate(pis)), *(pi.discover(at=5) for pi in pis))
    assert [boot.client.mac for boot in told.boots] == [pi.mac for pi in pis]
    assert {len(boot.stages[0].exchanges[0].messages) for boot in told.boots} == {2}


def test_interleaved_clients_keep_their_own_stories() -> None:
    bios, uefi = ipxe_rom.on("52:54:00:77:00:10"), edk2
    told = tell(
        bios.discover(at=0), uefi.discover(at=0.01),
        dnsmasq.offer(to=uefi, file="u.efi", gives="10.77.0.20"), dnsmasq.offer(to=bios, file="b.0"),
        bios.discover(at=1), dnsmasq.offer(to=bios, file="b.0"), bios.request(at=3), dnsmasq.ack(to=bios),
        uefi.request(at=3.9), dnsmasq.ack(to=uefi), bios.fetch("b.0"), uefi.fetch("u.efi"),
    )  # fmt: skip
    first, second = told.boots
    assert (first.client.mac, second.client.mac) == (bios.mac, uefi.mac)
    assert [t.file for t in first.stages[0].transfers] == [b"b.0"]
    assert [t.file for t in second.stages[0].transfers] == [b"u.efi", b"u.efi"]


# Firmware walks its entries


def test_firmware_walks_all_four_methods_in_one_boot() -> None:
    told = tell(
        edk2.discover(at=0), edk2.discover(at=3.9), edk2.discover(at=11.9), edk2.discover(at=27.9),
        pxe6.solicit(at=60), pxe6.solicit(at=64.5), pxe6.solicit(at=73.5), pxe6.solicit(at=90.5),
        edk2_http.afresh(at=120), edk2_http.discover(at=123.9), edk2_http.discover(at=131.9),
        edk2_http.discover(at=147.9), http6.solicit(at=180, xid=7),
    )  # fmt: skip
    assert methods(told.boot) == ["pxe-v4", "pxe-v6", "http-v4", "http-v6"]
    assert set(kinds(told.boot)) == {"firmware"}


def test_the_next_walk_over_the_methods_is_the_next_boot() -> None:
    once = together(edk2.afresh(), edk2_http.afresh())
    told = tell(edk2.afresh(at=0), edk2_http.afresh(at=60), edk2.afresh(at=120), edk2_http.afresh(at=180))
    assert [methods(boot) for boot in told.boots] == [["pxe-v4", "http-v4"]] * 2
    assert [methods(boot) for boot in tell(once).boots] == [["pxe-v4", "http-v4"]]


def test_the_next_entry_long_after_is_another_boot() -> None:
    assert len(tell(edk2.discover(at=0), edk2_http.afresh(at=119)).boots) == 1
    assert len(tell(edk2.discover(at=0), edk2_http.afresh(at=125)).boots) == 2


def test_an_address_over_ipv6_is_the_prelude_of_the_solicit_that_boots() -> None:
    told = tell(
        pxe6.solicit_address(at=0), pxe6.advertise(xid=0xC1E115), pxe6.request_address(), pxe6.reply(xid=0xC2E115),
        pxe6.solicit(at=3), pxe6.advertise(url=b"tftp://[fd77::1]/x.efi"), pxe6.request(at=8), pxe6.reply(),
        pxe6.release(at=15), pxe6.reply(xid=0xC5E115),
    )  # fmt: skip
    assert types([m for e in told.stage.exchanges for m in e.messages]) == [
        "SOLICIT", "ADVERTISE", "REQUEST", "REPLY", "SOLICIT", "ADVERTISE", "REQUEST", "REPLY", "RELEASE", "REPLY",
    ]  # fmt: skip
    assert methods(told.boot) == ["pxe-v6"]
    assert seconds(told.boot.started) == 0
    assert not told.others


def test_an_address_over_ipv6_alone_is_no_boot() -> None:
    told = tell(pxe6.solicit_address(at=0), pxe6.advertise(xid=0xC1E115), pxe6.request_address(), pxe6.reply())
    assert told.boots == []
    assert types([m for e in told.others[0].exchanges for m in e.messages]) == [
        "SOLICIT", "ADVERTISE", "REQUEST", "REPLY",
    ]  # fmt: skip


# Stages


def test_firmware_loads_ipxe_that_loads_an_operating_system() -> None:
    told = tell(
        dora(edk2, 0, "ipxe.efi", 3.9), edk2.fetch("ipxe.efi"),
        dora(ipxe, 6, "http://10.77.0.1/boot.ipxe", 3), ipxe.http_get("/boot.ipxe", agent="iPXE/1.21"),
        ipxe.http_get("/vmlinuz", agent="iPXE/1.21"), ipxe.http_get("/initrd.img", agent="iPXE/1.21"),
        dora(linux, 30, ""),
    )  # fmt: skip
    assert kinds(told.boot) == ["firmware", "ipxe", "os"]
    assert [len(stage.transfers) for stage in told.boot.stages] == [2, 3, 0]
    assert told.boot.stages[2].boot is None
    assert told.boot.stages[2].method is None


def test_a_xid_used_before_does_not_tie_a_stage_to_the_one_before() -> None:
    """EFI builds of iPXE repeat their xids between boots and stages."""
    one = together(
        ipxe.afresh(xid=0xDA2A740C), dnsmasq.offer(file="a.efi"), ipxe.request(), dnsmasq.ack(), ipxe.fetch("a.efi")
    )
    told = tell(dora(edk2, 0), edk2.fetch("boot.efi"), one, one)
    assert kinds(told.boot) == ["firmware", "ipxe", "ipxe"]
    assert [len(stage.exchanges[0].messages) for stage in told.boot.stages] == [4, 4, 4]


def test_pxelinux_is_known_by_its_requests() -> None:
    told = tell(
        dora(intel, 0, "pxelinux.0"), intel.fetch("pxelinux.0"), pxelinux.fetch("ldlinux.c32"),
        pxelinux.missing("pxelinux.cfg/01-52-54-00-77-00-20"), pxelinux.fetch("pxelinux.cfg/default"),
        KERNEL_AND_INITRD,
    )  # fmt: skip
    firmware, loader = told.boot.stages
    assert (firmware.kind, loader.kind) == (StageKind.FIRMWARE, StageKind.PXELINUX)
    assert loader.method is None
    assert loader.exchanges == ()
    assert loader.boot is None
    assert [t.file for t in loader.transfers][-2:] == [b"vmlinuz", b"initrd.img"]


def test_grub_is_known_by_its_requests() -> None:
    told = tell(
        dora(edk2, 0, "shimx64.efi"), edk2.fetch("shimx64.efi"), edk2.fetch("grubx64.efi", probe=False),
        grub.fetch("/grub/grub.cfg"), grub.fetch("/vmlinuz"),
    )  # fmt: skip
    assert kinds(told.boot) == ["firmware", "grub"]
    assert [len(stage.transfers) for stage in told.boot.stages] == [3, 2]


def test_a_loader_that_is_handed_to_itself_loops_within_one_boot() -> None:
    turn = together(
        ipxe.afresh(), dnsmasq.offer(file="ipxe.efi"), ipxe.request(), dnsmasq.ack(), ipxe.fetch("ipxe.efi")
    )
    told = tell(dora(edk2, 0, "ipxe.efi"), edk2.fetch("ipxe.efi"), turn, turn, turn)
    assert kinds(told.boot) == ["firmware", "ipxe", "ipxe", "ipxe"]
    assert told.outcome == "failed"


def test_an_ipxe_rom_that_comes_back_after_a_minute_was_power_cycled() -> None:
    turn = together(dnsmasq.offer(file="ipxe.efi"), ipxe_rom.request(), dnsmasq.ack(), ipxe_rom.fetch("ipxe.efi"))
    assert len(tell(ipxe_rom.afresh(at=0), turn, ipxe_rom.afresh(at=18), turn).boots) == 1
    assert len(tell(ipxe_rom.afresh(at=0), turn, ipxe_rom.afresh(at=75), turn).boots) == 2


def test_a_loader_that_was_not_fetched_begins_a_boot_of_its_own() -> None:
    """iPXE from a USB stick, after the firmware's PXE failed."""
    told = tell(edk2.discover(at=0), edk2.discover(at=4), ipxe.afresh(at=20), ipxe.discover(at=21))
    assert [kinds(boot) for boot in told.boots] == [["firmware"], ["ipxe"]]


def test_a_system_that_was_not_fetched_is_no_part_of_the_boot() -> None:
    told = tell(edk2.discover(at=0), edk2.discover(at=4), dora(linux, 30, ""))
    assert kinds(told.boot) == ["firmware"]
    assert types(told.others[0].exchanges[0].messages) == ["DISCOVER", "OFFER", "REQUEST", "ACK"]


def test_a_system_is_awaited_for_ten_minutes_after_its_files() -> None:
    loaded = together(dora(intel, 0, "pxelinux.0"), intel.fetch("pxelinux.0"), KERNEL_AND_INITRD)
    assert kinds(tell(loaded, dora(linux, 595, "")).boot)[-1] == "os"
    late = tell(loaded, dora(linux, 605, ""))
    assert "os" not in kinds(late.boot)
    assert len(late.others) == 1


# Captures that begin in the middle


def test_a_capture_that_begins_with_the_request_knows_it() -> None:
    told = tell(unseen(edk2.discover(at=0), dnsmasq.offer(file="x.efi")), edk2.request(at=4), dnsmasq.ack())
    assert told.boot.starts_before_capture
    assert types(told.exchange.messages) == ["REQUEST", "ACK"]
    assert told.exchange.offers == ()


def test_a_capture_that_begins_with_the_ack_of_a_boot_knows_it() -> None:
    told = tell(
        unseen(edk2.discover(at=0), dnsmasq.offer(file="x.efi"), edk2.request(at=4)),
        dnsmasq.ack(options=[(60, b"PXEClient")]), edk2.fetch("x.efi"),
    )  # fmt: skip
    assert told.boot.starts_before_capture
    assert types(told.exchange.messages) == ["ACK"]
    assert [t.file for t in told.transfers] == [b"x.efi", b"x.efi"]


def test_an_offer_alone_is_a_boot_when_its_class_says_so() -> None:
    boot = tell(unseen(edk2.discover(at=0)), dnsmasq.offer(options=[(60, b"PXEClient")]))
    assert boot.boot.starts_before_capture
    assert boot.boot.client.mac == edk2.mac
    plain = tell(unseen(linux.discover(at=0)), dnsmasq.offer())
    assert plain.boots == []
    assert types(plain.others[0].exchanges[0].messages) == ["OFFER"]


@pytest.mark.parametrize(
    ("program", "file", "kind"),
    [
        (edk2, "snponly.efi", "firmware"),
        (pxelinux, "pxelinux.cfg/default", "pxelinux"),
        (ipxe, "undionly.kpxe", "ipxe"),
    ],
)
def test_a_boot_like_file_opens_a_boot_without_dhcp(program: Machine, file: str, kind: str) -> None:
    told = tell(unseen(dora(program, 0)), program.fetch(file))
    assert told.boot.starts_before_capture
    assert kinds(told.boot) == [kind]
    assert told.stage.exchanges == ()


def test_without_dhcp_the_first_file_asked_for_again_is_another_power_on() -> None:
    boot = together(edk2.fetch("shimx64.efi"), edk2.fetch("grubx64.efi", probe=False), grub.fetch("/vmlinuz"))
    told = tell(unseen(dora(edk2, 0)), boot, together(edk2.fetch("shimx64.efi", at=200), grub.fetch("/vmlinuz")))
    assert [kinds(boot) for boot in told.boots] == [["firmware", "grub"]] * 2


def test_a_switch_that_fetches_its_configuration_does_not_boot() -> None:
    switch = linux.saying(read_options=())
    told = tell(unseen(dora(switch, 0)), switch.fetch("startup.cfg"))
    assert told.boots == []
    assert [t.file for t in told.others[0].transfers] == [b"startup.cfg"]


# Clients that do not boot


def test_running_systems_never_boot() -> None:
    told = tell(
        linux.renew(dnsmasq, at=0), dnsmasq.ack(gives="10.77.0.50"), linux.renew(dnsmasq, at=1800), dnsmasq.ack(),
        linux.inform(at=2000), dnsmasq.ack(gives="0.0.0.0"),
    )  # fmt: skip
    assert told.boots == []
    (other,) = told.others
    assert types([m for e in other.exchanges for m in e.messages]) == ["REQUEST", "ACK"] * 2 + ["INFORM", "ACK"]


def test_a_machine_that_boots_and_later_renews_stands_in_both() -> None:
    told = tell(dora(edk2, 0), edk2.fetch("boot.efi"), linux.renew(dnsmasq, at=3000), dnsmasq.ack())
    assert len(told.boots) == 1
    assert types(told.others[0].exchanges[0].messages) == ["REQUEST", "ACK"]
    assert told.others[0].client.mac == edk2.mac


# Ways back to DISCOVER


def test_a_nak_sends_the_client_back_within_its_boot() -> None:
    told = tell(
        edk2.request(at=0, bare=True, address="10.9.9.9"), dnsmasq.nak(),
        edk2.discover(at=0.1), dnsmasq.offer(file="x.efi"), edk2.request(at=4), dnsmasq.ack(),
    )  # fmt: skip
    assert types([m for e in told.stage.exchanges for m in e.messages]) == [
        "REQUEST", "NAK", "DISCOVER", "OFFER", "REQUEST", "ACK",
    ]  # fmt: skip
    assert told.boot.outcome == "in-progress"


@pytest.mark.parametrize("pause", [0.1, 9.9, 10.5])
def test_a_decline_is_followed_by_a_discover_after_ten_seconds(pause: float) -> None:
    """RFC 2131 section 3.1 (5): the client should wait at least ten seconds."""
    told = tell(
        edk2.discover(at=0), dnsmasq.offer(file="x.efi"), edk2.request(at=4), dnsmasq.ack(),
        edk2.decline(at=5), edk2.discover(at=5 + pause), kea.offer(file="x.efi"), edk2.request(), kea.ack(),
    )  # fmt: skip
    assert types(told.exchange.messages) == [
        "DISCOVER", "OFFER", "REQUEST", "ACK", "DECLINE", "DISCOVER", "OFFER", "REQUEST", "ACK",
    ]  # fmt: skip


def test_a_release_belongs_to_the_stage_whose_lease_it_was() -> None:
    told = tell(dora(edk2, 0), edk2.fetch("boot.efi"), edk2.release(dnsmasq))
    assert kinds(told.boot) == ["firmware"]
    assert types(told.stage.exchanges[-1].messages) == ["RELEASE"]


def test_a_bootp_client_that_names_a_file_boots() -> None:
    told = tell(edk2.bootp(at=0, file=b"vmunix"), dnsmasq.bootreply(file="vmunix"))
    assert types(told.exchange.messages) == ["BOOTREQUEST", "BOOTREPLY"]
    assert told.exchange.complete
    assert methods(told.boot) == ["pxe-v4"]


def test_a_bootp_client_without_a_file_may_be_a_printer() -> None:
    told = tell(edk2.bootp(at=0), dnsmasq.bootreply())
    assert told.boots == []
    assert types(told.others[0].exchanges[0].messages) == ["BOOTREQUEST", "BOOTREPLY"]


# Every frame exactly once

MACHINES = [edk2, ipxe, intel, edk2_http, u_boot, linux, raspberry, edk2.on("52:54:00:77:00:21")]


def _say(draw: st.DrawFn) -> Step:
    machine = draw(st.sampled_from(MACHINES))
    server = draw(st.sampled_from([dnsmasq, kea]))
    gap = draw(st.sampled_from([0.00001, 0.01, 1.0, 4.0, 12.0, 40.0, 130.0, 700.0]))
    step = draw(
        st.sampled_from([
            machine.discover(), machine.afresh(), machine.request(), machine.request(bare=True), machine.bootp(),
            machine.renew(server), machine.inform(), machine.release(server), machine.ask_proxy(server),
            machine.bootp(file=b"boot.0"), server.offer(to=machine, file="x.efi"), server.ack(to=machine),
            server.nak(to=machine), server.proxy_ack(to=machine, file="x.efi"), server.bootreply(to=machine),
            machine.fetch("x.efi"), pxe6.solicit(), pxe6.solicit_address(), pxe6.reply(), pxe6.release(),
        ])
    )  # fmt: skip

    def later(scene: Scene) -> None:
        scene.now += gap
        step(scene)

    return later


@st.composite
def conversations(draw: st.DrawFn) -> list[Step]:
    return [_say(draw) for _ in range(draw(st.integers(1, 25)))]


@given(conversations())
def test_every_dhcp_frame_stands_exactly_once_in_the_story(steps: list[Step]) -> None:
    told = tell(*steps)
    ports = {67, 68, 4011, 546, 547}
    said = [at for at, wire in enumerate(told.wires, 1) if ports & {wire.source_port, wire.target_port}]
    kept = sorted(message.packet.frame for exchange in exchanges(told.story) for message in exchange.messages)
    assert kept == said


@given(conversations())
def test_every_boot_is_whole(steps: list[Step]) -> None:
    """Durations add up, stages lie within their boot, copies name an earlier frame."""
    for boot in tell(*steps).boots:
        parts = boot.durations
        spent = parts.dhcp + parts.proxydhcp + parts.transfer + parts.other
        assert spent == boot.ended - boot.started
        assert min(parts.dhcp, parts.proxydhcp, parts.transfer, parts.other, parts.dhcp_client_wait) >= 0
        assert parts.dhcp_client_wait <= parts.dhcp
        assert boot.stages
        for stage in boot.stages:
            assert boot.started <= stage.started <= stage.ended <= boot.ended


@given(conversations(), st.integers(1, 5))
def test_batches_may_end_anywhere(steps: list[Step], size: int) -> None:
    told = tell(*steps)
    assert outline(Told(told.wires, size=size)) == outline(told)


@given(conversations())
def test_a_mirror_that_shows_every_frame_twice_changes_no_verdict(steps: list[Step]) -> None:
    told, doubled = tell(*steps), tell(*(mirrored(step, after=1e-6) for step in steps))
    assert [kinds(boot) for boot in doubled.boots] == [kinds(boot) for boot in told.boots]
    assert [boot.outcome for boot in doubled.boots] == [boot.outcome for boot in told.boots]


def outline(told: Told) -> list[object]:
    """What the story says, messages by their frames."""
    boots: list[object] = [
        (boot.client, boot.outcome, boot.durations, [(s.kind, s.started, s.ended, s.transfers) for s in boot.stages])
        for boot in told.boots
    ]
    said = [[(m.packet.frame, m.copy_of) for m in exchange.messages] for exchange in exchanges(told.story)]
    return [*boots, *said]


CAPTURES = ("*.pcap", "*.pcapng", "*.cap")


@pytest.mark.parametrize("folder", ["lab_captures", "public_captures"])
def test_every_dhcp_frame_of_real_captures_stands_exactly_once(folder: str, request: pytest.FixtureRequest) -> None:
    root: Path = request.getfixturevalue(folder)
    wrong = {}
    for path in sorted(path for pattern in CAPTURES for path in root.rglob(pattern)):
        heard: list[int] = []

        def note(packet: Packet, _message: object, heard: list[int] = heard) -> None:
            heard.append(packet.frame)

        tracker = Tracker(observe=note)
        with contextlib.suppress(CaptureError):  # what cannot be read is told up to there
            for batch in open_captures([str(path)]):
                tracker.feed(batch)
        kept = sorted(m.packet.frame for exchange in exchanges(tracker.story()) for m in exchange.messages)
        if kept != sorted(heard):
            wrong[path.name] = set(heard) ^ set(kept) or len(kept)
    assert wrong == {}


def test_answers_from_before_the_first_request_belong_to_its_boot() -> None:
    """The capture starts behind the DISCOVER: OFFER, REQUEST and ACK are one exchange of one boot."""
    told = tell(unseen(edk2.discover(at=0)), dnsmasq.offer(file="x.efi"), edk2.request(at=3.9), dnsmasq.ack())
    assert [message.type for message in told.exchange.messages] == ["OFFER", "REQUEST", "ACK"]
    assert told.boot.starts_before_capture
    assert not told.others


def test_an_ack_before_the_request_for_its_file_opens_the_boot() -> None:
    """The capture starts at the ACK."""
    told = tell(
        unseen(edk2.discover(at=0)), unseen(dnsmasq.offer(file="x.efi")), unseen(edk2.request(at=3.9)), dnsmasq.ack(),
        edk2.fetch("x.efi"),
    )  # fmt: skip
    assert told.stage.boot is not None
    assert told.stage.boot.file == b"x.efi"
    assert not told.others


def test_ipxe_asks_over_both_families_at_once_and_boots_over_ipv4() -> None:
    """As where router advertisements have the M flag set: SOLICITs stand between the DISCOVERs."""
    over4 = together(ipxe.discover(at=0), ipxe.discover(at=1), dnsmasq.offer(file="x.0", at=1.1), ipxe.request(at=2))
    told = tell(
        ordered(over4, ipxe6.solicit(at=0.02), ipxe6.solicit(at=0.27), ipxe6.solicit(at=1.3), ipxe6.solicit(at=2.4)),
        dnsmasq.ack(at=2.5), ipxe.fetch("x.0", at=3),
    )  # fmt: skip
    assert kinds(told.boot) == ["ipxe"]
    assert told.boot.stages[0].boot is not None
    assert told.boot.stages[0].boot.file == b"x.0"
    assert told.outcome == "in-progress"
    first6 = tell(
        ordered(ipxe6.solicit(at=0), ipxe6.solicit(at=0.25), ipxe.discover(at=0.3)), dnsmasq.offer(file="x.0")
    )
    assert len(first6.boots) == 1


# A snap length that cuts the options off


def cut(*said: Step, at: int = 96) -> Step:
    return changed(together(*said), snap=at)


def exchange(machine: Machine, at: float = 0) -> Step:
    return together(machine.afresh(at=at), dnsmasq.offer(file="x.efi"), machine.request(at=at + 4), dnsmasq.ack())


@pytest.mark.parametrize("machine", [edk2, ipxe, linux])
def test_options_that_were_cut_off_tell_nobody_who_boots(machine: Machine) -> None:
    told = tell(cut(exchange(machine)), until=60)
    assert (told.boots, len(told.others)) == ([], 1)
    assert [warning.code for warning in told.story.warnings] == ["snap-length", "dhcp-cut"]
    assert told.story.warnings[1].text.startswith("The options of 2 DHCP messages were cut by the snap length")


def test_a_cut_message_is_no_operating_systems() -> None:
    told = tell(cut(exchange(edk2)), edk2.fetch("x.efi"), cut(exchange(edk2, at=6)), until=20)
    assert (kinds(told.boot), told.outcome) == (["firmware"], "in-progress")


def test_a_cut_message_does_not_end_the_boot_that_goes_on() -> None:
    told = tell(exchange(edk2), edk2.fetch("x.efi"), cut(ipxe.afresh(at=7)), until=8)
    assert kinds(told.boot) == ["firmware"]
    later = tell(exchange(edk2), edk2.fetch("x.efi"), cut(ipxe.afresh(at=200)))
    assert len(later.boot.stages) == len(later.others) == 1


def test_who_asks_a_boot_server_boots_whatever_was_cut() -> None:
    told = tell(cut(exchange(edk2)), cut(edk2.ask_proxy(dnsmasq)), until=60)
    assert kinds(told.boot) == ["firmware"]
