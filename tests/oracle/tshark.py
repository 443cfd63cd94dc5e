"""What tshark reports: one run for each capture, fields only."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.oracle.packets import DhcpPacket, TftpPacket

__all__ = ["FILTER", "Reported", "report"]

FILTER = "(dhcp or tftp) and not icmp and not icmpv6"
"""Packets that an ICMP error quotes are no packets of their own."""
_FIELDS = (
    "frame.number", "dhcp.option.dhcp", "dhcp.id", "dhcp.hw.len", "dhcp.hw.addr", "dhcp.hw.mac_addr",
    "dhcp.option.type", "dhcp.option.value", "tftp.opcode", "tftp.block", "tftp.source_file", "tftp.destination_file",
    "tftp.option.name", "tftp.option.value", "tftp.error.code",
)  # fmt: skip
_SEPARATOR, _AGGREGATOR = "\x1e", "\x1f"
_WITHOUT_VALUE = {"0", "255"}


class Reported(NamedTuple):
    """tshark's view of one capture."""

    dhcp: tuple[DhcpPacket, ...]
    tftp: tuple[TftpPacket, ...]


def report(capture: Path) -> Reported:
    """Run tshark on `capture`; what it can read of a damaged file counts."""
    fields = [word for name in _FIELDS for word in ("-e", name)]
    shape = ["-E", f"separator={_SEPARATOR}", "-E", f"aggregator={_AGGREGATOR}", "-E", "occurrence=a"]
    finished = subprocess.run(
        ["tshark", "-n", "-r", str(capture), "-Y", FILTER, "-T", "fields", *shape, *fields],
        capture_output=True,
        check=False,  # a file that is cut short makes it fail after it has told everything
        timeout=300,
    )
    rows = [_row(line) for line in finished.stdout.decode("utf-8", "replace").split("\n") if line.count(_SEPARATOR)]
    return Reported(
        tuple(packet for row in rows for packet in _dhcp(row)), tuple(packet for row in rows for packet in _tftp(row))
    )


def _row(line: str) -> dict[str, list[str]]:
    cells = line.split(_SEPARATOR)
    return {name: cell.split(_AGGREGATOR) if cell else [] for name, cell in zip(_FIELDS, cells, strict=True)}


def _dhcp(row: dict[str, list[str]]) -> Iterator[DhcpPacket]:
    if not row["dhcp.id"]:
        return
    kinds, hardware = row["dhcp.option.dhcp"], row["dhcp.hw.mac_addr"] or row["dhcp.hw.addr"] or [""]
    yield DhcpPacket(
        int(row["frame.number"][0]),
        int(kinds[0]) if kinds else None,
        int(row["dhcp.id"][0], 0),
        re.sub("[^0-9a-f]", "", hardware[0]) if row["dhcp.hw.len"] != ["0"] else "",
        tuple(sorted(_options(row))),
    )


def _options(row: dict[str, list[str]]) -> Iterator[tuple[int, str]]:
    """Pair codes with values: every option but pad and END has one, shown as a word where it is empty."""
    codes = [code for code in row["dhcp.option.type"] if code not in _WITHOUT_VALUE]
    for code, value in zip(codes, row["dhcp.option.value"], strict=False):
        yield int(code), value.replace("<MISSING>", "")


def _tftp(row: dict[str, list[str]]) -> Iterator[TftpPacket]:
    for opcode in row["tftp.opcode"][:1]:
        names = row["tftp.source_file"] or row["tftp.destination_file"]
        yield TftpPacket(
            int(row["frame.number"][0]),
            int(opcode),
            int(row["tftp.block"][0]) if row["tftp.block"] else None,
            names[0] if names and int(opcode) in {1, 2} else None,
            tuple(zip(row["tftp.option.name"], row["tftp.option.value"], strict=False)),
            int(row["tftp.error.code"][0]) if row["tftp.error.code"] else None,
        )
