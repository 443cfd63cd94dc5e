from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pxedebug.capture.identify import HEAD, MAGIC, recognise, refusal
from tests.capture.build import pcap_header, section

ERF = b"\0\0\0\0\x00\xf1\x53\x65\x02\x04\0\x50\0\0\0\x3c" + bytes(64)

REFUSED = {
    b"": "an empty file",
    bytes(100): "nothing but zero bytes",
    b"snoop\0\0\0\0\0\0\2": "Solaris snoop",
    b"RTSS" + bytes(20): "Network Monitor 1",
    b"GMBU" + bytes(20): "Network Monitor 2",
    b"TRSNIFF data    \x1a": "Sniffer",
    b"iptrace 1.0": "iptrace",
    b"\xaa\xaa\xaa\xaa" + bytes(20): "5View",
    b"\xa1\x2b\x3c\x4d" + bytes(20): "pcap variant",
    b"version https://git-lfs.github.com/spec/v1\noid sha256:66": "Git LFS pointer",
    b"PK\x03\x04" + bytes(20): "ZIP",
    b"dir/" + bytes(253) + b"ustar\x0000": "tar archive",
    b"\x7fELF\2\1\1": "a program",
    b"%PDF-1.7\n": "PDF",
    b"\n\n<!DOCTYPE html>\n<html>": "HTML",
    b'{"packets": []}': "JSON",
    b"12:03:14.280915 IP 0.0.0.0.bootpc > 255.255.255.255.bootps: BOOTP": "text output of tcpdump",
    b"2024-01-02 12:03:14.280915 ARP, Request who-has 10.0.0.1": "text output of tcpdump",
    b"ns-> get db st\r\n057707.0: bgroup0(i) len=60:00073b": "NetScreen",
    b"0000  ff ff ff ff ff ff 00 0c  29 c4": "hex dump",
    b"dear reader": "a text file",
    "päckets".encode(): "a text file",
    "päckets".encode("latin-1"): "a text file",
    b"\n\n\n\n\x1c\0\0\0\x4d\x3c\x2b\x1a": "line endings",
    b"\r\n\r\r\r\n\x1c\0\0\0\x4d\x3c\x2b\x1a": "line endings",
    b"\n\r\n\x1c\0\0\0\x4d\x3c\x2b\x1a": "line endings",
    ERF * 2: "ERF",
    b"\x01\x02\x03\x04\x05": "no capture file",
}


@pytest.mark.parametrize(("head", "words"), REFUSED.items(), ids=REFUSED.values())
def test_says_what_it_looks_like_and_what_to_do(head: bytes, words: str) -> None:
    assert recognise(head[:MAGIC]) is None
    error = refusal(head)
    assert words in str(error)
    assert error.hint


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (pcap_header("<"), "pcap"),
        (pcap_header(">"), "pcap"),
        (pcap_header("<", 0xA1B23C4D), "pcap"),
        (pcap_header(">", 0xA1B2CD34), "pcap"),
        (section(">"), "pcapng"),
        (b"\x1f\x8b\x08\0\0\0", "gzip"),
        (b"BZh91A", "bzip2"),
        (b"\xfd7zXZ\0", "xz"),
        (b"\x28\xb5\x2f\xfd\0\0", "zstd"),
        (b"\x04\x22\x4d\x18\0\0", "lz4"),
    ],
)
def test_recognises_what_can_be_read(head: bytes, kind: str) -> None:
    assert recognise(head[:MAGIC]) == kind


@given(st.binary(max_size=HEAD) | st.text(max_size=HEAD).map(str.encode))
def test_any_bytes_get_one_line(head: bytes) -> None:
    assert "\n" not in str(refusal(head[:HEAD]))
