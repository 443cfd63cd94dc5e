"""A PXE boot menu that the client cannot show, or whose items lead to no boot server.

The answer that opens the menu is judged: an offer, or the first answer of port 4011. Later answers repeat only the
item and the prompt [measured: dnsmasq]. Where discovery is switched off (43.6 bit 3) and a file is named, the menu is
skipped. A menu whose first item is the local disk is a boot that ends there on purpose (outcome `local`), no fault.
"""

from __future__ import annotations

from collections.abc import Iterator

from pxedebug.diagnose.boot_info import replies
from pxedebug.diagnose.case import Case, Turn, dhcp_of
from pxedebug.diagnose.facts import quiet_for
from pxedebug.diagnose.finding import Confidence, Found, Severity, cite, cite_each
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import EDK2, INTEL, Product, Reach, Remedy, Rule, Screen, Step, advice
from pxedebug.firmware import boot_file, pauses, pxe_suboptions
from pxedebug.firmware.programs import Program
from pxedebug.track.story import Message
from pxedebug.wire.dhcp import DhcpMessage, PxeVendorOptions

__all__ = ["RULE"]

_CONTROL, _MULTICAST, _SERVERS, _MENU, _PROMPT, _ITEM = 6, 7, 8, 9, 10, 71
_NO_BROADCAST, _NO_MULTICAST, _LISTED_ONLY, _FILE_AT_ONCE = 1, 2, 4, 8
_WAIT_FOR_KEY = 255


def check(case: Case, network: Network) -> Iterator[Found]:
    """The menu that the last stage was given."""
    turn = case.last
    if turn.program is Program.RASPBERRY_PI or (message := _opens(turn)) is None:
        return
    if case.moving and not quiet_for(case, pauses.FIRMWARE):
        return
    dhcp = dhcp_of(message)
    inside = pxe_suboptions(dhcp)
    control = inside.get(_CONTROL, b"\0")[:1] or b"\0"
    if control[0] & _FILE_AT_ONCE and boot_file(dhcp) is not None:
        return
    says = _form(inside) or _without_server(dhcp, control[0]) or _no_address(turn, inside, control[0])
    confidence = Confidence.CERTAIN
    if says is None:
        says, confidence = _waits(case, turn, inside), Confidence.STRONG
    if says is None:
        return
    going_on = bool(turn.transfers or turn.proxy_replies)
    evidence = cite(message, f"option 43 with sub-options {', '.join(map(str, sorted(inside)))}")
    evidence += cite_each(turn.proxy_requests, "the client asks a boot server", 4)
    yield Found(
        turn,
        confidence,
        f"the boot menu of {message.packet.source} is incomplete: {says}",
        evidence,
        severity=Severity.WARNING if going_on else None,
        server=message.packet.source,
        absence=confidence is Confidence.STRONG,
    )


def _opens(turn: Turn) -> Message | None:
    """The answer that opens the menu: the proxy's or server's whose offer was chosen, else the first with a menu."""
    chosen = [offer.message for offer in turn.offers if offer.chosen]
    for message in [*chosen, *replies(turn)]:
        inside = pxe_suboptions(dhcp_of(message))
        if _ITEM not in inside and (_MENU in inside or _PROMPT in inside):
            return message
    return None


def _form(inside: dict[int, bytes]) -> str | None:
    """Menu and prompt go together (PXE 2.1 table 2-1)."""
    if _PROMPT not in inside:
        return "it has items (43.9) and no prompt (43.10)"
    return None if _MENU in inside else "it has a prompt (43.10) and no items (43.9)"


def _without_server(dhcp: DhcpMessage, control: int) -> str | None:
    """The first item's type has no server, and the client may not look for one."""
    listed = dhcp.value(43)
    if not isinstance(listed, PxeVendorOptions) or not listed.boot_menu:
        return None
    silent = control & _NO_BROADCAST and control & _NO_MULTICAST
    first = listed.boot_menu[0]
    if not first.type or not (silent or control & _LISTED_ONLY):
        return None
    if any(server.type == first.type for server in listed.boot_servers or ()):
        return None
    return f"its first item is of boot server type {first.type}, for which no server is listed (43.8)"


def _no_address(turn: Turn, inside: dict[int, bytes], control: int) -> str | None:
    """Multicast discovery is on and has no address, and discovery found nobody."""
    if _CONTROL not in inside or control & _NO_MULTICAST or _MULTICAST in inside:
        return None
    failed = bool(turn.proxy_requests) and not turn.proxy_replies
    return "multicast discovery is on (43.6) and no address is given for it (43.7)" if failed else None


def _waits(case: Case, turn: Turn, inside: dict[int, bytes]) -> str | None:
    """Nobody presses the key that the prompt waits for."""
    prompt = inside.get(_PROMPT, b"")
    if prompt[:1] != bytes((_WAIT_FOR_KEY,)) or turn.ack is None or turn.proxy_requests or turn.transfers:
        return None
    return (
        "its prompt waits for a key for ever (43.10), and nothing followed" if quiet_for(case, pauses.PROMPT) else None
    )


RULE = Rule(
    id="pxe-menu-incomplete",
    title="The PXE boot menu is incomplete",
    severity=Severity.ERROR,
    step=Step.BOOTSERVER,
    check=check,
    reach=Reach.ADDRESSED | Reach.FETCHING,
    screens=(
        Screen("PXE-E74: Bad or missing PXE menu and/or prompt information", INTEL),
        Screen("PXE-E76: Bad or missing multicast discovery address", INTEL),
        Screen("PXE-E77: Bad or missing discovery server list", INTEL),
        Screen("PXE-E21: Remote boot cancelled, or a menu that waits", EDK2),
    ),
    causes=(
        "option 43 was put together by hand",
        "the list of `pxe-service` lines is longer than 253 bytes, and dnsmasq drops the menu (its log says so)",
        "a prompt that waits for a key, on a machine without anybody at it",
    ),
    remedies=(
        Remedy(
            Product.DNSMASQ,
            'pxe-prompt="Network boot",1\n'
            'pxe-service=x86PC,"Network boot",pxelinux\n'
            'pxe-service=BC_EFI,"Network boot",snponly.efi\n'
            'pxe-service=X86-64_EFI,"Network boot",snponly.efi',
            "one service for each architecture; BC_EFI is 7, which x64 UEFI says",
        ),
        Remedy(
            Product.ISC_DHCPD,
            "option vendor-encapsulated-options 06:01:08:ff;",
            "take the named file and skip the menu",
        ),
        *advice("set 43.6 to 8 and name a boot file: then no menu is needed"),
    ),
    sources=("PXE 2.1 section 2.2.3 and table 2-1", "dnsmasq src/rfc2131.c, pxe_opts", "EDK2 PxeBcSelectBootPrompt"),
    next_measurement="watch the machine's screen: which menu and prompt does it show?",
)
