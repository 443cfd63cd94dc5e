"""The TFTP frames of a batch as columns sorted by transfer, ready for array operations."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pxedebug.track.lookup import EndpointTable
from pxedebug.wire.frames import Columns
from pxedebug.wire.reassembly import CompletedDatagrams

__all__ = ["TftpRows", "gather_rows"]

Integers = NDArray[np.int64]


@dataclass(slots=True)
class TftpRows:
    """Frames of open transfers, sorted by slot and in frame order within a slot; requests are left out."""

    index: Integers
    """Row of the batch's datagrams; -1 for a datagram that was put together from fragments."""
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


def gather_rows(
    columns: Columns, start: int, stop: int, whole: CompletedDatagrams | None, table: EndpointTable
) -> TftpRows:
    """The frames of datagram rows `start` to `stop`, and reassembled ones in `whole`, whose client is in `table`."""
    rows = _plain_rows(columns, start, stop, table)
    if whole is not None and len(whole.ref):
        rows = _with_reassembled(rows, whole, table)
    # Slots fit 16 bits (see Limits.open_transfers), where numpy's stable sort is a radix sort.
    return rows.take(np.argsort(rows.slot.astype(np.uint16), kind="stable"))


def _plain_rows(columns: Columns, start: int, stop: int, table: EndpointTable) -> TftpRows:
    datagrams, part = columns.datagrams, slice(start, stop)
    word = datagrams.word[part]
    slot, from_client = _match(datagrams.source[part], datagrams.destination[part], table)
    # Requests have been taken one by one already; a first fragment counts when its datagram is whole.
    wanted = (slot >= 0) & (word >= 0x30000) & ~datagrams.fragment[part]
    chosen = np.flatnonzero(wanted)
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


def _with_reassembled(rows: TftpRows, whole: CompletedDatagrams, table: EndpointTable) -> TftpRows:
    slot, from_client = _match(whole.source, whole.destination, table)
    chosen = np.flatnonzero((slot >= 0) & (whole.word >= 0x30000))
    client = from_client[chosen]
    more = TftpRows(
        np.full(len(chosen), -1, np.int64),
        slot[chosen],
        client,
        np.where(client, whole.destination[chosen], whole.source[chosen]),
        whole.word[chosen],
        whole.length[chosen].astype(np.int64),
        whole.time[chosen],
        whole.ref[chosen],
        np.full(len(chosen), -1, np.int64),
    )
    columns = (
        "index", "slot", "from_client", "peer", "word", "length", "time", "ref", "identification",
    )  # fmt: skip
    both = TftpRows(*(np.concatenate((getattr(rows, name), getattr(more, name))) for name in columns))
    return both.take(np.argsort(both.ref, kind="stable"))
