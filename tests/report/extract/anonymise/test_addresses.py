"""Addresses: networks stay networks, ranges ranges, and every text keeps its length."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.report.extract.anonymise.parts import identities

V4 = st.integers(1, 0xDFFFFFFF).map(lambda number: IPv4Address(number).packed)


def replaced(*addresses: str, mask: str = "255.255.255.0") -> list[str]:
    who = identities()
    who.addresses.prefixes.add_mask(ip_address(mask).packed)
    return [str(ip_address(who.ip(ip_address(address).packed))) for address in addresses]


@pytest.mark.parametrize(
    "address",
    ["0.0.0.0", "255.255.255.255", "127.0.0.1", "224.0.1.2", "239.255.1.1", "::", "::1", "ff02::1", "ff02::1:2"],
)
def test_addresses_of_nobody_stay(address: str) -> None:
    assert replaced(address) == [address]


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("10.1.2.3", "10.0.0.0/8"), ("172.20.3.4", "172.16.0.0/12"), ("172.17.0.5", "172.17.0.0/16"),
        ("192.168.1.1", "192.168.0.0/16"), ("192.168.65.7", "192.168.65.0/24"), ("169.254.7.8", "169.254.0.0/16"),
        ("100.64.3.4", "100.64.0.0/10"), ("fe80::1234", "fe80::/64"), ("fd12:3456::7", "fd00::/8"),
        ("2001:db8::77", "2000::/4"),
    ],
)  # fmt: skip
def test_a_special_range_is_kept_and_the_address_is_another(address: str, network: str) -> None:
    (new,) = replaced(address)
    assert ip_address(new) in ip_network(network)
    assert new != address


def test_public_addresses_do_not_become_private_ones() -> None:
    olds = [f"{first}.{second}.3.4" for first in (1, 11, 99, 101, 168, 170, 173, 191, 193, 223) for second in (16, 168)]
    for new in replaced(*olds):
        assert not ip_address(new).is_private, new


@pytest.mark.parametrize("mask", ["255.255.255.0", "255.255.255.128", "255.255.254.0", "255.255.240.0", "255.255.0.0"])
@given(one=V4, bits=st.integers(0, 31), tail=st.integers(0, 0xFFFFFFFF))
def test_two_hosts_are_in_one_subnet_when_they_were(mask: str, one: bytes, bits: int, tail: int) -> None:
    width = int(ip_address(mask)).bit_count()
    other = ((int.from_bytes(one) ^ (1 << bits) ^ (tail & ((1 << 32 - width) - 1) & ~1)) % (0xE0 << 24)).to_bytes(4)
    first, second = replaced(str(IPv4Address(one)), str(IPv4Address(other)), mask=mask)
    network = ip_network(f"{IPv4Address(one)}/{width}", strict=False)
    assert (ip_address(second) in ip_network(f"{first}/{width}", strict=False)) == (IPv4Address(other) in network)


@pytest.mark.parametrize(
    ("network", "host", "broadcast", "mask"),
    [
        ("10.1.2.0", "10.1.2.7", "10.1.2.255", "255.255.255.0"),
        ("10.1.2.128", "10.1.2.200", "10.1.2.255", "255.255.255.128"),
        ("10.1.2.0", "10.1.3.200", "10.1.3.255", "255.255.254.0"),
        ("10.1.0.0", "10.1.3.200", "10.1.255.255", "255.255.0.0"),
    ],
)
def test_a_broadcast_address_stays_one(network: str, host: str, broadcast: str, mask: str) -> None:
    bits = int(ip_address(mask)).bit_count()
    new_host, new_broadcast = replaced(host, broadcast, mask=mask)
    there = ip_network(f"{new_host}/{bits}", strict=False)
    assert str(there.broadcast_address) == new_broadcast
    who = identities()
    who.addresses.prefixes.add_mask(ip_address(mask).packed)
    assert IPv4Address(who.addresses.replace(ip_address(network).packed, bits)) == there.network_address


@given(st.lists(V4, unique=True, max_size=30))
def test_no_two_addresses_become_one_and_texts_keep_their_length(olds: list[bytes]) -> None:
    who = identities()
    news = [who.ip(old) for old in olds]
    assert len(set(news)) == len(olds)
    assert [len(str(IPv4Address(new))) for new in news] == [len(str(IPv4Address(old))) for old in olds]


@given(st.binary(min_size=16, max_size=16))
def test_ipv6_texts_keep_their_length_unless_made_of_a_mac_address(old: bytes) -> None:
    new = identities().ip(old)
    if old[11:13] != b"\xff\xfe" and old[:12] not in (bytes(12), bytes(10) + b"\xff\xff"):
        assert len(str(IPv6Address(new))) == len(str(IPv6Address(old)))


def test_an_address_made_of_a_mac_address_is_made_of_the_new_one() -> None:
    who = identities()
    old, new = bytes.fromhex("525400770020"), who.mac(bytes.fromhex("525400770020"))
    address = who.ip(ip_address("fe80::5054:ff:fe77:20").packed)
    assert address[8:] == bytes((new[0] ^ 2,)) + new[1:3] + b"\xff\xfe" + new[3:]
    assert who.ip(ip_address("ff02::1:ff77:20").packed)[13:] == new[3:]
    assert who.mac(b"\x33\x33\xff" + old[3:]) == b"\x33\x33\xff" + new[3:]


def test_hosts_of_one_ipv6_prefix_stay_together() -> None:
    who = identities()
    who.addresses.prefixes.add_v6(56)
    one, other, far = (
        who.ip(ip_address(text).packed) for text in ("fd00:77:1:ab01::5", "fd00:77:1:ab7f::6", "fd00:77:1:bb01::5")
    )
    assert one[:7] == other[:7] != far[:7]
    assert who.addresses.replace(ip_address("fd00:77:1:ab00::").packed, 56)[:7] == one[:7]
