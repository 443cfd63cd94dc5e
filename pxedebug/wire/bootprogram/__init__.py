"""What a transferred file is, told from its first 64 KiB.

Bytes of a file's beginning come in; out goes a `Program`: its type, the machine it is made for, whether it is signed
and how long a complete one must be. Of a PE image `read_pe` gives the same without the search for names. Nothing here
runs, unpacks or trusts what it reads.
"""

from __future__ import annotations

from pxedebug.wire.bootprogram.identify import identify
from pxedebug.wire.bootprogram.pe import PeHeader, read_pe
from pxedebug.wire.bootprogram.program import HEAD_BYTES, MACHINE_NAMES, SUBSYSTEM_NAMES, Program

__all__ = ["HEAD_BYTES", "MACHINE_NAMES", "SUBSYSTEM_NAMES", "PeHeader", "Program", "identify", "read_pe"]
