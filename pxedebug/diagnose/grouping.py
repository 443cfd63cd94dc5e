"""The same finding about one server for several clients is one fact about the server (catalogue 8, rule 4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from pxedebug.diagnose.finding import Finding, NetworkFinding, Severity, count
from pxedebug.diagnose.precedence import NETWORK_WIDE
from pxedebug.track.clocks import SECOND
from pxedebug.track.story import Client
from pxedebug.wire.packet import Address, format_mac

__all__ = ["Hit", "grouped"]

_CLIENTS = 3
_WINDOW = 600 * SECOND
"""Boots that began further apart than this do not share a cause for sure."""
_CITED = 8
"""Clients whose frame is cited."""


class Hit(NamedTuple):
    """One finding of one boot."""

    boot: int
    client: Client
    started: int
    finding: Finding

    @property
    def who(self) -> str:
        """The client's hardware address, else (behind a router) its IP address, else what it calls itself."""
        client = self.client
        if client.mac:
            return format_mac(client.mac)
        return str(client.addresses[-1]) if client.addresses else (client.uuid or client.duid or b"").hex()


def grouped(hits: Iterable[Hit]) -> tuple[NetworkFinding, ...]:
    """The findings that three clients or more share within ten minutes, by server, in order of their first boot."""
    by_fault: dict[tuple[str, Address | None], list[Hit]] = {}
    for hit in hits:
        finding = hit.finding
        if finding.severity > Severity.INFO and (finding.server is not None or finding.id in NETWORK_WIDE):
            by_fault.setdefault((finding.id, finding.server), []).append(hit)
    found = [
        _network_finding(cluster, which)
        for fault in by_fault.values()
        for which, cluster in enumerate(_clusters(fault))
    ]
    return tuple(sorted(found, key=lambda group: group.boots[0]))


def _clusters(hits: Sequence[Hit]) -> list[list[Hit]]:
    """Runs of hits without a long pause that concern enough clients."""
    runs: list[list[Hit]] = []
    for hit in sorted(hits, key=lambda each: (each.started, each.boot)):
        if not runs or hit.started - runs[-1][-1].started > _WINDOW:
            runs.append([])
        runs[-1].append(hit)
    return [run for run in runs if len({hit.who for hit in run}) >= _CLIENTS]


def _network_finding(hits: Sequence[Hit], which: int) -> NetworkFinding:
    gravest = max(hits, key=lambda hit: (hit.finding.severity, hit.finding.confidence, -hit.boot)).finding
    clients = {hit.who: hit.client for hit in hits}
    place = "" if gravest.server is None else f"@{gravest.server}"
    again = f"#{which + 1}" if which else ""
    about = "the segment" if gravest.server is None else str(gravest.server)
    evidence = tuple(
        hit.finding.evidence[0]._replace(note=f"{hit.who}: {hit.finding.evidence[0].note}")
        for hit in hits[:_CITED]
        if hit.finding.evidence
    )
    said = {hit.finding.says for hit in hits}
    trouble = gravest.says if len(said) == 1 else gravest.title[:1].lower() + gravest.title[1:]
    about = "" if about in trouble else f" with {about}"
    says = f"{count(len(clients), 'client')}{_by_address(clients)} have the same trouble{about}: {trouble}"
    finding = gravest._replace(
        primary=False,
        caused_by=None,
        says=says,
        explanation=f"{says[:1].upper()}{says[1:]}. For the first of them: {gravest.explanation}",
        evidence=evidence,
        group=f"{gravest.id}{place}{again}",
    )
    known = tuple(client.mac for client in clients.values() if client.mac)
    return NetworkFinding(finding, gravest.server, known, tuple(dict.fromkeys(hit.boot for hit in hits)))


def _by_address(clients: Mapping[str, Client]) -> str:
    """Those without a known hardware address, in brackets."""
    routed = [who for who, client in clients.items() if not client.mac]
    more = f" and {len(routed) - _CITED:,} more" if len(routed) > _CITED else ""
    return f" ({', '.join(routed[:_CITED])}{more})" if routed else ""
