"""The client asks for the boot file's name with bytes that do not belong to it, or for a part of it.

Some firmware reads option 67 as a C string: it goes on past an option that ends without a NUL, into the END option (FF)
or whatever follows, and it stops at a NUL inside the option. A trailing NUL in option 67 is normal (dnsmasq sends one
[measured]) and no cause of anything. A server's log that shows the name with an odd last character is the same fault;
the request on the wire tells it better.
"""

from __future__ import annotations

from collections.abc import Iterator

from pxedebug.diagnose.boot_info import named_reads, told_by
from pxedebug.diagnose.case import Case, dhcp_of
from pxedebug.diagnose.facts import wanted_file
from pxedebug.diagnose.finding import Confidence, Found, Severity, cite, count, name
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import EDK2, INTEL, IPXE, Product, Reach, Remedy, Rule, Screen, Step, advice
from pxedebug.track.story import Message, Transfer, TransferStatus

__all__ = ["RULE"]

_BOOT_FILE = 67
_MOST_EXTRA = 16
"""Bytes behind a name that are still this fault: of more the client asks for something else."""


def check(case: Case, network: Network) -> Iterator[Found]:
    """A refused request whose name is the boot file's and more, or less."""
    turn = case.last
    wanted, message = wanted_file(turn), told_by(turn)
    if not wanted or message is None or message.from_client:
        return
    for transfer in named_reads(turn):
        asked = transfer.file or b""
        if transfer.status is not TransferStatus.REFUSED or asked == wanted:
            continue
        told = _difference(asked, wanted, message)
        if told is None:
            continue
        says, note = told
        evidence = cite(transfer.first_frame, "the name as the client asks for it") + cite(message, note)
        if transfer.error_frame is not None:
            evidence += cite(transfer.error_frame, "the server has no such file")
        yield Found(turn, Confidence.CERTAIN, says, evidence, server=message.packet.source, values=_values(transfer))
        return


def _difference(asked: bytes, wanted: bytes, message: Message) -> tuple[str, str] | None:
    """What happened to the name, and what the message shows of it."""
    cut = wanted.partition(b"\0")[0]
    if asked == cut and asked != wanted:
        says = f"the boot file's name has a NUL inside, and the client asks for the part before it, {name(asked)}"
        return says, "option 67 with a NUL inside"
    extra = asked[len(wanted) :]
    if not asked.startswith(wanted) or not 0 < len(extra) <= _MOST_EXTRA or not _odd(extra[0]):
        return None
    follows = _bytes_behind(message, len(extra))
    end = "the END option" if extra[0] == 0xFF else "what follows it"
    says = f"the client asks for {name(wanted)} with {count(len(extra), 'byte')} more, 0x{extra.hex()}"
    says += f": it reads past the end of option 67 into {end}" if follows == extra else ""
    return says, f"option 67 without a NUL, followed by 0x{follows.hex()}" if follows else "names the boot file"


def _odd(byte: int) -> bool:
    """No character that a name would end with."""
    return byte < 0x20 or byte >= 0x7F


def _bytes_behind(message: Message, length: int) -> bytes:
    """What stands behind option 67 in the message."""
    dhcp = dhcp_of(message)
    ends = [each.offset + 2 + len(each.value) for each in dhcp.instances if each.code == _BOOT_FILE]
    return dhcp.payload[ends[-1] : ends[-1] + length] if ends else b""


def _values(transfer: Transfer) -> dict[str, str]:
    return {"server": str(transfer.server)}


RULE = Rule(
    id="bootfile-nul-termination",
    title="The client reads past the end of the boot file's name, or stops inside it",
    severity=Severity.FATAL,
    step=Step.DHCP,
    check=check,
    reach=Reach.FETCHING,
    screens=(
        Screen("PXE-T01: File not found, then PXE-E3B: TFTP Error - File Not Found", INTEL),
        Screen("PXE-E23: Client received TFTP error from server", EDK2),
        Screen("No such file or directory (https://ipxe.org/2d12613b on BIOS, 2d12618e on UEFI)", IPXE),
    ),
    causes=(
        "old firmware reads option 67 as a C string and wants a NUL at its end",
        "the server sends option 67 without a NUL as the last option before END (Kea, servers written in Go)",
        "the server adds a NUL, and a strict client keeps it and what follows",
    ),
    remedies=(
        Remedy(Product.KEA, '"boot-file-name": "$file"', "fills the header field; leave option 67 out of option-data"),
        Remedy(Product.ISC_DHCPD, 'option bootfile-name "$file\\000";'),
        Remedy(Product.DNSMASQ, "dhcp-boot=$file,,$server", "ends option 67 with a NUL by itself"),
        *advice("as a stopgap: a copy of the file under the name that the client asks for"),
    ),
    sources=("RFC 2132 sections 2 and 9.5", "dnsmasq src/rfc2131.c", "EDK2 NetworkPkg/UefiPxeBcDxe/PxeBcDhcp4.c"),
)
