"""The frames of open transfers, out of a batch that holds much else."""

from __future__ import annotations

import numpy as np
import pytest

from pxedebug.track import Limits
from pxedebug.track.lookup import EndpointTable
from pxedebug.track.tftp.rows import TftpRows, WholeDatagrams, gather_rows
from pxedebug.wire.frames import Columns, decode_batch, endpoint_key
from pxedebug.wire.reassembly import Reassembler
from tests.track.network import Tftp, Wire, batches, transfers


def key(boot: Tftp) -> int:
    return endpoint_key(bytes(map(int, boot.client.address.split("."))), boot.client.port)


def gathered(
    wire: Wire, slots: dict[int, int], start: int = 0, stop: int | None = None
) -> tuple[TftpRows, Columns, WholeDatagrams]:
    (batch,) = batches(wire.frames)
    columns, table = decode_batch(batch), EndpointTable()
    table.rebuild(slots)
    whole = WholeDatagrams(columns, Reassembler().feed(columns))
    return (
        gather_rows(columns, start, len(columns.datagrams.row) if stop is None else stop, whole, table),
        columns,
        whole,
    )


def test_rows_are_sorted_by_transfer_and_keep_the_order_of_frames() -> None:
    wire = Wire()
    one, two = wire.tftp("one"), wire.tftp("two", port=2071, tid=40001)
    one.rrq(), two.rrq()
    for block in (1, 2):
        one.data(block), two.data(block), one.ack(block)
    wire.tftp("foreign", port=9999).rrq().data(1)
    rows, _, _ = gathered(wire, {key(one): 7, key(two): 3})
    assert rows.slot.tolist() == [3, 3, 7, 7, 7, 7]
    assert rows.ref.tolist() == [4, 7, 3, 5, 6, 8]
    assert rows.from_client.tolist() == [False, False, False, True, False, True]
    assert (rows.peer & np.uint64(0xFFFF)).tolist() == [40001, 40001, 40000, 40000, 40000, 40000]
    assert rows.opcode.tolist() == [3, 3, 3, 4, 3, 4]


def test_only_the_rows_asked_for() -> None:
    wire = Wire()
    boot = wire.tftp().rrq().blocks(1, 3)
    rows, _, _ = gathered(wire, {key(boot): 0}, 2, 5)
    assert rows.ref.tolist() == [3, 4, 5]


def test_what_became_whole_stands_where_its_last_fragment_came() -> None:
    wire = Wire()
    boot = wire.tftp()
    boot.mtu = 1500
    boot.rrq(blksize=2000).data(1, 2000).ack(1)
    wire.frames[1], wire.frames[2] = wire.frames[2], wire.frames[1]
    rows, columns, _ = gathered(wire, {key(boot): 0})
    # Frame 3 is the first fragment and the last that came: it stands there as itself and for the whole.
    assert rows.ref.tolist() == [3, 3, 4]
    assert rows.frame(columns).tolist() == [2, 2, 3]
    assert rows.length.tolist() == [2004, 2004, 4]


@pytest.mark.parametrize(("start", "stop", "refs"), [(0, 2, [2, 3]), (2, 3, [4]), (0, 3, [2, 3, 4])])
def test_whole_datagrams_between_two_requests(start: int, stop: int, refs: list[int]) -> None:
    wire = Wire()
    boot = wire.tftp()
    boot.mtu = 1500
    boot.rrq(blksize=2000).data(1, 2000).ack(1)
    rows, _, _ = gathered(wire, {key(boot): 0}, start, stop)
    assert rows.ref.tolist() == refs


def test_frames_of_merged_sources_are_found_by_their_names() -> None:
    wire = Wire()
    boot = wire.tftp()
    boot.mtu = 1500
    boot.rrq(blksize=2000).data(1, 2000).ack(1)
    (batch,) = batches(wire.frames)
    batch.ref = np.array([1 << 48 | 1, 9, 10, 1 << 48 | 2], np.int64)
    columns = decode_batch(batch)
    assert WholeDatagrams(columns, Reassembler().feed(columns)).row.tolist() == [2]


def test_sixteen_bits_hold_every_slot() -> None:
    """Rows are sorted by 16-bit slots, so no more transfers may be open than these can tell apart."""
    assert Limits().open_transfers <= 1 << 16
    wire = Wire()
    boot = wire.tftp().rrq().data(1)
    rows, _, _ = gathered(wire, {key(boot): 65_535})
    assert rows.slot.tolist() == [65_535]


@pytest.mark.parametrize("after", [0, 1])
def test_a_file_of_more_blocks_than_numbers(after: int) -> None:
    """B-09: servers go on at 0 or at 1, and neither loses a block."""
    wire = Wire(step=1000)
    boot = wire.tftp(file="initrd").rrq(blksize=8).oack(blksize=8).ack(0)
    for block in range(1, 65_536):
        boot.data(block, 8)
        if block % 4096 == 0:
            boot.ack(block)
    boot.window(*range(after, after + 9), size=8).data(after + 9, 3).ack(after + 9)
    (read,) = transfers(wire, [30_000, 65_000])
    assert (read.status, read.blocks, read.missing_blocks) == ("complete", 65_545, 0)
    assert (read.size, read.retransmissions) == (65_544 * 8 + 3, 0)
