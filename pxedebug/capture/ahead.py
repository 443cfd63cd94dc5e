"""Decoding one window ahead of the engine: two buffers, a thread, and half of the waiting gone.

Reading and the array operations of a decoder release the interpreter lock, so that a second core walks the records of
the next window while the engine is at work on this one.
"""

from __future__ import annotations

from collections.abc import Iterator
from queue import SimpleQueue
from threading import Semaphore, Thread
from typing import Generic, TypeVar

__all__ = ["WINDOWS", "Ahead"]

Item = TypeVar("Item")

WINDOWS = 2
"""Buffers that a window read ahead must alternate between."""


class Ahead(Generic[Item]):
    """Iterates over `source` in a thread, one item ahead of whoever iterates over this.

    An item is done with when the next one is asked for, and only then does the source go on to the item after next:
    it may reuse what the last item but one lay in. What `source` raises is raised here, after the items before it.
    """

    def __init__(self, source: Iterator[Item]) -> None:
        self._source = source
        self._items: SimpleQueue[tuple[Item | None, BaseException | None]] = SimpleQueue()
        self._free = Semaphore(WINDOWS)
        self._stopped = False

    def __iter__(self) -> Iterator[Item]:
        thread = Thread(target=self._work, name="capture-ahead", daemon=True)
        thread.start()
        try:
            while True:
                item, error = self._items.get()
                if error is not None:
                    raise error
                if item is None:
                    return
                yield item
                self._free.release()
        finally:
            self._stopped = True
            self._free.release()
            thread.join()

    def _work(self) -> None:
        error: BaseException | None = None
        try:
            while self._wait() and (item := next(self._source, None)) is not None:
                self._items.put((item, None))
        except BaseException as caught:  # noqa: BLE001 - handed to the other thread, which raises it
            error = caught
        self._items.put((None, error))

    def _wait(self) -> bool:
        """True when a window is free to be filled, False when nobody wants another item."""
        self._free.acquire()
        return not self._stopped
