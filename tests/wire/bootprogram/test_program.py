from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pxedebug.wire.bootprogram.program import printable


def test_text_ends_at_a_nul_or_the_limit() -> None:
    assert printable(b" 6.1.0 \0rest") == "6.1.0"
    assert printable(b"x" * 100, 10) == "x" * 10


@given(st.binary(max_size=100), st.integers(1, 40))
def test_any_bytes_give_printable_ascii(data: bytes, limit: int) -> None:
    text = printable(data, limit)
    assert text.isascii()
    assert text.isprintable()
    assert len(text) <= limit
