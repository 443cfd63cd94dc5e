"""Which part of a judgement is asked for: one client, a span of time, what a filter wants.

A boot is judged by the whole capture and then shown or not, never cut: half a boot would get another verdict.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from pxedebug.diagnose import Judgement, NetworkFinding
from pxedebug.diagnose.judgement import JudgedBoot
from pxedebug.track.story import Exchange, OtherClient, Story, Transfer

__all__ = ["View", "select"]


class View(NamedTuple):
    """A judgement, and which of its boots and other clients are to be shown. Iterates anew each time, boot by boot."""

    judgement: Judgement
    client: bytes | None = None
    since: int | None = None
    until: int | None = None
    where: Callable[[JudgedBoot], bool] | None = None

    @property
    def story(self) -> Story:
        """What was judged."""
        return self.judgement.story

    @property
    def filtered(self) -> bool:
        """True when something may be left out."""
        return any(part is not None for part in (self.client, self.since, self.until, self.where))

    def boots(self) -> Iterator[JudgedBoot]:
        """The boots with their findings and their numbers: from 1, counted over all boots of the story."""
        for judged in self.judgement.boots():
            boot = judged.boot
            if self._wanted(boot.client.mac, boot.started, boot.ended) and (self.where is None or self.where(judged)):
                yield judged

    def others(self) -> Iterator[OtherClient]:
        """The clients that did not boot from the network; none where a filter asks for boots."""
        if self.where is not None:
            return iter(())
        return (other for other in self.story.others if self._wanted(other.client.mac, *_span(other)))

    def findings(self) -> Iterator[NetworkFinding]:
        """What several clients share, as far as one of their boots is shown, and that a client asked for is silent."""
        if not self.filtered:
            return iter(self.judgement.findings)
        shown = {judged.number for judged in self.boots()} if self.judgement.findings else set()
        return (
            finding
            for finding in self.judgement.findings
            if shown.intersection(finding.boots) or (not finding.boots and self.client in finding.clients)
        )

    def _wanted(self, mac: bytes, started: int, ended: int) -> bool:
        return (
            (self.client is None or mac == self.client)
            and (self.since is None or ended >= self.since)
            and (self.until is None or started <= self.until)
        )


def select(
    judgement: Judgement,
    *,
    client: bytes | None = None,
    since: int | None = None,
    until: int | None = None,
    where: Callable[[JudgedBoot], bool] | None = None,
) -> View:
    """What of `judgement` belongs to the hardware address `client`, was going on between two times, and is wanted.

    `since` and `until` are nanoseconds since the Unix epoch, both included; None leaves that side open.
    """
    return View(judgement, client, since, until, where)


def _span(other: OtherClient) -> tuple[int, int]:
    """First and last time of a client that did not boot."""
    times = [*_exchange_times(other.exchanges), *_transfer_times(other.transfers)]
    return (min(times), max(times)) if times else (0, 0)


def _exchange_times(exchanges: Iterable[Exchange]) -> Iterator[int]:
    return (message.packet.time for exchange in exchanges for message in exchange.messages)


def _transfer_times(transfers: Iterable[Transfer]) -> Iterator[int]:
    return (time for transfer in transfers for time in (transfer.started, transfer.ended))
