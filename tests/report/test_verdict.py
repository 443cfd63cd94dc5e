"""The first sentence that a tired person reads."""

from __future__ import annotations

from pxedebug.diagnose import judge
from pxedebug.diagnose.rule import Step
from pxedebug.report.context import Context
from pxedebug.report.verdict import STEP_WORDS, clause, verdict
from tests.track.conversation import Told, changed, tell, unseen
from tests.track.programs import dnsmasq, edk2, grub, linux
from tests.track.scene import mac_of

BEGUN = edk2.discover(at=0), dnsmasq.offer(file="grubx64.efi"), edk2.request(at=4), dnsmasq.ack()


def of(told: Told) -> str:
    story = told.story
    (judged,) = judge(story).boots()
    return verdict(judged, Context.of(story))


def test_a_failed_boot_says_where_why_and_in_which_frame() -> None:
    assert of(tell(*BEGUN, edk2.missing("grubx64.efi"))) == (
        "52:54:00:77:00:20 failed in TFTP: the server 10.77.0.1 has no file `grubx64.efi` (frame 6)"
    )


def test_a_boot_that_worked_says_what_was_delivered() -> None:
    told = tell(*BEGUN, edk2.fetch("grubx64.efi"), grub.fetch("/vmlinuz"), grub.fetch("/initrd.img"))
    assert of(told) == "52:54:00:77:00:20 booted: /vmlinuz and /initrd.img delivered"


def test_a_boot_that_goes_on_says_so() -> None:
    assert of(tell(*BEGUN)).startswith("52:54:00:77:00:20 was still booting: the capture ends; so far ")


def test_a_client_behind_a_router_is_named_by_its_address() -> None:
    said = of(tell(unseen(*BEGUN), changed(edk2.missing("grubx64.efi"), source_mac=mac_of("10.77.0.254"), ttl=63)))
    assert said.startswith("The client at 10.77.0.130 failed in TFTP: ")


def test_secrets_stay_hidden_in_the_clause() -> None:
    story = tell(
        edk2.discover(at=0), dnsmasq.offer(file="tftp://u:hunter2@x/a.efi"), edk2.request(at=4), dnsmasq.ack(),
        edk2.missing("tftp://u:hunter2@x/a.efi"),
    ).story  # fmt: skip
    (judged,) = judge(story).boots()
    assert "hunter2" not in clause(judged, Context.of(story))


def test_every_step_has_words() -> None:
    assert STEP_WORDS.keys() == {str(step) for step in Step}


def test_a_failed_boot_says_that_the_system_on_the_disk_spoke_after_it() -> None:
    told = tell(
        *BEGUN, edk2.fetch("grubx64.efi"), grub.fetch("/grub/grub.cfg", content=b"linux /vmlinuz\n"),
        grub.missing("/vmlinuz"), linux.afresh(at=40), dnsmasq.offer(), linux.request(), dnsmasq.ack(), until=60,
    )  # fmt: skip
    assert of(told).startswith("52:54:00:77:00:20 failed in TFTP: the server 10.77.0.1 has no `/vmlinuz`")
    assert of(told).endswith("; then the system on its disk spoke (frame 20)")


def test_a_system_that_got_no_address_is_not_said_to_speak() -> None:
    system = grub.fetch("/vmlinuz"), grub.fetch("/initrd.img")
    asking = [linux.discover(at=20 + gap) for gap in (0, 4, 12)]
    told = tell(*BEGUN, edk2.fetch("grubx64.efi"), *system, *asking)
    assert of(told) == "52:54:00:77:00:20 booted: /vmlinuz and /initrd.img delivered; its system then got no address"
    told = tell(*BEGUN, edk2.fetch("grubx64.efi"), *system, linux.afresh(at=20), dnsmasq.offer(), linux.request())
    assert of(told) == "52:54:00:77:00:20 booted: its operating system spoke"
