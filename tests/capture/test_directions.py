"""The two directions of one tap in two files."""

from __future__ import annotations

from pathlib import Path

import pytest

from pxedebug.capture import open_captures
from tests.capture.build import SECOND, Frame, pcap
from tests.capture.test_captures import rows, write

CLIENT, SERVER, ROUTER = b"\x02\0\0\0\0\1", b"\x02\0\0\0\0\2", b"\x02\0\0\0\0\3"


def sent(*ends: tuple[bytes, bytes], start: int = 10 * SECOND) -> bytes:
    """A capture of frames with these sources and destinations, 2 µs apart."""
    data = [destination + source + bytes(48) for source, destination in ends]
    return pcap([Frame(number, start + 2000 * number, each, len(each)) for number, each in enumerate(data, 1)])


@pytest.mark.parametrize(
    ("left", "right", "points"),
    [
        ([(CLIENT, SERVER)], [(SERVER, CLIENT)], [0, 0]),
        ([(CLIENT, b"\xff" * 6), (CLIENT, SERVER)], [(ROUTER, b"\xff" * 6), (SERVER, CLIENT)], [0, 0]),
        ([(CLIENT, SERVER), (SERVER, CLIENT)], [(CLIENT, SERVER), (SERVER, CLIENT)], [0, 1]),
        ([(CLIENT, SERVER)], [(CLIENT, SERVER)], [0, 1]),
        ([(CLIENT, SERVER)], [(CLIENT, SERVER), (SERVER, CLIENT)], [0, 1]),
        ([(CLIENT, ROUTER), (ROUTER, CLIENT)], [(SERVER, ROUTER), (ROUTER, SERVER)], [0, 1]),
        ([(CLIENT, ROUTER)], [(ROUTER, SERVER)], [0, 1]),
        ([(CLIENT, b"\xff" * 6)], [(SERVER, b"\xff" * 6)], [0, 1]),
    ],
)
def test_the_two_directions_of_a_tap_are_one_vantage_point(
    tmp_path: Path, left: list[tuple[bytes, bytes]], right: list[tuple[bytes, bytes]], points: list[int]
) -> None:
    """What only one direction shows answers what only the other shows: complements, not two views."""
    captures = open_captures(write(tmp_path, a=sent(*left * 2), b=sent(*right * 2, start=10 * SECOND + 1000)))
    assert len(rows(captures)) == 2 * len(left + right)
    assert [info.vantage for info in captures.sources] == points
    assert [info.overlaps for info in captures.sources] == [points == [0, 1]] * 2


def test_a_third_capture_beside_a_tap_is_a_vantage_point_of_its_own(tmp_path: Path) -> None:
    ways = [(CLIENT, SERVER)] * 2, [(SERVER, CLIENT)] * 2, [(SERVER, CLIENT)] * 2
    files = {
        name: sent(*way, start=10 * SECOND + 100 * at) for at, (name, way) in enumerate(zip("abc", ways, strict=True))
    }
    captures = open_captures(write(tmp_path, **files))
    assert len(rows(captures)) == 6
    assert [info.vantage for info in captures.sources] == [0, 0, 1]
