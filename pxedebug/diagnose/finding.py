"""What a rule says (`Found`) and what a report shows (`Finding`, `NetworkFinding`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import IntEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from pxedebug.track.story import Message
from pxedebug.wire.packet import Address

if TYPE_CHECKING:
    from pxedebug.diagnose.case import Turn
    from pxedebug.diagnose.rule import Remedy, Screen, Step

__all__ = [
    "Confidence", "Evidence", "Finding", "Found", "NetworkFinding", "Severity", "cite", "cite_each", "count", "name",
]  # fmt: skip

_LONGEST_NAME = 96
_NO_VALUES: Mapping[str, str] = MappingProxyType({})


class _Word(IntEnum):
    """An ordered word; `str()` is how reports write it."""

    def __str__(self) -> str:
        return self.name.lower()


class Severity(_Word):
    """How bad it is, in order; `fatal` and `error` stand only on failed and stalled boots."""

    INFO = 0
    """Explanation only."""
    WARNING = 1
    """The boot may succeed, but something is wrong or slow."""
    ERROR = 2
    """This attempt failed here; another try may not."""
    FATAL = 3
    """This attempt cannot succeed."""


class Confidence(_Word):
    """How sure the rule is, in order."""

    INFERRED = 0
    """From absence alone."""
    STRONG = 1
    """Timing, and a packet that goes with it."""
    CERTAIN = 2
    """A packet says so."""


class Evidence(NamedTuple):
    """A frame that a finding cites, and why."""

    frame: int
    """`wire.batch.frame_ref`."""
    note: str


class Found(NamedTuple):
    """What a rule found on one attempt, before it is weighed against the rest.

    Strings may quote the wire through `name`: undecodable bytes ride along as surrogates, and reports escape.
    """

    turn: Turn
    """The stage it was found in."""
    confidence: Confidence
    says: str
    """The verdict as one clause, no capital, no full stop: "the server 10.0.0.5 has no file `grubx64.efi`"."""
    evidence: tuple[Evidence, ...]
    """What the clause rests on, the deciding frame first."""
    more: str = ""
    """Further sentences."""
    severity: Severity | None = None
    """Instead of the rule's default."""
    title: str | None = None
    """Instead of the rule's, where one form of the fault goes by another name."""
    step: Step | None = None
    """Instead of the rule's, in the report: how far the boot was. The rule's decides what it is weighed by."""
    screens: tuple[Screen, ...] | None = None
    """Instead of the rule's."""
    server: Address | None = None
    """Whose fault or silence it is: findings of several clients about one server are put together."""
    values: Mapping[str, str] = _NO_VALUES
    """For the remedies' placeholders: `server`, `file`, `dhcp`, `mac`, `router`, ... (`rule.EXAMPLES` has all)."""
    causes: tuple[str, ...] | None = None
    """Instead of the rule's list, when the packets narrow it down."""
    remedies: tuple[Remedy, ...] | None = None
    """Instead of the rule's, likewise."""
    next_measurement: str | None = None
    """Instead of the rule's; what to capture or try to be sure."""
    absence: bool = False
    """It rests on something that was not seen: the vantage is named (set for `inferred` in any case)."""


class Finding(NamedTuple):
    """One judged fact about a boot."""

    id: str
    severity: Severity
    confidence: Confidence
    primary: bool
    caused_by: str | None
    """The id of another finding of the same boot that brought this one about."""
    title: str
    says: str
    """The verdict as one clause."""
    explanation: str
    """The clause as a sentence, and what follows it."""
    evidence: tuple[Evidence, ...]
    screen: tuple[str, ...]
    causes: tuple[str, ...]
    remedies: tuple[Remedy, ...]
    """With what the capture shows in place of the placeholders."""
    next_measurement: str | None
    step: str
    """The catalogue's word for how far the boot was: `link`, `dhcp`, `tftp`, ..."""
    server: Address | None = None
    group: str | None = None
    """The id of the network finding that this one is part of."""


class NetworkFinding(NamedTuple):
    """One fact about a server that hits several clients."""

    finding: Finding
    """Of the first client, with words about all."""
    server: Address | None
    clients: tuple[bytes, ...]
    """Hardware addresses."""
    boots: tuple[int, ...]
    """Numbers of the boots in the report."""


def cite(place: Message | int, note: str) -> tuple[Evidence, ...]:
    """Evidence of one frame (a `frame_ref`) or DHCP message; add these up with `+`."""
    return (Evidence(place if isinstance(place, int) else place.packet.frame, note),)


def cite_each(places: Iterable[Message | int], note: str, limit: int = 8) -> tuple[Evidence, ...]:
    """Evidence of several frames with the same note: the first ones and the last, `limit` in all."""
    found: Sequence[Message | int] = list(places)
    kept = found if len(found) <= limit else [*found[: limit - 1], found[-1]]
    return tuple(Evidence(place if isinstance(place, int) else place.packet.frame, note) for place in kept)


def name(value: bytes | None) -> str:
    """A name from the wire, in backquotes, shortened in the middle; trailing NULs are not part of a name.

    A backquote inside becomes an escape, so that a format may take what stands between two of them as one name.
    """
    text = (value or b"").rstrip(b"\0").decode("utf-8", "surrogateescape").replace("`", "\\x60")
    if len(text) > _LONGEST_NAME:
        half = _LONGEST_NAME // 2
        text = f"{text[:half]}…{text[-half:]}"
    return f"`{text}`"


def count(number: int, noun: str, plural: str | None = None) -> str:
    """`1 frame`, `2 frames`; `plural` where an s will not do."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"
