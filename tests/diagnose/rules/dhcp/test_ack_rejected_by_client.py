"""The client declines the lease because it does not like the ACK."""

from __future__ import annotations

from pathlib import Path

from pxedebug.wire.dhcp import build_message
from tests.diagnose.verdict import diagnose, of_capture
from tests.track.conversation import tell, together
from tests.track.programs import MAC, dnsmasq, edk2
from tests.track.scene import BROADCAST, Scene, Step, Wire

ID = "ack-rejected-by-client"
DIFFERS = b"Lease confirmed isn't the same as that in the offer"
UNBOUND = b"Lease is denied upon entering bound"


def declines(text: bytes) -> Step:
    """EDK2's DECLINE of the offered address, with its words."""

    def step(scene: Scene) -> None:
        talk = scene.talk(edk2)
        parts = [(53, b"\4"), (50, bytes((10, 77, 0, 130))), (54, bytes((10, 77, 0, 1))), (56, text)]
        payload = build_message(parts if text else parts[:3], op=1, chaddr=MAC, xid=talk.xid)
        scene.say(Wire(scene.clock(None), MAC, BROADCAST, "0.0.0.0", "255.255.255.255", 68, 67, payload))

    return step


def begun(*, gives: str | None = None, mask: bool = True) -> Step:
    options = ((1, b"\xff\xff\xff\0"),) if mask else ()
    return together(
        edk2.discover(at=0), dnsmasq.offer(file="x.efi", options=options), edk2.request(at=3.9),
        dnsmasq.ack(gives=gives, options=options),
    )  # fmt: skip


def test_the_ack_gives_another_address_than_the_offer() -> None:
    verdict = diagnose(tell(begun(gives="10.77.0.131"), declines(DIFFERS), until=60))
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("fatal", "certain")
    assert verdict.frames(ID) == [5, 4, 2]
    said = verdict.finding(ID).says
    assert said.startswith(
        "the DHCP server 10.77.0.1 offered 10.77.0.130 and then confirmed 10.77.0.131, and the client"
    )


def test_the_ack_has_no_subnet_mask() -> None:
    verdict = diagnose(tell(begun(mask=False), declines(UNBOUND), until=60))
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
    assert "has no subnet mask (option 1)" in verdict.finding(ID).says
    assert "`Lease is denied upon entering bound`" in verdict.finding(ID).explanation


def test_another_address_without_words() -> None:
    verdict = diagnose(tell(begun(gives="10.77.0.131"), declines(b""), until=60))
    assert verdict.primary == ID


def test_uefi_declines_an_address_that_ends_in_0(public_captures: Path) -> None:
    name = "tianocore__user-attachments__tianocore__edk2__BZ-17-PXE_IP4_Diff_Subnet.pcapng"
    (verdict,) = of_capture(public_captures / name)
    assert (verdict.outcome, verdict.primary, verdict.frames(ID)) == ("failed", ID, [11, 10])
    assert "gives 192.168.2.0, which old UEFI takes for the address of a network" in verdict.finding(ID).says


def test_an_address_conflict_is_another_matter() -> None:
    verdict = diagnose(tell(begun(), edk2.decline(), until=60))
    assert ID not in verdict.all_ids


def test_the_second_try_is_accepted() -> None:
    again = (edk2.discover(at=14), dnsmasq.offer(file="x.efi"), edk2.request(at=18), dnsmasq.ack())
    verdict = diagnose(tell(begun(gives="10.77.0.131"), declines(DIFFERS), *again, edk2.missing("x.efi")))
    assert verdict.primary == "tftp-file-not-found"
    assert ID not in verdict.all_ids
