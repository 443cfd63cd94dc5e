"""IP packets: addresses, payloads by port, fragments, checksums."""

from __future__ import annotations

from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pxedebug.errors import MalformedFrame
from pxedebug.report.extract.anonymise.contents import Contents
from pxedebug.wire.dhcp import build_message
from pxedebug.wire.neighbours.ip import decode_datagram
from pxedebug.wire.packet import Packet
from pxedebug.wire.tftp import encode_data
from tests.report.extract.anonymise.parts import identities, internet
from tests.report.extract.anonymise.test_checksums import counted
from tests.wire.frame_builders import CLIENT, CLIENT_MAC, SERVER, extension, fragment_header, ipv4, ipv6, tcp, udp


def summed(packet: bytes, at: int) -> bytes:
    """An IPv4 packet of 20 header bytes with right checksums, the payload's at byte `at` of it."""
    packet = packet[:10] + counted(packet[:10] + bytes(2) + packet[12:20]) + packet[12:]
    body = packet[20:]
    pseudo = packet[12:20] + b"\0" + packet[9:10] + len(body).to_bytes(2)
    return packet[: 20 + at] + counted(pseudo + body) + packet[20 + at + 2 :]


def is_right(packet: bytes) -> bool:
    body = packet[20:]
    pseudo = packet[12:20] + b"\0" + packet[9:10] + len(body).to_bytes(2)
    return counted(packet[:20]) == counted(pseudo + body) == bytes(2)


@pytest.mark.parametrize(
    "packet",
    [
        summed(ipv4(udp(b"\0\1berlin.efi\0octet\0", 2070, 69)), 6), summed(ipv4(udp(b"secret", 5000, 6000)), 6),
        summed(ipv4(tcp(b"GET /berlin HTTP/1.1\r\nHost: 10.0.0.1\r\n\r\n", 40000, 80), protocol=6), 16),
        summed(ipv4(tcp(b"odd"), protocol=6), 16),
    ],
)  # fmt: skip
def test_checksums_that_were_right_are_right_and_addresses_are_others(packet: bytes) -> None:
    who = identities()
    assert is_right(packet)
    new = internet(who).packet(packet)
    assert is_right(new)
    assert new != packet
    assert decode_datagram(new).source.packed == who.ip(packet[12:16])


def test_payloads_of_unknown_ports_become_zeros_and_padding_too() -> None:
    new = internet(identities()).packet(ipv4(udp(b"secret", 5000, 6000)) + b"padding")
    assert new.endswith(bytes(13))
    with pytest.raises(MalformedFrame):
        internet(identities()).packet(ipv4(b"esp", protocol=50))


def test_fragments_of_a_file_hold_what_is_kept_of_it() -> None:
    who = identities()
    client = ip_address(CLIENT).packed
    kept = Contents(((0, b"MZ"), (1496, b"PE")), 2000)
    packets = internet(who, {(client, 2070, b"x.efi"): kept})
    packets.packet(ipv4(udp(b"\0\1x.efi\0octet\0", 2070, 69), source=CLIENT, destination=SERVER))
    whole = udp(encode_data(1, b"MZ" + b"s" * 1998), 40000, 2070)
    first = packets.packet(ipv4(whole[:1480], more=True))
    second = packets.packet(ipv4(whole[1480:], offset=1480))
    body = first[20:] + second[20:]
    assert body[6:8] == bytes(2)
    assert body[12:] == b"MZ" + bytes(1494) + b"PE" + bytes(502)


def test_a_dhcp_message_in_fragments_is_replaced_as_a_whole() -> None:
    who = identities()
    packets = internet(who)
    message = build_message([(53, b"\2"), (12, b"tower9"), (210, b"b" * 900)], op=2, chaddr=CLIENT_MAC, pad_to=0)
    whole = summed(ipv4(udp(message, 67, 68)), 6)
    source, destination = ip_address(SERVER), ip_address(CLIENT)
    packets.learn(Packet(1, 0, source, destination, 67, 68, b"", b"", (), 0, 64, 7, message, len(message)))
    parts = [ipv4(whole[20:820], more=True), ipv4(whole[820:], offset=800)]
    made = b"".join(packets.packet(part)[20:] for part in parts)
    new = packets.packet(whole)
    assert made == new[20:]
    assert is_right(new)
    assert b"tower9" not in made


def test_a_later_fragment_of_anything_else_is_zeros() -> None:
    assert internet(identities()).packet(ipv4(b"secret", offset=1480))[20:] == bytes(6)


def test_ipv6_with_extension_headers_and_fragments() -> None:
    who = identities()
    inner = extension(44) + fragment_header(17, 0, True, 5) + udp(b"\0\5\0\1File not found\0", 69, 2070)
    new = internet(who).packet(ipv6(inner, next_header=0))
    assert new[40:].startswith(inner[:16])
    assert new.endswith(b"File not found\0")
    later = internet(who).packet(ipv6(fragment_header(17, 1480, False, 5) + b"secret", next_header=44))
    assert later[48:] == bytes(6)


def test_an_icmp_error_quotes_the_replaced_packet() -> None:
    who = identities()
    packets = internet(who)
    quote = ipv4(udp(b"\0\1berlin.efi\0octet\0", 2070, 69), source=CLIENT, destination=SERVER)
    new = packets.packet(ipv4(b"\3\3\0\0" + bytes(4) + quote, protocol=1))
    assert new[28:] == packets.packet(quote)
    short = packets.packet(ipv4(b"\3\3\0\0" + bytes(4) + quote[:24], protocol=1))
    assert short[48:] == quote[20:24]
    unknown = packets.packet(ipv4(b"\3\2\0\0" + bytes(4) + ipv4(b"esp", protocol=50), protocol=1))
    assert unknown[28:] == bytes(23)


@given(st.sampled_from((0, 1, 2, 4, 6, 17, 41, 43, 44, 47, 58, 60, 112)), st.binary(max_size=90), st.booleans())
def test_any_packet_keeps_its_length_or_is_refused(protocol: int, body: bytes, six: bool) -> None:
    packet = ipv6(body, next_header=protocol) if six else ipv4(body, protocol=protocol)
    try:
        assert len(internet(identities()).packet(packet)) == len(packet)
    except MalformedFrame:
        assert len(internet(identities()).packet(packet, quoted=True)) == len(packet)
