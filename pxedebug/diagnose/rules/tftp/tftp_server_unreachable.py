"""Requests for a file that nobody answers."""

from __future__ import annotations

from collections.abc import Iterator

from pxedebug.diagnose.case import Case
from pxedebug.diagnose.facts import seconds
from pxedebug.diagnose.finding import Confidence, Found, Severity, cite, count, name
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import (
    EDK2,
    GRUB,
    INTEL,
    IPXE,
    PXELINUX,
    U_BOOT,
    Product,
    Reach,
    Remedy,
    Rule,
    Screen,
    Step,
    advice,
)
from pxedebug.diagnose.tftp_facts import (
    about_the_request,
    final,
    request_evidence,
    server_values,
    tftp_reads,
    unanswered,
    whole_tries,
)
from pxedebug.firmware import Phase, optional_file
from pxedebug.track.story import Transfer, TransferStatus

__all__ = ["RULE"]


def check(case: Case, network: Network) -> Iterator[Found]:
    """Repeated requests, and nothing from the server: no packet of any host to the client's port, no ICMP.

    Two sends are enough to say so, as the outcome `stalled` needs no more; it is `strong` when the client's schedule
    is over. That the request left shows that the next hop's link address was resolved.
    """
    for turn, transfer, facts in tftp_reads(case, TransferStatus.UNANSWERED, TransferStatus.IN_PROGRESS):
        run = whole_tries(turn, transfer)
        following = next((t for t in turn.transfers if t.first_frame > transfer.first_frame), None)
        if not unanswered(transfer, facts) or facts.answers:
            continue
        if following is not None and (optional_file(transfer.file or b"") or transfer in whole_tries(turn, following)):
            continue
        tries = sum(t.unanswered_tries for t in run)
        over = final(case, turn, transfer, Phase.TFTP_REQUEST)
        if (tries < 2 and not over) or any(about_the_request(network, transfer)):
            continue
        strong = over and tries > 1 and network.sees_unicast and not network.ports_hidden and not network.one_way
        evidence = request_evidence(run)
        resolved = network.answered(transfer.server, None, transfer.started)
        if resolved:
            evidence += cite(resolved[-1].frame, "its address is known on the link")
        served = [] if not strong else _served_others(network, case, transfer)
        more = f"It served {count(len(served), 'other client')} in this capture." if served else ""
        says = f"the server {transfer.server} did not answer the request for {name(transfer.file)}"
        if tries > 1:
            within = (
                f"{count(tries, 'request')} for {name(transfer.file)} in {seconds(transfer.ended - run[0].started)}"
            )
            says = f"the server {transfer.server} answered none of {within}"
            if network.one_way:
                says = f"no answer of {transfer.server} to {within} reached this capture point"
        yield Found(
            turn,
            Confidence.STRONG if strong else Confidence.INFERRED,
            says,
            evidence,
            more=more,
            severity=Severity.FATAL if over and not network.one_way else Severity.ERROR,
            server=transfer.server,
            values=server_values(transfer),
            absence=True,
        )


def _served_others(network: Network, case: Case, transfer: Transfer) -> set[bytes]:
    """Hardware addresses of other clients that read a file from this server."""
    asked = network.files_by_server.get(transfer.server, ())
    whole = {record.client.mac for record, fetched in asked if fetched.status is TransferStatus.COMPLETE}
    return whole - {case.client.mac}


RULE = Rule(
    id="tftp-server-unreachable",
    title="The TFTP server does not answer",
    severity=Severity.FATAL,
    step=Step.TFTP,
    check=check,
    reach=Reach.FILES,
    screens=(
        Screen("PXE-E32: TFTP open timeout", INTEL),
        Screen("NBP filesize is 0 Bytes, then PXE-E18: Server response timeout", EDK2),
        Screen("Connection timed out (https://ipxe.org/4c126035 on BIOS, 4c126092 on UEFI)", IPXE),
        Screen("Loading: T T T T T T T T T T, then Retry count exceeded; starting again", U_BOOT),
        Screen("error: time out opening `file`.", GRUB),
        Screen("a long pause at each file (131 s), then it counts as missing", PXELINUX),
        Screen("TFTP open timeout"),
    ),
    causes=(
        "a firewall on the server drops UDP port 69",
        "the TFTP service is not running, was stopped when idle, or listens on another address or on IPv6 only",
        "next-server names the wrong machine",
        "a firewall or access list on the way drops UDP port 69",
        "the server answers and its answers are lost on the way back (`tftp-data-blocked-by-firewall`)",
        "the service runs in a container whose port 69 is not published as UDP",
    ),
    remedies=(
        Remedy(Product.LINUX, "systemctl enable --now tftpd-hpa", "Debian, Ubuntu; on Fedora and RHEL tftp.socket"),
        Remedy(Product.LINUX, "firewall-cmd --permanent --add-service=tftp && firewall-cmd --reload"),
        Remedy(Product.LINUX, "ufw allow 69/udp"),
        Remedy(Product.NFTABLES, "add table inet filter\n"
               "add chain inet filter input { type filter hook input priority 0; }\n"
               "insert rule inet filter input udp dport 69 accept"),
        Remedy(Product.DNSMASQ, "enable-tftp\ntftp-root=/srv/tftp"),
        Remedy(Product.DOCKER, 'ports: ["69:69/udp"]'),
        *advice("try it from another machine in the client's network: `tftp $server -m binary -c get $file`"),
    ),
    sources=("RFC 1350 section 4", "RFC 1123 section 4.2.3.1 (timeouts)"),
    next_measurement="capture on the server: does the request arrive, and does an answer leave it?",
)  # fmt: skip
