"""Where one layer's header starts in each of some frames, and how much of the frame is left from there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pxedebug.wire.columns.gather import Selection, Words, pick

__all__ = ["Layer", "Network", "Transport"]


@dataclass(slots=True)
class Layer:
    """The same header in some frames; all arrays have one entry per frame."""

    row: NDArray[np.int64]
    """Row of the frame in its batch."""
    start: NDArray[np.int64]
    """Buffer offset of the header."""
    captured: NDArray[np.int32]
    """Bytes that the capture holds from `start` on; negative when the frame ends before it."""
    wire: NDArray[np.int32]
    """Bytes the frame had on the wire from `start` on, never less than `captured`."""

    def __len__(self) -> int:
        return len(self.row)

    def take(self, rows: Selection) -> Layer:
        """Some of the frames."""
        return Layer(pick(self.row, rows), pick(self.start, rows), pick(self.captured, rows), pick(self.wire, rows))

    def after(self, length: int | NDArray[np.int32]) -> Layer:
        """The layer that begins `length` bytes further on."""
        return Layer(self.row, self.start + length, self.captured - length, self.wire - length)


@dataclass(slots=True)
class Network:
    """Network headers as a link layer announced them."""

    layer: Layer
    protocol: NDArray[np.int32]
    """EtherType, or a code of `columns.protocols` above 0xffff; 0 where the link header was cut or not understood."""
    mac: NDArray[np.uint64]
    """Source MAC address, 0 where there is none."""
    heads: Words | None = None
    """The first words of each network header when the link layer has read them already."""

    def put(self, rows: NDArray[np.intp], part: Network) -> None:
        """Put `part` in place of the frames in `rows`, all but their heads."""
        self.protocol[rows], self.mac[rows] = part.protocol, part.mac
        self.layer.start[rows] = part.layer.start
        self.layer.captured[rows] = part.layer.captured
        self.layer.wire[rows] = part.layer.wire


class Transport(NamedTuple):
    """IP payloads: where each starts and what the IP header says about it."""

    layer: Layer
    """From the transport header to the end of the IP packet (padding is cut off)."""
    network: NDArray[np.int64]
    """Buffer offset of the IP header."""
    protocol: NDArray[np.uint8]
    """Protocol or last next-header number."""
    source: NDArray[np.uint64]
    """IPv4: address << 16; IPv6: the address's halves folded."""
    destination: NDArray[np.uint64]
    ip_id: NDArray[np.uint32]
    offset: NDArray[np.int32]
    """Fragment offset in bytes."""
    more: NDArray[np.bool_]
    """More fragments follow."""
    heads: Words
    """The first words of each transport header."""
    version: int
    """4 or 6."""

    def take(self, rows: Selection) -> Transport:
        """Some of the packets."""
        return Transport(
            self.layer.take(rows), pick(self.network, rows), pick(self.protocol, rows), pick(self.source, rows),
            pick(self.destination, rows), pick(self.ip_id, rows), pick(self.offset, rows), pick(self.more, rows),
            pick(self.heads, rows), self.version,
        )  # fmt: skip
