"""Stretches of time that several parts of the tracker judge by, each said once. Nanoseconds of capture time."""

from __future__ import annotations

__all__ = ["COPY_WINDOW", "FIRST_ANSWER", "SECOND", "SILENCE"]

SECOND = 1_000_000_000
SILENCE = 10 * SECOND
"""Silence after which what was going on has stopped: the glossary's "more than 10 s inside a transfer"."""
FIRST_ANSWER = 4 * SECOND
"""How long a lone request may wait for its answer: the longest first retry of any firmware is 4 to 5 s."""
COPY_WINDOW = 100_000
"""Between a frame and its copy on one mirror port: 100 us (catalogue B-13)."""
