"""Option 82."""

from __future__ import annotations

from ipaddress import IPv4Address

import pytest

from pxedebug.wire.dhcp import RelayAgentInformation, SubnetSelection, build_message, decode_message, decode_option


def words(raw: bytes) -> dict[str, str]:
    return {line.name: line.text for line in decode_message(build_message([(82, raw)])).describe()[0].children}


def test_circuit_and_remote_id_as_switches_fill_them() -> None:
    raw = b"\x01\x06\x00\x04\x00\x0a\x01\x17\x02\x08\x00\x06\x00\x11\x22\x33\x44\x55"
    value = decode_option(82, raw)
    assert isinstance(value, RelayAgentInformation)
    assert value.circuit_id == b"\x00\x04\x00\x0a\x01\x17"
    assert value.remote_id == b"\x00\x06\x00\x11\x22\x33\x44\x55"
    assert value.suboptions == {1: value.circuit_id, 2: value.remote_id}
    assert words(raw) == {
        "Circuit ID": "0004000a0117 (VLAN 10, module 1, port 23)",
        "Remote ID": "0006001122334455 (MAC 00:11:22:33:44:55)",
    }


@pytest.mark.parametrize(
    ("raw", "name", "text"),
    [
        (b"\x01\x04eth0", "Circuit ID", "65746830 (eth0)"),
        (b"\x02\x06\x00\x11\x22\x33\x44\x55", "Remote ID", "001122334455 (MAC 00:11:22:33:44:55)"),
        (b"\x05\x04\x0a\x00\x00\x00", "Link selection", "10.0.0.0"),
        (b"\x06\x03abc", "Subscriber ID", "abc"),
        (b"\x0a\x01\x80", "Relay agent flags", "0x80 (unicast at the relay)"),
        (b"\x0a\x01\x00", "Relay agent flags", "0x00 (broadcast at the relay)"),
        (b"\x0b\x04\x0a\x00\x00\x01", "Server identifier override", "10.0.0.1"),
        (
            b"\x0c\x0a\x00\x03\x00\x01\x00\x11\x22\x33\x44\x55",
            "Relay agent identifier",
            "DUID-LL 00:11:22:33:44:55 (hardware type 1)",
        ),
        (b"\x13\x00", "Relay source port", "answers go to the source port"),
        (b"\x13\x02\x00\x43", "Relay source port", "67"),
        (b"\x13\x01\x00", "Relay source port", "00 [1 bytes where the format has none (or a port)]"),
        (b"\x97\x04\x00red", "Virtual subnet selection", "VPN red"),
        (b"\xc8\x01\x00", "Sub-option 200", "00"),
    ],
)
def test_sub_options(raw: bytes, name: str, text: str) -> None:
    assert words(raw) == {name: text}


def test_typed_values() -> None:
    value = decode_option(82, b"\x05\x04\x0a\x00\x00\x00\x97\x01\xff\x13\x00")
    assert isinstance(value, RelayAgentInformation)
    assert value.value(5) == IPv4Address("10.0.0.0")
    assert value.value(151) == SubnetSelection(255, b"")
    assert value.circuit_id is None


def test_zero_and_255_are_ordinary_codes_here() -> None:
    value = decode_option(82, b"\x00\x01a\xff\x01b")
    assert isinstance(value, RelayAgentInformation)
    assert [(item.code, item.raw) for item in value.items] == [(0, b"a"), (255, b"b")]
