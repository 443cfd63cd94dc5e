"""Who made a network interface, by the first three bytes of its address.

The IEEE's list comes from aiooui: of the libraries that ship it, it is the one whose data is renewed by a release every
few weeks and whose table needs no parsing, so that the first look-up costs milliseconds. Virtual machines use
addresses that the list does not know or names after their maker; these stand in a small table of their own.
"""

from __future__ import annotations

import os
import sys
from bisect import bisect_left
from contextlib import suppress
from functools import cache, lru_cache
from importlib.util import find_spec
from typing import NamedTuple

__all__ = ["vendor"]

# Locally administered prefixes that hypervisors hand out by convention, and assigned ones that say "virtual".
_VIRTUAL = {
    b"\x52\x54\x00": "QEMU/KVM virtual",
    b"\x00\x16\x3e": "Xen virtual",
    b"\x00\x50\x56": "VMware virtual",
    b"\x00\x0c\x29": "VMware virtual",
    b"\x00\x05\x69": "VMware virtual",
    b"\x00\x1c\x14": "VMware virtual",
    b"\x08\x00\x27": "VirtualBox virtual",
    b"\x00\x15\x5d": "Hyper-V virtual",
    b"\x00\x1c\x42": "Parallels virtual",
    b"\x58\x9c\xfc": "bhyve virtual",
    b"\x02\x42\xac": "Docker virtual",
    b"\x52\x52\x52": "U-Boot default address",
}
_LOCALLY_ADMINISTERED = 0x02  # IEEE 802 section 8.4, the U/L bit of the first byte


def vendor(mac: bytes) -> str | None:
    """The maker of the interface `mac` (six bytes), or None where nobody knows. Never raises."""
    return _vendor(mac[:3]) if len(mac) == 6 else None


@lru_cache(maxsize=4096)
def _vendor(prefix: bytes) -> str | None:
    if prefix in _VIRTUAL:
        return _VIRTUAL[prefix]
    if prefix[0] & _LOCALLY_ADMINISTERED:
        return "locally administered"
    return None if prefix == bytes(3) else _registered(prefix)


def _registered(prefix: bytes) -> str | None:
    """The IEEE's name for `prefix`; None when it has none or the list cannot be read."""
    try:
        table = _table()
        return _by_library(prefix) if table is None else table.name(int.from_bytes(prefix))
    except Exception:  # noqa: BLE001 - a vendor's name is a courtesy: a broken list must not cost the report
        return None


class _Table(NamedTuple):
    """The list as aiooui's file holds it: the assigned prefixes in order, and where in the file each one's name is."""

    prefixes: memoryview
    offsets: memoryview
    names: bytes

    def name(self, prefix: int) -> str | None:
        row = bisect_left(self.prefixes, prefix)
        if row == len(self.prefixes) or self.prefixes[row] != prefix:
            return None
        start = self.offsets[row]
        return self.names[start : self.names.index(b"\n", start)].decode()


@cache
def _table() -> _Table | None:
    """The list read from aiooui's file, as importing aiooui brings asyncio along and takes as long as reading 100 MB of
    capture; None where the file is not laid out as in version 0.1.11: magic, count, prefixes, offsets, names."""
    spec = find_spec("aiooui")
    if spec is None or spec.origin is None or sys.byteorder != "little":
        return None
    with open(os.path.join(os.path.dirname(spec.origin), "oui.data"), "rb") as file:
        data = file.read()
    if data[:4] != b"OUI1":
        return None
    count = int.from_bytes(data[4:8], "little")
    words = memoryview(data)[8 : 8 + 8 * count].cast("I")
    return _Table(words[:count], words[count:], data[8 + 8 * count :])


def _by_library(prefix: bytes) -> str | None:
    """The name that aiooui itself gives."""
    import aiooui

    if not aiooui.is_loaded():
        _load()
    return aiooui.get_vendor(prefix.hex(":") + ":00:00:00")


def _load() -> None:
    """Load the list in a thread, as the caller may run inside an event loop (the terminal UI)."""
    import asyncio
    from threading import Thread

    import aiooui

    def load() -> None:
        with suppress(Exception):
            asyncio.run(aiooui.async_load())

    thread = Thread(target=load, name="vendor list")
    thread.start()
    thread.join()
