"""Reports as plain values, as the JSON has them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec

import pxedebug

__all__ = ["Document", "boots_of", "differences", "exchanges", "messages", "report_of", "transfers"]

Document = dict[str, Any]


@lru_cache(maxsize=64)
def report_of(*paths: Path) -> Document:
    """The report on the captures at `paths`, through the public API; to be looked at, not changed."""
    document: Document = json.loads(msgspec.json.encode(pxedebug.analyze(*map(str, paths))))
    return document


def boots_of(document: Document, client: str) -> list[Document]:
    """The boots of the client with the MAC address `client`, in order."""
    return [boot for boot in document["boots"] if boot["client"]["mac"] == client]


def exchanges(boot: Document) -> Iterator[Document]:
    """All exchanges of a boot."""
    for stage in boot["stages"]:
        yield from stage["exchanges"]


def messages(boot: Document) -> Iterator[Document]:
    """All DHCP messages of a boot."""
    for exchange in exchanges(boot):
        yield from exchange["messages"]


def transfers(boot: Document) -> Iterator[Document]:
    """All transfers of a boot."""
    for stage in boot["stages"]:
        yield from stage["transfers"]


def differences(left: object, right: object, path: str = "") -> list[str]:
    """Where two documents differ, one line each: what a failed comparison should show."""
    if isinstance(left, dict) and isinstance(right, dict):
        keys = [*left, *(key for key in right if key not in left)]
        return [line for key in keys for line in differences(left.get(key), right.get(key), f"{path}.{key}")]
    if isinstance(left, list) and isinstance(right, list) and len(left) == len(right):
        pairs = enumerate(zip(left, right, strict=True))
        return [line for index, pair in pairs for line in differences(*pair, f"{path}[{index}]")]
    return [] if left == right else [f"{path}: {left!r} != {right!r}"]
