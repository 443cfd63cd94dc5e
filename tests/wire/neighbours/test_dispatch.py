from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pxedebug.errors import MalformedFrame
from pxedebug.wire import neighbours
from pxedebug.wire.neighbours import decode
from tests.wire.neighbours import test_arp, test_bpdu, test_hsrp, test_lacp, test_lldp, test_ndp
from tests.wire.neighbours.frames import ETHERNET, ethernet, ipv4, ipv6, llc, udp

SNAP_CISCO = b"\xaa\xaa\x03\0\0\x0c"
ROUTER_ADVERTISEMENT = ipv6(58, bytes((134,)) + bytes(15) + test_ndp.MTU)
FRAMES = {
    "Arp": ethernet(0x0806, test_arp.WHO_HAS),
    "IcmpError": ethernet(0x0800, ipv4(1, b"\3\3" + bytes(6))),
    "RouterAdvertisement": ethernet(0x86DD, ROUTER_ADVERTISEMENT),
    "RouterSolicitation": ethernet(0x86DD, ipv6(58, b"\x85" + bytes(7))),
    "NeighbourSolicitation": ethernet(0x86DD, ipv6(58, b"\x87" + bytes(23))),
    "NeighbourAdvertisement": ethernet(0x86DD, ipv6(58, b"\x88" + bytes(23))),
    "Bpdu": llc(b"\x42\x42\x03", test_bpdu.configuration(2, 2, 0x3C)),
    "Lacp": ethernet(0x8809, test_lacp.LACPDU),
    "Lldp": ethernet(0x88CC, test_lldp.CHASSIS + test_lldp.PORT),
    "Cdp": llc(SNAP_CISCO + b"\x20\x00", b"\2\xb4\0\0"),
    "Eapol": ethernet(0x888E, b"\1\1\0\0"),
    "Vrrp": ethernet(0x0800, ipv4(112, b"\x21\1\1" + bytes(9))),
    "Hsrp": ethernet(0x0800, ipv4(17, udp(1985, 1985, test_hsrp.VERSION_1))),
    "Igmp": ethernet(0x0800, ipv4(2, b"\x16" + bytes(7))),
}


@pytest.mark.parametrize("kind", FRAMES)
def test_every_kind_of_frame_is_found_with_and_without_the_network_offset(kind: str) -> None:
    frame = FRAMES[kind]
    assert type(decode(frame, ETHERNET, -1)).__name__ == kind
    # The columnar decoder puts the network header of a BPDU at its LLC header and that of CDP behind SNAP.
    network = {"Cdp": 22}.get(kind, 14)
    assert type(decode(frame, ETHERNET, network)).__name__ == kind


@pytest.mark.parametrize("kind", FRAMES)
def test_every_kind_of_frame_is_found_inside_a_mirror_tunnel(kind: str) -> None:
    tunnel = ethernet(0x0800, ipv4(47, b"\x10\0\x88\xbe" + bytes(12)))
    network = len(tunnel) + {"Cdp": 22}.get(kind, 14)
    assert type(decode(tunnel + FRAMES[kind], ETHERNET, network)).__name__ == kind


def test_a_per_vlan_bpdu_with_a_tag() -> None:
    body = test_bpdu.configuration(0, 0, 0) + bytes.fromhex("0000000002000a")
    found = decode(llc(SNAP_CISCO + b"\x01\x0b", body, vlans=(10,)), ETHERNET, -1)
    assert isinstance(found, neighbours.Bpdu)
    assert (found.protocol, found.vlan) == ("pvst", 10)


def test_link_types_without_a_link_header() -> None:
    assert isinstance(decode(ROUTER_ADVERTISEMENT, 101, 0), neighbours.RouterAdvertisement)
    assert isinstance(decode(ROUTER_ADVERTISEMENT, 229, -1), neighbours.RouterAdvertisement)


def test_a_link_type_of_its_own_is_read_at_the_network_offset() -> None:
    wireless = bytes(24) + b"\xaa\xaa\x03\0\0\0\x08\x06" + test_arp.WHO_HAS
    assert isinstance(decode(wireless, 105, 32), neighbours.Arp)
    assert decode(wireless, 105, -1) is None


@pytest.mark.parametrize(
    "frame",
    [
        b"",
        ethernet(0x0800, ipv4(6, bytes(20))),
        ethernet(0x0800, ipv4(17, udp(68, 67, bytes(20)))),
        ethernet(0x0800, ipv4(1, b"\x08" + bytes(7))),
        ethernet(0x86DD, ipv6(58, b"\x80" + bytes(7))),
        ethernet(0x9000, bytes(46)),
    ],
)
def test_other_frames_are_none(frame: bytes) -> None:
    assert decode(frame, ETHERNET, -1) is None


def test_a_later_fragment_is_none() -> None:
    packet = ipv4(2, b"\x16" + bytes(7))
    assert decode(ethernet(0x0800, packet[:6] + b"\0\x20" + packet[8:]), ETHERNET, -1) is None


@given(st.sampled_from(sorted(FRAMES)), st.integers(0, 120), st.binary(max_size=8), st.integers(0, 120))
def test_damaged_frames_give_an_event_none_or_malformed(kind: str, at: int, damage: bytes, end: int) -> None:
    frame = FRAMES[kind]
    frame = (frame[:at] + damage + frame[at + len(damage) :])[:end]
    for network in (-1, 14):
        with contextlib.suppress(MalformedFrame):
            decode(frame, ETHERNET, network)


@given(st.binary(max_size=120), st.sampled_from((0, 1, 12, 101, 105, 108, 113, 228, 229, 276)), st.integers(-1, 130))
def test_any_bytes_give_an_event_none_or_malformed(frame: bytes, link_type: int, network: int) -> None:
    with contextlib.suppress(MalformedFrame):
        decode(frame, link_type, network)


def test_every_protocol_has_a_module_and_a_test_of_its_name() -> None:
    modules = {path.stem for path in Path(neighbours.__file__).parent.glob("*.py")} - {"__init__"}
    tests = {path.stem.removeprefix("test_") for path in Path(__file__).parent.glob("test_*.py")}
    assert modules == tests
