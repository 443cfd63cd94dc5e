"""One short sentence on why a boot stands where it stands, read off the wire alone.

It names the last thing that decided, at the stage that came furthest; what caused it is for the diagnosis.
"""

from __future__ import annotations

from collections.abc import Callable

from pxedebug.firmware.programs import StageKind
from pxedebug.firmware.tftp_habits import config_search
from pxedebug.report.words import count, duration, middle, safe, size
from pxedebug.track.loaded import role, system_of_the_disk
from pxedebug.track.story import Boot, Exchange, Outcome, Stage, Transfer, TransferStatus, messages_of
from pxedebug.wire.tftp import ERROR_NAMES

__all__ = ["disks_first_frame", "error_words", "reason"]

Visible = Callable[[bytes], bytes]
"""How a name may be shown (`Context.visible`)."""

_MESSAGE_LIMIT = 80
_DELIVERED = " delivered, then nothing more"
_LONG_SILENCE = 30_000_000_000
"""Nanoseconds after which it is not the capture's end that keeps the rest from sight."""
_STARTS = (StageKind.FIRMWARE, StageKind.U_BOOT)
_DONE = (TransferStatus.COMPLETE, TransferStatus.SIZE_PROBE)
_SYSTEM = frozenset(("kernel", "initrd", "wim"))
_CLIENT_OPENS = ("DISCOVER", "BOOTREQUEST", "SOLICIT")


def reason(boot: Boot, visible: Visible, last_time: int | None = None) -> str:
    """Why `boot` ended as it did, in a few words; empty where nothing is to be said.

    `last_time` is the capture's last frame's, in nanoseconds since the Unix epoch.
    """
    if boot.outcome is Outcome.BOOTED:
        return _delivered(boot, visible)
    if boot.outcome is Outcome.LOCAL:
        return "handed to the local disk"
    stage = _furthest(boot)
    words = "" if stage is None else _stage_reason(stage, visible)
    if boot.outcome is Outcome.IN_PROGRESS:
        loaded = words.removesuffix(_DELIVERED)
        silence = 0 if last_time is None else last_time - boot.ended
        if silence > _LONG_SILENCE:
            return f"{words}, silent for {duration(silence)}" if loaded == words else f"{words} for {duration(silence)}"
        return f"{loaded} delivered, then the capture ends" if loaded != words else f"the capture ends; so far {words}"
    return words


def disks_first_frame(boot: Boot) -> int | None:
    """The first frame of a system that this boot did not load (`frame_ref`); None where none spoke."""
    stage = system_of_the_disk(boot)
    return None if stage is None else next((message.packet.frame for message in messages_of(stage)), None)


def _furthest(boot: Boot) -> Stage | None:
    """The stage that came furthest; of equals the earlier."""
    depth, ranked = 0, []
    disk = system_of_the_disk(boot)
    for stage in boot.stages:
        if stage is disk:
            continue
        depth = 0 if stage.kind in _STARTS else depth + 1
        ranked.append(((depth, _progress(stage)), stage))
    return max(ranked, key=lambda pair: pair[0], default=(None, None))[1]


def _progress(stage: Stage) -> int:
    """How far one stage came, from nothing (0) to a whole file (6)."""
    if stage.transfers:
        return 5 + any(transfer.status is TransferStatus.COMPLETE for transfer in stage.transfers)
    types = {message.type for exchange in stage.exchanges for message in exchange.messages}
    return sum((bool(types), bool(_offers(stage)), bool(types & {"REQUEST"}), bool(types & {"ACK", "REPLY"})))


def _offers(stage: Stage) -> int:
    return sum(len(exchange.offers) for exchange in stage.exchanges)


def _stage_reason(stage: Stage, visible: Visible) -> str:
    if stage.transfers:
        return _transfers_reason(stage.transfers, visible)
    return _exchanges_reason(stage, visible)


def _transfers_reason(transfers: tuple[Transfer, ...], visible: Visible) -> str:
    last = max(transfers, key=lambda transfer: transfer.started)
    if last.status in _DONE:
        return f"{_name(last, visible)}{_DELIVERED}"
    searched = [transfer for transfer in transfers if _missing_config(transfer)]
    if _missing_config(last) and len(searched) > 1:
        return f"no configuration found: {len(searched)} names tried, the last {_name(last, visible)}"
    return transfer_reason(last, visible)


def _missing_config(transfer: Transfer) -> bool:
    """A configuration name that was looked for and not there."""
    refused = transfer.status is TransferStatus.REFUSED
    return refused and transfer.file is not None and config_search(transfer.file) is not None


