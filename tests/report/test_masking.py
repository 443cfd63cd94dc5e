from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pxedebug.report.masking import mask, secret_spans


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (b"http://user:pass@host/x?token=abc&mac=1", b"http://***@host/x?token=***&mac=1"),
        (b"tftp://user:p@ss@host/file", b"tftp://***@host/file"),
        (
            b"https://host/x?mac=1&X-Amz-Signature=ff&sig=9#part",
            b"https://host/x?mac=1&X-Amz-Signature=***&sig=***#part",
        ),
        (b"/boot.ipxe?API_KEY=1;password=2", b"/boot.ipxe?API_KEY=***;password=***"),
        (b"first http://a@b/ then http://c:d@e/", b"first http://***@b/ then http://***@e/"),
    ],
)
def test_what_is_masked(value: bytes, shown: bytes) -> None:
    assert mask(value) == shown


@pytest.mark.parametrize(
    "value", [b"pxelinux.0", b"http://host/a@b", b"http://host/?mac=52:54:00:77:00:20", b"user@host", b"token=abc", b""]
)
def test_what_is_not(value: bytes) -> None:
    assert mask(value) == value


@given(st.binary(max_size=40), st.text("XYZ0189%._~", min_size=1))
def test_user_information_never_stays(path: bytes, secret: str) -> None:
    assert secret.encode() not in mask(b"tftp://" + secret.encode() + b"@h/")
    assert mask(b"http://u:" + secret.encode() + b"@h/" + path).startswith(b"http://***@h/")


@given(st.binary())
def test_spans_lie_in_order_inside_any_bytes(value: bytes) -> None:
    ends = [end for span in secret_spans(value) for end in span]
    assert ends == sorted(ends)
    assert all(0 <= end <= len(value) for end in ends)


@pytest.mark.parametrize("part", [b"?", b"://", b"?token", b"&passw", b"://@", b"?a="])
def test_a_long_hostile_name_takes_no_quadratic_time(part: bytes) -> None:
    assert isinstance(mask(part * 20_000), bytes)
