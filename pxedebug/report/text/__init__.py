"""The report for people: what the capture is, one line for each boot, then each boot as a ladder of what happened.

It is written for a terminal of 80 columns or more and for a pipe alike; colour only repeats what words say. Strings
from the wire are shown with control and bidirectional characters as escapes.
"""

from __future__ import annotations

from pxedebug.report.text.output import Output
from pxedebug.report.text.page import TextOptions, write_text

__all__ = ["Output", "TextOptions", "write_text"]
