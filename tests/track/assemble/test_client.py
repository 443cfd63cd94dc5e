"""What a boot says of its machine, and when it begins and ends."""

from __future__ import annotations

import pytest

from tests.track.conversation import changed, seconds, tell, unseen
from tests.track.programs import (
    NO_UUID,
    UUID,
    dnsmasq,
    edk2,
    edk2_http,
    intel,
    ipxe,
    kea,
    linux,
    pxe6,
    raspberry,
    relay,
    u_boot,
)


def test_the_first_word_of_the_firmware_counts() -> None:
    told = tell(
        edk2.with_uuid(UUID).discover(at=0), dnsmasq.offer(file="x"), edk2.request(at=4), dnsmasq.ack(),
        edk2.fetch("x"), ipxe.afresh(at=6),
    )  # fmt: skip
    client = told.boot.client
    assert (client.mac, client.uuid, client.architectures) == (edk2.mac, UUID, (7,))
    assert client.vendor_class == b"PXEClient:Arch:00007:UNDI:003000"
    assert client.user_class == b"iPXE"


@pytest.mark.parametrize("uuid", [NO_UUID, b"\xff" * 16])
def test_a_uuid_of_nobody_is_none(uuid: bytes) -> None:
    assert tell(edk2.with_uuid(uuid).discover(at=0)).boot.client.uuid is None


def test_a_client_may_have_several_architectures() -> None:
    options = tuple((93, b"\0\7\0\x10") if code == 93 else (code, value) for code, value in edk2.options)
    assert tell(edk2.saying(options=options).discover(at=0)).boot.client.architectures == (7, 16)


def test_a_client_without_tells_has_none() -> None:
    client = tell(linux.discover(at=0)).others[0].client
    assert (client.architectures, client.vendor_class, client.user_class, client.uuid) == ((), None, None, None)


def test_addresses_are_those_given_for_good_in_order() -> None:
    told = tell(
        edk2.discover(at=0), dnsmasq.offer(file="x"), kea.offer(file="x"), edk2.request(at=4, of=kea), kea.ack(),
        edk2.fetch("x", server="10.77.0.2"), linux.afresh(at=20), dnsmasq.offer(), linux.request(), dnsmasq.ack(),
    )  # fmt: skip
    assert list(map(str, told.boot.client.addresses)) == ["10.77.0.100", "10.77.0.130"]


def test_an_address_that_only_files_show_is_one_too() -> None:
    told = tell(unseen(edk2.discover(at=0), dnsmasq.offer(), edk2.request(), dnsmasq.ack()), edk2.fetch("x.efi"))
    assert list(map(str, told.boot.client.addresses)) == ["10.77.0.130"]


def test_dhcpv6_tells_as_much() -> None:
    told = tell(pxe6.solicit(at=0), pxe6.advertise(), pxe6.request(at=5), pxe6.reply())
    client = told.boot.client
    assert (client.mac, client.duid, client.architectures) == (pxe6.mac, pxe6.duid, (7,))
    assert client.vendor_class == b"PXEClient:Arch:00007:UNDI:003000"
    assert list(map(str, client.addresses)) == ["fd77::100"]


def test_the_relay_and_the_vlans_are_attributes() -> None:
    told = tell(changed(intel.discover(at=0), vlans=(10, 20)), relay.forward(dnsmasq))
    assert str(told.boot.client.relay) == relay.ip
    assert told.boot.client.vlans == (10, 20)


def test_a_client_in_two_vlans_is_one_client() -> None:
    told = tell(changed(intel.discover(at=0), vlans=(10,)), changed(intel.discover(at=4), vlans=(20,)))
    assert len(told.boots) == 1


def test_a_boot_lasts_from_its_first_frame_to_its_last() -> None:
    told = tell(
        edk2.discover(at=1), dnsmasq.offer(file="x"), edk2.request(at=5), dnsmasq.ack(at=6), edk2.rrq("x", at=7)
    )
    assert (seconds(told.boot.started), seconds(told.boot.ended)) == (1, 7)
    assert (seconds(told.stage.started), seconds(told.stage.ended)) == (1, 7)


def test_only_the_operating_system_acts_on_no_boot_file() -> None:
    told = tell(
        edk2.discover(at=0), dnsmasq.offer(file="x"), edk2.request(at=4), dnsmasq.ack(), edk2.fetch("x"),
        linux.afresh(at=20), dnsmasq.offer(file="x"), linux.request(), dnsmasq.ack(),
    )  # fmt: skip
    firmware, system = told.boot.stages
    assert firmware.boot is not None
    assert system.boot is None


@pytest.mark.parametrize(
    ("machine", "kind", "method"),
    [
        (intel, "firmware", "pxe-v4"),
        (edk2, "firmware", "pxe-v4"),
        (edk2_http, "firmware", "http-v4"),
        (ipxe, "ipxe", "pxe-v4"),
        (u_boot, "u-boot", "pxe-v4"),
        (raspberry, "firmware", "pxe-v4"),
    ],
    ids=["intel", "edk2", "edk2-http", "ipxe", "u-boot", "raspberry-pi"],
)
def test_every_program_has_its_kind_and_method(machine: object, kind: str, method: str) -> None:
    programs = {id(program): program for program in (intel, edk2, edk2_http, ipxe, u_boot, raspberry)}
    stage = tell(programs[id(machine)].discover(at=0)).stage
    assert (stage.kind, stage.method) == (kind, method)


def test_boots_come_in_the_order_of_their_start() -> None:
    other = edk2.on("52:54:00:00:00:01")
    told = tell(edk2.discover(at=0), other.discover(at=10), edk2.afresh(at=200), other.afresh(at=100))
    assert [seconds(boot.started) for boot in told.boots] == [0, 10, 100, 200]


def test_the_story_may_be_told_again() -> None:
    story = tell(edk2.discover(at=0), linux.on("52:54:00:00:00:02").discover()).story
    assert list(story.boots) == list(story.boots)
    assert list(story.others) == list(story.others)
    assert len(list(story.others)) == 1
