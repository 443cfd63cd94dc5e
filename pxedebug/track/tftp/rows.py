"""The TFTP frames of a batch as columns sorted by transfer, ready for array operations."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pxedebug.track.lookup import EndpointTable
from pxedebug.wire.frames import Columns
from pxedebug.wire.reassembly import Reassembled

__all__ = ["TftpRows", "WholeDatagrams", "gather_rows"]

Integers = NDArray[np.int64]


@dataclass(slots=True)
class TftpRows:
    """Frames of open transfers, sorted by slot and in frame order within a slot; requests are left out."""

    index: Integers
    """Row of the batch's datagrams. Of a datagram that was put together from fragments: the complement (`~`) of the
    batch row of the fragment that came last."""
    slot: NDArray[np.int32]
    from_client: NDArray[np.bool_]
    peer: NDArray[np.uint64]
    """Endpoint key of the server side."""
    word: NDArray[np.uint32]
    length: Integers
    """UDP payload bytes on the wire."""
    time: Integers
    ref: Integers
    identification: Integers

    def __len__(self) -> int:
        return len(self.slot)

    @property
    def opcode(self) -> NDArray[np.uint32]:
        """TFTP opcode of each row."""
        return self.word >> np.uint32(16)

    def frame(self, columns: Columns) -> Integers:
        """The batch row of each row's frame."""
        return _frame(columns, self.index)

    def take(self, rows: NDArray[np.bool_] | Integers) -> TftpRows:
        """The chosen rows, in their order."""
        return TftpRows(
            self.index[rows],
            self.slot[rows],
            self.from_client[rows],
            self.peer[rows],
            self.word[rows],
            self.length[rows],
            self.time[rows],
            self.ref[rows],
            self.identification[rows],
        )


class WholeDatagrams:
    """What became whole from fragments in one batch, by the batch rows of the fragments that came last."""

    def __init__(self, columns: Columns, whole: Reassembled) -> None:
        self.completed = whole.completed
        # Several sources merged into one batch: their frame numbers do not rise together.
        order = np.argsort(columns.batch.ref, kind="stable")
        self.row: Integers = order[np.searchsorted(columns.batch.ref, whole.completed.ref, sorter=order)]
        self._payloads = {packet.frame: packet.payload for packet in whole.packets}

    def payload(self, ref: int) -> bytes:
        """The bytes of the datagram that frame `ref` completed; empty where nobody wanted them."""
        return self._payloads.get(ref, b"")


def gather_rows(
    columns: Columns, start: int, stop: int, whole: WholeDatagrams | None, table: EndpointTable
) -> TftpRows:
    """The frames of datagram rows `start` to `stop` whose client is in `table`, and what became whole among them.

    First fragments are there as well as the datagrams they belong to.
    """
    rows = _plain_rows(columns, start, stop, table)
    if whole is not None:
        rows = _with_reassembled(columns, rows, _between(columns, start, stop, whole), whole, table)
    # Slots fit 16 bits (see Limits.open_transfers), where numpy's stable sort is a radix sort.
    return rows.take(np.argsort(rows.slot.astype(np.uint16), kind="stable"))


def _frame(columns: Columns, index: Integers) -> Integers:
    frame = ~index
    plain = index >= 0
    frame[plain] = columns.datagrams.row[index[plain]]
    return frame


def _between(columns: Columns, start: int, stop: int, whole: WholeDatagrams) -> Integers:
    """Which of `whole` were completed between datagram rows `start` and `stop`."""
    row = columns.datagrams.row
    lowest = int(row[start]) if 0 < start < len(row) else 0 if start == 0 else len(columns.batch)
    highest = int(row[stop]) if stop < len(row) else len(columns.batch)
    return np.flatnonzero((whole.row >= lowest) & (whole.row < highest))


def _plain_rows(columns: Columns, start: int, stop: int, table: EndpointTable) -> TftpRows:
    datagrams, part = columns.datagrams, slice(start, stop)
    word = datagrams.word[part]
    slot, from_client = _match(datagrams.source[part], datagrams.destination[part], table)
    # Requests have been taken one by one already.
    chosen = np.flatnonzero((slot >= 0) & (word >= 0x30000))
    index = chosen + start
    client = from_client[chosen]
    frame = datagrams.row[index]
    return TftpRows(
        index,
        slot[chosen],
        client,
        np.where(client, datagrams.destination[index], datagrams.source[index]),
        word[chosen],
        datagrams.length[index].astype(np.int64),
        columns.batch.time[frame],
        columns.batch.ref[frame],
        datagrams.ip_id[index].astype(np.int64),
    )


def _match(
    source: NDArray[np.uint64], destination: NDArray[np.uint64], table: EndpointTable
) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
    slot = table.find(source)
    from_client = slot >= 0
    rest = np.flatnonzero(~from_client)
    slot[rest] = table.find(destination[rest])
    return slot, from_client


def _with_reassembled(
    columns: Columns, rows: TftpRows, part: Integers, datagrams: WholeDatagrams, table: EndpointTable
) -> TftpRows:
    whole = datagrams.completed
    slot, from_client = _match(whole.source[part], whole.destination[part], table)
    known = np.flatnonzero((slot >= 0) & (whole.word[part] >= 0x30000))
    chosen, client = part[known], from_client[known]
    more = TftpRows(
        ~datagrams.row[chosen],
        slot[known],
        client,
        np.where(client, whole.destination[chosen], whole.source[chosen]),
        whole.word[chosen],
        whole.length[chosen].astype(np.int64),
        whole.time[chosen],
        whole.ref[chosen],
        np.full(len(chosen), -1, np.int64),
    )
    names = (
        "index", "slot", "from_client", "peer", "word", "length", "time", "ref", "identification",
    )  # fmt: skip
    both = TftpRows(*(np.concatenate((getattr(rows, name), getattr(more, name))) for name in names))
    return both.take(np.argsort(both.frame(columns), kind="stable"))
