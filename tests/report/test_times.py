from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pxedebug.report.times import Clock, TimeStyle, clock_time, parse_time, rfc3339
from tests.report.stories import EPOCH

SECOND = 1_000_000_000


@pytest.mark.parametrize(
    ("text", "time"),
    [("12.5s", 12_500_000_000), ("1m", 60 * SECOND), ("250ms", 250_000_000), ("3", 3 * SECOND), ("2 min", 120 * SECOND),
     ("1h", 3600 * SECOND), ("0.000000001s", 1), ("7us", 7000)],
)  # fmt: skip
def test_relative_times(text: str, time: int) -> None:
    assert parse_time(text) == (time, True)


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2026-11-21T10:22:33Z", EPOCH),
        ("2026-11-21T11:22:33+01:00", EPOCH),
        ("2026-11-21 10:22:33.123456789+00:00", EPOCH + 123_456_789),
        ("1970-01-01T00:00:00.5Z", 500_000_000),
    ],
)
def test_absolute_times(text: str, time: int) -> None:
    assert parse_time(text) == (time, False)


def test_an_absolute_time_without_offset_is_the_machines_own() -> None:
    local = datetime.fromtimestamp(EPOCH // SECOND, UTC).astimezone().replace(tzinfo=None)
    assert parse_time(local.isoformat()) == (EPOCH, False)


@given(st.text())
def test_any_text_is_a_time_or_a_value_error(text: str) -> None:
    try:
        time, _ = parse_time(text)
    except (ValueError, OverflowError):
        return
    assert isinstance(time, int)


@given(st.integers(0, 253_402_214_399 * SECOND))
def test_rfc3339_comes_back(time: int) -> None:
    assert parse_time(rfc3339(time)) == (time, False)


@given(st.integers(-(2**63), 2**63 - 1))
def test_any_timestamp_of_a_container_is_written(time: int) -> None:
    assert rfc3339(time).endswith("Z")
    assert len(clock_time(time, UTC)) == len("10:22:33.000")


def test_styles() -> None:
    assert TimeStyle(Clock.RELATIVE, EPOCH)(EPOCH + 3_005_400_000) == "3.005"
    assert TimeStyle(Clock.UTC, EPOCH)(EPOCH + 3_005_400_000) == "10:22:36.005"
