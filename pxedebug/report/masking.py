"""What a report must not show: user information and tokens in URLs.

User information is all between `://` and the last `@` before the path (RFC 3986 section 3.2.1). Of a query only
the values whose name says secret are masked, because `?mac=...` is what a boot is debugged by.
"""

from __future__ import annotations

import re

__all__ = ["MASK", "mask", "secret_spans"]

MASK = b"***"

_USER_INFORMATION = rb"(?<=://)[^/?#\s\x00]*(?=@)"
_NAMES = rb"token|secret|passw|pwd|auth|api_?key|access_?key|signature|credential|session|jwt"
# Bounded repeats: a hostile name must not make the search quadratic.
_LONG_NAME = rb"(?i:[?&;][^=&;?\s\x00]{0,64}(?:" + _NAMES + rb")[^=&;?\s\x00]{0,64}=)(?P<v1>[^&;#\s\x00]+)"
_SHORT_NAME = rb"(?i:[?&;](?:sig|key|pass|pw)=)(?P<v2>[^&;#\s\x00]+)"
_SECRET = re.compile(rb"(?P<v0>" + _USER_INFORMATION + rb")|" + _LONG_NAME + rb"|" + _SHORT_NAME)


def secret_spans(value: bytes) -> list[tuple[int, int]]:
    """Where `value` holds secrets: (start, end) byte offsets, in order, without overlap."""
    if b"://" not in value and b"?" not in value:
        return []
    return [match.span(match.lastgroup or 0) for match in _SECRET.finditer(value)]


def mask(value: bytes) -> bytes:
    """`value` with each secret replaced by `***`."""
    spans = secret_spans(value)
    if not spans:
        return value
    parts, end = [], 0
    for start, stop in spans:
        parts += [value[end:start], MASK]
        end = stop
    return b"".join([*parts, value[end:]])
