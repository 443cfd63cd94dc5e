from __future__ import annotations

import pytest

from pxedebug.errors import MalformedFrame
from pxedebug.wire.neighbours import Cdp
from pxedebug.wire.neighbours.cdp import decode_cdp


def tlv(kind: int, value: bytes) -> bytes:
    return kind.to_bytes(2) + (4 + len(value)).to_bytes(2) + value


HEAD = b"\2\xb4\0\0"


def test_what_a_switch_port_tells() -> None:
    data = HEAD + tlv(1, b"sw1.lab") + tlv(3, b"Gi1/0/7") + tlv(6, b"cisco WS-C2960") + tlv(10, b"\0\x0a")
    assert decode_cdp(data) == Cdp("sw1.lab", "Gi1/0/7", 10, "cisco WS-C2960")


def test_fields_of_forged_length_end_the_list() -> None:
    assert decode_cdp(HEAD + tlv(1, b"sw1") + b"\0\3\0\0" + tlv(3, b"x")) == Cdp("sw1", None, None)
    assert decode_cdp(HEAD + tlv(1, b"sw1")[:-1]) == Cdp(None, None, None)


def test_a_cut_header_is_malformed() -> None:
    with pytest.raises(MalformedFrame):
        decode_cdp(HEAD[:3])
