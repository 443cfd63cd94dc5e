"""The boot program is made for another kind of machine.

What the first bytes of the file say decides and overrides its name. A name alone is a hint: a warning while the file
was not delivered, and proof enough where it was and the machine then began anew. Kernels with Linux's boot header run
on a BIOS although they begin as EFI programs do, and scripts are nobody's machine code: neither is judged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pxedebug.diagnose.boot_info import announced, named_reads
from pxedebug.diagnose.case import Case, Turn
from pxedebug.diagnose.facts import quiet_for, wanted_file
from pxedebug.diagnose.finding import Confidence, Evidence, Found, Severity, cite, name
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import EDK2, EDK2_HTTP, INTEL, IPXE, Product, Reach, Remedy, Rule, Screen, Step, advice
from pxedebug.firmware import pauses
from pxedebug.firmware.file_names import base_name
from pxedebug.firmware.programs import Program
from pxedebug.track.story import Transfer, TransferStatus
from pxedebug.wire.bootprogram import MACHINE_NAMES, read_pe
from pxedebug.wire.dhcp import architecture_name, is_bios, is_uefi

__all__ = ["RULE"]

_RUN_BY = frozenset((Program.INTEL_ROM, Program.EDK2, Program.EDK2_HTTP, Program.IPXE, Program.UNKNOWN))
"""Programs that run what DHCP names as it is."""
_X86, _X64, _ARM64, _BYTE_CODE = 0x014C, 0x8664, 0xAA64, 0x0EBC
_ARM = frozenset((0x01C0, 0x01C2, 0x01C4))
_MACHINES: dict[int, frozenset[int]] = {
    0x02: frozenset((0x0200,)),
    0x06: frozenset((_X86,)), 0x0F: frozenset((_X86,)),
    0x07: frozenset((_X64,)), 0x08: frozenset((_X64,)), 0x09: frozenset((_X64,)),
    0x10: frozenset((_X64,)), 0x11: frozenset((_X64,)),
    0x0A: _ARM, 0x12: _ARM,
    0x0B: frozenset((_ARM64,)), 0x13: frozenset((_ARM64,)),
    0x19: frozenset((0x5032,)), 0x1A: frozenset((0x5032,)),
    0x1B: frozenset((0x5064,)), 0x1C: frozenset((0x5064,)),
    0x1D: frozenset((0x5128,)), 0x1E: frozenset((0x5128,)),
    0x25: frozenset((0x6232,)), 0x26: frozenset((0x6232,)),
    0x27: frozenset((0x6264,)), 0x28: frozenset((0x6264,)),
}  # fmt: skip
"""COFF machines by UEFI architecture; 8 and 9 are what some x64 machines say instead of 7."""
_BIOS_SUFFIXES = (b".0", b".kpxe", b".kkpxe", b".kkkpxe", b".pxe", b".com", b".n12")
_GUESSED = "flat x86 code by its first instruction"
_DISK = "boot sector or disk image"
_NAMED_MACHINE = re.compile(rb"(ia32|i386|x64|x86_64|amd64|aa64|arm64|riscv64|loongarch64)(?=\.efi|[-_./])")
_NAMED = {
    b"ia32": _X86, b"i386": _X86, b"x64": _X64, b"x86_64": _X64, b"amd64": _X64, b"aa64": _ARM64, b"arm64": _ARM64,
    b"riscv64": 0x5064, b"loongarch64": 0x6264,
}  # fmt: skip


def check(case: Case, network: Network) -> Iterator[Found]:
    """The program that DHCP named, as the last thing that the attempt loaded or tried to load."""
    turn = case.last
    architectures = [code for code in announced(turn) if is_bios(code) or is_uefi(code)]
    if turn.program not in _RUN_BY or not architectures or (file := wanted_file(turn)) is None:
        return
    asked = list(named_reads(turn))
    tries = [transfer for transfer in asked if (transfer.file or b"").rstrip(b"\0") == file]
    if asked and (not tries or asked[-1] not in tries):
        return  # what it loaded runs, and loads more
    whole = next((transfer for transfer in tries if transfer.status is TransferStatus.COMPLETE), None)
    if whole is not None and (made_for := _content(whole, turn.program)) is not None:
        if _runs(made_for, architectures):
            return
        severity = None if quiet_for(case, pauses.PASSED_OVER) else Severity.ERROR
        yield _found(turn, file, made_for, architectures, Confidence.CERTAIN, whole, severity)
        return
    hinted = _by_name(file, _has_content(whole))
    if hinted is None or _runs(hinted, architectures):
        return
    if whole is not None and quiet_for(case, pauses.PASSED_OVER):
        confidence = Confidence.STRONG if case.attempt.followed else Confidence.INFERRED
        yield _found(turn, file, hinted, architectures, confidence, whole, None)
    elif whole is None:
        yield _found(turn, file, hinted, architectures, Confidence.INFERRED, None, Severity.WARNING)


def _has_content(transfer: Transfer | None) -> bool:
    """The file was identified, as something that is no machine code of its own."""
    return transfer is not None and transfer.content_type not in (None, "data", "bios-boot-program")


def _content(transfer: Transfer, program: Program) -> int | None:
    """What the file's first bytes are made for: a COFF machine for an EFI program, 0 for a BIOS program; None where
    they do not tell, and for the disk images that UEFI's HTTP boot takes."""
    kind = transfer.content_type
    unclear = (_GUESSED, _DISK) if program is Program.EDK2_HTTP else (_GUESSED,)
    if kind == "pxelinux" or (kind == "bios-boot-program" and transfer.content_detail not in unclear):
        return 0
    header = read_pe(transfer.head) if kind == "pe" else None
    return None if header is None else header.machine


