"""From one client's log to its boots: events in time order become stages, stages become boots.

Pure functions of the log: the same log gives the same story, live or from a file. `assemble_client` is the entry.
"""

from __future__ import annotations

from pxedebug.track.assemble.client import AssemblyContext, assemble_client
from pxedebug.track.assemble.walk import OPENING

__all__ = ["OPENING", "AssemblyContext", "assemble_client"]
