"""HTTP heads and bodies, segment by segment."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pxedebug.report.extract.anonymise.contents import Contents
from pxedebug.report.extract.anonymise.http import Http
from pxedebug.wire.http import RequestHead, ResponseHead, parse_head
from tests.report.extract.anonymise.parts import names

CLIENT, SERVER = (b"\x0a\0\0\5", 40000), (b"\x0a\0\0\1", 80)
URL = b"http://boot.acme.example/berlin/x.efi"
REQUEST = (
    b"GET /berlin/x.efi HTTP/1.1\r\nHost: boot.acme.example\r\nUser-Agent: UefiHttpBoot/1.0\r\n"
    b"Authorization: Basic YWRtaW46cGFzc3dvcmQ=\r\nRange: bytes=0-123456\r\nX-Site: berlin\r\n\r\n"
)
HEAD = b"HTTP/1.1 200 OK\r\nServer: nginx\r\nContent-Length: 1234567\r\nContent-Type: application/efi\r\n\r\n"


def http(*pieces: tuple[int, bytes]) -> Http:
    return Http(names(), {(*CLIENT, URL): Contents(pieces)})


def test_a_request_names_another_host_and_file_and_no_password() -> None:
    new = parse_head(http().segment(CLIENT, SERVER, 100, REQUEST))
    assert isinstance(new, RequestHead)
    assert new.url == names().text(URL)
    assert (new.user_agent, new.header("range")) == (b"UefiHttpBoot/1.0", b"bytes=0-123456")
    said = new.header("authorization") or b""
    assert said.startswith(b"Basic ")
    assert b"YWRtaW46" not in said
    assert names().text(b"X-Site: berlin") in http().segment(CLIENT, SERVER, 100, REQUEST)


def test_a_body_is_zeros_but_for_what_is_kept_of_the_file() -> None:
    flow = http((0, b"MZ"), (10, b"PE"))
    flow.segment(CLIENT, SERVER, 100, REQUEST)
    new = flow.segment(SERVER, CLIENT, 500, HEAD + b"MZsecret")
    assert new == HEAD + b"MZ" + bytes(6)
    start = 500 + len(new)
    assert flow.segment(SERVER, CLIENT, start, b"ssPEsecret") == bytes(2) + b"PE" + bytes(6)
    assert flow.segment(SERVER, CLIENT, 500 + len(HEAD), b"MZs") == b"MZ\0"


def test_a_head_in_two_segments() -> None:
    flow = http((0, b"MZ"))
    flow.segment(CLIENT, SERVER, 100, REQUEST)
    new = flow.segment(SERVER, CLIENT, 500, HEAD[:40]) + flow.segment(SERVER, CLIENT, 540, HEAD[40:] + b"MZsecret")
    head = parse_head(new)
    assert isinstance(head, ResponseHead)
    assert head.complete
    assert head.content_length == 1234567
    assert new.endswith(b"\r\n\r\nMZ" + bytes(6))


def test_chunks_keep_their_sizes_and_line_ends() -> None:
    flow = http((0, b"MZ"), (6, b"PE"))
    flow.segment(CLIENT, SERVER, 100, REQUEST)
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    parts = [b"6\r\nMZ", b"se", b"cr\r\n4;x", b"\r\nPEst\r\n0\r\n\r\n"]
    wanted = [b"6\r\nMZ", bytes(2), bytes(2) + b"\r\n4;x", b"\r\nPE\0\0\r\n0\r\n\r\n"]
    at = 500
    assert flow.segment(SERVER, CLIENT, at, head) == head
    at += len(head)
    for part, want in zip(parts, wanted, strict=True):
        assert flow.segment(SERVER, CLIENT, at, part) == want
        assert flow.segment(SERVER, CLIENT, at, part) == want, "a repeat"
        at += len(part)


def test_what_is_neither_head_nor_body_is_zeros() -> None:
    assert http().segment(CLIENT, SERVER, 1, b"secret") == bytes(6)


def test_the_words_of_an_error_that_a_rule_reads_stay() -> None:
    flow = Http(
        names(), {(*CLIENT, URL): Contents(((0, names().text(b"The plain HTTP request was sent to HTTPS port")),))}
    )
    flow.segment(CLIENT, SERVER, 100, REQUEST)
    said = flow.segment(
        SERVER, CLIENT, 500, b"HTTP/1.1 400 Bad Request\r\n\r\nThe plain HTTP request was sent to HTTPS port"
    )
    assert said.startswith(b"HTTP/1.1 400 Bad Request\r\n")
    assert said.endswith(b"The plain HTTP request was sent to HTTPS port")


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 300), st.binary(max_size=60)), max_size=8))
def test_any_segments_keep_their_length(segments: list[tuple[bool, int, bytes]]) -> None:
    flow = http((0, b"MZ"))
    for down, at, payload in [(False, 1, REQUEST), (True, 1, HEAD[:30]), *segments, (True, 90, HEAD), *segments]:
        ends = (SERVER, CLIENT) if down else (CLIENT, SERVER)
        assert len(flow.segment(*ends, at, payload)) == len(payload)