def _by_name(file: bytes, known: bool) -> int | None:
    """The same by the file's name, where its content was not `known`."""
    if known:
        return None
    base = base_name(file)
    if base.endswith(_BIOS_SUFFIXES):
        return 0
    if not base.endswith(b".efi"):
        return None
    named = _NAMED_MACHINE.findall(file.lower().replace(b"\\", b"/"))
    return _NAMED[named[-1]] if named else _BYTE_CODE


def _runs(made_for: int, architectures: Sequence[int]) -> bool:
    """One of the machine's architectures runs a program for BIOS (0) or for a COFF machine (byte code: any UEFI)."""
    for code in architectures:
        if is_bios(code):
            if not made_for:
                return True
        elif made_for and (made_for == _BYTE_CODE or made_for in _MACHINES.get(code, frozenset((made_for,)))):
            return True
    return False


def _found(
    turn: Turn,
    file: bytes,
    made_for: int,
    architectures: Sequence[int],
    confidence: Confidence,
    transfer: Transfer | None,
    severity: Severity | None,
) -> Found:
    kind = "a BIOS program" if not made_for else "an EFI program"
    if made_for not in (0, _BYTE_CODE):
        kind += f" for {MACHINE_NAMES.get(made_for, f'machine 0x{made_for:04x}')}"
    verb = "is" if confidence is Confidence.CERTAIN else "looks by its name like"
    machine = architecture_name(architectures[0])
    evidence: list[Evidence] = []
    if transfer is not None:
        evidence += cite(transfer.first_frame, f"the file: {transfer.content_detail or 'not identified'}")
    asked = turn.discovers + turn.requests
    evidence += cite(asked[0], f"the client says: {machine}") if asked else ()
    evidence += cite(turn.boot.source_frame, "names the file") if turn.boot is not None else ()
    more = "" if transfer is None else "The transfer itself is perfect: the machine refuses the program, or hangs."
    return Found(
        turn,
        confidence,
        f"{name(file)} {verb} {kind}, and the client is {machine}, which cannot run it",
        tuple(evidence),
        more,
        severity,
        server=turn.boot.server if turn.boot is not None else None,
        values={"arch": str(architectures[0])},
    )


RULE = Rule(
    id="arch-mismatch",
    title="The boot program is for another kind of machine",
    severity=Severity.FATAL,
    step=Step.POST_NBP,
    check=check,
    reach=Reach.LEASED,
    screens=(
        Screen("nothing: the machine hangs or restarts after the download", INTEL),
        Screen("NBP file downloaded successfully, then the boot menu or the next boot option", EDK2),
        Screen("the download reaches 100 %, then the boot menu", EDK2_HTTP),
        Screen("Exec format error (https://ipxe.org/2e008001 on BIOS, 2e008081 on UEFI); Error 0x7f048283", IPXE),
    ),
    causes=(
        "one file name is handed to every machine, whatever its architecture",
        "the rule for UEFI matches 7 only, and the firmware says 9 or 16, or the other way round",
        "dnsmasq's names for 7 and 9 are swapped (BC_EFI is 7 in its table)",
        "a script chains a BIOS program under UEFI",
        "a tablet with 32-bit UEFI is given an x64 program",
    ),
    remedies=(
        Remedy(
            Product.DNSMASQ,
            "dhcp-match=set:efi64,option:client-arch,7\n"
            "dhcp-match=set:efi64,option:client-arch,9\n"
            "dhcp-match=set:arm64,option:client-arch,11\n"
            "dhcp-boot=tag:!efi64,tag:!arm64,undionly.kpxe,,$server\n"
            "dhcp-boot=tag:efi64,snponly.efi,,$server\n"
            "dhcp-boot=tag:arm64,arm64/snponly.efi,,$server",
        ),
        Remedy(
            Product.KEA,
            '"client-classes": ['
            '{"name": "bios", "test": "option[93].hex == 0x0000", "boot-file-name": "undionly.kpxe"}, '
            '{"name": "efi64", "test": "option[93].hex == 0x0007", "boot-file-name": "snponly.efi"}, '
            '{"name": "arm64", "test": "option[93].hex == 0x000B", "boot-file-name": "arm64/snponly.efi"}]',
        ),
        Remedy(
            Product.ISC_DHCPD,
            "option arch code 93 = unsigned integer 16;\n"
            'if option arch = 00:07 or option arch = 00:09 { filename "snponly.efi"; }\n'
            'elsif option arch = 00:0b { filename "arm64/snponly.efi"; }\n'
            'else { filename "undionly.kpxe"; }',
        ),
        *advice(
            "in Windows DHCP, let a policy on the vendor class PXEClient:Arch:00007* set options 66 and 67 for UEFI",
            "a machine that has both can be set to BIOS or UEFI in its firmware: the program has to follow",
        ),
    ),
    sources=("RFC 4578 section 2.1", "IANA Processor Architecture Types", "Microsoft PE format, Machine Types"),
    next_measurement="look at the file: `file NAME` on the server says which machine it is made for",
)
