"""GRE and what it carries."""

from __future__ import annotations

import pytest

from pxedebug.errors import MalformedFrame
from pxedebug.report.extract.anonymise.tunnels import gre_payload
from tests.report.extract.anonymise.test_checksums import counted


def packet(data: bytes) -> bytes:
    return b"p" * len(data)


def ethernet(data: bytes) -> bytes:
    return b"e" * len(data)


@pytest.mark.parametrize(
    ("head", "inside"),
    [
        ("00000800", b"p"), ("000086dd", b"p"), ("00006558", b"e"), ("2000080000000007", b"p"), ("000088be", b"e"),
        ("100088be00000001" + "10" * 8, b"e"), ("100022eb00000001" + "20" * 12, b"e"),
        ("100022eb00000001" + "20" * 11 + "21" + "00" * 8, b"e"),
    ],
)  # fmt: skip
def test_headers_of_every_kind(head: str, inside: bytes) -> None:
    header = bytes.fromhex(head)
    assert gre_payload(header + b"secret", packet, ethernet) == header + inside * 6


def test_a_checksum_is_carried_along() -> None:
    old = b"\x80\0\x08\0" + bytes(4) + b"secret"
    old = old[:4] + counted(old) + old[6:]
    new = gre_payload(old, packet, ethernet)
    assert counted(new) == bytes(2)


@pytest.mark.parametrize("body", ["", "0000", "00010800", "0000880b01", "40000800"])
def test_other_bytes_are_refused(body: str) -> None:
    with pytest.raises(MalformedFrame):
        gre_payload(bytes.fromhex(body), packet, ethernet)