def transfer_reason(transfer: Transfer, visible: Visible) -> str:
    """How a transfer that did not complete ended."""
    name, server = _name(transfer, visible), transfer.server
    match transfer.status:
        case TransferStatus.REFUSED:
            return f"{name} refused: {error_words(transfer, visible)}"
        case TransferStatus.ABORTED:
            return f"client gave {name} up: {error_words(transfer, visible)}"
        case TransferStatus.UNANSWERED:
            return f"no answer from {server} for {name} ({count(len(transfer.requests), 'request')})"
        case TransferStatus.UNREACHABLE:
            return f"{server} unreachable for {name}"
        case TransferStatus.STALLED:
            return f"{name} stalled at {_amount(transfer)}"
        case TransferStatus.UNSEEN:
            return f"{name}: its data is not in this capture"
        case TransferStatus.IN_PROGRESS:
            return f"{name} at {_amount(transfer)}"
    return name


def error_words(transfer: Transfer, visible: Visible) -> str:
    """The error with the peer's own words: `ERROR 1 "file not found"`, `HTTP 404`."""
    if transfer.protocol == "http":
        return f"HTTP {transfer.error_code}" if transfer.error_code is not None else "connection ended"
    if transfer.error_code is None:
        return "no reason given"
    message = middle(safe(visible(transfer.error_message or b"").rstrip(b"\0")), _MESSAGE_LIMIT)
    words = f'"{message}"' if message else ERROR_NAMES.get(transfer.error_code, "")
    return f"ERROR {transfer.error_code} {words}".rstrip()


def _amount(transfer: Transfer) -> str:
    if transfer.declared_bytes:
        return f"{min(100, 100 * transfer.size // transfer.declared_bytes)} %"
    return size(transfer.size)


def _name(transfer: Transfer, visible: Visible) -> str:
    return "a file" if transfer.file is None else middle(safe(visible(transfer.file)), 40)


def _exchanges_reason(stage: Stage, visible: Visible) -> str:
    if not stage.exchanges:
        return "only its first frames were captured"
    main = [exchange for exchange in stage.exchanges if exchange.port != 4011]
    proxy = [exchange for exchange in stage.exchanges if exchange.port == 4011]
    acknowledged = _has(main, "ACK", "REPLY") if main else bool(proxy)
    if not acknowledged:
        return _dhcp_reason(stage, main)
    if proxy and not any(exchange.complete for exchange in proxy):
        return "no answer on port 4011"
    if stage.boot is None or not stage.boot.file:
        return "no boot file named"
    name = middle(safe(visible(stage.boot.file)), 40)
    return f"told to load {name}{f' from {stage.boot.server}' if stage.boot.server else ''} but never asked for it"


def _dhcp_reason(stage: Stage, exchanges: list[Exchange]) -> str:
    if _has(exchanges, "NAK"):
        return "address refused: NAK"
    tries = _sends(exchanges, _CLIENT_OPENS)
    if not _offers(stage):
        return f"no OFFER ({count(tries, 'try').replace('trys', 'tries')} over {_span(exchanges)})"
    if not _has(exchanges, "REQUEST"):
        offers = [offer for exchange in exchanges for offer in exchange.offers]
        bare = " without a boot file" if not any(offer.boot_file for offer in offers) else ""
        return f"{count(len(offers), 'OFFER')}{bare}, none taken"
    return f"no ACK to its REQUEST ({_sends(exchanges, ('REQUEST',))} sent)"


def _has(exchanges: list[Exchange], *types: str) -> bool:
    return any(message.type in types for exchange in exchanges for message in exchange.messages)


def _sends(exchanges: list[Exchange], types: tuple[str, ...]) -> int:
    """Messages of these types that the client sent itself: copies by a relay or a mirror do not count."""
    return sum(
        message.copy_of is None and message.type in types for exchange in exchanges for message in exchange.messages
    )


def _span(exchanges: list[Exchange]) -> str:
    times = [message.packet.time for exchange in exchanges for message in exchange.messages]
    return duration(max(times) - min(times)) if times else "no time"


def _delivered(boot: Boot, visible: Visible) -> str:
    spoke = [stage for stage in boot.stages if stage.kind is StageKind.OS and stage.exchanges]
    if spoke and any(_offers(stage) or _has(list(stage.exchanges), "ACK", "REPLY") for stage in spoke):
        return "its operating system spoke"
    done = [
        transfer
        for stage in boot.stages
        for transfer in stage.transfers
        if transfer.status is TransferStatus.COMPLETE and transfer.operation == "read"
    ]
    # What makes it a boot is worth a name; where no name tells, the largest files are.
    telling = sorted(done, key=lambda transfer: (role(transfer) in _SYSTEM, transfer.size))[-2:]
    names = [_name(transfer, visible) for transfer in sorted(telling, key=lambda transfer: transfer.started)]
    unanswered = "; its system then got no address" if spoke else ""
    return f"{' and '.join(names)} delivered{unanswered}" if names else ""
