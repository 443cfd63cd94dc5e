"""The transferred files of a capture, written to a folder with a manifest.

The story says which transfers there were; the capture is read once more, and each piece of a file goes where it
belongs. Nothing is written that was not captured: what is missing is a hole, zeros in the file and named in the
manifest.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import numpy as np
from msgspec import Struct, json

from pxedebug.diagnose.judgement import JudgedBoot
from pxedebug.errors import CaptureError
from pxedebug.report.context import Context
from pxedebug.report.escape import ascii_json
from pxedebug.report.extract.body import HttpBody, TftpBody
from pxedebug.report.extract.names import safe_name, unique
from pxedebug.track.story import OtherClient, Transfer
from pxedebug.wire.batch import Batch, frame_number
from pxedebug.wire.bootprogram import identify
from pxedebug.wire.frames import Columns, decode_batch, endpoint_key
from pxedebug.wire.packets import read_packets, segment_payload
from pxedebug.wire.reassembly import Reassembler

__all__ = ["MANIFEST", "ExtractedFile", "extract_files", "wanted_transfers"]

MANIFEST = "manifest.json"
_SCHEMA = "pxedebug.files/1"
_HEAD = 64 << 10
_LARGEST = 1 << 40
"""Bytes; a block number that is forged must not place a byte farther than this."""
_HASHED_AT_ONCE = 1 << 20


class ExtractedFile(Struct, frozen=True):
    """One file in the manifest."""

    path: str
    """Below the folder."""
    name: str | None
    """As it was asked for."""
    name_raw: str | None
    """The same in hex."""
    boot: int | None
    client: str | None
    protocol: str
    operation: str
    server: str
    first_frame: int
    last_frame: int
    status: str
    size: int
    """Bytes up to the last one captured."""
    captured: int
    """Bytes of these that the capture holds."""
    declared: int | None
    complete: bool
    """Every byte is there: the transfer completed and left no hole."""
    holes: tuple[tuple[int, int], ...]
    """Offset and length of what was not captured."""
    sha256: str
    type: str | None
    detail: str | None


class _Manifest(Struct, frozen=True):
    """All files, in the order in which they were asked for."""

    schema: str
    sources: tuple[str, ...]
    files: tuple[ExtractedFile, ...]


@dataclass(slots=True, eq=False)
class _Open:
    """A file while it is written."""

    transfer: Transfer
    boot: int | None
    client: bytes
    path: Path
    body: TftpBody | HttpBody
    out: BinaryIO
    spans: list[tuple[int, int]] = field(default_factory=list)
    """What is written, start and end, in order and without overlap."""

    def write(self, offset: int, content: bytes) -> None:
        """Write what is not there yet; the first to come wins."""
        end = offset + len(content)
        if not content or end > _LARGEST:
            return
        for start, stop in _missing(self.spans, offset, end):
            self.out.seek(start)
            self.out.write(content[start - offset : stop - offset])
        self.spans = _with(self.spans, offset, end)


def wanted_transfers(
    boots: Iterable[JudgedBoot], others: Iterable[OtherClient]
) -> list[tuple[int | None, bytes, Transfer]]:
    """Boot number, client and transfer of everything that moved bytes of a file."""
    mine = [
        (judged.number, judged.boot.client.mac, transfer)
        for judged in boots
        for stage in judged.boot.stages
        for transfer in stage.transfers
    ]
    beside = [(None, other.client.mac, transfer) for other in others for transfer in other.transfers]
    return [each for each in (*mine, *beside) if each[2].size and each[2].operation != "head"]


def extract_files(
    batches: Iterable[Batch],
    wanted: Sequence[tuple[int | None, bytes, Transfer]],
    folder: Path,
    sources: Sequence[str],
    context: Context,
) -> tuple[ExtractedFile, ...]:
    """Write each of the `wanted` transfers to a file of its own below `folder`, and a manifest beside them.

    The folder is made when it does not exist. No file that exists is touched, and no link is followed: raises
    CaptureError where something stands in the way.
    """
    folder.mkdir(parents=True, exist_ok=True)
    taken = {MANIFEST}
    opened: list[_Open] = []
    try:
        for boot, client, transfer in wanted:
            opened.append(_open(boot, client, transfer, folder, taken))
        _read(batches, opened)
        files = tuple(_finished(each, context) for each in opened)
    finally:
        for each in opened:
            each.out.close()
    manifest = _Manifest(_SCHEMA, tuple(sources), files)
    with _created(folder / MANIFEST) as out:
        out.write(json.format(ascii_json(json.encode(manifest)), indent=1) + b"\n")
    return files


def _open(boot: int | None, client: bytes, transfer: Transfer, folder: Path, taken: set[str]) -> _Open:
    path = folder / unique(safe_name(transfer.file), taken)
    body = TftpBody(transfer) if transfer.protocol == "tftp" else HttpBody()
    return _Open(transfer, boot, client, path, body, _created(path))


def _created(path: Path) -> BinaryIO:
    """A new file to write and read; never one that is there, never through a link."""
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    try:
        return os.fdopen(os.open(path, flags, 0o644), "w+b")
    except FileExistsError as error:
        raise CaptureError(f"{path} exists already", "choose an empty folder with --files") from error
    except OSError as error:
        raise CaptureError(f"{path}: {error.strerror or error}", "choose another folder with --files") from error


def _read(batches: Iterable[Batch], opened: Sequence[_Open]) -> None:
    """Give every piece of a file that the capture holds to its file."""
    by_flow: dict[tuple[int, int], list[_Open]] = {}
    for each in opened:
        by_flow.setdefault(_flow(each.transfer), []).append(each)
    heads = np.array(sorted({receiver for _, receiver in by_flow}), np.uint64)
    fragments = Reassembler()
    for batch in batches:
        columns = decode_batch(batch)
        whole = fragments.feed(columns, lambda _source, destination: np.isin(destination, heads))
        _feed_datagrams(columns, heads, by_flow)
        for packet in whole.packets:
            source = endpoint_key(packet.source.packed, packet.source_port)
            receiver = endpoint_key(packet.destination.packed, packet.destination_port)
            _give(by_flow, source, receiver, packet.frame, packet.payload)
        _feed_segments(columns, heads, by_flow)
    for each in opened:
        if isinstance(each.body, HttpBody):
            for offset, content in each.body.rest():
                each.write(offset, content)


def _flow(transfer: Transfer) -> tuple[int, int]:
    """Keys of sender (of TFTP its address, with the port that data came from) and receiver of the file's bytes."""
    client = endpoint_key(transfer.client.packed, transfer.client_port)
    server = endpoint_key(transfer.server.packed, transfer.server_port or 0)
    return (client, server) if transfer.operation == "write" else (server, client)


