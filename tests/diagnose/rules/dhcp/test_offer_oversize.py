"""The reply is longer than the client takes."""

from __future__ import annotations

from tests.diagnose.dhcp_scenes import EDK2_TRIES
from tests.diagnose.verdict import diagnose
from tests.track.conversation import tell, together
from tests.track.machines import Machine
from tests.track.programs import dnsmasq, edk2, intel, kea
from tests.track.scene import Options, Step

ID = "offer-oversize"
MASK = (1, b"\xff\xff\xff\0")


def long(size: int) -> Options:
    """Vendor options of this many bytes."""
    return (MASK, *((150 + start // 250, bytes(min(250, size - start))) for start in range(0, size, 250)))


def rounds(machine: Machine, *times: float, size: int) -> Step:
    offers = [(machine.discover(at=at), dnsmasq.offer(file="x.efi", options=long(size))) for at in times]
    return together(*(step for pair in offers for step in pair))


def test_more_than_option_57_allows() -> None:
    verdict = diagnose(tell(rounds(edk2, *EDK2_TRIES, size=1300), until=70))
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("error", "certain")
    assert verdict.primary == ID
    assert verdict.frames(ID) == [2, 4, 6, 8, 1, 3, 5, 7]
    assert verdict.finding(ID).says.endswith("more than the 1472 that the client takes (option 57)")


def test_a_client_that_takes_it_all_the_same() -> None:
    told = tell(
        intel.discover(at=0), dnsmasq.offer(file="x.0", options=long(1300)), intel.request(at=4),
        dnsmasq.ack(options=long(1300)), intel.missing("x.0"),
    )  # fmt: skip
    assert ID not in diagnose(told).all_ids


def test_a_reply_that_fits_is_not_the_reason() -> None:
    verdict = diagnose(tell(rounds(edk2, *EDK2_TRIES, size=900), until=70))
    assert ID not in verdict.all_ids


def test_another_server_offers_less() -> None:
    told = tell(rounds(edk2, 0, 3.9, size=1300), kea.offer(file="x.efi"), edk2.request(at=11.9, of=kea), kea.ack())
    assert ID not in diagnose(told).all_ids
