"""What a client was waiting for when its story stops, and whether its own clock had run out by then."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from pxedebug.firmware import (
    Phase,
    choose_offer,
    config_search,
    exhausted,
    is_last_config,
    module_search,
    next_action_ns,
    schedule,
)
from pxedebug.firmware.programs import Program, StageKind
from pxedebug.track.clocks import SECOND, SILENCE
from pxedebug.track.dispensable import behind_menu, may_be_missing
from pxedebug.track.loaded import role
from pxedebug.track.story import Message, Outcome, Stage, Transfer, TransferStatus, messages_of
from pxedebug.wire.dhcp import DhcpMessage

__all__ = ["judge_dhcp", "judge_transfers"]

_FIRST_MOVE = 20 * SECOND
"""A client with an address that does nothing for longer will do nothing: iPXE's longest wait is 16 s."""
_ARP_TRIES, _ARP_GIVEN_UP = 3, 5
"""Requests for an address without answer: what all firmware does at least, and where the quickest gives up."""
_NEVER_EMPTY = frozenset(("boot-program", "kernel", "initrd"))
_PAUSE = 15 * SECOND
"""Longest pause between two tries of the same file by a client that takes a new port for each."""


def judge_transfers(stage: Stage, program: Program, now: int, unanswered_arp: Sequence[int]) -> Outcome:
    """The outcome of a stage that asked for files, by the last of them that counts."""
    last = stage.transfers[-1]
    status = last.status
    if status is TransferStatus.REFUSED:
        return _refused(stage, last, now)
    if status in (TransferStatus.ABORTED, TransferStatus.UNREACHABLE):
        return Outcome.FAILED
    if _unanswered(last):
        return _tries(_sends(stage.transfers), _phase(last), program, now)
    if status is TransferStatus.STALLED:
        plan = schedule(program, Phase.TFTP_ACK)
        over = plan.gives_up is not None and now - last.ended > plan.gives_up * SECOND
        over |= bool(plan.sends) and last.unanswered_tries >= len(plan.sends)
        return Outcome.FAILED if over else Outcome.STALLED
    if status is TransferStatus.UNSEEN:
        return Outcome.INCONCLUSIVE
    if status is TransferStatus.SIZE_PROBE:
        return Outcome.STALLED if now - last.ended > SILENCE else Outcome.IN_PROGRESS
    if status is TransferStatus.COMPLETE and _empty_program(last):
        return Outcome.FAILED
    return _resolving(unanswered_arp) if status is TransferStatus.COMPLETE else Outcome.IN_PROGRESS


def judge_dhcp(
    stage: Stage, program: Program, now: int, unanswered_arp: Sequence[int], *, unicast_seen: bool, hidden: bool
) -> Outcome:
    """The outcome of a stage that asked for no file: where its DHCP stopped, or why nothing followed it."""
    messages = _heard(messages_of(stage))
    sent = [message for message in messages if message.from_client]
    if not sent:
        return Outcome.INCONCLUSIVE
    granted = _answer_time(messages)
    if granted is not None:
        return _after_ack(messages, program, now, granted, unanswered_arp, visible=unicast_seen and not hidden)
    if _refused_address(messages):
        return Outcome.FAILED
    last = sent[-1].type
    if last == "DECLINE":
        return Outcome.FAILED if now - sent[-1].packet.time > _FIRST_MOVE else Outcome.IN_PROGRESS
    messages = _since_turn([message for message in messages if message.port != 4011])
    sent = [message for message in messages if message.from_client]
    if last == "REQUEST":
        requests = [m.packet.time for m in sent if m.type == "REQUEST"]
        if len(requests) == 1 and not unicast_seen and now - requests[0] > SILENCE:
            return Outcome.INCONCLUSIVE
        return _tries(requests, Phase.REQUEST, program, now)
    if last in ("RELEASE", "INFORM"):
        return Outcome.INCONCLUSIVE if now - sent[-1].packet.time > SILENCE else Outcome.IN_PROGRESS
    return _discovering(messages, sent, program, now)


