"""MAC and IP addresses in `--where`: any usual spelling, patterns, and what no boot can have."""

from __future__ import annotations

from fnmatch import fnmatchcase
from ipaddress import IPv4Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pxedebug.query.choices import address_choice, mac_choice


@pytest.mark.parametrize(
    ("choice", "spelled"),
    [
        ("52-54-00-77-00-20", "52:54:00:77:00:20"),
        ("5254.0077.0020", "52:54:00:77:00:20"),
        ("525400770020", "52:54:00:77:00:20"),
        ("52:54:*", "52:54:*"),
        ("52-54-*", "52:54:*"),
        ("*:20", "*:20"),
        ("*", "*"),
        ("?2:*", "?2:*"),
        ("5[24]:*", "5[24]:*"),
    ],
)
def test_a_mac_address(choice: str, spelled: str) -> None:
    assert mac_choice(choice) == spelled


@pytest.mark.parametrize("choice", ["52:54", "printer", "52:54:*:zz", "525*", "52:54:00:77:00:20:*?", "*::*"])
def test_no_mac_address(choice: str) -> None:
    with pytest.raises(ValueError, match="is no MAC address; write it like 52:54:00:77:00:20 or 52:54:"):
        mac_choice(choice)


@pytest.mark.parametrize(
    ("choice", "spelled"),
    [
        ("10.0.0.5", "10.0.0.5"),
        ("FD77:0:0::1", "fd77::1"),
        ("10.0.*", "10.0.*"),
        ("10*", "10*"),
        ("10.0.0.?", "10.0.0.?"),
        ("*.5", "*.5"),
        ("fd77:*", "fd77:*"),
        ("*", "*"),
    ],
)
def test_an_address(choice: str, spelled: str) -> None:
    assert address_choice(choice) == spelled


@pytest.mark.parametrize("choice", ["tftp.example", "10.0.0", "10.0.0.300", "300.*", "10.0.?", "1.2.3.4.*", "fg*"])
def test_no_address(choice: str) -> None:
    with pytest.raises(ValueError, match=r"is no IP address; write it like 10.0.0.5 or 10.0."):
        address_choice(choice)


@given(st.binary(min_size=6, max_size=6), st.data())
def test_a_pattern_of_a_mac_address_is_never_refused(mac: bytes, data: st.DataObject) -> None:
    whole = mac.hex(":")
    start, end = sorted(data.draw(st.tuples(st.integers(0, 17), st.integers(0, 17))))
    pattern = whole[:start] + "*" + whole[end:]
    assert fnmatchcase(whole, mac_choice(pattern))


@given(st.ip_addresses(v=4), st.data())
def test_a_pattern_of_an_address_is_never_refused(address: IPv4Address, data: st.DataObject) -> None:
    whole = str(address)
    start, end = sorted(data.draw(st.tuples(st.integers(0, len(whole)), st.integers(0, len(whole)))))
    pattern = whole[:start] + "*" + whole[end:]
    assert fnmatchcase(whole, address_choice(pattern))
