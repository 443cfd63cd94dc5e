from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pxedebug.wire.frames import Columns, decode_batch, endpoint_key
from pxedebug.wire.linktypes import LINKTYPE_ETHERNET, LINKTYPE_LINUX_SLL, SUPPORTED
from tests.wire import reference
from tests.wire.frame_builders import (
    batch_of,
    ether,
    extension,
    fragment_header,
    ipv4,
    ipv6,
    snap,
    tcp,
    udp,
)

payloads = st.binary(max_size=24)
ports = st.integers(0, 65535)


@st.composite
def udp_or_tcp(draw: st.DrawFn) -> tuple[int, bytes]:
    if draw(st.booleans()):
        forged = draw(st.sampled_from([None, None, None, 0, 7, 8, 20, 2000]))
        return 17, udp(draw(payloads), draw(ports), draw(ports), forged)
    options = bytes(4 * draw(st.integers(0, 10)))
    return 6, tcp(draw(payloads), draw(ports), draw(ports), draw(st.integers(0, 2**32 - 1)), options=options)


@st.composite
def ip_packets(draw: st.DrawFn) -> tuple[int, bytes]:
    protocol, payload = draw(udp_or_tcp())
    if draw(st.booleans()):
        fragment = {"offset": draw(st.sampled_from([0, 0, 0, 1480])), "more": draw(st.booleans())}
        options = bytes(4 * draw(st.integers(0, 10)))
        total = draw(st.sampled_from([None, None, None, 0, 19, 30, 1500]))
        return 0x0800, ipv4(payload, protocol, ident=draw(ports), options=options, total=total, **fragment)
    for _ in range(draw(st.integers(0, 3))):
        kind = draw(st.sampled_from([0, 43, 44, 60]))
        if kind == 44:
            offset = draw(st.sampled_from([0, 0, 1480]))
            header = fragment_header(protocol, offset, draw(st.booleans()), draw(st.integers(0, 2**32 - 1)))
        else:
            header = extension(protocol, draw(st.integers(0, 2)))
        protocol, payload = kind, header + payload
    return 0x86DD, ipv6(payload, protocol)


@st.composite
def ethernet_frames(draw: st.DrawFn) -> bytes:
    kind, packet = draw(ip_packets())
    vlans = draw(st.lists(st.integers(0, 0xFFFF), max_size=3))
    tpid = draw(st.sampled_from([0x8100, 0x88A8, 0x9100]))
    frame = ether(packet, kind, vlans, tpid, pad=draw(st.sampled_from([0, 60, 64])))
    cut = draw(st.one_of(st.none(), st.integers(0, len(frame))))
    return frame if cut is None else frame[:cut]


def rows_of(columns: Columns) -> dict[int, reference.Row]:
    """What the columns say, in the reference decoder's words: row of the batch to row."""
    found = {}
    for kind, table in (("udp", columns.datagrams), ("tcp", columns.segments)):
        for index, row in enumerate(table.row.tolist()):
            start = int(columns.batch.offset[row])
            network = int(table.network[index])
            head = columns.batch.buffer[network : network + 40].tobytes()
            addresses = (head[12:16], head[16:20]) if head[0] >> 4 == 4 else (head[8:24], head[24:40])
            keys = int(table.source[index]), int(table.destination[index])
            assert keys == tuple(
                endpoint_key(address, key & 0xFFFF) for address, key in zip(addresses, keys, strict=True)
            )
            found[row] = reference.Row(
                kind, network - start, *addresses, keys[0] & 0xFFFF, keys[1] & 0xFFFF,
                int(table.payload[index]) - start, int(table.length[index]), int(table.captured[index]),
                int(table.word[index]), int(getattr(table, "ip_id", [0] * len(table.row))[index]),
                bool(getattr(table, "fragment", [False] * len(table.row))[index]),
            )  # fmt: skip
    return found