def _feed_datagrams(columns: Columns, heads: np.ndarray, by_flow: dict[tuple[int, int], list[_Open]]) -> None:
    rows = columns.datagrams
    chosen = np.flatnonzero(np.isin(rows.destination, heads) & ~rows.fragment)
    for index, packet in zip(chosen.tolist(), read_packets(columns, chosen), strict=True):
        _give(by_flow, int(rows.source[index]), int(rows.destination[index]), packet.frame, packet.payload)


def _give(by_flow: dict[tuple[int, int], list[_Open]], source: int, receiver: int, frame: int, payload: bytes) -> None:
    each = _of(by_flow, source, receiver, frame)
    if each is not None and isinstance(each.body, TftpBody):
        placed = each.body.take(payload)
        if placed is not None:
            each.write(*placed)


def _feed_segments(columns: Columns, heads: np.ndarray, by_flow: dict[tuple[int, int], list[_Open]]) -> None:
    rows = columns.segments
    for index in np.flatnonzero(np.isin(rows.destination, heads) & (rows.captured > 0)).tolist():
        frame = int(columns.batch.ref[rows.row[index]])
        each = _of(by_flow, int(rows.source[index]), int(rows.destination[index]), frame)
        if each is not None and isinstance(each.body, HttpBody):
            for offset, content in each.body.take(int(rows.sequence[index]), segment_payload(columns, index)):
                each.write(offset, content)


def _of(by_flow: dict[tuple[int, int], list[_Open]], source: int, receiver: int, frame: int) -> _Open | None:
    """The transfer of this flow to which a frame belongs: ports are used again."""
    for each in by_flow.get((source, receiver), ()):
        if each.transfer.first_frame <= frame <= each.transfer.last_frame:
            return each
    return None


def _finished(each: _Open, context: Context) -> ExtractedFile:
    transfer = each.transfer
    size = each.spans[-1][1] if each.spans else 0
    each.out.flush()
    each.out.seek(0)
    head = each.out.read(_HEAD)
    each.out.seek(0)
    digest = hashlib.sha256()
    while part := each.out.read(_HASHED_AT_ONCE):
        digest.update(part)
    kind = identify(head, transfer.declared_bytes) if head else None
    name, raw = context.named(transfer.file)
    holes = tuple((start, stop - start) for start, stop in _missing(each.spans, 0, size))
    captured = size - sum(length for _, length in holes)
    whole = transfer.status.value == "complete" and not holes and size >= transfer.size
    return ExtractedFile(
        each.path.name, name, raw, each.boot, each.client.hex(":") or None, transfer.protocol, transfer.operation,
        str(transfer.server), frame_number(transfer.first_frame), frame_number(transfer.last_frame),
        transfer.status.value, size, captured, transfer.declared_bytes, whole, holes, digest.hexdigest(),
        kind.type if kind else None, kind.detail if kind else None,
    )  # fmt: skip


def _missing(spans: Sequence[tuple[int, int]], start: int, end: int) -> Iterator[tuple[int, int]]:
    """The parts of `start` to `end` that no span covers."""
    for first, last in spans:
        if first >= end:
            break
        if last > start:
            if first > start:
                yield start, first
            start = last
            if start >= end:
                return
    if start < end:
        yield start, end


def _with(spans: list[tuple[int, int]], start: int, end: int) -> list[tuple[int, int]]:
    """The spans with one more, joined where they touch; the usual case, at the end, is quick."""
    if not spans or start > spans[-1][1]:
        return [*spans, (start, end)] if spans else [(start, end)]
    if start >= spans[-1][0]:
        spans[-1] = (spans[-1][0], max(spans[-1][1], end))
        return spans
    joined: list[tuple[int, int]] = []
    for first, last in sorted([*spans, (start, end)]):
        if joined and first <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        else:
            joined.append((first, last))
    return joined
