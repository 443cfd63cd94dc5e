"""TFTP packets with other names and without content."""

from __future__ import annotations

from collections.abc import Mapping

from pxedebug.report.extract.anonymise.contents import NOTHING, Contents, cover
from pxedebug.report.extract.anonymise.names import Names
from pxedebug.wire.tftp import Opcode

__all__ = ["Tftp", "TransferKey"]

TransferKey = tuple[bytes, int, bytes]
"""Address and port of the client, and the name it asks for (over HTTP the absolute URL)."""

_REQUESTS = (Opcode.RRQ, Opcode.WRQ)
_FLOWS = 1 << 16
_LATE = 1 << 15
"""A block number from which on the numbers may come round: the file's beginning is long past."""


class Tftp:
    """Follows who asked for which file, so that the beginning of each file can stay recognisable."""

    def __init__(self, names: Names, contents: Mapping[TransferKey, Contents]) -> None:
        self._names = names
        self._contents = contents
        self._flows: dict[tuple[bytes, int], Contents] = {}

    def packet(self, source: tuple[bytes, int], destination: tuple[bytes, int], payload: bytes) -> bytes:
        """The packet that stands for one, of any opcode; `source` and `destination` are addresses with ports."""
        code, rest = int.from_bytes(payload[:2]), payload[2:]
        if code in _REQUESTS:
            return payload[:2] + self._request(source, rest)
        if code == Opcode.DATA:
            place = self.place(source, destination, payload)
            return payload[:4] + cover(*place, max(0, len(payload) - 4))
        if code == Opcode.ERROR:
            return payload[:4] + self._names.text(payload[4:])
        if code == Opcode.OACK:
            return payload[:2] + b"\0".join(map(self._option, rest.split(b"\0")))
        kept = 4 if code == Opcode.ACK else 2
        return payload[:kept] + bytes(max(0, len(payload) - kept))

    def place(
        self, source: tuple[bytes, int], destination: tuple[bytes, int], payload: bytes
    ) -> tuple[tuple[tuple[int, bytes], ...], int]:
        """What is kept of the file that a DATA packet carries, and where in it the packet's content begins."""
        flow = destination if destination in self._flows else source
        contents = self._flows.get(flow, NOTHING)
        block = int.from_bytes(payload[2:4])
        if block >= _LATE:
            self._flows.pop(flow, None)
        return (contents.pieces, (block - 1) * contents.block_size) if block else ((), 0)

    def _request(self, client: tuple[bytes, int], rest: bytes) -> bytes:
        """File name, mode, option names and values; all but the first are words that stay, or numbers."""
        file, end, options = rest.partition(b"\0")
        if len(self._flows) >= _FLOWS:
            self._flows.clear()
        self._flows[client] = self._contents.get((*client, file), NOTHING)
        return self._names.text(file) + end + b"\0".join(map(self._option, options.split(b"\0")))

    def _option(self, word: bytes) -> bytes:
        return word if word.isdigit() else self._names.text(word)
