"""Frames written as pcapng come back as they were, here and in tshark."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from pxedebug.capture import open_captures
from pxedebug.capture.writer import PcapngWriter

FRAMES = st.lists(
    st.tuples(
        st.sampled_from([1, 101, 113]),
        st.integers(0, 2**62 // 10**9 * 10**9),
        st.binary(min_size=1, max_size=200),
        st.integers(0, 9000),
    ),
    max_size=12,
)


@given(FRAMES)
def test_what_is_written_is_read(tmp_path_factory: object, frames: list[tuple[int, int, bytes, int]]) -> None:
    out = BytesIO()
    writer = PcapngWriter(out)
    for link_type, time, frame, more in frames:
        writer.write(link_type, time, frame, len(frame) + more)
    path = Path(str(tmp_path_factory.mktemp("writer"))) / "w.pcapng"  # type: ignore[attr-defined]
    path.write_bytes(out.getvalue())
    read = [
        (int(batch.link_type[row]), int(batch.time[row]), batch.frame(row), int(batch.wire_length[row]))
        for batch in open_captures([str(path)])
        for row in range(len(batch))
    ]
    assert read == [(link, time, frame, len(frame) + more) for link, time, frame, more in frames]


def test_comments_are_kept_and_too_long_ones_cut(tmp_path: Path, require_tool: Callable[[str], str]) -> None:
    path = tmp_path / "said.pcapng"
    with path.open("wb") as file:
        writer = PcapngWriter(file, comment="the whole file")
        writer.write(1, 5, bytes(60), 60, comments=["first", "zweiter €"], interface="eth0")
        writer.write(1, 6, bytes(60), 60, comments=["€" * 40_000])
    captures = open_captures([str(path)])
    for _ in captures:
        pass
    texts = [comment.text for comment in captures.sources[0].comments]
    assert texts[:3] == ["the whole file", "first", "zweiter €"]
    assert texts[3].startswith("€€€")
    shown = subprocess.run(
        [require_tool("tshark"), "-n", "-r", str(path), "-T", "fields", "-e", "frame.comment"],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert shown.startswith("first,zweiter €\n")
