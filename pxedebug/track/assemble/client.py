"""One client's log to its finished boots."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple

from pxedebug.firmware.programs import Program, StageKind
from pxedebug.track.assemble.draft import BootDraft, StageDraft
from pxedebug.track.assemble.durations import durations
from pxedebug.track.assemble.events import client_events
from pxedebug.track.assemble.exchanges import dhcp_side
from pxedebug.track.assemble.walk import walk
from pxedebug.track.clients import ClientLog
from pxedebug.track.clocks import SECOND
from pxedebug.track.limits import Limits
from pxedebug.track.outcome import Surroundings, judge_boot
from pxedebug.track.story import Boot, Client, Message, OtherClient, Stage, Transfer
from pxedebug.track.tftp.transfer import TftpTransfer
from pxedebug.track.uuids import valid_uuid
from pxedebug.wire.dhcp import UNSPECIFIED, DhcpMessage
from pxedebug.wire.packet import Address

__all__ = ["AssemblyContext", "assemble_client"]

_SOON = 60 * SECOND
"""From a boot's last packet to a new beginning that shows that it is over; later it may be a power cycle."""
_GIVEN = frozenset(("ACK", "BOOTREPLY"))
"""Messages that give an address for good."""


class AssemblyContext(NamedTuple):
    """What the story of one client needs to know of the rest."""

    now_after: Callable[[int], int]
    """Capture time, nanoseconds since the Unix epoch."""
    limits: Limits
    settle: Callable[[TftpTransfer], None]
    """Brings a transfer's numbers up to date."""
    surroundings: Surroundings
    """This capture point cannot show what servers send from ports of their own."""


def assemble_client(log: ClientLog, context: AssemblyContext) -> tuple[list[Boot], OtherClient | None]:
    """The boots of `log` in order, and what it did besides, None when nothing."""
    events = client_events(log, context.now_after, context.settle, hidden=context.surroundings.hidden)
    walked = walk(events)
    drafts = walked.boots
    boots = [_boot(log, draft, context, _followed(drafts, which)) for which, draft in enumerate(drafts)]
    if not walked.other_messages and not walked.other_transfers:
        return boots, None
    exchanges, _ = dhcp_side(walked.other_messages, Program.OS, context.limits)
    client = _client(log, walked.other_messages, walked.other_transfers)
    return boots, OtherClient(client, exchanges, tuple(walked.other_transfers))


def _followed(drafts: Sequence[BootDraft], which: int) -> bool:
    """The client's firmware began anew soon after: whatever this boot still waited for, it waits no more (V2 b)."""
    if which + 1 == len(drafts):
        return False
    draft, after = drafts[which], drafts[which + 1].stages[0]
    anew = after.kind in (StageKind.FIRMWARE, draft.stages[0].kind)
    return anew and after.started - draft.last <= _SOON


def _boot(log: ClientLog, draft: BootDraft, context: AssemblyContext, followed: bool) -> Boot:
    stages = tuple([_stage(stage, context.limits) for stage in draft.stages])
    messages = [message for stage in draft.stages for message in stage.messages]
    transfers = [transfer for stage in draft.stages for transfer in stage.transfers]
    started = min([stage.started for stage in stages])
    ended = max([stage.ended for stage in stages])
    client = _client(log, messages, transfers)
    now = context.now_after(ended)
    verdict = judge_boot(stages, client.mac, now, context.surroundings, followed)
    spent = durations(stages, started, ended)
    return Boot(
        client, started, ended, verdict.outcome, draft.before_capture, spent, stages,
        verdict.attempts, verdict.decisive, now,
    )  # fmt: skip


def _stage(draft: StageDraft, limits: Limits) -> Stage:
    times = [draft.started]
    times += [message.packet.time for message in draft.messages]
    times += [time for transfer in draft.transfers for time in (transfer.started, transfer.ended)]
    exchanges, boot = dhcp_side(draft.messages, draft.program, limits)
    told = boot if draft.kind is not StageKind.OS else None
    transfers = tuple(draft.transfers)
    return Stage(draft.kind, draft.method, min(times), max(times), told, exchanges, transfers, draft.program)


def _client(log: ClientLog, messages: Sequence[Message], transfers: Sequence[Transfer]) -> Client:
    """The machine with what these messages say of it; the first word counts, addresses in order."""
    uuid: bytes | None = None
    vendor: bytes | None = None
    user: bytes | None = None
    relay: Address | None = None
    architectures: tuple[int, ...] = ()
    vlans: tuple[int, ...] = ()
    addresses: dict[Address, None] = {}
    """Those that were given for good or spoken from."""
    for packet, dhcp, kind, _, from_client, _ in messages:
        vlans = vlans or packet.vlans
        if not isinstance(dhcp, DhcpMessage):
            relay = relay or (dhcp.relays[0].link_address if dhcp.relays else None)
            if from_client:
                architectures = architectures or dhcp.architectures
                vendor, user = vendor or dhcp.vendor_class, user or b"".join(dhcp.user_class)
            elif kind == "REPLY":
                addresses.update(dict.fromkeys(dhcp.addresses))
            continue
        if dhcp.giaddr is not UNSPECIFIED:
            relay = relay or dhcp.giaddr
        if kind in _GIVEN and dhcp.yiaddr is not UNSPECIFIED:
            addresses[dhcp.yiaddr] = None
        if from_client and (vendor is None or uuid is None or user is None):
            option = dhcp.options.get
            vendor, user = vendor or option(60), user or option(77)
            uuid = uuid or valid_uuid(option(97, b"")[1:17])
            architectures = architectures or _architectures(option(93, b""))
    for transfer in transfers:
        addresses[transfer.client] = None
    return Client(
        log.mac, uuid or log.uuid, architectures, vendor or None, user or None, tuple(addresses), relay, vlans, log.duid
    )


@lru_cache
def _architectures(value: bytes) -> tuple[int, ...]:
    """Option 93: 16-bit codes (RFC 4578 section 2.1)."""
    return tuple([int.from_bytes(value[at : at + 2], "big") for at in range(0, len(value) - 1, 2)])
