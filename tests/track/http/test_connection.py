"""Sequence numbers, and what a response head says of its body (RFC 9112 section 6.3)."""

from __future__ import annotations

from ipaddress import IPv4Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pxedebug.track.http.connection import HttpConnection, HttpTransfer, unfold_sequence
from pxedebug.wire.http import RequestHead, ResponseHead, parse_head
from tests.track.network import reply

SERVER = IPv4Address("10.0.0.1")


def transfer(response: bytes, method: str = "GET", start: bytes = b"") -> HttpTransfer:
    connection = HttpConnection(0, 1, SERVER, 50_000, b"", 64, SERVER, 80)
    request, head = parse_head(f"{method} / HTTP/1.1\r\n\r\n".encode()), parse_head(response)
    assert isinstance(request, RequestHead)
    assert isinstance(head, ResponseHead)
    return HttpTransfer(
        connection, [1], [1], request, response=head, body_start=1000, high=1000, start=bytearray(start)
    )


@given(st.integers(0, 1 << 40), st.integers(-(1 << 31), (1 << 31) - 1))
def test_unfolding_finds_the_nearest_number(near: int, distance: int) -> None:
    assert unfold_sequence((near + distance) % (1 << 32), near) == near + distance


@pytest.mark.parametrize(
    ("method", "response", "stop"),
    [
        ("GET", reply(200, "OK", 500), 1500),
        ("GET", reply(200, "OK", 0), 1000),
        ("GET", reply(200, "OK"), None),
        ("HEAD", reply(200, "OK", 500), 1000),
        ("GET", reply(204, "No Content", 500), 1000),
        ("GET", reply(304, "Not Modified", 500), 1000),
        ("GET", reply(200, "OK", 500, "Transfer-Encoding: chunked"), None),
        ("GET", reply(404, "Not Found", 7), 1007),
    ],
)
def test_where_a_body_ends(method: str, response: bytes, stop: int | None) -> None:
    assert transfer(response, method).stop == stop


CHUNKED = reply(200, "OK", None, "Transfer-Encoding: chunked")


@pytest.mark.parametrize(
    ("start", "content"),
    [
        (b"6\r\n#!ipxe\r\n0\r\n\r\n", b"#!ipxe"),
        (b"6;name=value\r\n#!ipxe", b"#!ipxe"),
        (b"A\r\n#!ip", b"#!ip"),
        (b"6", b""),
        (b"\r\nx", b""),
        (b"-6\r\n#!ipxe", b""),
        (b"F" * 40 + b"\r\n#!ipxe", b""),
        (b"0x6\r\n#!ipxe", b""),
    ],
)
def test_the_first_chunk(start: bytes, content: bytes) -> None:
    assert transfer(CHUNKED, start=start).content == content


def test_a_body_that_is_not_in_chunks_is_as_it_is() -> None:
    assert transfer(reply(200, "OK", 9), start=b"6\r\n#!ipxe").content == b"6\r\n#!ipxe"


@given(st.binary(max_size=60))
def test_any_bytes_have_some_first_chunk(start: bytes) -> None:
    assert transfer(CHUNKED, start=start).content in start
