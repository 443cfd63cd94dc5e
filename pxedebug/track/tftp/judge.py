"""From the numbers of a followed transfer to its record in the story: what happened to the file."""

from __future__ import annotations

from pxedebug.track.clocks import COPY_WINDOW, FIRST_ANSWER, SECOND, SILENCE
from pxedebug.track.story import Transfer, TransferStatus
from pxedebug.track.tftp.columns import TransferNumbers
from pxedebug.track.tftp.facts import facts_of
from pxedebug.track.tftp.transfer import PendingFrame, TftpTransfer, TransferError

__all__ = ["judge", "status_of"]

_DEFAULT_BLOCK = 512
_LEAST_BLOCK, _LARGEST_BLOCK = 8, 65464
"""RFC 2348 section 2."""
_LARGEST_WINDOW = 65535
"""RFC 7440 section 3."""
_LARGEST_FILE = (1 << 63) - 1
"""What readers of the report can hold; a larger tsize is nonsense."""
_WINDOW = ("windowsize", "msftwindow")


def judge(transfer: TftpTransfer, now: int, moved_on: int | None, *, hidden: bool) -> Transfer:
    """The story's record of `transfer` at time `now`.

    `moved_on` is when the same client next did something else (a DHCP message, a later request), None if it
    never did; `hidden` says that the capture cannot show this server's answers.
    """
    numbers = transfer.numbers
    assert numbers is not None, "settle the transfer first"
    block_size = _block_size(transfer, numbers)
    error = _error(transfer)
    last = transfer.pending[-1] if transfer.pending else None
    return Transfer(
        protocol="tftp",
        operation="write" if transfer.write else "read",
        file=transfer.file,
        server=transfer.packet.destination,
        client=transfer.packet.source,
        client_port=transfer.packet.source_port,
        server_port=transfer.peer_port,
        first_frame=transfer.frames[0],
        last_frame=max(numbers.seen_ref, last.frame) if last else numbers.seen_ref,
        started=transfer.times[0],
        ended=max(numbers.seen, last.time) if last else numbers.seen,
        status=status_of(transfer, numbers, now, moved_on, hidden=hidden),
        size=numbers.bytes,
        declared_bytes=_declared(transfer),
        blocks=max(0, numbers.high - numbers.missing),
        block_size=block_size,
        window_size=_window(transfer) if numbers.high or _option(transfer, *_WINDOW) else None,
        retransmissions=_sent_again(transfer, numbers),
        missing_blocks=_missing(numbers),
        fragmented=numbers.fragments > 0,
        requests=tuple(transfer.frames),
        options=_text(transfer.request.options) if transfer.request else (),
        answered_options=_text(transfer.oack.options) if transfer.oack else None,
        unanswered_tries=_unanswered_tries(transfer, numbers),
        duplicates=numbers.copies + numbers.ack_repeats + transfer.copies + transfer.oack_copies,
        longest_gap=numbers.gap,
        error_code=error.code if error else None,
        error_message=error.message if error else None,
        error_frame=error.frame if error else transfer.unreachable[0][0] if transfer.unreachable else None,
        orphan_ports=tuple(sorted(transfer.orphan_ports)),
        content_type=transfer.content_type,
        content_detail=transfer.content_detail,
        head=transfer.kept_head,
        tftp=facts_of(transfer, numbers, error),
    )


def status_of(
    transfer: TftpTransfer, numbers: TransferNumbers, now: int, moved_on: int | None, *, hidden: bool
) -> TransferStatus:
    """What became of the file; the first that applies of: delivered, ended by an error, never begun, unfinished."""
    if _delivered(transfer, numbers, now, moved_on):
        return TransferStatus.COMPLETE
    error = _error(transfer)
    if error is not None:
        if not error.from_client:
            return TransferStatus.REFUSED
        return TransferStatus.SIZE_PROBE if _probed(transfer, numbers) else TransferStatus.ABORTED
    if transfer.unreachable and transfer.unreachable[-1][1] >= numbers.progress:
        return TransferStatus.UNREACHABLE
    if not numbers.high and not transfer.started:
        return _unanswered(transfer, now, moved_on, hidden=hidden)
    if numbers.acks and not numbers.frames and not transfer.write and (numbers.ack_high > 0 or transfer.oack is None):
        return TransferStatus.UNSEEN  # the client acknowledged what this capture point did not see
    if transfer.oack is not None and transfer.oack.option("multicast") and not numbers.frames:
        return TransferStatus.UNSEEN  # the blocks go to a group (RFC 2090), which is not followed
    progress = max(numbers.progress, transfer.oack_time, transfer.times[-1])
    silent = now - progress > SILENCE or (numbers.tries >= 2 and now - progress > SECOND)
    return TransferStatus.STALLED if silent or moved_on is not None else TransferStatus.IN_PROGRESS


