"""Addresses are offered, but no server names a boot file.

Two shapes on the wire: EDK2 never REQUESTs such an offer and repeats its DISCOVERs; ROMs and iPXE take the address and
stop. The offers and the ACK are explicit, so firmware that is quiet for a few seconds after its ACK has nothing to
load, though iPXE's own message comes up to 13 s later [measured]. iPXE under UEFI is seldom in a ROM and may come from
a stick with a script, and one that was loaded may hold a script of its own: these are given their whole time. Where the
capture may have missed what was loaded before, the finding stays inferred.

What counts is the offer that the client took, once it sent a REQUEST; until then any of them may do.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pxedebug.diagnose.boot_info import FIRMWARE_PXE, announced, asks_for_pxe, option_text, sees_files, told_by
from pxedebug.diagnose.case import Case, Turn, dhcp_of
from pxedebug.diagnose.facts import absent_for_good, architecture_words, is_firmware, quiet_for, seconds, spread
from pxedebug.diagnose.finding import Confidence, Evidence, Found, Severity, cite, cite_each, count, name
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import EDK2, INTEL, IPXE, U_BOOT, Product, Reach, Remedy, Rule, Screen, Step, advice
from pxedebug.firmware import Phase, boot_file, offer_class, pauses
from pxedebug.firmware.programs import OfferClass, Program, StageKind
from pxedebug.track.story import Message, Offer
from pxedebug.wire.dhcp import DhcpMessage, is_bios, is_uefi
from pxedebug.wire.packet import Address

__all__ = ["REMEDIES_FOR_IPXE", "RULE"]

_WANT_A_FILE = frozenset((Program.INTEL_ROM, Program.EDK2, Program.IPXE, Program.UNKNOWN))
"""The others have names of their own to ask for: U-Boot, GRUB, the Raspberry Pi, petitboot."""
_ROOT_OF_SAN = (b"iscsi:", b"aoe:", b"fcp:", b"ib_srp:", b"http:", b"https:")
"""Root paths that iPXE boots as a disk."""


def check(case: Case, network: Network) -> Iterator[Found]:
    """The offer that was taken is empty, or else every offer of an address, and no proxy has spoken."""
    turn = case.last
    offers = _in_question(turn)
    if not offers or turn.program not in _WANT_A_FILE or (turn.boot is not None and turn.boot.file):
        return
    if turn.proxy_offers or turn.proxy_requests or not _needs_a_file(turn):
        return
    if not all(_empty(dhcp_of(offer.message)) for offer in offers):
        return
    if turn.ack is not None:
        yield from _took_the_address(case, turn, turn.ack, network)
    elif turn.program in FIRMWARE_PXE and not turn.requests and len(turn.discovers) > 1:
        yield from _passed_over(case, turn, network)


def _in_question(turn: Turn) -> list[Offer]:
    """The offers of the server whose offer the client took; all that give an address where it took none."""
    chosen = turn.chosen
    return [offer for offer in turn.address_offers if chosen is None or offer.server == chosen.server]


def _needs_a_file(turn: Turn) -> bool:
    """The class is PXEClient, and the machine one that can do nothing without a boot file."""
    if not asks_for_pxe(turn):
        return False
    architectures = announced(turn)
    return not architectures or any(is_bios(code) or is_uefi(code) for code in architectures)


def _empty(dhcp: DhcpMessage) -> bool:
    """Nothing to boot from: no file, no menu, no port 4011, no disk."""
    if offer_class(dhcp) is not OfferClass.DHCP_ONLY or boot_file(dhcp) is not None:
        return False
    return not option_text(dhcp, 17).lower().startswith(_ROOT_OF_SAN)


def _took_the_address(case: Case, turn: Turn, ack: Message, network: Network) -> Iterator[Found]:
    firmware = is_firmware(turn)
    speaks_soon = firmware and (turn.program is not Program.IPXE or any(is_bios(code) for code in announced(turn)))
    if not _empty(dhcp_of(ack)) or not quiet_for(case, pauses.FIRMWARE if speaks_soon else pauses.PROGRAM):
        return
    sure = not case.boot.starts_before_capture and (
        sees_files(network) or (firmware and _answers_are_broadcast(turn, network))
    )
    evidence = cite(ack, "the ACK names no boot file") + _first_of_each(_in_question(turn))
    more = "" if firmware else "A script inside the program that was loaded could act without one; none did."
    found = _found(case, turn, Confidence.STRONG if sure else Confidence.INFERRED, evidence, more, network)
    yield found if firmware or turn.kind is not StageKind.IPXE else _after_the_firmware(found, turn)


def _after_the_firmware(found: Found, turn: Turn) -> Found:
    """The same where iPXE was loaded: what the firmware was told, and how to tell iPXE something else."""
    found = found._replace(causes=_CAUSES_OF_IPXE, remedies=REMEDIES_FOR_IPXE)
    named = next((t for t in reversed(turn.case.turns[: turn.index]) if t.boot is not None and t.boot.file), None)
    told = None if named is None else told_by(named)
    if named is None or named.boot is None or told is None or told.from_client:
        return found
    by = next((offer.server for offer in named.offers if offer.message is told), None) or told.packet.source
    rest = "nothing" if by == found.server else f"{found.server or 'the DHCP server'} names nothing"
    return found._replace(
        says=f"{by} named {name(named.boot.file)} to the firmware and {rest} to iPXE",
        evidence=found.evidence + cite(told, "names a boot file to the firmware"),
        values={**found.values, "server": str(named.boot.server or by)},
    )


def _answers_are_broadcast(turn: Turn, network: Network) -> bool:
    """The client asks for broadcast answers: a proxy's would show even where no unicast does."""
    return not network.relay_side and all(dhcp_of(message).broadcast for message in turn.discovers)


