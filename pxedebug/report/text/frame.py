"""One frame in full: its headers, every field of what it carries, and its bytes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.text import Text

from pxedebug.errors import MalformedFrame
from pxedebug.report.context import Context
from pxedebug.report.frame import Frame
from pxedebug.report.masking import secret_spans
from pxedebug.report.text.hexdump import hexdump, positions
from pxedebug.report.text.options import write_message
from pxedebug.report.text.output import Output
from pxedebug.report.text.tftp import tftp_lines
from pxedebug.report.times import rfc3339
from pxedebug.report.words import count, frame_name, safe
from pxedebug.wire import http
from pxedebug.wire.dhcp import DhcpMessage, decode_message
from pxedebug.wire.dhcpv6 import Dhcp6Message
from pxedebug.wire.dhcpv6 import decode_message as decode_message6
from pxedebug.wire.linktypes import link_type_name
from pxedebug.wire.optionline import OptionLine
from pxedebug.wire.packet import Packet
from pxedebug.wire.packets import SegmentEndpoints

__all__ = ["write_frame"]

_DHCP_PORTS = frozenset({67, 68, 4011})
_DHCP6_PORTS = frozenset({546, 547})
_CREDENTIAL_HEADERS = frozenset({b"authorization", b"proxy-authorization", b"cookie", b"set-cookie"})
"""RFC 9110 section 11.6, RFC 6265 section 4."""


def write_frame(frame: Frame, output: Output, context: Context) -> None:
    """Write everything about `frame`."""
    title = f"Frame {frame_name(frame.ref, context.many_sources)}"
    output.heading(Text(title, "bold"))
    _write_headers(frame, output, context)
    masked = _write_payload(frame, output, context)
    output.line()
    spans = [] if context.show_secrets else secret_spans(frame.data)
    for line in hexdump(frame.data, positions(frame.data, masked, spans)):
        output.line(Text(f" {line}"))


def _write_headers(frame: Frame, output: Output, context: Context) -> None:
    cut = "" if frame.wire_length <= len(frame.data) else f", {frame.wire_length:,} on the wire: the capture cut it"
    relative = (frame.time - context.first_time) / 1_000_000_000
    _fact("time", f"{rfc3339(frame.time)}, {relative:.9f} s into the capture", output)
    _fact("length", f"{count(len(frame.data), 'byte')}{cut}", output)
    _fact("link", link_type_name(frame.link_type), output)
    ends = frame.packet or frame.segment
    if ends is not None:
        _write_ends(ends, len(frame.segment_payload), output)


def _write_ends(ends: Packet | SegmentEndpoints, segment_bytes: int, output: Output) -> None:
    """Who sent it to whom: MAC and IP addresses, ports, payload."""
    vlans = f", VLAN {', '.join(map(str, ends.vlans))}" if ends.vlans else ""
    if ends.source_mac:
        _fact("MAC", f"{ends.source_mac.hex(':')} to {ends.destination_mac.hex(':')}{vlans}", output)
    ports = f"{ends.source_port} to {ends.destination_port}"
    if not isinstance(ends, Packet):
        _fact("IP", f"{ends.source} to {ends.destination}, ttl {ends.ttl}", output)
        _fact("TCP", f"{ports}, {count(segment_bytes, 'byte')} of payload captured", output)
        return
    _fact("IP", f"{ends.source} to {ends.destination}, ttl {ends.ttl}, id 0x{ends.ip_id:04x}", output)
    part = f", {len(ends.payload):,} of them captured" if ends.cut else ""
    _fact("UDP", f"{ports}, {count(ends.length, 'byte')} of payload{part}", output)


def _fact(name: str, value: str, output: Output) -> None:
    output.paragraph(Text.assemble((f"{name}: ", "dim"), value), indent=1)


def _write_payload(frame: Frame, output: Output, context: Context) -> list[bytes]:
    """What the frame carries, field by field; gives the bytes that must not be shown."""
    if frame.neighbour is not None:
        _fact(type(frame.neighbour).__name__, safe(_fields(frame.neighbour)), output)
    if frame.packet is None:
        return _write_http(frame.segment_payload, output, context)
    try:
        message = _dhcp(frame.packet)
    except MalformedFrame as problem:
        output.paragraph(Text.assemble((f"{output.signs.warning} ", "bold yellow"), safe(str(problem))), indent=1)
        return []
    if message is None:
        for name, value in tftp_lines(frame.packet, context):
            _fact(name, value, output)
        return []
    output.line()
    output.paragraph(
        Text(f"{'DHCPv6' if isinstance(message, Dhcp6Message) else 'DHCP'} {message.type}", "bold"), indent=1
    )
    write_message(message, output, context, indent=3)
    return [] if context.show_secrets else list(_secrets(message.describe()))


def _dhcp(packet: Packet) -> DhcpMessage | Dhcp6Message | None:
    ports = {packet.source_port, packet.destination_port}
    if ports & _DHCP_PORTS:
        return decode_message(packet.payload)
    return decode_message6(packet.payload) if ports & _DHCP6_PORTS else None


def _secrets(lines: Iterable[OptionLine]) -> Iterator[bytes]:
    for line in lines:
        if line.secret:
            yield line.raw
        yield from _secrets(line.children)


def _fields(value: object) -> str:
    """A frozen value's fields as `name value` pairs."""
    names = getattr(value, "__dataclass_fields__", {})
    return ", ".join(f"{name} {_shown(getattr(value, name))}" for name in names)


def _shown(value: object) -> str:
    return value.hex(":") if isinstance(value, bytes) else str(value)


def _write_http(payload: bytes, output: Output, context: Context) -> list[bytes]:
    """An HTTP head line by line; gives the values that must not be shown."""
    head = http.parse_head(payload)
    if head is None:
        return []
    output.line()
    secrets = []
    for line in filter(None, payload[: head.length].splitlines()):
        name, _, value = line.partition(b":")
        if name.strip().lower() in _CREDENTIAL_HEADERS and not context.show_secrets:
            secrets.append(value.strip())
            line = name + b": ***"
        output.paragraph(Text(safe(context.visible(line))), indent=3)
    return secrets
