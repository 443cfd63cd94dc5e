from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pxedebug.wire.tftp import Multicast, parse_multicast


def test_the_first_acknowledgement_names_address_port_and_master() -> None:
    assert parse_multicast(b"224.0.1.5,1758,1") == Multicast(IPv4Address("224.0.1.5"), 1758, master=True)
    assert parse_multicast(b"ff02::5,1758,0") == Multicast(IPv6Address("ff02::5"), 1758, master=False)


def test_a_later_one_may_leave_address_and_port_out() -> None:
    assert parse_multicast(b",,1") == Multicast(None, None, master=True)


@pytest.mark.parametrize("value", [b"", b"1", b"224.0.1.5,1758,2", b"host,1,1", b",x,1", b",999999,1", b"a,b,c,d"])
def test_other_values_are_none(value: bytes) -> None:
    assert parse_multicast(value) is None


@given(st.binary(max_size=30) | st.binary(max_size=20).map(lambda data: data + b",1,1"))
def test_any_bytes_give_a_value_or_none(value: bytes) -> None:
    parse_multicast(value)
