"""IPv4 and IPv6 headers as columns."""

from __future__ import annotations

from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from pxedebug.wire.columns.gather import Bytes, Words, pick, select, words
from pxedebug.wire.columns.keys import fold
from pxedebug.wire.columns.layer import Layer, Transport
from pxedebug.wire.columns.protocols import IPV6_EXTENSIONS, IPV6_SPECIAL, NO_PROTOCOL

__all__ = ["ipv4", "ipv6", "ipv6_extension_length"]

_IPV4_WORDS: Final = 9
_IPV4_HEADER: Final = 20
_IPV6_HEADER: Final = 40
_TRANSPORT_WORDS: Final = 4
"""Words of each transport header that are read: ports, lengths or numbers, UDP's first payload bytes, TCP's flags."""
_MAX_EXTENSIONS: Final = 8
_FRAGMENT: Final = 44
_AUTHENTICATION: Final = 51

Lengths = NDArray[np.int32]
Item = TypeVar("Item", bound=np.generic)


def ipv4(buffer: Bytes, layer: Layer, heads: Words | None, among: NDArray[np.bool_]) -> Transport:
    """The IPv4 packets `among` some frames (RFC 791 section 3.1).

    Every frame keeps its place: those that are not IPv4, or whose header is unsound or cut, get protocol `NO_PROTOCOL`.
    A total length of 0 or beyond the frame means what is left of the frame: segmentation offload writes 0.
    """
    if heads is None:
        heads = words(buffer, layer.start, _IPV4_WORDS)
    start = heads[0] >> np.uint32(24)
    total = (heads[0] & np.uint32(0xFFFF)).astype(np.int32)
    offload = total == 0
    if offload.any():
        total = np.where(offload, layer.wire, total)
    plain = start == 0x45
    header: Lengths = np.full(1, _IPV4_HEADER, np.int32)
    sound = plain & among
    if not (plain | ~among).all():
        header = ((start & np.uint32(15)) * 4).astype(np.int32)
        sound = among & (start >> np.uint32(4) == 4) & (header >= _IPV4_HEADER)
    sound &= (layer.captured >= header) & (total >= header)
    return _ipv4_transport(buffer, layer, heads, header, total, sound)


def _ipv4_transport(
    buffer: Bytes, layer: Layer, heads: Words, header: Lengths, total: Lengths, sound: NDArray[np.bool_]
) -> Transport:
    payload = Layer(
        layer.row,
        layer.start + header,
        np.minimum(total, layer.captured) - header,
        np.minimum(total, layer.wire) - header,
    )
    after = heads[5 : 5 + _TRANSPORT_WORDS]
    protocol = (heads[2] >> np.uint32(16)).astype(np.uint8)
    if not sound.all():
        protocol[~sound] = NO_PROTOCOL
    if (header > _IPV4_HEADER).any():
        rows = np.flatnonzero(sound & (header > _IPV4_HEADER))
        after = after.copy()
        after[:, rows] = words(buffer, payload.start[rows], _TRANSPORT_WORDS)
    flags = heads[1] & np.uint32(0x3FFF)
    fragmented = bool(flags.any())
    return Transport(
        layer=payload,
        network=layer.start,
        protocol=protocol,
        source=heads[3].astype(np.uint64) << np.uint64(16),
        destination=heads[4].astype(np.uint64) << np.uint64(16),
        ip_id=heads[1] >> np.uint32(16),
        offset=(flags << np.uint32(3) & np.uint32(0xFFFF)).astype(np.int32) if fragmented else _zeros(flags, np.int32),
        more=flags >= np.uint32(0x2000) if fragmented else _zeros(flags, np.bool_),
        heads=after,
        version=4,
    )


