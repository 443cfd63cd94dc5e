"""DNS messages."""

from __future__ import annotations

from ipaddress import ip_address

from hypothesis import given
from hypothesis import strategies as st

from pxedebug.report.extract.anonymise.dns import rewrite_dns
from pxedebug.report.extract.anonymise.names import Names
from pxedebug.wire.dns import decode_dns
from tests.diagnose.http_scenes import dns_message
from tests.report.extract.anonymise.parts import identities


def test_names_and_addresses_are_replaced_and_the_rest_stays() -> None:
    who = identities()
    said = Names(who)
    old = dns_message(b"boot.acme.example", addresses=("10.77.0.5",), response=True)
    new = decode_dns(rewrite_dns(old, who, said))
    assert new.name == said.strict(b"boot.acme.example")
    assert new.addresses == (ip_address(who.ip(ip_address("10.77.0.5").packed)),)
    assert (new.id, new.type, new.rcode) == (decode_dns(old).id, decode_dns(old).type, 0)


def test_texts_in_records_become_zeros() -> None:
    old = (
        dns_message(b"a.example")[:6]
        + b"\0\1"
        + bytes(4)
        + b"\1a\0\0\1\0\1"
        + b"\0\0\x10\0\1"
        + bytes(4)
        + b"\0\4\3abc"
    )
    assert rewrite_dns(old, identities(), Names(identities())).endswith(bytes(4))


@given(st.binary(max_size=80), st.integers(0, 60))
def test_damage_gives_a_message_of_the_same_length(noise: bytes, at: int) -> None:
    old = dns_message(b"boot.acme.example", addresses=("10.77.0.5",), response=True)
    damaged = old[:at] + noise
    assert len(rewrite_dns(damaged, identities(), Names(identities()))) == len(damaged)
