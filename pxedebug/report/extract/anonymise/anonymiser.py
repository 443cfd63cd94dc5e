"""One run of anonymising: frames and words in, frames and words that name nobody out."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from pxedebug.errors import MalformedFrame
from pxedebug.report.extract.anonymise.contents import Contents, Pieces, kept_of
from pxedebug.report.extract.anonymise.frame import FrameRewriter
from pxedebug.report.extract.anonymise.identities import Identities
from pxedebug.report.extract.anonymise.names import Names
from pxedebug.report.extract.anonymise.secret import KEY_BYTES, Secret
from pxedebug.report.extract.anonymise.tftp import TransferKey
from pxedebug.track.story import Exchange, Story, Transfer
from pxedebug.wire.dhcp import DhcpMessage
from pxedebug.wire.neighbours import Cdp, Lldp, RouterAdvertisement

__all__ = ["KEY_BYTES", "Anonymiser"]

_MASK, _ROUTES = 1, (121, 249)


class Anonymiser:
    """Replaces what names a machine, a person or a site; the same thing by the same other one throughout a run.

    Every frame keeps its length. `prepare` is called first. The key decides about all replacements: with a random one
    nobody finds the way back.
    """

    def __init__(self, key: bytes) -> None:
        self._identities = Identities(Secret(key))
        self._names = Names(self._identities)
        self._contents: dict[TransferKey, Contents] = {}
        self._kept: dict[bytes, Pieces] = {}
        self._frames = FrameRewriter(self._identities, self._names, self._contents)

    def prepare(self, story: Story) -> None:
        """Learn from a story which networks there are, which words stand in names, and what each file begins with."""
        prefixes = self._identities.addresses.prefixes
        for seen in story.neighbours.events.get(RouterAdvertisement, ()):
            if isinstance(seen.event, RouterAdvertisement):
                for prefix in seen.event.prefixes:
                    prefixes.add_v6(prefix.network.prefixlen)
        for exchanges, _ in _parts(story):
            for exchange in exchanges:
                self._learn_masks(exchange)
        for exchanges, transfers in _parts(story):
            for exchange in exchanges:
                for message in exchange.messages:
                    self._frames.internet.learn(message.packet)
            for transfer in transfers:
                self._learn_file(transfer)
        self._learn_hosts(story)

    def __call__(self, frame: bytes, link_type: int) -> bytes | None:
        """The frame that is written instead of one; None for one that cannot be decoded."""
        try:
            return self._frames.frame(frame, link_type)
        except MalformedFrame:
            return None

    def text(self, text: str) -> str:
        """Words of this program about the capture, with the replacements made so far."""
        return self._names.prose(text)

    def _learn_masks(self, exchange: Exchange) -> None:
        prefixes = self._identities.addresses.prefixes
        for message in exchange.messages:
            if isinstance(message.dhcp, DhcpMessage):
                prefixes.add_mask(message.dhcp.options.get(_MASK, b""))
                for code in _ROUTES:
                    routes = message.dhcp.value(code)
                    for route in routes if isinstance(routes, tuple) else ():
                        prefixes.add_v4(route.prefix_length)

    def _learn_hosts(self, story: Story) -> None:
        """Names that DNS was asked for, and what switches say of themselves."""
        for queries in story.names.values():
            for query in queries:
                self._names.strict(query.message.name)
        for kind in (Lldp, Cdp):
            for seen in story.neighbours.events.get(kind, ()):
                for value in seen.event:
                    if isinstance(value, str):
                        self._names.strict(value.encode())

    def _learn_file(self, transfer: Transfer) -> None:
        """The beginning of a file; equal ones are kept once."""
        key = (transfer.client.packed, transfer.client_port, transfer.file or b"")
        self._names.text(transfer.file or b"")
        if transfer.head:
            said = f"{transfer.content_type} {transfer.content_detail} {transfer.size}".encode()
            digest = hashlib.sha256(transfer.head + said).digest()
            pieces = self._kept.get(digest)
            if pieces is None:
                pieces = self._kept[digest] = kept_of(transfer, self._names)
            self._contents[key] = Contents(pieces, transfer.block_size or 512)


def _parts(story: Story) -> Iterable[tuple[tuple[Exchange, ...], tuple[Transfer, ...]]]:
    for boot in story.boots:
        for stage in boot.stages:
            yield stage.exchanges, stage.transfers
    for other in story.others:
        yield other.exchanges, other.transfers
