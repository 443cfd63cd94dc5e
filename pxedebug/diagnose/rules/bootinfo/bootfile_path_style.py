"""The server has no such file, and the name's form says why: another system's slashes, a drive, quotes, a URL; or the
server gave out the same name in another spelling.

A leading slash, or none, is no evidence by itself. Windows servers take backslashes and any case: a server that speaks
WDS's options, or that served a name with backslashes, is not suspected for those.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pxedebug.diagnose.boot_info import named_reads, replies
from pxedebug.diagnose.case import Case, Turn, dhcp_of
from pxedebug.diagnose.facts import plain_name, says_missing, wanted_file
from pxedebug.diagnose.finding import Confidence, Found, Severity, cite, name
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import EDK2, INTEL, IPXE, PXELINUX, Product, Reach, Remedy, Rule, Screen, Step
from pxedebug.firmware import config_search, module_search, optional_file
from pxedebug.firmware.programs import Program
from pxedebug.track.story import Transfer, TransferStatus

__all__ = ["RULE"]

_ACCESS = 2
_WDS_OPTIONS = (250, 252)
_FORMS: tuple[tuple[re.Pattern[bytes], str], ...] = (
    (re.compile(rb"(?i)\Atftp://"), "it is a URL, and the server takes names"),
    (re.compile(rb"\A[A-Za-z]:[\\/]"), "it begins with a drive letter"),
    (re.compile(rb"""\A["']|["']\Z"""), "it has quotes around it"),
    (re.compile(rb"\s\Z"), "it ends with a blank"),
    (re.compile(rb"\\|(?i:%5c)"), "it has backslashes, which only Windows servers take for slashes"),
    (re.compile(rb"[^:]//"), "it has a double slash"),
)
_BACKSLASH, _DOUBLE = _FORMS[4][0], _FORMS[5][0]


def check(case: Case, network: Network) -> Iterator[Found]:
    """The last stage's refused names, the boot file and what configurations name."""
    turn = case.last
    wanted = wanted_file(turn)
    latest = max((transfer.first_frame for transfer in turn.whole()), default=0)
    for transfer in named_reads(turn):
        if transfer.first_frame < latest:
            continue  # the program went on without this file
        file = plain_name(transfer)
        if transfer.protocol != "tftp" or not _refused(transfer) or not file:
            continue
        if file != wanted and (optional_file(file) or config_search(file) or module_search(file)):
            continue
        nearest = _nearest(file, transfer, network)
        form = _form(file, turn, transfer, network)
        if nearest is None and form is None:
            continue
        says = f"the server {transfer.server} has no file {name(file)}"
        evidence = cite(transfer.first_frame, "the request")
        if transfer.error_frame is not None:
            evidence = cite(transfer.error_frame, f"ERROR {transfer.error_code}") + evidence
        if nearest is not None:
            says += f", but it served {name(nearest[0])}"
            evidence += cite(nearest[1], "the same name in another spelling, served")
        else:
            says += f": {form}"
        yield Found(
            turn, Confidence.STRONG, says, evidence, server=transfer.server, values={"server": str(transfer.server)}
        )
        return


def _refused(transfer: Transfer) -> bool:
    return says_missing(transfer) or (transfer.status is TransferStatus.REFUSED and transfer.error_code == _ACCESS)


def _nearest(file: bytes, transfer: Transfer, network: Network) -> tuple[bytes, int] | None:
    """A name that this server delivered in this capture, the same up to slashes and case."""
    own = _folded(file)
    for served, frame in network.delivered.get(transfer.server, {}).items():
        if served != file and _folded(served) == own:
            return served, frame
    return None


def _folded(file: bytes) -> bytes:
    return re.sub(rb"/+", b"/", file.lower().replace(b"\\", b"/").replace(b"%5c", b"/")).strip(b"/ \"'")


def _form(file: bytes, turn: Turn, transfer: Transfer, network: Network) -> str | None:
    """What is odd about the name for a server on Linux or Unix."""
    for pattern, words in _FORMS:
        if not pattern.search(file):
            continue
        if pattern is _BACKSLASH and _windows(turn, transfer, network):
            continue
        if pattern is _DOUBLE and turn.program is Program.PXELINUX:
            continue  # it joins its folder and its module's like this
        return words
    return None


def _windows(turn: Turn, transfer: Transfer, network: Network) -> bool:
    """The server is a Windows one as far as it shows."""
    options = [dhcp_of(message).options for message in replies(turn)]
    if turn.program is Program.WINDOWS_LOADER or any(code in each for each in options for code in _WDS_OPTIONS):
        return True
    served = network.files_by_server.get(transfer.server, ())
    return any(f.status is TransferStatus.COMPLETE and b"\\" in (f.file or b"") for _, f in served)


RULE = Rule(
    id="bootfile-path-style",
    title="The file's name is spelled another way than the server has it",
    severity=Severity.ERROR,
    step=Step.TFTP,
    check=check,
    reach=Reach.FILES,
    screens=(
        Screen("PXE-T01: File not found, then PXE-E3B: TFTP Error - File Not Found", INTEL),
        Screen("PXE-E23: Client received TFTP error from server", EDK2),
        Screen("No such file or directory (https://ipxe.org/2d12613b on BIOS, 2d12618e on UEFI)", IPXE),
        Screen("Boot failed, or: No such file or directory", PXELINUX),
    ),
    causes=(
        "a path with backslashes, as Windows writes it, on a server that runs Linux",
        "upper and lower case differ (`Boot\\BCD`)",
        "the path begins at the disk's root, or at a drive, and the server begins at its own",
        "quotes or a blank were typed into the DHCP server's form",
    ),
    remedies=(
        Remedy(Product.TFTPD_HPA, "rg \\\\ /", "in the file of --map-file; it turns backslashes into slashes"),
        Remedy(Product.DNSMASQ, "tftp-lowercase", "dnsmasq turns backslashes into slashes by itself"),
        Remedy(Product.WDS, "boot\\x64\\wdsmgfw.efi", "WDS wants the path below RemoteInstall"),
    ),
    sources=("RFC 1350 section 5", "dnsmasq src/tftp.c", "tftpd-hpa tftpd/remap.c"),
    next_measurement="list the TFTP server's root and compare the name letter by letter",
)
