"""Walks a client's events in time order and cuts them into boots and stages (catalogue 1.2).

a DISCOVER (SOLICIT, BOOTREQUEST) of the same program ...
    that repeats the last one                 continues the stage
    of a loader, after a file it fetched      is a new stage: the loader runs again (a loop)
    of firmware, or without a fetched file    begins a new boot
... of another program ...
    firmware, another method                  is a new stage: firmware walks its boot entries
    firmware, a method this boot has ended    begins a new boot
    a loader or the OS, after a fetched file  is a new stage: it has been loaded
    a loader without a fetched file           begins a new boot
    the OS without a fetched file             is no network boot
a request of PXELINUX or GRUB options         is a new stage: they do no DHCP of their own
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pxedebug.firmware import (
    Fingerprint,
    Phase,
    boot_file,
    classify,
    classify_request,
    classify_v6,
    is_boot_client,
    is_boot_like,
    schedule,
)
from pxedebug.firmware.classes import CUT_SHORT
from pxedebug.firmware.programs import Method, Program, StageKind
from pxedebug.track.assemble.draft import BootDraft, StageDraft
from pxedebug.track.assemble.events import Event
from pxedebug.track.clocks import SECOND
from pxedebug.track.story import Message, Transfer, TransferStatus
from pxedebug.wire.dhcp import DhcpMessage
from pxedebug.wire.dhcpv6 import Dhcp6Message
from pxedebug.wire.packet import Address

__all__ = ["OPENING", "Walk", "walk"]

_REPEAT = 35 * SECOND
"""Longest gap between two DISCOVERs of one attempt (EDK2 waits 32 s)."""
_HANDOVER = 120 * SECOND
"""From a loader's last packet to the first one of what it loaded, or of firmware's next entry."""
_KERNEL = 600 * SECOND
"""From the last file to the first packet of an operating system."""
_LOOP = 60 * SECOND
"""A loader that runs again later than this was power-cycled (catalogue ipxe-boot-loop)."""
_SAME_CLOCK = 10 * SECOND
"""Between DISCOVERs whose `secs` do not count on."""
_MOST = 0.8
"""Of a wait that is over: DHCPv6 stretches and shortens its waits by a tenth (RFC 8415 section 15)."""
OPENING = frozenset(("DISCOVER", "BOOTREQUEST", "SOLICIT"))
"""Messages with which a client begins to look for a server."""
_GRANTS = frozenset(("ACK", "BOOTREPLY", "REPLY"))
_PARTING = frozenset(("RELEASE", "DECLINE", "CONFIRM"))
"""What ends a lease says nothing of its program: it belongs to the stage whose lease it was."""
_KINDS = {
    Program.PXELINUX: StageKind.PXELINUX,
    Program.GRUB: StageKind.GRUB,
    Program.IPXE: StageKind.IPXE,
    Program.U_BOOT: StageKind.U_BOOT,
}
_ASKS_BOOT_SERVER = Fingerprint(Program.UNKNOWN, StageKind.FIRMWARE, Method.PXE_V4, None)
_RESTARTERS = frozenset((Program.U_BOOT, Program.UNKNOWN, Program.RASPBERRY_PI))
"""Programs that go back to DISCOVER by themselves when a REQUEST stays unanswered."""


class Walk:
    """What a walk leaves: boots, and what belongs to none."""

    __slots__ = ("boots", "by_xid", "other_messages", "other_transfers", "prelude")

    def __init__(self) -> None:
        self.boots: list[BootDraft] = []
        self.other_messages: list[Message] = []
        self.other_transfers: list[Transfer] = []
        self.by_xid: dict[tuple[int, int], StageDraft | None] = {}
        """Where the latest client message of an xid and port went; None: to no boot."""
        self.prelude: list[Message] = []
        """DHCPv6 messages that only configure an address: the SOLICIT that follows says what they belong to."""

    @property
    def boot(self) -> BootDraft | None:
        """The boot that goes on."""
        return self.boots[-1] if self.boots else None


def walk(events: Sequence[Event]) -> Walk:
    """Cut `events`, in time order, into boots."""
    state = Walk()
    for event in events:
        if isinstance(event, Transfer):
            _take_transfer(state, event)
        elif event.from_client:
            _take_client(state, event)
        else:
            _take_server(state, event)
    if state.prelude:
        state.other_messages = sorted(
            state.other_messages + state.prelude, key=lambda message: (message.packet.time, message.packet.frame)
        )
    return state


def _take_client(state: Walk, message: Message) -> None:
    dhcp = message.dhcp
    key = (dhcp.xid, message.port)
    if message.copy_of is not None and key in state.by_xid:
        # A copy goes where its original went.
        _attach(state, message, state.by_xid[key])
        return
    fingerprint = classify(dhcp) if isinstance(dhcp, DhcpMessage) else classify_v6(dhcp)
    stage = _stage_for(state, message, fingerprint)
    state.by_xid[key] = stage
    if stage is None and fingerprint.kind is StageKind.FIRMWARE and isinstance(dhcp, Dhcp6Message):
        state.prelude.append(message)
        return
    if stage is not None and state.prelude:
        _adopt_prelude(state, stage, message)
    _attach(state, message, stage)
    if stage is not None:
        _note_client(stage, message)


def _stage_for(state: Walk, message: Message, fingerprint: Fingerprint) -> StageDraft | None:
    """The stage that a client's message belongs to, begun if need be; None for no boot."""
    boot, time = state.boot, message.packet.time
    if message.type in _PARTING and not is_boot_client(fingerprint):
        return boot.current if boot is not None and time - boot.last <= _HANDOVER else None
    if not is_boot_client(fingerprint):
        cut = fingerprint == CUT_SHORT and isinstance(message.dhcp, DhcpMessage)
        return _cut_short(state, message) if cut else _os_stage(boot, message, fingerprint)
    if boot is None:
        return _begin(state, message, fingerprint)
    if fingerprint.kind is StageKind.IPXE is boot.current.kind and time - boot.last <= _HANDOVER:
        # iPXE asks over both families at once where a router says so; what it does over IPv4 is its boot.
        if message.port == 547 and not _over_v6(boot.current):
            return None
        if message.port != 547 and _over_v6(boot.current) and not boot.current.acknowledged:
            return _enter(boot, message, fingerprint)
    if message.type not in OPENING or message.port == 4011:
        if time - boot.last <= _HANDOVER:
            return boot.current
        return _begin(state, message, fingerprint)
    current = boot.current
    if current.same_program(fingerprint):
        if _repeats(current, message):
            return current
        loop = current.kind is not StageKind.FIRMWARE and current.fetched and time - boot.last <= _LOOP
        return _enter(boot, message, fingerprint) if loop else _begin(state, message, fingerprint)
    if fingerprint.kind is StageKind.FIRMWARE:
        walks_on = fingerprint.method not in boot.methods and time - boot.last <= _HANDOVER
        return _enter(boot, message, fingerprint) if walks_on else _begin(state, message, fingerprint)
    loaded = _may_have_loaded(boot) and time - boot.last <= _HANDOVER
    return _enter(boot, message, fingerprint) if loaded else _begin(state, message, fingerprint)


