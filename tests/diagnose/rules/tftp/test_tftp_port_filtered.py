"""A router or firewall says no."""

from __future__ import annotations

import pytest

from pxedebug.diagnose import judge
from tests.diagnose.tftp_scenes import icmp, led
from tests.diagnose.verdict import diagnose
from tests.track.conversation import tell
from tests.track.network import CLIENT6, SERVER6, Endpoint, Wire, story_of
from tests.track.programs import edk2
from tests.wire import frame_builders as build

ID = "tftp-port-filtered"


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (13, "it forbids the request"), (10, "it forbids traffic to it"), (9, "it forbids traffic to its network"),
        (0, "it has no route to its network"), (1, "it cannot reach it"), (3, "it rejects it in the server's place"),
    ],
)  # fmt: skip
def test_a_router_refuses_the_request(code: int, words: str) -> None:
    verdict = diagnose(tell(led("x.efi"), edk2.rrq("x.efi", 4), icmp("10.77.0.254", 3, code)))
    assert (verdict.outcome, verdict.primary, verdict.all_ids) == ("failed", ID, [ID])
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("fatal", "certain")
    assert verdict.finding(ID).says == f"10.77.0.254 refuses the request to 10.77.0.1: {words}"
    assert verdict.frames(ID) == [6, 5]


def test_icmp_about_other_traffic_says_nothing() -> None:
    told = tell(
        led("x.efi"), edk2.rrq("x.efi", 4), icmp("10.77.0.254", 3, 13, port=53), edk2.rrq("x.efi", 8, again=True)
    )
    assert ID not in diagnose(told).all_ids


@pytest.mark.parametrize(
    ("code", "words"), [(1, "it forbids the request"), (0, "it has no route to it"), (3, "it cannot reach it")]
)
def test_the_same_over_ipv6(code: int, words: str) -> None:
    wire = Wire()
    boot = wire.tftp(file="bootx64.efi", client=CLIENT6, server=SERVER6).rrq(blksize=1228)
    quoted = build.ipv6(build.udp(bytes(8), boot.client.port, 69), 17, boot.client.address, boot.listener.address)
    wire.ip(Endpoint("fd00::fe", 0, bytes(6)), boot.client, bytes((1, code)) + bytes(6) + quoted, 58)
    (judged,) = judge(story_of(wire)[0]).boots()
    assert judged.primary is not None
    assert (judged.primary.id, judged.primary.says) == (ID, f"fd00::fe refuses the request to fd00::1: {words}")