def expected_rows(frames: list[bytes]) -> dict[int, reference.Row]:
    rows = {number: reference.decode_ethernet(frame) for number, frame in enumerate(frames)}
    return {
        number: row if row.kind == "udp" else row._replace(ip_id=0, fragment=False)
        for number, row in rows.items()
        if row is not None
    }


@given(st.lists(ethernet_frames(), min_size=1, max_size=5))
def test_columns_equal_those_of_a_decoder_that_goes_frame_by_frame(frames: list[bytes]) -> None:
    assert rows_of(decode_batch(batch_of(frames))) == expected_rows(frames)


@given(st.lists(ethernet_frames(), min_size=1, max_size=5), st.integers(0, 5))
def test_a_batch_cut_in_two_gives_the_same_rows(frames: list[bytes], cut: int) -> None:
    batch = batch_of(frames)
    whole = decode_batch(batch)
    parts = [decode_batch(batch.rows(0, cut)), decode_batch(batch.rows(cut, len(batch)))]
    for name in ("datagrams", "segments", "fragments"):
        for column in dataclasses.fields(getattr(whole, name)):
            joined = [getattr(getattr(part, name), column.name) for part in parts]
            if column.name == "row":
                joined[1] = joined[1] + min(cut, len(batch))
            np.testing.assert_array_equal(np.concatenate(joined), getattr(getattr(whole, name), column.name))
    np.testing.assert_array_equal(np.concatenate([part.mac for part in parts]), whole.mac)
    np.testing.assert_array_equal(np.concatenate([part.network for part in parts]), whole.network)


def assert_within_frames(columns: Columns) -> None:
    """Every row points into its own frame, and every column has its type."""
    batch = columns.batch
    end = batch.offset + batch.captured
    for table in (columns.datagrams, columns.segments, columns.fragments):
        rows: dict[str, Any] = {column.name: getattr(table, column.name) for column in dataclasses.fields(table)}
        assert len({len(column) for column in rows.values()}) == 1
        start = rows["start"] if "start" in rows else rows["payload"]
        assert (np.diff(rows["row"]) > 0).all()
        assert (rows["captured"] >= 0).all()
        assert (rows["length"] >= 0).all()
        assert ((start + rows["captured"] <= end[rows["row"]]) | (rows["captured"] == 0)).all()
        assert (rows["network"] >= batch.offset[rows["row"]]).all()
    known = columns.network >= 0
    assert (columns.network[known] < end[known]).all()
    assert columns.datagrams.source.dtype == np.uint64
    assert columns.segments.flags.dtype == np.uint8
    assert columns.fragments.more.dtype == np.bool_
    assert len(columns.mac) == len(columns.network) == len(columns.link) == len(columns.link_type) == len(batch)


@given(st.lists(st.binary(max_size=120), max_size=8), st.data())
def test_any_bytes_of_any_link_type_decode(frames: list[bytes], data: st.DataObject) -> None:
    kinds = [data.draw(st.sampled_from([*sorted(SUPPORTED), 147, 999])) for _ in frames]
    columns = decode_batch(batch_of(frames, kinds))
    assert_within_frames(columns)
    assert sum(columns.unsupported.values()) == sum(kind not in SUPPORTED for kind in kinds)


@given(st.lists(st.tuples(ethernet_frames(), st.integers(0, 200), st.integers(0, 255)), min_size=1, max_size=4))
def test_frames_with_one_byte_changed_decode(frames: list[tuple[bytes, int, int]]) -> None:
    changed = []
    for frame, position, value in frames:
        mutable = bytearray(frame or b"\0")
        mutable[position % len(mutable)] = value
        changed.append(bytes(mutable))
    assert_within_frames(decode_batch(batch_of(changed)))


def test_an_empty_batch_has_empty_columns() -> None:
    columns = decode_batch(batch_of([]))
    assert len(columns.datagrams.row) == len(columns.segments.row) == len(columns.neighbours) == 0
    assert columns.datagrams.word.dtype == np.uint32
    assert columns.unsupported == {}


