"""DHCPv6 options in readable form: one function per shape of data and a table that names the shape of each option."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import IPv6Address

from pxedebug.wire.dhcpv6.options import Options, data_list, split_options
from pxedebug.wire.dhcpv6.registry import STATUS_NAMES, message_type, option_name
from pxedebug.wire.optionline import OptionLine
from pxedebug.wire.packet import format_mac

__all__ = ["option_lines", "relay_line"]

_MAX_DEPTH = 6
_VENDOR_INFORMATION = 17


def option_lines(options: Options, depth: int = 0) -> tuple[OptionLine, ...]:
    """Each option with its name and value; options inside an option are its children, down to a fixed depth."""
    return tuple(_line(code, data, depth) for code, data in options)


def relay_line(
    type_code: int, hop_count: int, link_address: IPv6Address, peer_address: IPv6Address, options: Options
) -> OptionLine:
    """A relay's header as a line with the relay's options as children."""
    text = f"hop {hop_count}, link {link_address}, peer {peer_address}"
    return OptionLine(9, message_type(type_code), b"", text, option_lines(options))


def _line(code: int, data: bytes, depth: int) -> OptionLine:
    name = option_name(code)
    if code == _VENDOR_INFORMATION and len(data) >= 4:
        return _vendor_line(code, name, data)
    container = _CONTAINERS.get(code)
    if container is not None and len(data) >= container[0] and depth < _MAX_DEPTH:
        header, words = container
        problems: list[str] = []
        inner, _ = split_options(data[header:], problems)
        text = "; ".join((words(data[:header]), *problems))
        return OptionLine(code, name, data, text, option_lines(inner, depth + 1))
    shape = _SHAPES.get(code)
    value = shape(data) if shape is not None else None
    return OptionLine(code, name, data, _hex(data) if value is None else value)


def _vendor_line(code: int, name: str, data: bytes) -> OptionLine:
    """Vendor-specific information: its options are numbered by the enterprise, not by DHCPv6's registry."""
    problems: list[str] = []
    inner, _ = split_options(data[4:], problems)
    children = tuple(OptionLine(number, f"Sub-option {number}", value, _hex(value)) for number, value in inner)
    return OptionLine(code, name, data, "; ".join((_enterprise(data), *problems)), children)


def _hex(data: bytes) -> str:
    return data.hex() if data else "(empty)"


def _text(data: bytes) -> str:
    return data.decode("utf-8", "backslashreplace")


def _number(data: bytes) -> str | None:
    return str(int.from_bytes(data)) if 1 <= len(data) <= 8 else None


def _elapsed(data: bytes) -> str | None:
    return f"{int.from_bytes(data) / 100:.2f} s" if len(data) == 2 else None


def _seconds(data: bytes) -> str | None:
    if len(data) != 4:
        return None
    return "infinite" if data == b"\xff" * 4 else f"{int.from_bytes(data)} s"


def _codes(data: bytes) -> str | None:
    if len(data) % 2:
        return None
    numbers = [int.from_bytes(data[at : at + 2]) for at in range(0, len(data), 2)]
    return ", ".join(f"{number} {option_name(number)}" for number in numbers)


def _numbers(data: bytes) -> str | None:
    if len(data) % 2:
        return None
    return ", ".join(str(int.from_bytes(data[at : at + 2])) for at in range(0, len(data), 2))


def _addresses(data: bytes) -> str | None:
    if not data or len(data) % 16:
        return None
    return ", ".join(str(IPv6Address(data[at : at + 16])) for at in range(0, len(data), 16))


def _status(data: bytes) -> str | None:
    if len(data) < 2:
        return None
    code = int.from_bytes(data[:2])
    words = _text(data[2:])
    return f"{code} {STATUS_NAMES.get(code, 'unknown')}" + (f": {words}" if words else "")


def _duid(data: bytes) -> str | None:
    """Any DUID of RFC 8415 section 11 (type 4: RFC 6355)."""
    kind = int.from_bytes(data[:2])
    if kind == 1 and len(data) > 8:
        return f"LLT, hardware type {int.from_bytes(data[2:4])}, {format_mac(data[8:])}"
    if kind == 2 and len(data) >= 6:
        return f"EN, enterprise {int.from_bytes(data[2:6])}, {_hex(data[6:])}"
    if kind == 3 and len(data) > 4:
        return f"LL, hardware type {int.from_bytes(data[2:4])}, {format_mac(data[4:])}"
    if kind == 4 and len(data) == 18:
        digits = data[2:].hex()
        return "UUID " + "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
    return None


