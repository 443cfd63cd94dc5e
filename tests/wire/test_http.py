from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pxedebug.wire import http
from pxedebug.wire.http import RequestHead, ResponseHead, parse_head

EDK2_HEAD = (
    b"HEAD /snponly.efi HTTP/1.1\r\nHost: 10.77.0.1\r\nAccept: */*\r\nUser-Agent: UefiHttpBoot/1.0\r\n"
    b"Connection: close\r\n\r\n"
)
ANSWER = b"HTTP/1.0 200 OK\r\nServer: SimpleHTTP/0.6\r\nContent-Length: 173792\r\n\r\nMZ"


def _request(payload: bytes) -> RequestHead:
    head = parse_head(payload)
    assert isinstance(head, RequestHead)
    return head


def _response(payload: bytes) -> ResponseHead:
    head = parse_head(payload)
    assert isinstance(head, ResponseHead)
    return head


def test_a_firmware_request() -> None:
    head = _request(EDK2_HEAD)
    assert (head.method, head.target, head.version) == ("HEAD", b"/snponly.efi", "1.1")
    assert (head.host, head.user_agent) == (b"10.77.0.1", b"UefiHttpBoot/1.0")
    assert (head.length, head.complete) == (len(EDK2_HEAD), True)
    assert head.url == b"http://10.77.0.1/snponly.efi"
    assert not head.keep_alive


def test_an_answer_and_the_body_after_it() -> None:
    head = _response(ANSWER)
    assert (head.status, head.reason, head.version) == (200, b"OK", "1.0")
    assert head.content_length == 173792
    assert ANSWER[head.length :] == b"MZ"


def test_header_names_are_found_in_any_case() -> None:
    head = _response(b"HTTP/1.1 206 Partial Content\ncontent-RANGE:bytes 0-1/5\n\n")
    assert head.header("Content-Range") == head.header(b"content-range") == b"bytes 0-1/5"
    assert head.header("absent") is None
    assert head.complete


def test_a_folded_header_is_one_value() -> None:
    assert _response(b"HTTP/1.1 200 OK\r\nX: a\r\n  b\r\n\r\n").header("x") == b"a b"


def test_a_status_line_without_a_reason() -> None:
    assert (_response(b"HTTP/1.1 404\r\n\r\n").status, _response(b"HTTP/1.1 404 \r\n\r\n").reason) == (404, b"")


def test_a_cut_head_gives_its_whole_lines() -> None:
    head = _request(b"GET /boot.ipxe HTTP/1.1\r\nHost: boot\r\nUser-Ag")
    assert (head.host, head.user_agent, head.complete) == (b"boot", None, False)


def test_a_cut_request_line_gives_the_target_as_far_as_it_goes() -> None:
    head = _request(b"GET /images/vmlin")
    assert (head.method, head.target, head.version, head.complete) == ("GET", b"/images/vmlin", "", False)
    assert _request(b"GET /images/vmlinuz HTT").target == b"/images/vmlinuz"


def test_a_head_is_read_up_to_a_limit() -> None:
    long = b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 5000 + b"\r\n"
    head = _request(long)
    assert (head.length, head.complete) == (http.MAX_HEAD, False)


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"GET",
        b"GET ",
        b"GET /x\r\n\r\n",
        b"get / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1 \r\n\r\n",
        b"GET /\0 HTTP/1.1\r\n\r\n",
        b"HTTP/1.1 20",
        b"HTTP/2\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"\r\nGET / HTTP/1.1\r\n\r\n",
    ],
)
def test_what_is_no_head_is_none(payload: bytes) -> None:
    assert parse_head(payload) is None


@pytest.mark.parametrize(
    ("lines", "length"),
    [
        (b"Content-Length: 10\r\n", 10),
        (b"Content-Length: 10, 10\r\n", 10),
        (b"Content-Length: 10\r\nContent-Length: 11\r\n", None),
        (b"Content-Length: -1\r\n", None),
        (b"Content-Length: " + b"9" * 5000 + b"\r\n", None),
        (b"", None),
    ],
)
def test_content_length(lines: bytes, length: int | None) -> None:
    assert _response(b"HTTP/1.1 200 OK\r\n" + lines + b"\r\n").content_length == length


@pytest.mark.parametrize(
    ("head", "stays"),
    [
        (b"HTTP/1.1 200 OK\r\n\r\n", True),
        (b"HTTP/1.1 200 OK\r\nConnection: Close\r\n\r\n", False),
        (b"HTTP/1.0 200 OK\r\n\r\n", False),
        (b"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n\r\n", True),
    ],
)
def test_keep_alive(head: bytes, stays: bool) -> None:
    assert _response(head).keep_alive is stays


def test_a_chunked_body() -> None:
    assert _response(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, Chunked\r\n\r\n").chunked
    assert not _response(ANSWER).chunked


@pytest.mark.parametrize(
    ("host", "target", "url"),
    [
        (b"boot:8080", b"/a", b"http://boot:8080/a"),
        (None, b"/a", b"/a"),
        (b"proxy", b"http://boot/a", b"http://boot/a"),
        (b"boot", b"*", b"*"),
    ],
)
def test_absolute_url(host: bytes | None, target: bytes, url: bytes) -> None:
    assert http.absolute_url(host, target) == url


def test_first_words_find_heads_without_parsing() -> None:
    assert all(http.is_http_word(int.from_bytes(data[:4])) for data in (EDK2_HEAD, ANSWER, b"GET /", b"POST", b"PUT /"))
    assert not http.is_http_word(int.from_bytes(b"\x16\x03\x01\x02"))
    assert http.RESPONSE_WORD not in http.REQUEST_WORDS


_starts = st.sampled_from((b"", b"GET /x HTTP/1.1\r\n", b"HTTP/1.1 200 OK\r\n", b"PUT ", b"HTTP/"))
_tails = st.binary(max_size=60) | st.text(alphabet="Content-Length: 0,\r\n\t", max_size=60).map(str.encode)


@given(_starts, _tails)
def test_any_bytes_give_a_head_or_none(start: bytes, tail: bytes) -> None:
    head = parse_head(start + tail)
    if head is None:
        return
    assert 0 < head.length <= len(start + tail)
    assert head.complete == (start + tail)[: head.length].endswith((b"\n\n", b"\n\r\n"))
    assert head.content_length is None or head.content_length >= 0
    assert head.chunked in (True, False)
    assert head.keep_alive in (True, False)
