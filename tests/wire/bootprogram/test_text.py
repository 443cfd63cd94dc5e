from __future__ import annotations

import pytest

from pxedebug.wire.bootprogram.program import Program
from pxedebug.wire.bootprogram.text import identify_text


@pytest.mark.parametrize(
    ("body", "kind", "detail"),
    [
        (b"#!ipxe\ndhcp\nchain http://boot/x\n", "ipxe-script", "ipxe script"),
        (b"\xef\xbb\xbf#!gpxe\n", "ipxe-script", "gpxe script"),
        (b"DEFAULT linux\nLABEL linux\n  KERNEL vmlinuz\n", "config-text", "SYSLINUX or PXELINUX configuration"),
        (b"set timeout=5\nmenuentry 'x' {\n  linux /vmlinuz\n}\n", "config-text", "GRUB configuration"),
        (b"#!/bin/sh\necho\n", "config-text", "script for /bin/sh"),
        (b"#cloud-config\nautoinstall:\n", "config-text", "cloud-init configuration"),
        (b"  <!DOCTYPE html>\n<title>404</title>", "html", "HTML page"),
        (b"<html>", "html", "HTML page"),
        (b"<?xml version='1.0'?>", "text", "XML"),
        (b'{"a": 1}', "text", "JSON"),
        ("zażółć".encode(), "text", "text"),
        ("plain naïve text in another encoding".encode("latin-1"), "text", "text"),
        ("cut \u20ac".encode()[:-1], "text", "text"),
        ("UTF-16".encode("utf-16"), "text", "UTF-16 text"),
    ],
)
def test_texts(body: bytes, kind: str, detail: str) -> None:
    assert identify_text(body) == Program(kind, detail)


def test_a_git_lfs_pointer_in_place_of_the_file() -> None:
    body = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a2146\nsize 1087488\n"
    detail = "Git LFS pointer that stands for a file of 1087488 bytes"
    assert identify_text(body) == Program("git-lfs-pointer", detail)
    assert identify_text(body[:60]) == Program("git-lfs-pointer", "Git LFS pointer")


@pytest.mark.parametrize("body", [b"", b"\0text", b"te\1xt", bytes(range(128, 200))])
def test_what_is_no_text_is_none(body: bytes) -> None:
    assert identify_text(body) is None
