"""What is said where no rule fits: how far the boot came, and what this capture point hides."""

from __future__ import annotations

import pytest

from pxedebug.diagnose.case import Case
from pxedebug.diagnose.finding import Found
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import Step
from pxedebug.diagnose.unknown import UNKNOWN
from tests.track.conversation import Told, tell
from tests.track.programs import dnsmasq, edk2, ipxe
from tests.track.scene import Step as Said

ASKED = edk2.discover(at=0), dnsmasq.offer(file="x.efi"), edk2.request(at=4)
LEASE = *ASKED, dnsmasq.ack()
LOADED = *LEASE, edk2.fetch("x.efi")
HTTP = *LOADED, ipxe.afresh(), dnsmasq.offer(), ipxe.request(), dnsmasq.ack(), ipxe.syn(at=20)
PROXY = *LEASE, edk2.arp("10.77.0.1"), edk2.ask_proxy(dnsmasq)


def unknown(told: Told) -> Found:
    """Of the last boot."""
    boots = told.boots
    (found,) = UNKNOWN.check(Case(boots[-1], len(boots), 0), Network(told.story, boots))
    return found


@pytest.mark.parametrize(
    ("said", "step"),
    [
        (ASKED[:1], Step.DHCP),
        (ASKED, Step.DHCP),
        ((*LEASE, edk2.arp("10.77.0.1")), Step.DHCP),
        (PROXY, Step.PROXYDHCP),
        ((*LEASE, edk2.rrq("x.efi")), Step.TFTP),
        (HTTP, Step.HTTP),
        (LOADED, Step.POST_NBP),
    ],
)
def test_the_step_is_how_far_the_boot_came(said: tuple[Said, ...], step: Step) -> None:
    assert unknown(tell(*said)).step is step


def test_where_unicast_shows_its_absence_is_told() -> None:
    found = unknown(tell(*LEASE, edk2.rrq("y.efi"), edk2.afresh(at=5), dnsmasq.offer(), edk2.request(), dnsmasq.ack()))
    assert found.says == "the client has an address and never asked for a file, for no reason that shows here"


def test_where_unicast_is_hidden_that_is_said() -> None:
    """A port that gets broadcast only: what a client with an address does is not seen."""
    found = unknown(tell(*LEASE))
    assert (
        found.says == "the client has an address, and what it did with it is unicast, which this capture does not show"
    )
    assert found.next_measurement is not None
    assert found.next_measurement.startswith("capture at the client's switch port")


def test_without_an_address_and_without_unicast_the_answer_may_be_hidden() -> None:
    assert (
        unknown(tell(*ASKED)).says == "no answer with an address for the client shows here, where unicast is not seen"
    )


def test_a_filter_on_ports_hides_the_data_of_a_transfer() -> None:
    found = unknown(tell(*LEASE, edk2.rrq("x.efi"), edk2.rrq("x.efi", again=True)))
    assert found.says == "the data of `x.efi` from 10.77.0.1 is not shown here: only some ports were captured"
