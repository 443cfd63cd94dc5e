from __future__ import annotations

from ipaddress import IPv4Address

import pytest

from pxedebug.errors import MalformedFrame
from pxedebug.wire.neighbours import Igmp
from pxedebug.wire.neighbours.igmp import decode_igmp

GROUP = IPv4Address("224.0.1.5")


def test_a_report_and_a_general_query() -> None:
    assert decode_igmp(b"\x16\0\0\0" + GROUP.packed) == Igmp(0x16, GROUP, (GROUP,))
    assert decode_igmp(b"\x11\x64\0\0" + bytes(4)).group == IPv4Address("0.0.0.0")


def test_a_version_3_report_names_several_groups() -> None:
    other = IPv4Address("224.0.0.252")
    with_source_and_data = b"\4\1\0\1" + GROUP.packed + bytes(4) + bytes(4)
    report = b"\x22\0\0\0\0\0\0\2" + with_source_and_data + b"\4\0\0\0" + other.packed
    assert decode_igmp(report) == Igmp(0x22, GROUP, (GROUP, other))


def test_no_more_groups_than_are_there() -> None:
    assert decode_igmp(b"\x22\0\0\0\0\0\xff\xff") == Igmp(0x22, None, ())


def test_a_cut_message_is_malformed() -> None:
    with pytest.raises(MalformedFrame):
        decode_igmp(b"\x16\0\0\0")
