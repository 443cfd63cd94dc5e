"""TLS records."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pxedebug.report.extract.anonymise.tls import is_record, records
from pxedebug.wire.tls import decode_alert, decode_client_hello
from tests.diagnose.http_scenes import client_hello
from tests.report.extract.anonymise.parts import names

HELLO = client_hello(b"boot.acme.example")


def test_a_client_hello_keeps_its_versions_and_asks_for_another_name() -> None:
    said = names()
    new = decode_client_hello(records(HELLO, said))
    assert new.version == decode_client_hello(HELLO).version
    assert new.server_name == said.strict(b"boot.acme.example")


def test_an_alert_stays_and_application_data_becomes_zeros() -> None:
    alert = b"\x15\3\3\0\2\2\x30"
    assert decode_alert(records(alert, names())) == decode_alert(alert)
    assert records(b"\x17\3\3\0\6secret", names()) == b"\x17\3\3\0\6" + bytes(6)


def test_every_record_of_a_segment_keeps_its_head() -> None:
    assert records(b"\x14\3\3\0\1\1" + b"\x17\3\3\0\6secret", names()) == b"\x14\3\3\0\1\0" + b"\x17\3\3\0\6" + bytes(6)
    assert not is_record(b"\x17\3\x09\0\1")


def test_a_certificate_becomes_zeros() -> None:
    assert records(b"\x16\3\3\0\x0c\x0b\0\0\x08acme org", names()) == b"\x16\3\3\0\x0c\x0b" + bytes(11)


@given(st.integers(0, len(HELLO)), st.binary(max_size=30))
def test_damage_keeps_the_length(at: int, noise: bytes) -> None:
    damaged = HELLO[:at] + noise
    assert len(records(damaged, names())) == len(damaged)
