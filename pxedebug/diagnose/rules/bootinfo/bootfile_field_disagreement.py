"""One answer says two things about the boot file or its server, or the ACK says another thing than its offer.

Clients differ in what they read: EDK2 option 67 before the header, shim and old ROMs the header only, none of them
option 66. So one model boots and another does not.
"""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address

from pxedebug.diagnose.boot_info import named_reads, option_text, plain_address, told_by
from pxedebug.diagnose.case import Case, Turn, dhcp_of
from pxedebug.diagnose.finding import Confidence, Found, Severity, cite, name
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import TROUBLED, Product, Reach, Remedy, Rule, Screen, Step, advice
from pxedebug.firmware import boot_file
from pxedebug.track.story import Message, Outcome

__all__ = ["RULE"]


def check(case: Case, network: Network) -> Iterator[Found]:
    """The message that the last stage acted on, with itself and with its offer."""
    turn = case.last
    message = told_by(turn)
    if message is None or message.from_client:
        return
    differences = list(_inside(message))
    evidence = cite(message, "; ".join(differences)) if differences else ()
    if turn.ack is message and turn.chosen is not None:
        changed = list(_between(turn.chosen.message, message))
        differences += changed
        if changed:
            evidence += cite(message, "the ACK") + cite(turn.chosen.message, "its offer")
    if not differences:
        return
    asked = next(named_reads(turn), None)
    if asked is not None:
        evidence += cite(asked.first_frame, f"the client asks {asked.server} for {name(asked.file)}")
    yield Found(turn, Confidence.CERTAIN, "; ".join(differences), evidence, _which(turn), server=message.packet.source)


def _inside(message: Message) -> Iterator[str]:
    """What contradicts itself in one message."""
    dhcp = dhcp_of(message)
    header, option = dhcp.file_name, option_text(dhcp, 67)
    if header and option and _plain(header) != _plain(option):
        yield f"the header names the boot file {name(header)} and option 67 {name(option)}"
    named = plain_address(option_text(dhcp, 66))
    if named is not None and int(dhcp.siaddr) and named != dhcp.siaddr:
        yield f"the next-server field is {dhcp.siaddr} and option 66 {named}"


def _between(offer: Message, ack: Message) -> Iterator[str]:
    """What the ACK changes; what it leaves out is `ack-lacks-boot-info`'s."""
    before, after = dhcp_of(offer), dhcp_of(ack)
    old, new = boot_file(before), boot_file(after)
    if old and new and _plain(old) != _plain(new):
        yield f"the offer names the boot file {name(old)} and the ACK {name(new)}"
    servers: tuple[IPv4Address, IPv4Address] = (before.siaddr, after.siaddr)
    if int(servers[0]) and int(servers[1]) and servers[0] != servers[1]:
        yield f"the offer's next-server is {servers[0]} and the ACK's {servers[1]}"


def _plain(file: bytes) -> bytes:
    """A name for comparison: slashes alike, no blanks and NULs at its ends."""
    return file.strip(b"\0 \t").replace(b"\\", b"/")


def _which(turn: Turn) -> str:
    if turn.boot is None or turn.boot.file is None:
        return ""
    return f"This client took {name(turn.boot.file)} from {turn.boot.server}."


RULE = Rule(
    id="bootfile-field-disagreement",
    title="The server names two different boot files or boot servers",
    severity=Severity.WARNING,
    step=Step.DHCP,
    check=check,
    reach=Reach.LEASED,
    outcomes=TROUBLED - {Outcome.IN_PROGRESS},
    screens=(Screen("works on one model and fails on another"),),
    causes=(
        "the server's menu writes the header and the options from different fields",
        "an option is set for the subnet and a statement for the host, or the other way round",
        "two servers of a pair answer differently",
    ),
    remedies=(
        Remedy(Product.ISC_DHCPD, 'next-server $server;\nfilename "$file";', "and no options 66 and 67"),
        Remedy(
            Product.KEA,
            '"next-server": "$server", "boot-file-name": "$file"',
            "and no options 66 and 67 in option-data",
        ),
        Remedy(Product.DNSMASQ, "dhcp-boot=$file,,$server", "and no dhcp-option for 66 and 67"),
        *advice("set each of the two in one place only"),
    ),
    sources=("RFC 2131 section 2", "RFC 2132 sections 9.4 and 9.5", "shim netboot.c (reads the header only)"),
)
