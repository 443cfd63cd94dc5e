"""Predicates that several rules share: what a case's packets mean, in the catalogue's words.

They take the case (or one of its turns) and give plain values; a rule reads like the catalogue's sentence with them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pxedebug.diagnose.case import Case, Turn, dhcp_of
from pxedebug.diagnose.finding import Evidence, cite
from pxedebug.firmware import Phase, config_search, exhausted, module_search, optional_file, schedule
from pxedebug.firmware.programs import Method, Program, StageKind
from pxedebug.track.clocks import SECOND
from pxedebug.track.dispensable import may_be_missing
from pxedebug.track.story import Message, Transfer, TransferStatus
from pxedebug.wire.dhcp.architectures import architecture_name, is_bios, is_uefi

__all__ = [
    "NOT_THERE", "absent_for_good", "architecture", "architecture_words", "delivered_after", "is_bios_client",
    "is_firmware", "is_uefi_client", "plain_name", "quiet_after", "quiet_for", "recovered_after", "refusal", "refused",
    "says_missing", "searched", "seconds", "spread", "wanted_file",
]  # fmt: skip

NOT_THERE = "the server does not have it"
"""The answer of a `refusal`, in words for either protocol."""
_MOVING = (TransferStatus.COMPLETE, TransferStatus.IN_PROGRESS)


def seconds(nanoseconds: int) -> str:
    """A span of time for a sentence: `0.3 s`, `28 s`, `3 min 10 s`."""
    whole = nanoseconds / SECOND
    if whole < 10:
        return f"{whole:.1f} s"
    if whole < 120:
        return f"{whole:.0f} s"
    return f"{whole // 60:.0f} min {whole % 60:.0f} s"


def spread(messages: Sequence[Message]) -> int:
    """Nanoseconds from the first to the last of these messages."""
    return messages[-1].packet.time - messages[0].packet.time if messages else 0


def is_firmware(turn: Turn) -> bool:
    """The machine's own firmware speaks, not a program that was loaded (an iPXE ROM counts as firmware when first)."""
    return turn.kind in (StageKind.FIRMWARE, StageKind.U_BOOT) or (turn.kind is StageKind.IPXE and turn.index == 0)


def architecture(case: Case) -> int | None:
    """The architecture that the machine announced first (option 93, IANA's registry); None when it did not say."""
    return case.client.architectures[0] if case.client.architectures else None


def architecture_words(case: Case) -> str:
    """The same for a sentence: `x64 UEFI`; empty when it did not say."""
    code = architecture(case)
    return "" if code is None else architecture_name(code)


def is_bios_client(case: Case) -> bool:
    """A PC with a BIOS (architecture 0)."""
    return any(is_bios(code) for code in case.client.architectures)


def is_uefi_client(case: Case) -> bool:
    """A machine with UEFI firmware, by architecture or by its boot method."""
    http = case.first.method in (Method.HTTP_V4, Method.HTTP_V6)
    return http or case.first.program is Program.EDK2 or any(is_uefi(code) for code in case.client.architectures)


def absent_for_good(case: Case, turn: Turn, sends: Sequence[Message], phase: Phase) -> bool:
    """Silence is proved (catalogue 1.3, rule V2): the client sent all that its schedule holds, or its wait elapsed in
    the capture, or it went on to something else after at least two tries."""
    times = [message.packet.time for message in sends]
    if not times:
        return False
    if exhausted(schedule(turn.program, phase), times, case.quiet_until if turn.last else times[-1]):
        return True
    went_on = case.attempt.followed if turn.last else True
    return went_on and len(times) > 1


def quiet_for(case: Case, pause: int, since: int | None = None) -> bool:
    """The attempt is over, or nothing of it was seen for `pause` nanoseconds after its last frame (or after `since`):
    what is missing by now will not come."""
    return case.over or case.quiet_until - (case.ended if since is None else since) >= pause


def quiet_after(turn: Turn, transfer: Transfer) -> int:
    """Nanoseconds from the transfer's last frame until the client asked for another file or another program spoke, or
    until the capture stops showing what followed."""
    rest = turn.case.turns[turn.index :]
    later = [other.started for each in rest for other in each.transfers if other.started > transfer.ended]
    later += [each.stage.started for each in rest[1:]]
    return max(0, min(later, default=turn.case.quiet_until) - transfer.ended)


def delivered_after(turn: Turn, transfer: Transfer) -> bool:
    """The same program got another file whole after this one: it had another way to go on."""
    return any(other.status is TransferStatus.COMPLETE and other.operation == "read" for other in turn.after(transfer))


def recovered_after(turn: Turn, transfer: Transfer) -> bool:
    """Something that a boot needs was delivered, or is being delivered, after `transfer` began, to this program or to
    one after it: the attempt got over it."""
    later = (each for each in turn.onwards(transfer.started) if each.status in _MOVING)
    return any(not optional_file(plain_name(each)) for each in later)


def refused(turn: Turn) -> Iterator[Transfer]:
    """Reads that the server answered with an ERROR (or an HTTP error status)."""
    return (t for t in turn.transfers if t.status is TransferStatus.REFUSED and t.operation != "write")


def wanted_file(turn: Turn) -> bytes | None:
    """`file_eff` of the stage (catalogue 1.4): the boot file that the program was told to load, without trailing
    NULs; for U-Boot the name of its own asking where the reply names none."""
    if turn.boot is not None and turn.boot.file:
        return turn.boot.file.rstrip(b"\0")
    if turn.program is Program.U_BOOT:
        own = next((dhcp_of(message).file_name for message in turn.discovers + turn.requests), b"")
        return own.rstrip(b"\0") or None
    return None


def says_missing(transfer: Transfer) -> bool:
    """The server's answer is that it has no such file: TFTP's code 1, or code 0 with words that mean it, or HTTP's 404
    or 410."""
    if transfer.status is not TransferStatus.REFUSED:
        return False
    if transfer.protocol == "http":
        return transfer.error_code in (404, 410)
    text = (transfer.error_message or b"").lower()
    words = (b"not found", b"no such file", b"does not exist")
    return transfer.error_code == 1 or (transfer.error_code == 0 and any(word in text for word in words))


def searched(turn: Turn, transfer: Transfer) -> bool:
    """The file belongs to a search or may be missing by design (B-04, B-05), and is not the one the program was told
    to load."""
    file = plain_name(transfer)
    if file == wanted_file(turn):
        return False
    return bool(may_be_missing(turn.transfers, transfer) or config_search(file) or module_search(file))


def refusal(transfer: Transfer, request: str = "the request", answer: str = "") -> tuple[Evidence, ...]:
    """The frame in which a transfer was refused (TFTP: `ERROR 1`, unless `answer` says more), and the request."""
    error = transfer.error_frame
    said = () if error is None else cite(error, answer or f"ERROR {transfer.error_code or 0}")
    return said + cite(transfer.first_frame, request)


def plain_name(transfer: Transfer) -> bytes:
    """The file's name as sent, without trailing NULs; empty when the request was not captured."""
    return (transfer.file or b"").rstrip(b"\0")
