"""Nobody answers the SYNs: what lies between drops TCP, or nobody is there (RFC 9293 section 3.5)."""

from __future__ import annotations

from collections.abc import Iterator

from pxedebug.diagnose.case import Case, Turn
from pxedebug.diagnose.facts import quiet_after, seconds
from pxedebug.diagnose.finding import Confidence, Evidence, Found, Severity, cite, cite_each, count, name
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import EDK2_HTTP, IPXE, Product, Reach, Remedy, Rule, Screen, Step, advice
from pxedebug.diagnose.web import named_by, values, web_transfers, wire_name
from pxedebug.firmware import Phase, exhausted, schedule
from pxedebug.track.story import HttpFacts, Transfer, TransferStatus

__all__ = ["RULE"]

_FEWEST = 3
_OPEN = (TransferStatus.UNANSWERED, TransferStatus.IN_PROGRESS)


def check(case: Case, network: Network) -> Iterator[Found]:
    """At least three SYNs to the server that the stage tried last, through the client's whole wait."""
    for turn in case.turns:
        attempts = list(web_transfers(turn))
        if not attempts or not _silent(*attempts[-1]):
            continue
        last = attempts[-1][0]
        goal = last.server, last.server_port
        tries: list[tuple[Transfer, HttpFacts]] = []
        for transfer, http in reversed(attempts):
            if not _silent(transfer, http) or (transfer.server, transfer.server_port) != goal:
                break
            tries.insert(0, (transfer, http))
        times = [time for _, http in tries for time in http.syn_times]
        if len(times) >= _FEWEST and _waited(case, turn, last, times):
            yield _found(network, turn, tries, times)


def _silent(transfer: Transfer, http: HttpFacts) -> bool:
    """A connection attempt to which nothing came back."""
    return transfer.status in _OPEN and http.method is None and not http.accepted and http.first_down_frame is None


def _waited(case: Case, turn: Turn, last: Transfer, times: list[int]) -> bool:
    if exhausted(schedule(turn.program, Phase.TCP_CONNECT), times, times[-1] + quiet_after(turn, last)):
        return True
    return case.attempt.followed if turn.last else True


def _found(network: Network, turn: Turn, tries: list[tuple[Transfer, HttpFacts]], times: list[int]) -> Found:
    last = tries[-1][0]
    frames = [frame for _, http in tries for frame in http.syns]
    heard = _heard(network, turn, last)
    url = wire_name(turn, last)
    return Found(
        turn,
        Confidence.STRONG if heard else Confidence.INFERRED,
        f"the server {last.server} answered none of {count(len(times), 'SYN')} to TCP port {last.server_port}"
        f" in {seconds(times[-1] - times[0])}" + (f" for {name(url)}" if url else ""),
        cite_each(frames, "SYN without an answer") + heard + named_by(turn, last),
        more="The same server can be reached otherwise, so what drops the SYNs is specific to TCP or to this port."
        if heard
        else "",
        severity=Severity.INFO if turn.went_on(last.started) else None,
        server=last.server,
        values=values(last),
        absence=True,
    )


def _heard(network: Network, turn: Turn, last: Transfer) -> tuple[Evidence, ...]:
    """That the server is there all the same: it sent a file, or answers ARP."""
    for transfer in (transfer for other in turn.case.turns for transfer in other.transfers):
        if transfer.server == last.server and transfer.size and transfer.server_port is not None:
            return cite(transfer.last_frame, f"{last.server} delivers over {transfer.protocol.upper()}")
    for seen in reversed(network.answered(last.server, turn.case.started)):
        return cite(seen.frame, f"{last.server} answers ARP")
    return ()


RULE = Rule(
    id="http-connect-timeout",
    title="The web server does not answer",
    severity=Severity.FATAL,
    step=Step.HTTP,
    check=check,
    reach=Reach.FILES,
    screens=(
        Screen("Connection timed out (https://ipxe.org/4c0a6035 on BIOS, 4c0a6092 on UEFI)", IPXE),
        Screen("Error: Server response timeout", EDK2_HTTP),
        Screen("Connection timed out"),
    ),
    causes=(
        "a firewall lets DHCP and TFTP (UDP) pass, but not TCP on this port",
        "the web server is on another subnet, and the way there or back is missing",
        "the URL names the wrong address",
        "the machine with the web server is down",
    ),
    remedies=(
        *advice("allow TCP 80 and 443 (or the URL's port) from the boot subnet to the web server, and the way back"),
        Remedy(
            Product.NFTABLES,
            "add table inet filter\nadd chain inet filter input { type filter hook input priority 0; }\n"
            "insert rule inet filter input tcp dport { 80, 443 } accept",
            "on the web server's host",
        ),
        Remedy(Product.DNSMASQ, "dhcp-option=option:router,$router", "where the server is behind a router"),
        Remedy(Product.KEA, '"option-data": [{"name": "routers", "data": "$router"}]'),
    ),
    sources=("RFC 9293 section 3.5", "iPXE net/tcp.c and net/retry.c", "EDK2 TcpDxe"),
    next_measurement="capture on the server at the same time: do the SYNs arrive, and do answers leave?",
)
