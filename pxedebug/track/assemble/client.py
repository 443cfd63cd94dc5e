"""One client's log to its finished boots."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from pxedebug.firmware.programs import Program
from pxedebug.track.assemble.draft import BootDraft, StageDraft
from pxedebug.track.assemble.durations import durations
from pxedebug.track.assemble.events import client_events, is_from_client
from pxedebug.track.assemble.exchanges import boot_information, build_exchanges
from pxedebug.track.assemble.walk import walk
from pxedebug.track.clients import ClientLog, valid_uuid
from pxedebug.track.limits import Limits
from pxedebug.track.outcome import Surroundings, judge_boot
from pxedebug.track.story import Boot, Client, Message, OtherClient, Stage, Transfer
from pxedebug.track.tftp.transfer import TftpTransfer
from pxedebug.wire.dhcp import DhcpMessage
from pxedebug.wire.packet import Address

__all__ = ["AssemblyContext", "assemble_client"]


@dataclass(frozen=True, slots=True)
class AssemblyContext:
    """What the story of one client needs to know of the rest."""

    now: int
    """Capture time, nanoseconds since the Unix epoch."""
    limits: Limits
    settle: Callable[[TftpTransfer], None]
    """Brings a transfer's numbers up to date."""
    surroundings: Surroundings
    hidden: bool
    """This capture point cannot show what servers send from ports of their own."""


def assemble_client(log: ClientLog, context: AssemblyContext) -> tuple[list[Boot], OtherClient | None]:
    """The boots of `log` in order, and what it did besides, None when nothing."""
    events = client_events(log, context.now, context.settle, hidden=context.hidden)
    walked = walk(events)
    boots = [_boot(log, draft, context) for draft in walked.boots]
    if not walked.other_messages and not walked.other_transfers:
        return boots, None
    exchanges = build_exchanges(walked.other_messages, Program.OS, context.limits)
    client = _client(log, walked.other_messages, walked.other_transfers)
    return boots, OtherClient(client, exchanges, tuple(walked.other_transfers))


def _boot(log: ClientLog, draft: BootDraft, context: AssemblyContext) -> Boot:
    stages = tuple(_stage(stage, context.limits) for stage in draft.stages)
    messages = [message for stage in draft.stages for message in stage.messages]
    transfers = [transfer for stage in draft.stages for transfer in stage.transfers]
    started = min(stage.started for stage in stages)
    ended = max(stage.ended for stage in stages)
    client = _client(log, messages, transfers)
    outcome = judge_boot(
        stages, [stage.program for stage in draft.stages], client.mac, context.now, context.surroundings
    )
    return Boot(client, started, ended, outcome, draft.before_capture, durations(stages, started, ended), stages)


def _stage(draft: StageDraft, limits: Limits) -> Stage:
    times = [message.packet.time for message in draft.messages] + [t.ended for t in draft.transfers]
    return Stage(
        kind=draft.kind,
        method=draft.method,
        started=draft.started,
        ended=max(draft.started, *times),
        boot=boot_information(draft.messages, draft.program) if draft.kind != "os" else None,
        exchanges=build_exchanges(draft.messages, draft.program, limits),
        transfers=tuple(draft.transfers),
    )


def _client(log: ClientLog, messages: Sequence[Message], transfers: Sequence[Transfer]) -> Client:
    """The machine with what these messages say of it; the first word counts, addresses in order."""
    sent = [message for message in messages if is_from_client(message)]
    v4 = [message.dhcp for message in sent if isinstance(message.dhcp, DhcpMessage)]
    v6 = [message.dhcp for message in sent if not isinstance(message.dhcp, DhcpMessage)]
    uuid = next((u for m in v4 if (u := valid_uuid(m.options.get(97, b"")[1:17]))), None) or log.uuid
    return Client(
        mac=log.mac,
        uuid=uuid,
        architectures=_architectures(v4) or next((m.architectures for m in v6 if m.architectures), ()),
        vendor_class=_first(m.options.get(60) for m in v4) or _first(m.vendor_class for m in v6),
        user_class=_first(m.options.get(77) for m in v4) or _first(b"".join(m.user_class) for m in v6),
        addresses=_addresses(messages, transfers),
        relay=_relay(messages),
        vlans=next((m.packet.vlans for m in messages if m.packet.vlans), ()),
        duid=log.duid,
    )


def _architectures(messages: Sequence[DhcpMessage]) -> tuple[int, ...]:
    for message in messages:
        value = message.options.get(93)
        if value and len(value) >= 2:
            return tuple(int.from_bytes(value[at : at + 2], "big") for at in range(0, len(value) - 1, 2))
    return ()


def _first(values: Iterable[bytes | None]) -> bytes | None:
    return next((value for value in values if value), None)


def _addresses(messages: Sequence[Message], transfers: Sequence[Transfer]) -> tuple[Address, ...]:
    """Addresses that were given for good or spoken from, in order."""
    seen: dict[Address, None] = {}
    for message in messages:
        dhcp = message.dhcp
        if isinstance(dhcp, DhcpMessage):
            if message.type in ("ACK", "BOOTREPLY") and not dhcp.yiaddr.is_unspecified:
                seen[dhcp.yiaddr] = None
        elif message.type == "REPLY":
            seen.update(dict.fromkeys(dhcp.addresses))
    for transfer in transfers:
        seen[transfer.client] = None
    return tuple(seen)


def _relay(messages: Sequence[Message]) -> Address | None:
    for message in messages:
        dhcp = message.dhcp
        if isinstance(dhcp, DhcpMessage):
            if not dhcp.giaddr.is_unspecified:
                return dhcp.giaddr
        elif dhcp.relays:
            return dhcp.relays[0].link_address
    return None
