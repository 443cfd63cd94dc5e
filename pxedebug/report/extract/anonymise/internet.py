"""IP packets with other addresses and payloads, checksums carried along (RFC 791, RFC 8200, RFC 768, RFC 9293)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from pxedebug.errors import MalformedFrame
from pxedebug.report.extract.anonymise.checksums import adjusted
from pxedebug.report.extract.anonymise.contents import Contents, Pieces, cover
from pxedebug.report.extract.anonymise.control import ControlRewriter
from pxedebug.report.extract.anonymise.dhcp import DhcpRewriter
from pxedebug.report.extract.anonymise.dhcpv6 import Dhcp6Rewriter
from pxedebug.report.extract.anonymise.dns import DNS_PORTS, rewrite_dns
from pxedebug.report.extract.anonymise.http import Http
from pxedebug.report.extract.anonymise.icmp import rewrite_icmp, rewrite_icmp6, rewrite_igmp
from pxedebug.report.extract.anonymise.identities import Identities
from pxedebug.report.extract.anonymise.names import Names
from pxedebug.report.extract.anonymise.tftp import Tftp, TransferKey
from pxedebug.report.extract.anonymise.tunnels import gre_payload
from pxedebug.wire.columns.protocols import (
    GRE,
    HSRP_PORTS,
    ICMP,
    ICMP6,
    IGMP,
    IPIP,
    IPV6_IN_IP,
    TCP,
    UDP,
    VRRP,
    VXLAN_PORTS,
)
from pxedebug.wire.packet import Packet

__all__ = ["InternetRewriter"]

_DHCP_PORTS = frozenset((67, 68, 4011))
_DHCP6_PORTS = frozenset((546, 547))
_EXTENSIONS = (0, 60, 135)
_FRAGMENT, _NO_NEXT = 44, 59
_UDP_HEADER, _TCP_HEADER, _VXLAN_HEADER = 8, 20, 8
_TFTP_CODES = range(1, 7)
_DATA_HEAD = b"\0\3\0\0"
_ONE_PIECE = 548
"""Payload bytes that any host takes without fragments (RFC 791 section 3.2: 576 less headers)."""
_FRAGMENTED = 1 << 12
"""Fragmented datagrams that are followed at once."""
_OFFSET, _MORE = 0x1FFF, 0x2000
_NO_OPERATION = b"\1"


class _Packet(NamedTuple):
    """An IP packet as its payload is replaced."""

    source: bytes
    destination: bytes
    new_source: bytes
    new_destination: bytes
    name: bytes
    """Source, destination, protocol and identification: what fragments of one datagram share."""
    cut: bool
    """The first fragment of several."""
    quoted: bool

    @property
    def key(self) -> tuple[bytes, bytes, int]:
        """Source, destination and identification."""
        return self.source, self.destination, int.from_bytes(self.name[2 * len(self.source) + 1 :])


class InternetRewriter:
    """Packets of one run; `ethernet` replaces the frames that tunnels carry."""

    def __init__(
        self,
        identities: Identities,
        names: Names,
        contents: Mapping[TransferKey, Contents],
        ethernet: Callable[[bytes], bytes],
    ) -> None:
        self._identities = identities
        self._names = names
        self._ethernet = ethernet
        self._dhcp = DhcpRewriter(identities, names)
        self._dhcp6 = Dhcp6Rewriter(identities, names, self._dhcp)
        self._control = ControlRewriter(identities, names)
        self._tftp = Tftp(names, contents)
        self._http = Http(names, contents)
        self._fragments: dict[bytes, tuple[Pieces, int]] = {}
        self._whole: dict[tuple[bytes, bytes, int], tuple[bytes, bytes]] = {}

    def learn(self, packet: Packet) -> None:
        """See a DHCP message as a story holds it: its words, and the whole of one that may have come in fragments."""
        made = self._dhcp_message({packet.source_port, packet.destination_port}, packet.payload)
        if made is not None and len(packet.payload) > _ONE_PIECE and len(self._whole) < _FRAGMENTED:
            self._whole[packet.source.packed, packet.destination.packed, packet.ip_id] = packet.payload, made

    def packet(self, data: bytes, *, quoted: bool = False) -> bytes:
        """The packet that stands for one, as long as it, with zeros for what pads the frame behind it.

        Raises MalformedFrame where it cannot be read; of a packet quoted in an ICMP error that only gives zeros.
        """
        try:
            version = data[0] >> 4 if data else 0
            if version == 4 and len(data) >= 20:
                return self._version_4(data, quoted)
            if version == 6 and len(data) >= 40:
                return self._version_6(data, quoted)
            raise MalformedFrame(f"no IP header in {len(data)} bytes")
        except MalformedFrame:
            if not quoted:
                raise
            return bytes(len(data))

    def _version_4(self, data: bytes, quoted: bool) -> bytes:
        header, total = (data[0] & 15) * 4, int.from_bytes(data[2:4])
        if not 20 <= header <= len(data):
            raise MalformedFrame(f"IPv4 header of {header} bytes")
        end = min(total, len(data)) if total >= header else len(data)
        flags = int.from_bytes(data[6:8])
        new = self._addresses(data[12:20], 4)
        made = bytearray(data[:12] + new + _options(data[20:header]))
        made[10:12] = adjusted(data[10:12], data[:header], bytes(made))
        name = data[12:20] + data[9:10] + data[4:6]
        packet = _Packet(data[12:16], data[16:20], new[:4], new[4:], name, bool(flags & _MORE), quoted)
        body = data[header:end]
        offset = (flags & _OFFSET) * 8
        rest = self._later_fragment(packet, offset, body) if offset else self._transport(data[9], packet, body)
        return bytes(made) + rest + bytes(len(data) - end)

    def _version_6(self, data: bytes, quoted: bool) -> bytes:
        length = int.from_bytes(data[4:6])
        end = min(40 + length, len(data)) if length else len(data)
        new = self._addresses(data[8:40], 16)
        made = data[:8] + new
        protocol, offset, more, identification = data[6], 0, False, b""
        while protocol in (*_EXTENSIONS, _FRAGMENT):
            at = len(made)
            if at + 8 > end:
                raise MalformedFrame("an IPv6 extension header that is cut")
            size = 8 if protocol == _FRAGMENT else (data[at + 1] + 1) * 8
            if protocol == _FRAGMENT:
                field = int.from_bytes(data[at + 2 : at + 4])
                offset, more, identification = field & 0xFFF8, bool(field & 1), data[at + 4 : at + 8]
            if at + size > end:
                raise MalformedFrame("an IPv6 extension header that is cut")
            made += data[at : at + size]
            protocol = data[at]
            if offset:
                break
        name = data[8:40] + bytes((protocol,)) + identification
        packet = _Packet(data[8:24], data[24:40], new[:16], new[16:], name, more, quoted)
        body = data[len(made) : end]
        rest = self._later_fragment(packet, offset, body) if offset else self._transport(protocol, packet, body)
        return made + rest + bytes(len(data) - end)

    def _addresses(self, pair: bytes, size: int) -> bytes:
        return self._identities.ip(pair[:size]) + self._identities.ip(pair[size:])

    def _later_fragment(self, packet: _Packet, offset: int, body: bytes) -> bytes:
        """Zeros, but for what is kept of a datagram whose first fragment was seen."""
        pieces, start = self._fragments.get(packet.name, ((), 0))
        return cover(pieces, start + offset, len(body))

    def _transport(self, protocol: int, packet: _Packet, body: bytes) -> bytes:
        if protocol == UDP:
            return self._udp(packet, body)
        if protocol == TCP:
            return self._tcp(packet, body)
        if protocol == ICMP and len(packet.source) == 4:
            made = rewrite_icmp(body, self._identities, self._quote)
            return made[:2] + adjusted(body[2:4], body, made) + made[4:]
        if protocol == ICMP6 and len(packet.source) == 16:
            return self._checked(packet, body, rewrite_icmp6(body, self._identities, self._names, self._quote), 2)
        if protocol == IGMP:
            made = rewrite_igmp(body, self._identities)
            return made[:2] + adjusted(body[2:4], body, made) + made[4:]
        if protocol == VRRP:
            made = self._control.vrrp(body, len(packet.source))
            if body[0] >> 4 == 2:
                return made[:6] + adjusted(body[6:8], body, made) + made[8:]
            return self._checked(packet, body, made, 6)
        if protocol in (IPIP, IPV6_IN_IP):
            return self.packet(body)
        if protocol == GRE:
            return gre_payload(body, self.packet, self._ethernet)
        if protocol == _NO_NEXT:
            return bytes(len(body))
        raise MalformedFrame(f"IP protocol {protocol}")

    def _quote(self, data: bytes) -> bytes:
        return self.packet(data, quoted=True)

    def _checked(self, packet: _Packet, body: bytes, made: bytes, at: int, *, udp: bool = False) -> bytes:
        """`made` with the checksum at byte `at` carried along, pseudo header included (RFC 9293 section 3.1)."""
        old = packet.source + packet.destination + body
        new = packet.new_source + packet.new_destination + made
        return made[:at] + adjusted(body[at : at + 2], old, new, zero_means_none=udp) + made[at + 2 :]

    def _udp(self, packet: _Packet, body: bytes) -> bytes:
        if len(body) < _UDP_HEADER:
            if packet.quoted:
                return body
            raise MalformedFrame(f"UDP header of {len(body)} bytes")
        if packet.cut and packet.key in self._whole:
            return self._first_of_message(packet, body, *self._whole[packet.key])
        payload = self._payload(packet, int.from_bytes(body[:2]), int.from_bytes(body[2:4]), body[_UDP_HEADER:])
        made = body[:_UDP_HEADER] + payload
        if packet.cut:
            # The sum covers fragments that are not here; over IPv4 a datagram may do without (RFC 768).
            return made[:6] + bytes(2) + payload if len(packet.source) == 4 else made
        return self._checked(packet, body, made, 6, udp=True)

    def _first_of_message(self, packet: _Packet, body: bytes, old: bytes, new: bytes) -> bytes:
        """The first fragment of a DHCP message of which the story holds the whole."""
        self._keep_fragments(packet, ((0, new),), 0)
        header = self._checked(packet, body[:_UDP_HEADER] + old, body[:_UDP_HEADER] + new, 6, udp=True)[:_UDP_HEADER]
        return header + cover(((0, new),), 0, len(body) - _UDP_HEADER)

    def _keep_fragments(self, packet: _Packet, pieces: Pieces, start: int) -> None:
        """Later fragments hold `pieces`; the first one's UDP payload began at `start` of these."""
        if len(self._fragments) >= _FRAGMENTED:
            self._fragments.clear()
        self._fragments[packet.name] = pieces, start - _UDP_HEADER

    def _payload(self, packet: _Packet, source: int, destination: int, payload: bytes) -> bytes:
        """A datagram's payload by its ports; what no port tells is TFTP where it begins like it, else zeros."""
        ports = {source, destination}
        message = self._dhcp_message(ports, payload)
        if message is not None:
            return message
        if ports & DNS_PORTS:
            return rewrite_dns(payload, self._identities, self._names)
        if destination in HSRP_PORTS:
            return self._control.hsrp(payload)
        if destination in VXLAN_PORTS and payload[:1] == b"\x08" and not packet.quoted:
            return payload[:_VXLAN_HEADER] + self._ethernet(payload[_VXLAN_HEADER:])
        if int.from_bytes(payload[:2]) not in _TFTP_CODES:
            return bytes(len(payload))
        ends = (packet.source, source), (packet.destination, destination)
        if packet.cut and payload[:2] == _DATA_HEAD[:2]:
            pieces, start = self._tftp.place(*ends, payload)
            self._keep_fragments(packet, pieces, start - len(_DATA_HEAD))
        return self._tftp.packet(*ends, payload)

    def _dhcp_message(self, ports: set[int], payload: bytes) -> bytes | None:
        """A message on DHCP's ports; zeros where it is none, None on other ports."""
        try:
            if ports & _DHCP_PORTS:
                return self._dhcp.message(payload)
            return self._dhcp6.message(payload) if ports & _DHCP6_PORTS else None
        except MalformedFrame:
            return bytes(len(payload))

    def _tcp(self, packet: _Packet, body: bytes) -> bytes:
        if packet.quoted and len(body) < _TCP_HEADER:
            return body
        header = (body[12] >> 4) * 4 if len(body) >= _TCP_HEADER else 0
        if not _TCP_HEADER <= header <= len(body):
            raise MalformedFrame(f"TCP header of {header} bytes")
        payload = body[header:]
        if payload:
            source = packet.source, int.from_bytes(body[:2])
            destination = packet.destination, int.from_bytes(body[2:4])
            payload = self._http.segment(source, destination, int.from_bytes(body[4:8]), payload)
        return self._checked(packet, body, body[:header] + payload, 16)


def _options(options: bytes) -> bytes:
    """IPv4 options: router alert stays, what may hold addresses becomes no-operations."""
    return options if options[:1] == b"\x94" and len(options) == 4 else _NO_OPERATION * len(options)
