"""The numbers of all open TFTP transfers, a column each, so that one array operation moves every transfer."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["TransferColumns", "TransferNumbers"]

_FIELDS: dict[str, type] = {
    "peer": np.uint64,
    "last": np.int64,
    "high": np.int64,
    "bytes": np.int64,
    "frames": np.int64,
    "repeats": np.int64,
    "copies": np.int64,
    "tail": np.int64,
    "longest": np.int64,
    "ack_last": np.int64,
    "ack_high": np.int64,
    "acks": np.int64,
    "ack_repeats": np.int64,
    "tries": np.int64,
    "first_data": np.int64,
    "progress": np.int64,
    "final_ack": np.int64,
    "seen": np.int64,
    "seen_ref": np.int64,
    "gap": np.int64,
    "missing": np.int64,
    "zeros": np.int64,
    "last_time": np.int64,
    "last_id": np.int64,
    "fragments": np.int64,
    "ack_last_time": np.int64,
    "ack_last_id": np.int64,
    "heard": np.int64,
    "window": np.int64,
    "short_acks": np.int64,
    "progress_ref": np.int64,
    "ack_ref": np.int64,
    "repeat_ref": np.int64,
    "ack_repeat_ref": np.int64,
    "data_tries": np.int64,
    "twins": np.int64,
    "ack_twins": np.int64,
    "twin_first": np.int64,
    "twin_last": np.int64,
    "twin_ref": np.int64,
    "whole": np.int64,
    "fragment_size": np.int64,
    "fragment_ref": np.int64,
    "server_wait": np.int64,
    "server_turns": np.int64,
    "client_wait": np.int64,
    "client_turns": np.int64,
    "side": np.int64,
}
_FLAGS = ("head_open", "write")


class TransferNumbers(NamedTuple):
    """One transfer's row, as plain integers; the fields mean what `TransferColumns` says."""

    peer: int
    last: int
    high: int
    bytes: int
    frames: int
    repeats: int
    copies: int
    tail: int
    longest: int
    ack_last: int
    ack_high: int
    acks: int
    ack_repeats: int
    tries: int
    first_data: int
    progress: int
    final_ack: int
    seen: int
    seen_ref: int
    gap: int
    missing: int
    zeros: int
    last_time: int
    last_id: int
    fragments: int
    ack_last_time: int
    ack_last_id: int
    heard: int
    window: int
    short_acks: int
    progress_ref: int
    ack_ref: int
    repeat_ref: int
    ack_repeat_ref: int
    data_tries: int
    twins: int
    ack_twins: int
    twin_first: int
    twin_last: int
    twin_ref: int
    whole: int
    fragment_size: int
    fragment_ref: int
    server_wait: int
    server_turns: int
    client_wait: int
    client_turns: int
    side: int


