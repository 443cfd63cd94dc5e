"""What the container readers share: warnings, facts about a source, and the shape of a decoder."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from pxedebug.capture.limits import ContainerLimits
from pxedebug.capture.window import Window
from pxedebug.wire.batch import Batch

__all__ = ["Comment", "Decoder", "Interface", "SourceInfo", "SourceWarning", "cut_lengths", "join"]


class SourceWarning(NamedTuple):
    """Something a reader of the report must know about a source."""

    code: str
    """`cut-short`, `damaged-record`, ... in kebab-case, stable."""
    text: str


class Comment(NamedTuple):
    """A comment stored in a pcapng file."""

    ref: int | None
    """The frame it belongs to; None for a comment on a section or an interface."""
    text: str


@dataclass(slots=True)
class Interface:
    """An interface that a capture file describes; pcap files have exactly one."""

    link_type: int
    snap_length: int
    """Bytes; 0 where the file sets no limit."""
    ticks_per_second: int
    """The resolution of its timestamps (if_tsresol)."""
    name: str | None = None
    filter: str | None = None
    """The capture filter, as text, where the file names it."""
    fcs_length: int = 0
    """Bytes of frame check sequence behind each frame (if_fcslen)."""
    offset_seconds: int = 0
    """Seconds to add to every timestamp (if_tsoffset)."""
    frames: int = 0
    dropped: int | None = None
    """Frames that the interface dropped by its last statistics block (isb_ifdrop); None when unknown."""


@dataclass(slots=True)
class SourceInfo:
    """What one capture file or pipe is, and what has been read of it so far."""

    name: str
    index: int = 0
    container: str = ""
    """`pcap` or `pcapng`."""
    compression: str | None = None
    """`gzip`, `bzip2`, `xz`, `zstd`, `lz4` or None."""
    byte_order: str = ""
    """`little` or `big`; of the first section in pcapng."""
    frames: int = 0
    bytes: int = 0
    """Bytes of the frames as captured, without headers of the container."""
    truncated_frames: int = 0
    """Frames of which the capture holds fewer bytes than the wire had."""
    first_time: int | None = None
    """Earliest frame, nanoseconds since the Unix epoch."""
    last_time: int | None = None
    interfaces: list[Interface] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    comments_dropped: int = 0
    """Comments beyond `ContainerLimits.comments`."""
    warnings: list[SourceWarning] = field(default_factory=list)
    overlaps: bool = False
    """True when its time overlaps that of another source: a vantage point of its own, not a part of one capture."""
    vantage: int = 0
    """Number of its vantage point: sources at the same time have different ones, parts of one capture the same."""

    @property
    def link_types(self) -> list[int]:
        """LINKTYPE_ values of the frames seen, in order of their interfaces."""
        return list(dict.fromkeys(interface.link_type for interface in self.interfaces if interface.frames))

    def comment(self, ref: int | None, text: str, limits: ContainerLimits) -> None:
        """Keep a comment, or count it where the file has too many."""
        if len(self.comments) < limits.comments:
            self.comments.append(Comment(ref, text[: limits.comment_length]))
        else:
            self.comments_dropped += 1

    def warn(self, code: str, text: str) -> None:
        """Keep a warning; the same code is kept once."""
        if all(warning.code != code for warning in self.warnings):
            self.warnings.append(SourceWarning(code, text))


class Decoder(Protocol):
    """Turns the bytes in a window into batches, one container format each."""

    stopped: bool
    """Set once nothing more can be read, because of damage or an unknown version."""

    def decode(self, window: Window) -> Batch | None:
        """Take every complete record out of `window`; None when it holds no frame."""


def cut_lengths(
    captured: NDArray[Any], wire: NDArray[Any], fcs: int | NDArray[np.int64]
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Captured and wire length without the frame check sequence; a wire length below the captured one is forged."""
    held = captured.astype(np.int64)
    whole = np.maximum(np.minimum(wire, 0x7FFFFFFF).astype(np.int64), held)
    whole = np.maximum(whole - fcs, 0)
    return np.minimum(held, whole).astype(np.int32), whole.astype(np.int32)


def join(parts: list[Batch]) -> Batch:
    """One batch of several over the same buffer, in order."""
    if len(parts) == 1:
        return parts[0]
    return Batch(
        parts[0].buffer,
        np.concatenate([part.ref for part in parts]),
        np.concatenate([part.time for part in parts]),
        np.concatenate([part.offset for part in parts]),
        np.concatenate([part.captured for part in parts]),
        np.concatenate([part.wire_length for part in parts]),
        np.concatenate([part.link_type for part in parts]),
        np.concatenate([part.interface for part in parts]),
    )
