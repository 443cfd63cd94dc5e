"""One capture, one report: however it is cut into batches, wrapped, compressed or delivered."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from threading import Thread

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pxedebug.capture import open_captures
from pxedebug.capture.window import PADDING
from pxedebug.diagnose import judge
from pxedebug.report.build import build_report
from pxedebug.report.select import select
from pxedebug.track import Limits, Tracker
from pxedebug.wire.batch import Batch
from tests.capture.wrappings import COMPRESSIONS, CONTAINERS
from tests.golden import CAPTURES
from tests.reports import Document, differences, report_of

CASES = (
    "bios-4011-blocked",
    "bios-competing-dhcp",
    "bios-dhcp-nak",
    "bios-fragmented-data",
    "bios-stp-delay",
    "bios-tftp-port-closed",
    "bios-transfer-stalled",
    "uboot-file-missing",
    "uefi-http-boot",
    "uefi-no-boot-file",
    "uefi-proxydhcp-4011",
    "uefi-pxe-over-ipv6",
)
"""Every protocol and way to end; beyond these the cases in captures/ are mostly more TFTP."""
MOST_FRAMES = 400
"""No case has more; cuts are taken modulo the number of frames."""
every_case = pytest.mark.parametrize("case", CASES)


def capture(case: str) -> Path:
    return CAPTURES / case / "capture.pcap"


def nameless(document: Document) -> Document:
    """The report without what the container and its name decide."""
    for source in document["capture"]["sources"]:
        source["name"] = ""
    return document


def expected(case: str) -> Document:
    return nameless(json.loads(json.dumps(report_of(capture(case)))))


# Batches


def report_on(batches: Iterator[Batch]) -> Document:
    """The report on hand-made batches, each of which is overwritten once it has been fed."""
    tracker = Tracker(Limits())
    for batch in batches:
        tracker.feed(batch)
        batch.buffer[:] = 0xA5
    return nameless(json.loads(msgspec.json.encode(build_report(select(judge(tracker.story()))))))


def pieces(case: str, cuts: list[int]) -> Iterator[Batch]:
    """The frames of a case, cut before the given frames (counted from 0), every piece over a buffer of its own."""
    for batch in open_captures([str(capture(case))]):
        edges = sorted({0, len(batch), *(cut % len(batch) for cut in cuts)})
        used = int((batch.offset + batch.captured).max()) + PADDING
        for start, stop in pairwise(edges):
            part = batch.rows(start, stop)
            yield Batch(
                batch.buffer[:used].copy(), part.ref, part.time, part.offset, part.captured, part.wire_length,
                part.link_type, part.interface,
            )  # fmt: skip


@every_case
@settings(max_examples=settings.default.max_examples // 4)
@given(cuts=st.lists(st.integers(0, MOST_FRAMES), max_size=12))
def test_where_batches_are_cut_makes_no_difference(case: str, cuts: list[int]) -> None:
    assert differences(report_on(pieces(case, cuts)), expected(case)) == []


@every_case
def test_a_batch_may_be_a_single_frame(case: str) -> None:
    assert differences(report_on(pieces(case, list(range(MOST_FRAMES)))), expected(case)) == []


def test_nothing_of_a_batch_is_kept_after_it_was_fed() -> None:
    """The buffer is poisoned behind the tracker's back: here with the bytes of other frames, not just with noise."""
    shuffled = []
    for batch in pieces("uefi-http-boot", [100]):
        order = np.random.default_rng(1).permutation(len(batch.buffer))
        shuffled.append((batch, order))
    tracker = Tracker(Limits())
    for batch, order in shuffled:
        tracker.feed(batch)
        batch.buffer[:] = batch.buffer[order]
        for column in (batch.time, batch.offset, batch.ref):
            column[:] = column[::-1].copy()
    document = nameless(json.loads(msgspec.json.encode(build_report(select(judge(tracker.story()))))))
    assert differences(document, expected("uefi-http-boot")) == []


# Containers


WRAPPINGS: dict[str, Callable[[bytes], bytes]] = {
    **CONTAINERS,
    **COMPRESSIONS,
    "pcapng in zstd": lambda data: COMPRESSIONS["zstd"](CONTAINERS["pcapng"](data)),
}


@every_case
@pytest.mark.parametrize("wrapping", WRAPPINGS)
def test_the_container_makes_no_difference(case: str, wrapping: str, tmp_path: Path) -> None:
    path = tmp_path / "wrapped"
    path.write_bytes(WRAPPINGS[wrapping](capture(case).read_bytes()))
    assert differences(nameless(json.loads(json.dumps(report_of(path)))), expected(case)) == []


# Pipes


def piped(data: bytes, size: int) -> Document:
    """The report on `data` that arrives on a pipe, `size` bytes at a time."""
    reading, writing = os.pipe()

    def pour() -> None:
        with os.fdopen(writing, "wb", buffering=0) as pipe:
            for start in range(0, len(data), size):
                pipe.write(data[start : start + size])

    pouring = Thread(target=pour)
    pouring.start()
    tracker = Tracker(Limits())
    with os.fdopen(reading, "rb", buffering=0) as pipe:
        for batch in open_captures(["-"], stdin=pipe):  # type: ignore[arg-type]  # a raw file reads as well
            tracker.feed(batch)
    pouring.join()
    return nameless(json.loads(msgspec.json.encode(build_report(select(judge(tracker.story()))))))


@every_case
@pytest.mark.parametrize("size", [7, 1000, 65536])
def test_a_pipe_makes_no_difference(case: str, size: int) -> None:
    assert differences(piped(capture(case).read_bytes(), size), expected(case)) == []


@pytest.mark.parametrize("arguments", [["-"], [str(capture(CASES[0]))]])
def test_the_command_writes_the_report_that_the_library_gives(arguments: list[str]) -> None:
    command = [sys.executable, "-m", "pxedebug", "analyze", "--format", "json", *arguments]
    with capture(CASES[0]).open("rb") as file:
        finished = subprocess.run(command, stdin=file, capture_output=True, check=True)
    assert differences(nameless(json.loads(finished.stdout)), expected(CASES[0])) == []
    assert finished.stderr == b""
