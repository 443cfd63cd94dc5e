"""A boot as a list of steps that can be held against another boot's: what was said and given, without what always
differs (transaction ids, times, the machine's own names, addresses).

Addresses are named by the part that a host plays in the boot (`the client`, `the DHCP server`), so that two boots on
different networks compare by who does what.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from pxedebug.firmware import config_search
from pxedebug.track.story import Boot, Message, Stage, Transfer, TransferStatus, messages_of
from pxedebug.wire.dhcp import DhcpMessage
from pxedebug.wire.dhcpv6 import Dhcp6Message
from pxedebug.wire.packet import Address

__all__ = ["Step", "steps_of"]

_ALWAYS_DIFFER = frozenset((28, 50, 51, 53, 54, 58, 59, 61, 82, 97, 118))
"""Options of times, of identities and of addresses that `_addresses` names by their part, beside the type itself."""
_ADDRESS_OPTIONS = frozenset((3, 6, 42, 66))
"""Options that hold addresses, or may."""
_DHCPV6_SKIPPED = frozenset((1, 2, 3, 8))
_HEX_ADDRESS = re.compile(r"/[0-9A-Fa-f]{1,8}$")
"""An address or a prefix of it, as PXELINUX and GRUB look for configurations by."""


class Step(NamedTuple):
    """One thing that happened, in words that are the same wherever the same happens."""

    label: str
    """`firmware DISCOVER`, `OFFER of the DHCP server`, `TFTP read 1`."""
    frame: int
    """Its first frame (`frame_ref`)."""
    facts: Mapping[str, str]
    """What it said, by field."""


def steps_of(boot: Boot) -> list[Step]:
    """The steps of `boot` in order, retransmissions folded into one."""
    parts = _Parts(boot)
    return [step for stage in boot.stages for step in _of_stage(stage, parts)]


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
        """A file's name with the machine's own hardware address, UUID and address in it as words."""
        text = _text(name)
        for own, word in self._identities:
            text = own.sub(word, text)
        if config_search(name) is not None:
            text = _HEX_ADDRESS.sub("/<address>", text)
        return text

    def named(self, text: str) -> str:
        """`text` with every known address as its part."""
        return self._names.get(text, text)


def _identities(boot: Boot) -> Iterator[tuple[re.Pattern[str], str]]:
    """How loaders write a machine's own names into those of files."""
    client = boot.client
    if client.mac:
        yield re.compile(r"[-:.]?".join(f"{byte:02x}" for byte in client.mac), re.IGNORECASE), "<mac>"
    if client.uuid:
        yield re.compile(r"-?".join(f"{byte:02x}" for byte in client.uuid), re.IGNORECASE), "<uuid>"
        fields = (client.uuid[3::-1], client.uuid[5:3:-1], client.uuid[7:5:-1], client.uuid[8:10], client.uuid[10:])
        yield re.compile("-".join(field.hex() for field in fields), re.IGNORECASE), "<uuid>"
    for address in client.addresses:
        yield re.compile(re.escape(str(address))), "<address>"


def _of_stage(stage: Stage, parts: _Parts) -> Iterator[Step]:
    messages = sorted(messages_of(stage), key=lambda message: message.packet.time)
    for _, run in groupby(messages, key=lambda message: _label(message, stage, parts)):
        yield _of_message(list(run), stage, parts)
    for number, transfer in enumerate(stage.transfers, start=1):
        yield _of_transfer(transfer, number, stage, parts)


def _label(message: Message, stage: Stage, parts: _Parts) -> str:
    port = " on port 4011" if message.port == 4011 else ""
    who = stage.kind.value if message.from_client else f"from {parts.of(message.packet.source) or 'a server'}"
    return f"{message.type} {who}{port}"


def _of_message(run: Sequence[Message], stage: Stage, parts: _Parts) -> Step:
    first = run[0]
    facts = _dhcp_facts(first.dhcp, parts) if isinstance(first.dhcp, DhcpMessage) else _dhcp6_facts(first.dhcp)
    return Step(_label(first, stage, parts), first.packet.frame, facts)


def _dhcp_facts(dhcp: DhcpMessage, parts: _Parts) -> dict[str, str]:
    facts = {
        "next server (siaddr)": parts.of(dhcp.siaddr),
        "boot file (header)": _text(dhcp.file_name),
        "server name (header)": dhcp.sname_text,
        "broadcast flag": "set" if dhcp.broadcast else "",
        "relayed": "yes" if int(dhcp.giaddr) else "",
    }
    for line in dhcp.describe():
        if line.code in _ADDRESS_OPTIONS:
            values = (parts.named(value.strip()) for value in line.text.split(","))
            facts[f"option {line.code} {line.name}"] = ", ".join(values)
        elif line.code not in _ALWAYS_DIFFER:
            facts[f"option {line.code} {line.name}"] = "***" if line.secret else _whole(line.text, line.raw)
    return {name: value for name, value in facts.items() if value}


def _dhcp6_facts(dhcp: Dhcp6Message) -> dict[str, str]:
    lines = (line for line in dhcp.describe() if line.code not in _DHCPV6_SKIPPED)
    return {f"option {line.code} {line.name}": line.text for line in lines if line.text}


def _whole(text: str, raw: bytes) -> str:
    return text or raw.hex()


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
    return Step(label, transfer.first_frame, {name: value.strip() for name, value in facts.items() if value.strip()})


def _text(value: bytes) -> str:
    return value.rstrip(b"\0").decode("utf-8", "surrogateescape")