def _cut_short(state: Walk, message: Message) -> StageDraft | None:
    """A message without its options goes on with whatever goes on; alone it is a boot only on a boot server's port."""
    boot = state.boot
    if boot is not None and message.packet.time - boot.last <= _HANDOVER:
        return boot.current
    return _begin(state, message, _ASKS_BOOT_SERVER) if message.port == 4011 else None


def _os_stage(boot: BootDraft | None, message: Message, fingerprint: Fingerprint) -> StageDraft | None:
    """An operating system's message continues a boot that has loaded something, and nothing else."""
    if boot is None:
        return None
    gap = message.packet.time - boot.last
    if fingerprint.kind is StageKind.FIRMWARE:  # DHCPv6 without a class, inside a boot over IPv6
        return boot.current if _over_v6(boot.current) and gap <= _HANDOVER else None
    if gap > _KERNEL:
        return None
    if boot.current.kind is StageKind.OS:
        return boot.current
    if not boot.fetched:
        return None
    return _enter(boot, message, fingerprint)


def _repeats(stage: StageDraft, message: Message) -> bool:
    """A DISCOVER that goes on with the attempt of the last one."""
    last = stage.last_opening
    gap = message.packet.time - stage.last_client
    if stage.restarting and gap <= _REPEAT:
        return True
    if _given_up(stage, gap):
        return False
    if stage.program in _RESTARTERS and not stage.acknowledged and gap <= _REPEAT:
        return True
    if last is None or stage.requested or gap > _REPEAT:
        return False
    if isinstance(last.dhcp, DhcpMessage) and isinstance(message.dhcp, DhcpMessage):
        # secs starts over with the attempt, but some programs leave it at 0 (B-22).
        return message.dhcp.secs >= last.dhcp.secs or gap <= _SAME_CLOCK
    return True