class TransferColumns:
    """Columns over slots; a slot is one open transfer.

    Block numbers are unfolded: the 16-bit number on the wire continues over its roll-over, block 1 is the
    first of the file. Times are nanoseconds since the Unix epoch, 0 while nothing happened.
    """

    peer: NDArray[np.uint64]
    """Endpoint key the client acknowledged to; 0 until it did."""
    last: NDArray[np.int64]
    """Block of the latest DATA frame."""
    high: NDArray[np.int64]
    """Highest block seen."""
    bytes: NDArray[np.int64]
    """Payload of blocks seen, each counted once."""
    frames: NDArray[np.int64]
    """DATA frames, mirror copies left out."""
    repeats: NDArray[np.int64]
    """DATA frames of a block already seen."""
    copies: NDArray[np.int64]
    """Frames that a mirror delivered twice."""
    tail: NDArray[np.int64]
    """Payload length of the highest block."""
    longest: NDArray[np.int64]
    """Longest payload of a block."""
    ack_last: NDArray[np.int64]
    ack_high: NDArray[np.int64]
    acks: NDArray[np.int64]
    ack_repeats: NDArray[np.int64]
    tries: NDArray[np.int64]
    """ACK frames sent again since the last one that moved on."""
    first_data: NDArray[np.int64]
    """Time of the first DATA frame."""
    progress: NDArray[np.int64]
    """Time of the last DATA frame with a new block."""
    final_ack: NDArray[np.int64]
    """Time of the last ACK frame."""
    seen: NDArray[np.int64]
    """Latest time of a frame of the transfer, requests included."""
    seen_ref: NDArray[np.int64]
    gap: NDArray[np.int64]
    """Longest silence between two frames of the transfer, nanoseconds."""
    missing: NDArray[np.int64]
    """Blocks below `high` that were never seen."""
    zeros: NDArray[np.int64]
    """DATA frames numbered 0: servers that roll over to 0; the others roll over to 1."""
    last_time: NDArray[np.int64]
    """Time of the latest DATA frame."""
    last_id: NDArray[np.int64]
    """IP identification of the latest DATA frame."""
    head_open: NDArray[np.bool_]
    """The start of the file is still being collected."""
    fragments: NDArray[np.int64]
    """DATA datagrams that came in IP fragments."""
    ack_last_time: NDArray[np.int64]
    """Time of the latest ACK frame."""
    ack_last_id: NDArray[np.int64]
    """IP identification of the latest ACK frame."""
    heard: NDArray[np.int64]
    """Latest time of any frame of the client's port, orphans' and first fragments too: tells the transfer's age."""
    write: NDArray[np.bool_]
    """The client sends the DATA (WRQ)."""
    window: NDArray[np.int64]
    """Blocks a window as agreed (RFC 7440); 0 where nothing was."""
    short_acks: NDArray[np.int64]
    """ACKs that move on by less than the window, in transfers with a window of more than one block."""
    progress_ref: NDArray[np.int64]
    """Frame of the last DATA with a new block."""
    ack_ref: NDArray[np.int64]
    """Frame of the last ACK that moved on."""
    repeat_ref: NDArray[np.int64]
    """Frame of the latest DATA of a block already seen."""
    ack_repeat_ref: NDArray[np.int64]
    """Frame of the latest ACK of a block already acknowledged."""
    data_tries: NDArray[np.int64]
    """DATA frames since the last block that was higher than all before."""
    twins: NDArray[np.int64]
    """DATA frames that say the same as the one just before, too soon for a timeout and no mirror's copy."""
    ack_twins: NDArray[np.int64]
    """ACK frames of that kind."""
    twin_first: NDArray[np.int64]
    """Block of the first such DATA frame."""
    twin_last: NDArray[np.int64]
    """Block of the latest such DATA frame."""
    twin_ref: NDArray[np.int64]
    """The first such DATA frame."""
    whole: NDArray[np.int64]
    """Datagrams that became whole from their fragments."""
    fragment_size: NDArray[np.int64]
    """IP bytes of the largest first fragment."""
    fragment_ref: NDArray[np.int64]
    """Frame of the first first fragment."""
    server_wait: NDArray[np.int64]
    """Nanoseconds from packets of the client to the server's answers, summed up; waits for timeouts are left out."""
    server_turns: NDArray[np.int64]
    """Answers in that sum."""
    client_wait: NDArray[np.int64]
    """The same from packets of the server to the client's answers."""
    client_turns: NDArray[np.int64]
    side: NDArray[np.int64]
    """Who sent the latest packet: 1 the server, 2 the client, 0 nobody yet."""

    def __init__(self, capacity: int = 256) -> None:
        self._free: list[int] = []
        self._used = 0
        self._capacity = 0
        self._grow(capacity)

    def take(self) -> int:
        """A cleared slot."""
        if self._free:
            slot = self._free.pop()
        else:
            if self._used == self._capacity:
                self._grow(self._capacity * 2)
            slot = self._used
            self._used += 1
        self.ack_high[slot] = -1  # an ACK of block 0 answers an OACK and is progress
        return slot

    def release(self, slot: int) -> None:
        """Give `slot` back, cleared."""
        for name in (*_FIELDS, *_FLAGS):
            getattr(self, name)[slot] = 0
        self._free.append(slot)

    def numbers(self, slot: int) -> TransferNumbers:
        """A copy of the row `slot`."""
        return TransferNumbers(*[column.item(slot) for column in self._columns])

    def _grow(self, capacity: int) -> None:
        for name, kind in (_FIELDS | dict.fromkeys(_FLAGS, bool)).items():
            column: NDArray[Any] = np.zeros(capacity, kind)
            if self._capacity:
                column[: self._capacity] = getattr(self, name)
            setattr(self, name, column)
        self._columns = [getattr(self, name) for name in _FIELDS]
        self._capacity = capacity
