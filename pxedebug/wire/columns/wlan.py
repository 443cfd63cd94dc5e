"""IEEE 802.11 data frames, as captured in monitor mode: with a radiotap or PPI header before them or bare."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from pxedebug.wire.columns.encapsulation import unwrap
from pxedebug.wire.columns.gather import Bytes, windows
from pxedebug.wire.columns.layer import Layer, Network
from pxedebug.wire.columns.protocols import LLC

__all__ = ["header_80211", "ieee80211", "ppi", "radiotap"]

_TO_DS: Final = 0x01
_FROM_DS: Final = 0x02
_PROTECTED: Final = 0x40
_ORDER: Final = 0x80
_QOS: Final = 0x80
_NO_DATA: Final = 0x40
_MAX_PRESENT_WORDS: Final = 8
_FLAGS_DATAPAD: Final = 0x20


def radiotap(buffer: Bytes, frames: Layer) -> tuple[Layer, NDArray[np.bool_]]:
    """Step over radiotap headers; the second array says where the 802.11 header is padded to four bytes.

    Source: https://www.radiotap.org/ (header, flags field).
    """
    head = windows(buffer, frames.start, 8)
    length = head[:, 2].astype(np.int32) | head[:, 3].astype(np.int32) << 8
    sound = (head[:, 0] == 0) & (length >= 8) & (frames.captured >= length)
    flags = np.array([_radiotap_flags(buffer, int(start), int(size)) for start, size in
                      zip(frames.start[sound], length[sound], strict=True)], np.uint8)  # fmt: skip
    padded = np.zeros(len(frames), np.bool_)
    padded[sound] = flags & _FLAGS_DATAPAD != 0
    inner = frames.after(length)
    inner.captured[~sound] = -1
    return inner, padded


def _radiotap_flags(buffer: Bytes, start: int, length: int) -> int:
    """The flags field of one radiotap header: behind all presence words and the 8-byte timestamp, if any."""
    header = buffer[start : start + length].tobytes()
    position = 4
    first = int.from_bytes(header[4:8], "little")
    for _ in range(_MAX_PRESENT_WORDS):
        more = int.from_bytes(header[position : position + 4], "little") >> 31
        position += 4
        if not more:
            break
    if not first & 2:
        return 0
    if first & 1:
        position = (position + 7) // 8 * 8 + 8
    return header[position] if position < len(header) else 0


def ppi(buffer: Bytes, frames: Layer) -> tuple[Layer, NDArray[np.int32]]:
    """Step over PPI headers; the second array is the link type of what follows, -1 where the header is unsound."""
    head = windows(buffer, frames.start, 8).view("<u4")
    length = (head[:, 0] >> np.uint32(16)).astype(np.int32)
    sound = (head[:, 0] & np.uint32(0xFF) == 0) & (length >= 8) & (frames.captured >= length)
    kind = np.where(sound & (head[:, 1] < 0x10000), head[:, 1], 0xFFFF).astype(np.int32)
    kind[kind == 0xFFFF] = -1
    return frames.after(length), kind


def ieee80211(buffer: Bytes, frames: Layer, padded: NDArray[np.bool_] | None = None) -> Network:
    """Unencrypted data frames in one piece (IEEE 802.11-2020 clause 9.3.2.1); others have protocol 0."""
    head = windows(buffer, frames.start, 30)
    control, flags = head[:, 0], head[:, 1]
    length = header_80211(control, flags)
    if padded is not None:
        length = np.where(padded, (length + 3) // 4 * 4, length).astype(np.int32)
    is_data = control & 0x0C == 0x08
    # A fragment number other than 0, or "more fragments", means a part of a frame; an A-MSDU holds several.
    whole = (head[:, 22] & 0x0F == 0) & (flags & 0x04 == 0) & (control & 0x03 == 0)
    carries = is_data & (control & _NO_DATA == 0) & (flags & _PROTECTED == 0)
    protocol = np.where(carries & whole & (frames.captured >= length), LLC, 0).astype(np.int32)
    layer, followed = unwrap(buffer, frames.after(length), protocol)
    addressed = (control & 0x0C != 0x04) & (frames.captured >= 24)
    return Network(layer, np.where(protocol == 0, 0, followed), np.where(addressed, _source(head), 0).astype(np.uint64))


def header_80211(control: NDArray[np.uint8], flags: NDArray[np.uint8]) -> NDArray[np.int32]:
    """The length of the MAC header: three addresses, a fourth between access points, QoS and HT control."""
    both = flags & (_TO_DS | _FROM_DS) == _TO_DS | _FROM_DS
    quality = control & _QOS != 0
    ht_control = quality & (flags & _ORDER != 0)
    length: NDArray[np.int32] = 24 + both.astype(np.int32) * 6 + quality.astype(np.int32) * 2
    length += ht_control.astype(np.int32) * 4
    return length


def _source(head: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """The source address, which stands second, third or fourth (IEEE 802.11-2020 table 9-30)."""
    to_ds, from_ds = head[:, 1] & _TO_DS != 0, head[:, 1] & _FROM_DS != 0
    position = np.select([to_ds & from_ds, from_ds], [24, 16], 10)
    octets = np.take_along_axis(head, position[:, None] + np.arange(6), axis=1).astype(np.uint64)
    found: NDArray[np.uint64] = np.bitwise_or.reduce(octets << np.arange(40, -8, -8, dtype=np.uint64), axis=1)
    return found
