from __future__ import annotations

import io

from hypothesis import given
from hypothesis import strategies as st

from pxedebug.capture.streams import PipeStream
from pxedebug.capture.window import PADDING, Window
from tests.capture.build import Dribble


@given(st.binary(max_size=500), st.lists(st.integers(1, 90), min_size=1), st.integers(1, 64), st.integers(0, 40))
def test_every_byte_passes_once_and_is_padded(data: bytes, steps: list[int], capacity: int, kept: int) -> None:
    window = Window(PipeStream(io.BufferedReader(Dribble(data, steps))), capacity, 600)
    seen = b""
    while window.fill():
        assert not window.data[window.end : window.end + PADDING].any()
        take = max(len(window) - kept, 0)
        assert window.offset == len(seen)
        seen += window.peek(take)
        window.start += take
    assert seen + window.peek(1000) == data


def test_grows_only_for_what_does_not_fit() -> None:
    window = Window(PipeStream(io.BytesIO(bytes(1000))), 100, 1000)
    window.fill()
    assert len(window.data) == 100 + PADDING
    window.start += 50
    window.fill()
    assert len(window.data) == 100 + PADDING
    window.fill()
    assert len(window.data) == 200 + PADDING
