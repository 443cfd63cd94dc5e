"""What rules are given: a case with its turns, and what the rest of the capture says."""

from __future__ import annotations

from ipaddress import ip_address

from pxedebug.diagnose.case import Case
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import Reach
from tests.track.conversation import Told, arp_reply, nanoseconds, tell, together
from tests.track.machines import Machine
from tests.track.programs import dnsmasq, edk2, intel, pxelinux
from tests.track.scene import Step

SERVER = ip_address("10.77.0.1")
OTHER = intel.on("52:54:00:77:00:10")


def leased(machine: Machine, at: float, gives: str = "10.77.0.130") -> Step:
    offered = together(machine.discover(at=at), dnsmasq.offer(file="a.efi", gives=gives))
    return together(offered, machine.request(at=at + 3.9), dnsmasq.ack())


TOLD = tell(leased(edk2, 0), edk2.fetch("a.efi"), leased(OTHER, 20, "10.77.0.140"), OTHER.missing("b.0"))


def network(told: Told) -> Network:
    return Network(told.story, told.boots)


def test_clients_are_indexed_by_what_servers_did_for_them() -> None:
    found = network(TOLD)
    assert [record.client.mac for record in found.clients] == [edk2.mac, OTHER.mac]
    assert [(grant.type, str(grant.address)) for _, grant in found.by_server[SERVER]] == [
        ("OFFER", "10.77.0.130"), ("ACK", "10.77.0.130"), ("OFFER", "10.77.0.140"), ("ACK", "10.77.0.140"),
    ]  # fmt: skip
    assert [fetched.file for _, fetched in found.files_by_server[SERVER]] == [b"a.efi", b"a.efi", b"b.0"]
    assert found.delivered[SERVER].keys() == {b"a.efi"}


def test_what_was_given_in_a_span_of_time() -> None:
    found = network(TOLD)
    given = found.granted(nanoseconds(0), nanoseconds(10))
    assert [grant.type for _, grant in given] == ["OFFER", "ACK"]


def test_a_renewal_is_no_new_lease() -> None:
    told = tell(edk2.renew(dnsmasq, at=0), dnsmasq.ack(gives="10.77.0.50"))
    ((_, grant),) = network(told).by_server[SERVER]
    assert grant.renewal
    assert [grant.renewal for _, grant in network(TOLD).by_server[SERVER]] == [False] * 4


def test_who_asked_for_an_address_and_who_answered() -> None:
    told = tell(leased(edk2, 0), edk2.arp("10.77.0.1", at=5), arp_reply("10.77.0.1", edk2, at=5.1))
    found = network(told)
    assert len(found.asked(SERVER)) == len(found.answered(SERVER)) == 1
    assert found.asked(SERVER, since=nanoseconds(6)) == ()
    assert not found.no_claims
    assert network(TOLD).no_claims


def test_turns_hold_messages_by_type_without_copies() -> None:
    boot = TOLD.boots[0]
    case = Case(boot, 1, 0)
    turn = case.last
    assert [len(turn.discovers), len(turn.requests), len(turn.acks), len(turn.offers)] == [1, 1, 1, 1]
    assert turn.chosen is turn.offers[0]
    assert turn.ack is turn.acks[0]
    assert case.reach is Reach.LOADED


def test_how_far_attempts_came() -> None:
    asking = tell(edk2.discover(at=0))
    searching = tell(leased(intel, 0), intel.fetch("pxelinux.0"), pxelinux.missing("pxelinux.cfg/default"))
    reached = [
        Case(told.boots[0], 1, 0).reach
        for told in (asking, tell(leased(edk2, 0)), tell(leased(edk2, 0), edk2.missing("a.efi")), searching)
    ]
    assert reached == [Reach.ASKING, Reach.ADDRESSED, Reach.FETCHING, Reach.FETCHING]
