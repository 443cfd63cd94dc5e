"""Which replies on port 67 a client can take for its own, and which ACK it did take."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pxedebug.track.story import Message
from pxedebug.wire.dhcp import DhcpMessage

if TYPE_CHECKING:
    from pxedebug.diagnose.case import Turn

__all__ = ["dhcp_of", "lease", "misfit", "requests_after"]


def dhcp_of(message: Message) -> DhcpMessage:
    """The DHCPv4 message in a `Message` of `Turn`'s lists, which hold no others."""
    assert isinstance(message.dhcp, DhcpMessage)
    return message.dhcp


def misfit(turn: Turn, reply: Message) -> str | None:
    """Why the client cannot take a reply on port 67 for its own (RFC 2131 section 4.4.1, and the port filters of
    iPXE and EDK2), as a clause; None where it can, or where nothing that it sent is there to compare."""
    own = [dhcp_of(message) for message in turn.messages if message.from_client and message.port == 67]
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


def lease(turn: Turn) -> Message | None:
    """The last ACK (or BOOTREPLY) from port 67 that gives an address and that the client could take; None where it
    went on repeating its REQUEST as if the first of them had not come."""
    given = [m for m in turn.acks if int(dhcp_of(m).yiaddr) or int(dhcp_of(m).ciaddr)]
    if given and _passed_over(turn, given[0]):
        return None
    return next((message for message in reversed(given) if misfit(turn, message) is None), None)


def _passed_over(turn: Turn, ack: Message) -> bool:
    """The same REQUEST again, twice. One with an xid of its own may begin anew with the address: that is not counted
    here, but in `dhcp_facts.unaccepted`, which asks about the end of the attempt."""
    asked = {dhcp_of(m).xid for m in turn.requests if m.packet.time <= ack.packet.time}
    return sum(dhcp_of(m).xid in asked for m in requests_after(turn, ack)) > 1


def requests_after(turn: Turn, ack: Message) -> Sequence[Message]:
    """The REQUESTs that the client sent after an ACK, as if it had not come; empty where it went on to a file or to
    port 4011."""
    if turn.transfers or turn.proxy_requests:
        return ()
    return [message for message in turn.requests if message.packet.time > ack.packet.time]
