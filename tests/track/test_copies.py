"""The same message seen twice (B-13, B-15), and what only looks like it."""

from __future__ import annotations

import pytest

from pxedebug.track.clients import LoggedMessage
from pxedebug.track.copies import original_of
from pxedebug.track.limits import Limits
from pxedebug.wire.batch import frame_number, frame_source
from tests.track.conversation import Told, changed, mirrored, tell, together, types
from tests.track.programs import dnsmasq, edk2, intel, ipxe, pxe6, relay, u_boot
from tests.track.scene import mac_of
from tests.track.servers import Relay

SECOND_RELAY = Relay("10.77.0.253", b"\x01\x04none")


def copies(told: Told) -> dict[int, int]:
    """Frame numbers of copies, each with the frame it repeats, in all files."""
    messages = [m for b in told.boots for s in b.stages for e in s.exchanges for m in e.messages]
    return {frame_number(m.packet.frame): frame_number(m.copy_of) for m in messages if m.copy_of is not None}


# Mirror ports


def test_a_mirror_shows_every_frame_twice() -> None:
    told = tell(
        mirrored(edk2.discover(at=0)), mirrored(dnsmasq.offer(file="x")), mirrored(edk2.request(at=4)),
        mirrored(dnsmasq.ack()),
    )  # fmt: skip
    assert copies(told) == {2: 1, 4: 3, 6: 5, 8: 7}
    assert types(told.exchange.messages) == [
        "DISCOVER",
        "DISCOVER",
        "OFFER",
        "OFFER",
        "REQUEST",
        "REQUEST",
        "ACK",
        "ACK",
    ]
    assert len(told.exchange.offers) == 1


def test_a_third_sight_is_a_copy_of_the_first() -> None:
    told = tell(mirrored(mirrored(edk2.discover(at=0))))
    assert copies(told) == {2: 1, 3: 1, 4: 1}


def test_once_tagged_and_once_untagged() -> None:
    told = tell(mirrored(edk2.discover(at=0), vlans=(10,)))
    assert copies(told) == {2: 1}
    assert told.boot.client.vlans == (10,)


def test_seen_before_and_after_a_router() -> None:
    assert copies(tell(mirrored(edk2.discover(at=0), after=0.001, ttl=63, source_mac=mac_of("10.77.0.254")))) == {2: 1}


@pytest.mark.parametrize(("ident", "gap", "copied"), [
    (0, 90e-6, True), (0, 110e-6, False), (7, 0.049, True), (7, 0.051, False),
])  # fmt: skip
def test_one_packet_has_one_identification_on_one_port(ident: int, gap: float, copied: bool) -> None:
    """Without an IP identification only a very short time makes a copy; U-Boot's first packet has 0 [measured]."""
    told = tell(mirrored(edk2.discover(at=0), after=gap))
    for wire in told.wires:
        wire.ident = ident
    assert bool(copies(Told(told.wires))) is copied


def test_retransmissions_are_no_copies() -> None:
    """The same bytes, but packets of their own; iPXE's second REQUEST comes after 0.25 s."""
    told = tell(ipxe.discover(at=0), dnsmasq.offer(file="x"), *(ipxe.request(at=at) for at in (2, 2.02, 2.25)))
    assert copies(told) == {}


def test_u_boot_is_never_a_copy_of_itself() -> None:
    assert copies(tell(*(u_boot.discover(at=at) for at in (0, 0.25, 0.75)))) == {}


def test_another_clients_message_is_no_copy() -> None:
    fleet = [edk2.on(f"52:54:00:00:00:0{number}") for number in range(3)]
    assert copies(tell(*(machine.discover(at=0.00001 * n, xid=7) for n, machine in enumerate(fleet)))) == {}


# Relays


def test_a_relay_passes_on_in_both_directions() -> None:
    told = tell(
        intel.discover(at=0), relay.forward(dnsmasq), dnsmasq.offer(file="x", options=relay.echo), relay.back(),
        intel.request(at=4), relay.forward(dnsmasq), dnsmasq.ack(options=relay.echo), relay.back(),
    )  # fmt: skip
    assert copies(told) == {2: 1, 4: 3, 6: 5, 8: 7}
    assert len(told.exchange.offers) == 1
    assert str(told.boot.client.relay) == relay.ip


def test_a_relay_without_option_82_changes_nothing_on_the_way_back() -> None:
    plain = Relay(agent=b"")
    told = tell(intel.discover(at=0), plain.forward(dnsmasq), dnsmasq.offer(file="x"), plain.back())
    assert copies(told)[4] == 3


