"""Nobody listens on the server's TFTP port: its host says so by ICMP."""

from __future__ import annotations

from collections.abc import Iterator

from pxedebug.diagnose.case import Case
from pxedebug.diagnose.finding import Confidence, Found, Severity, cite
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import EDK2, INTEL, IPXE, U_BOOT, Product, Reach, Remedy, Rule, Screen, Step, advice
from pxedebug.diagnose.tftp_facts import about_the_request, server_values, tftp_reads, unanswered
from pxedebug.track.story import TransferStatus

__all__ = ["RULE"]


def check(case: Case, network: Network) -> Iterator[Found]:
    """ICMP port unreachable of the server itself, quoting the client's request.

    ICMP that the client sends about late packets of the server quotes those and is none (B-12). The same code from
    another host is a firewall's refusal: `tftp-port-filtered`.
    """
    for turn, transfer, facts in tftp_reads(case, TransferStatus.UNREACHABLE, TransferStatus.UNANSWERED):
        if not unanswered(transfer, facts):
            continue
        errors = about_the_request(network, transfer)
        told = next((s for s, e in errors if e.port_unreachable and e.source == transfer.server), None)
        if told is None:
            continue
        yield Found(
            turn,
            Confidence.CERTAIN,
            f"nothing listens on the TFTP port of {transfer.server}: it answers with ICMP port unreachable",
            cite(told.frame, "ICMP port unreachable") + cite(transfer.first_frame, "the request"),
            server=transfer.server,
            values=server_values(transfer),
        )


RULE = Rule(
    id="tftp-port-closed",
    title="Nothing listens on the server's TFTP port",
    severity=Severity.FATAL,
    step=Step.TFTP,
    check=check,
    reach=Reach.FILES,
    screens=(
        Screen("PXE-E99: Unexpected network error (some builds PXE-E22: Client received ICMP error from server)", EDK2),
        Screen("PXE-E32: TFTP open timeout", INTEL),
        Screen("Connection timed out (https://ipxe.org/4c126035 on BIOS, 4c126092 on UEFI): ICMP is ignored", IPXE),
        Screen("Loading: T T T T, then Retry count exceeded; starting again: ICMP is ignored", U_BOOT),
        Screen("TFTP open timeout"),
    ),
    causes=(
        "the TFTP service is not running",
        "it listens on another address, or on IPv6 only",
        "next-server names a machine that is no TFTP server",
        "a firewall on the server rejects UDP port 69 with ICMP port unreachable",
    ),
    remedies=(
        Remedy(Product.LINUX, "systemctl enable --now tftpd-hpa", "Debian, Ubuntu; on Fedora and RHEL tftp.socket"),
        Remedy(Product.LINUX, "ss -lun 'sport = :69'", "on the server: says who listens"),
        Remedy(Product.TFTPD_HPA, 'TFTP_ADDRESS="0.0.0.0:69"', "in /etc/default/tftpd-hpa"),
        Remedy(Product.DNSMASQ, "enable-tftp\ntftp-root=/srv/tftp"),
        *advice("set next-server to the machine that runs the TFTP service"),
    ),
    sources=("RFC 1122 section 3.2.2.1", "RFC 792 (destination unreachable, code 3)", "EDK2 PxeBcBoot.c"),
)
