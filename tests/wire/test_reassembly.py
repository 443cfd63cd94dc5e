from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pxedebug.wire.batch import Batch
from pxedebug.wire.frames import decode_batch, endpoint_key
from pxedebug.wire.packet import Packet
from pxedebug.wire.reassembly import Reassembler
from tests.wire.frame_builders import CLIENT6, SERVER6, batch_of, ether, fragment_header, ipv4, ipv6, udp

Completed = tuple[int, int, int, int, int, int, int]
SECOND = 1_000_000_000


def pieces_of(data: bytes, ident: int = 1, size: int = 1480) -> list[bytes]:
    """The IPv4 fragments of a UDP datagram, in order, as Ethernet frames."""
    return [
        ether(ipv4(data[at : at + size], ident=ident, offset=at, more=at + size < len(data)))
        for at in range(0, len(data), size)
    ]


def feed(reassembler: Reassembler, batch: Batch, cuts: tuple[int, ...] = ()) -> tuple[list[Packet], list[Completed]]:
    """Everything that a batch, cut at `cuts`, completes."""
    packets: list[Packet] = []
    rows: list[Completed] = []
    edges = [0, *sorted(min(cut, len(batch)) for cut in cuts), len(batch)]
    for start, stop in itertools.pairwise(edges):
        found = reassembler.feed(decode_batch(batch.rows(start, stop)))
        done = found.completed
        packets += found.packets
        columns = (done.source, done.destination, done.word, done.length, done.first_ref, done.ref, done.time)
        rows += zip(*(column.tolist() for column in columns), strict=True)
    return packets, rows


def test_a_long_offer_is_put_together() -> None:
    offer = bytes(range(256)) * 8
    packets, completed = feed(Reassembler(), batch_of(pieces_of(udp(offer, 67, 68))))
    (packet,) = packets
    assert packet.payload == offer
    assert (packet.source_port, packet.destination_port, packet.length) == (67, 68, 2048)
    assert (packet.frame, packet.time, packet.cut) == (2, 1000, False)
    assert [(row[4], row[5]) for row in completed] == [(1, 2)]


def test_bulk_data_is_only_counted() -> None:
    data = udp(b"\0\x03\0\x07" + bytes(8192), 30000, 2070)
    packets, completed = feed(Reassembler(), batch_of(pieces_of(data)))
    assert packets == []
    source, destination = endpoint_key(bytes([10, 0, 0, 1]), 30000), endpoint_key(bytes([10, 0, 0, 130]), 2070)
    assert completed == [(source, destination, 0x0003_0007, 8196, 1, 6, 5000)]


def test_the_caller_chooses_whose_bytes_it_wants() -> None:
    wanted = endpoint_key(bytes([10, 0, 0, 1]), 30000)
    frames = pieces_of(udp(b"a" * 2000, 30000)) + pieces_of(udp(b"b" * 2000, 30001), 2)
    found = Reassembler().feed(decode_batch(batch_of(frames)), lambda source, _: source == np.uint64(wanted))
    assert [packet.payload for packet in found.packets] == [b"a" * 2000]
    assert len(found.completed) == 2


def test_ipv6_fragments_are_put_together() -> None:
    data = udp(b"y" * 3000, 547, 546)
    frames = [
        ether(ipv6(fragment_header(17, at, at + 1200 < len(data), 5) + data[at : at + 1200], 44), 0x86DD)
        for at in range(0, len(data), 1200)
    ]
    packets, _ = feed(Reassembler(), batch_of(frames))
    assert [packet.payload for packet in packets] == [b"y" * 3000]
    assert str(packets[0].source), str(packets[0].destination) == (SERVER6, CLIENT6)


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
@pytest.mark.parametrize("cut", [0, 1, 2, 3])
def test_fragments_in_any_order_over_any_batches(order: tuple[int, ...], cut: int) -> None:
    frames = pieces_of(udp(bytes(range(250)) * 14, 67, 68))
    packets, completed = feed(Reassembler(), batch_of([frames[place] for place in order]), (cut,))
    assert [packet.payload for packet in packets] == [bytes(range(250)) * 14]
    assert [row[5] for row in completed] == [3]


