from __future__ import annotations

import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pxedebug.capture import Comment, ContainerLimits
from pxedebug.errors import CaptureError, LimitExceeded
from tests.capture.build import (
    END,
    SECOND,
    Frame,
    block,
    codes,
    enhanced,
    frames_of,
    interface,
    obsolete,
    option,
    outcome,
    pcapng,
    read,
    read_file,
    section,
    simple,
)

FRAMES = frames_of([60, 0, 61, 1514, 342, 1])
BOTH = pytest.mark.parametrize("order", ["<", ">"])


@BOTH
def test_enhanced_packet_blocks(order: str) -> None:
    found, capture = read(pcapng(FRAMES, order))
    assert found == FRAMES
    assert (capture.info.container, capture.info.byte_order) == ("pcapng", {"<": "little", ">": "big"}[order])
    assert capture.info.interfaces[0].frames == 6
    assert codes(capture) == []


@BOTH
def test_obsolete_packet_blocks_have_a_short_interface_number(order: str) -> None:
    frame = Frame(1, SECOND, b"abc", 60, interface=1)
    assert read(section(order) + interface(order) * 2 + obsolete(frame, order, number=1))[0] == [frame]


@BOTH
def test_simple_packet_blocks_take_time_from_the_frame_before(order: str) -> None:
    data = section(order) + interface(order, snap_length=10)
    data += enhanced(FRAMES[0], order) + simple(Frame(2, 0, b"y" * 10, 99), order) + simple(Frame(3, 0, b"z", 1), order)
    found, capture = read(data)
    time = FRAMES[0].time
    assert found == [FRAMES[0], Frame(2, time, b"y" * 10, 99), Frame(3, time, b"z", 1)]
    assert codes(capture) == ["frames-without-time"]


@pytest.mark.parametrize(
    ("resolution", "ticks", "time"),
    [
        (6, 1_500_000, 1_500_000_000),
        (9, 1_500_000_001, 1_500_000_001),
        (0, 7, 7 * SECOND),
        (3, 1234, 1_234_000_000),
        (12, 1_500_000_001_999, 1_500_000_001),
        (19, 15_000_000_019_999_999_999, 1_500_000_001),
        (0x80 | 10, 1536, 1_500_000_000),
        (0x80 | 32, 3 << 31, 1_500_000_000),
        (0x80 | 40, 3 << 39, 1_500_000_000),
        (0x80 | 63, 3 << 62, 1_500_000_000),
    ],
)
def test_timestamp_resolution(resolution: int, ticks: int, time: int) -> None:
    idb = interface(options=option(9, bytes([resolution])) + END)
    assert read(section() + idb + enhanced(FRAMES[0], ticks=ticks))[0][0].time == time


@BOTH
def test_timestamp_offset_is_signed_seconds(order: str) -> None:
    ahead, behind = (interface(order, options=option(14, struct.pack(order + "q", s), order)) for s in (3600, -5))
    data = section(order) + ahead + behind
    data += enhanced(FRAMES[0], order, ticks=10_000_000) + enhanced(FRAMES[0], order, number=1, ticks=10_000_000)
    assert [frame.time for frame in read(data)[0]] == [3610 * SECOND, 5 * SECOND]


def test_forged_times_stop_at_what_64_bits_hold() -> None:
    idb = interface(options=option(9, b"\0") + option(14, struct.pack("<q", 2**63 - 1)))
    (frame,) = read(section() + idb + enhanced(FRAMES[0], ticks=2**64 - 1))[0]
    assert frame.time == 9_200_000_000 * SECOND


def test_interfaces_differ_in_link_type_and_resolution() -> None:
    first = interface(link_type=1, options=option(2, b"eth0") + option(11, b"\0port 67") + END)
    second = interface(link_type=113, snap_length=96, options=option(9, b"\x09"))
    data = section() + first + second
    data += enhanced(Frame(1, SECOND, b"a", 1)) + enhanced(Frame(2, 0, b"b", 1), number=1, ticks=SECOND + 1)
    found, capture = read(data)
    assert found == [Frame(1, SECOND, b"a", 1), Frame(2, SECOND + 1, b"b", 1, link_type=113, interface=1)]
    assert capture.info.link_types == [1, 113]
    one, two = capture.info.interfaces
    assert (one.name, one.filter, one.link_type, one.frames) == ("eth0", "port 67", 1, 1)
    assert (two.snap_length, two.ticks_per_second, two.frames) == (96, SECOND, 1)


