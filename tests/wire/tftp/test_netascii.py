from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pxedebug.wire.tftp import NetasciiDecoder, decode_netascii, encode_netascii

_texts = st.text(alphabet="\r\n\0ab", max_size=30).map(str.encode)


def test_line_ends_and_bare_carriage_returns() -> None:
    assert encode_netascii(b"one\ntwo\r") == b"one\r\ntwo\r\0"
    assert decode_netascii(b"one\r\ntwo\r\0") == b"one\ntwo\r"


def test_a_bare_return_before_a_line_feed_is_not_joined_with_it() -> None:
    assert decode_netascii(b"a\r\0\nb") == b"a\r\nb"


def test_a_carriage_return_that_nothing_explains_stays() -> None:
    assert decode_netascii(b"a\rb\r") == b"a\rb\r"


@given(_texts)
def test_decoding_undoes_encoding(data: bytes) -> None:
    assert decode_netascii(encode_netascii(data)) == data


@given(_texts, st.integers(1, 5))
def test_blocks_of_any_size_give_the_same_bytes(data: bytes, size: int) -> None:
    decoder = NetasciiDecoder()
    parts = [decoder.feed(data[at : at + size]) for at in range(0, len(data), size)]
    assert b"".join(parts) + decoder.finish() == decode_netascii(data)
