"""A machine that somebody waits for, and that is never heard."""

from __future__ import annotations

from dataclasses import replace

from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rules.link.no_client_traffic import RULE, absent
from tests.diagnose.link_scenes import neighbour
from tests.diagnose.verdict import diagnose
from tests.track.conversation import Told, tell, together
from tests.track.programs import dnsmasq, edk2, relay

WANTED = edk2.on("52:54:00:aa:bb:cc")
BOOT = together(edk2.discover(at=0), dnsmasq.offer(file="x"), edk2.request(at=3.9), dnsmasq.ack(), edk2.fetch("x"))


def why(told: Told, mac: bytes = WANTED.mac) -> str | None:
    return absent(told.story, mac, Network(told.story, told.boots))


def test_a_machine_of_which_there_is_no_frame() -> None:
    told = tell(BOOT, neighbour(100))
    assert why(told) == (
        f"no frame of 52:54:00:aa:bb:cc was seen in 100 s of capture, which holds {len(told.wires)} frames of others"
    )


def test_a_machine_that_speaks_and_never_asks_for_an_address() -> None:
    said = WANTED.arp("10.77.0.1", at=50, sender="10.77.0.9")
    assert why(tell(BOOT, said, neighbour(100))) == (
        "52:54:00:aa:bb:cc was heard, last after 50 s, but in 100 s of capture it never asked for an address"
    )


def test_machines_that_boot_are_not_absent() -> None:
    assert why(tell(BOOT, neighbour(100)), edk2.mac) is None
    assert RULE.id not in diagnose(tell(BOOT, neighbour(100))).all_ids


def test_a_short_capture_tells_nothing() -> None:
    assert why(tell(BOOT, neighbour(59))) is None
    assert why(tell()) is None


def test_a_machine_behind_a_relay_is_known_by_its_messages() -> None:
    told = tell(BOOT, WANTED.discover(at=50), relay.forward(dnsmasq), neighbour(100))
    upstream = [wire for wire in told.wires if wire.source_mac != WANTED.mac]
    assert why(replace(told, wires=upstream)) is None


def test_behind_a_relay_no_machine_shows_its_own_frames() -> None:
    told = tell(edk2.discover(at=0), relay.forward(dnsmasq), dnsmasq.offer(file="x"), neighbour(100))
    upstream = [wire for wire in told.wires if wire.source_mac != edk2.mac]
    assert why(replace(told, wires=upstream)) is None
