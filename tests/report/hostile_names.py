"""Names that a hostile or broken machine could put on the wire; every format and screen must survive them all."""

from __future__ import annotations

__all__ = ["FORBIDDEN", "HOSTILE"]

HOSTILE: dict[str, bytes] = {
    "markup": b"a[/]b[bold red]c[/bold red][link=http://x]d",
    "unbalanced markup": b"[/nothing",
    "markup escape": b"\\[bold]x\\",
    "ansi colour": b"\x1b[31mred\x1b[0m",
    "ansi title": b"\x1b]0;owned\x07",
    "eight-bit csi": b"\xc2\x9b31m",
    "bidi override": "exe.\u202efdp.tobb\u202c".encode(),
    "bidi isolate": "\u2066a\u2069\u200e\u200f".encode(),
    "zero width": "bo\u200bot\ufeff.efi".encode(),
    "nul": b"boot\0.efi",
    "newlines": b"boot.efi\r\nFORGED LINE\n\t\x0b\x0c",
    "line separators": "a\u2028b\u2029c\u0085d".encode(),
    "delete": b"a\x7f\x08\x08b",
    "invalid utf-8": b"\xff\xfe\x80boot\xc3(",
    "lone surrogate": b"\xed\xa0\x80x",
    "literal escape": b"a\\xff\\x1b\\u202e",
    "long": b"x" * 500,
    "long and wide": "启动镜像".encode() * 60,
    "html": b"<script>alert(1)</script>&amp;\"'",
    "markdown": b"`|`| [x](javascript:1) **a** | --- |",
    "path traversal": b"../../../../etc/shadow",
    "absolute windows path": b"C:\\..\\..\\NUL",
    "shell": b"$(reboot); `id` | sh > /dev/null && %n%s",
    "json": b'{"a": "\\", "b": null}',
    "combining": ("z" + "\u0335" * 40).encode(),
    "private use and unassigned": "\ue000\U000e0001\U0010ffff".encode(),
    "empty": b"",
    "spaces": b"   boot file.efi   ",
}

FORBIDDEN = frozenset(
    [chr(code) for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) != "\n"]
    + [chr(code) for code in (0x061C, 0x200B, 0x200E, 0x200F, 0x2028, 0x2029, *range(0x202A, 0x202F))]
    + [chr(code) for code in (*range(0x2066, 0x206A), 0xFEFF, 0xE0001)]
)
"""Characters that no text report may hold: controls but newline, bidirectional and zero-width ones."""
