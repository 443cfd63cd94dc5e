"""What boot loaders load and ask for: the predicates of the rules in `rules/second_stage`."""

from __future__ import annotations

import re

from pxedebug.diagnose.case import Case
from pxedebug.diagnose.facts import plain_name
from pxedebug.diagnose.network import Network
from pxedebug.firmware import artifact, optional_file
from pxedebug.firmware.file_names import base_name
from pxedebug.track.story import Transfer

__all__ = ["is_shim", "is_shims_second_stage", "may_be_ipxe", "next_beginning"]

_SHIM = re.compile(rb".*shim.*\.efi|bootnet(?:x64|aa64)\.efi")
_SECOND = re.compile(rb"(?:grub|fb|ipxe|snponly)[a-z0-9_-]*\.efi")
_UNNAMED = frozenset((None, "pe", "bios-boot-program", "elf", "data"))
"""Types of file that iPXE may have where its first bytes do not name it."""
_OTHER_LOADERS = (b"pxelinux", b"lpxelinux", b"grub", b"core.", b"shim", b"wdsnbp", b"wdsmgfw", b"bootmgfw", b"pxeboot")


def is_shim(transfer: Transfer) -> bool:
    """A shim, by name or by the strings in it; not the files that shim itself looks for."""
    base = base_name(plain_name(transfer))
    if optional_file(base):
        return False
    return _SHIM.fullmatch(base) is not None or "shim" in (transfer.content_detail or "")


def may_be_ipxe(transfer: Transfer) -> bool:
    """A program that may be iPXE: it says so, or nothing in it or in its name says otherwise."""
    detail = transfer.content_detail or ""
    if "iPXE" in detail:
        return True
    if transfer.content_type not in _UNNAMED or "GRUB" in detail or "shim" in detail or "Windows" in detail:
        return False
    base = base_name(plain_name(transfer))
    return artifact(base) in (None, "boot-program") and not base.startswith(_OTHER_LOADERS)


def is_shims_second_stage(file: bytes) -> bool:
    """A name under which shim looks for the program that it is to start."""
    return _SECOND.fullmatch(base_name(file)) is not None


def next_beginning(case: Case, network: Network) -> tuple[int, int] | None:
    """Time and frame at which the machine's firmware began its next entry, or began anew; None where that does not
    show (it may have: `case.attempt.followed`)."""
    following = case.boot.attempts[case.index + 1 :]
    if following:
        stage = following[0].stages[0]
        first = next((message for exchange in stage.exchanges for message in exchange.messages), None)
        return None if first is None else (stage.started, first.packet.frame)
    if not case.attempt.followed:
        return None
    later = (each for each in network.boots_by_mac.get(case.client.mac, ()) if (each.boot or 0) > case.number)
    return next((record.discovers[0] for record in later if record.discovers), None)
