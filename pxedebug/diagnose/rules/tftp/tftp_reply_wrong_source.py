"""The answer comes from another address than the one that was asked."""

from __future__ import annotations

from collections.abc import Iterator

from pxedebug.diagnose.case import Case
from pxedebug.diagnose.finding import Confidence, Found, Severity, cite
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import EDK2, INTEL, IPXE, PXELINUX, Product, Reach, Remedy, Rule, Screen, Step, advice
from pxedebug.diagnose.tftp_facts import final, request_evidence, server_values, tftp_reads, unanswered
from pxedebug.firmware import Phase
from pxedebug.track.story import TransferStatus

__all__ = ["RULE"]

_TAKEN_BY_NONE = (TransferStatus.UNANSWERED, TransferStatus.STALLED, TransferStatus.UNREACHABLE)


def check(case: Case, network: Network) -> Iterator[Found]:
    """TFTP packets to the client's port, none of them from the server that it asked, and it acknowledges none.

    Windows and some ROMs take such answers; then the transfer goes on and nothing is said.
    """
    for turn, transfer, facts in tftp_reads(case, *_TAKEN_BY_NONE):
        if not facts.strangers or not unanswered(transfer, facts):
            continue
        if transfer.unanswered_tries < 2 and not final(case, turn, transfer, Phase.TFTP_REQUEST):
            continue
        address, frame = facts.strangers[0]
        yield Found(
            turn,
            Confidence.CERTAIN,
            f"the client asked {transfer.server}, the answer came from {address}, and it does not take that",
            cite(frame, f"the answer from {address}") + request_evidence([transfer]),
            server=transfer.server,
            values=server_values(transfer),
        )


RULE = Rule(
    id="tftp-reply-wrong-source",
    title="The TFTP answer comes from another address than was asked",
    severity=Severity.FATAL,
    step=Step.TFTP,
    check=check,
    reach=Reach.FILES,
    screens=(
        Screen("PXE-E32: TFTP open timeout", INTEL),
        Screen("NBP filesize is 0 Bytes, then PXE-E18: Server response timeout", EDK2),
        Screen("Connection timed out (https://ipxe.org/4c126035 on BIOS, 4c126092 on UEFI)", IPXE),
        Screen("a long pause at each file (131 s), then it counts as missing", PXELINUX),
        Screen("TFTP open timeout"),
    ),
    causes=(
        "the server has several addresses and answers from the one of its outgoing route",
        "next-server is a virtual address (keepalived, cluster) and the node answers from its own",
        "the userland proxy of a container, or macvlan, answers from the host's address",
        "a load balancer with direct server return is set up wrongly",
    ),
    remedies=(
        Remedy(Product.TFTPD_HPA, 'TFTP_ADDRESS="$server:69"', "in /etc/default/tftpd-hpa"),
        Remedy(Product.DNSMASQ, "listen-address=$server\nbind-interfaces"),
        Remedy(Product.LINUX, "ip route add default via $router src $server", "the address of the way back"),
        Remedy(Product.DOCKER, "network_mode: host"),
        *advice("let next-server (siaddr) name the address from which the server answers"),
    ),
    sources=("RFC 1123 section 4.2.3.1", "PXELINUX core/fs/pxe (source check)", "EDK2 Mtftp4Dxe (connected UDP child)"),
)  # fmt: skip
