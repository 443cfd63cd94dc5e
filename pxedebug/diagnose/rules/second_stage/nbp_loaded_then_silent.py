"""The boot program was delivered whole, and nothing of it was heard.

Firmware that goes on at once did not run it or got it back; silence alone is only a warning, because a program may
wait for a key, need no network, or have started the system on the disk. Tools that are known to be silent, and
kernels, are none of this.
"""

from __future__ import annotations

from collections.abc import Iterator

from pxedebug.diagnose.case import Case, Turn
from pxedebug.diagnose.facts import plain_name, seconds, wanted_file
from pxedebug.diagnose.finding import Confidence, Evidence, Found, Severity, cite, cite_each, name
from pxedebug.diagnose.loaders import may_be_ipxe, next_beginning
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import EDK2, INTEL, Reach, Rule, Screen, Step, advice
from pxedebug.firmware import artifact, pauses
from pxedebug.firmware.programs import StageKind
from pxedebug.track.clocks import SECOND
from pxedebug.track.story import Transfer, TransferStatus

__all__ = ["RULE"]

_AT_ONCE = 30 * SECOND
_PROGRAM_TYPES = frozenset(("pe", "pxelinux"))
_PERHAPS = frozenset((None, "bios-boot-program", "elf", "data"))
"""Types that a program may have; modules of ESXi and the like have them, too, so that the name must say more."""
_SILENT_TOOLS = (b"memtest", b"memdisk")
_DISKS = (b".iso", b".img")
"""Disks in memory (UEFI HTTP boot): what starts from them need not use the network."""
_LOADERS = (StageKind.FIRMWARE, StageKind.IPXE, StageKind.U_BOOT)


def check(case: Case, network: Network) -> Iterator[Found]:
    """The last thing on the wire is a whole boot program."""
    turn = case.last
    if turn.kind not in _LOADERS:
        return
    last = turn.transfers[-1]
    if not _program(last, wanted_file(turn)) or (turn.messages and turn.messages[-1].packet.time > last.ended):
        return
    rounds = _started_over(case)
    if rounds:
        says = f"{name(plain_name(last))} was delivered {len(rounds)} times, and each time the machine began anew"
        evidence = cite_each([each.last_frame for each in reversed(rounds)], "the last block of the program")
        yield Found(turn, Confidence.STRONG, says, evidence, values={"server": str(last.server)})
        return
    file = name(plain_name(last))
    evidence = cite(last.last_frame, "the last block of the program")
    evidence += cite(last.first_frame, "the request for it")
    values = {"server": str(last.server)}
    if case.attempt.followed:
        yield _began_anew(case, network, turn, last, evidence)
        return
    silence = case.seen_until - last.ended
    if silence < pauses.FIRST_WORDS or _heard(case, network, last):
        return
    yield Found(
        turn,
        Confidence.INFERRED,
        f"{file} was delivered, and nothing was heard of the machine in the {seconds(silence)} after it",
        evidence,
        more="It may run without the network, wait for a key, or hang.",
        severity=Severity.WARNING,
        values=values,
        absence=True,
    )


def _began_anew(case: Case, network: Network, turn: Turn, last: Transfer, evidence: tuple[Evidence, ...]) -> Found:
    """The firmware's next try: at once it tells of the program, later it may be somebody's reset."""
    file = name(plain_name(last))
    began = next_beginning(case, network)
    if began is None:
        says, sure = f"{file} was delivered, and the firmware went on without it", True
    else:
        pause = seconds(began[0] - last.ended)
        sure = began[0] - last.ended <= _AT_ONCE
        evidence += cite(began[1], "the firmware's next try")
        says = f"{file} was delivered, and the firmware went on without it after {pause}"
        if not sure:
            says = f"{file} was delivered, and nothing was heard of it in the {pause} until the machine began anew"
    confidence = Confidence.STRONG if sure else Confidence.INFERRED
    return Found(turn, confidence, says, evidence, values={"server": str(last.server)}, absence=not sure)


def _started_over(case: Case) -> list[Transfer]:
    """Loads of one program, other than iPXE, by an iPXE ROM that was started again after each; empty below three."""
    loads = [turn.whole()[-1] for turn in case.turns if turn.kind is StageKind.IPXE and turn.whole()]
    last = loads[-1] if loads else None
    if last is None or may_be_ipxe(last):
        return []
    same = [each for each in loads if (each.file, each.size) == (last.file, last.size)]
    return same if len(same) > 2 else []


def _program(transfer: Transfer, wanted: bytes | None) -> bool:
    """A whole program that is expected to speak."""
    if transfer.status is not TransferStatus.COMPLETE or transfer.operation != "read" or not transfer.size:
        return False
    file = plain_name(transfer).lower()
    detail = (transfer.content_detail or "").lower()
    if any(tool in file or tool.decode() in detail for tool in _SILENT_TOOLS):
        return False
    if file.endswith(_DISKS):
        return False
    named = artifact(file)
    if transfer.content_type in _PERHAPS:
        return named == "boot-program" or (named is None and plain_name(transfer) == wanted)
    return transfer.content_type in _PROGRAM_TYPES and named in (None, "boot-program")


def _heard(case: Case, network: Network, last: Transfer) -> bool:
    """The machine spoke again, of whatever: something runs on it. Unknown where its frames are not followed."""
    presence = network.heard(case.client.mac) if case.client.mac else None
    return presence is not None and presence[1] > last.ended + pauses.AFTERMATH


RULE = Rule(
    id="nbp-loaded-then-silent",
    title="The boot program was delivered, and did not run or does nothing",
    severity=Severity.ERROR,
    step=Step.POST_NBP,
    check=check,
    reach=Reach.LOADED,
    screens=(
        Screen("NBP file downloaded successfully, then the boot menu or the next boot option", EDK2),
        Screen("A black screen, or the machine starts again", INTEL),
        Screen("A black screen, or the next boot option"),
    ),
    causes=(
        "the program is damaged, incomplete or made for another kind of machine",
        "Secure Boot refuses it",
        "its driver for the network card hangs",
        "it waits for a key on a screen or serial console that nobody looks at",
    ),
    remedies=advice(
        "compare the file's checksum with the original",
        "try `snponly.efi` (UEFI) or `undionly.kpxe` (BIOS), which use the firmware's own network driver",
        "with Secure Boot on, name a signed shim as the boot file",
        "look at the serial console",
    ),
    sources=("EDK2 NetworkPkg/UefiPxeBcDxe/PxeBcBoot.c", "EDK2 MdeModulePkg/Library/UefiBootManagerLib/BmBoot.c"),
    next_measurement="look at the machine's screen or serial console at this moment, and capture at its switch port",
)
