"""The transferred files of a capture, written to a folder with a manifest.

The story says which transfers there were; the capture is read once more, and each piece of a file goes where it
belongs. Nothing is written that was not captured: what is missing is a hole, zeros in the file and named in the
manifest.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from msgspec import Struct, json

from pxedebug.diagnose.judgement import JudgedBoot
from pxedebug.report.context import Context
from pxedebug.report.escape import ascii_json
from pxedebug.report.extract.body import HttpBody, TftpBody
from pxedebug.report.extract.handles import Handles, create, trouble_with
from pxedebug.report.extract.names import safe_name, unique
from pxedebug.report.extract.spans import Spans
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
_SLACK = 1 << 20
_SPARSEST = 32
"""A file grows no longer than `_SLACK` bytes and this many for each byte captured, so that a few forged numbers do not
make terabytes of zeros to hash."""
_HASHED_AT_ONCE = 1 << 20
_ANOTHER_FOLDER = "choose another folder with --files"
_EMPTY_FOLDER = "choose an empty folder with --files"


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
    limit: int
    """Bytes that it can have at most."""
    handles: Handles
    spans: Spans = field(default_factory=Spans)
    """What is written."""

    def write(self, offset: int, content: bytes) -> None:
        """Write what is not there yet and can belong to the file; the first to come wins."""
        for start, stop in self.spans.add(offset, min(offset + len(content), self.limit)):
            self.handles.write(self.path, start, content[start - offset : stop - offset])


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
    handles: Handles | None = None,
) -> tuple[ExtractedFile, ...]:
    """Write each of the `wanted` transfers to a file of its own below `folder`, and a manifest beside them.

    The folder is made when it does not exist. No file that exists is touched, and no link is followed: raises
    CaptureError where something stands in the way. `handles` says how many files are open at once.
    """
    with trouble_with(folder, _ANOTHER_FOLDER):
        folder.mkdir(parents=True, exist_ok=True)
    with trouble_with(folder / MANIFEST, _EMPTY_FOLDER):
        manifest = create(folder / MANIFEST)
    taken, handles = {MANIFEST}, handles or Handles()
    try:
        opened = [_open(boot, client, transfer, folder, taken, handles) for boot, client, transfer in wanted]
        with trouble_with(folder, _ANOTHER_FOLDER):
            _read(batches, opened)
            files = tuple(_finished(each, context) for each in opened)
            document = json.encode(_Manifest(_SCHEMA, tuple(sources), files))
            manifest.write(json.format(ascii_json(document), indent=1) + b"\n")
    finally:
        handles.close()
        manifest.close()
    return files


def _open(
    boot: int | None, client: bytes, transfer: Transfer, folder: Path, taken: set[str], handles: Handles
) -> _Open:
    path = folder / unique(safe_name(transfer.file), taken)
    with trouble_with(path, _EMPTY_FOLDER):
        handles.create(path)
    body = TftpBody(transfer) if transfer.protocol == "tftp" else HttpBody()
    return _Open(transfer, boot, client, path, body, _limit(transfer), handles)


def _limit(transfer: Transfer) -> int:
    """How many bytes the file can have: no more than were announced, or than the story tells of, lost ones included."""
    sparse = _SLACK + _SPARSEST * transfer.size
    if transfer.declared_bytes is not None:
        return min(max(transfer.declared_bytes, transfer.size), sparse)
    if transfer.block_size is not None:
        return min(transfer.size + transfer.missing_blocks * transfer.block_size + _SLACK, sparse)
    return sparse


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
    transfer, size, holes = each.transfer, each.spans.end, each.spans.holes()
    head = each.handles.read(each.path, 0, _HEAD)
    kind = identify(head, transfer.declared_bytes) if head else None
    name, raw = context.named(transfer.file)
    lengths = tuple((start, stop - start) for start, stop in holes)
    captured = size - sum(length for _, length in lengths)
    whole = transfer.status.value == "complete" and not holes and size >= transfer.size
    return ExtractedFile(
        each.path.name, name, raw, each.boot, each.client.hex(":") or None, transfer.protocol, transfer.operation,
        str(transfer.server), frame_number(transfer.first_frame), frame_number(transfer.last_frame),
        transfer.status.value, size, captured, transfer.declared_bytes, whole, lengths, _digest(each, holes),
        kind.type if kind else None, kind.detail if kind else None,
    )  # fmt: skip


def _digest(each: _Open, holes: Sequence[tuple[int, int]]) -> str:
    """SHA-256 of the file; holes are zeros that need not be read."""
    digest, zeros = hashlib.sha256(), bytes(_HASHED_AT_ONCE)
    parts = sorted([*((start, stop, False) for start, stop in each.spans), *((*hole, True) for hole in holes)])
    for start, stop, hole in parts:
        for at in range(start, stop, _HASHED_AT_ONCE):
            length = min(_HASHED_AT_ONCE, stop - at)
            digest.update(zeros[:length] if hole else each.handles.read(each.path, at, length))
    return digest.hexdigest()
