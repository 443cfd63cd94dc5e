"""Two boots side by side: what differs is told, what always differs is not."""

from __future__ import annotations

from pxedebug.diagnose.judgement import JudgedBoot
from pxedebug.query import Comparison, compare_boots, likely_pair
from pxedebug.query.steps import steps_of
from pxedebug.report.masking import mask
from tests.diagnose.verdict import judgement
from tests.track.conversation import Told, tell, together
from tests.track.machines import Machine, tftp_reply
from tests.track.programs import dnsmasq, edk2, edk2_http, intel, ipxe, pxelinux
from tests.track.scene import Step
from tests.track.servers import Server

OTHER_NETWORK = Server(ip="192.168.7.1", gives="192.168.7.50", siaddr="192.168.7.1")


def only(told: Told) -> JudgedBoot:
    """The only boot, judged."""
    (judged,) = judgement(told).boots()
    return judged


def compare(left: Told, right: Told) -> Comparison:
    return compare_boots(only(left), only(right))


def loaded(machine: Machine, server: Server, file: str = "boot.efi", at: float = 0) -> Step:
    begun = together(machine.discover(at=at), server.offer(file=file), machine.request(at=at + 3.9), server.ack())
    return together(begun, machine.fetch(file, server=server.ip))


GOOD = tell(loaded(edk2, dnsmasq))


def test_the_same_boot_elsewhere_and_at_another_time_differs_in_nothing() -> None:
    again = tell(loaded(edk2.on("52:54:00:77:00:99"), OTHER_NETWORK, at=5))
    assert compare(GOOD, again).differences == ()


def test_retransmissions_are_no_difference() -> None:
    told = tell(edk2.discover(at=0), edk2.discover(at=4), dnsmasq.offer(file="boot.efi"), edk2.request(at=7.9),
                dnsmasq.ack(), edk2.fetch("boot.efi"))  # fmt: skip
    assert compare(GOOD, told).differences == ()


def test_the_first_difference_is_where_they_part() -> None:
    bad = tell(
        edk2.discover(at=0), dnsmasq.offer(file="other.efi"), edk2.request(at=3.9), dnsmasq.ack(),
        edk2.missing("other.efi"),
    )  # fmt: skip
    comparison = compare(GOOD, bad)
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
    differences = {(d.field, d.left, d.right) for d in compare(GOOD, told).differences}
    assert ("next server (siaddr)", "the DHCP server", "the boot server") in differences
    assert ("server", "the DHCP server", "the boot server") in differences


def test_a_step_that_one_side_lacks_is_told_whole() -> None:
    told = tell(edk2.discover(at=0), dnsmasq.offer(file="boot.efi"), edk2.request(at=3.9), dnsmasq.ack())
    missing = [d for d in compare(GOOD, told).differences if not d.field]
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
    assert compare(one, other).differences == ()


def test_the_best_boot_is_held_against_the_worst() -> None:
    failed = only(
        tell(
            edk2.discover(at=0), dnsmasq.offer(file="x.efi"), edk2.request(at=3.9), dnsmasq.ack(), edk2.missing("x.efi")
        )
    )
    good = only(GOOD)
    assert likely_pair([failed, good], [failed, good]) == (good, failed)
    assert likely_pair([], [failed]) is None


def test_answers_to_retransmissions_are_no_difference() -> None:
    offered = dnsmasq.offer(file="boot.efi")
    told = tell(edk2.discover(at=0), offered, edk2.discover(at=4), offered, edk2.request(at=7.9), dnsmasq.ack(),
                edk2.request(at=8.5), dnsmasq.ack(), edk2.fetch("boot.efi"))  # fmt: skip
    assert compare(GOOD, told).differences == ()


def test_a_new_run_after_a_nak_is_told_again() -> None:
    told = tell(edk2.discover(at=0), dnsmasq.offer(file="x.efi"), edk2.request(at=4), dnsmasq.nak(),
                edk2.discover(at=5), dnsmasq.offer(file="x.efi"))  # fmt: skip
    assert [step.label for step in steps_of(told.boot)] == [
        "firmware DISCOVER", "OFFER from the DHCP server", "firmware REQUEST", "NAK from the DHCP server",
        "firmware DISCOVER", "OFFER from the DHCP server",
    ]  # fmt: skip


def test_methods_are_named_where_a_boot_has_several() -> None:
    both = tell(
        edk2.discover(at=0), dnsmasq.offer(file="boot.efi"), edk2.request(at=3.9), dnsmasq.ack(),
        edk2.missing("boot.efi"), edk2_http.afresh(at=6),
    )  # fmt: skip
    once = tell(
        edk2.discover(at=0), dnsmasq.offer(file="boot.efi"), edk2.request(at=3.9), dnsmasq.ack(),
        edk2.missing("boot.efi"),
    )  # fmt: skip
    (difference,) = compare(once, both).differences
    assert difference.step == "firmware DISCOVER (http-v4)"
    assert steps_of(once.boot)[0].label == "firmware DISCOVER"


def test_no_text_holds_addresses_of_hosts_or_names_of_the_machine() -> None:
    """URLs, the header's server name, options 17 and 66, lists of addresses, error texts."""

    def failing(mac: str, net: str, at: float) -> Told:
        machine, own = ipxe.on(mac), f"{net}.50"
        server = Server(ip=f"{net}.1", gives=own, siaddr=f"{net}.1")
        url = f"http://{net}.1/boot/{mac.replace(':', '-')}.ipxe?ip={own}"
        options = [
            (66, f"{net}.1".encode()),
            (17, f"nfs:{net}.1:/srv/{mac}".encode()),
            (3, bytes(map(int, f"{net}.254".split(".")))),
            (6, bytes(map(int, f"{net}.1.8.8.8.8".split(".")))),
        ]
        error = b"\0\5\0\1no file for " + own.encode() + b" (" + mac.upper().encode() + b")\0"
        return tell(
            machine.discover(at=at), server.offer(file=url, options=options), machine.request(at=at + 1),
            server.ack(options=options), machine.rrq("x.efi", server=f"{net}.1"), tftp_reply(error, f"{net}.1"),
        )  # fmt: skip

    one, other = failing("52:54:00:77:00:20", "10.77.0", 0), failing("52:54:00:ab:cd:ef", "192.168.7", 3)
    assert compare(one, other).differences == ()
    facts = steps_of(one.boot)[1].facts
    assert facts["option 67 Boot file name"] == "http://<DHCP-server>/boot/<mac>.ipxe?ip=<client>"
    assert facts["option 66 TFTP server name"] == "the DHCP server"
    assert facts["option 3 Router"] == "another host"
    assert steps_of(one.boot)[-1].facts["error"] == "1 no file for <client> (<mac>)"


def test_a_password_before_a_host_is_still_found_by_who_masks_it() -> None:
    server = Server(ip="10.77.0.1", gives="10.77.0.50")
    told = tell(ipxe.discover(at=0), server.offer(file="http://root:hunter2-10.77.0.1@10.77.0.1/x"))
    file = steps_of(told.boot)[1].facts["option 67 Boot file name"]
    assert file == "http://root:hunter2-<DHCP-server>@<DHCP-server>/x"
    assert mask(file.encode()) == b"http://***@<DHCP-server>/x"
