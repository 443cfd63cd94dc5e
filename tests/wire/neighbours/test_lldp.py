from __future__ import annotations

import pytest

from pxedebug.errors import MalformedFrame
from pxedebug.wire.neighbours import Lldp
from pxedebug.wire.neighbours.lldp import decode_lldp
from tests.wire.neighbours.frames import SWITCH


def tlv(kind: int, value: bytes) -> bytes:
    return (kind << 9 | len(value)).to_bytes(2) + value


CHASSIS, PORT = tlv(1, b"\4" + SWITCH), tlv(2, b"\5Gi1/0/7")


def test_what_a_switch_port_tells() -> None:
    names = tlv(3, b"\0\x78") + tlv(4, b"to rack 3") + tlv(5, b"sw1") + tlv(6, b"IOS")
    vlan = tlv(127, b"\x00\x80\xc2\x01\x00\x0a")
    found = decode_lldp(CHASSIS + PORT + names + vlan + tlv(0, b"") + tlv(5, b"after the end"))
    assert found == Lldp("00:1c:57:54:dd:80", "Gi1/0/7", "sw1", "to rack 3", 10, "IOS", 120)


def test_identifiers_that_are_addresses() -> None:
    found = decode_lldp(tlv(1, b"\5\1\x0a\0\0\1") + tlv(2, b"\3" + SWITCH))
    assert (found.chassis, found.port) == ("10.0.0.1", "00:1c:57:54:dd:80")


def test_vlan_zero_is_none() -> None:
    assert decode_lldp(CHASSIS + PORT + tlv(127, b"\x00\x80\xc2\x01\x00\x00")).vlan is None


def test_names_in_any_bytes() -> None:
    assert decode_lldp(tlv(1, b"") + tlv(2, b"\5\xff")).port == "\\xff"


@pytest.mark.parametrize("data", [b"", CHASSIS, PORT, CHASSIS + PORT[:-1]])
def test_without_chassis_and_port_it_is_malformed(data: bytes) -> None:
    with pytest.raises(MalformedFrame):
        decode_lldp(data)
