"""Slots are given, cleared and given again."""

from __future__ import annotations

from pxedebug.track.tftp.columns import TransferColumns, TransferNumbers


def test_a_slot_is_clear_again_after_its_release() -> None:
    columns = TransferColumns(2)
    clear = columns.numbers(columns.take())
    for name in TransferNumbers._fields:
        getattr(columns, name)[0] = 7
    columns.head_open[0] = columns.write[0] = True
    assert columns.numbers(0) != clear
    columns.release(0)
    assert columns.take() == 0
    assert columns.numbers(0) == clear
    assert (bool(columns.head_open[0]), bool(columns.write[0])) == (False, False)


def test_columns_grow_and_keep_what_they_hold() -> None:
    columns = TransferColumns(1)
    slots = [columns.take() for _ in range(5)]
    for slot in slots:
        columns.bytes[slot] = slot * 10
    assert slots == [0, 1, 2, 3, 4]
    assert [columns.numbers(slot).bytes for slot in slots] == [0, 10, 20, 30, 40]
    assert all(len(getattr(columns, name)) == len(columns.high) for name in TransferNumbers._fields)


def test_every_number_is_a_plain_integer() -> None:
    columns = TransferColumns(1)
    numbers = columns.numbers(columns.take())
    assert {type(getattr(numbers, name)) for name in numbers._fields} == {int}
