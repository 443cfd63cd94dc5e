"""Frames as captured: link headers with other hardware addresses, and what they announce."""

from __future__ import annotations

from collections.abc import Mapping

from pxedebug.errors import MalformedFrame
from pxedebug.report.extract.anonymise.contents import Contents
from pxedebug.report.extract.anonymise.control import ControlRewriter
from pxedebug.report.extract.anonymise.identities import Identities
from pxedebug.report.extract.anonymise.internet import InternetRewriter
from pxedebug.report.extract.anonymise.names import Names
from pxedebug.report.extract.anonymise.tftp import TransferKey
from pxedebug.wire.linktypes import (
    LINKTYPE_ETHERNET,
    LINKTYPE_LINUX_SLL,
    LINKTYPE_LINUX_SLL2,
)
from pxedebug.wire.neighbours.link import locate

__all__ = ["FrameRewriter"]

_IPV4, _IPV6 = 0x0800, 0x86DD
_DEEPEST = 4
"""Tunnels inside one another."""


class FrameRewriter:
    """Frames of one run."""

    def __init__(self, identities: Identities, names: Names, contents: Mapping[TransferKey, Contents]) -> None:
        self._identities = identities
        self._control = ControlRewriter(identities, names)
        self.internet = InternetRewriter(identities, names, contents, self._ethernet)
        self._depth = 0

    def frame(self, data: bytes, link_type: int) -> bytes:
        """The frame that stands for one. Raises MalformedFrame where the engine does not understand it."""
        self._depth = 0
        if link_type == LINKTYPE_ETHERNET:
            return self._ethernet(data)
        place = locate(data, link_type)
        if place is None:
            raise MalformedFrame(f"nothing known in a frame of link type {link_type}")
        kind, at = place
        payload = self._payload(kind, data[at:])
        return self._link_header(data[:at], link_type) + payload

    def _ethernet(self, data: bytes) -> bytes:
        """An Ethernet frame, tagged or not, with EtherType or LLC."""
        self._depth += 1
        place = locate(data, LINKTYPE_ETHERNET)
        if place is None or self._depth > _DEEPEST:
            raise MalformedFrame("an Ethernet frame of unknown content")
        kind, at = place
        payload = self._payload(kind, data[at:])
        mac = self._identities.mac
        return mac(data[:6]) + mac(data[6:12]) + data[12:at] + payload

    def _payload(self, kind: int, data: bytes) -> bytes:
        if kind in (_IPV4, _IPV6):
            return self.internet.packet(data)
        rewrite = self._control.by_type(kind)
        if rewrite is None:
            raise MalformedFrame(f"EtherType {kind:#06x}")
        return rewrite(data)

    def _link_header(self, head: bytes, link_type: int) -> bytes:
        """Of cooked frames the sender's address (six bytes of eight), of others nothing to replace."""
        at = {LINKTYPE_LINUX_SLL: 6, LINKTYPE_LINUX_SLL2: 12}.get(link_type)
        if at is None:
            return head
        return head[:at] + self._identities.mac(head[at : at + 6]) + bytes(2) + head[at + 8 :]
