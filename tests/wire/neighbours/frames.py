"""Builders of the frames that the tests in this folder read."""

from __future__ import annotations

from ipaddress import ip_address

ETHERNET = 1
SWITCH = bytes.fromhex("001c5754dd80")
CLIENT = bytes.fromhex("525400770020")


def ethernet(ethertype: int, payload: bytes, *, vlans: tuple[int, ...] = ()) -> bytes:
    tags = b"".join(b"\x81\x00" + vlan.to_bytes(2) for vlan in vlans)
    return b"\xff" * 6 + SWITCH + tags + ethertype.to_bytes(2) + payload


def llc(header: bytes, payload: bytes, *, vlans: tuple[int, ...] = ()) -> bytes:
    return ethernet(len(header) + len(payload), header + payload, vlans=vlans)


def ipv4(protocol: int, payload: bytes, source: str = "10.0.0.1", destination: str = "10.0.0.2") -> bytes:
    total = (20 + len(payload)).to_bytes(2)
    head = b"\x45\0" + total + b"\x12\x34\0\0\x40" + protocol.to_bytes(1) + b"\0\0"
    return head + ip_address(source).packed + ip_address(destination).packed + payload


def ipv6(protocol: int, payload: bytes, source: str = "fe80::1", destination: str = "ff02::1") -> bytes:
    head = b"\x60\0\0\0" + len(payload).to_bytes(2) + protocol.to_bytes(1) + b"\xff"
    return head + ip_address(source).packed + ip_address(destination).packed + payload


def udp(source: int, destination: int, payload: bytes) -> bytes:
    return source.to_bytes(2) + destination.to_bytes(2) + (8 + len(payload)).to_bytes(2) + b"\0\0" + payload
