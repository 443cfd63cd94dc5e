"""What a capture point could have seen at all: decides which absences mean anything (catalogue 1.3)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields

from pxedebug.track.story import Vantage

__all__ = ["Sights", "judge_vantage", "with_other_direction"]


@dataclass(slots=True)
class Sights:
    """What one source has shown so far."""

    client_messages: int = 0
    """DHCP messages straight from clients (giaddr 0)."""
    relayed_messages: int = 0
    """DHCP messages of clients that a relay had forwarded."""
    replies: int = 0
    """DHCP messages of servers."""
    answered_requests: int = 0
    """REQUESTs that name a server: their client had an OFFER, seen here or not."""
    unicast: bool = False
    """A unicast UDP datagram or TCP segment."""
    high_ports: bool = False
    """A UDP datagram between ports beyond the well-known ones of DHCP and TFTP, as TFTP data has."""
    unfiltered: bool = False
    """ARP, ICMP, TCP or other frames that a filter on UDP ports would have kept out."""
    tftp_requests: bool = False
    """A datagram to port 69."""


_KINDS = {
    "unknown": "Nothing in the capture tells what this capture point could see.",
    "relay-uplink": "DHCP was seen between a relay and the server only: the clients' own segment is not shown.",
    "one-direction": "Only one direction of DHCP was seen: answers without their questions, or the other way round.",
    "broadcast-only": (
        "Only broadcast and multicast was seen: it is not known whether unicast (4011, TFTP, HTTP) would show here."
    ),
    "ports-filtered": "TFTP requests were seen but nothing on other ports: a filter on ports would hide the data.",
    "both-directions": "Broadcast and unicast frames of both directions were seen.",
}


def judge_vantage(sights: Sights, *, cut_frames: bool) -> Vantage:
    """The vantage of a source by what it showed; the first kind that fits."""
    kind = _kind(sights)
    relayed = sights.relayed_messages > 0
    ports = sights.high_ports or sights.unfiltered
    return Vantage(kind, _KINDS[kind], sights.unicast, relayed, ports, cut_frames)


def with_other_direction(vantage: Vantage, tap: Iterable[Sights]) -> Vantage:
    """`vantage` of a file that shows one direction, when the files of its `tap` show both between them."""
    if vantage.kind != "one-direction":
        return vantage
    between = Sights()
    for sights in tap:
        for each in fields(Sights):
            setattr(between, each.name, getattr(between, each.name) + getattr(sights, each.name))
    if _kind(between) != "both-directions":
        return vantage
    return vantage._replace(kind="both-directions", text="One direction was seen here, the other one in another file.")


def _kind(sights: Sights) -> str:
    dhcp = sights.client_messages + sights.relayed_messages + sights.replies
    if sights.relayed_messages and not sights.client_messages:
        return "relay-uplink"
    unanswered = sights.answered_requests and not sights.replies and sights.unicast
    if unanswered or (sights.replies and not sights.client_messages and not sights.tftp_requests):
        return "one-direction"
    if not sights.unicast:
        return "broadcast-only" if dhcp else "unknown"
    if sights.tftp_requests and not (sights.high_ports or sights.unfiltered):
        return "ports-filtered"
    return "both-directions"
