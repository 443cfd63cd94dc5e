"""Two boots side by side: what differs is told, what always differs is not."""

from __future__ import annotations

from pxedebug.query import compare_boots, likely_pair
from tests.track.conversation import tell, together
from tests.track.machines import Machine
from tests.track.programs import dnsmasq, edk2, intel, pxelinux
from tests.track.scene import Step
from tests.track.servers import Server

OTHER_NETWORK = Server(ip="192.168.7.1", gives="192.168.7.50", siaddr="192.168.7.1")


def loaded(machine: Machine, server: Server, file: str = "boot.efi", at: float = 0) -> Step:
    begun = together(machine.discover(at=at), server.offer(file=file), machine.request(at=at + 3.9), server.ack())
    return together(begun, machine.fetch(file, server=server.ip))


GOOD = tell(loaded(edk2, dnsmasq))


def test_the_same_boot_elsewhere_and_at_another_time_differs_in_nothing() -> None:
    again = tell(loaded(edk2.on("52:54:00:77:00:99"), OTHER_NETWORK, at=5))
    assert compare_boots(GOOD.boot, again.boot).differences == ()


def test_retransmissions_are_no_difference() -> None:
    told = tell(edk2.discover(at=0), edk2.discover(at=4), dnsmasq.offer(file="boot.efi"), edk2.request(at=7.9),
                dnsmasq.ack(), edk2.fetch("boot.efi"))  # fmt: skip
    assert compare_boots(GOOD.boot, told.boot).differences == ()


def test_the_first_difference_is_where_they_part() -> None:
    bad = tell(
        edk2.discover(at=0), dnsmasq.offer(file="other.efi"), edk2.request(at=3.9), dnsmasq.ack(),
        edk2.missing("other.efi"),
    )  # fmt: skip
    comparison = compare_boots(GOOD.boot, bad.boot)
    first = comparison.differences[0]
    assert (first.step, first.field) == ("OFFER from the DHCP server", "option 67 Boot file name")
    assert (first.left, first.right) == ("boot.efi", "other.efi")
    assert (first.left_frame, first.right_frame) == (2, 2)
    assert comparison.same == 1
    assert ("result", "size-probe", "refused") in [(d.field, d.left, d.right) for d in comparison.differences]


def test_another_boot_server_is_a_difference_by_the_part_it_plays() -> None:
    elsewhere = Server(siaddr="10.77.0.9")
    told = tell(
        edk2.discover(at=0), elsewhere.offer(file="boot.efi"), edk2.request(at=3.9), elsewhere.ack(),
        edk2.fetch("boot.efi", server="10.77.0.9"),
    )  # fmt: skip
    differences = {(d.field, d.left, d.right) for d in compare_boots(GOOD.boot, told.boot).differences}
    assert ("next server (siaddr)", "the DHCP server", "the boot server") in differences
    assert ("server", "the DHCP server", "the boot server") in differences


def test_a_step_that_one_side_lacks_is_told_whole() -> None:
    told = tell(edk2.discover(at=0), dnsmasq.offer(file="boot.efi"), edk2.request(at=3.9), dnsmasq.ack())
    missing = [d for d in compare_boots(GOOD.boot, told.boot).differences if not d.field]
    assert [(d.step, d.right) for d in missing] == [
        ("TFTP READ 1 of firmware".replace("READ", "read"), None), ("TFTP read 2 of firmware", None),
    ]  # fmt: skip


def test_names_that_hold_the_machine_are_compared_without_it() -> None:
    def configured(mac: str, name: str) -> Step:
        machine = intel.on(mac)
        begun = loaded(machine, dnsmasq, "pxelinux.0")
        return together(begun, pxelinux.on(mac).missing(f"pxelinux.cfg/01-{name}"))

    one = tell(configured("52:54:00:00:00:01", "52-54-00-00-00-01"))
    other = tell(configured("52:54:00:00:00:02", "52-54-00-00-00-02"))
    assert compare_boots(one.boot, other.boot).differences == ()


def test_the_best_boot_is_held_against_the_worst() -> None:
    failed = tell(
        edk2.discover(at=0), dnsmasq.offer(file="x.efi"), edk2.request(at=3.9), dnsmasq.ack(), edk2.missing("x.efi")
    ).boot
    assert likely_pair([failed, GOOD.boot], [failed, GOOD.boot]) == (GOOD.boot, failed)
    assert likely_pair([], [failed]) is None
