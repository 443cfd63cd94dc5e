"""UDP datagrams out of IP fragments: bytes for control packets, completion by column for everything else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pxedebug.wire.fragmentgroups import FragmentGroups, Pieces, group_pieces, usable_pieces
from pxedebug.wire.fragmenttable import FirstFragment, FragmentTable, Piece, join
from pxedebug.wire.frames import Columns
from pxedebug.wire.packet import Packet
from pxedebug.wire.packets import read_packet

__all__ = ["CONTROL_PORTS", "CompletedDatagrams", "Reassembled", "Reassembler", "Want"]

CONTROL_PORTS: Final = (67, 68, 69, 546, 547, 4011)
"""Datagrams from or to these UDP ports are always put together: DHCP, TFTP requests, DHCPv6, proxyDHCP."""
LIMIT_DATAGRAMS: Final = 16384
"""Incomplete datagrams kept; more than one batch of ordinary fragments holds."""
LIMIT_BYTES: Final = 16 << 20
"""Bytes of incomplete datagrams kept."""
MAX_AGE: Final = 30_000_000_000
"""Nanoseconds that a datagram waits for its fragments: 30 s, as Linux waits (ipfrag_time)."""

_PORT: Final = np.uint64(0xFFFF)
"""The low bits of an endpoint key."""
_START_OF_TIME: Final = -(1 << 62)

Want = Callable[[NDArray[np.uint64], NDArray[np.uint64]], NDArray[np.bool_]]
"""Given source and destination keys of some first fragments: of which datagrams the caller wants the bytes."""


@dataclass(frozen=True, slots=True)
class CompletedDatagrams:
    """Fragmented datagrams whose last missing fragment came in one batch, in the order of that fragment."""

    source: NDArray[np.uint64]
    """`endpoint_key` of source address and port."""
    destination: NDArray[np.uint64]
    """`endpoint_key` of destination address and port."""
    word: NDArray[np.uint32]
    """First four payload bytes, as in `Datagrams.word`."""
    length: NDArray[np.int32]
    """UDP payload bytes by the UDP header."""
    first_ref: NDArray[np.int64]
    """Frame of the first fragment (offset 0), which stands in `Columns.datagrams` with `fragment` set."""
    ref: NDArray[np.int64]
    """Frame of the fragment that came last."""
    time: NDArray[np.int64]
    """Its time, nanoseconds since the Unix epoch."""

    def __len__(self) -> int:
        return len(self.ref)


class Reassembled(NamedTuple):
    """What one batch completed."""

    packets: list[Packet]
    """Datagrams whose bytes are wanted, in the order of their last fragment; `frame` and `time` are that fragment's."""
    completed: CompletedDatagrams
    """All completed datagrams, those in `packets` too."""


class Reassembler:
    """Puts fragmented UDP datagrams together over any number of batches.

    Where the stream of frames is cut into batches makes no difference to what comes out.
    """

    def __init__(
        self, limit_datagrams: int = LIMIT_DATAGRAMS, limit_bytes: int = LIMIT_BYTES, max_age_ns: int = MAX_AGE
    ) -> None:
        self._table = FragmentTable(limit_datagrams, limit_bytes, max_age_ns)
        self._clock = _START_OF_TIME

    @property
    def given_up(self) -> int:
        """Datagrams whose first fragment was seen and whose rest did not come in time, or which had to make room."""
        return self._table.given_up

    @property
    def pending(self) -> int:
        """Datagrams that wait for fragments now."""
        return len(self._table)

    def feed(self, columns: Columns, want: Want | None = None) -> Reassembled:
        """Take the fragments of one batch; what they complete comes back.

        Bytes are kept of datagrams from or to `CONTROL_PORTS`, and of those that `want` chooses.
        """
        if len(columns.fragments.row) == 0:
            return Reassembled([], _completed(columns, []))
        pieces = usable_pieces(columns, self._clock)
        if len(pieces) == 0:
            return Reassembled([], _completed(columns, []))
        wanted = _wanted(pieces, want)
        groups = group_pieces(pieces, self._table.max_age)
        self._settle(pieces, groups, wanted)
        finished = self._one_by_one(pieces, groups, wanted)
        self._clock = int(pieces.clock[-1])
        self._table.expire(self._clock)
        return _result(pieces, groups, wanted, finished)

    def _settle(self, pieces: Pieces, groups: FragmentGroups, wanted: NDArray[np.bool_]) -> None:
        """Leave to array operations only what the table would have completed just the same."""
        if len(self._table):
            held = [key in self._table for key in pieces.key[groups.first].tolist()]
            groups.clean[:] &= ~np.array(held, np.bool_)
        # Near a limit the table decides piece by piece, or the cut between batches would show.
        first_arrival = np.minimum.reduceat(groups.order, groups.starts)
        stored = wanted[groups.first] | (pieces.offset[first_arrival] > 0) | ~groups.clean
        size = np.add.reduceat(pieces.captured[groups.order].astype(np.int64), groups.starts)
        if (
            len(self._table) + len(groups.starts) > self._table.limit_datagrams
            or self._table.bytes_held + int(size[stored].sum()) > self._table.limit_bytes
        ):
            groups.clean[:] = False

    def _one_by_one(
        self, pieces: Pieces, groups: FragmentGroups, wanted: NDArray[np.bool_]
    ) -> list[tuple[int, FirstFragment]]:
        """Feed the table; datagrams that it completes come with the position of the piece that did it."""
        finished = []
        positions = np.sort(groups.order[np.repeat(~groups.clean, groups.sizes)])
        fields = (pieces.key, pieces.clock, pieces.offset, pieces.length, pieces.more, pieces.datagram)
        columns = (field[positions].tolist() for field in fields)
        for position, key, clock, offset, length, more, datagram in zip(positions.tolist(), *columns, strict=True):
            first = _first_fragment(pieces, position, wanted) if datagram >= 0 else None
            useful = self._table.wants_bytes(key) if first is None else first.packet is not None
            data = pieces.data(position) if useful else b""
            whole = self._table.add(Piece(key, clock, offset, length, more, data, first))
            if whole is not None:
                finished.append((position, whole))
        return finished


