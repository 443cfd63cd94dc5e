"""DHCP messages: fields, options in all areas, and what cannot be read."""

from __future__ import annotations

from ipaddress import IPv4Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pxedebug.errors import MalformedFrame
from pxedebug.report.extract.anonymise.dhcp import DhcpRewriter
from pxedebug.report.extract.anonymise.identities import Identities
from pxedebug.report.extract.anonymise.names import Names
from pxedebug.wire.dhcp import build_message, decode_message
from tests.report.extract.anonymise.parts import identities

MAC = bytes.fromhex("525400770020")


def rewriter() -> tuple[DhcpRewriter, Identities, Names]:
    who = identities()
    said = Names(who)
    return DhcpRewriter(who, said), who, said


def test_every_field_and_option_of_an_offer() -> None:
    dhcp, who, said = rewriter()
    old = build_message(
        [(53, b"\2"), (54, ip_address("10.77.0.1").packed), (1, b"\xff\xff\xff\0"), (12, b"tower9"),
         (66, b"10.77.0.1")],
        op=2, xid=7, chaddr=MAC, yiaddr=IPv4Address("10.77.0.5"), siaddr=IPv4Address("10.77.0.1"),
        sname=b"tower9", file=b"berlin/ipxe.efi",
    )  # fmt: skip
    new = decode_message(dhcp.message(old))
    server = who.ip(ip_address("10.77.0.1").packed)
    assert (new.xid, new.type, new.options[1]) == (7, "OFFER", b"\xff\xff\xff\0")
    assert new.chaddr == who.mac(MAC)
    assert new.siaddr.packed == new.options[54] == server
    assert new.options[66].decode() == str(new.siaddr)
    assert new.yiaddr.packed == who.ip(ip_address("10.77.0.5").packed)
    assert new.options[12] == said.strict(b"tower9") == new.sname_text.encode()
    assert new.file_name == said.text(b"berlin/ipxe.efi")
    assert b"tower9" not in new.payload


def test_options_in_the_file_field_and_options_in_parts() -> None:
    dhcp, who, said = rewriter()
    file = bytes((67, 10)) + b"berlin.efi" + b"\xff"
    name = b"http://10.77.0.1/" + b"b" * 300
    old = build_message([(53, b"\2"), (52, b"\1"), (210, name)], op=2, chaddr=MAC, file=file)
    new = decode_message(dhcp.message(old))
    assert new.options[67] == said.text(b"berlin.efi")
    assert new.options[210] == said.text(name)
    assert new.problems == decode_message(old).problems
    assert who.ip(ip_address("10.77.0.1").packed) != ip_address("10.77.0.1").packed


@pytest.mark.parametrize("order", ["big", "little"])
def test_a_transaction_id_made_of_the_mac_address_is_made_of_the_new_one(order: str) -> None:
    dhcp, who, _ = rewriter()
    made = int.from_bytes(MAC[2:], "big" if order == "big" else "little") + 3
    new = decode_message(dhcp.message(build_message([(53, b"\1")], xid=made, chaddr=MAC)))
    assert new.xid == int.from_bytes(who.mac(MAC)[2:], "big" if order == "big" else "little") + 3


def test_an_option_that_stands_twice_still_says_the_same_twice() -> None:
    dhcp, _, said = rewriter()
    new = decode_message(dhcp.message(build_message([(53, b"\2"), (67, b"berlin.efi"), (67, b"berlin.efi")], op=2)))
    assert new.options[67] == said.text(b"berlin.efi") * 2


def test_bytes_behind_the_end_and_bootp_s_vendor_area_become_zeros() -> None:
    dhcp, _, _ = rewriter()
    old = build_message([(53, b"\1")], chaddr=MAC, pad_to=0)
    assert dhcp.message(old + b"secret") == dhcp.message(old) + bytes(6)
    plain = build_message([], chaddr=MAC, magic=False, trailing=b"CMU\0" + b"secret" * 10, pad_to=0)
    assert dhcp.message(plain).endswith(b"CMU\0" + bytes(60))


def test_a_message_that_the_capture_cut_inside_a_name() -> None:
    dhcp, _, said = rewriter()
    old = build_message([(53, b"\1"), (12, b"tower9-berlin")], chaddr=MAC, pad_to=0)[:-4]
    new = dhcp.message(old)
    assert len(new) == len(old)
    assert new.endswith(said.strict(b"tower9-ber"))


def test_other_bytes_are_refused() -> None:
    with pytest.raises(MalformedFrame):
        rewriter()[0].message(b"\3" * 300)


@given(st.binary(max_size=120), st.sampled_from((0, 1, 2, 3)))
def test_any_options_keep_the_message_s_length(area: bytes, overload: int) -> None:
    old = build_message([(53, b"\1"), (52, bytes((overload,)))], chaddr=MAC, end=False, trailing=area, file=area[:128])
    assert len(rewriter()[0].message(old)) == len(old)
