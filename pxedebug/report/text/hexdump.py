"""Bytes as a dump: offset, hex, printable ASCII; secrets as asterisks."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

__all__ = ["hexdump", "positions"]

_ROW = 16


def hexdump(data: bytes, masked: Collection[int] = ()) -> Iterator[str]:
    """Lines of sixteen bytes: `0010  0a 4d 00 83 ...  .M..`; positions in `masked` are shown as `**`."""
    for start in range(0, len(data), _ROW):
        row = range(start, min(start + _ROW, len(data)))
        digits = ["**" if index in masked else f"{data[index]:02x}" for index in row]
        letters = "".join("*" if index in masked else _letter(data[index]) for index in row)
        halves = f"{' '.join(digits[:8]):<23}  {' '.join(digits[8:]):<23}"
        yield f"{start:04x}  {halves}  {letters}"


def _letter(value: int) -> str:
    return chr(value) if 0x20 <= value < 0x7F else "."


def positions(data: bytes, values: Iterable[bytes], spans: Iterable[tuple[int, int]] = ()) -> frozenset[int]:
    """Every position of `data` that belongs to one of `values` or lies in one of `spans`."""
    found = {index for start, stop in spans for index in range(start, stop)}
    for value in filter(None, values):
        start = data.find(value)
        while start >= 0:
            found.update(range(start, start + len(value)))
            start = data.find(value, start + 1)
    return frozenset(found)
