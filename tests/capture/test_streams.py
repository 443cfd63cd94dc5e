from __future__ import annotations

import io
import threading

import pytest

from pxedebug.capture.streams import Metered, PipeStream, Prefixed, ReadAhead, read_head
from tests.capture.build import Dribble


class Failing:
    """A stream that gives three bytes and then fails."""

    def __init__(self) -> None:
        self.closed = threading.Event()
        self._turn = 0

    def readinto(self, target: memoryview, /) -> int:
        self._turn += 1
        if self._turn > 1:
            raise OSError("the disk is gone")
        target[:3] = b"abc"
        return 3

    def close(self) -> None:
        self.closed.set()


class NonBlocking(io.RawIOBase):
    """A pipe that has nothing the first two times."""

    def __init__(self) -> None:
        self._answers: list[bytes | None] = [None, None, b"abc", b""]

    def readinto(self, target: memoryview) -> int | None:  # type: ignore[override]
        answer = self._answers.pop(0)
        if answer is None:
            return None
        target[: len(answer)] = answer
        return len(answer)

    def readable(self) -> bool:
        return True


def drain(stream: Prefixed | ReadAhead | Metered | PipeStream, room: int) -> bytes:
    target = memoryview(bytearray(room))
    result = b""
    while size := stream.readinto(target):
        result += bytes(target[:size])
    return result


@pytest.mark.parametrize("room", [1, 2, 7, 4000])
def test_prefix_comes_first_and_nothing_is_lost(room: int) -> None:
    assert drain(Prefixed(b"head", PipeStream(io.BytesIO(b"rest"))), room) == b"headrest"


@pytest.mark.parametrize("room", [1, 3, 5000])
def test_read_ahead_keeps_the_bytes_and_their_order(room: int) -> None:
    data = bytes(range(256)) * 20
    assert drain(ReadAhead(PipeStream(io.BufferedReader(Dribble(data, [1, 700, 30])))), room) == data


def test_read_ahead_gives_what_came_before_a_failure_then_the_failure() -> None:
    source = Failing()
    stream = ReadAhead(source)
    target = memoryview(bytearray(10))
    assert stream.readinto(target) == 3
    with pytest.raises(OSError, match="the disk is gone"):
        stream.readinto(target)
    assert source.closed.wait(5)


def test_read_ahead_stops_when_it_is_closed() -> None:
    source = Failing()
    ReadAhead(source).close()
    assert source.closed.wait(5)


def test_read_ahead_is_bounded() -> None:
    source = Metered(PipeStream(io.BytesIO(bytes(64 << 20))))
    stream = ReadAhead(source)
    assert stream.readinto(memoryview(bytearray(10))) == 10
    stream.close()
    assert source.count <= 12 << 20


def test_pipe_without_data_is_asked_again() -> None:
    assert drain(PipeStream(io.BufferedReader(NonBlocking())), 10) == b"abc"


def test_meter_counts() -> None:
    steps: list[int] = []
    meter = Metered(PipeStream(io.BytesIO(b"abcdef")), steps.append)
    assert drain(meter, 4) == b"abcdef"
    assert (meter.count, steps) == (6, [4, 2])


@pytest.mark.parametrize(("size", "expected"), [(3, b"abc"), (6, b"abcdef"), (9, b"abcdef")])
def test_head_is_complete_unless_the_stream_ends(size: int, expected: bytes) -> None:
    assert read_head(PipeStream(io.BufferedReader(Dribble(b"abcdef", [1]))), size) == expected
