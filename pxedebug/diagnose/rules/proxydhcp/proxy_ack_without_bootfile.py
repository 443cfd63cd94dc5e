"""The proxy answers on port 4011, and names no boot file: EDK2 asks once and gives up (PXE-E16).

A menu, or WDS's orders (option 250), are answers too; iPXE goes on with what DHCP said.
"""

from __future__ import annotations

from collections.abc import Iterator

from pxedebug.diagnose.case import Case, Turn, dhcp_of
from pxedebug.diagnose.facts import architecture_words
from pxedebug.diagnose.finding import Confidence, Found, Severity, cite
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.proxy import questions
from pxedebug.diagnose.rule import EDK2, INTEL, Product, Reach, Remedy, Rule, Screen, Step, advice
from pxedebug.firmware import boot_file, pxe_suboptions
from pxedebug.track.story import Message

__all__ = ["RULE"]

_WDS = 250
_MENU = frozenset((6, 7, 8, 9, 10))


def check(case: Case, network: Network) -> Iterator[Found]:
    """The last question to port 4011 was answered with nothing to boot, and nothing names a file otherwise."""
    for turn in case.turns:
        if not turn.proxy_replies or (turn.boot is not None and turn.boot.file):
            continue
        question = questions(turn)[-1:]
        if not question or not question[0].answers or not all(_empty(answer) for answer in question[0].answers):
            continue
        answer = question[0].answers[-1]
        if _has_file_elsewhere(turn) or turn.went_on(answer.packet.time):
            continue
        kind = architecture_words(case)
        server = question[0].server
        yield Found(
            turn,
            Confidence.CERTAIN,
            f"{server} answers on port 4011 without a boot file for this machine{f' ({kind})' if kind else ''}",
            cite(answer, "the answer: no file, no menu") + cite(question[0].sends[-1], "the question"),
            server=server,
            values={"proxy": str(server), "server": str(server), "arch": str((case.client.architectures or (7,))[0])},
        )


def _empty(answer: Message) -> bool:
    dhcp = dhcp_of(answer)
    if answer.packet.cut or _WDS in dhcp.options or boot_file(dhcp) is not None:
        return False
    return _MENU.isdisjoint(pxe_suboptions(dhcp))


def _has_file_elsewhere(turn: Turn) -> bool:
    """Another answer of port 4011 names a file."""
    return any(boot_file(dhcp_of(reply)) is not None for reply in turn.proxy_replies)


RULE = Rule(
    id="proxy-ack-without-bootfile",
    title="The proxyDHCP server names no boot file",
    severity=Severity.FATAL,
    step=Step.PROXYDHCP,
    check=check,
    reach=Reach.LEASED,
    screens=(
        Screen("PXE-E53: No boot filename received", INTEL),
        Screen("PXE-E16: No valid offer received", EDK2),
        Screen("PXE-E53: No boot filename received"),
    ),
    causes=(
        "WDS or ConfigMgr has no boot image for this architecture (x64 UEFI, say)",
        "unknown computers are not allowed to boot",
        "the proxy names the file in its offer alone, and nothing in the answer on port 4011",
    ),
    remedies=(
        *advice(
            "in WDS, add a boot image of this architecture (Boot Images, Add Boot Image)",
            "in ConfigMgr, enable unknown computer support on the distribution point's PXE page",
        ),
        Remedy(
            Product.DNSMASQ,
            'pxe-service=X86-64_EFI,"Boot",snponly.efi,$server\npxe-service=BC_EFI,"Boot",snponly.efi,$server',
        ),
    ),
    sources=("EDK2 NetworkPkg/UefiPxeBcDxe/PxeBcDhcp4.c, PxeBcRetryBinlOffer", "PXE 2.1 section 2.2.3"),
)
