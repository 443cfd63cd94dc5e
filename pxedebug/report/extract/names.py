"""Names from the wire as names of files on this machine: nothing that leaves the folder, hides, or means a device."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["safe_name", "unique"]

_LONGEST = 120
_ALLOWED = re.compile(r"[^A-Za-z0-9._+@=-]+")
_DEVICES = frozenset(("con", "prn", "aux", "nul", *(f"com{n}" for n in range(10)), *(f"lpt{n}" for n in range(10))))


def safe_name(name: bytes | None) -> str:
    """The last part of a path or URL in plain ASCII letters, digits and a few signs; never empty, `.` or hidden."""
    text = (name or b"").rstrip(b"\0").decode("utf-8", "replace")
    if "://" in text:
        text = text.partition("#")[0].partition("?")[0]
    last = text.replace("\\", "/").rstrip("/").rpartition("/")[2]
    plain = unicodedata.normalize("NFKD", last).encode("ascii", "ignore").decode("ascii")
    shown = _ALLOWED.sub("_", plain).strip("._") or "unnamed"
    if len(shown) > _LONGEST:
        shown = shown[: _LONGEST // 2] + "_" + shown[-_LONGEST // 2 :]
    return f"_{shown}" if shown.lower().partition(".")[0] in _DEVICES else shown


def unique(name: str, taken: set[str]) -> str:
    """`name`, with a number before its suffix where it is taken already; the result is added to `taken`.

    Names that differ only in case count as one: some file systems know no difference.
    """
    stem, dot, suffix = name.partition(".")
    candidate, number = name, 1
    while candidate.lower() in taken:
        number += 1
        candidate = f"{stem}-{number}{dot}{suffix}"
    taken.add(candidate.lower())
    return candidate
