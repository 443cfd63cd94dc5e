"""ICMP, ICMPv6 and IGMP."""

from __future__ import annotations

from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pxedebug.errors import MalformedFrame
from pxedebug.report.extract.anonymise.icmp import rewrite_icmp, rewrite_icmp6, rewrite_igmp
from pxedebug.report.extract.anonymise.identities import Identities
from pxedebug.report.extract.anonymise.names import Names
from tests.report.extract.anonymise.parts import identities

MAC = bytes.fromhex("525400770020")
HOST, HOST6 = ip_address("10.77.0.1").packed, ip_address("fd00:77::5").packed


def quoted(data: bytes) -> bytes:
    return b"q" * len(data)


def six(body: bytes, who: Identities) -> bytes:
    return rewrite_icmp6(body, who, Names(who), quoted)


def test_an_error_quotes_the_replaced_packet_and_an_echo_carries_zeros() -> None:
    who = identities()
    assert rewrite_icmp(b"\3\3\0\0\0\0\5\xdcpacket", who, quoted) == b"\3\3\0\0\0\0\5\xdcqqqqqq"
    assert rewrite_icmp(b"\x08\0\0\0\0\1\0\2secret", who, quoted) == b"\x08\0\0\0\0\1\0\2" + bytes(6)
    assert rewrite_icmp(b"\5\1\0\0" + HOST + b"p", who, quoted) == b"\5\1\0\0" + who.ip(HOST) + b"q"


def test_a_router_s_advertisement_keeps_flags_lifetimes_and_prefix_length() -> None:
    who = identities()
    prefix = b"\3\4\x40\xc0" + b"\0\0\1\0" * 2 + bytes(4) + ip_address("fd00:77::").packed
    new = six(b"\x86\0\0\0\x40\xc0\7\x08" + bytes(8) + b"\1\1" + MAC + b"\5\1\0\0\0\0\5\xdc" + prefix, who)
    assert new[:16] == b"\x86\0\0\0\x40\xc0\7\x08" + bytes(8)
    assert new[16:32] == b"\1\1" + who.mac(MAC) + b"\5\1\0\0\0\0\5\xdc"
    assert new[32:48] == prefix[:16]
    assert new[48:56] == who.ip(HOST6)[:8]
    assert new[56:] == bytes(8)


def test_neighbour_discovery_and_listeners() -> None:
    who = identities()
    assert six(b"\x87\0\0\0\0\0\0\0" + HOST6 + b"\1\1" + MAC, who) == (
        b"\x87\0\0\0\0\0\0\0" + who.ip(HOST6) + b"\1\1" + who.mac(MAC)
    )
    group = ip_address("ff02::1:ff00:5").packed
    assert six(b"\x8f\0\0\0\0\0\0\1" + b"\4\0\0\0" + group, who)[12:] == who.ip(group)


def test_igmp_s_groups_stay_and_its_sources_do_not() -> None:
    who = identities()
    group = ip_address("239.1.2.3").packed
    assert rewrite_igmp(b"\x16\0\0\0" + group, who) == b"\x16\0\0\0" + group
    report = b"\x22\0\0\0\0\0\0\1" + b"\1\0\0\1" + group + HOST
    assert rewrite_igmp(report, who) == report[:-4] + who.ip(HOST)


@pytest.mark.parametrize("body", [b"", b"\3\3\0\0"])
def test_cut_messages_are_refused(body: bytes) -> None:
    who = identities()
    for rewrite in (lambda: rewrite_icmp(body, who, quoted), lambda: six(body, who), lambda: rewrite_igmp(body, who)):
        with pytest.raises(MalformedFrame):
            rewrite()


@given(
    st.sampled_from((0x11, 0x22, 0x80, 130, 133, 134, 135, 136, 137, 143, 1, 3, 5)), st.binary(min_size=7, max_size=120)
)
def test_any_message_keeps_its_length_or_is_refused(kind: int, rest: bytes) -> None:
    who, body = identities(), bytes((kind,)) + rest
    assert len(rewrite_icmp(body, who, quoted)) == len(rewrite_igmp(body, who)) == len(body)
    try:
        assert len(six(body, who)) == len(body)
    except MalformedFrame:
        assert 133 <= kind <= 137
