"""The server ignores the client's options and begins with DATA."""

from __future__ import annotations

from collections.abc import Iterator

from pxedebug.diagnose.case import Case
from pxedebug.diagnose.facts import delivered_after
from pxedebug.diagnose.finding import Confidence, Found, Severity, cite, name
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import EDK2, PXELINUX, Reach, Rule, Screen, Step, advice
from pxedebug.diagnose.tftp_facts import server_values, tftp_reads
from pxedebug.firmware.programs import Program
from pxedebug.track.story import TransferStatus

__all__ = ["RULE"]


def check(case: Case, network: Network) -> Iterator[Found]:
    """A request with options, DATA 1 as the first answer, and the client's ERROR to it.

    Other programs than EDK2 go on with blocks of 512 bytes; where they, too, give up it is an error rather than fatal.
    """
    for turn, transfer, facts in tftp_reads(case, TransferStatus.ABORTED):
        if not transfer.options or transfer.answered_options is not None or not facts.error_from_client:
            continue
        if facts.highest_block != 1 or not facts.answers or facts.answers[0] != facts.data_frame:
            continue
        if delivered_after(turn, transfer):
            continue
        evidence = cite(facts.answers[0], "DATA 1 instead of an OACK")
        if transfer.error_frame is not None:
            evidence += cite(transfer.error_frame, f"the client's ERROR {transfer.error_code}")
        yield Found(
            turn,
            Confidence.CERTAIN,
            f"{transfer.server} ignores the options of the request for {name(transfer.file)}, and the client gives up",
            evidence + cite(transfer.first_frame, "the request with options"),
            severity=Severity.FATAL if turn.program is Program.EDK2 else Severity.ERROR,
            server=transfer.server,
            values=server_values(transfer),
        )


RULE = Rule(
    id="tftp-no-option-support",
    title="The TFTP server does not support options",
    severity=Severity.FATAL,
    step=Step.TFTP,
    check=check,
    reach=Reach.FILES,
    screens=(
        Screen("NBP filesize is 0 Bytes, then PXE-E99: Unexpected network error", EDK2),
        Screen("the file counts as missing", PXELINUX),
        Screen("TFTP read error"),
    ),
    causes=(
        "a TFTP server of RFC 1350 only: inside a switch or router, MikroTik, an old appliance",
        "a firewall or proxy on the way removes the options from the request",
    ),
    remedies=advice(
        "serve the file from a TFTP server with options (RFC 2347): dnsmasq, tftpd-hpa, atftpd",
        "use UEFI HTTP Boot instead of TFTP",
    ),
    sources=("RFC 2347", "EDK2 Mtftp4Support.c and PxeBcMtftp.c (Mtftp4GetInfoCheckPacket)"),
)
