"""DNS messages as values."""

from __future__ import annotations

from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pxedebug.errors import MalformedFrame
from pxedebug.wire.dns import AAAA, A, decode_dns
from tests.diagnose.http_scenes import dns_message

NAME = b"boot.example.org"


def test_a_query() -> None:
    message = decode_dns(dns_message(NAME, ident=0x1234))
    assert (message.id, message.response, message.name, message.type) == (0x1234, False, NAME, A)
    assert (message.rcode, message.answers, message.addresses) == (0, 0, ())


def test_an_answer_with_addresses() -> None:
    message = decode_dns(dns_message(NAME, addresses=("10.0.0.5", "10.0.0.6"), response=True))
    assert message.response
    assert message.answers == 2
    assert message.addresses == (ip_address("10.0.0.5"), ip_address("10.0.0.6"))


def test_an_answer_for_ipv6() -> None:
    message = decode_dns(dns_message(NAME, kind=AAAA, addresses=("fd00::5",), response=True))
    assert (message.type, message.addresses) == (AAAA, (ip_address("fd00::5"),))


def test_no_such_name() -> None:
    message = decode_dns(dns_message(NAME, response=True, rcode=3))
    assert (message.rcode, message.addresses) == (3, ())


def test_an_answer_that_the_capture_cut() -> None:
    whole = dns_message(NAME, addresses=("10.0.0.5", "10.0.0.6"), response=True)
    assert decode_dns(whole[:-16]).addresses == (ip_address("10.0.0.5"),)


@pytest.mark.parametrize(
    "payload",
    [
        b"", bytes(11), bytes(12), dns_message(NAME)[:-1], dns_message(NAME)[:20],
        dns_message(NAME)[:2] + b"\x28\0" + dns_message(NAME)[4:],
        bytes(4) + b"\0\1" + bytes(6) + b"\xc0\x0c\0\1\0\1",
        bytes(4) + b"\0\1" + bytes(6) + b"\xc0",
        bytes(4) + b"\0\1" + bytes(6) + b"\x80a\0\0\1\0\1",
        bytes(4) + b"\0\1" + bytes(6) + b"\x3f" + b"a" * 63 + (b"\x3f" + b"a" * 63) * 4 + b"\0\0\1\0\1",
    ],
    ids=["empty", "short", "no question", "cut type", "cut name", "opcode", "loop", "half pointer", "label", "long"],
)  # fmt: skip
def test_nonsense_is_refused(payload: bytes) -> None:
    with pytest.raises(MalformedFrame):
        decode_dns(payload)


@given(st.binary(max_size=80), st.integers(0, 60))
def test_damage_gives_a_value_or_is_refused(noise: bytes, at: int) -> None:
    whole = dns_message(NAME, addresses=("10.0.0.5",), response=True)
    for payload in (noise, whole[:at] + noise, whole[:at] + noise + whole[at + len(noise) :]):
        try:
            assert len(decode_dns(payload).name) <= 255
        except MalformedFrame:
            continue
