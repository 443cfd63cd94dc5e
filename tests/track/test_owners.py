"""Whose transfer is it."""

from __future__ import annotations

from tests.track.conversation import Told, changed, tell, together, unseen
from tests.track.programs import dnsmasq, edk2, ipxe
from tests.track.scene import Step, mac_of

LEASE = together(edk2.discover(at=0), dnsmasq.offer(file="x.efi"), edk2.request(at=4), dnsmasq.ack())
OTHER = edk2.on("52:54:00:00:00:01")
ROUTER = mac_of("10.77.0.254")


def routed(said: Step) -> Step:
    """As seen behind a router: its MAC, one hop less."""
    return changed(said, source_mac=ROUTER, ttl=63)


def owners(told: Told) -> list[tuple[bytes, bool]]:
    """MAC and whether files are shown, of each boot."""
    return [(boot.client.mac, any(stage.transfers for stage in boot.stages)) for boot in told.boots]


def test_the_holder_of_the_address_asks() -> None:
    assert owners(tell(LEASE, edk2.rrq("x.efi"))) == [(edk2.mac, True)]


def test_behind_a_router_the_address_tells() -> None:
    assert owners(tell(LEASE, routed(edk2.rrq("x.efi")))) == [(edk2.mac, True)]


def test_on_the_link_the_mac_counts_before_an_old_lease() -> None:
    """The address went to another machine, whose DHCP was not captured."""
    told = tell(LEASE, changed(edk2.rrq("y.efi", at=100), source_mac=OTHER.mac))
    assert owners(told) == [(edk2.mac, False), (OTHER.mac, True)]


def test_without_dhcp_the_mac_names_the_client() -> None:
    assert owners(tell(unseen(LEASE), edk2.rrq("x.efi"))) == [(edk2.mac, True)]


def test_without_dhcp_and_behind_a_router_nobody_is_named() -> None:
    told = tell(unseen(LEASE), routed(edk2.rrq("x.efi")))
    assert owners(told) == [(b"", True)]
    assert list(map(str, told.boot.client.addresses)) == ["10.77.0.130"]


def test_two_routed_clients_are_two() -> None:
    lease = unseen(LEASE, OTHER.discover(), dnsmasq.offer(gives="10.77.0.131"), OTHER.request(), dnsmasq.ack())
    told = tell(lease, routed(edk2.rrq("x.efi")), routed(OTHER.rrq("x.efi")))
    assert len(told.boots) == 2


def test_a_later_lease_takes_the_address_over() -> None:
    again = together(OTHER.discover(at=500), dnsmasq.offer(file="x.efi"), OTHER.request(at=504), dnsmasq.ack())
    told = tell(LEASE, again, routed(OTHER.rrq("x.efi")))
    assert owners(told) == [(edk2.mac, False), (OTHER.mac, True)]


def test_http_has_an_owner_too() -> None:
    told = tell(LEASE, edk2.fetch("x.efi"), ipxe.afresh(at=7), dnsmasq.offer(), ipxe.request(), dnsmasq.ack())
    told = Told([*told.wires, *tell(unseen(LEASE), ipxe.http_get("/kernel", at=20, agent="iPXE/1.0")).wires])
    assert [t.protocol for t in told.boot.stages[-1].transfers] == ["http"]
