"""A boot as a list of steps that can be held against another boot's: what was said and given, without what always
differs (transaction ids, times, the machine's own names, addresses).

Addresses are named by the part that a host plays in the boot (`the client`, `the DHCP server`), so that two boots on
different networks compare by who does what.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from ipaddress import ip_address
from typing import NamedTuple

from pxedebug.firmware import config_search
from pxedebug.track.story import Boot, Message, Stage, Transfer, TransferStatus, messages_of
from pxedebug.wire.dhcp import DhcpMessage
from pxedebug.wire.dhcpv6 import Dhcp6Message
from pxedebug.wire.packet import Address

__all__ = ["Step", "methods_of", "steps_of"]

_ALWAYS_DIFFER = frozenset((28, 50, 51, 53, 54, 58, 59, 61, 82, 97, 118))
"""Options of times, of identities and of addresses that are the client's own, beside the type itself."""
_MASK = 1
"""Written like an address, but the same on every network of that size."""
_DHCPV6_SKIPPED = frozenset((1, 2, 3, 8))
_HEX_ADDRESS = re.compile(r"/[0-9A-Fa-f]{1,8}$")
"""An address or a prefix of it, as PXELINUX and GRUB look for configurations by."""


_ADDRESS = re.compile(
    r"(?<![0-9.])[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?![0-9]|\.[0-9])"
    r"|(?<![\w:])[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}(?![\w:])"
)
"""What may be an IP address inside a text."""


class Step(NamedTuple):
    """One thing that happened, in words that are the same wherever the same happens."""

    label: str
    """`firmware DISCOVER`, `OFFER from the DHCP server`, `TFTP read 1 of ipxe`; with the firmware's method behind it
    where that was asked for: `firmware DISCOVER (http-v4)`."""
    frame: int
    """Its first frame (`frame_ref`)."""
    facts: Mapping[str, str]
    """What it said, by field."""


def steps_of(boot: Boot, *, name_methods: bool = False) -> list[Step]:
    """The steps of `boot` in order, retransmissions and the answers to them folded into one.

    `name_methods` adds the firmware's method to each label, for boots that try several.
    """
    parts = _Parts(boot)
    return [
        Step(f"{label} ({stage.method})" if name_methods and stage.method else label, frame, parts.plain(facts))
        for stage in boot.stages
        for label, frame, facts in _of_stage(stage, parts)
    ]


def methods_of(boot: Boot) -> set[str]:
    """The methods that the firmware tried."""
    return {stage.method.value for stage in boot.stages if stage.method is not None}


class _Parts:
    """Which part each address plays, in the order in which the boot names them."""

    def __init__(self, boot: Boot) -> None:
        self._names: dict[str, str] = {}
        self._identities = list(_identities(boot))
        for address in boot.client.addresses:
            self._call(address, "the client")
        for stage in boot.stages:
            for exchange in stage.exchanges:
                for offer in exchange.offers:
                    self._call(offer.address, "the client")
                    self._call(offer.server, "the proxyDHCP server" if offer.proxy else "the DHCP server")
        for stage in boot.stages:
            for transfer in stage.transfers:
                self._call(transfer.server, "the boot server")
            if stage.boot is not None:
                self._call(stage.boot.server, "the boot server")

    def _call(self, address: Address | None, part: str) -> None:
        if address is None or str(address) in self._names:
            return
        taken = sum(name.startswith(part) for name in self._names.values())
        own = part == "the client" or not taken
        self._names[str(address)] = part if own else f"{part} {taken + 1}"

    def of(self, address: Address | None) -> str:
        """The part of one address; `another host` when it plays none, empty for none."""
        if address is None or not int(address):
            return ""
        return self._names.get(str(address), "another host")

    def file(self, name: bytes) -> str:
        """A file's name, without the address that a loader's search for its configuration has in it."""
        return _HEX_ADDRESS.sub("/<client>", _text(name)) if config_search(name) is not None else _text(name)

    def hosts(self, text: str) -> str:
        """A list of addresses as the parts that they play; any other text as it is."""
        try:
            return ", ".join(self.of(ip_address(value.strip())) for value in text.split(","))
        except ValueError:
            return text

    def plain(self, facts: Mapping[str, str]) -> dict[str, str]:
        """`facts` that are there, with the machine's hardware address and UUID and every known address as words."""
        return {name: told for name, value in facts.items() if (told := self._text(value).strip())}

    def _text(self, text: str) -> str:
        for own, word in self._identities:
            text = own.sub(word, text)
        return _ADDRESS.sub(self._part, text)

    def _part(self, match: re.Match[str]) -> str:
        try:
            name = self._names.get(str(ip_address(match[0])))
        except ValueError:
            return match[0]
        # One word, as a host is in a URL: whoever masks what stands before its `@` must still find it.
        return match[0] if name is None else f"<{name.removeprefix('the ').replace(' ', '-')}>"


