"""The boot URL's host is a name, and the client cannot turn it into an address (RFC 1035, RFC 2132 section 3.8)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pxedebug.diagnose.case import Case, Turn, dhcp_of
from pxedebug.diagnose.facts import quiet_for, seconds
from pxedebug.diagnose.finding import Confidence, Evidence, Found, Severity, cite, cite_each, count, name
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import EDK2_HTTP, GRUB, IPXE, Product, Remedy, Rule, Screen, Step, advice
from pxedebug.firmware import boot_file, boot_url_address, pauses
from pxedebug.firmware.programs import Method, Program
from pxedebug.track.clocks import SILENCE
from pxedebug.track.story import Message, NameQuery
from pxedebug.wire.dns import AAAA, RCODES, A
from pxedebug.wire.neighbours import RouterAdvertisement

__all__ = ["RULE"]

_DNS = 6
_SAYS_NO = (2, 3, 5)
"""Response codes that end the search at this server: failure, no such name, refused."""
_ASKS_FOR_URLS = (Program.EDK2_HTTP, Program.IPXE)
_BY_ANSWER = (
    "the name is wrong, or the name server asked does not know it (split DNS: the boot network asks another server)",
)


def check(case: Case, network: Network) -> Iterator[Found]:
    """The last thing that happened is a name that stayed without an address, or one that could not be asked for."""
    if network.story.names:
        found = _queried(case, network)
        if found is not None:
            yield found
            return
    yield from _no_server(case, network)


def _queried(case: Case, network: Network) -> Found | None:
    """Queries, and no address in any answer."""
    turn = case.last
    since = max((transfer.started for transfer in turn.transfers), default=turn.stage.started)
    seen = [q for q in _of_client(case, network, since, case.quiet_until) if q.message.type in (A, AAAA)]
    known = {query.message.name.lower() for query in seen if query.message.addresses}
    got = max((at for at, query in enumerate(seen) if query.message.addresses), default=-1)
    seen = [query for query in seen[got + 1 :] if query.message.name.lower() not in known]
    asked = [query for query in seen if not query.message.response]
    answers = [query for query in seen if query.message.response and not query.message.truncated]
    if not asked:
        return None
    host = name(asked[-1].message.name)
    source = _source(turn)
    named = cite(source, "names the URL and the DNS servers") if source is not None else ()
    settled = quiet_for(case, SILENCE, seen[-1].time)
    if answers:
        last = answers[-1]
        if _another_follows(asked, last) and not settled:
            return None
        what = RCODES.get(last.message.rcode, f"code {last.message.rcode}")
        if last.message.rcode not in _SAYS_NO:
            what = "no address" if last.message.rcode == 0 else what
        says = f"the name server {last.server} answers {name(last.message.name)} with: {what}"
        return _found(turn, Confidence.CERTAIN, says, cite(last.frame, f"the answer: {what}"), asked, named, settled)
    if len(asked) < 2 or not settled:
        return None
    servers = ", ".join(dict.fromkeys(str(query.server) for query in asked))
    says = f"no name server ({servers}) answered {count(len(asked), 'query', 'queries')} for {host}"
    says += f" in {seconds(asked[-1].time - asked[0].time)}"
    confidence = Confidence.STRONG if network.sees_unicast else Confidence.INFERRED
    return _found(turn, confidence, says, (), asked, named, settled)


def _found(
    turn: Turn, confidence: Confidence, says: str, deciding: tuple[Evidence, ...], asked: Sequence[NameQuery],
    named: tuple[Evidence, ...], settled: bool,
) -> Found:  # fmt: skip
    evidence = deciding + cite_each([query.frame for query in asked], "the query", 6) + named
    causes = (*_BY_ANSWER, *RULE.causes) if confidence is Confidence.CERTAIN else None
    return Found(
        turn,
        confidence,
        says,
        evidence,
        severity=None if settled else Severity.ERROR,
        server=asked[-1].server,
        causes=causes,
        absence=confidence is not Confidence.CERTAIN,
    )


def _another_follows(asked: Sequence[NameQuery], answer: NameQuery) -> bool:
    """A query after the answer, to another server or for another name, is still open."""
    return (asked[-1].time, asked[-1].frame) > (answer.time, answer.frame)


def _no_server(case: Case, network: Network) -> Iterator[Found]:
    """DHCP gave a URL with a name, and no name server to ask."""
    turn = case.last
    source = _source(turn)
    if source is None or turn.program not in _ASKS_FOR_URLS or turn.transfers:
        return
    replies = [source, *([turn.ack] if turn.ack is not None else [])]
    if turn.program is Program.IPXE or turn.ack is not None:
        replies += [offer.message for offer in turn.offers]
    if turn.program is Program.IPXE and network.events(RouterAdvertisement):
        return  # it may have a name server from there
    if any(_DNS in dhcp_of(message).options for message in replies) or turn.method is Method.HTTP_V6:
        return
    if turn.ack is None and turn.program is Program.EDK2_HTTP:
        again = [
            m for m in turn.discovers if (m.packet.time, m.packet.frame) > (source.packet.time, source.packet.frame)
        ]
        if not again or turn.requests:
            return
        confidence, evidence = Confidence.CERTAIN, cite_each(again, "the client goes on asking", 4)
    elif turn.ack is None or _moved_on(case, network, turn.ack):
        return
    else:
        confidence, evidence = Confidence.STRONG, ()
    url = boot_file(dhcp_of(source))
    server = source.packet.source
    yield Found(
        turn,
        confidence,
        f"the host in the URL {name(url)} is a name, and {server} names no DNS server (option 6)",
        cite(source, "the URL, and no option 6") + evidence,
        more="UEFI passes over such an offer." if turn.program is Program.EDK2_HTTP else "",
        server=server,
        values={"dhcp": str(server)},
    )


def _moved_on(case: Case, network: Network, ack: Message) -> bool:
    """The client asked some name server after all, or may do so yet."""
    settled = quiet_for(case, pauses.PROGRAM, max(case.ended, ack.packet.time))
    return not settled or bool(_of_client(case, network, ack.packet.time, case.quiet_until))


def _source(turn: Turn) -> Message | None:
    """The reply whose boot file is a URL with a name as its host; the ACK before the offers."""
    messages = [*([turn.ack] if turn.ack is not None else []), *(offer.message for offer in turn.offers)]
    for message in messages:
        file = boot_file(dhcp_of(message)) or b""
        scheme, _, rest = file.lower().partition(b"://")
        if scheme in (b"http", b"https") and rest.partition(b"/")[0] and boot_url_address(file) is None:
            if turn.program is Program.EDK2_HTTP and not dhcp_of(message).options.get(60, b"").startswith(
                b"HTTPClient"
            ):
                continue
            return message
    return None


def _of_client(case: Case, network: Network, since: int, until: int) -> list[NameQuery]:
    names = network.story.names
    found = [query for address in case.client.addresses for query in names.get(address, ())]
    return sorted(
        (query for query in found if since <= query.time <= until), key=lambda query: (query.time, query.frame)
    )


RULE = Rule(
    id="http-dns-failure",
    title="The boot URL's host name has no address",
    severity=Severity.FATAL,
    step=Step.HTTP,
    check=check,
    screens=(
        Screen("Error: Could not retrieve the host address from DNS server (DNS resolution failed)", EDK2_HTTP),
        Screen("DNS name does not exist (https://ipxe.org/3e11613b on BIOS, 3e11618e on UEFI)", IPXE),
        Screen("No DNS servers available (https://ipxe.org/3e11623b on BIOS, 3e11628e on UEFI)", IPXE),
        Screen("Connection timed out (DNS: https://ipxe.org/4c116035 on BIOS, 4c116092 on UEFI)", IPXE),
        Screen("error: unresolvable address", GRUB),
    ),
    causes=(
        "the DHCP scope of the boot network names no DNS server, or one that is gone",
        "the first name server is dead, and older builds of iPXE ask no other",
        "a firewall drops UDP 53 from the boot network",
        "UEFI handed iPXE a device path without name servers, and iPXE did no DHCP of its own",
    ),
    remedies=(
        *advice("use the server's address in the URL instead of its name"),
        Remedy(Product.DNSMASQ, "dhcp-option=option:dns-server,$router"),
        Remedy(Product.KEA, '"option-data": [{"name": "domain-name-servers", "data": "$router"}]'),
        Remedy(Product.ISC_DHCPD, "option domain-name-servers $router;"),
    ),
    sources=(
        "RFC 1035 section 4.1.1",
        "RFC 2132 section 3.8",
        "iPXE net/udp/dns.c",
        "EDK2 HttpBootDxe/HttpBootDhcp4.c",
    ),
    next_measurement="ask the same name server from the boot network: nslookup NAME SERVER",
)
