"""Lists inside options."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pxedebug.report.extract.anonymise.suboptions import counted, rewrite_list


def shout(_code: int, value: bytes) -> bytes:
    return value.upper()


def test_values_are_replaced_and_codes_and_lengths_stay() -> None:
    assert rewrite_list(b"\1\2ab\0\5\1c\xffrest", shout, padded=True) == b"\1\2AB\0\5\1C\xff" + bytes(4)
    assert rewrite_list(b"\0\1a\xff\1b", shout, padded=False) == b"\0\1A\xff\1B"


def test_what_forms_no_suboption_keeps_code_and_length_or_is_odd() -> None:
    assert rewrite_list(b"\1\1a\2\11bc", shout, padded=True) == b"\1\1A\2\11BC"
    assert rewrite_list(b"06:01", shout, padded=True, odd=bytes.swapcase) == b"06:01"


def test_counted_strings() -> None:
    assert counted(b"\2ab\0\1c", bytes.upper, 1) == b"\2AB\0\1C"
    assert counted(b"\0\2ab", bytes.upper, 2) == b"\0\2AB"
    assert counted(b"\5ab", bytes.upper, 1) is None


@given(st.binary(max_size=40), st.booleans())
def test_the_length_stays(raw: bytes, padded: bool) -> None:
    assert len(rewrite_list(raw, shout, padded=padded)) == len(raw)
    for width in (1, 2):
        made = counted(raw, bytes.upper, width)
        assert made is None or len(made) == len(raw)
