"""What rules look at: one attempt of a boot as a case, and its stages as turns, with their messages by type.

Everything here is a plain rearrangement of the story, made when a rule first asks for it, but for `Turn.ack`, which
`replies` judges; predicates that say what it means are in `facts`.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from pxedebug.diagnose.replies import dhcp_of, lease
from pxedebug.diagnose.rule import Reach
from pxedebug.firmware.programs import Method, Program, StageKind
from pxedebug.track.loaded import system_of_the_disk
from pxedebug.track.story import (
    Attempt,
    Boot,
    BootInformation,
    Client,
    Message,
    Offer,
    Outcome,
    Stage,
    Transfer,
    TransferStatus,
    messages_of,
)
from pxedebug.wire.dhcp import DhcpMessage
from pxedebug.wire.dhcpv6 import Dhcp6Message

__all__ = ["Case", "Turn", "dhcp6_of", "dhcp_of"]

_FIRMWARE = (StageKind.FIRMWARE, StageKind.U_BOOT)


def dhcp6_of(message: Message) -> Dhcp6Message:
    """The DHCPv6 message in a `Message` of `Turn.messages6`."""
    assert isinstance(message.dhcp, Dhcp6Message)
    return message.dhcp


class Turn:
    """One stage of a case: one program's turn. Copies (mirror, relay) are left out everywhere; lists are in capture
    order and hold DHCPv4 and BOOTP only, but for `messages6`."""

    def __init__(self, case: Case, index: int, stage: Stage) -> None:
        self.case = case
        self.index = index
        """Place in the attempt, from 0."""
        self.stage = stage
        self.program: Program = stage.program
        self.kind: StageKind = stage.kind
        self.method: Method | None = stage.method
        self.transfers: tuple[Transfer, ...] = stage.transfers
        self.boot: BootInformation | None = stage.boot
        """The file and server that the program acted on (catalogue 1.4), and the frame that named them."""

    @property
    def last(self) -> bool:
        """The attempt ends in this stage."""
        return self.index == len(self.case.turns) - 1

    @cached_property
    def next(self) -> Turn | None:
        """The stage after this one in the same attempt."""
        return None if self.last else self.case.turns[self.index + 1]

    @cached_property
    def messages(self) -> list[Message]:
        """DHCPv4 and BOOTP messages of both sides, ports 67 and 4011."""
        return [message for message in messages_of(self.stage) if isinstance(message.dhcp, DhcpMessage)]

    @cached_property
    def sightings(self) -> dict[int, list[Message]]:
        """Every sight of each message of the stage, by the frame of the first: that one and its copies, in order."""
        found: dict[int, list[Message]] = {}
        for exchange in self.stage.exchanges:
            for message in exchange.messages:
                first = message.packet.frame if message.copy_of is None else message.copy_of
                found.setdefault(first, []).append(message)
        return found

    @cached_property
    def messages6(self) -> list[Message]:
        """DHCPv6 messages of both sides."""
        return [message for message in messages_of(self.stage) if isinstance(message.dhcp, Dhcp6Message)]

    def sent(self, *types: str) -> list[Message]:
        """What the client sent to port 67, of these types."""
        return [m for m in self.messages if m.from_client and m.port == 67 and m.type in types]

    def received(self, *types: str) -> list[Message]:
        """What servers sent from port 67, of these types."""
        return [m for m in self.messages if not m.from_client and m.port == 67 and m.type in types]

    @cached_property
    def discovers(self) -> list[Message]:
        """DISCOVERs, and the BOOTREQUESTs of plain BOOTP."""
        return self.sent("DISCOVER", "BOOTREQUEST")

    @cached_property
    def requests(self) -> list[Message]:
        """REQUESTs to port 67 (4011: `proxy_requests`)."""
        return self.sent("REQUEST")

    @cached_property
    def acks(self) -> list[Message]:
        """ACKs from port 67, and the BOOTREPLYs of plain BOOTP."""
        return self.received("ACK", "BOOTREPLY")

    @cached_property
    def naks(self) -> list[Message]:
        """NAKs."""
        return self.received("NAK")

    @cached_property
    def offers(self) -> list[Offer]:
        """All offers, proxies' too, in order of arrival."""
        found = [offer for exchange in self.stage.exchanges for offer in exchange.offers]
        found = [offer for offer in found if isinstance(offer.message.dhcp, DhcpMessage)]
        return sorted(found, key=lambda offer: (offer.message.packet.time, offer.message.packet.frame))

    @cached_property
    def address_offers(self) -> list[Offer]:
        """Offers with an address (yiaddr)."""
        return [offer for offer in self.offers if not offer.proxy]

    @cached_property
    def proxy_offers(self) -> list[Offer]:
        """Offers without an address: proxyDHCP."""
        return [offer for offer in self.offers if offer.proxy]

    @cached_property
    def ack(self) -> Message | None:
        """The ACK (or BOOTREPLY) by which the client has its address (`replies.lease`)."""
        return lease(self)

    @cached_property
    def chosen(self) -> Offer | None:
        """The offer that gives the address and that the client took."""
        return next((offer for offer in reversed(self.address_offers) if offer.chosen), None)

    @cached_property
    def proxy_requests(self) -> list[Message]:
        """What the client sent to port 4011."""
        return [m for m in self.messages if m.from_client and m.port == 4011]

    @cached_property
    def proxy_replies(self) -> list[Message]:
        """What came back in exchanges on port 4011."""
        return [m for m in self.messages if not m.from_client and m.port == 4011]

    def after(self, transfer: Transfer) -> list[Transfer]:
        """What this stage asked for after it asked for `transfer`, in order."""
        return [other for other in self.transfers if other.first_frame > transfer.first_frame]

    def went_on(self, since: int) -> bool:
        """After this time the client asked for a file, of whatever use, or another program spoke: what happened then
        did not stop it."""
        return not self.last or any(transfer.started > since for transfer in self.transfers)

    def onwards(self, since: int) -> Iterator[Transfer]:
        """What the attempt asked for after this time, in this stage and in the ones after it."""
        yield from (transfer for transfer in self.transfers if transfer.started > since)
        for turn in self.case.turns[self.index + 1 :]:
            yield from turn.transfers

    def whole(self) -> list[Transfer]:
        """Files that were delivered completely."""
        return [t for t in self.transfers if t.operation == "read" and t.status is TransferStatus.COMPLETE]


