"""The server says that it has no such file (RFC 1350, error code 1)."""

from __future__ import annotations

from collections.abc import Iterator

from pxedebug.diagnose.case import Case
from pxedebug.diagnose.facts import plain_name, searched, wanted_file
from pxedebug.diagnose.finding import Confidence, Evidence, Found, Severity, cite, name
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import EDK2, INTEL, IPXE, U_BOOT, Product, Reach, Remedy, Rule, Screen, Step, advice
from pxedebug.diagnose.tftp_facts import refusals, refused_with
from pxedebug.firmware.programs import Program

__all__ = ["RULE"]


def check(case: Case, network: Network) -> Iterator[Found]:
    """ERROR 1 for a file that the boot needs, or code 0 with words that mean it.

    Names of a search and optional files are no fault and not named at all (B-04, B-05). Where the same program got a
    file after the missing one it had another way to go on: that is explanation only, and a warning while that file is
    still coming.
    """
    for turn, transfer in refusals(case, "missing"):
        if searched(turn, transfer):
            continue
        says = f"the server {transfer.server} has no file {name(transfer.file)}"
        if transfer.file is None:
            says = f"the server {transfer.server} does not have the file that was asked for"
        named: tuple[Evidence, ...] = ()
        if turn.boot is not None and plain_name(transfer) == wanted_file(turn):
            named = cite(turn.boot.source_frame, "names the file and the server")
        yield refused_with(turn, transfer, Confidence.CERTAIN, says, named)


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
        Screen("0xc000000f or 0xc0000225", frozenset((Program.WINDOWS_LOADER,))),
        Screen("Fetching Netboot Image, then TFTP error 1: File not found (shim)", EDK2),
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
