"""DHCPv4 options with other identifiers: what each holds, by code (RFC 2132 and the RFCs that `wire.dhcp` names)."""

from __future__ import annotations

import re
from collections.abc import Callable

from pxedebug.report.extract.anonymise.identities import Identities
from pxedebug.report.extract.anonymise.names import Names
from pxedebug.report.extract.anonymise.suboptions import counted, rewrite_list
from pxedebug.wire.dhcp.vendor_class import is_pxe_class

__all__ = ["OptionRewriter", "boot_class"]

_Rewriter = Callable[[bytes], bytes]

_VENDOR_OPTIONS = 43
_CLASS = re.compile(rb"(?:PXE|HTTP)Client(?::Arch:\d+)?(?::UNDI:\d+)?")
_ADDRESS_LISTS = (
    *range(3, 12), 16, 28, 32, 41, 42, 44, 45, 48, 49, 50, 54, 65, *range(68, 77), 85, 89, 92, 112, 118, 136, 138, 142,
)  # fmt: skip
_ADDRESS_PAIRS = (21, 33)
_ROUTES = (121, 249)
_NUMBERS = (
    1, 2, 13, 19, 20, *range(22, 28), *range(29, 32), *range(34, 40), 46, *range(51, 54), 55, 57, 58, 59, 80, 91, 93,
    94, 108, 116, 117, 145, *range(152, 158), 208, 211,
)  # fmt: skip
_HOSTS = (12, 15, 40, 47, 62, 64, 66, 86, 87, 203)
_TEXTS = (14, 17, 18, 56, 67, 95, 98, 100, 101, 113, 114, 143, 161, 201, 202, 209, 210, 252)
_DOMAINS = (88, 119, 137, 141, 213)
_STATUS = 151


def boot_class(value: bytes, names: Names) -> bytes:
    """A vendor class: `PXEClient:Arch:00007:UNDI:003016` stays as it is, others by their words."""
    found = _CLASS.match(value)
    end = found.end() if found else 0
    return value[:end] + names.text(value[end:])


