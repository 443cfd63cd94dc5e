"""The kernel was delivered whole, and the machine never speaks again.

A live system in memory, or an installer that waits for its user, is as silent: only where the configuration tells the
kernel to use the network is silence a warning; elsewhere it is only told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pxedebug.diagnose.case import Case
from pxedebug.diagnose.facts import plain_name, seconds
from pxedebug.diagnose.finding import Confidence, Found, Severity, cite, name
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import Product, Reach, Remedy, Rule, Screen, Step, advice
from pxedebug.firmware import pauses
from pxedebug.firmware.programs import StageKind
from pxedebug.track.clocks import SECOND
from pxedebug.track.loaded import role
from pxedebug.track.story import Outcome, Transfer, TransferStatus

__all__ = ["RULE"]

_SILENCE = 120 * SECOND
_TEXTS = frozenset(("ipxe-script", "config-text", "text"))
_NETWORK = re.compile(
    rb"(?<![\w.-])(ip=|rd\.neednet|bootif=|inst\.(?:repo|stage2|ks)=|ks=|nfsroot=|root=/dev/nfs|root=live:|netboot=|fetch=|"
    rb"url=|preseed/url=|coreos\.|ignition\.|ds=nocloud-net|archiso_|netroot=|autoinstall)",
    re.IGNORECASE,
)
"""Kernel arguments that mean nothing without a network."""
_SILENT_TOOLS = ("memtest", "memdisk")


def check(case: Case, network: Network) -> Iterator[Found]:
    """A kernel is among the files, and two minutes without a frame of the machine follow the last of them."""
    turn = case.last
    if turn.kind is StageKind.OS:
        return
    last = turn.transfers[-1]
    if last.status is not TransferStatus.COMPLETE or case.seen_until - last.ended < _SILENCE or case.attempt.followed:
        return
    whole = [transfer for each in case.turns for transfer in each.whole()]
    kernel = next((transfer for transfer in reversed(whole) if role(transfer) == "kernel"), None)
    if kernel is None or _tool(kernel):
        return
    presence = network.heard(case.client.mac) if case.client.mac else None
    if presence is None or presence[1] > last.ended + pauses.AFTERMATH:
        return
    source, argument = _wants_network(whole)
    says = f"{name(plain_name(kernel))} was delivered"
    evidence = cite(last.last_frame, "the last frame of the last file") + cite(kernel.first_frame, "the kernel")
    if source is not None:
        says += f" and is told to use the network ({name(argument)}), but"
        evidence += cite(source.first_frame, "the configuration that says so")
    else:
        says += ", and"
    yield Found(
        turn,
        Confidence.INFERRED,
        f"{says} nothing was heard of the machine in the {seconds(case.seen_until - last.ended)} after it",
        evidence,
        severity=None if source is not None else Severity.INFO,
        values={"server": str(kernel.server), "mac_dashes": case.client.mac.hex("-")},
        absence=True,
    )


def _tool(kernel: Transfer) -> bool:
    words = (kernel.content_detail or "").lower() + plain_name(kernel).decode("latin-1").lower()
    return any(tool in words for tool in _SILENT_TOOLS)


def _wants_network(whole: Sequence[Transfer]) -> tuple[Transfer | None, bytes]:
    """The configuration that gives the kernel such an argument, and the argument."""
    for transfer in reversed(whole):
        if transfer.content_type in _TEXTS or role(transfer) == "config":
            found = _NETWORK.search(transfer.head)
            if found:
                return transfer, found[1]
    return None, b""


RULE = Rule(
    id="kernel-fetched-no-more-traffic",
    title="The kernel was delivered, and the machine falls silent",
    severity=Severity.WARNING,
    step=Step.POST_NBP,
    check=check,
    reach=Reach.LOADED,
    outcomes=frozenset((Outcome.BOOTED, Outcome.IN_PROGRESS)),
    screens=(Screen("A black screen; VFS: Unable to mount root fs; EFI stub: Measured initrd data into PCR 9"),),
    causes=(
        "the initrd has no driver for the network card",
        "`ip=dhcp rd.neednet=1` is missing from the kernel's arguments",
        "there is not enough memory for the initrd",
        "under UEFI the `initrd=` argument is missing, so the kernel has no initrd",
        "the kernel is built for another processor",
        "it runs, and its console is elsewhere",
    ),
    remedies=(
        *advice("look at the serial console (console=ttyS0,115200 among the kernel's arguments)"),
        Remedy(Product.LINUX, "ip=dhcp rd.neednet=1 BOOTIF=01-$mac_dashes", "among the kernel's arguments (dracut)"),
        Remedy(Product.IPXE, "kernel vmlinuz initrd=initrd.magic", "iPXE passes on all its initrds under this name"),
    ),
    sources=("dracut.cmdline(7)", "Linux Documentation/admin-guide/nfs/nfsroot.rst"),
    next_measurement="look at the machine's console, and capture at its switch port for two minutes after the kernel",
)