def _refused(stage: Stage, last: Transfer, now: int) -> Outcome:
    """The server said no. Names of a search order are expected to be missing, but for the last (B-04, B-05)."""
    name = last.file or b""
    if behind_menu(stage.transfers, last) and not is_last_config(name):
        return Outcome.IN_PROGRESS  # the menu waits for a person
    expected = may_be_missing(stage.transfers, last) or config_search(name) is not None or module_search(name)
    if not expected or is_last_config(name):
        return Outcome.FAILED
    if module_search(name) and stage.kind is StageKind.PXELINUX and now - last.ended > SILENCE:
        return Outcome.FAILED
    return Outcome.STALLED if now - last.ended > SILENCE else Outcome.IN_PROGRESS


def _tries(sends: Sequence[int], phase: Phase, program: Program, now: int) -> Outcome:
    """Rule V2: all sends of the schedule, or its end, prove the failure; two unanswered ones a stall."""
    if exhausted(schedule(program, phase), sends, now):
        return Outcome.FAILED
    return Outcome.STALLED if len(sends) > 1 else Outcome.IN_PROGRESS


def _sends(transfers: Sequence[Transfer]) -> list[int]:
    """Times of all tries for the last file: some clients take a new port, and so a new transfer, for each."""
    last = transfers[-1]
    times: list[int] = []
    for transfer in reversed(transfers):
        same = (transfer.file, transfer.server) == (last.file, last.server)
        if (
            not same
            or not _unanswered(transfer)
            or (times and times[0] - transfer.started > _PAUSE * max(1, len(transfer.requests)))
        ):
            break
        # Requests are evenly spread between the first and the last frame as far as the record tells.
        times = _spread(transfer) + times
    return times


def _unanswered(transfer: Transfer) -> bool:
    """No answer came, or none has come yet."""
    pending = transfer.status is TransferStatus.IN_PROGRESS and transfer.server_port is None
    return transfer.status is TransferStatus.UNANSWERED or pending


def _spread(transfer: Transfer) -> list[int]:
    count = len(transfer.requests)
    if count == 1:
        return [transfer.started]
    step = (transfer.ended - transfer.started) // (count - 1)
    return [transfer.started + n * step for n in range(count)]


def _phase(transfer: Transfer) -> Phase:
    return Phase.TCP_CONNECT if transfer.protocol == "http" else Phase.TFTP_REQUEST


def _empty_program(transfer: Transfer) -> bool:
    return transfer.operation == "read" and not transfer.size and role(transfer) in _NEVER_EMPTY


def _resolving(unanswered_arp: Sequence[int]) -> Outcome:
    if len(unanswered_arp) >= _ARP_GIVEN_UP:
        return Outcome.FAILED
    return Outcome.STALLED if len(unanswered_arp) >= _ARP_TRIES else Outcome.IN_PROGRESS


def _heard(messages: list[Message]) -> list[Message]:
    """The messages without ACKs and BOOTREPLYs that the client passed over: it asked twice more after one."""
    for kind, question in (("ACK", "REQUEST"), ("BOOTREPLY", "DISCOVER")):
        answered = next((m.packet.time for m in messages if m.type == kind and m.port == 67), None)
        if answered is None:
            continue
        asked = [m for m in messages if m.type == question and m.port == 67 and m.from_client]
        before = {m.dhcp.xid for m in asked if m.packet.time <= answered}
        if sum(m.packet.time > answered and m.dhcp.xid in before for m in asked) > 1:
            messages = [m for m in messages if m.type != kind or m.port != 67]
    return messages


def _answer_time(messages: Sequence[Message]) -> int | None:
    """When the client was given its address for good; None when it was not, or went back to DISCOVER since."""
    granted: int | None = None
    for message in messages:
        if _refuses(message):
            if message.dhcp.xid in {m.dhcp.xid for m in messages if m.from_client and m.type == "REQUEST"}:
                granted = None
        elif message.type in ("ACK", "BOOTREPLY", "REPLY") and message.port != 4011:
            granted = message.packet.time
        elif message.type in ("DISCOVER", "SOLICIT", "DECLINE") and message.from_client:
            granted = None
        elif message.port == 4011 and message.from_client and granted is None:
            granted = message.packet.time  # who asks there has an address, though its ACK was not captured
    return granted


