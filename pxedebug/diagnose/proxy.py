"""Questions to port 4011 and to boot servers, and what became of them: the predicates of `rules/proxydhcp`."""

from __future__ import annotations

from typing import NamedTuple

from pxedebug.diagnose.case import Turn, dhcp_of
from pxedebug.firmware import pxe_suboptions
from pxedebug.track.story import Message, Offer
from pxedebug.wire.packet import Address

__all__ = ["BOOT_ITEM", "Question", "item_type", "offers_of", "questions"]

BOOT_ITEM = 71
"""43.71: the boot server type that is asked for, and its answer (PXE 2.1 table 2-1)."""
_PORT = 4011


class Question(NamedTuple):
    """The same REQUEST to port 4011 of one server, with its repeats."""

    server: Address
    sends: list[Message]
    answers: list[Message]
    """Replies that the client can take: from the server's port 4011 to the port that asked."""
    misdirected: list[Message]
    """Replies to it from another port or address, or to another port."""

    @property
    def discovery(self) -> bool:
        """It asks for a boot item, and so may go to a server that made no offer."""
        return item_type(self.sends[0]) is not None


def questions(turn: Turn) -> list[Question]:
    """What the client asked single servers on port 4011, in order of the first send; requests of one xid are one."""
    found: dict[tuple[Address, int], Question] = {}
    for message in turn.proxy_requests:
        server = message.packet.destination
        if message.type != "REQUEST" or server.is_multicast or server.packed == b"\xff" * 4:
            continue
        key = server, dhcp_of(message).xid
        found.setdefault(key, Question(server, [], [], [])).sends.append(message)
    for message in turn.messages if found else ():
        if message.from_client or message.type != "ACK":
            continue
        for (server, xid), question in found.items():
            first = question.sends[0].packet
            if dhcp_of(message).xid != xid or message.packet.time < first.time:
                continue
            here = (message.packet.source, message.packet.source_port) == (server, _PORT)
            if here and message.packet.destination_port == first.source_port:
                question.answers.append(message)
            elif here or _for_the_question(message, server):
                question.misdirected.append(message)
    return _merged(list(found.values()))


def _merged(found: list[Question]) -> list[Question]:
    """Tries of one question that a program gives an xid each: unanswered, one after the other, to the same server."""
    kept: list[Question] = []
    for question in found:
        last = kept[-1] if kept else None
        heard = question.answers or question.misdirected or last is None or last.answers or last.misdirected
        same = last is not None and (last.server, last.discovery) == (question.server, question.discovery)
        if last is None or heard or not same:
            kept.append(question)
        else:
            last.sends.extend(question.sends)
    return kept


def _for_the_question(message: Message, server: Address) -> bool:
    """Not the ACK that gives the address, where both have one xid."""
    return message.packet.source == server or not int(dhcp_of(message).yiaddr)


def item_type(message: Message) -> int | None:
    """The boot server type of 43.71; None where the message has none."""
    item = pxe_suboptions(dhcp_of(message)).get(BOOT_ITEM, b"")
    return int.from_bytes(item[:2], "big") if len(item) >= 2 else None


def offers_of(turn: Turn, server: Address) -> list[Offer]:
    """Offers that this server made, or that send the client to it by `siaddr`."""
    return [offer for offer in turn.offers if server in (offer.server, offer.message.packet.source, offer.next_server)]
