from __future__ import annotations

import contextlib
from ipaddress import IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pxedebug.errors import MalformedFrame
from pxedebug.wire.dhcpv6 import MAX_HOPS, Dhcp6Message, Relay, decode_message, encode_message

MAC = bytes.fromhex("525400770020")
UUID = bytes(range(16))
LINK, PEER = IPv6Address("2001:db8::1"), IPv6Address("fe80::20")


def option(code: int, data: bytes) -> bytes:
    return code.to_bytes(2) + len(data).to_bytes(2) + data


def message(kind: int, *options: bytes, xid: int = 0x123456) -> bytes:
    return kind.to_bytes(1) + xid.to_bytes(3) + b"".join(options)


def relayed(inner: bytes, *before: bytes, after: bytes = b"", kind: int = 12, hops: int = 0) -> bytes:
    return bytes((kind, hops)) + LINK.packed + PEER.packed + b"".join(before) + option(9, inner) + after


def address_option(text: str, inner: bytes = b"") -> bytes:
    return option(5, IPv6Address(text).packed + (300).to_bytes(4) + (600).to_bytes(4) + inner)


def test_a_firmware_solicit() -> None:
    vendor = (343).to_bytes(4) + b"\0\x20PXEClient:Arch:00007:UNDI:003000"
    solicit = decode_message(
        message(
            1,
            option(1, b"\0\4" + UUID),
            option(8, b"\0\x64"),
            option(6, b"\0\x3b\0\x3c"),
            option(61, b"\0\7"),
            option(16, vendor),
        )
    )
    assert (solicit.type, solicit.transaction_id, solicit.problems) == ("SOLICIT", 0x123456, ())
    assert (solicit.duid_uuid, solicit.duid_mac) == (UUID, None)
    assert (solicit.elapsed, solicit.requested, solicit.architectures) == (100, (59, 60), (7,))
    assert (solicit.vendor_class, solicit.vendor_enterprise) == (b"PXEClient:Arch:00007:UNDI:003000", 343)


def test_a_reply_with_boot_file_and_address() -> None:
    reply = decode_message(
        message(
            7,
            option(2, b"\0\3\0\1" + MAC),
            option(3, bytes(12) + address_option("fd77::1c5")),
            option(4, bytes(4) + address_option("fd77::2")),
            option(59, b"tftp://[fd77::1]/snponly.efi"),
            option(60, b"\0\x03340\0\x05debug"),
            option(13, b"\0\0"),
        )
    )
    assert reply.type == "REPLY"
    assert reply.addresses == (IPv6Address("fd77::1c5"), IPv6Address("fd77::2"))
    assert reply.boot_file_url == b"tftp://[fd77::1]/snponly.efi"
    assert reply.boot_parameters == (b"340", b"debug")
    assert reply.status == (0, b"")
    assert reply.server_duid == b"\0\3\0\1" + MAC
    assert reply.duid_mac is None


@pytest.mark.parametrize(
    "duid", [b"\0\3\0\1" + MAC, b"\0\1\0\1" + bytes(4) + MAC], ids=["link-layer", "link-layer plus time"]
)
def test_a_duid_made_from_an_ethernet_address(duid: bytes) -> None:
    assert decode_message(message(1, option(1, duid))).duid_mac == MAC


@pytest.mark.parametrize("duid", [b"", b"\0\3", b"\0\3\0\6" + MAC, b"\0\2\0\0\1\x57abc", b"\0\4short", b"\0\1\0\1"])
def test_other_duids_tell_no_address(duid: bytes) -> None:
    solicit = decode_message(message(1, option(1, duid)))
    assert (solicit.duid_mac, solicit.duid_uuid) == (None, None)


def test_the_address_that_a_relay_saw_comes_before_the_one_in_the_duid() -> None:
    duid = b"\0\3\0\1" + bytes.fromhex("020000000001")
    forwarded = relayed(message(1, option(1, duid)), option(79, b"\0\1" + MAC))
    assert decode_message(forwarded).duid_mac == MAC


def test_relays_are_unwrapped_outermost_first() -> None:
    inner = relayed(message(1, option(8, b"\0\0")), option(18, b"eth7"))
    outer = decode_message(relayed(inner, option(37, b"\0\0\0\1x"), hops=1))
    assert outer.type == "SOLICIT"
    assert [relay.hop_count for relay in outer.relays] == [1, 0]
    assert outer.relays[1] == Relay(0, LINK, PEER, ((18, b"eth7"),), 12, 1)
    assert outer.elapsed == 0


def test_a_refusal_inside_an_identity_association_is_the_status() -> None:
    refusal = option(13, b"\0\2no addresses")
    reply = decode_message(message(7, option(13, b"\0\0fine"), option(3, bytes(12) + refusal)))
    assert reply.status == (2, b"no addresses")
    deeper = decode_message(message(7, option(3, bytes(12) + address_option("::1", option(13, b"\0\4")))))
    assert deeper.status == (4, b"")


