from __future__ import annotations

import contextlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pxedebug.errors import MalformedFrame
from pxedebug.wire import tftp
from pxedebug.wire.tftp import ErrorMessage, Opcode, OptionAck, Request

EDK2_PROBE = b"\0\1snponly.efi\0octet\0tsize\x000\0blksize\x001468\0windowsize\x004\0"

_strings = st.binary(max_size=20).map(lambda data: data.replace(b"\0", b"0"))
_names = _strings.filter(bool)
_options = st.lists(st.tuples(_names, _strings), max_size=4).map(tuple)
_requests = st.tuples(st.sampled_from((Opcode.RRQ, Opcode.WRQ)), _names, _strings, _options).map(
    lambda it: Request(*it)
)


def test_a_firmware_request_with_its_options_in_order() -> None:
    request = tftp.decode_request(EDK2_PROBE)
    assert request == Request(
        Opcode.RRQ, b"snponly.efi", b"octet", ((b"tsize", b"0"), (b"blksize", b"1468"), (b"windowsize", b"4"))
    )
    assert request.integer("blksize") == 1468
    assert tftp.encode_request(request) == EDK2_PROBE


def test_option_names_are_found_in_any_case_and_kept_as_sent() -> None:
    request = tftp.decode_request(b"\0\1f\0OCTET\0BlkSize\x00512\0")
    assert request.option("blksize") == request.option(b"BLKSIZE") == b"512"
    assert request.options[0][0] == b"BlkSize"
    assert request.mode == b"OCTET"


@pytest.mark.parametrize("value", [b"", b"-1", b"1.5", b"0x10", b" 5", "٣".encode(), b"9" * 5000])
def test_an_option_that_is_no_number_has_no_integer(value: bytes) -> None:
    assert tftp.decode_request(b"\0\1f\0octet\0tsize\0" + value + b"\0").integer("tsize") is None


def test_a_file_name_may_hold_any_bytes_but_nul() -> None:
    assert tftp.decode_request(b"\0\2\\Boot\\\xff\x1b[31m\0octet\0").file == b"\\Boot\\\xff\x1b[31m"


def test_a_missing_last_nul_is_noted_and_the_value_kept() -> None:
    request = tftp.decode_request(b"\0\1f\0octet\0blksize\x001432")
    assert request.integer("blksize") == 1432
    assert request.problems == ("last string is not NUL-terminated",)
    assert not request.truncated


def test_padding_after_the_options_is_no_option() -> None:
    request = tftp.decode_request(b"\0\1f\0octet\0blksize\x001432\0\0\0\0\0")
    assert request.options == ((b"blksize", b"1432"),)
    assert request.problems == ()


@pytest.mark.parametrize(
    ("payload", "problem"),
    [
        (b"\0\1f\0", "no transfer mode"),
        (b"\0\1f\0octet\0blksize\0", "option without a value"),
        (b"\0\1f\0octet\0\x001432\0", "option without a name"),
    ],
)
def test_odd_requests_still_decode(payload: bytes, problem: str) -> None:
    request = tftp.decode_request(payload)
    assert request.file == b"f"
    assert request.options == ()
    assert request.problems == (problem,)


def test_a_request_cut_by_the_capture_gives_what_stands_before_the_cut() -> None:
    whole = len(EDK2_PROBE)
    half_a_number = tftp.decode_request(EDK2_PROBE[: EDK2_PROBE.index(b"1468") + 2], whole)
    assert half_a_number.truncated
    assert half_a_number.options == ((b"tsize", b"0"),)
    half_a_name = tftp.decode_request(EDK2_PROBE[:5], whole)
    assert (half_a_name.file, half_a_name.mode, half_a_name.truncated) == (b"snp", b"", True)


@given(_requests)
def test_every_cut_of_a_request_decodes_to_a_beginning_of_it(request: Request) -> None:
    payload = tftp.encode_request(request)
    for length in range(3, len(payload)):
        cut = tftp.decode_request(payload[:length], len(payload))
        assert request.file.startswith(cut.file)
        assert cut.options == request.options[: len(cut.options)]


@pytest.mark.parametrize("payload", [b"", b"\0", b"\0\1", b"\0\3\0\1data", b"\0\6blksize\x001432\0"])
def test_what_is_no_request_is_malformed(payload: bytes) -> None:
    with pytest.raises(MalformedFrame):
        tftp.decode_request(payload)