def _given_up(stage: StageDraft, gap: int) -> bool:
    """Firmware has sent all DISCOVERs of its schedule and waited for the end of it: the next one starts over."""
    plan = schedule(stage.program, Phase.SOLICIT if _over_v6(stage) else Phase.DISCOVER)
    if stage.kind is not StageKind.FIRMWARE or plan.gives_up is None or not plan.sends:
        return False
    last_wait = plan.gives_up - plan.sends[-1]
    return stage.openings >= len(plan.sends) and gap >= _MOST * last_wait * SECOND


def _over_v6(stage: StageDraft) -> bool:
    return stage.method in (Method.PXE_V6, Method.HTTP_V6)


def _may_have_loaded(boot: BootDraft) -> bool:
    """A file was fetched, or an ACK was had and what followed it is hidden from this capture point."""
    if boot.fetched:
        return True
    stage = boot.current
    failed = (TransferStatus.REFUSED, TransferStatus.UNREACHABLE, TransferStatus.UNANSWERED, TransferStatus.ABORTED)
    return stage.acknowledged and not any(transfer.status in failed for transfer in stage.transfers)


def _begin(state: Walk, message: Message, fingerprint: Fingerprint) -> StageDraft:
    """A new boot with its first stage."""
    stage = StageDraft(fingerprint.kind, fingerprint.program, fingerprint.method, message.packet.time)
    state.boots.append(BootDraft([stage], message.type not in OPENING, message.packet.time))
    if state.other_messages:
        xid, port = message.dhcp.xid, message.port
        _adopt_answers(state, stage, lambda answer: answer.dhcp.xid == xid and answer.port == port)
    return stage


def _adopt_answers(state: Walk, stage: StageDraft, fits: Callable[[Message], bool]) -> None:
    """Answers at the start of the capture belong to the boot that only what follows shows to be one."""
    mine = [
        message
        for message in state.other_messages
        if not message.from_client and stage.started - message.packet.time <= _HANDOVER and fits(message)
    ]
    if not mine:
        return
    state.other_messages = [message for message in state.other_messages if not any(message is m for m in mine)]
    stage.messages += mine
    stage.started = min(stage.started, mine[0].packet.time)
    stage.acknowledged |= any(message.type in _GRANTS for message in mine)
    state.by_xid.update({(message.dhcp.xid, message.port): stage for message in mine})
    state.boots[-1].before_capture = True


def _enter(boot: BootDraft, message: Message, fingerprint: Fingerprint) -> StageDraft:
    """A new stage of `boot`."""
    method = fingerprint.method if fingerprint.kind is not StageKind.OS else None
    boot.stages.append(StageDraft(fingerprint.kind, fingerprint.program, method, message.packet.time))
    return boot.current


def _adopt_prelude(state: Walk, stage: StageDraft, message: Message) -> None:
    """The messages that configured an address for this boot belong to it."""
    prelude, state.prelude = state.prelude, []
    if message.packet.time - prelude[-1].packet.time > _HANDOVER or not _over_v6(stage):
        state.other_messages += prelude
        return
    stage.messages += prelude
    stage.started = min(stage.started, prelude[0].packet.time)


def _note_client(stage: StageDraft, message: Message) -> None:
    if message.copy_of is not None:
        return
    stage.last_client = message.packet.time
    if message.type in OPENING:
        stage.last_opening, stage.requested, stage.restarting = message, False, False
        stage.openings += 1
    elif message.type == "REQUEST":
        stage.requested, stage.restarting, stage.openings = True, False, 0
    elif message.type == "DECLINE":
        stage.restarting = True


def _attach(state: Walk, message: Message, stage: StageDraft | None) -> None:
    if stage is None:
        state.other_messages.append(message)
        return
    stage.messages.append(message)
    boot = state.boots[-1]
    if stage not in boot.stages:  # an answer that came after the client had begun anew
        boot = next(boot for boot in reversed(state.boots) if stage in boot.stages)
    time = message.packet.time
    if time > boot.last:
        boot.last = time


