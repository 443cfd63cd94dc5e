from __future__ import annotations

import io
import os
import threading
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pxedebug.capture import Capture
from pxedebug.errors import CaptureError
from tests.capture.build import Dribble, codes, collect, frames_of, outcome, pcap, pcapng, read_file

FRAMES = frames_of([60, 0, 61, 1514, 342, 1] * 5)
CONTAINERS = pytest.mark.parametrize("data", [pcap(FRAMES), pcapng(FRAMES)], ids=["pcap", "pcapng"])


@CONTAINERS
@given(steps=st.lists(st.integers(1, 400), min_size=1, max_size=20))
def test_pipe_that_dribbles_gives_the_same_frames(data: bytes, steps: list[int]) -> None:
    capture = Capture("-", stdin=io.BufferedReader(Dribble(data, steps)))
    assert collect(capture) == FRAMES
    assert codes(capture) == []


@CONTAINERS
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(capacity=st.integers(64, 4000))
def test_buffer_of_any_size_gives_the_same_frames(data: bytes, capacity: int, tmp_path: Path) -> None:
    assert read_file(tmp_path / "x", data, capacity)[0] == FRAMES


def test_only_files_can_be_read_again(tmp_path: Path) -> None:
    (tmp_path / "x.pcap").write_bytes(pcap(FRAMES))
    capture = Capture(str(tmp_path / "x.pcap"))
    assert capture.repeatable
    assert collect(capture) == FRAMES
    assert not Capture("-").repeatable


def test_frames_arrive_while_the_pipe_is_open() -> None:
    reading, writing = os.pipe()
    data = pcap(FRAMES[:2])
    os.write(writing, data)
    with os.fdopen(reading, "rb") as pipe:
        batches = iter(Capture("-", stdin=pipe))
        assert len(next(batches)) == 2
        threading.Timer(0.05, lambda: (os.write(writing, pcap(FRAMES[2:3])[24:]), os.close(writing))).start()
        assert [len(batch) for batch in batches] == [1]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_named_pipe_is_read_as_it_arrives(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    writer = threading.Thread(target=lambda: path.write_bytes(pcap(FRAMES)))
    writer.start()
    assert collect(Capture(str(path))) == FRAMES
    writer.join()


def test_leaving_early_closes_the_file(tmp_path: Path) -> None:
    path = tmp_path / "x.pcap"
    path.write_bytes(pcap(FRAMES))
    batches = iter(Capture(str(path), capacity=200))
    next(batches)
    batches.close()  # type: ignore[attr-defined]
    open_files = (
        {os.path.realpath(entry.path) for entry in os.scandir("/proc/self/fd")} if os.path.isdir("/proc") else ()
    )
    assert str(path) not in open_files


def test_batches_are_bounded(tmp_path: Path) -> None:
    (tmp_path / "x.pcap").write_bytes(pcap(frames_of([1] * 120_000)))
    sizes = [len(batch) for batch in Capture(str(tmp_path / "x.pcap"))]
    assert sum(sizes) == 120_000
    assert max(sizes) <= 50_000


def test_buffer_goes_on_behind_every_frame(tmp_path: Path) -> None:
    (tmp_path / "x.pcap").write_bytes(pcap(FRAMES))
    for batch in Capture(str(tmp_path / "x.pcap"), capacity=2000):
        assert int((batch.offset + batch.captured).max()) + 64 <= len(batch.buffer)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda path: None, "no such file"),
        (lambda path: path.mkdir(), "a directory"),
        (lambda path: path.write_bytes(b""), "an empty file"),
        (lambda path: path.write_bytes(b"hello"), "a text file"),
        (lambda path: path.write_bytes(b"\xd4\xc3\xb2\xa1"), "ends inside its header"),
    ],
)
def test_unreadable_input_is_one_line_with_its_name(make: object, words: str, tmp_path: Path) -> None:
    path = tmp_path / "x [a].pcap"
    make(path)  # type: ignore[operator]
    with pytest.raises(CaptureError) as caught:
        collect(Capture(str(path)))
    assert str(caught.value).startswith(f"{path}: {words}") or words in str(caught.value)
    assert caught.value.hint
    assert "\n" not in str(caught.value)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_file_without_permission(tmp_path: Path) -> None:
    path = tmp_path / "x.pcap"
    path.write_bytes(pcap(FRAMES))
    path.chmod(0)
    with pytest.raises(CaptureError, match="no permission"):
        collect(Capture(str(path)))


def test_name_that_is_no_file_name() -> None:
    with pytest.raises(CaptureError, match="no"):
        collect(Capture("a\0b"))


def test_without_standard_input() -> None:
    with pytest.raises(CaptureError, match="standard input: nothing to read"):
        collect(Capture("-"))


@given(st.binary(max_size=600))
def test_any_bytes_end_in_frames_or_one_line(data: bytes) -> None:
    found, words = outcome(data)
    assert sum(len(frame.data) for frame in found) <= len(data)
    assert "\n" not in words


@given(st.data())
def test_mutated_capture_ends_in_frames_or_one_line(data: st.DataObject) -> None:
    whole = bytearray(data.draw(st.sampled_from([pcap(FRAMES[:4]), pcapng(FRAMES[:4])])))
    for _ in range(data.draw(st.integers(1, 6))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    started = time.monotonic()
    found, words = outcome(bytes(whole))
    assert sum(len(frame.data) for frame in found) <= len(whole)
    assert "\n" not in words
    assert time.monotonic() - started < 5
