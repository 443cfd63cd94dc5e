"""Neighbour evidence: who asked for which address and who answered, ICMP and what it quotes, within limits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from pxedebug.track import Limits
from pxedebug.track.neighbours import NeighbourLog
from pxedebug.wire.frames import decode_batch, endpoint_key
from pxedebug.wire.neighbours import Arp
from pxedebug.wire.packet import address
from tests.track.conversation import arp_reply, batches, nanoseconds, port_unreachable, tell, together, unseen
from tests.track.programs import dnsmasq, edk2
from tests.track.scene import Scene, Step, Wire, mac_of

SERVER = "10.77.0.1"
LEASE = unseen(edk2.discover(at=0), dnsmasq.offer(file="x"), edk2.request(), dnsmasq.ack())
STRANGER = edk2.on("52:54:00:00:00:01")


class Heard:
    """A log fed with the frames of some steps, and what it told of unreachable packets."""

    def __init__(self, steps: Iterable[Step], limits: Limits | None = None) -> None:
        scene = Scene()
        for step in (LEASE, *steps):
            step(scene)
        self.unreachable: list[tuple[int, int, int]] = []
        self.log = NeighbourLog(limits or Limits(), lambda key, protocol, frame, _: self._note(key, protocol, frame))
        for batch in batches(scene.wires):
            self.log.feed(decode_batch(batch))

    def _note(self, key: int, protocol: int, frame: int) -> None:
        self.unreachable.append((key, protocol, frame))

    def unanswered(self, since: float = 0) -> tuple[str, int] | None:
        found = self.log.asked_without_answer(edk2.mac, nanoseconds(since))
        return found and (str(found[0]), len(found[1]))


def test_an_address_asked_for_in_vain() -> None:
    assert Heard([edk2.arp("10.77.0.9", at=1), edk2.arp("10.77.0.9", at=2)]).unanswered() == ("10.77.0.9", 2)


def test_an_answer_settles_what_was_asked_before_it() -> None:
    asked = [edk2.arp(SERVER, at=1), edk2.arp(SERVER, at=2), arp_reply(SERVER, edk2)]
    assert Heard(asked).unanswered() is None
    assert Heard([*asked, edk2.arp(SERVER, at=30)]).unanswered(since=20) == (SERVER, 1)


def test_the_address_asked_for_most_often_counts() -> None:
    heard = Heard([edk2.arp("10.77.0.8"), edk2.arp("10.77.0.9"), edk2.arp("10.77.0.9"), edk2.arp("10.77.0.7")])
    assert heard.unanswered() == ("10.77.0.9", 2)


def test_what_others_ask_for_does_not_count() -> None:
    heard = Heard([STRANGER.arp("10.77.0.9", sender="10.77.0.8")] * 5)
    assert heard.unanswered() is None
    assert heard.log.asked_without_answer(STRANGER.mac, 0) is not None


def test_requests_before_the_time_asked_about_do_not_count() -> None:
    assert Heard([edk2.arp("10.77.0.9", at=1), edk2.arp("10.77.0.9", at=5)]).unanswered(since=3) == ("10.77.0.9", 1)


def test_checks_for_address_conflicts_hope_for_no_answer() -> None:
    """B-19: gratuitous ARP names its own address twice, an ARP probe has no sender address (RFC 5227 section 1.1)."""
    probe = edk2.on("52:54:00:00:00:02")  # without a lease: its address is 0.0.0.0
    heard = Heard([edk2.arp("10.77.0.130"), probe.arp("10.77.0.131"), probe.arp("10.77.0.131")])
    assert heard.unanswered() is None
    assert heard.log.asked_without_answer(probe.mac, 0) is None


def test_an_answer_beyond_the_cap_is_still_an_answer() -> None:
    """A router that announces itself all day fills the list of answers kept."""
    limits = Limits(neighbour_events=2)
    before = [arp_reply(SERVER, STRANGER) for _ in range(5)]
    assert Heard([*before, edk2.arp(SERVER), arp_reply(SERVER, edk2)], limits).unanswered() is None
    assert Heard([*before, edk2.arp(SERVER)], limits).unanswered() == (SERVER, 1)


def test_icmp_names_the_endpoint_whose_packet_it_quotes() -> None:
    heard = Heard([edk2.rrq("x"), port_unreachable()])
    (event,) = heard.log.icmp
    assert event.frame == 2
    assert heard.unreachable == [(endpoint_key(address(bytes((10, 77, 0, 130))).packed, 1025), 17, 2)]


def test_link_frames_are_kept_by_kind() -> None:
    bpdu = bytes(3) + b"\x00\x00\x00\x00" + bytes(31)

    def stp(scene: Scene) -> None:
        body = b"\x42\x42\x03" + bpdu
        scene.say(Wire(1, mac_of(SERVER), bytes.fromhex("0180c2000000"), "", "", 0, 0, b"", ether=b"\0\x26" + body))

    heard = Heard([stp, stp])
    assert [len(events) for events in heard.log.events.values()] == [2]


def test_announcements_of_an_address_are_kept_apart() -> None:
    probe = edk2.on("52:54:00:00:00:02")
    heard = Heard([edk2.arp("10.77.0.130"), edk2.arp(SERVER), probe.arp("10.77.0.131"), probe.arp("0.0.0.0")])
    assert [seen.frame for seen in heard.log.events[Arp]] == [1]


# Limits


def test_events_of_an_address_are_capped_and_counted() -> None:
    heard = Heard([edk2.arp("10.77.0.9")] * 10, Limits(neighbour_events=4))
    (resolution,) = heard.log.resolutions.values()
    assert (len(resolution.asked), resolution.more) == (4, 6)


def test_addresses_are_capped_and_the_oldest_goes() -> None:
    asked = [edk2.arp(f"10.78.{number >> 8}.{number & 255}") for number in range(300)]
    heard = Heard(asked, Limits(neighbours=10))
    assert len(heard.log.resolutions) == 10
    assert heard.log.more == 290
    assert heard.unanswered() is not None


def test_a_flood_of_askers_leaves_nothing_behind() -> None:
    flood = [
        edk2.on(f"02:00:00:00:01:{number:02x}").arp(f"10.78.0.{number}", sender=f"10.79.0.{number}")
        for number in range(200)
    ]
    heard = Heard(flood, Limits(neighbours=10))
    assert (len(heard.log.resolutions), len(heard.log._asked_by)) == (10, 10)
    many = [edk2.on(f"02:00:00:00:01:{number:02x}").arp("10.78.0.1", sender="10.79.0.1") for number in range(200)]
    assert len(Heard(many, Limits(neighbours=10, neighbour_events=4)).log._asked_by) == 4


def test_icmp_errors_are_capped() -> None:
    heard = Heard([together(edk2.rrq("x"), port_unreachable())] * 5, Limits(neighbours=2))
    assert (len(heard.log.icmp), heard.log.more) == (2, 3)
    assert len(heard.unreachable) == 5, "what they say of a transfer still counts"


@given(st.binary(max_size=80), st.sampled_from([b"\x08\x06", b"\x86\xdd", b"\x08\x00", b"\x88\xcc", b"\x00\x26"]))
def test_any_bytes_leave_the_log_whole(payload: bytes, kind: bytes) -> None:
    def noise(scene: Scene) -> None:
        scene.say(Wire(1, edk2.mac, b"\x01\x80\xc2\0\0\0", "", "", 0, 0, b"", ether=kind + payload))

    heard = Heard([noise, edk2.arp("10.77.0.9")])
    assert heard.unanswered() == ("10.77.0.9", 1)


def test_the_story_is_the_same_with_a_tag_around_the_frame() -> None:
    asked = [edk2.arp("10.77.0.9", at=5 + number) for number in range(6)]
    told = tell(edk2.discover(at=0), dnsmasq.offer(file="x.efi"), edk2.request(at=4), dnsmasq.ack(), *asked)
    assert told.outcome == "failed"
    tagged = [replace(wire, vlans=(7,)) for wire in told.wires]
    assert replace(told, wires=tagged).outcome == "failed"