def _take_server(state: Walk, message: Message) -> None:
    key = (message.dhcp.xid, message.port)
    boot = state.boot
    if key in state.by_xid:
        stage = state.by_xid[key]
        if stage is None and state.prelude and message.copy_of is None and message.port == 547:
            state.prelude.append(message)
            return
    elif boot is not None and message.packet.time - boot.last <= _REPEAT:
        stage = boot.current
    elif _boot_reply(message):
        method = Method.PXE_V4 if isinstance(message.dhcp, DhcpMessage) else Method.PXE_V6
        stage = StageDraft(StageKind.FIRMWARE, Program.UNKNOWN, method, message.packet.time)
        state.boots.append(BootDraft([stage], True, message.packet.time))
        state.by_xid[key] = stage
    else:
        stage = None
    _attach(state, message, stage)
    if stage is not None:
        stage.acknowledged |= message.type in _GRANTS
        stage.restarting |= message.type == "NAK"


def _boot_reply(message: Message) -> bool:
    """A server's answer whose client message was not captured, to a client that boots.

    Phones and switches are told names of files, too; what boots is known by its class, or by the name.
    """
    dhcp = message.dhcp
    if isinstance(dhcp, DhcpMessage):
        if dhcp.options.get(60, b"").startswith((b"PXEClient", b"HTTPClient")):
            return True
        file = boot_file(dhcp)
    else:
        file = dhcp.boot_file_url
        if file is not None and b"://" not in file:  # RFC 5970 section 3.1 asks for a URL
            return False
    return file is not None and is_boot_like(file)


def _take_transfer(state: Walk, transfer: Transfer) -> None:
    boot = state.boot
    if boot is not None and transfer.started - boot.last <= _KERNEL and not _starts_over(boot, transfer):
        stage = _transfer_stage(boot, transfer)
    elif transfer.operation != "write" and transfer.file is not None and is_boot_like(transfer.file):
        stage = _first_stage(transfer)
        state.boots.append(BootDraft([stage], True, transfer.started))
        _adopt_answers(state, stage, lambda answer: _gives(answer, transfer.client))
        boot = state.boots[-1]
    else:
        state.other_transfers.append(transfer)
        return
    stage.transfers.append(transfer)
    stage.requested = True
    boot.last = max(boot.last, transfer.ended)


def _gives(answer: Message, address: Address) -> bool:
    """A server's message that gives a client this address."""
    dhcp = answer.dhcp
    return dhcp.yiaddr == address if isinstance(dhcp, DhcpMessage) else address in dhcp.addresses


def _starts_over(boot: BootDraft, transfer: Transfer) -> bool:
    """Where no DHCP shows, firmware that asks again for the file that opened the boot tells of another power-on."""
    first = boot.stages[0]
    if len(boot.stages) == 1 or first.kind is not StageKind.FIRMWARE or any(stage.messages for stage in boot.stages):
        return False
    opened = first.transfers[0]
    again = (transfer.file, transfer.server) == (opened.file, opened.server)
    return again and boot.current.kind is not StageKind.FIRMWARE and _program_of(transfer) is first.program


def _transfer_stage(boot: BootDraft, transfer: Transfer) -> StageDraft:
    """The current stage, or a new one when the request is another program's."""
    current = boot.current
    program = _program_of(transfer)
    kind = _KINDS.get(program) if program is not None else None
    if program is None or kind is None or kind is current.kind or current.kind is StageKind.OS:
        return current
    if kind is StageKind.U_BOOT or not boot.fetched:
        return current
    if kind is StageKind.IPXE and any(stage.kind is StageKind.IPXE for stage in boot.stages):
        return current
    boot.stages.append(StageDraft(kind, program, None, transfer.started))
    return boot.current


def _first_stage(transfer: Transfer) -> StageDraft:
    """The stage of a boot whose DHCP was not captured."""
    program = _program_of(transfer)
    if program is None:
        program = Program.UNKNOWN
    kind = _KINDS.get(program, StageKind.FIRMWARE)
    six = transfer.client.version == 6
    if transfer.protocol == "http":
        method = Method.HTTP_V6 if six else Method.HTTP_V4
    else:
        method = Method.PXE_V6 if six else Method.PXE_V4
    return StageDraft(kind, program, method if kind is StageKind.FIRMWARE else None, transfer.started)


def _program_of(transfer: Transfer) -> Program | None:
    if transfer.protocol == "http":
        agent = transfer.user_agent or b""
        known = ((b"iPXE", Program.IPXE), (b"GRUB", Program.GRUB), (b"U-Boot", Program.U_BOOT))
        return next((program for word, program in known if word in agent), None)
    options = tuple((name.encode("latin-1"), value.encode("latin-1")) for name, value in transfer.options)
    return classify_request(options, transfer.file or b"")
