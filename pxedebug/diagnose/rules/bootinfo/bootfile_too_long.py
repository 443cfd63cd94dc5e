"""The boot file's name does not fit where it is put: into the header's 128 bytes, or into the client's own buffer."""

from __future__ import annotations

from collections.abc import Iterator

from pxedebug.diagnose.boot_info import named_reads, told_by
from pxedebug.diagnose.case import Case, dhcp_of
from pxedebug.diagnose.facts import wanted_file
from pxedebug.diagnose.finding import Confidence, Found, Severity, cite, name
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import EDK2, GRUB, INTEL, IPXE, Product, Reach, Remedy, Rule, Screen, Step, advice
from pxedebug.track.story import TransferStatus

__all__ = ["RULE"]

_FIELD = 128
_BOOT_FILE, _IN_FILE_FIELD = 67, 1
_SHORTEST_CUT = 63
"""Bytes: no program's buffer for a name is smaller."""


def check(case: Case, network: Network) -> Iterator[Found]:
    """A header field without room for its NUL, or a request for the beginning of the name alone."""
    turn = case.last
    wanted, message = wanted_file(turn), told_by(turn)
    if not wanted or len(wanted) <= _SHORTEST_CUT or message is None or message.from_client:
        return
    asked = list(named_reads(turn))
    for transfer in asked:
        short = transfer.file or b""
        refused = transfer.status is TransferStatus.REFUSED
        if refused and _SHORTEST_CUT <= len(short) < len(wanted) and wanted.startswith(short) and b"\0" not in wanted:
            evidence = cite(transfer.first_frame, f"asks for {len(short)} bytes of the name")
            evidence += cite(message, f"names {len(wanted)} bytes")
            says = f"the boot file's name has {len(wanted)} bytes, and the client asks for the first {len(short)}"
            yield Found(turn, Confidence.CERTAIN, f"{says}, {name(short)}", evidence, server=message.packet.source)
            return
    dhcp = dhcp_of(message)
    full = len(dhcp.file) == _FIELD and b"\0" not in dhcp.file and not dhcp.overload & _IN_FILE_FIELD
    if not full or _BOOT_FILE in dhcp.options:
        return
    if any(t.file == wanted and t.status not in (TransferStatus.REFUSED, TransferStatus.UNANSWERED) for t in asked):
        return
    evidence = cite(message, "the field `file` without a NUL at its end")
    evidence += cite(asked[0].first_frame, "what the client asks for") if asked else ()
    says = f"the boot file's name fills all 128 bytes of its header field, so its end is missing: {name(wanted)}"
    yield Found(turn, Confidence.CERTAIN, says, evidence, server=message.packet.source)


RULE = Rule(
    id="bootfile-too-long",
    title="The boot file's name is too long for its field or for the client",
    severity=Severity.ERROR,
    step=Step.DHCP,
    check=check,
    reach=Reach.ADDRESSED | Reach.FETCHING,
    screens=(
        Screen("PXE-T01: File not found, then PXE-E3B: TFTP Error - File Not Found", INTEL),
        Screen("PXE-E23: Client received TFTP error from server", EDK2),
        Screen("error: filename too long", GRUB),
        Screen("Not found (https://ipxe.org/2d0c613b on BIOS, 2d0c618e on UEFI), for a URL that was cut", IPXE),
    ),
    causes=("a long URL with a token in it", "deeply nested folders"),
    remedies=(
        *advice("give the file a shorter name or path", "put the long URL into an iPXE script and name that"),
        Remedy(Product.DNSMASQ, "dhcp-option-force=67,$file", "option 67 holds up to 255 bytes, the header 127"),
    ),
    sources=("RFC 2131 section 2 (file: 128 bytes with its NUL)", "RFC 3396"),
)
