"""Whole messages: what decoding says of good, odd, cut and hostile ones."""

from __future__ import annotations

from ipaddress import IPv4Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pxedebug.errors import MalformedFrame
from pxedebug.wire.dhcp import Undecoded, build_message, decode_message, encode_message, encode_options
from pxedebug.wire.dhcp.areas import MAGIC, Area

CHADDR = bytes.fromhex("525400770010")


def offer(*options: tuple[int, object], **header: object) -> bytes:
    return build_message([(53, 2), *options], op=2, chaddr=CHADDR, xid=0x1A2B3C4D, **header)  # type: ignore[arg-type]


def test_header_fields_are_where_rfc_2131_puts_them() -> None:
    message = decode_message(
        build_message(
            [(53, 1)],
            op=1,
            hops=2,
            xid=0xDEADBEEF,
            secs=4,
            flags=0x8000,
            ciaddr=IPv4Address("10.0.0.1"),
            yiaddr=IPv4Address("10.0.0.2"),
            siaddr=IPv4Address("10.0.0.3"),
            giaddr=IPv4Address("10.0.0.4"),
            chaddr=CHADDR,
            sname=b"boot server",
            file=b"pxelinux.0",
        )
    )
    assert (message.op, message.htype, message.hlen, message.hops) == (1, 1, 6, 2)
    assert (message.xid, message.secs, message.flags, message.broadcast) == (0xDEADBEEF, 4, 0x8000, True)
    assert [str(a) for a in (message.ciaddr, message.yiaddr, message.siaddr, message.giaddr)] == [
        "10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4",
    ]  # fmt: skip
    assert message.chaddr == CHADDR
    assert message.chaddr_raw == CHADDR + bytes(10)
    assert message.sname_text == "boot server"
    assert message.file_name == message.boot_file == b"pxelinux.0"
    assert len(message.sname) == 64
    assert len(message.file) == 128
    assert message.magic
    assert not message.truncated
    assert message.problems == ()


@pytest.mark.parametrize(
    ("code", "name"),
    [(1, "DISCOVER"), (5, "ACK"), (9, "FORCERENEW"), (13, "LEASEACTIVE"), (18, "TLS"), (106, "TYPE-106")],
)
def test_type_names(code: int, name: str) -> None:
    message = decode_message(build_message([(53, code)]))
    assert (message.type_code, message.type) == (code, name)


def test_bootp_without_the_cookie_keeps_its_vendor_area() -> None:
    plain = build_message()[:236] + b"vendor area".ljust(64, b"\0")
    message = decode_message(plain)
    assert not message.magic
    assert message.type_code is None
    assert message.type == "BOOTREQUEST"
    assert message.options == {}
    assert message.trailing == b"vendor area".ljust(64, b"\0")
    assert message.describe() == ()
    assert encode_message(message) == plain


def test_bootp_with_extensions_has_no_type() -> None:
    message = decode_message(build_message([(1, IPv4Address("255.255.255.0"))], op=2))
    assert (message.type_code, message.type) == (None, "BOOTREPLY")
    assert message.value(1) == IPv4Address("255.255.255.0")


def test_an_empty_message_type_is_no_type() -> None:
    message = decode_message(build_message([(53, b"")]))
    assert message.type_code is None
    assert isinstance(message.value(53), Undecoded)


def test_long_option_comes_back_joined() -> None:
    path = b"/" + b"x" * 600
    message = decode_message(offer((17, path)))
    assert message.options[17] == path
    assert [len(i.value) for i in message.instances if i.code == 17] == [255, 255, 91]
    assert message.describe()[1].text.endswith("[in 3 parts]")


def test_parts_of_one_option_join_across_other_options() -> None:
    payload = build_message()[:236] + MAGIC + encode_options([(15, b"example"), (53, b"\x02"), (15, b".org")])
    message = decode_message(payload)
    assert list(message.options) == [15, 53]
    assert message.value(15) == "example.org"


def test_of_a_repeated_option_with_one_fixed_length_the_first_counts() -> None:
    message = decode_message(offer((51, 3600), (51, 7200)))
    assert message.options[51] == (3600).to_bytes(4, "big") + (7200).to_bytes(4, "big")
    assert message.value(51) == 3600


def test_overload_reads_file_then_sname() -> None:
    message = decode_message(
        build_message(
            [(53, 2), (52, 3), (17, b"a")],
            op=2,
            file=encode_options([(17, b"b"), (67, b"boot.efi")]),
            sname=encode_options([(17, b"c"), (66, b"server")]),
        )
    )
    assert message.overload == 3
    assert message.options[17] == b"abc"
    assert [i.area for i in message.instances if i.code == 17] == [Area.OPTIONS, Area.FILE, Area.SNAME]
    assert message.boot_file == b"boot.efi"
    assert (message.file_name, message.sname_text) == (b"", "")
    assert message.problems == ()
    assert [line.text for line in message.describe() if line.code == 67] == ["boot.efi [in the file field]"]


def test_option_67_goes_before_the_header_field() -> None:
    message = decode_message(offer((67, b"from-option\0"), file=b"from-header"))
    assert message.boot_file == b"from-option"
    assert message.file_name == b"from-header"
    assert decode_message(offer((67, b"\0"), file=b"from-header")).boot_file == b"from-header"
    assert decode_message(offer()).boot_file is None


