"""Option 175."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pxedebug.wire.dhcp import BusId, EtherbootOptions, build_message, decode_message, decode_option, option_codec

MEASURED = bytes.fromhex(
    "b105011af41000eb03010000170101220101130101110101270101190101290101100102210101150101180101120101"
)


def test_what_ipxe_sends() -> None:
    value = decode_option(175, MEASURED)
    assert isinstance(value, EtherbootOptions)
    assert value.features == {
        "DNS", "ELF", "HTTP", "iSCSI", "Menu", "Multiboot", "NFS", "PXE-ext", "PXE", "TFTP", "bzImage", "AoE",
    }  # fmt: skip
    assert value.version == (1, 0, 0)
    assert value.value(0xB1) == BusId(1, 0x1AF4, 0x1000)
    assert value.tags[0x10] == b"\x02"
    codec = option_codec(175)
    assert codec.encode(value) == MEASURED
    assert codec.text(value).startswith("14 sub-options; features PXE-ext, iSCSI")


def test_a_feature_with_value_zero_is_none() -> None:
    value = decode_option(175, b"\x13\x01\x00\x14\x01\x01")
    assert isinstance(value, EtherbootOptions)
    assert value.features == {"HTTPS"}
    assert value.version is None


def test_credentials_are_marked_secret() -> None:
    raw = b"\xbe\x04user\xbf\x04pass\xc0\x01u\xc1\x01p\x5c\x01k\xb0\x01\x01"
    lines = decode_message(build_message([(175, raw)])).describe()[0].children
    assert {line.name: line.secret for line in lines} == {
        "username": True,
        "password": True,
        "reverse-username": True,
        "reverse-password": True,
        "client private key": True,
        "no-pxedhcp": False,
    }


def test_what_is_no_list_of_tags_is_not_shown_in_its_words() -> None:
    line = decode_message(build_message([(175, b"\xbf\xffpassword")])).describe()[0]
    assert line.children == ()
    assert "password" not in line.text
    assert "70617373" not in line.text


@given(st.binary(max_size=100))
def test_any_bytes_come_back(raw: bytes) -> None:
    codec = option_codec(175)
    value = codec.decode(raw)
    assert codec.encode(value) == raw
    assert value.features is not None
    codec.text(value).encode()
