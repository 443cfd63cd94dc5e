"""Telling the story boot by boot: clients are assembled one after the other while somebody reads, and let go again."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator

from pxedebug.track.assemble import OPENING, AssemblyContext, assemble_client
from pxedebug.track.clients import ClientLog, ClientRegistry
from pxedebug.track.story import Boot, OtherClient
from pxedebug.track.walks import join_interfaces

__all__ = ["Telling"]


class Telling:
    """The boots and other clients of a registry at one moment; every pass over them assembles anew.

    `limit` boots are told at most; of more, the oldest are left out and counted in `evicted`.
    """

    def __init__(self, clients: ClientRegistry, context: Callable[[], AssemblyContext], limit: int) -> None:
        self._clients = clients
        self._context = context
        self._more: list[ClientLog] | None = None
        """Clients that did more than boot, once a pass over the boots has shown which."""
        self.evicted = 0
        if sum(_most_boots(log) for log in clients) > limit:
            self.evicted = max(0, sum(1 for _ in self._in_order()) - limit)

    def boots(self) -> Iterator[Boot]:
        """The boots in order of their start."""
        for number, boot in enumerate(self._in_order()):
            if number >= self.evicted:
                yield boot

    def others(self) -> Iterator[OtherClient]:
        """What clients did besides booting."""
        context = self._context()
        for log in self._more if self._more is not None else _by_first_frame(self._clients):
            _, other = assemble_client(log, context)
            if other is not None:
                yield other

    def _in_order(self) -> Iterator[Boot]:
        # No boot of a machine begins before the machine's first frame, in whose order machines come: a boot waits in
        # the heap only until no earlier one can come.
        waiting: list[tuple[int, int, Boot]] = []
        order = 0
        for first, boots in self._machines():
            while waiting and waiting[0][0] < first:
                yield heapq.heappop(waiting)[2]
            for boot in boots:
                heapq.heappush(waiting, (boot.started, order, boot))
                order += 1
        while waiting:
            yield heapq.heappop(waiting)[2]

    def _machines(self) -> Iterator[tuple[int, list[Boot]]]:
        """Each machine's first frame's time and its boots."""
        context = self._context()
        more: list[ClientLog] = []
        for group in join_interfaces(_by_first_frame(self._clients)):
            boots: list[Boot] = []
            for log in group.logs:
                found, other = assemble_client(log, context)
                boots += found
                if other is not None:
                    more.append(log)
            yield group.logs[0].first, group.join(boots)
        self._more = more


def _most_boots(log: ClientLog) -> int:
    """No log holds more boots than this: each begins with a message that opens one, with a request, or with the log."""
    return 1 + sum(message.type in OPENING for message in log.messages[1:]) + len(log.tftp) + len(log.http)


def _by_first_frame(clients: ClientRegistry) -> list[ClientLog]:
    return sorted(clients, key=lambda log: (log.first, log.mac))