def test_frame_check_sequence_by_interface_and_by_packet() -> None:
    announced = interface(options=option(13, b"\x04"))
    frame = Frame(1, SECOND, b"x" * 60, 60)
    by_interface = enhanced(frame, trailer=b"FCSS")
    by_packet = enhanced(frame, trailer=b"FC", options=option(2, struct.pack("<I", 2 << 5)) + END)
    cut = enhanced(Frame(1, SECOND, b"x" * 60, 100))
    found, _ = read(section() + announced + by_interface + by_packet + cut)
    assert [(f.data, f.wire) for f in found] == [(frame.data, 60), (frame.data, 60), (frame.data, 96)]


def test_sections_may_change_the_byte_order_and_restart_the_interfaces() -> None:
    frames = [Frame(n, SECOND, bytes([n]) * 20, 20, interface=n - 1) for n in (1, 2, 3)]
    data = b"".join(section(o) + interface(o) + enhanced(f, o) for o, f in zip("<><", frames, strict=True))
    found, capture = read(data)
    assert found == frames
    assert len(capture.info.interfaces) == 3


def test_section_of_the_other_byte_order_whose_length_looks_legal() -> None:
    # 256 bytes read in the wrong byte order are 65,536.
    other = section(">", options=option(1, b"c" * 221, ">"))
    assert len(other) == 256
    padding = section("<") + interface("<") + enhanced(FRAMES[0])
    rest = interface(">") + enhanced(Frame(2, SECOND, bytes(70_000), 70_000, interface=1), ">")
    found, capture = read(padding + other + rest)
    assert [frame.wire for frame in found] == [60, 70_000]
    assert codes(capture) == []


@BOTH
def test_other_blocks_are_skipped_and_numbered_as_wireshark_does(order: str) -> None:
    data = section(order) + interface(order)
    for kind in (4, 5, 10, 0x101, 0x80000001):
        data += block(kind, bytes(20), order)
    for kind in (0xBAD, 0x40000BAD, 9):
        data += block(kind, bytes(20), order)
    assert [frame.number for frame in read(data + enhanced(FRAMES[0], order))[0]] == [4]


def test_dropped_frames_by_interface_statistics() -> None:
    body = struct.pack("<III", 0, 0, 0) + option(5, struct.pack("<Q", 17)) + END
    assert read(section() + interface() + block(5, body))[1].info.interfaces[0].dropped == 17


def test_comments_are_kept_up_to_the_limit() -> None:
    note = option(1, "Gerät eins".encode()) + END
    data = section(options=note) + interface(options=note)
    data += enhanced(FRAMES[1], options=note) + enhanced(
        FRAMES[2], options=option(2, bytes(4)) + option(1, b"two") + note
    )
    info = read(data, ContainerLimits(comments=4))[1].info
    text = "Gerät eins"
    assert info.comments == [Comment(None, text), Comment(None, text), Comment(1, text), Comment(2, "two")]
    assert info.comments_dropped == 1


def test_comments_are_cut_to_their_limit() -> None:
    data = section() + interface() + enhanced(FRAMES[0], options=option(1, b"c" * 5000))
    assert read(data, ContainerLimits(comment_length=7))[1].info.comments == [Comment(1, "c" * 7)]


def test_too_many_interfaces_are_refused_by_name() -> None:
    with pytest.raises(LimitExceeded, match="`interfaces`"):
        read(section() + interface() * 5, ContainerLimits(interfaces=4))


