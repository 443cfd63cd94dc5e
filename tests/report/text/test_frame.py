from __future__ import annotations

from dataclasses import replace
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pxedebug.report.context import Context
from pxedebug.report.frame import Frame
from pxedebug.report.text.frame import write_frame
from pxedebug.report.text.hexdump import hexdump, positions
from pxedebug.report.text.output import Output
from pxedebug.wire.packet import Packet
from pxedebug.wire.packets import SegmentEndpoints
from tests.report import stories as make
from tests.report.hostile_names import FORBIDDEN, HOSTILE

ENDS = SegmentEndpoints(make.ADDRESS, make.SERVER, 40000, 80, make.MAC, make.MAC, (), 64)


def shown(frame: Frame, *, show_secrets: bool = False) -> str:
    out = StringIO()
    write_frame(frame, Output(out, width=80), Context(make.EPOCH, False, show_secrets))
    return out.getvalue()


def carrying(packet: Packet) -> Frame:
    return Frame(packet.frame, packet.time, 1, len(packet.payload), packet.payload, packet=packet)


def tftp(payload: bytes, port: int = 69) -> Packet:
    packet = make.message("DISCOVER", 18, 3.942).packet
    return packet._replace(payload=payload, length=len(payload), source_port=1856, destination_port=port)


def test_a_dhcp_message_field_by_field() -> None:
    text = shown(carrying(make.dora().messages[0].packet))
    for words in (
        "Frame 6",
        "time: 2026-11-21T10:22:33.000000000Z, 0.000000000 s into the capture",
        "UDP: 68 to 67, 300 bytes of payload",
        "DHCP DISCOVER",
        "hardware: 52:54:00:77:00:20",
        "93 Client system architecture: 7 (x64 UEFI)",
        "0000  01 01 06 00",
    ):
        assert words in text


@pytest.mark.parametrize(
    ("payload", "port", "words"),
    [
        (b"\0\1pxelinux.0\0octet\0tsize\x000\0", 69, "TFTP: RRQ pxelinux.0"),
        (b"\0\3\0\7" + bytes(512), 40001, "TFTP: DATA block 7, 512 bytes"),
        (b"\0\4\0\7", 40001, "TFTP: ACK block 7"),
        (b"\0\5\0\1File not found\0", 40001, "TFTP: ERROR 1 (File not found): File not found"),
        (b"\0\6tsize\x00512\0", 40001, "option tsize: 512"),
    ],
)
def test_tftp_packets(payload: bytes, port: int, words: str) -> None:
    assert words in shown(carrying(tftp(payload, port)))


def test_a_datagram_of_something_else_is_not_called_tftp() -> None:
    assert "TFTP" not in shown(carrying(tftp(b"\0\3hello", 53)))
    assert "TFTP" not in shown(carrying(tftp(b"\x12\x34\1\0\0\1", 40001)))


def test_a_cut_frame_says_so() -> None:
    frame = replace(carrying(tftp(b"\0\3\0\1abc", 40001)), wire_length=1514)
    assert "1,514 on the wire: the capture cut it" in shown(frame)


def test_credentials_are_masked_in_words_and_bytes() -> None:
    etherboot = bytes((190, 5)) + b"alice" + bytes((191, 9)) + b"swordfish"
    frame = carrying(make.message("OFFER", 7, 0.1, options=[(175, etherboot)]).packet)
    hidden = shown(frame)
    assert "swordfish" not in hidden
    assert b"swordfish".hex(" ")[:20] not in hidden
    assert "swordfish" in shown(frame, show_secrets=True)


def test_http_credentials_are_masked() -> None:
    head = b"GET http://u:pw@h/x HTTP/1.1\r\nHost: h\r\nAuthorization: Basic c2VjcmV0\r\n\r\n"
    frame = Frame(1, make.EPOCH, 1, len(head), head, segment=ENDS, segment_payload=head)
    hidden = shown(frame)
    assert "TCP: 40000 to 80" in hidden
    assert "Authorization: ***" in hidden
    assert "c2VjcmV0" not in hidden
    assert "u:pw" not in hidden
    assert "c2VjcmV0" in "".join(shown(frame, show_secrets=True).split())


@given(st.binary(max_size=400), st.sampled_from([67, 69, 547, 4011, 40001]))
def test_any_bytes_are_shown(payload: bytes, port: int) -> None:
    text = shown(carrying(tftp(payload, port)))
    assert not FORBIDDEN & set(text)


@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE)
def test_hostile_names(name: bytes) -> None:
    request = b"\0\1" + name.replace(b"\0", b"") + b"\0octet\0"
    assert not FORBIDDEN & set(shown(carrying(tftp(request))))
    assert not FORBIDDEN & set(shown(carrying(make.message("OFFER", 7, 0.1, options=[(67, name)]).packet)))


@given(st.binary(max_size=100))
def test_a_dump_holds_every_byte(data: bytes) -> None:
    lines = list(hexdump(data))
    assert "".join(line[6:54] for line in lines).replace(" ", "") == data.hex()


def test_masked_positions() -> None:
    data = b"user=alice;alice"
    found = positions(data, [b"alice", b""], [(0, 2)])
    assert found == frozenset({0, 1, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15})
    assert next(hexdump(data, found)).endswith("**er=*****;*****")
