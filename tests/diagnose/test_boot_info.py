"""What a stage's boot information says."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Address, IPv4Network

import pytest

from pxedebug.diagnose.boot_info import (
    announced,
    asked_in_vain,
    option_addresses,
    option_text,
    plain_address,
    replies,
    scheme,
    sees_files,
    subnet_of,
    told_by,
    unset_server,
)
from pxedebug.diagnose.case import Case
from pxedebug.diagnose.network import Network
from pxedebug.wire.batch import frame_number
from pxedebug.wire.dhcp import DhcpMessage, build_message, decode_message
from tests.diagnose.bootinfo_scenes import dnsmasq
from tests.track.conversation import Told, port_unreachable, tell, together
from tests.track.machines import Machine
from tests.track.programs import edk2, ipxe_rom, proxy
from tests.track.scene import Options, Step

unset = replace(dnsmasq, siaddr="0.0.0.0")


def leased(file: str = "boot.efi", client: Machine = edk2) -> Step:
    return together(client.discover(at=0), unset.offer(file=file), client.request(at=3.9), unset.ack())


def case(told: Told) -> Case:
    return Case(told.boot, 1, 0)


def message(options: Options = (), address: str = "10.77.0.130") -> DhcpMessage:
    payload = build_message([(53, b"\5"), *options], op=2, chaddr=edk2.mac, xid=1, yiaddr=IPv4Address(address))
    return decode_message(payload)


def test_the_message_that_named_the_file() -> None:
    turn = case(tell(leased())).last
    told = told_by(turn)
    assert told is not None
    assert frame_number(told.packet.frame) == 4
    assert [m.type for m in replies(turn)] == ["OFFER", "ACK"]
    assert told_by(case(tell(edk2.discover(at=0))).last) is None


def test_architectures_are_the_programs_own() -> None:
    options = tuple(option for option in edk2.options if option[0] != 93)
    assert announced(case(tell(edk2.discover())).last) == (7,)
    assert announced(case(tell(edk2.saying(options=options).discover())).last) == (7,)  # by the class's digits
    several = (*options, (93, b"\0\7\0\x10\0"))
    assert announced(case(tell(edk2.saying(options=several).discover())).last) == (7, 16)


@pytest.mark.parametrize(
    ("file", "expected"),
    [(b"HTTP://x/y", "http"), (b"tftp://x", "tftp"), (b"boot/x.efi", ""), (b"C://x", ""), (b"", ""), (b"://x", "")],
)
def test_schemes_of_urls(file: bytes, expected: str) -> None:
    assert scheme(file) == expected


def test_options_of_any_length() -> None:
    dhcp = message(((66, b" host\0\0"), (3, bytes((10, 0, 0, 1, 10, 0, 0))), (6, b"")))
    assert option_text(dhcp, 66) == b"host"
    assert option_addresses(dhcp, 3) == (IPv4Address("10.0.0.1"),)
    assert (option_addresses(dhcp, 6), option_text(dhcp, 67)) == ((), b"")
    assert plain_address(b"10.0.0.1") == IPv4Address("10.0.0.1")
    assert [plain_address(text) for text in (b"", b"host", b"10.0.0.1 ", b"\xff")] == [None] * 4


@pytest.mark.parametrize(
    ("mask", "expected"),
    [
        (b"\xff\xff\xff\0", IPv4Network("10.77.0.0/24")), (b"\xff\xff\xff\xff", IPv4Network("10.77.0.130/32")),
        (b"", None), (b"\0\0\0\xff", None), (b"\xff\0\xff\0", None), (b"\0\0\0\0", None),
    ],
)  # fmt: skip
def test_the_subnet_of_a_lease(mask: bytes, expected: IPv4Network | None) -> None:
    assert subnet_of(message(((1, mask),))) == expected
    assert subnet_of(message(((1, mask),), "0.0.0.0")) is None


def test_one_direction_does_not_show_requests_for_files() -> None:
    told = tell(leased(client=edk2.saying(flags=0)))
    servers = Told([wire for wire in told.wires if wire.source_port == 67])
    assert [sees_files(Network(each.story, each.boots)) for each in (told, servers)] == [True, False]


def test_a_file_without_a_server() -> None:
    assert unset_server(case(tell(leased())).last) is not None
    assert unset_server(case(tell(leased("http://10.77.0.1/x.efi"))).last) is None
    named = together(edk2.discover(), dnsmasq.offer(file="x"), edk2.request(), dnsmasq.ack())
    assert unset_server(case(tell(named)).last) is None


def test_ipxe_takes_the_server_from_another_answer() -> None:
    told = tell(
        ipxe_rom.discover(at=0), dnsmasq.offer(), replace(proxy, siaddr="0.0.0.0").offer(file="x.0"),
        ipxe_rom.request(at=2, of=dnsmasq), dnsmasq.ack(),
    )  # fmt: skip
    assert unset_server(case(told).last) is None


@pytest.mark.parametrize(
    ("step", "until", "requests"),
    [
        (together(), 10, None), (together(), 40, 0), (edk2.rrq("boot.efi"), 6, None),
        (together(edk2.rrq("boot.efi"), port_unreachable()), 5, 1), (edk2.missing("boot.efi"), 40, None),
        (together(*(edk2.rrq("boot.efi", at=4 + 4 * n, again=n > 0) for n in range(4))), 20, 1),
    ],
    ids=["may still ask", "never asks", "just asked", "closed port", "an answer in words", "silence"],
)  # fmt: skip
def test_what_was_asked_in_vain(step: Step, until: float, requests: int | None) -> None:
    unicast = edk2.saying(flags=0)  # its answers show that this capture point sees unicast
    told = tell(leased(client=unicast), step, until=until)
    found = asked_in_vain(case(told), case(told).last, Network(told.story, told.boots))
    assert (None if found is None else len(found)) == requests