def test_unknown_version_of_a_later_section_ends_the_reading() -> None:
    found, capture = read(pcapng(FRAMES[:2]) + section(version=(2, 0)) + interface() + enhanced(FRAMES[2]))
    assert found == FRAMES[:2]
    assert codes(capture) == ["unknown-version"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (section(version=(2, 0)), "version 2.0"),
        (section()[:20], "ends inside its first section"),
        (section()[:8] + b"\0\0\0\0" + section()[12:], "without a byte-order mark"),
        (section()[:4] + b"\x08\0\0\0" + section()[8:], "of 8 bytes"),
    ],
)
def test_unreadable_first_section_is_refused(data: bytes, words: str) -> None:
    with pytest.raises(CaptureError, match=words):
        read(data)


DAMAGED = {
    "length of zero": struct.pack("<II", 6, 0) + bytes(40),
    "length below the header": struct.pack("<II", 6, 8) + bytes(40),
    "length of gigabytes": struct.pack("<II", 6, 0x7FFFFFFC) + bytes(40),
    "length no multiple of four": struct.pack("<II", 5, 25) + bytes(40),
    "trailing length differs": enhanced(FRAMES[0])[:-4] + b"\x01\0\0\0",
    "too short for its type": block(6, bytes(8)),
    "captured beyond the block": enhanced(FRAMES[0])[:20] + b"\xff\xff\0\0" + enhanced(FRAMES[0])[24:],
    "unknown interface": enhanced(FRAMES[0], number=1),
}


@pytest.mark.parametrize("damage", DAMAGED.values(), ids=DAMAGED.keys())
def test_damaged_block_ends_the_reading_with_the_offset(damage: bytes) -> None:
    data = pcapng(FRAMES[:3])
    found, capture = read(data + damage + enhanced(FRAMES[3]))
    assert found == FRAMES[:3]
    assert codes(capture) == ["damaged-record"]
    assert f"at byte {len(data)}," in capture.info.warnings[0].text


def test_interface_described_behind_its_packet_does_not_count() -> None:
    found, capture = read(section() + enhanced(FRAMES[0]) + interface())
    assert (found, codes(capture)) == ([], ["damaged-record"])


@BOTH
def test_cut_anywhere_gives_the_frames_before_the_cut(order: str) -> None:
    start, frames = section(order) + interface(order), FRAMES[:3]
    data = pcapng(frames, order)
    ends = [len(start) + sum(len(enhanced(f, order)) for f in frames[:count]) for count in range(4)]
    for size in range(len(start), len(data)):
        found, capture = read(data[:size])
        assert found == frames[: sum(end <= size for end in ends) - 1]
        assert codes(capture) == ([] if size in ends else ["cut-short"])


def test_many_short_sections_cost_no_more_than_one_long_one() -> None:
    found, capture = read((section("<") + section(">")) * 3000 + interface(">") + enhanced(FRAMES[0], ">"))
    assert len(found) == 1
    assert codes(capture) == []


def test_block_larger_than_the_buffer(tmp_path: Path) -> None:
    data = section() + interface() + block(10, bytes(300_000)) + enhanced(FRAMES[0])
    assert read_file(tmp_path / "x.pcapng", data, capacity=4096)[0] == FRAMES[:1]


def test_block_larger_than_its_limit_is_damage() -> None:
    data = section() + interface() + block(10, bytes(5000)) + enhanced(FRAMES[0])
    assert codes(read(data, ContainerLimits(record=4096))[1]) == ["damaged-record"]


@given(st.binary(max_size=200), st.sampled_from("<>"))
def test_any_bytes_behind_a_section_end_in_frames_and_warnings(data: bytes, order: str) -> None:
    found, _ = read(section(order) + interface(order) + data)
    assert sum(len(frame.data) for frame in found) <= len(data)


@given(st.data())
def test_any_mutation_ends_in_frames_or_a_capture_error(data: st.DataObject) -> None:
    whole = bytearray(
        pcapng(FRAMES[:2]) + section(">") + interface(">") + simple(FRAMES[2], ">") + obsolete(FRAMES[4], ">")
    )
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    found, words = outcome(bytes(whole))
    assert len(found) <= 4
    assert "\n" not in words
