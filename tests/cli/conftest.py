"""Captures built in the test, and the command line run on them."""

from __future__ import annotations

import struct
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from pxedebug.cli.main import run as run_program
from tests.report import stories as make

Run = Callable[..., "Finished"]


def frame(payload: bytes, source_port: int, destination_port: int, source: bytes, destination: bytes) -> bytes:
    """An Ethernet frame with a UDP datagram."""
    udp = struct.pack("!4H", source_port, destination_port, 8 + len(payload), 0) + payload
    ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 1, 0, 64, 17, 0, source, destination)
    return b"\xff" * 6 + make.MAC + b"\x08\x00" + ip + udp


def pcap(*frames: tuple[float, bytes]) -> bytes:
    """A little-endian pcap file of Ethernet frames with their times in seconds."""
    out = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1)
    for seconds, data in frames:
        whole, rest = divmod(make.at(seconds) // 1000, 1_000_000)
        out += struct.pack("<4I", whole, rest, len(data), len(data)) + data
    return out


def discovers(*seconds: float) -> bytes:
    """A capture in which a UEFI client asks and nobody answers."""
    told = make.message("DISCOVER", 1, 0, options=[(60, make.PXE_CLASS), (93, b"\0\7"), (97, b"\0" + bytes(range(16)))])
    data = frame(told.packet.payload, 68, 67, bytes(4), b"\xff" * 4)
    return pcap(*((at, data) for at in seconds))


@pytest.fixture
def capture(tmp_path: Path) -> Path:
    """Four DISCOVERs and no answer."""
    path = tmp_path / "boot.pcap"
    path.write_bytes(discovers(0, 4, 12, 28))
    return path


@dataclass(frozen=True)
class Finished:
    """What a run of the command line left behind."""

    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run `pxedebug` with arguments, in this process."""

    def call(*arguments: str | Path) -> Finished:
        status = run_program([str(argument) for argument in arguments])
        sys.stdout.flush()
        captured = capsys.readouterr()
        return Finished(status, captured.out, captured.err)

    return call
