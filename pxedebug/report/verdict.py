"""The verdict on a boot in one sentence, as every format prints it.

A boot that a finding explains has that finding's words and its deciding frame; any other has what the wire shows
(`reason`). Strings may still quote the wire: the format that prints them escapes (`Context.prose`).
"""

from __future__ import annotations

from pxedebug.diagnose import Finding, Severity
from pxedebug.diagnose.judgement import JudgedBoot
from pxedebug.report.context import Context
from pxedebug.report.reason import disks_first_frame, reason
from pxedebug.report.words import frame_name
from pxedebug.track.story import Outcome

__all__ = ["STEP_WORDS", "clause", "consequence", "frames", "outcome_words", "verdict"]

STEP_WORDS = {
    "link": "at the link",
    "dhcp": "in DHCP",
    "proxydhcp": "at the proxyDHCP server",
    "bootserver": "at the boot server",
    "tftp": "in TFTP",
    "http": "in HTTP",
    "post-nbp": "after its boot program was loaded",
}
"""Where a boot stopped, by `Finding.step`."""

_OUTCOME_WORDS = {
    Outcome.BOOTED: "booted",
    Outcome.FAILED: "failed",
    Outcome.STALLED: "is stuck",
    Outcome.IN_PROGRESS: "was still booting",
    Outcome.LOCAL: "boots from its local disk",
    Outcome.INCONCLUSIVE: "cannot be judged",
}


def outcome_words(judged: JudgedBoot) -> str:
    """`failed in TFTP`, `booted`: what a sentence about the client goes on with."""
    primary, effect = judged.primary, consequence(judged)
    stopped = effect or primary
    step = "" if stopped is None else stopped.step
    return f"{_OUTCOME_WORDS[judged.boot.outcome]} {STEP_WORDS.get(step, '')}".rstrip()


def consequence(judged: JudgedBoot) -> Finding | None:
    """The gravest finding that the primary one brought about: where the boot stopped, when the cause lies earlier."""
    primary = judged.primary
    if primary is None:
        return None
    effects = [f for f in judged.findings if f.caused_by == primary.id and f.severity >= Severity.ERROR]
    return max(effects, key=lambda finding: finding.severity, default=None)


def clause(judged: JudgedBoot, context: Context) -> str:
    """Why, without the client and its outcome; empty where nothing is to be said."""
    primary, effect = judged.primary, consequence(judged)
    if primary is None:
        said = reason(judged.boot, context.visible, context.last_time)
    else:
        said = context.prose(primary.says) + frames(primary, context, 1)
    if effect is not None:
        said += f"; after that, {context.prose(effect.says)}{frames(effect, context, 1)}"
    spoke = disks_first_frame(judged.boot)
    if spoke is not None:
        said += f"; then the system on its disk spoke (frame {frame_name(spoke, context.many_sources)})"
    return said


def verdict(judged: JudgedBoot, context: Context) -> str:
    """`52:54:00:77:00:20 failed in TFTP: the server 10.77.0.1 has no file `grubx64.efi` (frame 9)`."""
    client = judged.boot.client
    known = f"The client at {client.addresses[-1]}" if client.addresses else "A client of unknown address"
    who = client.mac.hex(":") or known
    why = clause(judged, context)
    return f"{who} {outcome_words(judged)}" + (f": {why}" if why else "")


def frames(finding: Finding, context: Context, limit: int) -> str:
    """The first `limit` frames that a finding cites, in brackets with a space before; empty when it cites none."""
    cited = list(dict.fromkeys(frame_name(each.frame, context.many_sources) for each in finding.evidence))[:limit]
    if not cited:
        return ""
    return f" (frame {cited[0]})" if len(cited) == 1 else f" (frames {', '.join(cited)})"
