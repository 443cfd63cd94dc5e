"""Control frames: what a rule reads stays, who sent them does not."""

from __future__ import annotations

from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pxedebug.errors import MalformedFrame
from pxedebug.report.extract.anonymise.control import ControlRewriter
from pxedebug.report.extract.anonymise.identities import Identities
from pxedebug.report.extract.anonymise.names import Names
from pxedebug.wire.neighbours.arp import decode_arp
from pxedebug.wire.neighbours.bpdu import decode_bpdu
from pxedebug.wire.neighbours.cdp import decode_cdp
from pxedebug.wire.neighbours.hsrp import decode_hsrp
from pxedebug.wire.neighbours.lldp import decode_lldp
from tests.report.extract.anonymise.parts import identities

SWITCH = bytes.fromhex("001c5754dd80")
HOST = ip_address("10.77.0.1").packed


def rewriter() -> tuple[ControlRewriter, Identities, Names]:
    who = identities()
    said = Names(who)
    return ControlRewriter(who, said), who, said


def tlv(kind: int, value: bytes) -> bytes:
    return (kind << 9 | len(value)).to_bytes(2) + value


def test_arp() -> None:
    control, who, _ = rewriter()
    old = bytes.fromhex("0001080006040002") + SWITCH + HOST + bytes(6) + HOST + b"padding"
    made = control.arp(old)
    new = decode_arp(made)
    assert new is not None
    assert (new.operation, new.sender_mac, new.target_mac) == (2, who.mac(SWITCH), bytes(6))
    assert new.sender_ip == new.target_ip == ip_address(who.ip(HOST))
    assert made.endswith(bytes(7))


def test_a_bpdu_keeps_its_states_and_timers() -> None:
    control, who, _ = rewriter()
    body = b"\0\0\2\2\x3c" + b"\x80\1" + SWITCH + bytes(4) + b"\x80\1" + SWITCH + b"\x80\7" + b"\0\0\x14\0\2\0\x0f\0\0"
    new = control.bpdu(body)
    assert new == body.replace(SWITCH, who.mac(SWITCH))
    assert decode_bpdu(new) != decode_bpdu(body)
    region = body[:2] + b"\3" + body[3:] + b"\0\0\x40" + b"\0" + b"berlin".ljust(32, b"\0") + b"\0\1" + b"digest" * 3
    tree = region.ljust(93, b"\1") + b"\x80\0" + SWITCH + b"\x14" + b"\x7c\x80\1" + SWITCH + bytes(7)
    made = control.bpdu(tree)
    assert len(made) == len(tree)
    assert b"berlin" not in made
    assert SWITCH not in made


def test_lacp() -> None:
    control, who, _ = rewriter()
    old = b"\1\1\1\x14\x80\0" + SWITCH + bytes(10) + b"\2\x14\x80\0" + SWITCH + bytes(82)
    assert control.slow(old).count(who.mac(SWITCH)) == 2
    with pytest.raises(MalformedFrame):
        control.slow(b"\3" + old[1:])


def test_802_1x_keeps_the_kinds_and_drops_the_identity() -> None:
    assert rewriter()[0].eapol(b"\1\0\0\x0a\2\7\0\x0a\1alice") == b"\1\0\0\x0a\2\7\0\x0a\1" + bytes(5)
    assert rewriter()[0].eapol(b"\1\1\0\0") == b"\1\1\0\0"


def test_what_a_switch_tells_by_lldp() -> None:
    control, who, said = rewriter()
    port, name = tlv(2, b"\5Gi1/0/7"), tlv(5, b"sw-berlin")
    management = tlv(8, b"\5\1" + HOST + b"\2\0\0\0\1\0")
    old = (
        tlv(1, b"\4" + SWITCH)
        + port
        + tlv(3, b"\0\x78")
        + name
        + tlv(127, b"\0\x80\xc2\1\0\x0a")
        + management
        + bytes(9)
    )
    new = control.lldp(old)
    found, before = decode_lldp(new), decode_lldp(old)
    assert found.chassis == who.mac(SWITCH).hex(":")
    assert found.system_name == said.strict(b"sw-berlin").decode()
    assert (found.vlan, found.ttl) == (before.vlan, before.ttl)
    assert who.ip(HOST) in new
    assert len(new) == len(old)


def test_what_a_switch_tells_by_cdp() -> None:
    control, _, said = rewriter()
    old = b"\2\xb4\0\0" + b"\0\1\0\x0dsw-berlin" + b"\0\x0a\0\6\0\x2a" + b"\0\x16\0\x08addr"
    new = decode_cdp(control.cdp(old))
    assert new.device == said.strict(b"sw-berlin").decode()
    assert new.native_vlan == 42
    assert control.cdp(old).endswith(bytes(4))


def test_shared_addresses_without_passwords() -> None:
    control, who, _ = rewriter()
    hsrp = b"\0\0\x10\3\x0a\x64\1\0" + b"cisco\0\0\0" + HOST
    new = decode_hsrp(control.hsrp(hsrp))
    assert new is not None
    assert (new.group, new.priority, new.address) == (1, 100, ip_address(who.ip(HOST)))
    assert b"cisco" not in control.hsrp(hsrp)
    vrrp = b"\x21\1\x64\1\1\1\0\0" + HOST + b"password"
    assert control.vrrp(vrrp, 4) == vrrp[:8] + who.ip(HOST) + bytes(8)


@given(st.binary(max_size=130))
def test_any_bytes_keep_their_length_or_are_refused(data: bytes) -> None:
    control = rewriter()[0]
    for kind in (0x0806, 0x8809, 0x888E, 0x88CC, -1, -2, -3):
        rewrite = control.by_type(kind)
        assert rewrite is not None
        try:
            assert len(rewrite(data)) == len(data)
        except MalformedFrame:
            continue
    assert len(control.hsrp(data)) == len(data)
    assert len(data) < 8 or len(control.vrrp(data, 4)) == len(data)
