"""One boot seen from two places: told once, whatever the clocks of the two captures say."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

import pxedebug

_HEADER, _RECORD = 24, 16


def shifted(capture: Path, to: Path, microseconds: int) -> Path:
    """A copy of a little-endian pcap whose clock is ahead by `microseconds`."""
    data = bytearray(capture.read_bytes())
    at = _HEADER
    while at < len(data):
        seconds, fraction, length = struct.unpack_from("<III", data, at)
        seconds, fraction = divmod(seconds * 1_000_000 + fraction + microseconds, 1_000_000)
        struct.pack_into("<II", data, at, seconds, fraction)
        at += _RECORD + length
    to.write_bytes(data)
    return to


@pytest.mark.parametrize("microseconds", [37, 300, 2_000, 20_000, 1_000_000])
@pytest.mark.parametrize("case", ["uefi-boot-program", "bios-fragmented-data", "uefi-http-boot"])
def test_a_boot_seen_twice_is_told_once(case: str, microseconds: int, golden_captures: Path, tmp_path: Path) -> None:
    capture = golden_captures / case / "capture.pcap"
    alone = pxedebug.analyze(capture)
    both = pxedebug.analyze(capture, shifted(capture, tmp_path / "other.pcap", microseconds))
    assert len(both.boots) == len(alone.boots)
    for seen, boot in zip(both.boots, alone.boots, strict=True):
        assert seen.outcome == boot.outcome
        for stage, expected in zip(seen.stages, boot.stages, strict=True):
            told = [(t.file, t.status, t.bytes, t.retransmissions, t.missing_blocks) for t in stage.transfers]
            assert told == [
                (t.file, t.status, t.bytes, t.retransmissions, t.missing_blocks) for t in expected.transfers
            ]
            originals = [m for e in stage.exchanges for m in e.messages if m.copy_of is None]
            assert len(originals) == sum(len(e.messages) for e in expected.exchanges)


def directions(capture: Path, client: bytes, folder: Path, microseconds: int) -> list[str]:
    """What a tap hands to its two ports: the frames of `client`, and those of everybody else on a clock of its own."""
    data = capture.read_bytes()
    at, files = _HEADER, {True: bytearray(data[:_HEADER]), False: bytearray(data[:_HEADER])}
    while at < len(data):
        after = at + _RECORD + struct.unpack_from("<I", data, at + 8)[0]
        source = at + _RECORD + 6
        files[data[source : source + 6] == client] += data[at:after]
        at = after
    sent, received = folder / "sent.pcap", folder / "received.pcap"
    sent.write_bytes(files[True])
    received.write_bytes(files[False])
    return [str(sent), str(shifted(received, received, microseconds))]


@pytest.mark.parametrize("microseconds", [0, 40, -40, 20_000])
@pytest.mark.parametrize("case", ["uefi-boot-program", "bios-fragmented-data", "uefi-http-boot"])
def test_the_two_directions_of_a_tap_tell_the_boot_as_one_file(
    case: str, microseconds: int, golden_captures: Path, tmp_path: Path
) -> None:
    capture = golden_captures / case / "capture.pcap"
    alone = pxedebug.analyze(capture)
    client = bytes.fromhex(str(alone.boots[0].client.mac).replace(":", ""))
    both = pxedebug.analyze(*directions(capture, client, tmp_path, microseconds))
    assert [boot.outcome for boot in both.boots] == [boot.outcome for boot in alone.boots]
    assert _files(both) == _files(alone)
    assert [source.vantage.kind for source in both.capture.sources] == ["both-directions"] * 2


def _files(report: pxedebug.Report) -> list[tuple[object, ...]]:
    transfers = [t for boot in report.boots for stage in boot.stages for t in stage.transfers]
    return [(t.file, t.status, t.bytes) for t in transfers]


def test_parts_of_one_capture_are_one_view(golden_captures: Path, tmp_path: Path) -> None:
    """A transfer that begins in one file and ends in the next is one transfer."""
    data = (golden_captures / "uefi-boot-program" / "capture.pcap").read_bytes()
    at, records = _HEADER, []
    while at < len(data):
        records.append(at)
        at += _RECORD + struct.unpack_from("<I", data, at + 8)[0]
    middle = records[len(records) // 2]
    first, second = tmp_path / "1.pcap", tmp_path / "2.pcap"
    first.write_bytes(data[:middle])
    second.write_bytes(data[:_HEADER] + data[middle:])
    whole = pxedebug.analyze(golden_captures / "uefi-boot-program" / "capture.pcap")
    parts = pxedebug.analyze(second, first)
    assert [t.bytes for b in parts.boots for s in b.stages for t in s.transfers] == [
        t.bytes for b in whole.boots for s in b.stages for t in s.transfers
    ]
