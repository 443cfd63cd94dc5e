"""A machine that somebody waits for, and that is never heard.

There is no boot to judge, so `check` has nothing to say; `absent` is for whoever was told which machine to look for.
"""

from __future__ import annotations

from collections.abc import Iterator

from pxedebug.diagnose.case import Case
from pxedebug.diagnose.facts import seconds
from pxedebug.diagnose.finding import Found, Severity
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import EDK2, INTEL, IPXE, UEFI, Product, Remedy, Rule, Screen, Step, advice
from pxedebug.track.clocks import SECOND
from pxedebug.track.story import Story
from pxedebug.wire.packet import format_mac

__all__ = ["RULE", "absent"]

_LONG_ENOUGH = 60 * SECOND
_WITHOUT_CLIENTS = ("relay-uplink", "one-direction")
"""Vantages that do not show the clients' own frames."""


def check(case: Case, network: Network) -> Iterator[Found]:
    """Nothing: whatever boots was heard."""
    return iter(())


def absent(story: Story, mac: bytes, network: Network) -> str | None:
    """Why this machine has no boot, as one clause; None where it has one or the capture cannot tell.

    It takes a minute of capture at a place that shows clients' frames. A machine of which only a relay's copies came by
    was heard; one that shares its place in the table of addresses with another is not known to be absent.
    """
    if story.first_time is None or story.last_time is None:
        return None
    span = story.last_time - story.first_time
    hidden = all(source.vantage.kind in _WITHOUT_CLIENTS for source in story.sources)
    if span < _LONG_ENOUGH or hidden or any(record.client.mac == mac for record in network.clients):
        return None
    who = format_mac(mac)
    if network.unheard(mac):
        frames = sum(source.frames for source in story.sources)
        return f"no frame of {who} was seen in {seconds(span)} of capture, which holds {frames:,} frames of others"
    heard = network.heard(mac)
    if heard is None:
        return None
    last = seconds(heard[1] - story.first_time)
    return f"{who} was heard, last after {last}, but in {seconds(span)} of capture it never asked for an address"


RULE = Rule(
    id="no-client-traffic",
    title="The machine sends nothing",
    severity=Severity.ERROR,
    step=Step.LINK,
    check=check,
    outcomes=frozenset(),
    screens=(
        Screen("PXE-E61: Media test failure, check cable", INTEL),
        Screen("PXE-E12: Could not detect network connection (after 20 s)", EDK2),
        Screen("Could not detect network connection", UEFI),
        Screen("Waiting for link-up on net0... Down (https://ipxe.org/38086101 on BIOS, 38086193 on UEFI)", IPXE),
    ),
    causes=(
        "the cable, the transceiver or the switch port: unplugged, shut down, or of another speed",
        "network boot is disabled in the firmware, or another network card comes first",
        "the firmware has no driver for a USB or dock network card",
        "port security has shut the switch port",
        "the capture runs at another port than the machine's",
    ),
    remedies=(
        *advice(
            "see whether the switch port has a link and which MAC address it learned",
            "enable the UEFI network stack, or the card's option ROM, in the firmware",
            "where iPXE's own driver never gets a link, load snponly.efi or undionly.kpxe instead",
        ),
        Remedy(Product.CISCO_IOS, "show interfaces Gi1/0/10 status\nshow mac address-table address $mac"),
    ),
    sources=(
        "EDK2 NetworkPkg/UefiPxeBcDxe/PxeBcImpl.c, NetworkPkg/HttpBootDxe/HttpBootImpl.c",
        "iPXE src/usr/ifmgmt.c",
    ),
    next_measurement="capture at the machine's own switch port, with no filter, from before power-on",
)