def _strings(data: bytes) -> str | None:
    items = data_list(data)
    return None if items is None else ", ".join(_text(item) for item in items)


def _vendor_class(data: bytes) -> str | None:
    if len(data) < 4:
        return None
    return f"enterprise {int.from_bytes(data[:4])}: {_strings(data[4:]) or _hex(data[4:])}"


def _enterprise(data: bytes) -> str:
    return f"enterprise {int.from_bytes(data[:4])}"


def _remote_id(data: bytes) -> str | None:
    return f"{_enterprise(data)}: {_hex(data[4:])}" if len(data) >= 4 else None


def _ia(data: bytes) -> str:
    iaid, renew, rebind = (int.from_bytes(data[at : at + 4]) for at in (0, 4, 8))
    return f"IAID 0x{iaid:08x}, T1 {renew} s, T2 {rebind} s"


def _ia_temporary(data: bytes) -> str:
    return f"IAID 0x{int.from_bytes(data[:4]):08x}"


def _ia_address(data: bytes) -> str:
    return f"{IPv6Address(data[:16])}, {_lifetimes(data[16:24])}"


def _ia_prefix(data: bytes) -> str:
    return f"{IPv6Address(data[9:25])}/{data[8]}, {_lifetimes(data[:8])}"


def _lifetimes(data: bytes) -> str:
    return f"preferred {_seconds(data[:4])}, valid {_seconds(data[4:8])}"


def _interface(data: bytes) -> str | None:
    """Type, major and minor revision (RFC 5970 section 3.4); type 1 is UNDI."""
    if len(data) != 3:
        return None
    kind = "UNDI" if data[0] == 1 else f"type {data[0]}"
    return f"{kind} {data[1]}.{data[2]}"


def _link_layer(data: bytes) -> str | None:
    if len(data) < 3:
        return None
    return f"hardware type {int.from_bytes(data[:2])}, {format_mac(data[2:])}"


def _domains(data: bytes) -> str | None:
    """Uncompressed domain names (RFC 8415 section 10)."""
    names: list[str] = []
    labels: list[str] = []
    at = 0
    while at < len(data):
        length = data[at]
        label = data[at + 1 : at + 1 + length]
        if length > 63 or len(label) < length:
            return None
        if length:
            labels.append(_text(label))
        else:
            names.append(".".join(labels) or ".")
            labels = []
        at += 1 + length
    return ", ".join(names + ([".".join(labels)] if labels else []))


def _fqdn(data: bytes) -> str | None:
    """Flags and a possibly partial name (RFC 4704 section 4)."""
    names = _domains(data[1:]) if data else None
    return None if names is None else f"flags 0x{data[0]:02x}, {names}"


def _message_code(data: bytes) -> str | None:
    return message_type(data[0]) if len(data) == 1 else None


def _present(data: bytes) -> str | None:
    return None if data else "yes"


_CONTAINERS: dict[int, tuple[int, Callable[[bytes], str]]] = {
    3: (12, _ia),
    4: (4, _ia_temporary),
    5: (24, _ia_address),
    25: (12, _ia),
    26: (25, _ia_prefix),
}
"""Options that hold options: the bytes of their own that come first, and what puts these into words."""

_SHAPES: dict[int, Callable[[bytes], str | None]] = {
    1: _duid,
    2: _duid,
    6: _codes,
    7: _number,
    8: _elapsed,
    12: _addresses,
    13: _status,
    14: _present,
    15: _strings,
    16: _vendor_class,
    19: _message_code,
    20: _present,
    21: _domains,
    22: _addresses,
    23: _addresses,
    24: _domains,
    27: _addresses,
    28: _addresses,
    31: _addresses,
    32: _seconds,
    37: _remote_id,
    39: _fqdn,
    41: _text,
    42: _text,
    59: _text,
    60: _strings,
    61: _numbers,
    62: _interface,
    64: _domains,
    79: _link_layer,
    82: _seconds,
    83: _seconds,
    103: _text,
    112: _text,
}
