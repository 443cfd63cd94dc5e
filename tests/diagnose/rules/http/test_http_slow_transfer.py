"""http-slow-transfer: a large file came slowly from a near server."""

from __future__ import annotations

from tests.diagnose.http_scenes import Connection, chained
from tests.diagnose.verdict import diagnose
from tests.track.conversation import tell, together
from tests.track.programs import ipxe
from tests.track.scene import Step

ID = "http-slow-transfer"
PIECE = 60_000


def large(took: float, pieces: int = 300, near: float = 0.001, far: float = 0.001) -> Step:
    """A file of `pieces` pieces of 60,000 bytes, spread over `took` seconds."""
    web = Connection(ipxe)
    size = pieces * PIECE
    begin = together(
        web.syn(at=4), web.syn_ack(at=4 + near), web.ack(at=4 + near + far), web.ask("GET", "/initrd.img", at=5),
        web.answer(200, "OK", length=size, at=5.1),
    )  # fmt: skip
    body = (web.data(bytes(PIECE), at=5.1 + took * (n + 1) / pieces) for n in range(pieces))
    return together(begin, *body, web.ack())


def test_seventeen_mebibytes_in_half_a_minute() -> None:
    verdict = diagnose(tell(chained("http://10.77.0.1/initrd.img"), large(30)))
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("warning", "certain")
    assert verdict.finding(ID).says == "17 MiB of `http://10.77.0.1/initrd.img` from 10.77.0.1 took 30 s: 0.6 MiB/s"
    assert verdict.frames(ID)[0] == 10


def test_a_fast_one_a_small_one_and_a_far_one_are_no_fault() -> None:
    for step in (large(3), large(30, pieces=100), large(30, near=0.04), large(30, far=0.04)):
        assert ID not in diagnose(tell(chained("http://10.77.0.1/initrd.img"), step)).all_ids
