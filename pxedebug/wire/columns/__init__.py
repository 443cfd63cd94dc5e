"""The columnar decoder: link, network and transport headers of a whole batch by array operations.

In come the byte buffer and, per frame, where it starts and how much of it there is; out come arrays of header fields, a
row for every frame that holds the header wholly. `wire.frames` is the door: it puts these arrays into the columns that
everything else reads.
"""

from __future__ import annotations

from pxedebug.wire.columns.keys import endpoint_key
from pxedebug.wire.columns.pipeline import Decoded, decode, merge
from pxedebug.wire.columns.transport import Part

__all__ = ["Decoded", "Part", "decode", "endpoint_key", "merge"]
