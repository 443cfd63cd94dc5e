"""A client's frames out of a capture, and what the findings say of them as comments that Wireshark shows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from pxedebug.capture.writer import PcapngWriter
from pxedebug.diagnose import Severity
from pxedebug.diagnose.judgement import JudgedBoot
from pxedebug.report.context import Context
from pxedebug.report.words import safe
from pxedebug.track.story import Boot, OtherClient
from pxedebug.wire.batch import Batch
from pxedebug.wire.frames import Columns, decode_batch, endpoint_key
from pxedebug.wire.packet import Address

__all__ = ["Rewrite", "Selection", "comments_on", "write_slice"]

Rewrite = Callable[[bytes, int], bytes | None]
"""A frame and its link type to the frame that is written instead; None leaves it out."""


@dataclass(frozen=True)
class Selection:
    """Which frames are wanted: those of some clients, and what the network said around them; none when empty."""

    macs: frozenset[bytes] = frozenset()
    addresses: frozenset[Address] = frozenset()
    frames: frozenset[int] = field(default_factory=frozenset)
    """Frames (`frame_ref`) that belong to them whoever sent them: relayed messages, evidence."""

    @classmethod
    def of(cls, boots: Iterable[JudgedBoot], others: Iterable[OtherClient]) -> Selection:
        """The frames of these boots and other clients."""
        macs: set[bytes] = set()
        addresses: set[Address] = set()
        frames: set[int] = set()
        stories = list(boots)
        for judged in stories:
            frames.update(evidence.frame for finding in judged.findings for evidence in finding.evidence)
            frames.update(_messages(judged.boot))
        clients = [judged.boot.client for judged in stories]
        for other in others:
            clients.append(other.client)
            frames.update(m.packet.frame for exchange in other.exchanges for m in exchange.messages)
        for client in clients:
            macs.update({client.mac} - {b""})
            addresses.update(client.addresses)
        return cls(frozenset(macs), frozenset(addresses), frozenset(frames))

    def rows(self, columns: Columns) -> NDArray[np.int64]:
        """Rows of the batch that are wanted, ascending."""
        if not (self.macs or self.addresses or self.frames):
            return np.zeros(0, np.int64)
        wanted = np.isin(columns.batch.ref, np.array(sorted(self.frames), np.int64))
        macs = np.array(sorted(int.from_bytes(mac, "big") for mac in self.macs), np.uint64)
        wanted |= np.isin(columns.mac, macs)
        wanted[columns.neighbours] = True
        hosts = np.array(sorted(endpoint_key(a.packed, 0) >> 16 for a in self.addresses), np.uint64)
        for rows in (columns.datagrams, columns.segments):
            mine = np.isin(rows.source >> np.uint64(16), hosts) | np.isin(rows.destination >> np.uint64(16), hosts)
            wanted[rows.row[mine]] = True
        wanted[columns.fragments.row] |= self._fragments(columns, wanted)
        return np.flatnonzero(wanted)

    @staticmethod
    def _fragments(columns: Columns, wanted: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Later fragments of the datagrams whose first one is wanted."""
        rows = columns.fragments
        keys = rows.key[(rows.offset == 0) & wanted[rows.row]]
        return np.isin(rows.key, keys)


def _messages(boot: Boot) -> Iterable[int]:
    return (m.packet.frame for stage in boot.stages for exchange in stage.exchanges for m in exchange.messages)


def comments_on(boots: Iterable[JudgedBoot], context: Context) -> dict[int, list[str]]:
    """By frame, what the findings say of it: one comment a finding."""
    comments: dict[int, list[str]] = {}
    for judged in boots:
        for finding in judged.findings:
            if finding.severity is Severity.INFO:
                continue
            for evidence in finding.evidence:
                first = "" if finding.primary else f"{finding.severity}: "
                said = safe(context.prose(f"{evidence.note}. {finding.says[:1].upper()}{finding.says[1:]}."))
                words = f"pxedebug, boot {judged.number}: {first}{said} [{finding.id}]"
                kept = comments.setdefault(evidence.frame, [])
                if words not in kept:
                    kept.append(words)
    return comments


def write_slice(
    batches: Iterable[Batch],
    out: BinaryIO,
    selection: Selection | None,
    *,
    comments: Mapping[int, Iterable[str]] | None = None,
    rewrite: Rewrite | None = None,
    about: str = "",
) -> tuple[int, int]:
    """Write the selected frames as pcapng; gives how many were written and how many `rewrite` left out.

    A `selection` of None is every frame. `about` is the section's comment.
    """
    writer = PcapngWriter(out, comment=about)
    said = comments or {}
    written = dropped = 0
    for batch in batches:
        rows = range(len(batch)) if selection is None else selection.rows(decode_batch(batch)).tolist()
        for row in rows:
            frame, link_type = batch.frame(row), int(batch.link_type[row])
            wire = int(batch.wire_length[row])
            if rewrite is not None:
                changed = rewrite(frame, link_type)
                if changed is None:
                    dropped += 1
                    continue
                wire += len(changed) - len(frame)
                frame = changed
            ref = int(batch.ref[row])
            writer.write(link_type, int(batch.time[row]), frame, max(wire, len(frame)), comments=said.get(ref, ()))
            written += 1
    return written, dropped
