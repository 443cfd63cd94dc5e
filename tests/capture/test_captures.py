from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pxedebug.capture import CaptureSet, open_captures
from pxedebug.errors import CaptureError
from pxedebug.wire.batch import frame_number, frame_source
from tests.capture.build import SECOND, Frame, enhanced, frames_of, interface, option, pcap, pcapng, section


def rows(captures: CaptureSet) -> list[tuple[int, int, int, bytes]]:
    """Source, number, time and bytes of every frame in order."""
    return [
        (frame_source(int(batch.ref[row])), frame_number(int(batch.ref[row])), int(batch.time[row]), batch.frame(row))
        for batch in captures
        for row in range(len(batch))
    ]


def write(folder: Path, **captures: bytes) -> list[str]:
    for name, data in captures.items():
        (folder / name).write_bytes(data)
    return [str(folder / name) for name in captures]


def test_parts_follow_each_other_in_time_order(tmp_path: Path) -> None:
    early, late = frames_of([60, 61], start=10 * SECOND), frames_of([62, 63], start=20 * SECOND)
    captures = open_captures(write(tmp_path, late=pcap(late), early=pcapng(early)))
    assert [row[:2] for row in rows(captures)] == [(0, 1), (0, 2), (1, 1), (1, 2)]
    assert [Path(info.name).name for info in captures.sources] == ["early", "late"]
    assert not any(info.overlaps for info in captures.sources)
    assert captures.errors == []


def test_overlapping_captures_are_merged_by_time(tmp_path: Path) -> None:
    left = frames_of([60] * 300, start=10 * SECOND, step=2000)
    right = frames_of([70] * 300, start=10 * SECOND + 1000, step=2000)
    captures = open_captures(write(tmp_path, left=pcap(left), right=pcapng(right)))
    found = rows(captures)
    assert [row[2] for row in found] == sorted(row[2] for row in found)
    assert [row[3] for row in found if row[0] == 0] == [frame.data for frame in left]
    assert [row[3] for row in found if row[0] == 1] == [frame.data for frame in right]
    assert all(info.overlaps for info in captures.sources)


def test_equal_times_stay_in_the_order_of_sources(tmp_path: Path) -> None:
    frames = frames_of([60] * 4, start=SECOND, step=0)
    captures = open_captures(write(tmp_path, a=pcap(frames), b=pcap(frames)))
    assert [row[:2] for row in rows(captures)] == [(s, n) for s in (0, 1) for n in (1, 2, 3, 4)]


def test_clock_that_runs_backwards_keeps_the_order_of_its_file(tmp_path: Path) -> None:
    times = [10, 30, 20, 40]
    jumping = [Frame(n, t * SECOND, bytes([n]), 1) for n, t in enumerate(times, 1)]
    steady = [Frame(n, t * SECOND, bytes([n + 10]), 1) for n, t in enumerate([15, 25, 35], 1)]
    captures = open_captures(write(tmp_path, a=pcap(jumping), b=pcap(steady)))
    assert [row[3][0] for row in rows(captures)] == [1, 11, 12, 2, 3, 13, 4]
    assert captures.sources[0].first_time == 10 * SECOND


def test_unreadable_file_among_several_is_kept_as_an_error(tmp_path: Path) -> None:
    paths = write(tmp_path, good=pcap(frames_of([60])), bad=b"no capture", empty=b"")
    captures = open_captures([*paths, str(tmp_path / "missing")])
    assert len(rows(captures)) == 1
    assert [Path(info.name).name for info in captures.sources] == ["good"]
    assert ["no such file" in str(error) for error in captures.errors] == [False, False, True]


def test_all_of_several_unreadable(tmp_path: Path) -> None:
    captures = open_captures([str(tmp_path / "a"), str(tmp_path / "b")])
    assert (rows(captures), captures.sources, len(captures.errors)) == ([], [], 2)


def test_single_unreadable_input_raises(tmp_path: Path) -> None:
    with pytest.raises(CaptureError, match="no such file"):
        rows(open_captures([str(tmp_path / "a")]))


def test_nothing_given_is_nothing_read() -> None:
    assert rows(open_captures([])) == []


def test_capture_without_frames_keeps_its_place(tmp_path: Path) -> None:
    captures = open_captures(write(tmp_path, empty=pcap([]), full=pcap(frames_of([60]))))
    assert len(rows(captures)) == 1
    assert sorted(Path(info.name).name for info in captures.sources) == ["empty", "full"]


def test_pipe_beside_a_file(tmp_path: Path) -> None:
    note = option(1, b"hi")
    piped = section() + interface() + b"".join(enhanced(f, options=note) for f in frames_of([9, 8], start=20 * SECOND))
    paths = write(tmp_path, early=pcap(frames_of([60], start=10 * SECOND)))
    captures = open_captures(["-", *paths], stdin=io.BytesIO(piped))
    assert [(row[0], row[1]) for row in rows(captures)] == [(0, 1), (1, 1), (1, 2)]
    assert [info.name for info in captures.sources] == [paths[0], "standard input"]
    refs = [comment.ref or 0 for comment in captures.sources[1].comments]
    assert [(frame_source(ref), frame_number(ref)) for ref in refs] == [(1, 1), (1, 2)]


def test_warnings_name_their_source(tmp_path: Path) -> None:
    cut = pcap(frames_of([60], start=20 * SECOND))[:-1]
    captures = open_captures(write(tmp_path, whole=pcap(frames_of([60], start=10 * SECOND)), cut=cut))
    rows(captures)
    assert [(code, source) for code, _, source in captures.warnings] == [("cut-short", 1)]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(st.integers(0, 30), max_size=12), min_size=2, max_size=4))
def test_merge_is_the_stable_sort_by_latest_time(tmp_path: Path, clocks: list[list[int]]) -> None:
    files = {}
    expected = []
    # Sources are numbered by their first frame, those without frames last.
    for source, clock in enumerate(sorted(clocks, key=lambda clock: (not clock, clock[:1]))):
        frames = [Frame(n, (100 + t) * SECOND, bytes([n]), 1) for n, t in enumerate(clock, 1)]
        files[f"f{source}"] = pcap(frames)
        expected += [(max(clock[: f.number]), source, f.number) for f in frames]
    captures = open_captures(write(tmp_path, **files))
    assert [row[:2] for row in rows(captures)] == [(source, number) for _, source, number in sorted(expected)]
