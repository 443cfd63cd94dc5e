"""The server says that it has no such file (RFC 1350, error code 1)."""

from __future__ import annotations

from collections.abc import Iterator

from pxedebug.diagnose.case import Case
from pxedebug.diagnose.facts import refused, wanted_file
from pxedebug.diagnose.finding import Confidence, Found, Severity, cite, name
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import (
    EDK2,
    INTEL,
    IPXE,
    U_BOOT,
    Product,
    Reach,
    Remedy,
    Rule,
    Screen,
    Step,
    advice,
)
from pxedebug.firmware import config_search, module_search, optional_file
from pxedebug.track.story import Transfer

__all__ = ["RULE"]

_FILE_NOT_FOUND = 1


def check(case: Case, network: Network) -> Iterator[Found]:
    """ERROR 1 for a file that the boot needs; searches and optional files are no fault (B-04, B-05)."""
    for turn in case.turns:
        wanted = wanted_file(turn)
        for transfer in refused(turn):
            if transfer.protocol != "tftp" or not _says_missing(transfer):
                continue
            file = (transfer.file or b"").rstrip(b"\0")
            if (optional_file(file) or config_search(file) or module_search(file)) and file != wanted:
                continue
            evidence = cite(transfer.first_frame, "the request")
            if transfer.error_frame is not None:
                evidence = cite(transfer.error_frame, f"ERROR {transfer.error_code}") + evidence
            if turn.boot is not None and file == wanted:
                evidence += cite(turn.boot.source_frame, "names the file and the server")
            yield Found(
                turn,
                Confidence.CERTAIN,
                f"the server {transfer.server} has no file {name(file)}",
                evidence,
                server=transfer.server,
                values={"server": str(transfer.server)},
            )


def _says_missing(transfer: Transfer) -> bool:
    """Code 1, or code 0 with words that mean it."""
    text = (transfer.error_message or b"").lower()
    return transfer.error_code == _FILE_NOT_FOUND or (transfer.error_code == 0 and b"not found" in text)


RULE = Rule(
    id="tftp-file-not-found",
    title="The TFTP server does not have the file",
    severity=Severity.FATAL,
    step=Step.TFTP,
    check=check,
    reach=Reach.FILES,
    screens=(
        Screen("PXE-T01: File not found, then PXE-E3B: TFTP Error - File Not Found", INTEL),
        Screen("NBP filesize is 0 Bytes, then PXE-E23: Client received TFTP error from server", EDK2),
        Screen("No such file or directory (https://ipxe.org/2d12613b on BIOS, 2d12618e on UEFI)", IPXE),
        Screen("TFTP error: 'File not found' (1)", U_BOOT),
        Screen("File not found"),
    ),
    causes=(
        "the path is wrong relative to the TFTP server's root",
        "the file is not there, or is named otherwise in a new release",
        "the client was sent to the wrong server",
        "upper and lower case, or slashes and backslashes, differ",
        "the TFTP server may not read the file and reports that as missing",
    ),
    remedies=(
        *advice("compare the name in the request with the files below the TFTP root, letter by letter"),
        Remedy(Product.DNSMASQ, "tftp-root=/srv/tftp"),
        Remedy(Product.TFTPD_HPA, 'TFTP_OPTIONS="--secure --verbose"', "in /etc/default/tftpd-hpa"),
        Remedy(Product.LINUX, "restorecon -R /var/lib/tftpboot", "where SELinux is enforcing"),
    ),
    sources=("RFC 1350 section 5 and appendix, error code 1",),
)
