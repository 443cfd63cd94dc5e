"""Where a boot's time went, in one sentence."""

from __future__ import annotations

from collections.abc import Iterator

from pxedebug.firmware.programs import StageKind
from pxedebug.report.context import Context
from pxedebug.report.words import duration, middle, safe, seconds
from pxedebug.track.story import Boot, Transfer, TransferStatus

__all__ = ["time_spent"]

_WORTH_SAYING = 100_000_000
_FILES_NAMED = 3


def time_spent(boot: Boot, context: Context) -> str:
    """`DHCP 4.0 s, 3.9 of them the firmware's own waiting; initrd 61 s at 512-byte blocks`; empty when all is quick."""
    return "; ".join(_parts(boot, context))


def _parts(boot: Boot, context: Context) -> Iterator[str]:
    spent = boot.durations
    if spent.dhcp >= _WORTH_SAYING:
        waiting = spent.dhcp_client_wait >= _WORTH_SAYING
        own = f", {seconds(spent.dhcp_client_wait)} of them the {_asker(boot)}'s own waiting" if waiting else ""
        yield f"DHCP {duration(spent.dhcp)}{own}"
    if spent.proxydhcp >= _WORTH_SAYING:
        yield f"boot server on port 4011 {duration(spent.proxydhcp)}"
    yield from _files(boot, context)
    if spent.other >= _WORTH_SAYING:
        yield f"silent on the network {duration(spent.other)}"


def _asker(boot: Boot) -> str:
    """Who waited: the firmware only where nothing that was loaded (or iPXE in place of it) did DHCP too."""
    kinds = {stage.kind for stage in boot.stages if stage.exchanges}
    return "firmware" if kinds <= {StageKind.FIRMWARE} else "client"


def _files(boot: Boot, context: Context) -> Iterator[str]:
    """The longest transfers by name and the others together."""
    transfers = [transfer for stage in boot.stages for transfer in stage.transfers if transfer.status in _COUNTED]
    slowest = sorted(transfers, key=_time, reverse=True)
    named = [transfer for transfer in slowest[:_FILES_NAMED] if _time(transfer) >= _WORTH_SAYING]
    for transfer in sorted(named, key=lambda one: one.started):
        yield f"{_name(transfer, context)} {duration(_time(transfer))}{_block(transfer)}"
    others = slowest[len(named) :]
    total = sum(map(_time, others))
    if total >= _WORTH_SAYING:
        yield f"{len(others)} other files {duration(total)}"


_COUNTED = frozenset(TransferStatus) - {TransferStatus.UNSEEN}


def _time(transfer: Transfer) -> int:
    return transfer.ended - transfer.started


def _name(transfer: Transfer, context: Context) -> str:
    """The last part of the file's name, which is how people call it."""
    if transfer.file is None:
        return "a file"
    name = context.visible(transfer.file).split(b"?")[0].replace(b"\\", b"/").rstrip(b"/").rpartition(b"/")[2]
    return middle(safe(name), 32) or "a file"


def _block(transfer: Transfer) -> str:
    return f" at {transfer.block_size}-byte blocks" if transfer.block_size and transfer.size else ""
