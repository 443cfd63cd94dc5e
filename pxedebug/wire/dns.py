"""DNS queries and answers, as far as a boot needs them (RFC 1035 section 4, RFC 3596)."""

from __future__ import annotations

from typing import NamedTuple

from pxedebug.errors import MalformedFrame
from pxedebug.wire.packet import Address, address

__all__ = ["A", "AAAA", "RCODES", "DnsMessage", "decode_dns"]

A, AAAA = 1, 28
"""Query types for IPv4 and IPv6 addresses."""
RCODES = {
    0: "no error", 1: "format error", 2: "server failure", 3: "no such name", 4: "not implemented", 5: "refused",
}  # fmt: skip

_HEAD = 12
_RESPONSE, _TRUNCATED, _OPCODE = 0x8000, 0x0200, 0x7800
_POINTER = 0xC0
_MOST_POINTERS = 32
_LONGEST_NAME = 255
_MOST_ANSWERS = 64
"""Answer records that are read; real answers hold a handful."""
_INTERNET = 1


class DnsMessage(NamedTuple):
    """A query with one question, or its answer."""

    id: int
    response: bool
    name: bytes
    """The name asked for, with dots and without the last one; any bytes."""
    type: int
    """Query type: `A`, `AAAA` or another."""
    rcode: int
    answers: int
    """How many answer records the message announces."""
    addresses: tuple[Address, ...]
    """Those of A and AAAA records, in order."""
    truncated: bool


def decode_dns(payload: bytes) -> DnsMessage:
    """The message in a UDP datagram; MalformedFrame where it is no standard query, or breaks off.

    Records after the answers are not looked at.
    """
    if len(payload) < _HEAD:
        raise MalformedFrame("a DNS message shorter than its header")
    flags, questions, answers = (int.from_bytes(payload[at : at + 2], "big") for at in (2, 4, 6))
    if flags & _OPCODE or questions != 1:
        raise MalformedFrame("no DNS query with one question")
    name, at = _name(payload, _HEAD)
    if at + 4 > len(payload):
        raise MalformedFrame("a DNS question that breaks off")
    kind = int.from_bytes(payload[at : at + 2], "big")
    addresses = _addresses(payload, at + 4, min(answers, _MOST_ANSWERS))
    return DnsMessage(
        id=int.from_bytes(payload[:2], "big"),
        response=bool(flags & _RESPONSE),
        name=name,
        type=kind,
        rcode=flags & 0x0F,
        answers=answers,
        addresses=addresses,
        truncated=bool(flags & _TRUNCATED),
    )


def _addresses(payload: bytes, at: int, records: int) -> tuple[Address, ...]:
    """Of A and AAAA records; those that a cut message lacks are left out."""
    found: list[Address] = []
    for _ in range(records):
        if at >= len(payload):
            break
        _, at = _name(payload, at)
        if at + 10 > len(payload):
            break
        kind, network, _, _, length = (
            int.from_bytes(payload[at + first : at + last], "big")
            for first, last in ((0, 2), (2, 4), (4, 6), (6, 8), (8, 10))
        )
        data = payload[at + 10 : at + 10 + length]
        at += 10 + length
        if network == _INTERNET and (kind, len(data)) in ((A, 4), (AAAA, 16)):
            found.append(address(data))
    return tuple(found)


def _name(payload: bytes, at: int) -> tuple[bytes, int]:
    """The name at `at` and where what follows it stands (RFC 1035 section 4.1.4: pointers go back)."""
    labels: list[bytes] = []
    behind = -1
    pointers = size = 0
    while True:
        if at >= len(payload):
            raise MalformedFrame("a DNS name that breaks off")
        length = payload[at]
        if length & _POINTER == _POINTER:
            if at + 1 >= len(payload) or pointers >= _MOST_POINTERS:
                raise MalformedFrame("a DNS name with pointers that lead nowhere")
            behind = at + 2 if behind < 0 else behind
            at = (length & ~_POINTER) << 8 | payload[at + 1]
            pointers += 1
            continue
        if length & _POINTER:
            raise MalformedFrame("a DNS label of an unknown kind")
        at += 1
        if not length:
            return b".".join(labels), at if behind < 0 else behind
        label = payload[at : at + length]
        size += length + 1
        if len(label) < length or size > _LONGEST_NAME:
            raise MalformedFrame("a DNS name that is too long or breaks off")
        labels.append(label)
        at += length
