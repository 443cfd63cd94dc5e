"""iPXE was loaded over the network, and then the network is silent for it.

Either it asks for an address again and nobody answers, though the firmware was answered just before, or it says nothing
at all, where a good one sends its first DISCOVER after 2 s [measured]. The catalogue weighs it as a fault of the link;
it is weighed here behind the boot program, because that was delivered.
"""

from __future__ import annotations

from collections.abc import Iterator

from pxedebug.diagnose.case import Case, Turn
from pxedebug.diagnose.facts import absent_for_good, is_bios_client, seconds, spread
from pxedebug.diagnose.finding import Confidence, Found, Severity, cite, cite_each, count, name
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import IPXE, Product, Reach, Remedy, Rule, Screen, Step, advice
from pxedebug.firmware import Phase, pauses
from pxedebug.firmware.programs import StageKind
from pxedebug.track.clocks import SECOND
from pxedebug.track.story import Message, Transfer
from pxedebug.wire.neighbours import Bpdu, Lacp

__all__ = ["RULE"]

_JUST_BEFORE = 120 * SECOND
_IPXE_NAMES = (b"ipxe", b"undionly", b"snponly", b"snp.efi")
_FEWEST = 2
_MUTE = "iPXE was loaded, and then nothing is heard of it"


def check(case: Case, network: Network) -> Iterator[Found]:
    """DISCOVERs of iPXE without an answer, or no sign of it at all."""
    for turn in case.turns[1:]:
        if turn.kind is StageKind.IPXE:
            yield from _unanswered(case, turn, network)
    yield from _mute(case, network)


def _unanswered(case: Case, turn: Turn, network: Network) -> Iterator[Found]:
    sent = turn.discovers
    if len(sent) < _FEWEST or turn.received("OFFER", "ACK", "NAK", "BOOTREPLY"):
        return
    if not absent_for_good(case, turn, sent, Phase.DISCOVER):
        return
    before = [ack for earlier in case.turns[: turn.index] if (ack := _loaded_after(earlier)) is not None]
    if not before or sent[0].packet.time - before[-1].packet.time > _JUST_BEFORE:
        return
    ack = before[-1]
    ago = seconds(sent[0].packet.time - ack.packet.time)
    number, span = count(len(sent), "DISCOVER"), seconds(spread(sent))
    says = f"nobody answers iPXE's {number} in {span}, though {ack.packet.source} answered the firmware {ago} earlier"
    evidence = cite_each(sent, "DISCOVER of iPXE, without an answer") + cite(ack, "the firmware's ACK")
    loaded = [t for earlier in case.turns[: turn.index] for t in earlier.whole()]
    evidence += cite(loaded[-1].last_frame, f"the end of {name(loaded[-1].file)}")
    for kind, what in ((Bpdu, "BPDU"), (Lacp, "LACPDU")):
        between = network.events(kind, loaded[-1].ended, sent[-1].packet.time)
        evidence += cite_each([seen.frame for seen in between], f"{what} meanwhile", 2)
    severity = None if turn.last else Severity.WARNING
    yield Found(turn, Confidence.STRONG, says, evidence, severity=severity, server=ack.packet.source, absence=True)


def _loaded_after(turn: Turn) -> Message | None:
    """The ACK of a turn that loaded something."""
    return turn.ack if turn.whole() else None


def _mute(case: Case, network: Network) -> Iterator[Found]:
    turn = case.last
    files = turn.whole()
    if turn.ack is None or not files or turn.transfers[-1] is not files[-1] or not _is_ipxe(case, files[-1]):
        return
    file, ended = files[-1], turn.stage.ended
    quiet = case.quiet_until - ended
    heard = network.heard(case.client.mac)
    if quiet < pauses.FIRST_WORDS or (heard is not None and heard[1] > ended + pauses.AFTERMATH):
        return
    says = f"{name(file.file)} was delivered and is iPXE, and then nothing was heard of it for {seconds(quiet)}"
    more = "iPXE sends its first DISCOVER 2 s after it was loaded."
    evidence = cite(file.last_frame, "the end of the file") + cite(turn.ack, "the firmware's ACK")
    yield Found(turn, Confidence.INFERRED, says, evidence, more, title=_MUTE)


def _is_ipxe(case: Case, file: Transfer) -> bool:
    """By its content, else by its name; a program for another kind of machine is another fault."""
    if file.content_type is not None and is_bios_client(case) == (file.content_type == "pe"):
        return False
    named = any(part in (file.file or b"").lower() for part in _IPXE_NAMES)
    return "iPXE" in (file.content_detail or "") or (named and file.content_type in (None, "pe", "bios-boot-program"))


RULE = Rule(
    id="second-stage-dhcp-silence",
    title="iPXE was loaded, and then gets no answer",
    severity=Severity.ERROR,
    step=Step.POST_NBP,
    check=check,
    reach=Reach.LOADED | Reach.ASKING | Reach.ADDRESSED,
    screens=(
        Screen(
            "Configuring (net0 ...)...... No configuration methods succeeded"
            " (https://ipxe.org/040ee119 on BIOS, 040ee186 on UEFI)",
            IPXE,
        ),
        Screen("Waiting for link-up on net0... Down (https://ipxe.org/38086101 on BIOS, 38086193 on UEFI)", IPXE),
        Screen("iPXE initialising devices...", IPXE),
    ),
    causes=(
        "iPXE's own driver reset the link, and the switch port holds it back anew: spanning tree, LACP, 802.1X",
        "iPXE's own driver does not work with this network card, or it took another card (a wireless one)",
        "the DHCP server answers only firmware (class PXEClient), or only clients without user class iPXE",
        "the machine has several network cards, and iPXE asks on another one first",
    ),
    remedies=(
        *advice(
            "load snponly.efi or undionly.kpxe instead of ipxe.efi or ipxe.pxe: they go on with the firmware's driver",
            "make the switch port an edge port (`pxedebug explain stp-portfast-delay` has the lines)",
            "use a newer iPXE",
        ),
        Remedy(Product.DNSMASQ, "dhcp-userclass=set:ipxe,iPXE\ndhcp-boot=tag:ipxe,$url", "an answer for iPXE, too"),
        Remedy(Product.IPXE, "ifopen net0\ndhcp net0", "in the embedded script: one card only"),
    ),
    sources=("iPXE src/usr/ifmgmt.c, src/config/dhcp.h",),
    next_measurement="look at the machine's screen, and capture at its switch port with BPDUs and LACP",
)
