"""A client in words: who it is, what it is, which stages it went through."""

from __future__ import annotations

from pxedebug.report.context import uuid_text
from pxedebug.report.vendors import vendor
from pxedebug.report.words import safe
from pxedebug.track.story import Boot, Client, Stage
from pxedebug.wire.dhcp.architectures import architecture_name

__all__ = ["address", "architectures", "boot_file", "mac", "stage_names", "uuid", "vendor_name"]


def mac(client: Client) -> str:
    """The hardware address, or why there is none."""
    return client.mac.hex(":") or "address unknown"


def vendor_name(client: Client) -> str:
    """The maker of the interface, or nothing."""
    return safe(vendor(client.mac) or "")


def architectures(client: Client) -> str:
    """Every architecture that the client announced, in order."""
    return ", ".join(dict.fromkeys(map(architecture_name, client.architectures)))


def address(client: Client) -> str:
    """The address that it used last."""
    return str(client.addresses[-1]) if client.addresses else ""


def stage_names(boot: Boot, then: str) -> str:
    """The programs that spoke, in order, each run once."""
    names: list[str] = []
    for stage in boot.stages:
        if not names or names[-1] != stage.kind.value:
            names.append(stage.kind.value)
    return f" {then} ".join(names)


def boot_file(boot: Boot) -> bytes | None:
    """The boot program that the furthest stage was told to load, else the last file that was asked for."""
    for stage in reversed(boot.stages):
        if stage.boot is not None and stage.boot.file:
            return stage.boot.file
    return next((name for stage in reversed(boot.stages) if (name := _last_file(stage))), None)


def _last_file(stage: Stage) -> bytes | None:
    return next((transfer.file for transfer in reversed(stage.transfers) if transfer.file), None)


def uuid(client: Client) -> str:
    """The machine's UUID as its firmware shows it."""
    return uuid_text(client.uuid) or ""
