"""From decoded values to stories.

A `Tracker` is fed with batches of frames and keeps, within `Limits`, what every client said and fetched. Asked for the
`Story`, it tells each power-on as a `Boot` of stages, exchanges and transfers with an outcome; time comes with the
frames or through `advance`.
"""

from __future__ import annotations

from pxedebug.track.limits import Limits
from pxedebug.track.story import Boot, OtherClient, Outcome, Story
from pxedebug.track.tracker import Tracker

__all__ = ["Boot", "Limits", "OtherClient", "Outcome", "Story", "Tracker"]
