"""Every table of the tracker has a cap and an age: the named defaults, and what is lost when they bite.

What a cap evicts is counted (`capture.evicted` in the report), so a reader knows that something is missing.
"""

from __future__ import annotations

from typing import NamedTuple

from pxedebug.track.clocks import SECOND

__all__ = ["Limits"]


class Limits(NamedTuple):
    """Caps are counts, ages nanoseconds of capture time."""

    clients: int = 65_536
    """Clients remembered; beyond it the one silent for longest is forgotten with its boots (`evicted.clients`)."""
    messages: int = 300_000
    """DHCP messages kept in all; beyond it the clients silent for longest are forgotten, as with `clients`."""
    decoded_options: int = 1_000_000
    """Options of the kept DHCP messages that stay decoded, some 100 bytes each; the messages of further ones are
    decoded again each time that their story is told."""
    messages_per_client: int = 4_096
    """DHCP messages kept per client; beyond it the newest are only counted (`evicted.frames`)."""
    transfers_per_client: int = 4_096
    """Transfers kept per client; beyond it the newest are only counted (`evicted.frames`)."""
    copies_look_back: int = 16
    """Latest messages of a client among which the original of a copy is looked for."""
    boots: int = 100_000
    """Boots told; beyond it the oldest are left out (`evicted.boots`)."""
    pause: int = 600 * SECOND
    """A stretch without any frame at all that is longer proves no client's silence: nobody was listening."""
    pauses: int = 1_024
    """Such stretches remembered."""
    offers_per_exchange: int = 64
    """Offers kept per exchange; the rest stay as messages without an offer record."""
    open_transfers: int = 16_384
    """TFTP transfers followed at once; beyond it the sixteenth that was silent for longest is closed as it stands."""
    transfer_age: int = 180 * SECOND
    """A transfer silent for longer is closed; late frames of its port no longer count for it."""
    open_connections: int = 16_384
    """TCP connections followed at once; beyond it the sixteenth that was silent for longest is closed as it stands."""
    holes_per_transfer: int = 1_024
    """Runs of missing blocks remembered one by one; further ones are counted, their late arrivals not matched."""
    orphan_ports: int = 64
    """Server ports remembered that a client never answered, for each transfer; what others say is not counted."""
    pending_per_transfer: int = 64
    """Server packets kept until the client's first acknowledgement shows which server port it chose."""
    head_bytes: int = 65_536
    """Bytes from a file's start that are reassembled to say what it is."""
    kept_head_bytes: int = 4_096
    """Bytes of a finished file's start that are kept with its record."""
    fragments: int = 4_096
    """Incomplete IP datagrams under reassembly."""
    fragment_bytes: int = 16 * 1024 * 1024
    """Bytes held by them."""
    fragment_age: int = 30 * SECOND
    """An incomplete datagram older than this is given up (RFC 1122 section 3.3.2 allows 60 to 120 s)."""
    neighbours: int = 16_384
    """Addresses and links whose ARP, ND, ICMP and link frames are summed up."""
    neighbour_events: int = 64
    """Single events kept per such address or link."""
    addresses_per_client: int = 64
    """Addresses remembered of one client."""
    dns_clients: int = 4_096
    """Client addresses whose DNS messages are kept; beyond it the one that asked first is forgotten."""
    dns_messages: int = 64
    """DNS messages kept of each; beyond it the oldest are only counted (`evicted.frames`)."""
    url_ports: int = 64
    """TCP ports remembered that boot URLs name beside the usual ones; further ones are not followed."""
