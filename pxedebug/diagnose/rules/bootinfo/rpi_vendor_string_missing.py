"""A Raspberry Pi is offered an address without the text by which its boot ROM knows its boot server.

The text is a menu entry (option 43 sub-option 9) that begins with `Raspberry Pi Boot`. The ROM ignores every other
offer and repeats its DISCOVER; later boot loaders (EEPROM) can do without, and take the address.
"""

from __future__ import annotations

from collections.abc import Iterator

from pxedebug.diagnose.boot_info import replies
from pxedebug.diagnose.case import Case, dhcp_of
from pxedebug.diagnose.facts import absent_for_good, seconds, spread
from pxedebug.diagnose.finding import Confidence, Found, Severity, cite_each, count
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import Product, Reach, Remedy, Rule, Screen, Step
from pxedebug.firmware import Phase
from pxedebug.firmware.programs import Program

__all__ = ["RULE"]

_TEXT = b"Raspberry Pi Boot"


def check(case: Case, network: Network) -> Iterator[Found]:
    """No reply of the attempt holds the text, and the machine goes no further."""
    turn = case.last
    if turn.program is not Program.RASPBERRY_PI or turn.ack is not None or turn.requests:
        return
    told = replies(turn)
    if not told or any(_TEXT in dhcp_of(message).options.get(43, b"") for message in told):
        return
    if not absent_for_good(case, turn, turn.discovers, Phase.DISCOVER):
        return
    says = "no answer holds the text `Raspberry Pi Boot` (option 43) by which the Raspberry Pi knows its boot server"
    yield Found(
        turn,
        Confidence.STRONG,
        says,
        cite_each(told, "no `Raspberry Pi Boot` in option 43", 4) + cite_each(turn.discovers[1:], "DISCOVER again", 3),
        f"It asked with {count(len(turn.discovers), 'DISCOVER')} in {seconds(spread(turn.discovers))}.",
        server=told[0].packet.source,
        absence=True,
    )


RULE = Rule(
    id="rpi-vendor-string-missing",
    title="The Raspberry Pi does not recognise its boot server",
    severity=Severity.FATAL,
    step=Step.DHCP,
    check=check,
    reach=Reach.ASKING,
    screens=(Screen("the diagnostic screen or serial console repeats its DHCP lines; no TFTP follows"),),
    causes=(
        "the server has no `pxe-service` (option 43) for the Raspberry Pi",
        "a rule by architecture drops option 43: old boot ROMs say 0, as a PC with BIOS does",
        "a boot file for PCs is handed out instead",
    ),
    remedies=(
        Remedy(Product.DNSMASQ, 'pxe-service=0,"Raspberry Pi Boot"'),
        Remedy(
            Product.ISC_DHCPD,
            "option vendor-encapsulated-options "
            "06:01:03:0a:04:00:50:58:45:09:14:00:00:11:52:61:73:70:62:65:72:72:79:20:50:69:20:42:6f:6f:74:ff;",
        ),
        Remedy(
            Product.KEA,
            '"option-data": [{"name": "vendor-encapsulated-options", "csv-format": false, "always-send": true, "data": '
            '"0601030a0400505845091400001152617370626572727920506920426f6f74ff"}]',
        ),
    ),
    sources=("Raspberry Pi documentation, network boot", "PXE 2.1 table 2-1 (sub-option 9)"),
    next_measurement="read option 43 of the server's answer on the server itself",
)