def ipv6(buffer: Bytes, layer: Layer) -> Transport:
    """IPv6 packets whose header and extension headers are wholly captured (RFC 8200 sections 3 and 4).

    A payload length of 0 means what is left of the frame, as offload writes it; jumbograms (RFC 2675) are not decoded.
    """
    heads = words(buffer, layer.start, _IPV6_HEADER // 4 + _TRANSPORT_WORDS)
    sound = select((heads[0] >> np.uint32(28) == 6) & (layer.captured >= _IPV6_HEADER))
    layer, heads = layer.take(sound), pick(heads, sound)
    second = heads[1]
    length = (second >> np.uint32(16)).astype(np.int32)
    length = np.where(length == 0, layer.wire - _IPV6_HEADER, length)
    payload = layer.after(_IPV6_HEADER)
    payload.captured = np.minimum(payload.captured, length)
    payload.wire = np.minimum(payload.wire, length)
    halves = [heads[k].astype(np.uint64) << np.uint64(32) | heads[k + 1] for k in (2, 4, 6, 8)]
    packets = Transport(
        layer=payload,
        network=layer.start,
        protocol=(second >> np.uint32(8)).astype(np.uint8),
        source=fold(halves[0], halves[1]),
        destination=fold(halves[2], halves[3]),
        ip_id=_zeros(second, np.uint32),
        offset=_zeros(second, np.int32),
        more=_zeros(second, np.bool_),
        heads=heads[_IPV6_HEADER // 4 :],
        version=6,
    )
    return _walk_extensions(buffer, packets)


def _walk_extensions(buffer: Bytes, packets: Transport) -> Transport:
    """Follow the extension headers; packets in which one is cut, or that never come to an end, are left out."""
    rows = np.flatnonzero(IPV6_SPECIAL.take(packets.protocol))
    if len(rows) == 0:
        return packets
    packets = packets._replace(heads=packets.heads.copy())
    pending = rows
    for _ in range(_MAX_EXTENSIONS):
        _one_extension(buffer, packets, pending)
        # Behind the fragment header of a later fragment there is payload, not another header.
        pending = pending[IPV6_SPECIAL[packets.protocol[pending]] & (packets.offset[pending] == 0)]
        if len(pending) == 0:
            break
    packets.heads[:, rows] = words(buffer, packets.layer.start[rows], _TRANSPORT_WORDS)
    sound = np.ones(len(packets.network), np.bool_)
    sound[rows] = packets.layer.captured[rows] >= 0
    sound[pending] = False
    return packets.take(select(sound))


def _zeros(like: NDArray[np.uint32], kind: type[Item]) -> NDArray[Item]:
    return np.zeros(len(like), kind)


def ipv6_extension_length(kind: int, units: int) -> int:
    """Bytes of an extension header of type `kind` whose length byte is `units`.

    The authentication header counts in words less two (RFC 4302 section 2.2), the others in eight bytes less one.
    """
    if kind == _FRAGMENT:
        return 8
    return (units + 2) * 4 if kind == _AUTHENTICATION else (units + 1) * 8


def _one_extension(buffer: Bytes, packets: Transport, rows: NDArray[np.intp]) -> None:
    """Step the packets in `rows` over one extension header."""
    layer, kind = packets.layer, packets.protocol[rows]
    first, second = words(buffer, layer.start[rows], 2)
    fragment = kind == _FRAGMENT
    units = (first >> np.uint32(16) & np.uint32(0xFF)).astype(np.int32)
    # As `ipv6_extension_length`, for columns.
    length = np.select([fragment, kind == _AUTHENTICATION], [8, (units + 2) * 4], (units + 1) * 8).astype(np.int32)
    length[layer.captured[rows] < 8] = np.iinfo(np.int16).max
    cut = layer.captured[rows] < length
    packets.protocol[rows] = first >> np.uint32(24)
    packets.protocol[rows[cut]] = IPV6_EXTENSIONS[0]
    layer.start[rows] += np.where(cut, 0, length)
    layer.captured[rows] -= length
    layer.wire[rows] -= length
    whole = rows[fragment & ~cut]
    packets.offset[whole] = (first & np.uint32(0xFFF8)).astype(np.int32)[fragment & ~cut]
    packets.more[whole] = (first & np.uint32(1)).astype(np.bool_)[fragment & ~cut]
    packets.ip_id[whole] = second[fragment & ~cut]