def _wanted(pieces: Pieces, want: Want | None) -> NDArray[np.bool_]:
    """For each piece whether it is the first of a datagram whose bytes are wanted."""
    chosen = np.zeros(len(pieces), np.bool_)
    first = np.flatnonzero(pieces.datagram >= 0)
    if len(first) == 0:
        return chosen
    datagram, rows = pieces.datagram[first], pieces.columns.datagrams
    source, destination = rows.source[datagram], rows.destination[datagram]
    chosen[first] = np.isin(source & _PORT, CONTROL_PORTS) | np.isin(destination & _PORT, CONTROL_PORTS)
    if want is not None:
        chosen[first] |= want(source, destination)
    return chosen


def _first_fragment(pieces: Pieces, position: int, wanted: NDArray[np.bool_]) -> FirstFragment:
    rows, index = pieces.columns.datagrams, int(pieces.datagram[position])
    return FirstFragment(
        ref=int(pieces.columns.batch.ref[rows.row[index]]),
        source=int(rows.source[index]),
        destination=int(rows.destination[index]),
        word=int(rows.word[index]),
        length=int(rows.length[index]),
        packet=read_packet(pieces.columns, index) if wanted[position] else None,
    )


def _result(
    pieces: Pieces, groups: FragmentGroups, wanted: NDArray[np.bool_], finished: list[tuple[int, FirstFragment]]
) -> Reassembled:
    """Datagrams of clean groups and of the table, in the order of the piece that completed them."""
    columns, clean = pieces.columns, np.flatnonzero(groups.clean)
    packets = [(position, first.packet) for position, first in finished if first.packet is not None]
    packets += [_joined(pieces, groups, int(group)) for group in clean[wanted[groups.first[clean]]]]
    refs, times = columns.batch.ref[columns.fragments.row], columns.batch.time[columns.fragments.row]
    stamped = [
        packet._replace(frame=int(refs[pieces.index[position]]), time=int(times[pieces.index[position]]))
        for position, packet in sorted(packets, key=lambda item: item[0])
    ]
    return Reassembled(stamped, _completed(columns, finished, pieces, groups))


def _joined(pieces: Pieces, groups: FragmentGroups, group: int) -> tuple[int, Packet]:
    """The packet of a clean group, with the position of the piece that completed it."""
    start = int(groups.starts[group])
    parts = groups.order[start : start + int(groups.sizes[group])].tolist()
    packet = read_packet(pieces.columns, int(pieces.datagram[parts[0]]))
    payload = join([(int(pieces.offset[part]), pieces.data(part)) for part in parts], packet.length)
    return int(groups.last[group]), packet._replace(payload=payload)


def _completed(
    columns: Columns,
    finished: list[tuple[int, FirstFragment]],
    pieces: Pieces | None = None,
    groups: FragmentGroups | None = None,
) -> CompletedDatagrams:
    position = np.array([item[0] for item in finished], np.intp)
    firsts = [item[1] for item in finished]
    source = np.array([first.source for first in firsts], np.uint64)
    destination = np.array([first.destination for first in firsts], np.uint64)
    word = np.array([first.word for first in firsts], np.uint32)
    length = np.array([first.length for first in firsts], np.int32)
    first_ref = np.array([first.ref for first in firsts], np.int64)
    if pieces is None or groups is None:
        return CompletedDatagrams(source, destination, word, length, first_ref, first_ref, first_ref)
    rows, batch = columns.datagrams, columns.batch
    index = pieces.datagram[groups.first[groups.clean]]
    position = np.concatenate([position, groups.last[groups.clean]])
    order = np.argsort(position)
    frame = columns.fragments.row[pieces.index[position[order]]]
    return CompletedDatagrams(
        np.concatenate([source, rows.source[index]])[order],
        np.concatenate([destination, rows.destination[index]])[order],
        np.concatenate([word, rows.word[index]])[order],
        np.concatenate([length, rows.length[index]])[order],
        np.concatenate([first_ref, batch.ref[rows.row[index]]])[order],
        batch.ref[frame],
        batch.time[frame],
    )
