"""Nobody serves HTTP there: the SYN was answered by an RST or an ICMP error (RFC 9293 section 3.10.7.1, RFC 792)."""

from __future__ import annotations

from collections.abc import Iterator

from pxedebug.diagnose.case import Case, Turn
from pxedebug.diagnose.finding import Confidence, Found, Severity, cite, name
from pxedebug.diagnose.icmp import NO_WAY, refusal
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import EDK2_HTTP, IPXE, Product, Reach, Remedy, Rule, Screen, Step, advice
from pxedebug.diagnose.web import named_by, values, web_transfers, wire_name
from pxedebug.track.clocks import SECOND
from pxedebug.track.story import HttpFacts, Transfer, TransferStatus
from pxedebug.wire.neighbours import IcmpError

__all__ = ["REMEDIES_FOR_A_FILTER", "RULE"]

_LATE = 2 * SECOND
"""An ICMP error comes within the round trip of the packet that it is about."""


def check(case: Case, network: Network) -> Iterator[Found]:
    """A connection attempt that was turned down, and none after it that was accepted or went elsewhere."""
    for turn in case.turns:
        attempts = list(web_transfers(turn))
        for at, (transfer, http) in enumerate(attempts):
            if transfer.status is not TransferStatus.UNREACHABLE or http.method is not None or http.accepted:
                continue
            if not _turned_down(http) or any(_overtakes(transfer, *other) for other in attempts[at + 1 :]):
                continue
            yield _found(turn, transfer, http, network)


def _turned_down(http: HttpFacts) -> bool:
    return bool(http.syns) and (http.unreachable is not None or (http.reset and not http.closed_by_client))


def _overtakes(transfer: Transfer, other: Transfer, http: HttpFacts) -> bool:
    """A later connection was accepted, or is the same try again, which then tells."""
    same = (other.server, other.server_port) == (transfer.server, transfer.server_port)
    return http.accepted is not None or http.method is not None or (same and _turned_down(http))


def _found(turn: Turn, transfer: Transfer, http: HttpFacts, network: Network) -> Found:
    by_icmp = http.unreachable is not None and (http.closed is None or http.unreachable < http.closed)
    frame = (http.unreachable if by_icmp else http.closed) or transfer.last_frame
    error = _error(network, transfer, frame) if by_icmp else None
    on_the_way = None if error is None else refusal(error, transfer.server)
    url = wire_name(turn, transfer)
    port = f"TCP port {transfer.server_port}" + (f" for {name(url)}" if url else "")
    if error is None or on_the_way is None:
        says = f"the server {transfer.server} does not accept connections on {port}: {_how(error, by_icmp)}"
    elif (name_of_error := NO_WAY.get((error.version, error.code))) is not None:
        says = f"{error.source} cannot reach {transfer.server} (ICMP {name_of_error}): no connection to {port}"
    else:
        says = f"{error.source} refuses the connection to {transfer.server} on {port}: it {on_the_way}"
    note = f"ICMP type {error.type} code {error.code}" if error is not None else "ICMP error" if by_icmp else "RST"
    found = Found(
        turn,
        Confidence.CERTAIN,
        says,
        cite(frame, note)
        + cite(max((syn for syn in http.syns if syn < frame), default=http.syns[-1]), "SYN")
        + named_by(turn, transfer),
        severity=Severity.INFO if turn.went_on(transfer.started) else None,
        server=transfer.server,
        values=values(transfer),
    )
    return found if error is None or on_the_way is None else _by_another(found, error)


def _how(error: IcmpError | None, by_icmp: bool) -> str:
    if error is not None and error.port_unreachable:
        return "it answers with ICMP port unreachable"
    return "an ICMP error came back" if by_icmp else "it answered the SYN with a reset"


def _error(network: Network, transfer: Transfer, frame: int) -> IcmpError | None:
    """The ICMP error in a frame."""
    events = (seen.event for seen in network.icmp(transfer.started, transfer.ended + _LATE) if seen.frame == frame)
    return next((event for event in events if isinstance(event, IcmpError)), None)


def _by_another(found: Found, error: IcmpError) -> Found:
    """The same where a router or firewall on the way says so: it is there that something has to be changed."""
    no_way = (error.version, error.code) in NO_WAY
    return found._replace(
        title="A router cannot reach the web server" if no_way else "A router or firewall refuses the connection",
        causes=_CAUSES_OF_NO_WAY if no_way else _CAUSES_OF_A_FILTER,
        remedies=_REMEDIES_FOR_NO_WAY if no_way else REMEDIES_FOR_A_FILTER,
        values={**found.values, "router": str(error.source)},
    )


_CAUSES_OF_NO_WAY = (
    "the machine with the web server is off, or has another address: the last router finds nobody by ARP",
    "the URL names the wrong address",
    "the router has no route to the web server's network",
)
_CAUSES_OF_A_FILTER = (
    "an access list or firewall between client and server does not permit this TCP port",
    "a firewall on the server rejects it",
)
_REMEDIES_FOR_NO_WAY = (
    *advice("correct the address in the URL, or bring the web server up there"),
    Remedy(Product.LINUX, "ip route get $server; ip neighbour show $server", "on the router that sent the ICMP error"),
    Remedy(Product.CISCO_IOS, "show ip route $server\nshow ip arp $server", "on the router that sent the ICMP error"),
)
REMEDIES_FOR_A_FILTER = (
    *advice("permit TCP 80 and 443 (or the URL's port) from the boot subnet to the web server, and the way back"),
    Remedy(Product.CISCO_IOS, "permit tcp any host $server eq 80"),
    Remedy(
        Product.NFTABLES,
        "add table inet filter\nadd chain inet filter forward { type filter hook forward priority 0; }\n"
        "insert rule inet filter forward ip daddr $server tcp dport { 80, 443 } accept",
    ),
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
