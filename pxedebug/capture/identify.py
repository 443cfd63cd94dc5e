"""What a file is by its first bytes, and for everything that is no capture to read, one line that helps."""

from __future__ import annotations

import re
import struct

from pxedebug.capture.blocks import SECTION_MAGIC
from pxedebug.capture.pcap import MAGICS
from pxedebug.errors import CaptureError

__all__ = ["HEAD", "MAGIC", "recognise", "refusal"]

HEAD = 1024
"""Bytes of the start of a file that are enough to say what else it is."""

MAGIC = 6
"""Bytes that are enough to recognise what can be read: the longest magic number."""

_CONVERT = "convert it with Wireshark's editcap: editcap -F pcapng IN OUT"
_EXTRACT = "unpack it and give the capture inside"
_VARIANT = "a pcap variant (Navtel's or Mesquita's) that no public program reads"
_ASK = "ask the maker of the program that wrote it for a standard export"
_FETCH = "fetch the real file, or record again with: tcpdump -w FILE"

_KNOWN: tuple[tuple[int, bytes, str, str], ...] = (
    (0, b"snoop\0\0\0", "a Solaris snoop capture (RFC 1761)", _CONVERT),
    (0, b"RTSS", "a Microsoft Network Monitor 1 capture", _CONVERT),
    (0, b"GMBU", "a Microsoft Network Monitor 2 capture", _CONVERT),
    (0, b"TRSNIFF data", "a Network General Sniffer capture", _CONVERT),
    (0, b"XCP\0", "a NetXRay or Windows Sniffer capture", _CONVERT),
    (0, b"iptrace 1.0", "an AIX iptrace capture", _CONVERT),
    (0, b"iptrace 2.0", "an AIX iptrace capture", _CONVERT),
    (0, b"\xaa\xaa\xaa\xaa", "a 5View capture", _CONVERT),
    (0, b"\x05VNF", "a Visual Networks capture", _CONVERT),
    (0, b"NetS", "a NetScaler trace", _CONVERT),
    (0, b"btsnoop\0", "a Bluetooth snoop log", "it holds no network frames"),
    (0, b"\xa1\x2b\x3c\x4d", _VARIANT, _ASK),
    (0, b"\x4d\x3c\x2b\xa1", _VARIANT, _ASK),
    (0, b"\xa1\xb2\x34\xcd", _VARIANT, _ASK),
    (0, b"\xcd\x34\xb2\xa1", _VARIANT, _ASK),
    (0, b"version https://git-lfs", "a Git LFS pointer, not the file itself", "fetch the file with: git lfs pull"),
    (0, b"PK\x03\x04", "a ZIP archive", _EXTRACT),
    (0, b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", _EXTRACT),
    (0, b"Rar!\x1a\x07", "a RAR archive", _EXTRACT),
    (257, b"ustar", "a tar archive", _EXTRACT),
    (0, b"\x1f\x9d", "a compress (.Z) file", "unpack it with: uncompress"),
    (0, b"\x7fELF", "a program (ELF)", _FETCH),
    (0, b"MZ", "a Windows program", _FETCH),
    (0, b"%PDF", "a PDF document", _FETCH),
    (0, b"\x89PNG", "a picture", _FETCH),
    (0, b"\xd0\xcf\x11\xe0", "a Microsoft Office document", _FETCH),
    (0, b"SQLite format 3\0", "an SQLite database", _FETCH),
    (0, b"MDMP", "a Windows minidump", _FETCH),
    (0, b"CWS", "a Flash file", _FETCH),
)  # fmt: skip
"""Offset, magic number, what it is, what to do."""

_ERF_ETHERNET = frozenset({2, 11, 16, 20})
"""Record types that carry Ethernet frames."""

_TEXTS = (
    (r"(?i)\s*<(?:!doctype html|html|head|body)", "an HTML page", _FETCH),
    (r"(?is)\s*<\?xml.*<(?:pdml|psml)", "Wireshark's XML output", _FETCH),
    (r"(?i)\s*<\?xml", "an XML document", _FETCH),
    (r"\s*[\[{]", "JSON text", _FETCH),
    (
        r"(?m)^\s*(?:\d{4}-\d\d-\d\d )?\d\d:\d\d:\d\d\.\d+ (?:IP6? |ARP|[0-9a-f]{2}:)",
        "the text output of tcpdump, not a capture",
        "record again with: tcpdump -w FILE",
    ),
    (r"(?m)^\d+\.\d+: \S+\([io]\) len=", "a NetScreen snoop text trace", _CONVERT),
    (r"(?im)^[0-9a-f]{4,8}:?(?:\s+[0-9a-f]{2}){4}", "a hex dump", "turn it into a capture with: text2pcap IN OUT"),
)
"""Pattern (not compiled: hardly a run needs one), what it is, what to do."""


def recognise(head: bytes) -> str | None:
    """`pcap`, `pcapng`, the name of a compression, or None, by the first `MAGIC` bytes of a file."""
    if head[:4] in MAGICS:
        return "pcap"
    if head.startswith(SECTION_MAGIC):
        return "pcapng"
    from pxedebug.capture.compression import compression_of  # loads codecs, which most captures do not need

    return compression_of(head)


def refusal(head: bytes) -> CaptureError:
    """Why a file that `recognise` does not know cannot be read.

    `head` is the first `HEAD` bytes of it, all of it where it is shorter.
    """
    known = _known_refusal(head) or _text_refusal(head)
    if known is not None:
        return known
    # The block type 0A 0D 0D 0A was chosen to show what a text-mode transfer does to it.
    if head.startswith((b"\n\n\n\n", b"\r\n\r\r", b"\n\r\n")):
        return CaptureError("a pcapng file damaged by a conversion of line endings", "transfer it again in binary mode")
    if _looks_like_erf(head):
        return CaptureError("an Endace ERF capture, by the look of it", _CONVERT)
    return CaptureError("no capture file that pxedebug knows", _CONVERT)


def _known_refusal(head: bytes) -> CaptureError | None:
    if not head:
        return CaptureError("an empty file", "record again; check that the capture program could write it")
    if not head.strip(b"\0"):
        return CaptureError("nothing but zero bytes", "record again; the file was never written")
    for offset, magic, what, remedy in _KNOWN:
        if head.startswith(magic, offset):
            return CaptureError(what, remedy)
    return None


def _looks_like_erf(head: bytes) -> bool:
    """ERF has no magic number: two records of the same credible type whose lengths and times fit together."""
    if len(head) < 16:
        return False
    _, seconds, kind, _, length, _, wire = struct.unpack_from("<IIBB2s2s2s", head)
    follower = int.from_bytes(length, "big")
    if kind & 0x7F not in _ERF_ETHERNET or follower < 18 or not int.from_bytes(wire, "big"):
        return False
    if follower + 16 > len(head):
        return False
    _, later, second_kind = struct.unpack_from("<IIB", head, follower)
    return bool(kind == second_kind and abs(later - seconds) < 86_400)


def _text_refusal(head: bytes) -> CaptureError | None:
    try:
        # The cut at the end of `head` may split a character.
        text = head.decode("utf-8", "strict" if len(head) < HEAD else "ignore")
    except UnicodeDecodeError:
        text = head.decode("latin-1")
    if any(ord(character) < 32 and character not in "\t\n\r\f\x1b" for character in text):
        return None
    for pattern, what, remedy in _TEXTS:
        if re.search(pattern, text):
            return CaptureError(what, remedy)
    return CaptureError("a text file, not a capture", _FETCH)
