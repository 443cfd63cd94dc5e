"""EDK2 takes the first boot file parameter (option 60) for the file's size, and the server means something else by it.

RFC 5970 section 3.2 leaves the parameters to the boot file; EDK2 wants one to five digits, a count of blocks of 512
bytes (it takes hexadecimal digits for digits as well), and gives the boot up where it finds anything else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pxedebug.diagnose.case import Case, dhcp6_of
from pxedebug.diagnose.dhcp6_facts import boot_url, granted
from pxedebug.diagnose.facts import quiet_for
from pxedebug.diagnose.finding import Confidence, Found, Severity, cite, name
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import EDK2, Product, Reach, Remedy, Rule, Screen, Step, advice
from pxedebug.firmware import boot_url_address, pauses
from pxedebug.firmware.programs import Method, Program

__all__ = ["RULE"]

_PARAMETERS = 60
_SIZE = re.compile(rb"[0-9A-Fa-f]{1,5}")


def check(case: Case, network: Network) -> Iterator[Found]:
    """A first parameter that is no number, and no request for the file."""
    turn = case.last
    if not turn.messages6 or turn.transfers or turn.program is not Program.EDK2 or turn.method is not Method.PXE_V6:
        return
    reply = granted(turn)
    data = dhcp6_of(reply).option(_PARAMETERS) if reply is not None else None
    if reply is None or not data or not boot_url(reply):
        return
    parameters = dhcp6_of(reply).boot_parameters
    first = parameters[0] if parameters else data
    if parameters and _SIZE.fullmatch(first):
        return
    server = reply.packet.source
    over = case.over or (quiet_for(case, pauses.IPV6_FILE) and not network.ports_hidden)
    yield Found(
        turn,
        Confidence.STRONG,
        f"the server {server} sends the boot file parameter {name(first)} (option 60), which EDK2 takes for the "
        "file's size",
        cite(reply, "options 59 and 60"),
        severity=None if over else Severity.WARNING,
        server=server,
        values={"dhcp": str(server), **_named(boot_url(reply))},
        absence=True,
    )


def _named(url: bytes) -> dict[str, str]:
    """Server and file of the URL, for the remedies."""
    server = boot_url_address(url)
    file = url.partition(b"://")[2].partition(b"/")[2].decode("latin-1")
    return {"file": file} if server is None else {"server6": str(server), "file": file}


RULE = Rule(
    id="dhcpv6-bootfile-param-misread",
    title="UEFI firmware misreads the boot file parameters of DHCPv6",
    severity=Severity.FATAL,
    step=Step.DHCP,
    check=check,
    reach=Reach.ADDRESSED,
    screens=(
        Screen("PXE-E99: Unexpected network error", EDK2),
        Screen("BootFile does not exist"),
    ),
    causes=(
        "WDS or Configuration Manager sends the path of a BCD in option 60",
        "option 60 is set for another loader and reaches the firmware, too",
    ),
    remedies=(
        Remedy(
            Product.DNSMASQ,
            "dhcp-option=option6:bootfile-url,tftp://[$server6]/$file",
            "the URL alone, no bootfile-param",
        ),
        *advice("leave option 60 out for UEFI PXE clients (option 16 begins with PXEClient)"),
    ),
    sources=(
        "RFC 5970 section 3.2",
        "EDK2 NetworkPkg/UefiPxeBcDxe/PxeBcDhcp6.c, PxeBcExtractBootFileParam",
    ),
    next_measurement="leave option 60 out for this client and try again: does it ask for the file then",
)
"""A parameter that is no size."""
