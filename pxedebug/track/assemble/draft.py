"""Stages and boots while they are put together."""

from __future__ import annotations

from dataclasses import dataclass, field

from pxedebug.firmware import Fingerprint
from pxedebug.firmware.programs import Method, Program, StageKind
from pxedebug.track.story import Message, Transfer, TransferStatus

__all__ = ["BootDraft", "StageDraft", "fetched"]


def fetched(transfer: Transfer) -> bool:
    """A whole file reached the client."""
    return transfer.operation == "read" and transfer.status is TransferStatus.COMPLETE and transfer.file is not None


@dataclass(slots=True, eq=False)
class StageDraft:
    """One program's turn, so far."""

    kind: StageKind
    program: Program
    method: Method | None
    started: int
    messages: list[Message] = field(default_factory=list)
    transfers: list[Transfer] = field(default_factory=list)
    last_opening: Message | None = None
    """The latest DISCOVER, SOLICIT or BOOTREQUEST."""
    last_client: int = 0
    """Time of the client's latest message."""
    openings: int = 0
    """DISCOVERs (SOLICITs, BOOTREQUESTs) since the stage began, or since its last REQUEST."""
    requested: bool = False
    """A REQUEST or a transfer came after the latest opening."""
    acknowledged: bool = False
    restarting: bool = False
    """A NAK or a DECLINE sends the client back to DISCOVER."""

    def same_program(self, fingerprint: Fingerprint) -> bool:
        """The message's sender is the program whose turn this is."""
        return (fingerprint.kind, fingerprint.program, fingerprint.method) == (self.kind, self.program, self.method)

    @property
    def fetched(self) -> bool:
        """This stage loaded at least one whole file."""
        return any(fetched(transfer) for transfer in self.transfers)


@dataclass(slots=True, eq=False)
class BootDraft:
    """One power-on, so far."""

    stages: list[StageDraft]
    before_capture: bool
    last: int
    """Time of its latest event."""

    @property
    def current(self) -> StageDraft:
        """The stage whose turn it is."""
        return self.stages[-1]

    @property
    def methods(self) -> set[Method]:
        """The methods that firmware has begun."""
        return {stage.method for stage in self.stages if stage.kind is StageKind.FIRMWARE and stage.method is not None}

    @property
    def fetched(self) -> bool:
        """Any stage loaded a whole file."""
        return any(stage.fetched for stage in self.stages)