def _delivered(transfer: TftpTransfer, numbers: TransferNumbers, now: int, moved_on: int | None) -> bool:
    """The short block was sent, nothing before it is missing, and the client took it.

    A boot program that takes over may never acknowledge its last block (catalogue 1.2): then it is enough that
    the client did something else, or that it did not ask again for what came before.
    """
    size = _block_size(transfer, numbers)
    if not numbers.high or size is None or numbers.tail >= size:
        return False
    # An ACK stands for all blocks before it: what the capture missed of them, the client has.
    if _missing(numbers) and numbers.ack_high < numbers.high - 1:
        return False
    if numbers.ack_high >= numbers.high or moved_on is not None:
        return True
    if not numbers.bytes and numbers.final_ack >= numbers.progress:
        return True  # iPXE acknowledges an empty file with block 0 [measured]
    # Only the last window may be open; without any ACK the capture shows one direction only.
    asked_all = numbers.ack_high >= numbers.high - _window(transfer) or not numbers.acks
    return asked_all and numbers.final_ack < numbers.progress and now > numbers.progress + SECOND


def _probed(transfer: TftpTransfer, numbers: TransferNumbers) -> bool:
    """The request only read the size (B-01): it asked for tsize and stopped before any data was acknowledged."""
    asked = transfer.request is not None and transfer.request.option("tsize") is not None
    return asked and not numbers.bytes and (transfer.oack is not None or numbers.frames == 0)


def _unanswered(transfer: TftpTransfer, now: int, moved_on: int | None, *, hidden: bool) -> TransferStatus:
    """No packet of a server reached the client as far as it shows."""
    repeated = len(transfer.frames) > 1
    if hidden and not repeated:
        return TransferStatus.UNSEEN
    waited = now - transfer.times[-1] > FIRST_ANSWER
    if moved_on is not None and not repeated and moved_on - transfer.times[-1] < FIRST_ANSWER:
        # The client went on at once: it has an answer that this capture point did not see.
        return TransferStatus.UNSEEN
    if transfer.pending and not repeated and (waited or moved_on is not None):
        # A server answered. If it did not need to repeat itself, the client's part is what was not seen.
        return TransferStatus.STALLED if _server_repeats(transfer) else TransferStatus.UNSEEN
    return TransferStatus.UNANSWERED if repeated or waited or moved_on is not None else TransferStatus.IN_PROGRESS


def _server_repeats(transfer: TftpTransfer) -> bool:
    """A server sent the same packet again, other than by a mirror's copy, before anything of the client was seen."""
    latest: dict[tuple[int, int], PendingFrame] = {}
    for frame in transfer.pending:
        before = latest.get((frame.peer, frame.word))
        if before and (frame.identification != before.identification or frame.time - before.time >= COPY_WINDOW):
            return True
        latest[frame.peer, frame.word] = frame
    return False


def _unanswered_tries(transfer: TftpTransfer, numbers: TransferNumbers) -> int:
    """Sends of the client's last packet, the request or an ACK, that nothing answered."""
    if not transfer.started:
        return len(transfer.frames)
    return numbers.tries + 1 if numbers.acks and not transfer.write else 0


def _sent_again(transfer: TftpTransfer, numbers: TransferNumbers) -> int:
    """Requests, OACKs and blocks that were sent again; of DATA and the ACKs that ask for it the larger number, as
    one loss costs one of each."""
    repeats = max(numbers.repeats, numbers.ack_repeats)
    return repeats + len(transfer.frames) - 1 + max(0, transfer.oacks - 1)


def _error(transfer: TftpTransfer) -> TransferError | None:
    """The ERROR that ended the transfer: the first of the chosen server port or to it."""
    chosen = [error for error in transfer.errors if not transfer.peer or error.peer == transfer.peer]
    return chosen[0] if chosen else None


def _block_size(transfer: TftpTransfer, numbers: TransferNumbers) -> int | None:
    """What the OACK says; without OACK 512, or what the blocks show where the OACK was not captured."""
    if transfer.oack is not None:
        size = transfer.oack.integer("blksize")
        return size if size is not None and _LEAST_BLOCK <= size <= _LARGEST_BLOCK else _DEFAULT_BLOCK
    if not numbers.high:
        return None
    return max(_DEFAULT_BLOCK, numbers.longest)


def _declared(transfer: TftpTransfer) -> int | None:
    source = transfer.request if transfer.write else transfer.oack
    size = source.integer("tsize") if source else None
    return size if size is not None and size <= _LARGEST_FILE else None


def _option(transfer: TftpTransfer, *names: str) -> int | None:
    for name in names:
        if transfer.oack is not None and (value := transfer.oack.integer(name)):
            return value
    return None


def _window(transfer: TftpTransfer) -> int:
    """Blocks that the server may send before it waits for an ACK (RFC 7440)."""
    return min(_option(transfer, *_WINDOW) or 1, _LARGEST_WINDOW)


def _missing(numbers: TransferNumbers) -> int:
    """Blocks never seen; a server that rolls over to 1 skips one number a round and no block."""
    rounds = numbers.high >> 16
    return max(0, numbers.missing - rounds) if rounds and not numbers.zeros else numbers.missing


def _text(options: tuple[tuple[bytes, bytes], ...]) -> tuple[tuple[str, str], ...]:
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in options)
