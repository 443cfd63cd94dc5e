"""Options stand in the header fields `file` and `sname` (option 52), wrongly or where the client does not look.

An area without END whose rest is empty is read by every client that was seen: a warning. A length that runs past the
field, or an invalid option 52, loses options: an error while the client got no further.
"""

from __future__ import annotations

from collections.abc import Iterator

from pxedebug.diagnose.boot_info import named_reads, replies, told_by
from pxedebug.diagnose.case import Case, Turn, dhcp_of
from pxedebug.diagnose.facts import plain_name, quiet_for
from pxedebug.diagnose.finding import Confidence, Found, Severity, cite, name
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import EDK2, INTEL, TROUBLED, Product, Remedy, Rule, Screen, Step, advice
from pxedebug.firmware import pauses
from pxedebug.firmware.programs import Program
from pxedebug.track.story import Message, Outcome
from pxedebug.wire.dhcp import Area

__all__ = ["RULE"]

_OVERLOAD, _BOOT_FILE, _IN_FILE_FIELD = 52, 67, 1
_IGNORE_OVERLOAD = frozenset((Program.INTEL_ROM, Program.UNKNOWN))
"""Old ROMs look for the boot file in the header and in the options area only."""


def check(case: Case, network: Network) -> Iterator[Found]:
    """The message that the client acted on, else what it was offered."""
    turn = case.last
    source = told_by(turn) or turn.ack
    for message in [source] if source is not None else replies(turn):
        if message.from_client or _OVERLOAD not in dhcp_of(message).options:
            continue
        found = _asked_for_options(turn, message) or _malformed(turn, message) or _overlooked(case, turn, message)
        if found is not None:
            yield found
            return


def _asked_for_options(turn: Turn, message: Message) -> Found | None:
    """The client takes the bytes of the overloaded field for the file's name."""
    dhcp = dhcp_of(message)
    taken = dhcp.file.partition(b"\0")[0]
    if not dhcp.overload & _IN_FILE_FIELD or not taken:
        return None
    for transfer in named_reads(turn):
        if plain_name(transfer) == taken:
            says = f"the client takes options for the boot file's name and asks for {name(taken)}"
            evidence = cite(transfer.first_frame, "the request")
            evidence += cite(message, f"option 52 is {dhcp.overload}: the field `file` holds options")
            return Found(turn, Confidence.CERTAIN, says, evidence, server=message.packet.source)
    return None


def _malformed(turn: Turn, message: Message) -> Found | None:
    dhcp = dhcp_of(message)
    wrong = [problem for problem in dhcp.problems if "overload" in problem]
    if dhcp.truncated or not wrong:
        return None
    only_end = all(problem.endswith("has no END (option 255)") for problem in wrong)
    severity = Severity.WARNING if only_end or turn.transfers else None
    evidence = cite(message, "; ".join(wrong))
    return Found(turn, Confidence.CERTAIN, wrong[0], evidence, severity=severity, server=message.packet.source)


def _overlooked(case: Case, turn: Turn, message: Message) -> Found | None:
    """The boot file stands in an overloaded field, and an old ROM does as if there were none."""
    hidden = [each for each in dhcp_of(message).instances if each.code == _BOOT_FILE and each.area is not Area.OPTIONS]
    if not hidden or turn.program not in _IGNORE_OVERLOAD or turn.transfers or not quiet_for(case, pauses.FIRMWARE):
        return None
    says = f"option 67 with {name(hidden[0].value)} stands in the overloaded field `{hidden[0].area}`"
    says += ", where this client does not look"
    evidence = cite(message, f"option 67 in the field `{hidden[0].area}`")
    return Found(turn, Confidence.STRONG, says, evidence, server=message.packet.source, absence=True)


RULE = Rule(
    id="option-overload-issue",
    title="Options in the header fields are malformed or not read",
    severity=Severity.ERROR,
    step=Step.DHCP,
    check=check,
    outcomes=TROUBLED - {Outcome.IN_PROGRESS},
    screens=(
        Screen("PXE-E53: No boot filename received, or a file name made of odd characters", INTEL),
        Screen("NBP filename with odd characters, then PXE-E23", EDK2),
    ),
    causes=(
        "the server moves options into `file` and `sname` because they are too many for the client's option 57",
        "the client is old and ignores option 52",
    ),
    remedies=(
        Remedy(Product.DNSMASQ, "dhcp-no-override"),
        Remedy(Product.ISC_DHCPD, 'filename "$file";', "keeps the field for the name"),
        *advice("send fewer or shorter options to this class of clients"),
    ),
    sources=("RFC 2131 section 4.1", "RFC 2132 section 9.3", "dnsmasq manual, --dhcp-no-override"),
    next_measurement="decode the ACK (`pxedebug analyze --frame`) and compare with what the client asks for",
)
