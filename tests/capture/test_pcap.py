from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pxedebug.capture import ContainerLimits
from pxedebug.errors import CaptureError
from tests.capture.build import (
    KUZNETZOV,
    MICROSECONDS,
    NANOSECONDS,
    Frame,
    codes,
    frames_of,
    pcap,
    pcap_header,
    pcap_record,
    read,
    read_file,
)

FRAMES = frames_of([60, 0, 61, 1514, 342, 1])


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("magic", [MICROSECONDS, NANOSECONDS, KUZNETZOV])
def test_reads_every_magic_in_both_byte_orders(order: str, magic: int) -> None:
    found, capture = read(pcap(FRAMES, order, magic))
    assert found == FRAMES
    assert capture.info.container == "pcap"
    assert capture.info.byte_order == {"<": "little", ">": "big"}[order]
    assert (capture.info.frames, capture.info.link_types) == (6, [1])
    assert capture.info.bytes == sum(len(frame.data) for frame in FRAMES)
    assert (capture.info.first_time, capture.info.last_time) == (FRAMES[0].time, FRAMES[-1].time)
    assert codes(capture) == []


def test_nanoseconds_are_kept() -> None:
    frame = Frame(1, 1_700_000_000_123_456_789, b"x" * 60, 60)
    assert read(pcap([frame], magic=NANOSECONDS))[0] == [frame]
    assert read(pcap([frame]))[0][0].time == 1_700_000_000_123_456_000


def test_seconds_after_2038_are_unsigned() -> None:
    frame = Frame(1, 0xFFFFFFFF * 1_000_000_000, b"x", 1)
    assert read(pcap([frame]))[0] == [frame]


@pytest.mark.parametrize("version", [(2, 0), (2, 1), (2, 2), (543, 0)])
def test_old_versions_store_the_wire_length_first(version: tuple[int, int]) -> None:
    frame = Frame(1, 10**9, b"x" * 40, 90)
    found, capture = read(pcap_header(version=version) + pcap_record(frame, swapped=True))
    assert found == [frame]
    assert capture.info.truncated_frames == 1


@pytest.mark.parametrize("order", ["<", ">"])
def test_version_2_3_may_store_the_lengths_either_way(order: str) -> None:
    frames = [Frame(1, 10**9, b"x" * 40, 90), Frame(2, 10**9, b"y" * 50, 91)]
    data = (
        pcap_header(order, version=(2, 3)) + pcap_record(frames[0], order) + pcap_record(frames[1], order, swapped=True)
    )
    assert read(data)[0] == frames


@pytest.mark.parametrize("version", [(1, 0), (2, 5), (3, 0), (543, 1)])
def test_unknown_versions_are_refused(version: tuple[int, int]) -> None:
    with pytest.raises(CaptureError, match=rf"version {version[0]}\.{version[1]}.*editcap"):
        read(pcap_header(version=version))


def test_frame_check_sequence_is_cut_where_the_header_announces_it() -> None:
    frame = Frame(1, 10**9, b"x" * 60, 60)
    network = 2 << 28 | 0x04000000 | 1
    assert read(pcap_header(network=network) + pcap_record(frame, trailer=b"FCSS"))[0] == [frame]


def test_frame_check_sequence_of_a_cut_frame_is_not_in_the_capture() -> None:
    record = pcap_record(Frame(1, 10**9, b"x" * 60, 100))
    assert read(pcap_header(network=2 << 28 | 0x04000000 | 1) + record)[0] == [Frame(1, 10**9, b"x" * 60, 96)]


def test_length_bits_without_the_presence_bit_mean_nothing() -> None:
    frame = Frame(1, 10**9, b"x" * 60, 60, link_type=0x84)
    assert read(pcap_header(network=0x30000084) + pcap_record(frame))[0] == [frame]


def test_wire_length_below_the_captured_one_is_raised_to_it() -> None:
    assert read(pcap_header() + pcap_record(Frame(1, 10**9, b"x" * 60, 10)))[0] == [Frame(1, 10**9, b"x" * 60, 60)]


@pytest.mark.parametrize("snap_length", [0, 1, 0xFFFFFFFF])
def test_records_may_be_longer_than_the_snap_length(snap_length: int) -> None:
    assert read(pcap_header(snap_length=snap_length) + pcap_record(FRAMES[3]))[0][0].data == FRAMES[3].data


def test_cut_file_is_read_up_to_the_cut() -> None:
    frames = frames_of([60, 0, 61])
    data = pcap(frames)
    ends = [len(pcap(frames[:count])) for count in range(len(frames) + 1)]
    for size in range(24, len(data)):
        found, capture = read(data[:size])
        assert found == frames[: sum(end <= size for end in ends) - 1]
        assert codes(capture) == ([] if size in ends else ["cut-short"])


def test_header_cut_short_is_refused() -> None:
    with pytest.raises(CaptureError, match="ends inside its header"):
        read(pcap_header()[:20])


def test_impossible_length_ends_the_reading_with_the_offset() -> None:
    data = pcap(FRAMES[:3])
    found, capture = read(data + b"\xff" * 40)
    assert found == FRAMES[:3]
    assert codes(capture) == ["damaged-record"]
    assert f"at byte {len(data)}," in capture.info.warnings[0].text
    assert "frame 3," in capture.info.warnings[0].text


def test_longest_frame_is_a_limit_that_large_link_types_exceed() -> None:
    frame = Frame(1, 10**9, bytes(300_000), 300_000, link_type=249)
    assert read(pcap([frame], network=249))[0] == [frame]
    found, capture = read(pcap([frame]))
    assert (found, codes(capture)) == ([], ["damaged-record"])
    assert read(pcap([frame]), ContainerLimits(captured=300_000))[0][0].wire == 300_000


def test_record_larger_than_the_buffer(tmp_path: Path) -> None:
    frames = frames_of([100, 200_000, 100])
    assert read_file(tmp_path / "x.pcap", pcap(frames), capacity=4096)[0] == frames


def test_without_frames_is_a_capture_all_the_same() -> None:
    found, capture = read(pcap([]))
    assert (found, capture.info.frames, capture.info.first_time, codes(capture)) == ([], 0, None, [])


@given(st.binary(max_size=300), st.sampled_from([MICROSECONDS, NANOSECONDS, KUZNETZOV]), st.sampled_from("<>"))
def test_any_bytes_behind_a_header_end_in_frames_and_at_most_one_warning(data: bytes, magic: int, order: str) -> None:
    found, capture = read(pcap_header(order, magic) + data)
    assert sum(len(frame.data) for frame in found) <= len(data)
    assert len(codes(capture)) <= 1