class Case:
    """One attempt of a boot under judgement."""

    def __init__(self, boot: Boot, number: int, which: int) -> None:
        self.boot = boot
        self.number = number
        """The boot's number in the report."""
        self.index = which
        """Which of the boot's attempts."""
        self.attempt: Attempt = boot.attempts[which]
        self.client: Client = boot.client
        self.outcome: Outcome = self.attempt.outcome
        self.decisive = which == boot.decisive
        """The boot's outcome is this attempt's."""
        self.turns = [Turn(self, index, stage) for index, stage in enumerate(self.attempt.stages)]

    @property
    def first(self) -> Turn:
        """The stage that the attempt began with: firmware, as a rule."""
        return self.turns[0]

    @property
    def last(self) -> Turn:
        """The stage that the attempt ended in."""
        return self.turns[-1]

    @cached_property
    def started(self) -> int:
        """Time of the attempt's first frame."""
        return min(turn.stage.started for turn in self.turns)

    @cached_property
    def ended(self) -> int:
        """Time of the attempt's last frame."""
        return max(turn.stage.ended for turn in self.turns)

    @property
    def seen_until(self) -> int:
        """Up to when the capture shows what followed; silence after it proves nothing."""
        return max(self.ended, self.boot.seen_until)

    @cached_property
    def quiet_until(self) -> int:
        """From the attempt's last frame until this time the same machine is known to have said nothing of a boot:
        the next attempt's begin, else that of the system on its disk, else `seen_until`."""
        following = [attempt.stages[0] for attempt in self.boot.attempts[self.index + 1 :]]
        disk = system_of_the_disk(self.boot)
        after = following[0] if following else disk
        return self.seen_until if after is None else after.started

    @property
    def over(self) -> bool:
        """The client gave this attempt up, or went on after it."""
        return self.attempt.followed or self.outcome is Outcome.FAILED

    @property
    def moving(self) -> bool:
        """The capture ends while it may go on."""
        return self.outcome is Outcome.IN_PROGRESS and not self.attempt.followed

    @cached_property
    def reach(self) -> Reach:
        """How far the attempt came, by its last stage."""
        stage = self.last.stage
        if any(t.operation == "read" and t.status is TransferStatus.COMPLETE for t in stage.transfers):
            return Reach.LOADED
        if stage.transfers:
            return Reach.FETCHING
        leased = any(m.type in ("ACK", "BOOTREPLY", "REPLY") for e in stage.exchanges for m in e.messages)
        if leased or any(e.port == 4011 for e in stage.exchanges):
            return Reach.ADDRESSED
        return Reach.ASKING if stage.kind in _FIRMWARE or stage.exchanges else Reach.ADDRESSED
