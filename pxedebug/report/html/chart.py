"""The transfers of a boot as bars on its time axis; lengths are SVG user units."""

from __future__ import annotations

from typing import NamedTuple

from pxedebug.report.context import Context
from pxedebug.report.words import duration, middle, rate, safe, size
from pxedebug.track.story import Boot, TransferStatus

__all__ = ["Bar", "Chart", "chart_of"]

_WIDTH, _LABEL, _BAR, _TOP = 900, 220, 24, 26
_BARS = 60
_TICKS = 6


class Bar(NamedTuple):
    """One transfer."""

    y: int
    x: float
    width: float
    file: str
    words: str
    """How much, how long, how fast."""
    status: str


class Chart(NamedTuple):
    """All transfers of a boot, the slowest ones where there are many."""

    width: int
    height: int
    left: int
    bars: tuple[Bar, ...]
    ticks: tuple[tuple[float, str], ...]
    """Position and time since the boot's start."""
    left_out: int


def chart_of(boot: Boot, context: Context) -> Chart | None:
    """The chart, None for a boot that transferred nothing."""
    moved = [
        transfer
        for stage in boot.stages
        for transfer in stage.transfers
        if transfer.size and transfer.status is not TransferStatus.SIZE_PROBE
    ]
    if not moved:
        return None
    slowest = sorted(moved, key=lambda transfer: transfer.started - transfer.ended)[:_BARS]
    shown = sorted(slowest, key=lambda transfer: transfer.started)
    start = min(transfer.started for transfer in shown)
    span = max(1, max(transfer.ended for transfer in shown) - start)
    scale = (_WIDTH - _LABEL - 20) / span
    bars = []
    for index, transfer in enumerate(shown):
        spent = transfer.ended - transfer.started
        speed = rate(transfer.size, spent)
        file = safe(context.visible(transfer.file or b"a file")).replace("\\", "/").rpartition("/")[2]
        bars.append(
            Bar(
                _TOP + _BAR * index,
                round(_LABEL + (transfer.started - start) * scale, 1),
                round(max(2.0, spent * scale), 1),
                middle(file or "a file", 30),
                f"{size(transfer.size)} in {duration(spent)}{f', {speed}' if speed else ''}",
                transfer.status.value,
            )
        )
    ticks = tuple(
        (round(_LABEL + span * scale * tick / _TICKS, 1), duration(span * tick // _TICKS)) for tick in range(_TICKS + 1)
    )
    return Chart(_WIDTH, _TOP + _BAR * len(bars) + 8, _LABEL, tuple(bars), ticks, len(moved) - len(shown))