def _since_turn(messages: list[Message]) -> list[Message]:
    """What came after the last answer that ended an exchange, or after the client's refusal of the address."""
    ends = ("ACK", "NAK", "BOOTREPLY", "REPLY", "DECLINE")
    turns = [at for at, m in enumerate(messages) if m.type in ends and not _refuses(m)]
    return messages[turns[-1] + 1 :] if turns else messages


def _refuses(message: Message) -> bool:
    """A server over DHCPv6 says why it grants nothing; the client asks on as if it had said nothing [measured]."""
    dhcp = message.dhcp
    return not isinstance(dhcp, DhcpMessage) and message.type in ("REPLY", "ADVERTISE") and dhcp.refusal is not None


def _refused_address(messages: Sequence[Message]) -> bool:
    """The last answer to the last REQUEST was a NAK."""
    answers = [m.type for m in messages if m.type in ("NAK", "DISCOVER", "ACK") and m.port != 4011]
    return bool(answers) and answers[-1] == "NAK"


def _discovering(messages: Sequence[Message], sent: Sequence[Message], program: Program, now: int) -> Outcome:
    sends = [m.packet.time for m in sent if m.type in ("DISCOVER", "SOLICIT", "BOOTREQUEST")]
    if not sends:
        return Outcome.INCONCLUSIVE  # what it asked before was answered, and what it asked since is no DISCOVER
    phase = Phase.SOLICIT if sent[-1].type == "SOLICIT" else Phase.DISCOVER
    if _collecting(messages, sends, phase, program, now):
        return Outcome.IN_PROGRESS
    return _tries(sends, phase, program, now)


def _collecting(messages: Sequence[Message], sends: Sequence[int], phase: Phase, program: Program, now: int) -> bool:
    """The client has an offer that it would take, and its window for others is open still (B-02, B-07)."""
    until = next_action_ns(schedule(program, phase), len(sends))
    if now - sends[0] >= (until if until is not None else sends[-1] - sends[0] + SILENCE):
        return False
    told = [m.dhcp for m in messages if m.type in ("OFFER", "ADVERTISE") and not _refuses(m)]
    offers = [dhcp for dhcp in told if isinstance(dhcp, DhcpMessage)]
    return len(offers) < len(told) or choose_offer(offers, program) is not None


def _after_ack(
    messages: Sequence[Message],
    program: Program,
    now: int,
    granted: int,
    unanswered_arp: Sequence[int],
    *,
    visible: bool,
) -> Outcome:
    """The address is there and no file was asked for: 4011, ARP, or plain silence."""
    asked = _unanswered_on_4011(messages)
    if asked:
        return _tries([message.packet.time for message in asked], _proxy_phase(asked[0]), program, now)
    resolving = _resolving([time for time in unanswered_arp if time >= granted])
    if resolving is not Outcome.IN_PROGRESS:
        return resolving
    if now - max(granted, messages[-1].packet.time) <= _FIRST_MOVE:
        return Outcome.IN_PROGRESS
    return Outcome.STALLED if visible else Outcome.INCONCLUSIVE


def _unanswered_on_4011(messages: Sequence[Message]) -> list[Message]:
    """The sends of the last request to port 4011 that no answer followed; each request has an xid of its own."""
    proxy = [message for message in messages if message.port == 4011]
    asked = [message for message in proxy if message.from_client]
    same = [message for message in proxy if message.dhcp.xid == asked[-1].dhcp.xid] if asked else []
    return list(takewhile(lambda message: message.from_client, reversed(same)))[::-1]


def _proxy_phase(message: Message) -> Phase:
    """A request with a boot item (43.71) is boot server discovery, else it asks a proxy for its data."""
    dhcp = message.dhcp
    discovery = isinstance(dhcp, DhcpMessage) and 43 in dhcp.options
    return Phase.BOOT_SERVER if discovery else Phase.PROXY
