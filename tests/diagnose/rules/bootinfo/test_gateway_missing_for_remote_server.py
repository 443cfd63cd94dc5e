"""The boot server is in another subnet, and no router leads there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.diagnose.bootinfo_scenes import Leasing
from tests.diagnose.verdict import Verdict, diagnose, of_capture
from tests.track.conversation import arp_reply, tell, together
from tests.track.machines import Machine
from tests.track.programs import edk2, ipxe_rom
from tests.track.scene import Options, Step

ID = "gateway-missing-for-remote-server"
MASK = (1, bytes((255, 255, 255, 0)))
ROUTER = (3, bytes((10, 77, 0, 254)))
ELSEWHERE = (3, bytes((10, 88, 0, 1)))
remote = Leasing(siaddr="10.99.0.5", mask="")


def given(options: Options, server: Leasing = remote, client: Machine = ipxe_rom) -> Step:
    return together(
        client.discover(at=0), server.offer(file="pxelinux.0", options=options), client.request(at=2),
        server.ack(options=options),
    )  # fmt: skip


def judged(options: Options, until: float = 40, server: Leasing = remote) -> Verdict:
    return diagnose(tell(given(options, server), until=until))


def test_no_router_at_all() -> None:
    verdict = judged((MASK,))
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("fatal", "certain")
    says = "the boot server 10.99.0.5 is outside the client's subnet 10.77.0.0/24, and the ACK names no router"
    assert verdict.finding(ID).says == says
    assert verdict.frames(ID) == [4]


def test_a_router_that_is_outside_the_subnet_itself() -> None:
    verdict = judged((MASK, ELSEWHERE))
    assert (verdict.outcome, verdict.primary) == ("failed", "offer-wrong-subnet")
    assert verdict.finding(ID).caused_by == "offer-wrong-subnet"
    assert verdict.finding(ID).says.endswith("the ACK's router 10.88.0.1 is outside it, too")


def test_while_the_client_may_still_act_the_boot_is_not_failed() -> None:
    verdict = judged((MASK,), until=5)
    assert (verdict.outcome, verdict.severity(ID)) == ("in-progress", "warning")


def test_a_client_that_ignores_its_router_asks_for_the_server_itself() -> None:
    arps = [edk2.arp("10.99.0.5", at=3 + n) for n in range(5)]
    told = tell(given((MASK, ROUTER), client=edk2), *arps, until=30)
    verdict = diagnose(told)
    assert verdict.primary == ID
    assert verdict.frames(ID) == [5, 6, 7, 8, 9, 4]


@pytest.mark.parametrize(
    "options",
    [
        (MASK, ROUTER), (MASK, ELSEWHERE, ROUTER), (ROUTER,), ((1, bytes((255, 0, 0, 0))),), (), ((1, b"\xff"),),
        (MASK, (121, b"\x10\x0a\x63\x0a\x4d\x00\xfe")), ((1, bytes((255, 255, 255, 255))), ELSEWHERE),
    ],
    ids=["router", "two routers", "no mask", "wide mask", "nothing", "cut mask", "classless route", "host route"],
)  # fmt: skip
def test_nothing_wrong(options: Options) -> None:
    wide = replace(remote, siaddr="10.88.0.5") if options == ((1, bytes((255, 0, 0, 0))),) else remote
    assert ID not in judged(options, server=wide).all_ids


def test_a_router_that_answers_for_the_server() -> None:
    told = tell(
        given((MASK,)), ipxe_rom.arp("10.99.0.5"), arp_reply("10.99.0.5", ipxe_rom),
        ipxe_rom.missing("pxelinux.0", server="10.99.0.5"),
    )  # fmt: skip
    verdict = diagnose(told)
    assert verdict.primary == "tftp-file-not-found"
    assert verdict.severity(ID) == "warning"


def test_a_url_with_a_host_name_does_not_lead_to_next_server() -> None:
    named = together(
        ipxe_rom.discover(at=0), remote.offer(file="http://boot.example/x", options=(MASK,)), ipxe_rom.request(at=2),
        remote.ack(options=(MASK,)),
    )  # fmt: skip
    assert ID not in diagnose(tell(named, until=40)).all_ids


def test_a_recorded_boot(lab_captures: Path) -> None:
    capture = lab_captures / "fh3_bios_offsubnet_norouter.pcap"
    (verdict,) = of_capture(capture)
    assert (verdict.outcome, verdict.primary, verdict.frames(ID)) == ("failed", ID, [19])
