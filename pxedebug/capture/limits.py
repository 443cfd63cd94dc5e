"""How much a container may ask of this process, each limit with a name and a default."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["ContainerLimits"]

_KIB = 1 << 10
_MIB = 1 << 20
_GIB = 1 << 30


class ContainerLimits(NamedTuple):
    """Limits on container structure; sizes in bytes. Reaching one is reported with its name."""

    record: int = 16 * _MIB
    """The longest pcapng block, or pcap record; larger ones are taken for damage (Wireshark's former block limit)."""
    captured: int = 256 * _KIB
    """The longest frame of a pcap file, libpcap's MAXIMUM_SNAPLEN; USBPcap and D-Bus frames may fill a `record`."""
    interfaces: int = 10_000
    """Interfaces of one file, over all its sections."""
    comments: int = 1_000
    """Comments kept of one file; later ones are counted."""
    comment_length: int = 4 * _KIB
    """Bytes kept of one comment."""
    decompressed: int = 64 * _GIB
    """Bytes that one compressed file may unfold to."""
    ratio: int = 1_000
    """Decompressed bytes per compressed byte, judged once `ratio_floor` bytes have come out."""
    ratio_floor: int = 64 * _MIB
    """Below this size even a perfectly compressible file is harmless."""
    window: int = 128 * _MIB
    """History that a compressed stream may refer back to (zstd window, xz dictionary)."""
