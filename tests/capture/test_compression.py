from __future__ import annotations

import gzip
import io
import lzma
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pxedebug.capture import Capture, ContainerLimits
from pxedebug.errors import CaptureError, LimitExceeded
from tests.capture.build import Dribble, codes, collect, frames_of, outcome, pcap, pcapng, read
from tests.capture.wrappings import COMPRESSIONS

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

EACH = pytest.mark.parametrize("name", COMPRESSIONS)
FRAMES = frames_of([60, 61, 1514, 342] * 50)


@EACH
@pytest.mark.parametrize("container", [pcap, pcapng])
def test_gives_the_frames_of_the_plain_file(name: str, container: Callable[..., bytes]) -> None:
    found, capture = read(COMPRESSIONS[name](container(FRAMES)))
    assert found == FRAMES
    assert capture.info.compression == name
    assert codes(capture) == []


@EACH
def test_members_follow_each_other_and_padding_is_no_member(name: str) -> None:
    data = pcap(FRAMES)
    packed = COMPRESSIONS[name](data[:1000]) + COMPRESSIONS[name](data[1000:]) + bytes(600)
    found, capture = read(packed)
    assert found == FRAMES
    assert codes(capture) == []


@EACH
def test_member_behind_padding_of_many_blocks(name: str) -> None:
    data = pcap(FRAMES)
    assert read(COMPRESSIONS[name](data[:1000]) + bytes(700_000) + COMPRESSIONS[name](data[1000:]))[0] == FRAMES


@EACH
def test_something_else_behind_the_last_member_is_told(name: str) -> None:
    found, capture = read(COMPRESSIONS[name](pcap(FRAMES)) + b"something else")
    assert found == FRAMES
    assert codes(capture) == ["compressed-data-ends-early"]


@EACH
def test_truncated_data_is_read_as_far_as_it_goes(name: str) -> None:
    noise = frames_of([1000] * 400)
    packed = COMPRESSIONS[name](pcap(noise))
    found, words = outcome(packed[: len(packed) - 20])
    assert found == noise[: len(found)]
    # A codec may hold back the whole of a file this small.
    assert "compressed-data-ends-early" in words if found else "cut short" in words


@EACH
def test_empty_inside_is_refused(name: str) -> None:
    with pytest.raises(CaptureError, match=rf"{name} data that holds an empty file"):
        read(COMPRESSIONS[name](b""))


@EACH
def test_something_else_inside_is_named(name: str) -> None:
    with pytest.raises(CaptureError, match=rf"{name} data that holds a ZIP archive"):
        read(COMPRESSIONS[name](b"PK\x03\x04" + bytes(100)))


def test_compressed_twice_is_refused() -> None:
    with pytest.raises(CaptureError, match="gzip data that holds xz data"):
        read(gzip.compress(lzma.compress(pcap(FRAMES))))


@EACH
def test_bomb_is_refused_by_its_size(name: str) -> None:
    limits = ContainerLimits(decompressed=1 << 20)
    with pytest.raises(LimitExceeded, match="`decompressed`"):
        read(COMPRESSIONS[name](pcap(frames_of([1500] * 1000))), limits)


@pytest.mark.parametrize("name", ["bzip2", "xz", "zstd"])
def test_bomb_is_refused_by_its_ratio(name: str) -> None:
    header = pcap([])
    bomb = COMPRESSIONS[name](header + bytes(8 << 20))
    with pytest.raises(LimitExceeded, match="`ratio`"):
        read(bomb, ContainerLimits(ratio_floor=1 << 20))


def test_window_beyond_the_limit_is_refused() -> None:
    limits = ContainerLimits(window=1 << 20)
    packed = zstd.compress(pcap(FRAMES) * 30, options={zstd.CompressionParameter.window_log: 24})
    streaming = zstd.ZstdCompressor(options={zstd.CompressionParameter.window_log: 24})
    packed = streaming.compress(pcap(FRAMES)) + streaming.flush()
    with pytest.raises(LimitExceeded, match="`window`"):
        read(packed, limits)
    packed = lzma.compress(pcap(FRAMES), filters=[{"id": lzma.FILTER_LZMA2, "preset": 0, "dict_size": 16 << 20}])
    with pytest.raises(LimitExceeded, match="`window`"):
        read(packed, limits)


@EACH
def test_damage_is_told_or_refused(name: str) -> None:
    packed = bytearray(COMPRESSIONS[name](pcap(frames_of([1000] * 500))))
    packed[len(packed) // 2 : len(packed) // 2 + 8] = b"\xff" * 8
    found, words = outcome(bytes(packed))
    assert len(found) < 500
    # Whether there is anything to read depends on the codec's block size.
    assert words if found else name in words or "damaged-record" in words


@EACH
@given(data=st.binary(max_size=200))
def test_any_bytes_behind_the_magic_number(name: str, data: bytes) -> None:
    _, words = outcome(COMPRESSIONS[name](b"")[:6] + data)
    assert "\n" not in words


@EACH
def test_arriving_byte_by_byte(name: str) -> None:
    pipe = Dribble(COMPRESSIONS[name](pcap(FRAMES[:8])), [1])
    assert collect(Capture("-", stdin=io.BufferedReader(pipe))) == FRAMES[:8]


def test_progress_counts_the_bytes_as_stored(tmp_path: Path) -> None:
    packed = gzip.compress(pcap(FRAMES))
    (tmp_path / "x.pcap.gz").write_bytes(packed)
    steps: list[int] = []
    assert collect(Capture(str(tmp_path / "x.pcap.gz"), progress=steps.append)) == FRAMES
    assert sum(steps) == len(packed)