def test_a_tftp_data_packet() -> None:
    frame = ether(ipv4(udp(b"\0\x03\0\x05" + b"x" * 512, 30000, 2070), ident=99))
    rows = decode_batch(batch_of([frame])).datagrams
    assert rows.word.tolist() == [0x0003_0005]
    assert rows.length.tolist() == rows.captured.tolist() == [516]
    assert rows.ip_id.tolist() == [99]
    assert rows.source.tolist() == [endpoint_key(bytes([10, 0, 0, 1]), 30000)]
    assert rows.destination.tolist() == [10 << 40 | 130 << 16 | 2070]


def test_padding_of_a_short_frame_is_no_payload() -> None:
    rows = decode_batch(batch_of([ether(ipv4(udp(b"\0\x04")), pad=60)])).datagrams
    assert (rows.captured.tolist(), rows.length.tolist(), rows.word.tolist()) == ([2], [2], [0x0004_0000])


def test_a_cut_frame_keeps_its_length_on_the_wire() -> None:
    frame = ether(ipv4(udp(b"\0\x03\0\x01" + bytes(512))))
    rows = decode_batch(batch_of([frame[:100]], wire=[len(frame)])).datagrams
    assert (rows.length.tolist(), rows.captured.tolist()) == ([516], [58])


def test_a_cut_segment_keeps_its_length_on_the_wire() -> None:
    frame = ether(ipv4(tcp(bytes(1000)), 6))
    rows = decode_batch(batch_of([frame[:60]], wire=[len(frame)])).segments
    assert (rows.length.tolist(), rows.captured.tolist()) == ([1000], [6])


def test_options_cut_by_the_snap_length_do_not_hide_a_segment() -> None:
    frame = ether(ipv4(tcp(b"", flags=2, options=bytes(20)), 6))
    rows = decode_batch(batch_of([frame[:64]], wire=[len(frame)])).segments
    assert (rows.flags.tolist(), rows.length.tolist(), rows.captured.tolist()) == ([2], [0], [0])


def test_offload_writes_a_total_length_of_zero() -> None:
    frame = ether(ipv4(tcp(b"a" * 30000), 6, total=0))
    rows = decode_batch(batch_of([frame])).segments
    assert rows.length.tolist() == rows.captured.tolist() == [30000]


def test_frames_of_64_kib() -> None:
    frame = ether(ipv4(tcp(b"GET " + bytes(65000)), 6))
    rows = decode_batch(batch_of([frame])).segments
    assert rows.length.tolist() == [65004]
    assert rows.word.tolist() == [int.from_bytes(b"GET ", "big")]


def test_a_first_fragment_is_a_datagram_and_all_are_fragments() -> None:
    data = udp(b"\0\x03\0\x01" + bytes(2000))
    frames = [
        ether(ipv4(data[:1480], more=True)),
        ether(ipv4(data[1480:], offset=1480), pad=60),
    ]
    columns = decode_batch(batch_of(frames))
    assert columns.datagrams.row.tolist() == [0]
    assert columns.datagrams.fragment.tolist() == [True]
    assert columns.datagrams.length.tolist() == [2004]
    assert columns.datagrams.captured.tolist() == [1472]
    assert columns.fragments.row.tolist() == [0, 1]
    assert columns.fragments.offset.tolist() == [0, 1480]
    assert columns.fragments.length.tolist() == [1480, len(data) - 1480]
    assert len(set(columns.fragments.key.tolist())) == 1


