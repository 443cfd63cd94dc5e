"""Frame numbers, times and lengths against tshark, over captures that others made."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from pxedebug.capture import Capture
from pxedebug.errors import CaptureError
from tests.capture.build import Frame, collect

REFUSED = {
    "IPv6-EH-ESP.pcapng": "an HTML page",
    "DNP3-Read.pcap": "a Git LFS pointer",
    "snoop-working-ccm7.cap": "a NetScreen snoop text trace",
    "study-dhcp__dhcp.pcap": "the text output of tcpdump",
    "Ethernet_Pause_Frame.cap": "a Network General Sniffer capture",
    "PPPHandshake.cap": "a Microsoft Network Monitor 2 capture",
}
"""Ends of the names of files that are no pcap or pcapng, and what they are."""

UNKNOWN_TO_TSHARK = ("hoobr_juniper3.pcap", "kday6.pcap")
"""Link types that tshark refuses; the frames are there all the same."""

FIELDS = ("frame.number", "frame.time_epoch", "frame.cap_len", "frame.len", "frame.protocols")


def nanoseconds(epoch: str) -> int:
    seconds, _, fraction = epoch.partition(".")
    return int(seconds) * 1_000_000_000 + int(fraction.ljust(9, "0"))


def matches(line: list[str], frame: Frame) -> bool:
    number, epoch, captured, wire, _ = line
    timed = not epoch or nanoseconds(epoch) == frame.time  # simple packet blocks have none
    # A frame check sequence that the container announces is part of tshark's lengths.
    return timed and int(number) == frame.number and 0 <= int(captured) - len(frame.data) == int(wire) - frame.wire


def compare(tshark: str, path: Path) -> None:
    command = [tshark, "-n", "-r", str(path), "-T", "fields", *(part for field in FIELDS for part in ("-e", field))]
    output = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    lines = [line.split("\t") for line in output.splitlines()]
    frames = {frame.number: frame for frame in collect(Capture(str(path)))}
    # Custom blocks are numbered by tshark, as `data`, but are no frames.
    packets = [line for line in lines if int(line[0]) in frames]
    others = [line for line in lines if int(line[0]) not in frames]
    assert len(packets) == len(frames)
    assert all(line[1] == "" and "eth" not in line[4] for line in others)
    assert [line for line in packets if not matches(line, frames[int(line[0])])] == []


@pytest.mark.slow
def test_public_captures_are_numbered_as_by_tshark(public_captures: Path, tshark: str) -> None:
    refused = []
    paths = [path for path in sorted(public_captures.iterdir()) if path.suffix != ".tsv"]
    for path in paths:
        expected = next((words for end, words in REFUSED.items() if path.name.endswith(end)), None)
        if expected is not None:
            with pytest.raises(CaptureError, match=expected):
                collect(Capture(str(path)))
            refused.append(path)
        elif path.name.endswith(UNKNOWN_TO_TSHARK):
            assert len(collect(Capture(str(path)))) == 1
        else:
            compare(tshark, path)
    assert len(refused) == len(REFUSED)
    assert len(paths) > 100
