from __future__ import annotations

import struct

import pytest

from pxedebug.wire.frames import decode_batch
from tests.wire.frame_builders import batch_of, ether, extension, fragment_header, ipv4, ipv6, udp

DATA = udp(b"data")
WORD = int.from_bytes(b"data", "big")


def words_of(*frames: bytes) -> list[int]:
    return decode_batch(batch_of(frames)).datagrams.word.tolist()


def test_options_of_some_packets() -> None:
    assert words_of(ether(ipv4(DATA)), ether(ipv4(DATA, options=bytes(40))), ether(ipv4(DATA))) == [WORD] * 3


@pytest.mark.parametrize(
    "packet",
    [
        b"\x44" + ipv4(DATA)[1:],  # a header of 16 bytes
        b"\x55" + ipv4(DATA)[1:],  # version 5
        ipv4(DATA, total=19),
        ipv4(DATA, total=24),
        ipv4(DATA, offset=1480),
        ipv4(DATA)[:27],
    ],
)
def test_unsound_packets_give_no_row_and_spoil_no_other(packet: bytes) -> None:
    assert words_of(ether(ipv4(DATA)), ether(packet), ether(ipv4(DATA))) == [WORD] * 2


def test_a_total_length_beyond_the_frame_means_the_frame() -> None:
    columns = decode_batch(batch_of([ether(ipv4(DATA, total=9000))]))
    assert (columns.datagrams.length.tolist(), columns.datagrams.captured.tolist()) == ([4], [4])


def ah(next_header: int) -> bytes:
    """An authentication header with an integrity value of 12 bytes."""
    return bytes([next_header, 4]) + bytes(22)


@pytest.mark.parametrize(
    ("first", "headers"),
    [
        (0, extension(17)),
        (0, extension(43, 2) + extension(60) + extension(17, 1)),
        (51, ah(17)),
        (0, extension(51) + ah(60) + extension(17)),
        (44, fragment_header(17, 0, False, 5)),
    ],
)
def test_extension_headers(first: int, headers: bytes) -> None:
    plain, extended = ether(ipv6(DATA), 0x86DD), ether(ipv6(headers + DATA, first), 0x86DD)
    columns = decode_batch(batch_of([plain, extended]))
    assert columns.datagrams.word.tolist() == [WORD, WORD]
    assert columns.datagrams.fragment.tolist() == [False, False]
    assert columns.fragments.row.tolist() == []


@pytest.mark.parametrize(
    "packet",
    [
        ipv6(extension(17), 0)[:47],
        ipv6(bytes([17, 200]) + bytes(30), 0),
        ipv6(extension(0) * 12 + DATA, 0),
        ipv6(DATA, 59),
        ipv6(fragment_header(17, 1400, True, 5) + DATA, 44),
    ],
)
def test_chains_without_a_header_behind_give_no_row(packet: bytes) -> None:
    assert words_of(ether(packet, 0x86DD), ether(ipv6(DATA), 0x86DD)) == [WORD]


def test_an_ipv6_payload_length_of_zero_means_the_frame() -> None:
    assert words_of(ether(ipv6(DATA, length=0), 0x86DD)) == [WORD]


def test_ipv4_and_ipv6_in_frame_order() -> None:
    frames = [
        ether(ipv4(udp(struct.pack("!I", number))))
        if number % 3
        else ether(ipv6(udp(struct.pack("!I", number))), 0x86DD)
        for number in range(10)
    ]
    assert words_of(*frames) == list(range(10))
