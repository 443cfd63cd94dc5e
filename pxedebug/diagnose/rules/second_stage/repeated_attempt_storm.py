"""The same machine fails in the same way again and again.

Said from the fourth try within ten minutes on. Boots that work are not counted, nor is a machine that installs itself
over and over: each of its boots is a success by itself.
"""

from __future__ import annotations

from collections.abc import Iterator

from pxedebug.diagnose.case import Case
from pxedebug.diagnose.facts import seconds
from pxedebug.diagnose.finding import Confidence, Found, Severity, cite_each
from pxedebug.diagnose.network import ClientRecord, Network
from pxedebug.diagnose.rule import BAD, Rule, Screen, Step, advice
from pxedebug.firmware import artifact
from pxedebug.track.clocks import SECOND
from pxedebug.track.story import TransferStatus

__all__ = ["RULE"]

_TRIES = 4
_WINDOW = 600 * SECOND
_DEPTHS = ("a DISCOVER", "an offer", "its address", "asking for a file", "its first file")


def check(case: Case, network: Network) -> Iterator[Found]:
    """This boot and those before it, back to the first that came to another end."""
    if case.number < _TRIES or not case.decisive or not case.client.mac:
        return
    records = network.boots_by_mac.get(case.client.mac, ())
    here = next((at for at, record in enumerate(records) if record.boot == case.number), None)
    if here is None or here + 1 < _TRIES:
        return
    depth = _depth(records[here])
    same: list[tuple[int, int]] = []
    for record in reversed(records[: here + 1]):
        begun = _begun(record)
        if begun is None or _depth(record) != depth or _booted(record):
            break
        if same and same[0][0] - begun[0] > _WINDOW:
            break
        same.append(begun)
    if len(same) < _TRIES:
        return
    span = seconds(same[0][0] - same[-1][0])
    yield Found(
        case.first,
        Confidence.CERTAIN,
        f"the machine has tried {len(same)} times in {span} and never came further than {_DEPTHS[depth]}",
        cite_each([frame for _, frame in same], "a try begins"),
    )


def _depth(record: ClientRecord) -> int:
    if any(fetched.status is TransferStatus.COMPLETE for fetched in record.fetched):
        return 4
    if record.fetched:
        return 3
    if any(grant.type != "OFFER" for grant in record.grants):
        return 2
    return 1 if record.grants or record.proxies else 0


def _booted(record: ClientRecord) -> bool:
    """A kernel with its initrd, or a WIM: by the files' names, which is all that is kept of other boots."""
    whole = {artifact(f.file or b"") for f in record.fetched if f.status is TransferStatus.COMPLETE}
    return "wim" in whole or {"kernel", "initrd"} <= whole


def _begun(record: ClientRecord) -> tuple[int, int] | None:
    """Time and frame of the boot's first DISCOVER, or of its first request for a file; None where it has neither."""
    return next(iter((*record.discovers[:1], *((f.time, f.frame) for f in record.fetched[:1]))), None)


RULE = Rule(
    id="repeated-attempt-storm",
    title="The machine tries again and again",
    severity=Severity.WARNING,
    step=Step.DHCP,
    check=check,
    outcomes=BAD,
    screens=(Screen("The machine starts over again and again"),),
    causes=("whatever stops the single boot: see its first finding",),
    remedies=advice(
        "correct what stops the single boot",
        "or take the network out of the machine's boot order until that is done",
    ),
    sources=("UEFI specification, section 3.1 (boot manager)",),
)
