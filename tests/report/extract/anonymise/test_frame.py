"""Link headers."""

from __future__ import annotations

import pytest

from pxedebug.errors import MalformedFrame
from pxedebug.report.extract.anonymise.frame import FrameRewriter
from pxedebug.report.extract.anonymise.identities import Identities
from pxedebug.report.extract.anonymise.names import Names
from tests.report.extract.anonymise.parts import identities, internet
from tests.wire.frame_builders import CLIENT_MAC, SERVER_MAC, ether, ipv4, snap, udp

PACKET = ipv4(udp(b"\0\4\0\1"))


def rewriter() -> tuple[FrameRewriter, Identities]:
    who = identities()
    return FrameRewriter(who, Names(who), {}), who


@pytest.mark.parametrize("vlans", [(), (42,), (42, 7)])
def test_ethernet_with_and_without_tags(vlans: tuple[int, ...]) -> None:
    frames, who = rewriter()
    old = ether(PACKET, vlans=vlans, pad=80)
    size = 14 + 4 * len(vlans)
    new = frames.frame(old, 1)
    assert new[:12] == who.mac(CLIENT_MAC) + who.mac(SERVER_MAC)
    assert new[12:size] == old[12:size]
    assert new[size : size + len(PACKET)] == internet(who).packet(PACKET)
    assert new[size + len(PACKET) :] == bytes(80 - size - len(PACKET))


def test_llc_and_snap() -> None:
    frames, who = rewriter()
    inside = snap(PACKET, 0x0800)
    old = ether(inside, kind=len(inside))
    assert frames.frame(old, 1)[14:] == inside[:8] + internet(who).packet(PACKET)


@pytest.mark.parametrize(
    ("link_type", "head"),
    [(0, b"\2\0\0\0"), (108, b"\0\0\0\2"), (12, b""), (101, b""), (228, b"")],
)
def test_link_types_without_hardware_addresses(link_type: int, head: bytes) -> None:
    frames, who = rewriter()
    assert frames.frame(head + PACKET, link_type) == head + internet(who).packet(PACKET)


def test_cooked_frames_name_the_sender() -> None:
    frames, who = rewriter()
    old = b"\0\0\0\1\0\6" + CLIENT_MAC + b"xx\x08\0"
    assert frames.frame(old + PACKET, 113)[:16] == old[:6] + who.mac(CLIENT_MAC) + b"\0\0\x08\0"
    newer = b"\x08\0\0\0\0\0\0\2\0\1\0\6" + CLIENT_MAC + b"xx"
    assert frames.frame(newer + PACKET, 276)[:20] == newer[:12] + who.mac(CLIENT_MAC) + b"\0\0"


@pytest.mark.parametrize(
    ("frame", "link_type"),
    [(b"", 1), (ether(b"pppoe", kind=0x8864), 1), (ether(PACKET)[:20], 1), (PACKET, 105), (PACKET, 147), (b"", 101)],
)
def test_what_is_not_understood_is_refused(frame: bytes, link_type: int) -> None:
    with pytest.raises(MalformedFrame):
        rewriter()[0].frame(frame, link_type)


def test_tunnels_in_tunnels_come_to_an_end() -> None:
    frame = ether(PACKET)
    for _ in range(6):
        frame = ether(ipv4(b"\0\0\x65\x58" + frame, protocol=47))
    with pytest.raises(MalformedFrame):
        rewriter()[0].frame(frame, 1)
