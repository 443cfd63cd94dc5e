"""Text files of a network boot: scripts, boot menus, and the web page that a server sent instead of a file."""

from __future__ import annotations

import codecs
import re

from pxedebug.wire.bootprogram.program import Program, printable

__all__ = ["identify_text"]

_CONTROLS = frozenset(range(32)) - frozenset(b"\t\n\r\f\x1b")
_SYSLINUX = re.compile(rb"(?im)^[ \t]*(default|label|kernel|append|ui|menu|timeout|prompt|include|localboot)\b")
_GRUB = re.compile(rb"(?m)^[ \t]*(menuentry|linux|linuxefi|initrd|initrdefi|set [a-z_]+=|insmod|search|configfile)\b")
_LFS = b"version https://git-lfs.github.com/spec/"
_LFS_SIZE = re.compile(rb"(?m)^size (\d{1,15})$")
_MARKUP: tuple[tuple[re.Pattern[bytes], str, str], ...] = (
    (re.compile(rb"(?i)<!doctype html|<html\b"), "html", "HTML page"),
    (re.compile(rb"(?i)<\?xml\b|<!doctype\b"), "text", "XML"),
    (re.compile(rb"[{\[]\s*[\"{\[\]}]"), "text", "JSON"),
)


def identify_text(head: bytes) -> Program | None:
    """A text file; None for bytes that are none. Scripts and boot menus are told by their words."""
    body = head.removeprefix(codecs.BOM_UTF8)
    if body[:6] in (b"#!ipxe", b"#!gpxe"):
        return Program("ipxe-script", f"{printable(body[2:6])} script")
    if head[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return Program("text", "UTF-16 text")
    if not _is_text(body):
        return None
    if body.startswith(_LFS):
        size = _LFS_SIZE.search(body)
        words = f" that stands for a file of {int(size[1])} bytes" if size else ""
        return Program("git-lfs-pointer", f"Git LFS pointer{words}")
    start = body.lstrip()
    for pattern, kind, detail in _MARKUP:
        if pattern.match(start):
            return Program(kind, detail)
    return _configuration(body)


def _is_text(data: bytes) -> bool:
    """Valid UTF-8, save a character cut at the end or some Latin-1, and no control characters."""
    if not data or not _CONTROLS.isdisjoint(data):
        return False
    try:
        codecs.getincrementaldecoder("utf-8")().decode(data)
    except UnicodeDecodeError:
        return sum(byte >= 0x80 for byte in data) * 10 < len(data)
    return True


def _configuration(data: bytes) -> Program:
    if data.startswith(b"#!"):
        interpreter, _, _ = data[2:].partition(b"\n")
        return Program("config-text", f"script for {printable(interpreter, 40)}")
    if data.startswith(b"#cloud-config"):
        return Program("config-text", "cloud-init configuration")
    grub, syslinux = len(_GRUB.findall(data)), len(_SYSLINUX.findall(data))
    if max(grub, syslinux) >= 2:
        return Program(
            "config-text", "GRUB configuration" if grub >= syslinux else "SYSLINUX or PXELINUX configuration"
        )
    return Program("text", "text")
