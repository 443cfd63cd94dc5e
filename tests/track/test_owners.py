"""Whose transfer is it."""

from __future__ import annotations

import pytest

from tests.track.conversation import Told, changed, tell, together, unseen
from tests.track.programs import dnsmasq, edk2, ipxe, relay
from tests.track.scene import Step, mac_of

LEASE = together(edk2.discover(at=0), dnsmasq.offer(file="x.efi"), edk2.request(at=4), dnsmasq.ack())
OTHER = edk2.on("52:54:00:00:00:01")
ROUTER = mac_of("10.77.0.254")
RELAYED = together(
    edk2.discover(at=0), relay.forward(dnsmasq), dnsmasq.offer(file="x.efi", options=relay.echo),
    edk2.request(at=4), relay.forward(dnsmasq), dnsmasq.ack(options=relay.echo),
)  # fmt: skip


def routed(said: Step) -> Step:
    """As seen behind a router: its MAC, one hop less."""
    return changed(said, source_mac=ROUTER, ttl=63)


def four_hops(said: Step, mac: bytes = ROUTER) -> Step:
    """As seen far away: the TTL of 64 has become one that looks like another system's first."""
    return changed(said, source_mac=mac, ttl=60)


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


def test_a_relayed_client_holds_its_address_whatever_the_ttl() -> None:
    assert owners(tell(RELAYED, four_hops(edk2.rrq("x.efi")))) == [(edk2.mac, True)]


def test_a_relayed_client_is_known_by_its_address_when_another_router_answers_for_it() -> None:
    other = bytes.fromhex("001c73000001")
    assert owners(tell(RELAYED, four_hops(edk2.rrq("x.efi"), other))) == [(edk2.mac, True)]


def test_the_relays_mac_names_no_client() -> None:
    """Another machine behind the same relay, whose DHCP was not captured."""
    lease = unseen(OTHER.discover(), dnsmasq.offer(gives="10.77.0.131"), OTHER.request(), dnsmasq.ack())
    told = tell(RELAYED, lease, four_hops(OTHER.rrq("y.efi")))
    assert owners(told) == [(edk2.mac, False), (b"", True)]


@pytest.mark.parametrize("mac", ["00000c07ac14", "00000c9ff114", "00005e000114", "00005e000214"])
def test_a_virtual_routers_mac_names_no_client(mac: str) -> None:
    """HSRP and VRRP (RFC 5798 section 7.3)."""
    assert owners(tell(unseen(LEASE), four_hops(edk2.rrq("x.efi"), bytes.fromhex(mac)))) == [(b"", True)]


def test_a_mac_that_speaks_for_two_addresses_is_a_routers() -> None:
    """Also the first of them, which looked like that of a client on the link."""
    lease = unseen(LEASE, OTHER.discover(), dnsmasq.offer(gives="10.77.0.131"), OTHER.request(), dnsmasq.ack())
    told = tell(lease, four_hops(edk2.rrq("x.efi")), four_hops(OTHER.rrq("x.efi")), four_hops(edk2.rrq("y.efi")))
    assert owners(told) == [(b"", True), (b"", True)]
    assert [str(*boot.client.addresses) for boot in told.boots] == ["10.77.0.130", "10.77.0.131"]


def test_a_client_with_a_new_lease_is_one_client() -> None:
    again = together(
        edk2.afresh(at=200), dnsmasq.offer(file="x.efi", gives="10.77.0.131"), edk2.request(), dnsmasq.ack()
    )
    told = tell(LEASE, edk2.rrq("x.efi"), again, edk2.rrq("x.efi"))
    assert owners(told) == [(edk2.mac, True), (edk2.mac, True)]


def test_http_has_an_owner_too() -> None:
    told = tell(LEASE, edk2.fetch("x.efi"), ipxe.afresh(at=7), dnsmasq.offer(), ipxe.request(), dnsmasq.ack())
    told = Told([*told.wires, *tell(unseen(LEASE), ipxe.http_get("/kernel", at=20, agent="iPXE/1.0")).wires])
    assert [t.protocol for t in told.boot.stages[-1].transfers] == ["http"]
