"""Nobody serves HTTP there: the SYN was answered by an RST or an ICMP error (RFC 9293 section 3.10.7.1, RFC 792)."""

from __future__ import annotations

from collections.abc import Iterator

from pxedebug.diagnose.case import Case, Turn
from pxedebug.diagnose.finding import Confidence, Found, Severity, cite, name
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import EDK2_HTTP, IPXE, Product, Reach, Remedy, Rule, Screen, Step, advice
from pxedebug.diagnose.web import named_by, values, web_transfers, went_on, wire_name
from pxedebug.track.story import HttpFacts, Transfer, TransferStatus

__all__ = ["RULE"]


def check(case: Case, network: Network) -> Iterator[Found]:
    """A connection attempt that was turned down, and none after it that was accepted or went elsewhere."""
    for turn in case.turns:
        attempts = list(web_transfers(turn))
        for at, (transfer, http) in enumerate(attempts):
            if transfer.status is not TransferStatus.UNREACHABLE or http.method is not None or http.accepted:
                continue
            if not _turned_down(http) or any(_overtakes(transfer, *other) for other in attempts[at + 1 :]):
                continue
            yield _found(turn, transfer, http)


def _turned_down(http: HttpFacts) -> bool:
    return bool(http.syns) and (http.unreachable is not None or (http.reset and not http.closed_by_client))


def _overtakes(transfer: Transfer, other: Transfer, http: HttpFacts) -> bool:
    """A later connection was accepted, or is the same try again, which then tells."""
    same = (other.server, other.server_port) == (transfer.server, transfer.server_port)
    return http.accepted is not None or http.method is not None or (same and _turned_down(http))


def _found(turn: Turn, transfer: Transfer, http: HttpFacts) -> Found:
    by_icmp = http.unreachable is not None and (http.closed is None or http.unreachable < http.closed)
    frame = http.unreachable if by_icmp else http.closed
    url = wire_name(turn, transfer)
    wanted = f" for {name(url)}" if url else ""
    how = "an ICMP error came back" if by_icmp else "it answered the SYN with a reset"
    return Found(
        turn,
        Confidence.CERTAIN,
        f"the server {transfer.server} does not accept connections on TCP port {transfer.server_port}{wanted}: {how}",
        cite(frame if frame is not None else transfer.last_frame, "ICMP error" if by_icmp else "RST")
        + cite(http.syns[-1], "SYN")
        + named_by(turn, transfer),
        severity=Severity.INFO if went_on(turn, transfer) else None,
        server=transfer.server,
        values=values(transfer),
    )


RULE = Rule(
    id="http-connect-refused",
    title="The web server does not accept the connection",
    severity=Severity.FATAL,
    step=Step.HTTP,
    check=check,
    reach=Reach.FILES,
    screens=(
        Screen("Connection reset (https://ipxe.org/0f0a6039 on BIOS, 0f0a6095 on UEFI)", IPXE),
        Screen("Error: Could not establish connection with HTTP server (TCP connection failed)", EDK2_HTTP),
        Screen("Connection refused"),
    ),
    causes=(
        "the web server is not running",
        "it listens on another port (8080, 8090) or another address than the URL says",
        "the container that serves the files does not publish the port",
        "a firewall rejects the connection",
    ),
    remedies=(
        *advice("try from another machine: curl -I URL"),
        Remedy(Product.LINUX, "ss -ltnp", "on the server: which program listens on which address and port"),
        Remedy(
            Product.NFTABLES,
            "add table inet filter\nadd chain inet filter input { type filter hook input priority 0; }\n"
            "insert rule inet filter input tcp dport { 80, 443 } accept",
            "on the web server's host",
        ),
        Remedy(Product.DOCKER, "docker run -p 80:80 ..."),
    ),
    sources=("RFC 9293 section 3.10.7.1", "RFC 792", "iPXE net/tcp.c", "EDK2 HttpBootDxe/HttpBootImpl.c"),
)
