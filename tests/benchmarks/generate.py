"""The four captures of the benchmark: storm, storm4, mirror and flood; the same bytes on every machine."""

from __future__ import annotations

import heapq
import json
import random
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.benchmarks.foreign import foreign_frames
from tests.benchmarks.machines import BIOS, PLAIN, UEFI, Firmware, Machine, Timed, boot, dora, failing_boot
from tests.benchmarks.pcapfile import PcapWriter

__all__ = ["Expected", "flood", "generate", "mirror", "storm"]

_START = 1_790_000_000_000_000
CLIENTS = 200
FLOOD_CLIENTS = 50_000
FILES = 3
"""Boot program, kernel and initrd."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What a right report on the capture says."""

    frames: int
    boots: int
    complete: int
    """Transfers with status `complete`."""


def _firmware(number: int) -> Firmware:
    return PLAIN if number % 20 == 8 else (UEFI, UEFI, BIOS, UEFI, BIOS)[number % 5]


def _machines(count: int, first: int, start: int, spread: int, seed: int) -> Iterator[Timed]:
    """Boots of `count` machines within `spread` microseconds of each other, merged by time."""
    noise = random.Random(seed)
    boots = [
        boot(Machine(first + index, _firmware(index)), start + noise.randrange(spread), random.Random(seed + index))
        for index in range(count)
    ]
    return heapq.merge(*boots, key=lambda timed: timed[0])


def storm(path: Path, waves: int = 1, clients: int = CLIENTS) -> Expected:
    """`clients` machines that boot within 20 s of each other; `waves` times, two minutes apart."""
    writer = PcapWriter(path)
    for wave in range(waves):
        start = _START + wave * 120_000_000
        for microseconds, parts in _machines(clients, wave * clients, start, 20_000_000, 1 + wave):
            writer.write(microseconds, *parts)
    writer.close()
    return Expected(writer.frames, waves * clients, waves * clients * FILES)


def mirror(path: Path, clients: int = 6, others: int = 9) -> Expected:
    """`clients` boots, and `others` frames of foreign traffic to each of theirs."""
    writer, foreign = PcapWriter(path), foreign_frames(random.Random(4))
    for microseconds, parts in _machines(clients, 0, _START, 4_000_000, 5):
        writer.write(microseconds, *parts)
        for index in range(others):
            writer.write(microseconds + index, *next(foreign))
    writer.close()
    return Expected(writer.frames, clients, clients * FILES)


def flood(path: Path, clients: int = FLOOD_CLIENTS) -> Expected:
    """Four DHCP messages each of `clients` machines, a new machine every millisecond."""
    writer = PcapWriter(path)
    streams = (dora(Machine(number, _firmware(number)), _START + 1_000 * number) for number in range(clients))
    for microseconds, parts in sorted(timed for stream in streams for timed in stream):
        writer.write(microseconds, *parts)
    writer.close()
    return Expected(writer.frames, clients, 0)


def failing(path: Path, clients: int = CLIENTS) -> Expected:
    """A storm of `clients` machines none of which boots, for one of four reasons."""
    writer, noise = PcapWriter(path), random.Random(9)
    boots = [
        failing_boot(Machine(number, _firmware(number)), _START + noise.randrange(20_000_000), random.Random(number))
        for number in range(clients)
    ]
    for microseconds, parts in heapq.merge(*boots, key=lambda timed: timed[0]):
        writer.write(microseconds, *parts)
    writer.close()
    return Expected(writer.frames, clients, clients // 4 * 2)


def generate(name: str, path: Path, *, quick: bool = False) -> Expected:
    """Write the capture `name` to `path`; `quick` makes it about twenty times smaller.

    Raises `ValueError` for a name that is none of these.
    """
    clients = 10 if quick else CLIENTS
    match name:
        case "storm":
            return storm(path, 1, clients)
        case "storm4":
            return storm(path, 4, clients)
        case "mirror":
            return mirror(path, 1 if quick else 6)
        case "flood":
            return flood(path, FLOOD_CLIENTS // 20 if quick else FLOOD_CLIENTS)
        case "failing":
            return failing(path, clients)
    raise ValueError(f"no benchmark capture is called {name}")


if __name__ == "__main__":  # a process of its own, so that its memory is not counted with what it measures
    print(json.dumps(asdict(generate(sys.argv[1], Path(sys.argv[2]), quick="--quick" in sys.argv))))