def test_two_relays_pass_on_the_same_discover() -> None:
    told = tell(intel.discover(at=0), relay.forward(dnsmasq, of=0), SECOND_RELAY.forward(dnsmasq, of=0))
    assert copies(told) == {2: 1, 3: 1}


def test_two_relays_seen_at_the_server_only() -> None:
    told = tell(intel.discover(at=0), relay.forward(dnsmasq, of=0), SECOND_RELAY.forward(dnsmasq, of=0))
    del told.wires[0]
    assert copies(Told(told.wires)) == {2: 1}


def test_answers_to_two_relays_are_two_answers() -> None:
    told = tell(
        intel.discover(at=0), relay.forward(dnsmasq, of=0), dnsmasq.offer(file="x"),
        SECOND_RELAY.forward(dnsmasq, of=0), dnsmasq.offer(file="x"),
    )  # fmt: skip
    assert copies(told) == {2: 1, 4: 1}
    assert len(told.exchange.offers) == 2


def test_a_retransmission_through_a_relay_is_a_copy_of_the_retransmission() -> None:
    told = tell(
        intel.discover(at=0), relay.forward(dnsmasq, at=0.001), intel.discover(at=4), relay.forward(dnsmasq, at=4.001)
    )
    assert copies(told) == {2: 1, 4: 3}


def test_relayed_retransmissions_at_the_server_are_no_copies() -> None:
    told = tell(ipxe.discover(at=0), relay.forward(dnsmasq), ipxe.discover(at=1), relay.forward(dnsmasq, at=1.001))
    del told.wires[2], told.wires[0]
    assert copies(Told(told.wires)) == {}


# Several files


def test_one_message_in_two_files() -> None:
    said = together(edk2.discover(at=0), dnsmasq.offer(file="x"), edk2.request(at=4), dnsmasq.ack())
    told = tell(mirrored(said, after=0.3, file=1))
    told.wires.sort(key=lambda wire: wire.at)
    told = Told(told.wires)
    assert copies(told) == {1: 1, 2: 2, 3: 3, 4: 4}
    later = [m for m in told.exchange.messages if m.copy_of is not None]
    assert {frame_source(m.packet.frame) for m in later} == {1}
    assert {frame_source(m.copy_of or 0) for m in later} == {0}


def test_a_retransmission_that_only_the_other_file_holds_is_no_copy() -> None:
    told = tell(ipxe.discover(at=0), dnsmasq.offer(file="x"), ipxe.request(at=3), changed(ipxe.request(at=3.3), file=1))
    assert copies(told) == {}


def test_files_whose_clocks_differ_by_more_than_a_second_are_not_compared() -> None:
    assert copies(tell(mirrored(edk2.discover(at=0), after=1.1, file=1))) == {}


# DHCPv6


def test_dhcpv6_through_a_mirror() -> None:
    assert copies(tell(mirrored(pxe6.solicit(at=0)))) == {2: 1}


def test_a_dhcpv6_solicit_and_what_its_relay_made_of_it() -> None:
    told = tell(pxe6.solicit(at=0), pxe6.relayed(at=0.001))
    assert types(told.exchange.messages) == ["SOLICIT", "SOLICIT"]
    assert copies(told) == {2: 1}
    assert str(told.boot.client.relay) == "fd77::fe"


# The verdict


def test_copies_change_no_verdict() -> None:
    sends = [edk2.discover(at=at) for at in (0, 3.9, 11.9)]
    plain, doubled = tell(*sends), tell(*(mirrored(send) for send in sends))
    assert plain.outcome == doubled.outcome == "stalled"
    assert len(doubled.boots) == 1
    assert plain.boot.durations.dhcp == pytest.approx(doubled.boot.durations.dhcp, abs=100_000)


def test_the_original_is_looked_for_among_the_latest_messages_only() -> None:
    told = tell(edk2.discover(at=0), *(edk2.discover(secs=number) for number in range(1, 20)))
    packets = [message.packet for message in told.exchange.messages]
    earlier = [LoggedMessage(packet, None, "DISCOVER", 1, None, True, 67) for packet in packets]
    again = packets[0]._replace(frame=99)
    assert original_of(again, "DISCOVER", 1, earlier, look_back=20) == packets[0].frame
    assert original_of(again, "DISCOVER", 1, earlier, look_back=19) is None
    assert original_of(again, "DISCOVER", 1, earlier) is None
    assert original_of(again, "DISCOVER", 1, earlier[: Limits().copies_look_back]) == packets[0].frame