@given(_requests)
def test_requests_survive_the_wire(request: Request) -> None:
    assert tftp.decode_request(tftp.encode_request(request)) == request


@given(_options)
def test_option_acknowledgements_survive_the_wire(options: tuple[tuple[bytes, bytes], ...]) -> None:
    oack = OptionAck(options)
    assert tftp.decode_oack(tftp.encode_oack(oack)) == oack


def test_an_option_acknowledgement_cut_inside_a_value() -> None:
    oack = tftp.decode_oack(b"\0\6blksize\x001432\0tsize\x00123", 40)
    assert oack.options == ((b"blksize", b"1432"),)
    assert oack.integer("BLKSIZE") == 1432
    assert oack.option("tsize") is None
    assert oack.truncated


@given(st.integers(0, 65535), _strings)
def test_errors_survive_the_wire(code: int, message: bytes) -> None:
    error = ErrorMessage(code, message)
    assert tftp.decode_error(tftp.encode_error(error)) == error


def test_an_error_names_its_code() -> None:
    assert tftp.decode_error(b"\0\5\0\1no such file\0").name == "File not found"
    assert tftp.decode_error(b"\0\5\0\x63").name == "Error 99"


def test_an_error_without_the_final_nul_keeps_its_words() -> None:
    error = tftp.decode_error(b"\0\5\0\0TFTP Aborted")
    assert error.message == b"TFTP Aborted"
    assert error.problems == ("message is not NUL-terminated",)


@given(st.integers(0, 65535), st.binary(max_size=40))
def test_data_and_acknowledgements_survive_the_wire(block: int, data: bytes) -> None:
    assert tftp.decode_data(tftp.encode_data(block, data)) == (block, data)
    assert tftp.decode_ack(tftp.encode_ack(block)) == block


def test_block_numbers_roll_over() -> None:
    assert tftp.decode_ack(tftp.encode_ack(65536)) == 0
    assert tftp.decode_data(tftp.encode_data(65537, b""))[0] == 1


@pytest.mark.parametrize(
    "payload",
    [
        EDK2_PROBE,
        b"\0\1boot\\x86 file\xff.efi\0OCTET\0",
        b"\0\2cfg\0netascii\0multicast\0\0",
        b"\0\1f\0mail\0blksize\x00512\0\0\0\0",
    ],
)
def test_requests_are_recognised_on_any_port(payload: bytes) -> None:
    assert tftp.looks_like_request(payload)


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"\0\1",
        b"\0\1\0octet\0",
        b"\0\1f\0octet",
        b"\0\1f\0binary\0",
        b"\0\1f\nf\0octet\0",
        b"\0\1f\0octet\0blksize\0",
        b"\0\1f\0octet\0blksize\x00512\0\0\0x",
        b"\0\3f\0octet\0",
        b"\1\0f\0octet\0",
    ],
)
def test_what_merely_resembles_a_request_is_not_recognised(payload: bytes) -> None:
    assert not tftp.looks_like_request(payload)


def test_recognition_takes_linear_time() -> None:
    assert not tftp.looks_like_request(b"\0\1f\0octet\0" + b"a\0a\0" * 16000 + b"\1")


@given(st.binary(max_size=80) | st.binary(max_size=60).map(lambda tail: b"\0\1f\0octet\0" + tail))
def test_what_looks_like_a_request_decodes_without_problems(payload: bytes) -> None:
    if tftp.looks_like_request(payload):
        assert tftp.decode_request(payload).problems == ()


@given(st.binary(max_size=80), st.none() | st.integers(0, 200))
def test_any_bytes_give_a_value_or_malformed(payload: bytes, length: int | None) -> None:
    for opcode in range(7):
        data = bytes((0, opcode)) + payload
        for decode in (tftp.decode_error, tftp.decode_data, tftp.decode_ack):
            _value_or_malformed(decode, data)
        _value_or_malformed(lambda cut: tftp.decode_request(cut, length), data)
        _value_or_malformed(lambda cut: tftp.decode_oack(cut, length), data)
    tftp.looks_like_request(payload)


def _value_or_malformed(decode: Callable[[bytes], object], data: bytes) -> None:
    with contextlib.suppress(MalformedFrame):
        decode(data)
