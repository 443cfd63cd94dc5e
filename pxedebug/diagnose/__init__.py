"""Why a boot failed: stories in, findings with evidence, causes and remedies out.

A rule looks at one attempt (one method of firmware inside a boot) and says what it finds; `judge` weighs what the
rules said by the one table in `precedence`, so that a failed boot has exactly one primary finding and a healthy one
has none. Nothing here reads a file or a clock: silence is judged by capture time and by what the capture could see.
"""

from __future__ import annotations

from pxedebug.diagnose.builtin import builtin_rules
from pxedebug.diagnose.finding import Confidence, Evidence, Finding, NetworkFinding, Severity
from pxedebug.diagnose.judgement import Judgement, judge
from pxedebug.diagnose.rule import Rule, Step

__all__ = [
    "Confidence", "Evidence", "Finding", "Judgement", "NetworkFinding", "Rule", "Severity", "Step", "builtin_rules",
    "judge",
]  # fmt: skip
