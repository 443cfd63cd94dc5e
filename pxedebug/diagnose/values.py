"""What the capture shows, for the placeholders of remedies: `$server`, `$router`, `$file` and the rest.

A value goes into a line that somebody pastes into a shell or a configuration, so nothing from the wire gets there that
could mean anything but itself; what is not known, or not fit, stays a word in capitals (`ROUTER`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from ipaddress import IPv4Address, IPv4Network

from pxedebug.diagnose.case import Turn, dhcp_of
from pxedebug.diagnose.finding import Found
from pxedebug.diagnose.rule import EXAMPLES

__all__ = ["in_words", "remedy_values"]

_FIT = re.compile(r"[A-Za-z0-9._/:+@%=~-]{1,255}")
_MASK, _ROUTER, _ALL = 1, 3, 0xFFFFFFFF


def remedy_values(found: Found) -> dict[str, str]:
    """By placeholder: what the stage of a finding shows, what its rule says (which counts for more), or a word."""
    return in_words({**dict(_shown(found.turn)), **_server(found), **found.values})


def in_words(shown: Mapping[str, str]) -> dict[str, str]:
    """Every placeholder with its value in `shown`, or with its own name in capitals."""
    return {name: value if _FIT.fullmatch(value := shown.get(name, "")) else name.upper() for name in EXAMPLES}


def _server(found: Found) -> Mapping[str, str]:
    boot = found.turn.boot
    server = boot.server if boot is not None and boot.server is not None else found.server
    return {} if server is None else {"server": str(server)}


def _shown(turn: Turn) -> Iterator[tuple[str, str]]:
    client = turn.case.client
    if client.mac:
        yield "mac", client.mac.hex(":")
        yield "mac_dashes", client.mac.hex("-")
    if client.architectures:
        yield "arch", str(client.architectures[0])
    if client.vlans:
        yield "vlan", str(client.vlans[-1])
    if turn.boot is not None and turn.boot.file:
        file = turn.boot.file.rstrip(b"\0").decode("latin-1")
        yield ("url" if "://" in file else "file"), file
    if turn.chosen is not None and turn.chosen.server is not None:
        yield "dhcp", str(turn.chosen.server)
    proxies = [offer.server for offer in turn.proxy_offers if offer.server is not None]
    if proxies:
        yield "proxy", str(proxies[0])
    yield from _lease(turn)


def _lease(turn: Turn) -> Iterator[tuple[str, str]]:
    """The address that was given, or offered, with its network."""
    message = turn.ack or (turn.address_offers[-1].message if turn.address_offers else None)
    if message is None or not int(dhcp_of(message).yiaddr):
        return
    dhcp = dhcp_of(message)
    if turn.chosen is None:
        yield "dhcp", str(message.packet.source)
    yield "address", str(dhcp.yiaddr)
    router = dhcp.options.get(_ROUTER, b"")[:4]
    if len(router) == 4:
        yield "router", str(IPv4Address(router))
    mask = int.from_bytes(dhcp.options.get(_MASK, b""), "big")
    holes = ~mask & _ALL
    if not mask or mask > _ALL or holes & (holes + 1):
        return
    network = IPv4Network((int(dhcp.yiaddr) & mask, mask.bit_count()))
    yield "subnet", str(network.network_address)
    yield "mask", str(network.netmask)
    yield "prefix", str(network.prefixlen)