def test_bytes_after_the_end_are_kept() -> None:
    message = decode_message(build_message([(53, 1)], pad_to=0) + b"\0\0left")
    assert message.trailing == b"\0\0left"
    assert message.end_seen


def test_missing_end_and_overrun_are_problems_unless_the_capture_cut_them() -> None:
    whole = build_message([(53, 1), (60, b"PXEClient")], pad_to=0)
    assert decode_message(whole[:-1]).problems == ("the options area has no END (option 255)",)
    overrun = decode_message(whole[:-3])
    assert overrun.problems == ("option 60 at byte 243 of the message claims 9 bytes, 7 are left",)
    assert overrun.options == {53: b"\x01"}
    assert overrun.trailing == b"\x3c\x09PXEClie"
    cut = decode_message(whole[:-3], length=len(whole))
    assert cut.truncated
    assert cut.problems == ()
    assert cut.options == {53: b"\x01"}


def test_a_frame_cut_inside_the_header_still_tells_who_it_is() -> None:
    message = decode_message(build_message([(53, 1)], xid=7, chaddr=CHADDR)[:60])
    assert message.truncated
    assert (message.xid, message.chaddr) == (7, CHADDR)
    assert (len(message.sname), message.file, message.options) == (16, b"", {})
    assert encode_message(message) == message.payload


@pytest.mark.parametrize(
    ("payload", "words"),
    [
        (b"", "0 bytes"),
        (bytes(43), "43 bytes"),
        (bytes(300), "op 0"),
        (b"\x03" + bytes(299), "op 3"),
        (b"\x01\x00" + bytes(298), "hardware type 0"),
        (b"\x01\x01\x11" + bytes(297), "address length 17"),
    ],
)
def test_what_is_no_message(payload: bytes, words: str) -> None:
    with pytest.raises(MalformedFrame, match=words):
        decode_message(payload)


def test_an_odd_address_length_is_forgiven_where_the_cookie_is() -> None:
    message = decode_message(build_message([(53, 1)], chaddr=bytes(range(16)), hlen=37))
    assert message.chaddr == bytes(range(16))


def test_option_43_is_read_by_the_class_of_the_message_or_the_argument() -> None:
    pxe = b"\x06\x01\x08\xff"
    assert decode_message(offer((43, pxe))).value(43) == pxe
    assert type(decode_message(offer((43, pxe))).value(43, b"PXEClient")).__name__ == "PxeVendorOptions"
    own = decode_message(offer((60, b"PXEClient"), (43, pxe)))
    assert type(own.value(43)).__name__ == "PxeVendorOptions"
    assert decode_message(offer((60, b"ArubaAP"), (43, pxe))).value(43, b"PXEClient") == pxe


def test_absent_and_unknown_options() -> None:
    message = decode_message(offer((231, b"\x01\x02")))
    assert message.value(232) is None
    assert message.value(231) == b"\x01\x02"
    assert message.describe()[-1].name == "Private option 231"


def test_fields_can_be_changed_and_encoded() -> None:
    message = decode_message(offer((67, b"boot.efi")))
    changed = decode_message(encode_message(message.fields()._replace(xid=9)))
    assert changed.xid == 9
    assert changed.options == message.options
    assert changed != message


def test_equal_payloads_are_equal_messages() -> None:
    assert decode_message(offer()) == decode_message(offer())
    assert len({decode_message(offer()), decode_message(offer())}) == 1
    assert decode_message(offer()) != "offer"
    assert repr(decode_message(offer())) == "<DhcpMessage OFFER xid=0x1a2b3c4d chaddr=52:54:00:77:00:10>"


areas = st.binary(max_size=300) | st.lists(
    st.tuples(st.integers(0, 255), st.integers(0, 30), st.binary(max_size=30)), max_size=12
).map(lambda rows: b"".join(bytes((code, size)) + data for code, size, data in rows))
almost_messages = st.builds(
    lambda op, head, magic, area: bytes((op,)) + head + (MAGIC if magic else b"") + area,
    st.integers(0, 3),
    st.binary(min_size=235, max_size=235),
    st.booleans(),
    areas,
)


@given(st.binary(max_size=400) | almost_messages, st.none() | st.integers(0, 2000))
def test_any_bytes_are_a_message_or_malformed(payload: bytes, length: int | None) -> None:
    try:
        message = decode_message(payload, length)
    except MalformedFrame:
        return
    for line in message.describe(b"PXEClient"):
        line.text.encode()
        message.value(line.code, b"PXEClient")
    assert message.type
    assert set(message.options) == {instance.code for instance in message.instances}
    assert encode_message(message) == payload


@given(
    st.lists(st.tuples(st.integers(1, 254).filter(lambda code: code != 52), st.binary(max_size=600)), max_size=8),
    st.integers(0, 2**32 - 1),
)
def test_what_was_built_is_what_is_decoded(options: list[tuple[int, bytes]], xid: int) -> None:
    message = decode_message(build_message(options, xid=xid))
    wanted: dict[int, bytes] = {}
    for code, value in options:
        wanted[code] = wanted.get(code, b"") + value
    assert message.xid == xid
    assert message.options == wanted
    assert message.problems == ()
