"""Fuzzing whole captures: `python -m tests.fuzz --seed N --minutes M`.

The invariant: any bytes given as a capture end, within a time limit, in a report that its JSON Schema accepts or in a
one-line CaptureError, and in nothing else.
"""
