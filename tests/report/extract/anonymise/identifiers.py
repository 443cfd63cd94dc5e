"""What names somebody in a capture, gathered without the anonymiser's help, and the forms it is written in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path
from uuid import UUID

from pxedebug.api import read_captures
from pxedebug.capture import open_captures
from pxedebug.diagnose.claims import is_virtual
from pxedebug.report.extract.anonymise.vocabulary import HOST_WORDS, VOCABULARY
from pxedebug.track.story import Exchange, Story, Transfer
from pxedebug.wire.dhcp import DhcpMessage
from pxedebug.wire.dhcpv6 import Dhcp6Message
from pxedebug.wire.frames import decode_batch
from pxedebug.wire.neighbours import Arp

__all__ = ["found_in", "identifiers"]

_SHORTEST = 4
"""Letters of a word that is looked for; shorter ones stand everywhere by chance."""
_HOST_NAMES = (12, 15, 66)
_FILE_NAMES = (67, 209, 210)


def identifiers(capture: Path) -> dict[bytes, str]:
    """Byte strings that must not occur in what is made of `capture`, each with what it is."""
    story = read_captures([str(capture)]).story
    forms: dict[bytes, str] = {}
    for mac in _macs(capture, story):
        forms |= dict.fromkeys(_of_mac(mac), f"MAC address {mac.hex(':')}")
    for address in _addresses(capture, story):
        forms |= dict.fromkeys(_of_address(address), f"address {address}")
    for value in _uuids(story):
        text = (str(UUID(bytes=value)), str(UUID(bytes_le=value)))
        forms |= dict.fromkeys(
            (value, *(t.encode() for t in text), *(t.upper().encode() for t in text)), f"UUID {text}"
        )
    forms |= {value: f"opaque {value.hex()}" for value in _opaque(story)}
    return forms | {word: f"word {word!r}" for word in _words(story)}


def found_in(data: bytes, forms: dict[bytes, str]) -> list[str]:
    """Those of `forms` that `data` holds."""
    return sorted({what for form, what in forms.items() if form in data})


def _parts(story: Story) -> Iterator[tuple[tuple[Exchange, ...], tuple[Transfer, ...]]]:
    for boot in story.boots:
        yield from ((stage.exchanges, stage.transfers) for stage in boot.stages)
    yield from ((other.exchanges, other.transfers) for other in story.others)


def _dhcp(story: Story) -> Iterator[DhcpMessage]:
    for exchanges, _ in _parts(story):
        for exchange in exchanges:
            yield from (m.dhcp for m in exchange.messages if isinstance(m.dhcp, DhcpMessage))


def _dhcp6(story: Story) -> Iterator[Dhcp6Message]:
    for exchanges, _ in _parts(story):
        for exchange in exchanges:
            yield from (m.dhcp for m in exchange.messages if isinstance(m.dhcp, Dhcp6Message))


def _macs(capture: Path, story: Story) -> set[bytes]:
    macs = {message.chaddr for message in _dhcp(story)}
    for batch in open_captures([str(capture)]):
        macs |= {int(mac).to_bytes(6) for mac in decode_batch(batch).mac}
    return {mac for mac in macs if len(mac) == 6 and any(mac) and not mac[0] & 1 and not is_virtual(mac)}


def _of_mac(mac: bytes) -> Iterator[bytes]:
    """All of it, and its last four bytes, which an IAID may be."""
    yield mac
    yield mac[2:]
    yield bytes((mac[0] ^ 2,)) + mac[1:3] + b"\xff\xfe" + mac[3:]
    for text in (mac.hex(":"), mac.hex("-"), mac.hex()):
        yield text.encode()
        yield text.upper().encode()


def _addresses(capture: Path, story: Story) -> set[IPv4Address | IPv6Address]:
    found: set[IPv4Address | IPv6Address] = set(story.neighbours.resolutions)
    for exchanges, transfers in _parts(story):
        for exchange in exchanges:
            for message in exchange.messages:
                found |= {message.packet.source, message.packet.destination}
        for transfer in transfers:
            found |= {transfer.client, transfer.server}
    for message in _dhcp(story):
        found |= {message.yiaddr, message.siaddr, message.giaddr, message.ciaddr}
        found |= {
            ip_address(message.options[code][:4]) for code in (3, 6, 50, 54) if len(message.options.get(code, b"")) >= 4
        }
    for seen in (event for events in story.neighbours.events.values() for event in events):
        if isinstance(seen.event, Arp):
            found |= {seen.event.sender_ip, seen.event.target_ip}
    return {address for address in found if _names_somebody(address)}


def _names_somebody(address: IPv4Address | IPv6Address) -> bool:
    packed = address.packed
    if packed[0] in (0, 127) or packed[-1] in (0, 255) or address.is_multicast or address.is_unspecified:
        return False
    return len(packed) == 16 or packed[0] < 224


def _of_address(address: IPv4Address | IPv6Address) -> Iterator[bytes]:
    yield address.packed
    yield from (str(address).encode(), str(address).upper().encode())
    yield from (address.packed.hex().encode(), address.packed.hex().upper().encode())


def _uuids(story: Story) -> set[bytes]:
    values = {message.options.get(97, b"")[1:] for message in _dhcp(story)}
    return {value for value in values if len(value) == 16 and len(set(value)) > 1}


def _opaque(story: Story) -> set[bytes]:
    """Client identifiers, and what a relay says of the port and of itself."""
    values = {message.options.get(61, b"")[1:] for message in _dhcp(story)}
    for message in _dhcp(story):
        relay = message.options.get(82, b"")
        while len(relay) > 2:
            values.add(relay[2 : 2 + relay[1]])
            relay = relay[2 + relay[1] :]
    for message6 in _dhcp6(story):
        values |= {value for value in (message6.option(1), message6.option(2)) if value}
    return {value for value in values if len(value) >= _SHORTEST and any(value)}


def _words(story: Story) -> set[bytes]:
    names: list[bytes] = []
    hosts: list[bytes] = []
    for message in _dhcp(story):
        names += [message.options.get(code, b"") for code in _FILE_NAMES]
        names.append(message.file_name)
        hosts += [message.options.get(code, b"") for code in _HOST_NAMES]
        hosts.append(message.sname_text.encode())
    for _, transfers in _parts(story):
        for transfer in transfers:
            names += [transfer.file or b"", transfer.error_message or b""]
            if transfer.content_type in ("ipxe-script", "config-text"):
                names.append(transfer.head)
    known = {word.encode() for word in VOCABULARY}
    return _long(names, known) | _long(hosts, known | HOST_WORDS)


def _long(texts: Iterable[bytes], known: set[bytes]) -> set[bytes]:
    """Words of letters as they stand in the texts, but for those that the project knows."""
    words = {word for text in texts for word in re.findall(rb"[A-Za-z0-9]+", text) if word.lower() not in known}
    letters = {part for word in words for part in re.findall(rb"[A-Za-z]{%d,}" % _SHORTEST, word)}
    return {part for part in letters if part.lower() not in known}
