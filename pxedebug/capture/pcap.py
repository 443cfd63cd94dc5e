"""The pcap file format and the variants of it that libpcap reads (sf-pcap.c; draft-ietf-opsawg-pcap)."""

from __future__ import annotations

import struct
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pxedebug.capture.limits import ContainerLimits
from pxedebug.capture.records import Interface, SourceInfo, cut_lengths
from pxedebug.capture.walk import Chain, Signature, Walk, walk
from pxedebug.capture.window import Window
from pxedebug.errors import CaptureError
from pxedebug.wire.batch import Batch, frame_ref

__all__ = ["MAGICS", "PCAP_HEADER", "PcapDecoder", "PcapHeader", "longest_frame", "parse_header"]

PCAP_HEADER = 24
"""Bytes of the file header."""

_MICROSECONDS = 0xA1B2C3D4
_NANOSECONDS = 0xA1B23C4D
_KUZNETZOV = 0xA1B2CD34
"""Alexey Kuznetzov's patched libpcap: eight more bytes in each record header."""

MAGICS = frozenset(
    magic.to_bytes(4, order)
    for magic in (_MICROSECONDS, _NANOSECONDS, _KUZNETZOV)
    for order in ("little", "big")
)  # fmt: skip
"""First four bytes of every pcap variant that is read."""

_LINK_TYPE = 0x03FFFFFF
_FCS_PRESENT = 0x04000000
_LARGE_LINK_TYPES = frozenset({231, 249, 279})
"""D-Bus, USBPcap and EBHSCR, whose frames libpcap allows beyond MAXIMUM_SNAPLEN."""


class PcapHeader(NamedTuple):
    """What the file header says."""

    big_endian: bool
    nanoseconds: bool
    version: tuple[int, int]
    snap_length: int
    link_type: int
    fcs_length: int
    """Bytes; 0 where the header says nothing."""
    record_header: int
    """Bytes of a record header: 16, or 24 in Kuznetzov's variant."""

    @property
    def lengths_swapped(self) -> bool | None:
        """True when the wire length precedes the captured length; None when that has to be seen record by record."""
        if self.version in ((2, 0), (2, 1), (2, 2), (543, 0)):
            return True
        return None if self.version == (2, 3) else False


def parse_header(head: bytes) -> PcapHeader:
    """Parse the 24 bytes of a pcap file header.

    Raises CaptureError for a version that libpcap does not read either, and for a header cut short.
    """
    if len(head) < PCAP_HEADER:
        raise CaptureError("a pcap file that ends inside its header", "record the capture again")
    big_endian = head[0] == 0xA1
    magic, major, minor, _, _, snap_length, network = struct.unpack_from(">IHHiIII" if big_endian else "<IHHiIII", head)
    if not (major == 2 and minor <= 4) and (major, minor) != (543, 0):
        raise CaptureError(
            f"a pcap file of the unknown version {major}.{minor}", "convert it with: editcap -F pcapng IN OUT"
        )
    return PcapHeader(
        big_endian=big_endian,
        nanoseconds=magic == _NANOSECONDS,
        version=(major, minor),
        snap_length=snap_length,
        link_type=network & _LINK_TYPE,
        # The field counts 16-bit words and holds only where the P bit says so.
        fcs_length=(network >> 28) * 2 if network & _FCS_PRESENT else 0,
        record_header=24 if magic == _KUZNETZOV else 16,
    )


def longest_frame(link_type: int, limits: ContainerLimits) -> int:
    """The largest credible captured length of a link type, in bytes."""
    return limits.record - 64 if link_type in _LARGE_LINK_TYPES else min(limits.captured, limits.record - 64)


class PcapDecoder:
    """Decodes the records of one pcap file; the window must stand behind the file header."""

    def __init__(self, header: PcapHeader, info: SourceInfo, limits: ContainerLimits) -> None:
        self.stopped = False
        self._header = header
        self._info = info
        self._numbered = 0
        swapped = header.lengths_swapped
        self._chain = Chain(
            length_at=12 if swapped else 8,
            alternative_at=12 if swapped is None else None,
            fixed=header.record_header,
            header=header.record_header,
            minimum=0,
            maximum=longest_frame(header.link_type, limits),
            big_endian=header.big_endian,
        )
        ticks = 1_000_000_000 if header.nanoseconds else 1_000_000
        info.container = "pcap"
        info.byte_order = "big" if header.big_endian else "little"
        self._interface = Interface(header.link_type, header.snap_length, ticks, fcs_length=header.fcs_length)
        info.interfaces.append(self._interface)

    def decode(self, window: Window) -> Batch | None:
        """Take every complete record out of `window`; None when there is none."""
        found = walk(window.data, window.start, window.end, self._chain, self._signature(window))
        batch = self._batch(window.data, found) if len(found.offsets) else None
        window.start = found.next
        if found.damaged:
            self.stopped = True
            self._info.warn(
                "damaged-record",
                f"the record after frame {self._numbered}, at byte {window.offset}, has an impossible length; "
                "nothing behind it was read",
            )
        return batch

    def _signature(self, window: Window) -> Signature:
        """The upper half of the seconds: the same in all records of 18 hours."""
        at = 0 if self._header.big_endian else 2
        first = window.start + at
        return Signature(at, window.data[first : first + 2].tobytes())

    def _batch(self, data: NDArray[np.uint8], found: Walk) -> Batch:
        time = found.fields[0].astype(np.int64)
        time *= 1_000_000_000
        fraction = found.fields[1].astype(np.int64)
        time += fraction if self._header.nanoseconds else fraction * 1000
        captured, wire = self._lengths(found.fields[2], found.fields[3])
        count = len(found.offsets)
        first = frame_ref(self._info.index, self._numbered + 1)
        self._numbered += count
        self._interface.frames += count
        return Batch(
            buffer=data,
            ref=np.arange(first, first + count, dtype=np.int64),
            time=time,
            offset=found.offsets + self._header.record_header,
            captured=captured,
            wire_length=wire,
            link_type=np.full(count, self._header.link_type, dtype=np.int32),
            interface=np.zeros(count, dtype=np.int32),
        )

    def _lengths(
        self, first: NDArray[np.uint32], second: NDArray[np.uint32]
    ) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        if self._header.lengths_swapped is None:
            first, second = np.minimum(first, second), np.maximum(first, second)
        elif self._header.lengths_swapped:
            first, second = second, first
        return cut_lengths(first, second, self._header.fcs_length)
