"""The pieces of an anonymiser with a fixed key."""

from __future__ import annotations

from pxedebug.report.extract.anonymise.contents import Contents
from pxedebug.report.extract.anonymise.identities import Identities
from pxedebug.report.extract.anonymise.internet import InternetRewriter
from pxedebug.report.extract.anonymise.names import Names
from pxedebug.report.extract.anonymise.secret import KEY_BYTES, Secret
from pxedebug.report.extract.anonymise.tftp import TransferKey

__all__ = ["KEY", "identities", "internet", "names"]

KEY = bytes(range(KEY_BYTES))


def identities() -> Identities:
    return Identities(Secret(KEY))


def names() -> Names:
    return Names(identities())


def internet(who: Identities, contents: dict[TransferKey, Contents] | None = None) -> InternetRewriter:
    """IP packets; tunnels carry frames that stay as they are."""
    return InternetRewriter(who, Names(who), contents or {}, lambda frame: frame)
