"""DHCP and the boot service share a host, and the DHCP server does not say so."""

from __future__ import annotations

from tests.diagnose.proxy_scenes import asks, both_offer
from tests.diagnose.second_stage_scenes import MASK
from tests.diagnose.verdict import verdicts
from tests.track.conversation import tell, together
from tests.track.machines import Machine
from tests.track.programs import edk2, intel, kea, proxy
from tests.track.scene import Step
from tests.track.servers import Server

ID = "option60-missing"
OTHER = intel.on("52:54:00:77:00:99")
wds = Server("10.77.0.2", gives="0.0.0.0", siaddr="10.77.0.2", vendor_class=b"PXEClient")
"""The boot service on Kea's host."""


def served() -> Step:
    """Another machine, which has an entry of its own, is answered on port 4011 of the DHCP server's host."""
    return together(
        OTHER.discover(at=0), Server("10.77.0.2", gives="10.77.0.101", siaddr="10.77.0.2", vendor_class=b"PXEClient")
        .offer(options=(MASK,)), OTHER.request(at=4), kea.ack(gives="10.77.0.101", options=(MASK,)),
        OTHER.ask_proxy(wds, at=4.2), wds.proxy_ack(file="wdsnbp.com"), OTHER.fetch("wdsnbp.com"),
    )  # fmt: skip


def empty(client: Machine = edk2, at: float = 20) -> Step:
    """DISCOVERs that only get an address offered."""
    return together(*(step for n, wait in enumerate((0, 4, 12, 28)) for step in (
        client.discover(at=at + wait, secs=wait), kea.offer(options=(MASK,), to=client),
    )))  # fmt: skip


def test_the_host_answers_others_on_port_4011() -> None:
    _, verdict = verdicts(tell(served(), empty()))
    assert (verdict.outcome, verdict.primary, verdict.ids) == ("failed", ID, [ID])
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("fatal", "strong")
    assert verdict.finding(ID).says == (
        "10.77.0.2 offers an address without boot data and without option 60, "
        "though it answers other machines on port 4011"
    )


def test_a_bios_machine_takes_the_address_and_stops() -> None:
    told = tell(served(), intel.discover(at=20), kea.offer(options=(MASK,)), intel.request(at=24),
                kea.ack(options=(MASK,)), until=60)  # fmt: skip
    _, verdict = verdicts(told)
    assert (verdict.outcome, verdict.primary) == ("failed", ID)


def test_nobody_answers_on_4011() -> None:
    (verdict,) = verdicts(tell(empty(at=0)))
    assert verdict.primary == "offer-without-boot-info"


def test_a_proxy_offer_is_there() -> None:
    _, verdict = verdicts(tell(served(), both_offer(), asks(edk2, proxy, 4, 5, 7, 10)))
    assert ID not in verdict.all_ids
