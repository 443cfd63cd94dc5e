"""What TLS shows in clear."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pxedebug.errors import MalformedFrame
from pxedebug.wire.tls import TlsAlert, decode_alert, decode_client_hello, is_tls
from tests.diagnose.http_scenes import client_hello

HELLO = client_hello(b"boot.example.org")


def test_a_client_hello_with_a_name() -> None:
    hello = decode_client_hello(HELLO)
    assert (hello.version, hello.server_name) == (0x0303, b"boot.example.org")


def test_a_client_hello_without_a_name() -> None:
    assert decode_client_hello(client_hello(version=0x0301)) == (0x0301, None)


def test_the_highest_version_stands_in_an_extension_of_its_own() -> None:
    # supported_versions (RFC 8446 section 4.2.1): a reserved value (RFC 8701), TLS 1.3 and TLS 1.2
    extension = bytes.fromhex("002b0007060a0a03040303")
    plain = client_hello()
    assert plain.endswith(b"\0\0")
    assert decode_client_hello(plain[:-2] + len(extension).to_bytes(2, "big") + extension).version == 0x0304


def test_a_client_hello_that_is_cut_gives_what_stands_before() -> None:
    assert decode_client_hello(HELLO[:60]) == (0x0303, None)


def test_alerts() -> None:
    assert decode_alert(bytes.fromhex("15030300020230")) == TlsAlert(True, 48)
    assert decode_alert(bytes.fromhex("15030100020100")) == TlsAlert(False, 0)


@pytest.mark.parametrize("payload", ["", "1503030002", "150303001a" + "00" * 26, "16030300020230", "15030300020930"])
def test_other_bytes_are_no_alert(payload: str) -> None:
    with pytest.raises(MalformedFrame):
        decode_alert(bytes.fromhex(payload))


@pytest.mark.parametrize("payload", [b"", b"GET / HTTP/1.1", HELLO[:40], b"\x16\x03\x03\0\x40\x02" + bytes(63)])
def test_other_bytes_are_no_client_hello(payload: bytes) -> None:
    with pytest.raises(MalformedFrame):
        decode_client_hello(payload)


def test_how_tls_begins() -> None:
    assert is_tls(HELLO)
    assert is_tls(bytes.fromhex("15030300020230"))
    assert not is_tls(b"HTTP/1.1 400")
    assert not is_tls(b"\x16\x03")


@given(st.binary(max_size=60), st.integers(0, 80))
def test_damage_gives_a_value_or_is_refused(noise: bytes, at: int) -> None:
    for payload in (noise, HELLO[:at] + noise, HELLO[:at] + noise + HELLO[at + len(noise) :]):
        for decode in (decode_client_hello, decode_alert):
            try:
                decode(payload)
            except MalformedFrame:
                continue
