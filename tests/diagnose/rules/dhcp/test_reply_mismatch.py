"""Replies come, but the client cannot take them for its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.diagnose.dhcp_scenes import EDK2_TRIES, U_BOOT_TRIES
from tests.diagnose.verdict import diagnose, verdicts
from tests.track.conversation import changed, tell, together
from tests.track.machines import Machine
from tests.track.programs import dnsmasq, edk2, ipxe_rom, u_boot
from tests.track.scene import Scene, Step

ID = "reply-mismatch"


def altered(said: Step, at: int, value: bytes) -> Step:
    """The frames of `said` with other bytes in the DHCP message."""

    def step(scene: Scene) -> None:
        before = len(scene.wires)
        said(scene)
        for index in range(before, len(scene.wires)):
            payload = scene.wires[index].payload
            scene.wires[index] = replace(scene.wires[index], payload=payload[:at] + value + payload[at + len(value) :])

    return step


def rounds(machine: Machine, answer: Callable[[], Step], times: tuple[float, ...] = EDK2_TRIES) -> Step:
    return together(*(step for time in times for step in (machine.discover(at=time), answer())))


def offer() -> Step:
    return dnsmasq.offer(file="x.efi")


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda: dnsmasq.offer(file="x.efi", xid=0x99), "has the transaction id 0x00000099"),
        (lambda: altered(offer(), 28, bytes.fromhex("020304050607")), "is for the hardware address 02:03:04:05:06:07"),
        (lambda: altered(offer(), 2, b"\0"), "says hardware type 1 and address length 0"),
        (lambda: altered(offer(), 1, b"\6"), "says hardware type 6 and address length 6"),
        (lambda: altered(offer(), 0, b"\1"), "says op 1"),
        (lambda: altered(offer(), 236, b"CMU\0"), "has the magic cookie 434d5500"),
        (lambda: changed(offer(), source_port=40123), "comes from port 40123"),
    ],
    ids=["xid", "chaddr", "hlen", "htype", "op", "cookie", "port"],
)
def test_a_reply_that_the_client_drops(answer: Callable[[], Step], words: str) -> None:
    verdict = diagnose(tell(rounds(edk2, answer), until=90))
    assert verdict.outcome in ("failed", "stalled")
    assert verdict.primary == ID
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("error", "certain")
    assert verdict.finding(ID).says.startswith("the reply of 10.77.0.1 ")
    assert words in verdict.finding(ID).says
    assert verdict.frames(ID) == [2, 4, 6, 8, 1, 3, 5, 7]
    assert "no-dhcp-offer" not in verdict.ids


def test_u_boot_takes_an_answer_to_any_of_its_discovers() -> None:
    late = (u_boot.discover(at=0, xid=1), u_boot.discover(at=0.25, xid=2), u_boot.discover(at=0.75, xid=3))
    told = tell(*late, dnsmasq.offer(file="x.img", xid=1), u_boot.request(at=1, xid=1), dnsmasq.ack(), until=3)
    assert ID not in diagnose(told).all_ids


def test_u_boot_and_wrong_answers() -> None:
    verdict = diagnose(tell(rounds(u_boot, lambda: dnsmasq.offer(file="x.img", xid=0x99), U_BOOT_TRIES), until=40))
    assert verdict.primary == ID


def test_a_stray_reply_beside_good_ones() -> None:
    told = tell(
        ipxe_rom.discover(at=0), dnsmasq.offer(xid=0x99), dnsmasq.offer(file="x.0"), ipxe_rom.discover(at=1),
        ipxe_rom.request(at=3), dnsmasq.ack(), ipxe_rom.missing("x.0", at=16),
    )  # fmt: skip
    assert ID not in diagnose(told).all_ids


def test_the_ack_does_not_fit() -> None:
    wrong = [
        step for at in (3.9, 7.9, 15.9, 31.9) for step in (edk2.request(at=at), altered(dnsmasq.ack(), 4, b"\1\1\1\1"))
    ]  # fmt: skip
    verdict = diagnose(tell(edk2.discover(at=0), offer(), *wrong, until=100))
    assert (verdict.outcome, verdict.primary) == ("failed", ID)


def test_a_reply_to_somebody_else_is_nobodys_business() -> None:
    other = edk2.on("52:54:00:77:00:99")
    told = tell(edk2.discover(at=0), other.discover(at=0.1), dnsmasq.offer(to=other, file="x.efi"),
                edk2.discover(at=3.9), edk2.discover(at=11.9), edk2.discover(at=27.9))  # fmt: skip
    assert all(ID not in verdict.all_ids for verdict in verdicts(told))
