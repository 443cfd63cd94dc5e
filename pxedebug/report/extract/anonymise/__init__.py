"""A capture that may be shown to anybody: same boots and verdicts, nobody's addresses, names, secrets or files.

Frames come in, frames of the same length go out; `internet` and the modules below it replace identifiers protocol by
protocol, `identities`, `addresses` and `names` hold what stands for what.
"""

from __future__ import annotations

from pxedebug.report.extract.anonymise.anonymiser import KEY_BYTES, Anonymiser

__all__ = ["KEY_BYTES", "Anonymiser"]
