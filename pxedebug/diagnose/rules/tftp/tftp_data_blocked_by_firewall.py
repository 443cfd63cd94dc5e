"""The server answers from a port of its own, and the answers do not reach the client."""

from __future__ import annotations

from collections.abc import Iterator

from pxedebug.diagnose.case import Case
from pxedebug.diagnose.finding import Confidence, Found, Severity, cite, cite_each, count, name
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import EDK2, INTEL, IPXE, U_BOOT, Product, Reach, Remedy, Rule, Screen, Step, advice
from pxedebug.diagnose.tftp_facts import about_the_data, final, request_evidence, server_values, tftp_reads, unanswered
from pxedebug.firmware import Phase
from pxedebug.track.story import Transfer, TransferStatus

__all__ = ["RULE"]


def check(case: Case, network: Network) -> Iterator[Found]:
    """OACKs or DATA 1 of the server in the capture, while the client repeats its request and takes none of them.

    A client that takes one of several server ports leaves the others as orphans (B-08): then a port is chosen and the
    transfer is not unanswered. Answers from other hosts are `tftp-reply-wrong-source`.
    """
    for turn, transfer, facts in tftp_reads(case, TransferStatus.UNANSWERED, TransferStatus.STALLED):
        if not unanswered(transfer, facts) or not facts.answers or facts.strangers or facts.fragments:
            continue
        told = next((seen for seen, event in about_the_data(network, transfer) if event.unreachable), None)
        ignored = transfer.unanswered_tries > 1 and facts.answers[0] < transfer.requests[-1]
        if told is None and not ignored:
            continue
        over = final(case, turn, transfer, Phase.TFTP_REQUEST)
        evidence = cite_each(facts.answers, "the server's answer", 4) + request_evidence([transfer])
        if told is not None:
            evidence = cite(told.frame, "ICMP: the answer may not pass") + evidence
        confidence = Confidence.CERTAIN if told else Confidence.STRONG if over else Confidence.INFERRED
        yield Found(
            turn,
            confidence,
            f"{transfer.server} answers the request for {name(transfer.file)} from {_ports(transfer)} in vain",
            evidence,
            more=f"The client sent the request {count(transfer.unanswered_tries, 'time')}.",
            severity=Severity.FATAL if over or told else Severity.ERROR,
            server=transfer.server,
            values=server_values(transfer),
        )


def _ports(transfer: Transfer) -> str:
    ports = transfer.tftp.answer_ports if transfer.tftp else ()
    if len(ports) == 1:
        return f"port {ports[0]}"
    return f"ports {', '.join(str(port) for port in ports[:3])}{' and more' if len(ports) > 3 else ''}"


RULE = Rule(
    id="tftp-data-blocked-by-firewall",
    title="The server's answers do not reach the client",
    severity=Severity.FATAL,
    step=Step.TFTP,
    check=check,
    reach=Reach.FILES,
    screens=(
        Screen("PXE-E32: TFTP open timeout", INTEL),
        Screen("NBP filesize is 0 Bytes, then PXE-E18: Server response timeout", EDK2),
        Screen("Connection timed out (https://ipxe.org/4c126035 on BIOS, 4c126092 on UEFI)", IPXE),
        Screen("Loading: T T T T, then Retry count exceeded; starting again", U_BOOT),
        Screen("TFTP open timeout"),
    ),
    causes=(
        "a stateful firewall or NAT without a TFTP helper: answers come from another port than 69 (RFC 1350)",
        "the bridge network of a container (Docker, Podman, Kubernetes) rewrites the port",
        "a firewall rule on the server permits port 69 only, or the program's own rule is missing (Windows)",
        "a VPN or security group between client and server",
        "the client's firmware does not take the answer",
    ),
    remedies=(
        Remedy(Product.LINUX, "modprobe nf_conntrack_tftp"),
        Remedy(
            Product.NFTABLES,
            "add table inet filter\n"
            'add ct helper inet filter tftp { type "tftp" protocol udp; }\n'
            "add chain inet filter prerouting { type filter hook prerouting priority -150; }\n"
            'add rule inet filter prerouting udp dport 69 ct helper set "tftp"',
        ),
        Remedy(Product.LINUX, "iptables -t raw -A PREROUTING -p udp --dport 69 -j CT --helper tftp"),
        Remedy(Product.DNSMASQ, "tftp-port-range=50000,50100", "and permit these ports from the server"),
        Remedy(Product.DNSMASQ, "tftp-single-port", "dnsmasq 2.76 and later: answers come from port 69"),
        Remedy(Product.TFTPD_HPA, "--port-range 50000:50100"),
        Remedy(Product.CISCO_ASA, "inspect tftp"),
        Remedy(Product.DOCKER, "network_mode: host"),
        *advice("test from the client's network: a client on the server itself does not pass the firewall"),
    ),
    sources=("RFC 1350 section 4 (transfer identifiers)",),
    next_measurement="capture at the client's switch port at the same time: do the answers arrive there?",
)  # fmt: skip
