from __future__ import annotations

from io import BytesIO, StringIO, TextIOWrapper

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.text import Text

from pxedebug.report.text.output import Output, fold, join


@given(st.text("ab 启\u0335", max_size=60), st.integers(2, 30))
def test_folded_lines_fit_and_lose_only_spaces(value: str, width: int) -> None:
    lines = fold(Text(value), width)
    assert all(cell_len(line.plain) <= width for line in lines)
    assert "".join(line.plain for line in lines).replace(" ", "") == value.replace(" ", "")


@given(st.lists(st.text("abc ", min_size=1, max_size=30), min_size=1, max_size=8), st.integers(5, 40))
def test_joined_segments_fit(segments: list[str], width: int) -> None:
    lines = join([Text(segment) for segment in segments], "·", width, width)
    assert all(cell_len(line.plain) <= width for line in lines)


def test_a_segment_moves_to_the_next_line_rather_than_being_torn() -> None:
    lines = join([Text("one"), Text("two three")], "·", 10, 10)
    assert [line.plain for line in lines] == ["one", "two three"]


def test_a_pipe_gets_no_colour_and_no_trailing_spaces() -> None:
    out = StringIO()
    Output(out, width=80).line(Text("red  ", "red"))
    assert out.getvalue() == "red\n"


def test_colour_where_it_is_wanted() -> None:
    out = StringIO()
    Output(out, width=80, colour=True).line(Text("[red]x", "red"))
    assert "\x1b[31m[red]x" in out.getvalue()


class _Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def test_no_color_is_honoured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    out = _Terminal()
    Output(out, width=80).line(Text("x", "red"))
    assert out.getvalue() == "x\n"


def test_a_stream_that_cannot_write_lines_gets_ascii() -> None:
    raw = BytesIO()
    stream = TextIOWrapper(raw, encoding="latin-1")
    output = Output(stream, width=80)
    output.heading(Text("a ünd …"))
    stream.flush()
    assert raw.getvalue().isascii()
    assert output.signs.to_server == "-->"


def test_columns_set_the_width_of_a_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "132")
    assert Output(StringIO()).width == 132
    monkeypatch.delenv("COLUMNS")
    assert Output(StringIO()).width == 100
