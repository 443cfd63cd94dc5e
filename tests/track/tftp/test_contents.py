"""A hundred clients read the same few files; each is looked at once and told of every transfer."""

from __future__ import annotations

import pytest

from tests.track.network import Tftp, Wire, transfers

both_ways = pytest.mark.parametrize("cuts", [(), range(1000)], ids=["one batch", "a batch a frame"])


def readers(wire: Wire, count: int) -> list[Tftp]:
    return [wire.tftp("pxelinux.0", port=2070 + number, tid=40000 + number) for number in range(count)]


@both_ways
def test_every_reader_of_a_file_knows_what_it_is(cuts: range) -> None:
    wire = Wire()
    boots = readers(wire, 3)
    for boot in boots:
        boot.rrq(tsize=0).oack(tsize=1100).ack(0)
    for block in (1, 2):
        for boot in reversed(boots):
            boot.data(block).ack(block)
    for boot in boots:
        boot.data(3, 76).ack(3)
    reads = transfers(wire, cuts)
    assert [read.status for read in reads] == ["complete"] * 3
    assert {read.head for read in reads} == {b"\x02" * 512 + b"\x03" * 512 + b"\x04" * 76}
    assert len({(read.content_type, read.content_detail) for read in reads}) == 1


@both_ways
def test_files_of_the_same_name_with_other_bytes_are_other_files(cuts: range) -> None:
    wire = Wire()
    one, two = readers(wire, 2)
    two.client, two.listener = two.client.at(address="10.0.0.131"), two.listener.at(address="10.0.0.2")
    two.server = two.server.at(address="10.0.0.2")
    one.rrq().data(1, 30).ack(1)
    two.rrq().data(1, 40).ack(1)
    assert [len(read.head) for read in transfers(wire, cuts)] == [30, 40]


@both_ways
def test_a_file_that_was_read_twice(cuts: range) -> None:
    wire = Wire()
    for boot in readers(wire, 2):
        boot.rrq().blocks(1, 2).data(3, 1).ack(3)
    first, second = transfers(wire, cuts)
    assert (second.head, second.content_type) == (first.head, first.content_type)
    assert len(first.head) == 1025


def test_an_upload_is_not_looked_at() -> None:
    wire = Wire()
    wire.tftp("dump").wrq().accept(0).upload(1, 9).accept(1)
    assert transfers(wire)[0].head == b""
