"""TFTP packets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pxedebug.report.extract.anonymise.contents import Contents
from pxedebug.report.extract.anonymise.tftp import Tftp
from pxedebug.wire.tftp import decode_request, encode_data
from tests.report.extract.anonymise.parts import names

CLIENT, SERVER, WELL_KNOWN = (b"\x0a\x4d\0\5", 2070), (b"\x0a\x4d\0\1", 40000), (b"\x0a\x4d\0\1", 69)
RRQ = b"\0\1berlin/ipxe.efi\0octet\0tsize\0" + b"0\0blksize\0" + b"1468\0"


def tftp(contents: Contents | None = None) -> Tftp:
    return Tftp(names(), {} if contents is None else {(*CLIENT, b"berlin/ipxe.efi"): contents})


def test_a_request_asks_for_another_file_in_the_same_way() -> None:
    new = decode_request(tftp().packet(CLIENT, WELL_KNOWN, RRQ))
    assert new.file == names().text(b"berlin/ipxe.efi")
    assert (new.mode, new.options) == (b"octet", ((b"tsize", b"0"), (b"blksize", b"1468")))


def test_data_is_zeros_but_for_what_is_kept_of_the_file() -> None:
    server = tftp(Contents(((0, b"MZ"), (1470, b"PE")), 1468))
    server.packet(CLIENT, WELL_KNOWN, RRQ)
    assert server.packet(SERVER, CLIENT, encode_data(1, b"MZ" + b"x" * 1466)) == encode_data(1, b"MZ" + bytes(1466))
    assert server.packet(SERVER, CLIENT, encode_data(2, b"y" * 50)) == encode_data(2, bytes(2) + b"PE" + bytes(46))
    assert server.packet(SERVER, CLIENT, encode_data(3, b"y" * 50)) == encode_data(3, bytes(50))


def test_data_of_a_later_round_of_block_numbers_is_zeros() -> None:
    server = tftp(Contents(((0, b"MZ"),), 512))
    server.packet(CLIENT, WELL_KNOWN, RRQ)
    server.packet(SERVER, CLIENT, encode_data(40000, b"y"))
    assert server.packet(SERVER, CLIENT, encode_data(1, b"zz")) == encode_data(1, bytes(2))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"\0\4\0\7", b"\0\4\0\7"),
        (b"\0\4\0\7secret", b"\0\4\0\7" + bytes(6)),
        (b"\0\6tsize\x00123456789\0blksize\x001468\0", b"\0\6tsize\x00123456789\0blksize\x001468\0"),
        (b"\0\5\0\1File not found\0", b"\0\5\0\1File not found\0"),
        (b"\0\x09secret", b"\0\x09" + bytes(6)),
    ],
)
def test_other_packets(old: bytes, new: bytes) -> None:
    assert tftp().packet(SERVER, CLIENT, old) == new


def test_the_file_in_a_refusal_is_the_file_of_the_request() -> None:
    said = tftp().packet(SERVER, CLIENT, b"\0\5\0\1file /srv/berlin/ipxe.efi not found\0")
    assert names().text(b"berlin/ipxe.efi") in said


@given(st.binary(max_size=60))
def test_any_packet_keeps_its_length(payload: bytes) -> None:
    assert len(tftp().packet(SERVER, CLIENT, payload)) == len(payload)
