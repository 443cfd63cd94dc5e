"""A transfer in one line: the file, how it ended, how much in what time, and with which blocks."""

from __future__ import annotations

from rich.text import Text

from pxedebug.report.context import Context
from pxedebug.report.events import TransferRun
from pxedebug.report.reason import error_words
from pxedebug.report.words import count, duration, frame_name, middle, rate, safe, size
from pxedebug.track.story import Transfer, TransferStatus

__all__ = ["search_segments", "transfer_segments"]

_FILE_LIMIT = 56
_SILENCE = 1_000_000_000
_GOOD = {TransferStatus.COMPLETE: "green", TransferStatus.SIZE_PROBE: "dim", TransferStatus.IN_PROGRESS: "cyan"}
_VERBS = {
    ("tftp", "read"): "RRQ ",
    ("tftp", "write"): "WRQ ",
    ("http", "read"): "GET ",
    ("http", "head"): "HEAD ",
    ("http", "write"): "PUT ",
}


def transfer_segments(transfer: Transfer, context: Context, found_at: int = 0) -> list[Text]:
    """The parts of the line: the file and its status first; `found_at` is the try at which a search hit, or 0."""
    file = "a file whose request was not captured" if transfer.file is None else safe(context.visible(transfer.file))
    probe = transfer.status is TransferStatus.SIZE_PROBE
    name = Text.assemble(
        _VERBS.get((transfer.protocol, transfer.operation), ""), (middle(file, _FILE_LIMIT), "dim" if probe else "bold")
    )
    found = [Text(f"configuration found at try {found_at}")] if found_at else []
    return [name, _status(transfer, context), *found, *_amount(transfer), *_blocks(transfer), *_losses(transfer),
            *_content(transfer), *_requests(transfer, context), _last(transfer, context)]  # fmt: skip


def _status(transfer: Transfer, context: Context) -> Text:
    words = str(transfer.status.value)
    match transfer.status:
        case TransferStatus.SIZE_PROBE:
            words = "asks for the size only"
        case TransferStatus.REFUSED | TransferStatus.ABORTED:
            words = f"{words}: {error_words(transfer, context.visible)}"
        case TransferStatus.UNANSWERED:
            words = "no answer"
        case TransferStatus.STALLED:
            words = f"stalled, silent for {duration(transfer.longest_gap)}" if transfer.longest_gap else words
        case TransferStatus.IN_PROGRESS:
            words = "still going when the capture ends"
        case TransferStatus.UNSEEN:
            words = "its data is not in this capture"
    return Text(words, _GOOD.get(transfer.status, "bold red"))


def _amount(transfer: Transfer) -> list[Text]:
    declared = transfer.declared_bytes
    if transfer.status is TransferStatus.SIZE_PROBE:
        return [] if declared is None else [Text(size(declared))]
    if not transfer.size:
        return []
    whole = f" of {size(declared)}" if declared is not None and declared != transfer.size else ""
    spent = transfer.ended - transfer.started
    speed = rate(transfer.size, spent)
    parts = [Text(f"{size(transfer.size)}{whole} in {duration(spent)}")]
    return [*parts, Text(speed)] if speed else parts


def _blocks(transfer: Transfer) -> list[Text]:
    """Block and window size; the default of RFC 1350 is 512 bytes, that of RFC 7440 one block."""
    parts = []
    if transfer.block_size is not None and transfer.size:
        parts.append(Text(f"block {transfer.block_size}"))
    if transfer.window_size is not None and transfer.window_size > 1:
        parts.append(Text(f"window {transfer.window_size}"))
    return [*parts, Text("fragmented")] if transfer.fragmented else parts


def _losses(transfer: Transfer) -> list[Text]:
    parts: list[Text] = []
    if transfer.status is TransferStatus.UNANSWERED:
        return parts
    if transfer.retransmissions:
        parts.append(Text(f"{transfer.retransmissions:,} retransmitted", "yellow"))
    if transfer.missing_blocks:
        parts.append(Text(f"{count(transfer.missing_blocks, 'block')} missing", "yellow"))
    if transfer.longest_gap >= _SILENCE and transfer.status is not TransferStatus.STALLED:
        parts.append(Text(f"longest silence {duration(transfer.longest_gap)}", "yellow"))
    return parts


def _content(transfer: Transfer) -> list[Text]:
    if transfer.content_type is None:
        return []
    kind, detail = safe(transfer.content_type), middle(safe(transfer.content_detail or ""), 48)
    told = kind.replace("-", " ").casefold() in detail.casefold()
    return [Text(detail if told else f"{kind} ({detail})" if detail else kind, "dim")]


def _requests(transfer: Transfer, context: Context) -> list[Text]:
    if len(transfer.requests) < 2:
        return []
    frames = ", ".join(frame_name(ref, context.many_sources) for ref in transfer.requests[:8])
    spent = duration(transfer.ended - transfer.started)
    return [Text(f"asked {len(transfer.requests)} times over {spent}", "yellow"), Text(f"frames {frames}", "dim")]


def _last(transfer: Transfer, context: Context) -> Text:
    ref = transfer.last_frame if transfer.error_frame is None else transfer.error_frame
    return Text(f"to frame {frame_name(ref, context.many_sources)}", "dim")


def search_segments(run: TransferRun, context: Context) -> list[Text]:
    """A run of names that were not there, as their loader expects."""
    transfers = run.transfers
    first, last = (middle(safe(context.visible(part.file or b"")), 36) for part in (transfers[0], transfers[-1]))
    if run.search == "optional":
        found = Text(f"{count(len(transfers), 'optional name')} not found, which is harmless")
    elif run.led_to_hit:
        found = Text(f"{count(len(transfers), 'name')} not found, as expected of a configuration search")
    else:
        found = Text(f"no configuration found: {count(len(transfers), 'name')} tried", "bold red")
    names = [Text(first)] if len(transfers) == 1 else [Text(f"{first} … {last}")]
    return [found, *names, Text(f"to frame {frame_name(transfers[-1].last_frame, context.many_sources)}", "dim")]
