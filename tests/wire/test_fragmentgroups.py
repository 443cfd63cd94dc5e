from __future__ import annotations

from pxedebug.wire.fragmentgroups import group_pieces, usable_pieces
from pxedebug.wire.frames import decode_batch
from tests.wire.frame_builders import batch_of, ether, ipv4, udp

DATA = udp(bytes(56))
A = [ether(ipv4(DATA[:32], ident=1, more=True)), ether(ipv4(DATA[32:], ident=1, offset=32))]
B = [ether(ipv4(DATA[:32], ident=2, more=True)), ether(ipv4(DATA[32:], ident=2, offset=32))]


def clean_ends(frames: list[bytes], times: list[int] | None = None, max_age: int = 1000) -> list[int]:
    """Positions at which whole datagrams end."""
    pieces = usable_pieces(decode_batch(batch_of(frames, times=times or [0] * len(frames))), 0)
    groups = group_pieces(pieces, max_age)
    return sorted(groups.last[groups.clean].tolist())


def test_interleaved_datagrams_are_told_apart() -> None:
    assert clean_ends([A[0], B[0], B[1], A[1]]) == [2, 3]


def test_a_repeated_or_missing_fragment_makes_a_datagram_irregular() -> None:
    assert clean_ends([A[0], A[0], A[1]]) == []
    assert clean_ends([A[0], B[0], B[1]]) == [2]


def test_a_datagram_spread_over_too_long_a_time_is_irregular() -> None:
    assert clean_ends([A[0], A[1]], [0, 1001]) == []


def test_a_first_fragment_without_a_udp_header_is_of_no_use() -> None:
    columns = decode_batch(batch_of([ether(ipv4(bytes(4), more=True)), A[1]]))
    assert usable_pieces(columns, 0).index.tolist() == [1]


def test_the_clock_never_runs_back() -> None:
    columns = decode_batch(batch_of([A[0], A[1], B[0]], times=[50, 20, 70]))
    assert usable_pieces(columns, 60).clock.tolist() == [60, 60, 70]