def test_mirrored_duplicates_complete_once_and_are_not_given_up() -> None:
    frames = [frame for frame in pieces_of(udp(bytes(4000), 30000)) for _ in range(2)]
    reassembler = Reassembler(max_age_ns=SECOND // 2)
    assert len(feed(reassembler, batch_of(frames))[1]) == 1
    feed(reassembler, batch_of(pieces_of(udp(bytes(4000)), 9), times=[2 * SECOND] * 3))
    assert reassembler.given_up == 0


def test_a_datagram_that_stays_incomplete_is_given_up() -> None:
    reassembler = Reassembler(max_age_ns=5 * SECOND)
    first, *_ = pieces_of(udp(bytes(4000)))
    assert feed(reassembler, batch_of([first]))[1] == []
    assert (reassembler.pending, reassembler.given_up) == (1, 0)
    feed(reassembler, batch_of(pieces_of(udp(bytes(2000)), 2), times=[6 * SECOND] * 2))
    assert (reassembler.pending, reassembler.given_up) == (0, 1)


def test_a_late_fragment_does_not_complete_an_old_datagram() -> None:
    frames = pieces_of(udp(bytes(2000)))
    reassembler = Reassembler(max_age_ns=5 * SECOND)
    assert feed(reassembler, batch_of(frames, times=[0, 6 * SECOND]))[1] == []
    assert reassembler.given_up == 1


def test_an_identification_in_use_again_begins_a_new_datagram() -> None:
    lost = pieces_of(udp(b"\0\x03\0\x01" + bytes(2000)))[:1]
    frames = lost + pieces_of(udp(b"\0\x03\0\x02" + bytes(2000)))
    reassembler = Reassembler()
    assert [row[2] for row in feed(reassembler, batch_of(frames))[1]] == [0x0003_0002]
    assert reassembler.given_up == 1


def test_the_number_of_datagrams_is_bounded() -> None:
    reassembler = Reassembler(limit_datagrams=8)
    frames = [pieces_of(udp(bytes(2000)), ident)[0] for ident in range(100)]
    feed(reassembler, batch_of(frames))
    assert (reassembler.pending, reassembler.given_up) == (8, 92)


def test_the_bytes_held_are_bounded() -> None:
    reassembler = Reassembler(limit_bytes=10_000)
    frames = [pieces_of(udp(bytes(2000), 67, 68), ident)[0] for ident in range(100)]
    feed(reassembler, batch_of(frames))
    assert (reassembler.pending, reassembler.given_up) == (6, 94)


def test_a_fragment_beyond_the_largest_datagram_is_ignored() -> None:
    ping_of_death = ether(ipv4(bytes(1480), offset=65528))
    reassembler = Reassembler()
    assert feed(reassembler, batch_of([ping_of_death]))[1] == []
    assert reassembler.pending == 0


def test_a_cut_fragment_cuts_the_packet() -> None:
    offer = bytes(range(256)) * 8
    whole = pieces_of(udp(offer, 67, 68))
    batch = batch_of([whole[0][:500], whole[1]], wire=[len(whole[0]), len(whole[1])])
    ((packet,), _) = feed(Reassembler(), batch)
    assert packet.payload == offer[: 500 - 14 - 20 - 8]
    assert packet.cut


@st.composite
def fragment_streams(draw: st.DrawFn) -> list[bytes]:
    """Fragments of a few datagrams: whole ones shuffled and doubled, and forged ones that overlap and lie."""
    frames: list[bytes] = []
    for ident in range(draw(st.integers(1, 3))):
        port = draw(st.sampled_from([67, 30000]))
        data = udp(draw(st.binary(min_size=1, max_size=40)), port)
        mine = pieces_of(data, ident, size=draw(st.sampled_from([8, 16, 24])))
        frames += mine * draw(st.integers(1, 2))
    for _ in range(draw(st.integers(0, 4))):
        ident, offset = draw(st.integers(0, 4)), 8 * draw(st.integers(0, 12))
        frames.append(ether(ipv4(draw(st.binary(max_size=40)), ident=ident, offset=offset, more=draw(st.booleans()))))
    return draw(st.permutations(frames))


@given(fragment_streams(), st.lists(st.integers(0, 30), max_size=3), st.integers(1, 6), st.integers(40, 400))
def test_cutting_the_stream_anywhere_changes_nothing(
    frames: list[bytes], cuts: list[int], limit_datagrams: int, limit_bytes: int
) -> None:
    times = [(7 * number) % 50 for number in range(len(frames))]
    batch = batch_of(frames, times=times)
    whole, cut, single = (Reassembler(limit_datagrams, limit_bytes, max_age_ns=30) for _ in range(3))
    expected = feed(whole, batch)
    assert feed(cut, batch, tuple(cuts)) == expected
    assert feed(single, batch, tuple(range(len(frames)))) == expected
    assert whole.given_up == cut.given_up == single.given_up
    assert whole.pending <= limit_datagrams


@given(st.lists(st.binary(min_size=1, max_size=900), min_size=1, max_size=5), st.randoms(use_true_random=False))
def test_what_is_sent_in_fragments_comes_out(payloads: list[bytes], random: object) -> None:
    frames = [frame for ident, data in enumerate(payloads) for frame in pieces_of(udp(data, 67, 68), ident, size=200)]
    random.shuffle(frames)  # type: ignore[attr-defined]
    packets, _ = feed(Reassembler(), batch_of(frames))
    in_pieces = [data for data in payloads if len(data) + 8 > 200]
    assert sorted(packet.payload for packet in packets) == sorted(in_pieces)