def _identities(boot: Boot) -> Iterator[tuple[re.Pattern[str], str]]:
    """How loaders write a machine's own names into those of files."""
    client = boot.client
    if client.mac:
        yield re.compile(r"[-:.]?".join(f"{byte:02x}" for byte in client.mac), re.IGNORECASE), "<mac>"
    if client.uuid:
        yield re.compile(r"-?".join(f"{byte:02x}" for byte in client.uuid), re.IGNORECASE), "<uuid>"
        fields = (client.uuid[3::-1], client.uuid[5:3:-1], client.uuid[7:5:-1], client.uuid[8:10], client.uuid[10:])
        yield re.compile("-".join(field.hex() for field in fields), re.IGNORECASE), "<uuid>"


def _of_stage(stage: Stage, parts: _Parts) -> Iterator[Step]:
    messages = sorted(messages_of(stage), key=lambda message: message.packet.time)
    said, told = "", set[str]()
    for message in messages:
        label = _label(message, stage, parts)
        if message.from_client and label != said:
            said, told = label, set()
        if label not in told:
            told.add(label)
            yield Step(label, message.packet.frame, _facts(message.dhcp, parts))
    for number, transfer in enumerate(stage.transfers, start=1):
        yield _of_transfer(transfer, number, stage, parts)


def _label(message: Message, stage: Stage, parts: _Parts) -> str:
    port = " on port 4011" if message.port == 4011 else ""
    if message.from_client:
        return f"{stage.kind.value} {message.type}{port}"
    return f"{message.type} from {parts.of(message.packet.source) or 'a server'}{port}"


def _facts(dhcp: DhcpMessage | Dhcp6Message, parts: _Parts) -> dict[str, str]:
    if isinstance(dhcp, Dhcp6Message):
        lines = [line for line in dhcp.describe() if line.code not in _DHCPV6_SKIPPED]
        return {f"option {line.code} {line.name}": parts.hosts(line.text) for line in lines}
    facts = {
        "next server (siaddr)": parts.of(dhcp.siaddr),
        "boot file (header)": parts.file(dhcp.file_name),
        "server name (header)": parts.hosts(dhcp.sname_text),
        "broadcast flag": "set" if dhcp.broadcast else "",
        "relayed": "yes" if int(dhcp.giaddr) else "",
    }
    for line in dhcp.describe():
        if line.code not in _ALWAYS_DIFFER:
            text = "***" if line.secret else line.text or line.raw.hex()
            facts[f"option {line.code} {line.name}"] = text if line.code == _MASK else parts.hosts(text)
    return facts


def _of_transfer(transfer: Transfer, number: int, stage: Stage, parts: _Parts) -> Step:
    complete = transfer.status is TransferStatus.COMPLETE
    facts = {
        "file": parts.file(transfer.file or b""),
        "server": parts.of(transfer.server),
        "result": transfer.status.value,
        "error": "" if transfer.error_code is None else f"{transfer.error_code} {_text(transfer.error_message or b'')}",
        "options asked for": " ".join(f"{name} {value}" for name, value in transfer.options),
        "options granted": " ".join(f"{name} {value}" for name, value in transfer.answered_options or ()),
        "bytes": str(transfer.size) if complete else "",
        "content": " ".join(filter(None, (transfer.content_type, transfer.content_detail))) if complete else "",
    }
    label = f"{transfer.protocol.upper()} {transfer.operation} {number} of {stage.kind.value}"
    return Step(label, transfer.first_frame, facts)


def _text(value: bytes) -> str:
    return value.rstrip(b"\0").decode("utf-8", "surrogateescape")
