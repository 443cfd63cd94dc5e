"""First and last time of any frame, address by address."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pxedebug.track.presence import PresenceLog

MACS = [bytes.fromhex(f"5254000000{number:02x}") for number in range(8)]


def feed(log: PresenceLog, frames: list[tuple[bytes, int]]) -> None:
    log.feed(
        np.array([int.from_bytes(mac, "big") for mac, _ in frames], np.uint64),
        np.array([time for _, time in frames], np.int64),
    )


@given(st.lists(st.tuples(st.sampled_from(MACS), st.integers(1, 9)), max_size=30), st.integers(0, 30))
def test_first_and_last_frame_however_they_are_fed(frames: list[tuple[bytes, int]], cut: int) -> None:
    log = PresenceLog()
    feed(log, frames[:cut])
    feed(log, frames[cut:])
    for mac in MACS:
        times = [time for sender, time in frames if sender == mac]
        assert log.seen(mac) == ((times[0], times[-1]) if times else None)


def test_frames_without_an_address_name_nobody() -> None:
    log = PresenceLog()
    feed(log, [(bytes(6), 1), (MACS[0], 2)])
    assert log.seen(bytes(6)) is None
    assert log.seen(b"") is None
    assert log.seen(MACS[0]) == (2, 2)


def test_frames_without_an_address_take_nobodys_place() -> None:
    """The address whose bucket is that of 0: the one that the hash sends there."""
    inverse = pow(0x9E3779B97F4A7C15, -1, 1 << 64)
    address = next(
        mac for number in range(1, 1 << 20) if 0 < (mac := (number * inverse) % (1 << 64)) < 1 << 48
    )  # fmt: skip
    log = PresenceLog()
    feed(log, [(bytes(6), 1), (address.to_bytes(6, "big"), 2), (bytes(6), 3)])
    assert log.seen(address.to_bytes(6, "big")) == (2, 2)


def test_a_flood_of_addresses_takes_no_more_memory_and_hides_nobody_seen_before() -> None:
    log = PresenceLog()
    feed(log, [(MACS[0], 1)])
    flood = np.random.default_rng(3).integers(1, 1 << 47, 300_000, dtype=np.uint64)
    log.feed(flood, np.arange(2, 300_002, dtype=np.int64))
    feed(log, [(MACS[0], 400_000)])
    assert log.seen(MACS[0]) == (1, 400_000)
    assert len(log._owner) == 1 << 16


def test_an_address_is_unheard_only_where_nothing_hides_it() -> None:
    log = PresenceLog()
    assert log.unheard(MACS[0])
    feed(log, [(MACS[0], 1)])
    assert not log.unheard(MACS[0])
    assert log.unheard(MACS[1])
    assert not log.unheard(b"")
    flood = np.random.default_rng(3).integers(1, 1 << 47, 2_000_000, dtype=np.uint64)
    log.feed(flood, np.arange(2, 2_000_002, dtype=np.int64))
    assert not log.unheard(MACS[1]), "another address has its place"
