"""The report as JSON, written boot by boot: the whole document never stands in memory.

The output is compact, one boot to a line, so that a report of fifty thousand boots can still be read by line tools.
`write_json` writes one document, `pxedebug.report/1`; `write_jsonl` one object to a line, `pxedebug.event/1`.
Both have a schema in the folder beside this module.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import BinaryIO

from msgspec.json import Encoder

from pxedebug.report.build import boot_documents, capture_document, finding_documents, other_documents
from pxedebug.report.context import Context
from pxedebug.report.document import SCHEMA
from pxedebug.report.escape import ascii_json
from pxedebug.report.select import View

__all__ = ["EVENT_SCHEMA", "write_json", "write_jsonl"]

EVENT_SCHEMA = "pxedebug.event/1"
_CHUNK = 1 << 18


def write_json(view: View, out: BinaryIO, *, show_secrets: bool = False) -> None:
    """Write `view` to `out` as one JSON document with a newline at its end."""
    context = Context.of(view.story, show_secrets=show_secrets)
    encode = Encoder().encode
    out.write(b'{"schema":%b,\n"capture":%b' % (encode(SCHEMA), _safe(encode, capture_document(view.story, context))))
    _write_list(out, b"boots", boot_documents(view, context), encode)
    _write_list(out, b"other_clients", other_documents(view, context), encode)
    _write_list(out, b"findings", finding_documents(view, context), encode)
    out.write(b"}\n")


def _write_list(out: BinaryIO, name: bytes, items: Iterable[object], encode: Callable[[object], bytes]) -> None:
    """Write `,"name":[...]` with each item on a line of its own."""
    buffer = bytearray(b',\n"%b":[' % name)
    separator = b"\n"
    for item in items:
        buffer += separator
        buffer += _safe(encode, item)
        separator = b",\n"
        if len(buffer) > _CHUNK:
            out.write(buffer)
            buffer.clear()
    out.write(buffer + (b"]" if separator == b"\n" else b"\n]"))


def write_jsonl(view: View, out: BinaryIO, *, show_secrets: bool = False) -> None:
    """Write `view` as lines `{"type": "capture"|"boot"|"finding"|"client", "schema": .., <the object's keys>}`."""
    context = Context.of(view.story, show_secrets=show_secrets)
    encode = Encoder().encode
    lines = (
        ("capture", (capture_document(view.story, context),)),
        ("boot", boot_documents(view, context)),
        ("finding", finding_documents(view, context)),
        ("client", other_documents(view, context)),
    )
    for kind, items in lines:
        head = b'{"type":%b,"schema":%b,' % (encode(kind), encode(EVENT_SCHEMA))
        out.writelines(head + _safe(encode, item)[1:] + b"\n" for item in items)


def _safe(encode: Callable[[object], bytes], item: object) -> bytes:
    return ascii_json(encode(item))
