"""What happened in a stage, in order, with the repeats folded: the lines of a ladder before they are written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pxedebug.firmware.tftp_habits import config_search, optional_file
from pxedebug.track.story import Exchange, Message, Offer, Transfer, TransferStatus

__all__ = ["Event", "MessageRun", "TransferRun", "client_sent", "events"]

_CLIENT6 = frozenset({"SOLICIT", "REQUEST", "CONFIRM", "RENEW", "REBIND", "RELEASE", "DECLINE", "INFORMATION-REQUEST"})
_FILE_NOT_FOUND = {"tftp": 1, "http": 404}


@dataclass(slots=True)
class MessageRun:
    """One message and the repeats of it that followed with nothing between them."""

    messages: list[Message]
    exchange: Exchange
    offer: Offer | None
    copies: list[Message] = field(default_factory=list)
    """The same messages seen again on their way (mirror, relay)."""

    @property
    def started(self) -> int:
        """Nanoseconds since the epoch."""
        return self.messages[0].packet.time

    @property
    def ended(self) -> int:
        """Nanoseconds since the epoch."""
        return self.messages[-1].packet.time


@dataclass(slots=True)
class TransferRun:
    """One transfer, or a run of names that were looked for in an expected order and not found."""

    transfers: list[Transfer]
    search: str | None = None
    """`configuration` or `optional` for names whose absence is expected; None for an ordinary transfer."""
    found_at: int = 0
    """Which try of a configuration search this is, when it is the one that hit; else 0."""
    led_to_hit: bool = False
    """The search went on to find what it looked for."""

    @property
    def started(self) -> int:
        """Nanoseconds since the epoch."""
        return self.transfers[0].started

    @property
    def ended(self) -> int:
        """Nanoseconds since the epoch."""
        return max(transfer.ended for transfer in self.transfers)


Event = MessageRun | TransferRun


def events(exchanges: Iterable[Exchange], transfers: Iterable[Transfer], *, folded: bool = True) -> list[Event]:
    """The lines of a stage in order of time; with `folded` repeats and expected misses stand as one."""
    copies: list[Message] = []
    single: list[Event] = [*_message_events(exchanges, copies)]
    single += [TransferRun([transfer], _search(transfer) if folded else None) for transfer in transfers]
    single.sort(key=lambda event: event.started)
    lines: list[Event] = []
    for event in single:
        if folded and lines and _merge(lines[-1], event):
            continue
        if lines:
            _note_hit(lines[-1], event)
        lines.append(event)
    _attach_copies(lines, copies)
    return lines


def _message_events(exchanges: Iterable[Exchange], copies: list[Message]) -> Iterator[MessageRun]:
    """One event for each message; copies of a message that is here too are set aside."""
    for exchange in exchanges:
        offers = {offer.message.packet.frame: offer for offer in exchange.offers}
        frames = {message.packet.frame for message in exchange.messages}
        for message in exchange.messages:
            if message.copy_of in frames:
                copies.append(message)
            else:
                yield MessageRun([message], exchange, offers.get(message.packet.frame))


def _attach_copies(lines: list[Event], copies: list[Message]) -> None:
    runs = {message.packet.frame: run for run in lines if isinstance(run, MessageRun) for message in run.messages}
    for copy in copies:
        if copy.copy_of in runs:
            runs[copy.copy_of].copies.append(copy)


def client_sent(message: Message) -> bool:
    """True when the client (or a relay on its behalf) sent the message; DHCPv4 says so in `op`."""
    operation = getattr(message.dhcp, "op", None)
    return message.type in _CLIENT6 if operation is None else operation == 1


def _merge(line: Event, event: Event) -> bool:
    """Take `event` into `line` where it only repeats it."""
    if isinstance(line, MessageRun) and isinstance(event, MessageRun):
        same = _key(line) == _key(event)
        line.messages += event.messages if same else ()
        if same and event.offer is not None and event.offer.chosen:
            line.offer = event.offer
        return same
    if isinstance(line, TransferRun) and isinstance(event, TransferRun):
        same = event.search is not None and line.search == event.search
        line.transfers += event.transfers if same else ()
        return same
    return False


def _note_hit(line: Event, event: Event) -> None:
    """Say of the configuration that was found at which try that was (the misses before it are by design)."""
    if not (isinstance(line, TransferRun) and isinstance(event, TransferRun) and line.search == "configuration"):
        return
    transfer = event.transfers[0]
    if transfer.status is TransferStatus.COMPLETE and config_search(transfer.file or b""):
        event.found_at = len(line.transfers) + 1
        line.led_to_hit = True


def _key(run: MessageRun) -> tuple[object, ...]:
    """What two messages have in common where the second only repeats the first."""
    message, offer = run.messages[0], run.offer
    proposal = () if offer is None else (offer.server, offer.address, offer.boot_file, offer.next_server)
    return message.type, run.exchange.port, message.packet.source, message.packet.destination, proposal


def _search(transfer: Transfer) -> str | None:
    """Which search a transfer belongs to when the answer to its name was "not there"."""
    if transfer.status is not TransferStatus.REFUSED or transfer.file is None:
        return None
    if transfer.error_code != _FILE_NOT_FOUND.get(transfer.protocol):
        return None
    if config_search(transfer.file):
        return "configuration"
    return "optional" if optional_file(transfer.file) else None
