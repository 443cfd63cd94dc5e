from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from pxedebug.report import escape
from tests.report.hostile_names import FORBIDDEN


def test_utf8_stays_and_other_bytes_become_escapes() -> None:
    assert escape.text("启动.efi".encode()) == "启动.efi"
    assert escape.text(b"a\xffb") == "a\\xffb"


def test_a_backslash_stays() -> None:
    assert escape.text(rb"\Boot\BCD") == r"\Boot\BCD"
    assert escape.text(rb"\Boot\x64\wdsnbp.com") == r"\Boot\x64\wdsnbp.com"


@given(st.text())
def test_printable_text_holds_nothing_that_a_terminal_acts_on(value: str) -> None:
    shown = escape.printable(value)
    assert shown.isprintable()
    assert not FORBIDDEN & set(shown)


def test_printable_escapes() -> None:
    assert escape.printable("a b\n\x1b\x9b\u202e\U000e0001") == "a b\\x0a\\x1b\\u009b\\u202e\\U000e0001"


@given(st.text())
def test_ascii_json_changes_the_spelling_and_not_the_value(value: str) -> None:
    encoded = json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")
    safe = escape.ascii_json(encoded)
    assert json.loads(safe) == json.loads(encoded)
    assert not (FORBIDDEN - {"\U000e0001"}) & set(safe.decode("utf-8", "surrogatepass"))
