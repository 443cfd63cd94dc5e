"""The boot server's address cannot be a boot server's, or is not the one that serves everybody else.

An address that no host can have stops the boot (error). One that is only unusual, or that nobody else was served by, is
a warning, once the client asked it in vain. The client's own networks are never unusual, nor is a server from which
anybody got a file. Where the user named the legitimate servers, any other is told, whatever came of the boot.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network

from pxedebug.diagnose.boot_info import asked_in_vain, boot_server, named_reads, subnet_of
from pxedebug.diagnose.case import Case, Turn, dhcp_of
from pxedebug.diagnose.finding import Confidence, Found, Severity, cite
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import ANY, BAD, EDK2, INTEL, TROUBLED, Product, Reach, Remedy, Rule, Screen, Step
from pxedebug.track.story import TransferStatus

__all__ = ["RULE"]

_CONTAINERS = (IPv4Network("172.17.0.0/16"), IPv4Network("192.168.65.0/24"))
"""Networks that Docker makes inside one host."""
_EVERYBODY, _POINT_TO_POINT = 0xFFFFFFFF, 31
_ANSWERS = (TransferStatus.COMPLETE, TransferStatus.REFUSED, TransferStatus.SIZE_PROBE, TransferStatus.IN_PROGRESS)


def check(case: Case, network: Network) -> Iterator[Found]:
    """The effective boot server of the last stage; with a list of legitimate servers, of any boot."""
    turn = case.last
    if turn.boot is None or (server := boot_server(turn)) is None:
        return
    if network.allowed_servers and server not in network.allowed_servers:
        yield _intruder(turn, server)
        return
    if case.outcome not in TROUBLED:
        return
    if any(transfer.server == server and transfer.status in _ANSWERS for transfer in named_reads(turn)):
        return
    impossible = _impossible(turn, server)
    if impossible is None and asked_in_vain(case, turn, network) is None:
        return
    odd = impossible or _unusual(turn, server)
    evidence = cite(turn.boot.source_frame, "names the boot server")
    if odd is None or any(fetched.status in _ANSWERS for _, fetched in network.files_by_server.get(server, ())):
        other = None if odd else _serves_others(case, server, network)
        if other is None:
            return
        right, frame = other
        odd = f"not {right}, which serves the other clients"
        evidence += cite(frame, f"another client gets its files from {right}")
    yield Found(
        turn,
        Confidence.CERTAIN,
        f"the boot server is given as {server}: {odd}",
        evidence,
        severity=Severity.ERROR if impossible else None,
        server=server,
    )


def _intruder(turn: Turn, server: IPv4Address) -> Found:
    assert turn.boot is not None
    return Found(
        turn,
        Confidence.CERTAIN,
        f"the client is sent to the boot server {server}, which is not among the allowed ones",
        cite(turn.boot.source_frame, "names the boot server"),
        title="The boot server is not among the allowed ones",
        severity=Severity.ERROR if turn.case.outcome in BAD else Severity.WARNING,
        server=server,
    )


def _impossible(turn: Turn, server: IPv4Address) -> str | None:
    """Why no host can have this address."""
    ack = dhcp_of(turn.ack) if turn.ack is not None else None
    if ack is not None and server == ack.yiaddr:
        return "the client's own address"
    subnet = subnet_of(ack) if ack is not None else None
    if subnet is not None and subnet.prefixlen < _POINT_TO_POINT and server == subnet.broadcast_address:
        return "a broadcast address"
    return _no_host(server)


@lru_cache(maxsize=256)
def _no_host(server: IPv4Address) -> str | None:
    """The same by the address alone (RFC 6890)."""
    if int(server) == _EVERYBODY:
        return "a broadcast address"
    if server.is_multicast:
        return "a multicast address"
    if server.is_loopback:
        return "a loopback address, which is the client itself"
    return None if server.packed[0] else "an address of network 0, which no host has"


def _unusual(turn: Turn, server: IPv4Address) -> str | None:
    """Why the address is probably not what was meant."""
    own = dhcp_of(turn.ack).yiaddr if turn.ack is not None else None
    if server.is_link_local and not (own is not None and own.is_link_local):
        return "a link-local address, which a machine gives itself when it gets none"
    if any(server in net and not (own is not None and own in net) for net in _CONTAINERS):
        return "an address inside a container host, which other machines cannot reach"
    return None


def _serves_others(case: Case, server: IPv4Address, network: Network) -> tuple[IPv4Address, int] | None:
    """The host from which other clients got their files while nobody got any from `server`, and where."""
    if server in network.files_by_server and any(
        fetched.status in _ANSWERS for _, fetched in network.files_by_server[server]
    ):
        return None
    for other, fetches in network.files_by_server.items():
        for record, fetched in fetches:
            whole = fetched.status is TransferStatus.COMPLETE and fetched.protocol == "tftp"
            if whole and record.client.mac != case.client.mac and isinstance(other, IPv4Address):
                return other, fetched.frame
    return None


RULE = Rule(
    id="next-server-unexpected",
    title="The boot server's address is not a boot server's",
    severity=Severity.WARNING,
    step=Step.DHCP,
    check=check,
    outcomes=ANY,
    reach=Reach.ADDRESSED | Reach.FETCHING,
    screens=(
        Screen("PXE-E11: ARP timeout, or PXE-E32: TFTP open timeout", INTEL),
        Screen("PXE-E18: Server response timeout", EDK2),
    ),
    causes=(
        "a DHCP or TFTP service in a container announces its internal address",
        "dnsmasq as a proxy announces itself when `pxe-service` names no server, and TFTP runs elsewhere",
        "the option still names a server that has moved",
    ),
    remedies=(
        Remedy(Product.DNSMASQ, 'pxe-service=x86PC,"boot",undionly.kpxe,$server'),
        Remedy(Product.KEA, '"next-server": "$server"'),
        Remedy(Product.ISC_DHCPD, "next-server $server;"),
        Remedy(Product.DOCKER, "docker run --network host ...", "or let the service announce its public address"),
    ),
    sources=("RFC 2131 section 2 (siaddr)", "RFC 6890"),
)
