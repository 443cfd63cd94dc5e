"""Handshakes and heads, however TCP cuts and repeats them."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.track.network import Wire, only, reply, transfers

HEAD = reply(200, "OK", 10, "Server: nginx/1.22.1", "Content-Type: application/octet-stream")


@given(st.lists(st.integers(1, len(HEAD) + 9), max_size=8, unique=True), st.lists(st.integers(0, 20), max_size=5))
def test_a_response_may_be_cut_anywhere(pieces: list[int], cuts: list[int]) -> None:
    wire = Wire()
    boot = wire.http().connect().get()
    edges = sorted({0, *pieces, len(HEAD) + 10})
    if edges[1] < 4:
        del edges[1]  # a segment of one to three bytes is not taken for the start of a head
    for start, stop in pairwise(edges):
        boot.send((HEAD + b"0123456789")[start:stop])
    read = only(wire, cuts)
    if edges[1] >= 4:
        assert (read.status, read.size, read.head) == ("complete", 10, b"0123456789")


def test_a_head_that_never_ends_is_given_up() -> None:
    wire = Wire()
    boot = wire.http().connect().get().send(b"HTTP/1.1 200 OK\r\n")
    for _ in range(40):
        boot.send(b"X-Padding: " + b"x" * 400 + b"\r\n")
    assert (only(wire).size, only(wire, later=20).status) == (0, "stalled")


def test_bytes_that_are_no_http_are_no_answer() -> None:
    wire = Wire()
    wire.http().connect().get().send(b"SSH-2.0-OpenSSH\r\n")
    assert only(wire, later=5).status == "unanswered"


def test_an_answer_without_a_request_is_nobodys() -> None:
    wire = Wire()
    wire.tftp(file="ipxe.efi").rrq().data(1, 9).ack(1)
    wire.http().connect().send(reply(200, "OK", 5)).body(5)
    assert transfers(wire)[1].file is None


def test_the_head_of_the_file_before_does_not_answer_the_next_request() -> None:
    wire = Wire()
    boot = wire.http().connect().get("/one")
    start = boot.down
    boot.send(reply(200, "OK", 0)).ack().get("/two").wait(0.5)
    boot.down, after = start, boot.down
    boot.send(reply(200, "OK", 0))
    boot.down = after
    assert [read.status for read in transfers(wire, later=1)] == ["complete", "in-progress"]
    boot.send(reply(404, "Not Found", 0))
    assert [read.error_code for read in transfers(wire)] == [None, 404]


@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_an_upload(method: str) -> None:
    wire = Wire()
    wire.http().connect().get(method=method).send(reply(201, "Created", 0)).ack()
    assert (only(wire).operation, only(wire).status) == ("write", "complete")


def test_a_capture_that_begins_inside_a_connection() -> None:
    wire = Wire()
    wire.http().get().send(reply(200, "OK", 10)).body(10).ack()
    assert (only(wire).status, only(wire).first_frame) == ("complete", 1)
