"""From the numbers of a followed transfer to the facts that explain it: who answered, where it stopped, how fast."""

from __future__ import annotations

from pxedebug.track.story import TftpFacts
from pxedebug.track.tftp.columns import TransferNumbers
from pxedebug.track.tftp.transfer import TftpTransfer, TransferError

__all__ = ["facts_of"]


def facts_of(transfer: TftpTransfer, numbers: TransferNumbers, error: TransferError | None) -> TftpFacts:
    """The facts about `transfer`; `error` is the ERROR that ended it."""
    answered = {answer.address: answer.frame for answer in reversed(transfer.answers)}
    strangers = () if transfer.packet.destination in answered else tuple(answered.items())
    again = [ref for ref in (numbers.repeat_ref, numbers.ack_repeat_ref) if ref]
    return TftpFacts(
        mode=transfer.request.mode if transfer.request else b"",
        request_port=transfer.packet.destination_port,
        error_from_client=error is not None and error.from_client,
        asked_mac=transfer.packet.destination_mac,
        answered_mac=transfer.answers[0].mac if transfer.answers else b"",
        answers=tuple(answer.frame for answer in transfer.answers),
        answer_ports=tuple(dict.fromkeys(answer.peer & 0xFFFF for answer in transfer.answers)),
        strangers=strangers,
        rival_frame=transfer.rival,
        highest_block=numbers.high,
        highest_ack=numbers.ack_high,
        data_frame=numbers.progress_ref or None,
        ack_frame=numbers.ack_ref or None,
        data_tries=numbers.data_tries,
        repeats=tuple(sorted(again)),
        short_acks=numbers.short_acks,
        twins=min(numbers.twins, numbers.ack_twins),
        twin_block=numbers.twin_first,
        twin_run=numbers.twin_last - numbers.twin_first + 1 if numbers.twins else 0,
        twin_frame=numbers.twin_ref or None,
        fragments=numbers.fragments,
        fragments_whole=min(numbers.whole, numbers.fragments),
        fragment_size=numbers.fragment_size,
        fragment_frame=numbers.fragment_ref or None,
        server_turnaround=numbers.server_wait // numbers.server_turns if numbers.server_turns else None,
        client_turnaround=numbers.client_wait // numbers.client_turns if numbers.client_turns else None,
    )
