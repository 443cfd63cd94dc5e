"""A machine that somebody named and that the capture shows to be silent: there is no boot that could say so."""

from __future__ import annotations

from pxedebug.diagnose.finding import Confidence, Finding, NetworkFinding, Severity
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rules.link.no_client_traffic import RULE, absent
from pxedebug.diagnose.values import in_words
from pxedebug.track.story import Story

__all__ = ["silent_machine"]


def silent_machine(story: Story, mac: bytes, network: Network) -> NetworkFinding | None:
    """The finding about a machine without any boot; None where it has one, or where the capture cannot tell."""
    says = absent(story, mac, network)
    if says is None:
        return None
    finding = Finding(
        id=RULE.id,
        severity=Severity.WARNING,  # no boot failed here as far as anybody knows
        confidence=Confidence.INFERRED,
        primary=False,
        caused_by=None,
        title=RULE.title,
        says=says,
        explanation=" ".join(filter(None, (f"{says[:1].upper()}{says[1:]}.", network.vantage_words))),
        evidence=(),
        screen=tuple(screen.text for screen in RULE.screens),
        causes=RULE.causes,
        remedies=tuple(remedy.filled(in_words({"mac": mac.hex(":")})) for remedy in RULE.remedies),
        next_measurement=RULE.next_measurement,
        step=str(RULE.step),
        group=RULE.id,
    )
    return NetworkFinding(finding, None, (mac,), ())
