"""Every field and option of a DHCP message as an indented tree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.text import Text

from pxedebug.report.context import Context
from pxedebug.report.text.output import Output, fold
from pxedebug.report.words import safe
from pxedebug.wire.dhcp import DhcpMessage
from pxedebug.wire.dhcpv6 import Dhcp6Message
from pxedebug.wire.optionline import OptionLine

__all__ = ["header_lines", "write_message"]

_MASK = "*** (credential; --show-secrets shows it)"


def write_message(dhcp: DhcpMessage | Dhcp6Message, output: Output, context: Context, indent: int) -> None:
    """Write the header fields, then the options, then what is wrong with them."""
    for name, value in header_lines(dhcp, context):
        output.paragraph(Text.assemble((f"{name}: ", "dim"), value), indent)
    _write_options(dhcp.describe(), output, context, indent)
    for problem in dhcp.problems:
        output.paragraph(Text.assemble((f"{output.signs.warning} ", "bold yellow"), safe(problem)), indent)


def header_lines(dhcp: DhcpMessage | Dhcp6Message, context: Context) -> Iterator[tuple[str, str]]:
    """The fixed header: name and value of each field that says something."""
    if isinstance(dhcp, Dhcp6Message):
        yield "transaction", f"0x{dhcp.transaction_id:06x}"
        for relay in dhcp.relays:
            yield "relayed", f"hop {relay.hop_count}, link {relay.link_address}, from {relay.peer_address}"
        return
    yield "xid", f"0x{dhcp.xid:08x}, secs {dhcp.secs}, hops {dhcp.hops}, flags 0x{dhcp.flags:04x}"
    yield "hardware", f"{dhcp.chaddr.hex(':')} (type {dhcp.htype}, {dhcp.hlen} bytes)"
    addresses = [(name, getattr(dhcp, name)) for name in ("ciaddr", "yiaddr", "siaddr", "giaddr")]
    told = [f"{name} {value}" for name, value in addresses if int(value)]
    if told:
        yield "addresses", ", ".join(told)
    for name, raw in (("sname", dhcp.sname), ("file", dhcp.file)):
        if raw.partition(b"\0")[0] and not _overloaded(dhcp, name):
            yield name, safe(context.visible(raw.partition(b"\0")[0]))


def _overloaded(dhcp: DhcpMessage, name: str) -> bool:
    """RFC 2132 section 9.3: option 52 is 1 when `file` holds options, 2 for `sname`, 3 for both."""
    value = dhcp.options.get(52, b"")
    return len(value) == 1 and bool(value[0] & (1 if name == "file" else 2))


def _write_options(lines: Iterable[OptionLine], output: Output, context: Context, indent: int) -> None:
    for line in lines:
        first, *rest = fold(_option(line, context), output.width - indent - 2) or [Text()]
        output.line(Text(" " * indent) + first)
        for part in rest:
            output.line(Text(" " * (indent + 2)) + part)
        _write_options(line.children, output, context, indent + 2)


def _option(line: OptionLine, context: Context) -> Text:
    """Code, name and value; a value in words that holds a URL is masked like a file's name."""
    if line.secret and not context.show_secrets:
        value = _MASK
    else:
        value = safe(context.visible(line.text.encode("utf-8", "surrogatepass")))
    return Text.assemble((f"{line.code:>3} ", "dim"), (line.name, "bold"), f": {value}" if value else "")
