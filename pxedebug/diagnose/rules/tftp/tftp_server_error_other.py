"""The server ends the transfer with an error of another kind."""

from __future__ import annotations

from collections.abc import Iterator

from pxedebug.diagnose.case import Case
from pxedebug.diagnose.finding import Confidence, Found, Severity, name
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import EDK2, INTEL, IPXE, U_BOOT, Reach, Rule, Screen, Step, advice
from pxedebug.diagnose.tftp_facts import refusals, refused_with
from pxedebug.wire.tftp import ERROR_NAMES

__all__ = ["RULE"]


def check(case: Case, network: Network) -> Iterator[Found]:
    """ERROR of the server before the last block, other than 1, 2, 5 and 8, whose rules are their own.

    Optional files asked of a server that answers with code 0 or 4 instead of 1 are explanation only (B-05).
    """
    for turn, transfer in refusals(case, "other"):
        code = transfer.error_code or 0
        words = name(transfer.error_message) if transfer.error_message else ERROR_NAMES.get(code, "without words")
        when = f"after {transfer.blocks:,} blocks" if transfer.blocks else "at once"
        says = f"the server {transfer.server} refuses {name(transfer.file)} {when} with error {code}: {words}"
        yield refused_with(turn, transfer, Confidence.CERTAIN, says)


RULE = Rule(
    id="tftp-server-error-other",
    title="The TFTP server reports an error",
    severity=Severity.ERROR,
    step=Step.TFTP,
    check=check,
    reach=Reach.FILES,
    screens=(
        Screen("PXE-E36: Error received from TFTP server", INTEL),
        Screen("PXE-E23: Client received TFTP error from server", EDK2),
        Screen("Operation not supported (https://ipxe.org/3c126003 on BIOS, 3c126083 on UEFI)", IPXE),
        Screen("for code 4: Illegal TFTP operation (https://ipxe.org/3d126001, 3d126083)", IPXE),
        Screen("TFTP error: 'text' (code)", U_BOOT),
        Screen("Error received from TFTP server"),
    ),
    causes=(
        "a limit of the server: the file is too large for its block numbers, or the transfer took too long (code 0)",
        "the server cannot read the file to its end (code 0)",
        "the server does not support the transfer mode or an option (code 4)",
    ),
    remedies=advice(
        "act on the server's own words, and look into its log at that time",
        "ask for larger blocks where the file is too large for 65,535 of them",
        "fetch the file over HTTP, or from another TFTP server",
    ),
    sources=("RFC 1350 section 5 and appendix", "RFC 2347"),
)
