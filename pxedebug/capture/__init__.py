"""Where frames come from: capture files, compressed or not, and pipes.

Bytes of a pcap or pcapng container go in, batches of frames as columns over one reused buffer come out, in order of
time where several captures are read together. Damage ends in a warning, an unreadable input in one line that says
what it looks like and what to do, and no input makes the process grow beyond `ContainerLimits`.
"""

from __future__ import annotations

from pxedebug.capture.captures import CaptureSet, open_captures
from pxedebug.capture.limits import ContainerLimits
from pxedebug.capture.records import Comment, Interface, SourceInfo, SourceWarning
from pxedebug.capture.source import Capture

__all__ = [
    "Capture",
    "CaptureSet",
    "Comment",
    "ContainerLimits",
    "Interface",
    "SourceInfo",
    "SourceWarning",
    "open_captures",
]
