"""Option 43 of a PXE server's answer is not a list of PXE sub-options.

Only answers of class PXEClient from port 67 are judged: under another class the option belongs to another vendor, and
ConfigMgr's answers on port 4011 hold a signed block of their own. A list without END is read by all firmware, and
zeros behind END are padding.
"""

from __future__ import annotations

from collections.abc import Iterator

from pxedebug.diagnose.boot_info import replies
from pxedebug.diagnose.case import Case, Turn, dhcp_of
from pxedebug.diagnose.finding import Confidence, Found, Severity, cite_each
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import EDK2, INTEL, TROUBLED, Product, Remedy, Rule, Screen, Step, advice
from pxedebug.track.story import Message, Outcome
from pxedebug.wire.dhcp import DhcpMessage, PxeVendorOptions, Undecoded

__all__ = ["RULE"]

_VENDOR, _CLASS = 43, 60
_READ_BY_FIRMWARE = {6: "discovery control", 7: "multicast address", 8: "boot servers", 9: "menu", 10: "prompt"}
_CISCO_CONTROLLERS = 241
"""Sub-option by which Cisco's access points find their controller."""
_TEXT = frozenset(b"0123456789abcdefABCDEF:., -xX")
_SHORTEST_TEXT = 4


def check(case: Case, network: Network) -> Iterator[Found]:
    """Every answer with option 43 to the last stage; equal ones are told once."""
    turn = case.last
    wrong: dict[str, list[Message]] = {}
    for message in replies(turn):
        if message.port == 67 and (said := _wrong(dhcp_of(message))):
            wrong.setdefault(said, []).append(message)
    for said, messages in wrong.items():
        yield Found(
            turn,
            Confidence.CERTAIN,
            f"option 43 of {messages[0].packet.source} is no list of PXE sub-options: {said}",
            cite_each(messages, said, 4),
            severity=Severity.WARNING if _found_its_way(turn) else None,
            server=messages[0].packet.source,
        )


def _found_its_way(turn: Turn) -> bool:
    """The client made its way in spite of it."""
    return bool(turn.transfers or turn.proxy_replies)


def _wrong(dhcp: DhcpMessage) -> str | None:
    raw = dhcp.options.get(_VENDOR)
    if not raw or not dhcp.options.get(_CLASS, b"").startswith(b"PXEClient"):
        return None
    if len(raw) >= _SHORTEST_TEXT and _TEXT.issuperset(raw.rstrip(b"\0")):
        return "it is text where bytes are wanted"
    listed = dhcp.value(_VENDOR)
    if not isinstance(listed, PxeVendorOptions):
        return None
    if listed.problems:
        return listed.problems[0]
    for item in listed.items:
        if item.code == _CISCO_CONTROLLERS:
            return "sub-option 241 is for Cisco's access points"
        if item.code in _READ_BY_FIRMWARE and isinstance(item.value, Undecoded):
            return f"sub-option {item.code} ({_READ_BY_FIRMWARE[item.code]}): {item.value.reason}"
    return None


RULE = Rule(
    id="option43-malformed",
    title="The PXE vendor options (43) are malformed",
    severity=Severity.ERROR,
    step=Step.DHCP,
    check=check,
    outcomes=TROUBLED - {Outcome.IN_PROGRESS},
    screens=(
        Screen("PXE-E74: Bad or missing PXE menu and/or prompt information", INTEL),
        Screen("PXE-E76: Bad or missing multicast discovery address", INTEL),
        Screen("PXE-E77: Bad or missing discovery server list", INTEL),
        Screen("PXE-E55: ProxyDHCP service did not reply to request on port 4011", INTEL),
        Screen("PXE-E16: No valid offer received, or a menu that hangs", EDK2),
    ),
    causes=(
        "a hex string was pasted in a form that the server takes for text",
        "two vendors share option 43 in one scope: PXE and access points or telephones",
        "the option was defined for another vendor class, and the class is echoed as PXEClient",
    ),
    remedies=(
        Remedy(Product.DNSMASQ, "dhcp-option=vendor:PXEClient,6,2b"),
        Remedy(Product.ISC_DHCPD, "option vendor-encapsulated-options 06:01:08:ff;"),
        Remedy(
            Product.KEA,
            '"option-data": [{"name": "vendor-encapsulated-options", "csv-format": false, "data": "060108ff"}]',
        ),
        Remedy(Product.WINDOWS_DHCP, "option 43 as binary: 01 04 00 00 00 00 FF"),
        *advice("give each vendor's devices their own class or policy with their own option 43"),
    ),
    sources=("PXE 2.1 table 2-1", "RFC 2132 section 8.4", "EDK2 NetworkPkg/UefiPxeBcDxe/PxeBcDhcp4.c"),
)
