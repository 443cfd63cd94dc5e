from __future__ import annotations

from contextlib import suppress

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pxedebug.cli.parameters import FRAME, MAC, TIME, WHERE, FrameName, Moment
from tests.test_plugins import OURS


@given(st.binary(min_size=6, max_size=6), st.sampled_from([":", "-", " ", "."]), st.booleans())
def test_macs_in_octets(mac: bytes, separator: str, upper: bool) -> None:
    text = separator.join(f"{octet:02x}" for octet in mac)
    assert MAC.convert(text.upper() if upper else text, None, None) == mac


@given(st.binary(min_size=6, max_size=6))
def test_macs_without_separators_and_in_groups_of_four(mac: bytes) -> None:
    text = mac.hex()
    assert MAC.convert(text, None, None) == mac
    assert MAC.convert(f"{text[:4]}.{text[4:8]}.{text[8:]}", None, None) == mac


@pytest.mark.parametrize("parameter", [MAC, TIME, FRAME])
@given(text=st.text())
def test_any_text_is_a_value_or_wrong_usage(parameter: click.ParamType[object], text: str) -> None:
    with suppress(click.UsageError):
        assert parameter.convert(text, None, None) is not None


def test_frames() -> None:
    assert FRAME.convert("13", None, None) == FrameName(None, 13)
    assert FRAME.convert("1:13", None, None) == FrameName(1, 13)
    for wrong in ("0", ":3", "a:3", "1:", "-1"):
        with pytest.raises(click.UsageError):
            FRAME.convert(wrong, None, None)


def test_times_count_from_the_start_or_the_epoch() -> None:
    assert TIME.convert("1.5s", None, None) == Moment(1_500_000_000, True)
    assert Moment(5, True).since_epoch(100) == 105
    assert Moment(5, False).since_epoch(100) == 5


def test_findings_of_installed_packages_may_be_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(click.UsageError):
        WHERE.convert("finding:our-*", None, None)
    monkeypatch.setattr("pxedebug.plugins.installed_rules", lambda complain: (OURS,))
    query = WHERE.convert("finding:our-*", None, None)
    assert query.expression == "finding:our-*"
    assert WHERE.convert(query, None, None) is query