def test_a_refusal_grants_nothing() -> None:
    refusal = option(13, b"\0\2no addresses")
    given = option(3, bytes(12) + address_option("::1"))
    assert decode_message(message(7, option(3, bytes(12) + refusal))).refusal == (2, b"no addresses")
    assert decode_message(message(7, given, option(13, b"\0\1"))).refusal == (1, b""), "as a whole it failed"
    assert decode_message(message(7, given, option(25, bytes(12) + option(13, b"\0\6")))).refusal is None
    assert decode_message(message(7, option(13, b"\0\0fine"))).refusal is None
    assert decode_message(message(7, given)).refusal is None


def test_all_statuses_the_messages_own_first() -> None:
    inside = option(3, bytes(12) + option(13, b"\0\1in use"))
    assert decode_message(message(7, inside, option(13, b"\0\2"))).statuses == ((2, b""), (1, b"in use"))


def test_without_options_everything_is_absent() -> None:
    bare = decode_message(message(1))
    assert (bare.client_duid, bare.vendor_class, bare.user_class, bare.boot_file_url) == (None, None, (), None)
    assert (bare.status, bare.elapsed, bare.addresses, bare.requested, bare.describe()) == (None, None, (), (), ())


def test_user_class_as_a_list_and_as_plain_text() -> None:
    assert decode_message(message(1, option(15, b"\0\4iPXE\0\1x"))).user_class == (b"iPXE", b"x")
    assert decode_message(message(1, option(15, b"iPXE"))).user_class == (b"iPXE",)


def test_unknown_types_are_numbered() -> None:
    assert decode_message(message(99)).type == "TYPE-99"
    assert decode_message(message(11)).type == "INFORMATION-REQUEST"


def test_an_option_beyond_the_end_is_left_out_and_noted() -> None:
    cut = decode_message(message(2, option(8, b"\0\0"), option(59, b"tftp://server/file"))[:-3])
    assert cut.options == ((8, b"\0\0"),)
    assert cut.boot_file_url is None
    assert cut.problems == ("option 59 holds 15 of 18 bytes",)


def test_a_relayed_message_that_the_capture_cut_is_read_as_far_as_it_goes() -> None:
    cut = decode_message(relayed(message(1, option(8, b"\0\1"), option(16, bytes(30))))[:-5])
    assert (cut.type, cut.elapsed) == ("SOLICIT", 1)
    assert len(cut.problems) == 2


def test_a_relay_without_a_message_is_told_as_relay() -> None:
    empty = bytes((12, 0)) + LINK.packed + PEER.packed + option(18, b"eth7")
    lonely = decode_message(empty)
    assert (lonely.type, lonely.transaction_id, lonely.options) == ("RELAY-FORW", 0, ())
    assert lonely.relays[0].options == ((18, b"eth7"),)
    assert lonely.problems


def test_relays_nested_too_deep_are_not_followed() -> None:
    nested = message(1)
    for _ in range(MAX_HOPS + 5):
        nested = relayed(nested)
    deep = decode_message(nested)
    assert len(deep.relays) == MAX_HOPS
    assert deep.type == "RELAY-FORW"
    assert deep.problems


@pytest.mark.parametrize("payload", [b"", b"\1", b"\1\0\0"])
def test_too_few_bytes_are_malformed(payload: bytes) -> None:
    with pytest.raises(MalformedFrame):
        decode_message(payload)


_plain_options = st.lists(
    st.tuples(st.integers(0, 65535).filter(lambda code: code != 9), st.binary(max_size=40)), max_size=5
)
_addresses = st.integers(0, 2**128 - 1).map(IPv6Address)


@st.composite
def _messages(draw: st.DrawFn) -> Dhcp6Message:
    relays = []
    for _ in range(draw(st.integers(0, 3))):
        options = tuple(draw(_plain_options))
        position = draw(st.integers(0, len(options)))
        kind, hops = draw(st.sampled_from((12, 13))), draw(st.integers(0, 255))
        relays.append(Relay(hops, draw(_addresses), draw(_addresses), options, kind, position))
    kind = draw(st.integers(0, 255).filter(lambda code: code not in (12, 13)))
    return Dhcp6Message(kind, draw(st.integers(0, 0xFFFFFF)), tuple(draw(_plain_options)), tuple(relays))


@given(_messages())
def test_messages_survive_the_wire(value: Dhcp6Message) -> None:
    assert decode_message(encode_message(value)) == value


_containers = st.sampled_from((1, 3, 4, 5, 9, 13, 15, 16, 17, 24, 25, 26, 37, 39, 60, 61, 79))
_crafted = st.lists(st.builds(option, _containers, st.binary(max_size=60)), max_size=4).map(b"".join)


@given(
    st.binary(max_size=200)
    | _crafted.map(lambda data: message(7, data))
    | _crafted.map(lambda d: relayed(message(2, d), d))
)
def test_any_bytes_give_a_message_or_malformed(payload: bytes) -> None:
    with contextlib.suppress(MalformedFrame):
        decoded = decode_message(payload)
        for name in dir(Dhcp6Message):
            if isinstance(getattr(Dhcp6Message, name), property):
                getattr(decoded, name)
        decoded.describe()
        if not decoded.problems:
            assert encode_message(decoded) == payload
