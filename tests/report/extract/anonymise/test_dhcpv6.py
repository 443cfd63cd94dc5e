"""DHCPv6 messages, relayed or not."""

from __future__ import annotations

import struct
from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pxedebug.errors import MalformedFrame
from pxedebug.report.extract.anonymise.dhcp import DhcpRewriter
from pxedebug.report.extract.anonymise.dhcpv6 import Dhcp6Rewriter
from pxedebug.report.extract.anonymise.identities import Identities
from pxedebug.report.extract.anonymise.names import Names
from pxedebug.wire.dhcpv6 import decode_message
from tests.report.extract.anonymise.parts import identities

MAC = bytes.fromhex("525400770020")
ADDRESS = ip_address("fd00:77::5").packed
CLASS = b"PXEClient:Arch:00007:UNDI:003001"


def option(code: int, data: bytes) -> bytes:
    return struct.pack(">HH", code, len(data)) + data


def rewriter() -> tuple[Dhcp6Rewriter, Identities, Names]:
    who = identities()
    said = Names(who)
    return Dhcp6Rewriter(who, said, DhcpRewriter(who, said)), who, said


REPLY = b"\7abc" + (
    option(1, b"\0\3\0\1" + MAC)
    + option(3, MAC[2:] + bytes(8) + option(5, ADDRESS + bytes(8)))
    + option(16, b"\0\0\1\x57" + struct.pack(">H", len(CLASS)) + CLASS)
    + option(59, b"tftp://[fd00:77::5]/berlin.efi")
    + option(61, b"\0\7")
    + option(23, ADDRESS)
)


def test_a_reply() -> None:
    dhcp, who, said = rewriter()
    new = decode_message(dhcp.message(REPLY))
    mac, address = who.mac(MAC), who.ip(ADDRESS)
    assert (new.type, new.transaction_id, new.option(61)) == ("REPLY", int.from_bytes(b"abc"), b"\0\7")
    assert new.option(1) == b"\0\3\0\1" + mac
    assert new.option(3) == mac[2:] + bytes(8) + option(5, address + bytes(8))
    assert new.option(16) == decode_message(REPLY).option(16)
    assert new.option(59) == b"tftp://[%s]/%s" % (str(ip_address(address)).encode(), said.text(b"berlin.efi"))
    assert new.option(23) == address


def test_a_relayed_message_is_replaced_inside_the_relay_s() -> None:
    dhcp, who, _ = rewriter()
    relayed = b"\x0d\1" + ADDRESS * 2 + option(18, b"Gi1/0/7") + option(9, REPLY) + option(79, b"\0\1" + MAC)
    new = dhcp.message(relayed)
    assert new[:34] == b"\x0d\1" + who.ip(ADDRESS) * 2
    assert option(9, dhcp.message(REPLY)) in new
    assert new.endswith(option(79, b"\0\1" + who.mac(MAC)))
    assert b"Gi1/0/7" not in new


def test_options_of_no_known_meaning_become_zeros() -> None:
    assert rewriter()[0].message(b"\1abc" + option(999, b"secret")) == b"\1abc" + option(999, bytes(6))


@pytest.mark.parametrize("payload", [b"", b"\1ab", b"\x0c" + bytes(30)])
def test_a_cut_header_is_refused(payload: bytes) -> None:
    with pytest.raises(MalformedFrame):
        rewriter()[0].message(payload)


@given(
    st.lists(
        st.tuples(st.sampled_from((1, 3, 4, 5, 9, 13, 15, 16, 17, 25, 26, 39, 60, 66, 87)), st.binary(max_size=40))
    )
)
def test_any_options_keep_the_message_s_length(parts: list[tuple[int, bytes]]) -> None:
    payload = b"\1abc" + b"".join(option(code, data) for code, data in parts)
    assert len(rewriter()[0].message(payload)) == len(payload)
    cut = payload[: max(4, len(payload) - 3)]
    assert len(rewriter()[0].message(cut)) == len(cut)