def _passed_over(case: Case, turn: Turn, network: Network) -> Iterator[Found]:
    proved = absent_for_good(case, turn, turn.discovers, Phase.DISCOVER) and not network.relay_side
    evidence = _first_of_each(_in_question(turn))
    evidence += cite_each(turn.discovers[1:], "DISCOVER again, no REQUEST", 4)
    tries, span = count(len(turn.discovers), "DISCOVER"), seconds(spread(turn.discovers))
    more = f"The client asked with {tries} in {span} and took no offer."
    yield _found(case, turn, Confidence.STRONG if proved else Confidence.INFERRED, evidence, more, network)


def _found(
    case: Case, turn: Turn, confidence: Confidence, evidence: tuple[Evidence, ...], more: str, network: Network
) -> Found:
    servers = list(dict.fromkeys(offer.server for offer in _in_question(turn) if offer.server is not None))
    names = " and ".join(map(str, servers)) or "a server without a name"
    verb = "offer" if len(servers) > 1 else "offers"
    silent, frames = _proxies_of_others(case, network)
    if silent is not None:
        more = f"{more} Other clients of this capture are told by the proxyDHCP server {silent}; this one was not."
    kind = architecture_words(case)
    if kind:
        more = f"{more} The client is {kind}: a rule for another architecture would not match it."
    return Found(
        turn,
        confidence,
        f"{names} {verb} an address but no boot file, and no proxyDHCP server names one",
        evidence + frames,
        more.strip(),
        server=servers[0] if servers else None,
        values={"dhcp": str(servers[0])} if servers else {},
        absence=True,
    )


def _first_of_each(offers: Sequence[Offer]) -> tuple[Evidence, ...]:
    """The first offer of each server."""
    first = {offer.server: offer.message for offer in reversed(offers)}
    messages = sorted(first.values(), key=lambda message: message.packet.time)
    return cite_each(messages, "an address, no boot file, no PXE options", 4)


def _proxies_of_others(case: Case, network: Network) -> tuple[Address | None, tuple[Evidence, ...]]:
    """A proxyDHCP server that spoke to another client, and where."""
    for record in network.clients:
        if record.client.mac == case.client.mac:
            continue
        for server, _, frame in record.proxies:
            if server is not None:
                return server, cite(frame, "a proxyDHCP server tells another client")
    return None, ()


_CAUSES_OF_IPXE = (
    "the DHCP server has no rule for the user class iPXE (option 77), and the one for firmware does not match iPXE",
    "it has one that matches only one architecture, or names no file",
    "the program that was loaded should have held a script of its own, and does not",
)
REMEDIES_FOR_IPXE = (
    Remedy(Product.DNSMASQ, "dhcp-userclass=set:ipxe,iPXE\ndhcp-boot=tag:ipxe,http://$server/boot.ipxe"),
    Remedy(
        Product.KEA,
        '"client-classes": [{"name": "ipxe", "test": "option[77].hex == \'iPXE\'", '
        '"boot-file-name": "http://$server/boot.ipxe"}]',
    ),
    Remedy(
        Product.ISC_DHCPD,
        'if exists user-class and option user-class = "iPXE" {\n  filename "http://$server/boot.ipxe";\n}',
    ),
    *advice(
        "in Windows DHCP, a user class with the ASCII data iPXE, and a policy on it that sets option 67",
        "or put a script into iPXE (`make EMBED=boot.ipxe`)",
    ),
)

RULE = Rule(
    id="offer-without-boot-info",
    title="No server tells the client what to boot",
    severity=Severity.FATAL,
    step=Step.DHCP,
    check=check,
    reach=Reach.ASKING | Reach.ADDRESSED,
    screens=(
        Screen("PXE-E53: No boot filename received, then PXE-M0F: Exiting Intel Boot Agent", INTEL),
        Screen("PXE-E16: No valid offer received, or PXE-E53: No boot filename received", EDK2),
        Screen("Nothing to boot (https://ipxe.org/2d03e13b on BIOS, 2d03e18e on UEFI)", IPXE),
        Screen("*** ERROR: `serverip' not set", U_BOOT),
    ),
    causes=(
        "next server and boot file were never set for this subnet or scope",
        "they are set for a class that this client does not match: architecture, vendor class, user class",
        "the proxyDHCP or WDS service that should name them is down, or the client's broadcasts do not reach it",
        "the wrong DHCP server answers",
        "a reservation for this machine overrides the boot file with nothing",
    ),
    remedies=(
        Remedy(Product.DNSMASQ, "dhcp-match=set:pxe,option:client-arch,$arch\ndhcp-boot=tag:pxe,$file,,$server"),
        Remedy(
            Product.KEA,
            '"next-server": "$server", "boot-file-name": "$file"',
            "global, in the subnet or in the class; option-data alone leaves the header empty",
        ),
        Remedy(Product.ISC_DHCPD, 'next-server $server;\nfilename "$file";'),
        Remedy(
            Product.WINDOWS_DHCP,
            "Set-DhcpServerv4OptionValue -ScopeId $subnet -OptionId 66 -Value $server; "
            "Set-DhcpServerv4OptionValue -ScopeId $subnet -OptionId 67 -Value $file",
        ),
        *advice(
            "where a proxyDHCP server or WDS should answer: start it, and let the relay forward to it as well (a "
            "second helper address)"
        ),
    ),
    sources=(
        "PXE 2.1 section 2.2.3",
        "RFC 2131 section 2, RFC 2132 section 9.5",
        "EDK2 NetworkPkg/UefiPxeBcDxe/PxeBcDhcp4.c, PxeBcSelectDhcp4Offer",
    ),
    next_measurement="capture at the proxyDHCP or WDS server: does the client's DISCOVER reach it, and does it answer?",
)