def test_ipv6_fragments_share_a_key() -> None:
    data = udp(b"\0\x03\0\x01" + bytes(2000))
    frames = [
        ether(ipv6(fragment_header(17, 0, True, 77) + data[:1400], 44), 0x86DD),
        ether(ipv6(fragment_header(17, 1400, False, 77) + data[1400:], 44), 0x86DD),
        ether(ipv6(fragment_header(17, 1400, False, 78) + data[1400:], 44), 0x86DD),
    ]
    columns = decode_batch(batch_of(frames))
    assert columns.datagrams.ip_id.tolist() == [77]
    assert columns.datagrams.fragment.tolist() == [True]
    first, second, other = columns.fragments.key.tolist()
    assert first == second != other


def test_link_types_mix_in_one_batch() -> None:
    cooked = b"\0\0\0\x01\0\x06" + bytes.fromhex("020000000009") + b"\0\0\x08\0" + ipv4(udp(b"cook"))
    frames = [ether(ipv4(udp(b"eth "))), cooked, b"usb!", ether(ipv4(tcp(b"data"), 6))]
    columns = decode_batch(batch_of(frames, [LINKTYPE_ETHERNET, LINKTYPE_LINUX_SLL, 189, LINKTYPE_ETHERNET]))
    assert columns.datagrams.row.tolist() == [0, 1]
    assert columns.segments.row.tolist() == [3]
    assert columns.unsupported == {189: 1}
    assert columns.mac.tolist() == [0x020000000001, 0x020000000009, 0, 0x020000000001]
    assert columns.network.tolist()[2] == -1


def control_frames() -> list[tuple[str, bytes, bool]]:
    return [
        ("arp", ether(bytes(28), 0x0806), True),
        ("port unreachable", ether(ipv4(b"\x03\x03" + bytes(30), 1)), True),
        ("time exceeded", ether(ipv4(b"\x0b\x01" + bytes(30), 1)), True),
        ("redirect", ether(ipv4(b"\x05\x01" + bytes(30), 1)), True),
        ("echo", ether(ipv4(b"\x08\x00" + bytes(30), 1)), False),
        ("packet too big", ether(ipv6(b"\x02\x00" + bytes(60), 58), 0x86DD), True),
        ("router advertisement", ether(ipv6(b"\x86\x00" + bytes(14), 58), 0x86DD), True),
        ("neighbour solicitation", ether(ipv6(b"\x87\x00" + bytes(22), 58), 0x86DD), True),
        ("mld report", ether(ipv6(extension(58) + b"\x8f\x00" + bytes(22), 0), 0x86DD), False),
        ("stp", ether(b"\x42\x42\x03" + bytes(35), 38), True),
        ("pvst", ether(snap(bytes(42), 0x010B, 0x00000C), 50), True),
        ("tagged pvst", ether(snap(bytes(42), 0x010B, 0x00000C), 50, vlans=[20]), True),
        ("cdp", ether(snap(bytes(42), 0x2000, 0x00000C), 50), True),
        ("lacp", ether(b"\x01" + bytes(109), 0x8809), True),
        ("lldp", ether(bytes(40), 0x88CC), True),
        ("eapol", ether(bytes(46), 0x888E), True),
        ("vrrp", ether(ipv4(bytes(20), 112)), True),
        ("igmp", ether(ipv4(bytes(8), 2)), True),
        ("hsrp", ether(ipv4(udp(bytes(20), 1985, 1985))), True),
        ("dns", ether(ipv4(udp(bytes(20), 53, 5353))), False),
    ]


@pytest.mark.parametrize(("name", "frame", "kept"), control_frames(), ids=[name for name, *_ in control_frames()])
def test_neighbour_frames(name: str, frame: bytes, kept: bool) -> None:
    assert decode_batch(batch_of([frame])).neighbours.tolist() == ([0] if kept else [])


def test_neighbour_frames_stand_in_frame_order() -> None:
    frames = [frame for _, frame, _ in control_frames()]
    columns = decode_batch(batch_of(frames))
    assert columns.neighbours.tolist() == [row for row, (*_, kept) in enumerate(control_frames()) if kept]
    assert columns.datagrams.row.tolist() == [18, 19]
