"""UEFI HTTP boot took the lease and then did nothing with the URL (EDK2 HttpBootSupport.c, HttpBootCheckUriScheme)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from pxedebug.diagnose.case import Case, dhcp_of
from pxedebug.diagnose.facts import quiet_for
from pxedebug.diagnose.finding import Confidence, Found, Severity, cite, name
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import EDK2_HTTP, Reach, Rule, Screen, Step, advice
from pxedebug.firmware import boot_file, boot_url_address
from pxedebug.firmware.programs import Method, Program
from pxedebug.track.clocks import SILENCE

__all__ = ["RULE"]

_DNS = 6


def check(case: Case, network: Network) -> Iterator[Found]:
    """An ACK with a URL, and no ARP, DNS query or connection after it."""
    turn = case.last
    ack = turn.ack
    if turn.program is not Program.EDK2_HTTP or turn.method is not Method.HTTP_V4 or ack is None or turn.transfers:
        return
    messages = chain((ack,), (offer.message for offer in turn.proxy_offers))
    source = next((m for m in messages if b"://" in (boot_file(dhcp_of(m)) or b"")), None)
    if source is None:
        return
    url = boot_file(dhcp_of(source)) or b""
    fault = _fault(url)
    since = ack.packet.time
    quiet = quiet_for(case, SILENCE, max(since, case.ended))
    if fault is None:
        nameless = boot_url_address(url) is None and not any(_DNS in dhcp_of(m).options for m in (ack, source))
        if nameless:
            return  # `http-dns-failure`
        blind = network.ports_hidden or network.relay_side or not _shows_arp(network)
        if blind or not url.lower().startswith(b"http://") or not quiet or _moved(case, network, url, since):
            return
        says = f"the firmware took its address and did nothing with the URL {name(url)}"
        more = "It asked for no name, resolved no address and opened no connection. Many vendors allow https URLs only."
        confidence = Confidence.STRONG if network.sees_unicast else Confidence.INFERRED
        found = Found(turn, confidence, says, cite(source, "names the URL"), more=more, absence=True)
    else:
        more = "It opened no connection." if quiet else ""
        says = f"the URL {name(url)} is none that UEFI HTTP boot accepts: {fault}"
        found = Found(turn, Confidence.CERTAIN, says, cite(source, "names the URL"), more=more)
    server = source.packet.source
    yield found._replace(server=server, values={"dhcp": str(server)})


def _fault(url: bytes) -> str | None:
    """What is wrong with the URL whatever the firmware allows (RFC 3986 sections 2 and 3)."""
    scheme, _, rest = url.partition(b"://")
    if scheme.lower() not in (b"http", b"https"):
        return f"its scheme is {name(scheme)}"
    if not rest.partition(b"/")[0]:
        return "it names no host"
    if any(byte <= 0x20 or byte == 0x7F for byte in url):
        return "it holds a space or a control character"
    return None


def _shows_arp(network: Network) -> bool:
    """Unicast frames or ARP were captured, so that what is missing of them was not sent."""
    return network.sees_unicast or bool(network.story.neighbours.resolutions)


def _moved(case: Case, network: Network, url: bytes, since: int) -> bool:
    """The firmware went for the server, its router or a name server."""
    mine = case.client.mac
    goal = boot_url_address(url)
    if goal is not None and network.asked(goal, since):
        return True
    names = (query for address in case.client.addresses for query in network.story.names.get(address, ()))
    if any(query.time >= since for query in names):
        return True
    asked = network.story.neighbours.resolutions.values()
    return any(
        seen.time >= since and getattr(seen.event, "sender_mac", None) == mine for asks, _ in asked for seen in asks
    )


RULE = Rule(
    id="http-uri-rejected",
    title="The firmware does not accept the boot URL",
    severity=Severity.FATAL,
    step=Step.HTTP,
    check=check,
    reach=Reach.ADDRESSED,
    screens=(
        Screen("Error: Invalid URI address", EDK2_HTTP),
        Screen("Error: Access forbidden, only HTTPS connection is allowed", EDK2_HTTP),
    ),
    causes=(
        "the firmware allows https URLs only (PcdAllowHttpConnections is off in many products)",
        "the URL lacks http:// or https://, or has another scheme",
        "the URL holds spaces or characters that must be escaped",
    ),
    remedies=advice(
        "allow plain HTTP in the firmware's setup, where it has that item",
        "give an https URL, and enrol the certificate of its authority in the firmware's setup",
    ),
    sources=("EDK2 HttpBootDxe/HttpBootSupport.c (HttpBootCheckUriScheme)", "RFC 3986 section 3"),
    next_measurement="read the machine's screen; capture all ports at its switch port for a minute after the ACK",
)
