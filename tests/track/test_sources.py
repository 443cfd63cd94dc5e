"""What each source was, and what it could have seen (catalogue 1.3)."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pxedebug.track.sources import SourceCounter
from pxedebug.wire.batch import Batch, frame_ref
from pxedebug.wire.frames import decode_batch
from tests.track.network import CLIENT, SERVER, Endpoint, Wire, batches
from tests.wire.frame_builders import batch_of, ipv4, ipv6, udp

BROADCAST = Endpoint("255.255.255.255", 67, b"\xff" * 6)


def count(*parts: Batch) -> dict[int, SourceCounter]:
    counters: dict[int, SourceCounter] = {}
    for part in parts:
        SourceCounter.feed(counters, decode_batch(part))
    return counters


def counted(wire: Wire, *cuts: int) -> SourceCounter:
    return count(*batches(wire.frames, cuts))[0]


def packet_type(kind: int, destination: str) -> bytes:
    """A Linux cooked frame (LINKTYPE_LINUX_SLL): packet type, no destination address."""
    header = kind.to_bytes(2, "big") + b"\x00\x01\x00\x06" + CLIENT.mac + bytes(2) + b"\x08\x00"
    return header + ipv4(udp(b"x", 68, 67), source="0.0.0.0", destination=destination)


@given(st.lists(st.integers(0, 9), max_size=4))
def test_frames_bytes_and_times(cuts: list[int]) -> None:
    wire = Wire()
    wire.tftp().rrq().blocks(1, 4)
    facts = counted(wire, *cuts).facts("boot.pcap")
    assert (facts.name, facts.frames, facts.bytes) == ("boot.pcap", 9, sum(len(f.data) for f in wire.frames))
    assert (facts.first_time, facts.last_time) == (wire.frames[0].time, wire.now)
    assert (facts.link_types, facts.truncated_frames) == ((1,), 0)


def test_frames_that_the_snap_length_cut() -> None:
    facts = count(batch_of([b"x" * 60, b"y" * 60], wire=[60, 1500]))[0].facts("")
    assert (facts.truncated_frames, facts.vantage.cut_frames, facts.bytes) == (1, True, 120)


@pytest.mark.parametrize("order", [(1, 113), (113, 1)])
def test_link_types_do_not_depend_on_their_order(order: tuple[int, int]) -> None:
    parts = [batch_of([b"x" * 60], kind) for kind in order]
    both = batch_of([b"x" * 60] * 2, order)
    assert count(*parts)[0].facts("").link_types == count(both)[0].facts("").link_types == (1, 113)


def test_a_tftp_transfer_shows_unicast_and_high_ports() -> None:
    wire = Wire()
    wire.tftp().rrq().data(1).ack(1)
    sights = counted(wire).sights
    assert (sights.unicast, sights.high_ports, sights.tftp_requests) == (True, True, True)


def test_a_filter_on_ports_shows_only_requests() -> None:
    wire = Wire()
    wire.tftp().rrq()
    vantage = counted(wire).vantage()
    assert (vantage.kind, vantage.high_ports_seen) == ("ports-filtered", False)


def test_frames_that_no_filter_on_ports_lets_through() -> None:
    wire = Wire()
    wire.tftp().rrq()
    wire.arp(CLIENT, SERVER)
    assert counted(wire).sights.unfiltered
    wire = Wire()
    wire.http().syn()
    assert (counted(wire).sights.unfiltered, counted(wire).sights.unicast) == (True, True)


def test_broadcasts_are_no_unicast() -> None:
    wire = Wire()
    wire.udp(CLIENT.at(68), BROADCAST, bytes(300))
    wire.udp(CLIENT.at(68), BROADCAST, bytes(300))
    assert not counted(wire).sights.unicast


@pytest.mark.parametrize(
    ("destination", "unicast"), [("255.255.255.255", False), ("239.1.2.3", False), ("10.0.0.1", True)]
)
def test_where_frames_have_no_destination_address_that_of_ip_counts(destination: str, unicast: bool) -> None:
    cooked = batch_of([packet_type(4, destination)], 113)
    raw = batch_of([ipv4(udp(b"x", 68, 67), destination=destination)], 101)
    assert [count(batch)[0].sights.unicast for batch in (cooked, raw)] == [unicast, unicast]


@pytest.mark.parametrize(("destination", "unicast"), [("ff02::1:2", False), ("fd00::1", True)])
def test_ipv6_without_a_link_layer(destination: str, unicast: bool) -> None:
    raw = batch_of([ipv6(udp(b"x", 546, 547), destination=destination)], 101)
    assert count(raw)[0].sights.unicast == unicast


def test_sources_in_one_batch_are_counted_apart() -> None:
    """What one source shows says nothing about another."""
    wire = Wire()
    wire.udp(CLIENT.at(68), BROADCAST, bytes(300))
    wire.tftp().rrq().data(1).ack(1)
    wire.arp(CLIENT, SERVER)
    (batch,) = batches(wire.frames)
    batch.ref = np.array([frame_ref(source, number) for number, source in enumerate((0, 1, 1, 1, 1), 1)], np.int64)
    counters = count(batch)
    assert [counters[source].frames for source in (0, 1)] == [1, 4]
    assert [counters[source].sights.unicast for source in (0, 1)] == [False, True]
    assert [counters[source].sights.unfiltered for source in (0, 1)] == [False, True]
