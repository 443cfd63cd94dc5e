"""What an ICMP "destination unreachable" says, in words."""

from __future__ import annotations

from pxedebug.wire.neighbours import IcmpError
from pxedebug.wire.packet import Address

__all__ = ["NO_WAY", "refusal"]

_REFUSALS = {
    (4, 0): "has no route to its network",
    (4, 1): "cannot reach it",
    (4, 9): "forbids traffic to its network",
    (4, 10): "forbids traffic to it",
    (4, 13): "forbids the request",
    (6, 0): "has no route to it",
    (6, 1): "forbids the request",
    (6, 3): "cannot reach it",
    (6, 5): "forbids its source address",
}
"""IP version and code of "destination unreachable" (RFC 1812 section 5.2.7.1, RFC 4443 section 3.1)."""
NO_WAY = {
    (4, 0): "network unreachable",
    (4, 1): "host unreachable",
    (6, 0): "no route to destination",
    (6, 3): "address unreachable",
}
"""The names of those that are about the way there, not about what may pass (RFC 792, RFC 4443 section 3.1)."""


def refusal(event: IcmpError, server: Address) -> str | None:
    """What somebody says of a request to `server`: "it ..."; None when it is the server's own word that nothing listens
    on the port, or when it says something else."""
    if event.port_unreachable:
        return None if event.source == server else "rejects it in the server's place"
    return _REFUSALS.get((event.version, event.code)) if event.unreachable else None
