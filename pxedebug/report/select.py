"""Which part of a story is asked for: one client, a span of time.

A boot is judged by the whole capture and then shown or not, never cut: half a boot would get another verdict.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from pxedebug.track.story import Boot, Exchange, OtherClient, Story, Transfer

__all__ = ["View", "select"]


class View(NamedTuple):
    """A story, and which of its boots and other clients are to be shown. Iterates anew each time, boot by boot."""

    story: Story
    client: bytes | None = None
    since: int | None = None
    until: int | None = None

    @property
    def filtered(self) -> bool:
        """True when something may be left out."""
        return any(part is not None for part in (self.client, self.since, self.until))

    def boots(self) -> Iterator[tuple[int, Boot]]:
        """The boots with their ids: from 1, counted over all boots of the story."""
        numbered = enumerate(self.story.boots, start=1)
        return ((number, boot) for number, boot in numbered if self._wanted(boot.client.mac, boot.started, boot.ended))

    def others(self) -> Iterator[OtherClient]:
        """The clients that did not boot from the network."""
        return (other for other in self.story.others if self._wanted(other.client.mac, *_span(other)))

    def _wanted(self, mac: bytes, started: int, ended: int) -> bool:
        return (
            (self.client is None or mac == self.client)
            and (self.since is None or ended >= self.since)
            and (self.until is None or started <= self.until)
        )


def select(story: Story, *, client: bytes | None = None, since: int | None = None, until: int | None = None) -> View:
    """What of `story` belongs to the hardware address `client` and was going on between two times.

    `since` and `until` are nanoseconds since the Unix epoch, both included; None leaves that side open.
    """
    return View(story, client, since, until)


def _span(other: OtherClient) -> tuple[int, int]:
    """First and last time of a client that did not boot."""
    times = [*_exchange_times(other.exchanges), *_transfer_times(other.transfers)]
    return (min(times), max(times)) if times else (0, 0)


def _exchange_times(exchanges: Iterable[Exchange]) -> Iterator[int]:
    return (message.packet.time for exchange in exchanges for message in exchange.messages)


def _transfer_times(transfers: Iterable[Transfer]) -> Iterator[int]:
    return (time for transfer in transfers for time in (transfer.started, transfer.ended))
