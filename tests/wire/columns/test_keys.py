from __future__ import annotations

from ipaddress import IPv6Address

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pxedebug.wire.columns.keys import endpoint_key, fold, ipv6_endpoint

words = st.integers(0, 2**64 - 1)


def test_an_ipv4_key_is_address_and_port() -> None:
    assert endpoint_key(bytes([192, 0, 2, 1]), 69) == 0xC000_0201_0045


@given(words, words, st.integers(0, 65535))
def test_arrays_and_integers_agree(high: int, low: int, port: int) -> None:
    address = high.to_bytes(8, "big") + low.to_bytes(8, "big")
    arrays = [np.array([value], np.uint64) for value in (high, low, port)]
    assert ipv6_endpoint(fold(arrays[0], arrays[1]), arrays[2]).tolist() == [endpoint_key(address, port)]


@given(words, words, st.integers(0, 65535))
def test_an_ipv6_key_has_the_top_bit_and_the_port(high: int, low: int, port: int) -> None:
    key = endpoint_key(high.to_bytes(8, "big") + low.to_bytes(8, "big"), port)
    assert key >> 63 == 1
    assert key & 0xFFFF == port


def test_near_addresses_have_different_keys() -> None:
    base = int(IPv6Address("2001:db8::"))
    keys = {endpoint_key((base + (step << shift)).to_bytes(16, "big"), 69) for step in range(512) for shift in (0, 64)}
    assert len(keys) == 1023
