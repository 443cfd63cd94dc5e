"""What rules look at: one attempt of a boot as a case, and its stages as turns, with their messages by type.

Everything here is a plain rearrangement of the story, made when a rule first asks for it; predicates that say what
it means are in `facts`.
"""

from __future__ import annotations

from functools import cached_property

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


def dhcp_of(message: Message) -> DhcpMessage:
    """The DHCPv4 message in a `Message` of `Turn`'s lists, which hold no others."""
    assert isinstance(message.dhcp, DhcpMessage)
    return message.dhcp


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
        """The last ACK (or BOOTREPLY) from port 67 that gives an address and that the client could take."""
        given = [m for m in self.acks if int(dhcp_of(m).yiaddr) or int(dhcp_of(m).ciaddr)]
        if given and self._passed_over(given[0]):
            return None
        return next((message for message in reversed(given) if self.misfit(message) is None), None)

    def _passed_over(self, ack: Message) -> bool:
        """The client went on repeating its REQUEST as if the ACK had not come, and did nothing with the address."""
        asked = {dhcp_of(m).xid for m in self.requests if m.packet.time <= ack.packet.time}
        again = [m for m in self.requests if m.packet.time > ack.packet.time and dhcp_of(m).xid in asked]
        return len(again) > 1 and not self.transfers and not self.proxy_requests

    def misfit(self, reply: Message) -> str | None:
        """Why the client cannot take a reply on port 67 for its own (RFC 2131 section 4.4.1, and the port filters of
        iPXE and EDK2), as a clause; None where it can, or where nothing that it sent is there to compare."""
        own = [dhcp_of(message) for message in self.messages if message.from_client and message.port == 67]
        if not own or reply.port != 67:
            return None
        dhcp, packet = dhcp_of(reply), reply.packet
        cookie = dhcp.payload[236:240]
        if dhcp.op != 2:
            return f"says op {dhcp.op}, a request's, instead of 2"
        if not dhcp.magic and len(cookie) == 4 and any(cookie) and own[-1].magic:
            return f"has the magic cookie {cookie.hex()} instead of 63825363"
        if packet.destination_port == 68 and packet.source_port != 67:
            return f"comes from port {packet.source_port} instead of 67"
        if all((dhcp.htype, dhcp.hlen) != (sent.htype, sent.hlen) for sent in own):
            return f"says hardware type {dhcp.htype} and address length {dhcp.hlen}"
        if all(dhcp.chaddr != sent.chaddr for sent in own):
            return f"is for the hardware address {dhcp.chaddr.hex(':')}"
        if all(dhcp.xid != sent.xid for sent in own):
            return f"has the transaction id {dhcp.xid:#010x}, but the client asks with {own[-1].xid:#010x}"
        return None

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