class OptionRewriter:
    """Options of one run; an option of no known meaning becomes zeros."""

    def __init__(self, identities: Identities, names: Names) -> None:
        self._identities = identities
        self._names = names
        opaque = identities.secret.opaque
        self._table: dict[int, _Rewriter] = {
            **dict.fromkeys(_ADDRESS_LISTS, identities.ips),
            **dict.fromkeys(_ADDRESS_PAIRS, self._pairs),
            **dict.fromkeys(_ROUTES, self._routes),
            **dict.fromkeys(_NUMBERS, bytes),
            **dict.fromkeys(_HOSTS, names.strict),
            **dict.fromkeys(_TEXTS, names.text),
            **dict.fromkeys(_DOMAINS, names.labels),
            60: lambda value: boot_class(value, names),
            61: identities.client_id,
            63: opaque,
            77: self._user_class,
            78: lambda value: value[:1] + identities.ips(value[1:]),
            79: lambda value: value[:1] + names.strict(value[1:]),
            81: self._fqdn,
            82: lambda value: rewrite_list(value, self._relay, padded=False),
            90: lambda value: value[:3] + opaque(value[3:]),
            97: lambda value: value[:1] + identities.uuid(value[1:]),
            120: self._sip_servers,
            124: self._enterprises,
            125: self._enterprises,
            150: self._addresses_or_text,
            _STATUS: lambda value: value[:1] + names.text(value[1:]),
            175: lambda value: rewrite_list(value, self._etherboot, padded=True),
            221: lambda value: value[:1] + opaque(value[1:]),
            250: lambda value: rewrite_list(value, self._wds, padded=True),
        }

    def option(self, code: int, value: bytes, vendor_class: bytes | None) -> bytes:
        """The value that stands for an option's; `vendor_class` (60) says how to read option 43."""
        if code == _VENDOR_OPTIONS:
            return self._vendor_options(value, vendor_class)
        rewrite = self._table.get(code)
        return bytes(len(value)) if rewrite is None else rewrite(value)

    def _pairs(self, value: bytes) -> bytes:
        """Address and mask, or destination and router."""
        return self._identities.ips(value)

    def _routes(self, value: bytes) -> bytes:
        """Width, significant octets of the destination, router; repeated (RFC 3442)."""
        made = bytearray()
        while len(made) < len(value):
            width = value[len(made)]
            octets = (width + 7) // 8
            entry = value[len(made) : len(made) + 5 + octets]
            if width > 32 or len(entry) < 5 + octets:
                return bytes(made) + self._identities.secret.opaque(value[len(made) :])
            network = self._identities.addresses.replace(entry[1 : 1 + octets].ljust(4, b"\0"), width)
            made += entry[:1] + network[:octets] + self._identities.ip(entry[-4:])
        return bytes(made)

    def _user_class(self, value: bytes) -> bytes:
        """Counted strings (RFC 3004), or one string without a count."""
        return counted(value, self._names.text, 1) or self._names.text(value)

    def _fqdn(self, value: bytes) -> bytes:
        """Flags, two result codes, a name as counted labels or as text (RFC 4702 section 2)."""
        name = self._names.labels if value[:1] and value[0] & 4 else self._names.strict
        return value[:3] + name(value[3:])

    def _sip_servers(self, value: bytes) -> bytes:
        rest = self._identities.ips(value[1:]) if value[:1] == b"\1" else self._names.labels(value[1:])
        return value[:1] + rest

    def _enterprises(self, value: bytes) -> bytes:
        """Enterprise, length, data; repeated (RFC 3925): the data of a boot client is its class."""
        made = bytearray()
        while len(made) < len(value):
            head = value[len(made) : len(made) + 5]
            size = head[4] if len(head) == 5 else 0
            data = value[len(made) + 5 : len(made) + 5 + size]
            made += head + counted_or_class(data, self._names)
        return bytes(made)

    def _addresses_or_text(self, value: bytes) -> bytes:
        printable = all(0x20 <= byte < 0x7F for byte in value.rstrip(b"\0"))
        return self._names.strict(value) if printable or len(value) % 4 else self._identities.ips(value)

    def _vendor_options(self, value: bytes, vendor_class: bytes | None) -> bytes:
        """PXE's sub-options where the class says so or their codes do; any other maker's say nothing."""
        if is_pxe_class(vendor_class) or vendor_class is None:
            return rewrite_list(value, self._pxe, padded=True, odd=self._names.text)
        return rewrite_list(
            value, lambda _code, inner: bytes(len(inner)), padded=True, odd=lambda rest: bytes(len(rest))
        )

    def _pxe(self, code: int, value: bytes) -> bytes:
        """PXE 2.1 table 2-1."""
        if code in (2, 3, 4, 5, 6, 12, 71, 191, 192, 193):
            return value
        if code in (1, 7):
            return self._identities.ips(value)
        if code == 8:
            return self._boot_servers(value)
        if code == 9:
            return self._boot_menu(value)
        if code == 10:
            return value[:1] + self._names.text(value[1:])
        if code == 11:
            return self._identities.ips(value[:4]) + value[4:]
        return self._names.blob(value)

    def _boot_servers(self, value: bytes) -> bytes:
        """Type, count, addresses; repeated."""
        made = bytearray()
        while len(made) < len(value):
            head = value[len(made) : len(made) + 3]
            hosts = value[len(made) + 3 : len(made) + 3 + 4 * head[-1]]
            made += head + self._identities.ips(hosts)
        return bytes(made)

    def _boot_menu(self, value: bytes) -> bytes:
        """Type, length, text; repeated."""
        made = bytearray()
        while len(made) < len(value):
            head = value[len(made) : len(made) + 3]
            made += head + self._names.text(value[len(made) + 3 : len(made) + 3 + head[-1]])
        return bytes(made)

    def _relay(self, code: int, value: bytes) -> bytes:
        """Sub-options of option 82 (RFC 3046 and what followed it)."""
        if code in (4, 10, 19):
            return value
        if code in (5, 11, 150, 152):
            return self._identities.ips(value)
        if code == 12:
            return self._identities.duid(value)
        if len(value) == 6 and code != 1:
            return self._identities.mac(value)
        if len(value) == 8 and value[:2] == b"\0\6":
            return value[:2] + self._identities.mac(value[2:])
        kept = 2 if code in (1, 2) and value[:1] in (b"\0", b"\1") and value[1:2] == bytes((len(value) - 2,)) else 0
        return value[:kept] + self._names.blob(value[kept:])

    def _etherboot(self, code: int, value: bytes) -> bytes:
        """Tags of option 175: features, versions and numbers stay."""
        if code in (2, 3):
            return self._identities.ips(value)
        if code in (0x51, 0x55, 0x5D, 0xBC):
            return self._names.text(value)
        if code in (0x5A, 0x5B, 0x5C, 0xBE, 0xBF, 0xC0, 0xC1) or len(value) > 5:
            return self._names.blob(value)
        return value

    def _wds(self, code: int, value: bytes) -> bytes:
        """Sub-options of option 250."""
        if code == 6:
            return self._names.text(value)
        if code in (9, 10):
            return self._identities.ips(value)
        if code == 7 or len(value) > 4:
            return bytes(len(value))
        return value


def counted_or_class(data: bytes, names: Names) -> bytes:
    """Counted classes (RFC 3925 section 3), or sub-options, or a class without a count."""
    if not data or 0x20 <= data[0] < 0x7F:
        return boot_class(data, names)
    return counted(data, lambda item: boot_class(item, names), 1) or bytes(len(data))
