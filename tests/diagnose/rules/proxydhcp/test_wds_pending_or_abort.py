"""WDS or ConfigMgr makes the machine wait, or sends it away."""

from __future__ import annotations

import pytest

from tests.diagnose.proxy_scenes import asks, both_offer
from tests.diagnose.second_stage_scenes import SIGNED
from tests.diagnose.verdict import diagnose, verdicts
from tests.track.conversation import tell, together
from tests.track.programs import edk2, edk2_http, proxy
from tests.track.scene import Options, Step

ID = "wds-pending-or-abort"
WAIT = b"\x02\x01\x01\x03\x02\x00\x0a\x04\x02\x00\x10\x05\x04\x00\x00\x00\x07"
ABORT = b"\x02\x01\x05"
REFER = b"\x02\x01\x03\x09\x04\x0a\x4d\x00\x63"


def ordered(*orders: bytes) -> Step:
    """wdsmgfw.efi was loaded and asks on port 4011, ten seconds apart."""
    asked = [
        together(edk2.ask_proxy(proxy, at=20 + 10 * n), proxy.proxy_ack(options=wds(order)))
        for n, order in enumerate(orders)
    ]
    begun = together(both_offer(), asks(edk2, proxy, 4), proxy.proxy_ack(file="boot\\x64\\wdsmgfw.efi"))
    return together(begun, edk2.fetch("boot\\x64\\wdsmgfw.efi", content=SIGNED), *asked)


def wds(order: bytes) -> Options:
    return ((250, order + b"\xff"),)


def test_it_waits_for_approval() -> None:
    told = tell(ordered(WAIT, WAIT, WAIT), until=400)
    verdict = diagnose(told)
    assert (verdict.outcome, verdict.primary) == ("in-progress", None), "the machine may still be let in"
    assert verdict.confidence(ID) == "certain"
    assert verdict.finding(ID).says == (
        "10.77.0.3 keeps the machine waiting for approval (request 7), asked 3 times in 20 s"
    )
    assert verdict.frames(ID)[0] == len(told.wires)


def test_it_is_sent_away() -> None:
    verdict = diagnose(tell(ordered(ABORT), until=60))
    assert (verdict.outcome, verdict.primary, verdict.ids) == ("in-progress", None, [ID])
    assert verdict.finding(ID).says == "10.77.0.3 tells the machine to give up its boot over the network"


def test_it_is_sent_to_a_silent_server() -> None:
    verdict = diagnose(tell(ordered(REFER), until=60))
    assert (verdict.outcome, verdict.primary, verdict.ids) == ("in-progress", None, [ID])
    assert verdict.finding(ID).says == "10.77.0.3 sends the machine to 10.77.0.99, which does not answer"


@pytest.mark.parametrize("orders", [(WAIT, WAIT, WAIT), (ABORT,), (REFER,)])
def test_it_explains_why_the_firmware_went_on_without_it(orders: tuple[bytes, ...]) -> None:
    """wdsmgfw.efi was delivered before: that does not show that the order was got over."""
    first, *_ = verdicts(tell(ordered(*orders), edk2_http.afresh(at=60)))
    assert (first.outcome, first.primary, first.severity(ID)) == ("failed", ID, "error")


def test_approval_comes() -> None:
    rest = [edk2.fetch(name, at=60 + n) for n, name in enumerate(("bootmgfw.efi", "\\Boot\\BCD", "boot.wim"))]
    verdict = diagnose(tell(ordered(WAIT, WAIT), *rest))
    assert (verdict.outcome, verdict.ids) == ("booted", [])


def test_the_first_answer_alone() -> None:
    """The machine has only begun to wait."""
    assert ID not in diagnose(tell(ordered(WAIT))).ids


@pytest.mark.parametrize("file", ["abortpxe.com", "SMSBoot\\x64\\abortpxe.com"])
def test_the_program_that_gives_up(file: str) -> None:
    told = tell(both_offer(), asks(edk2, proxy, 4), proxy.proxy_ack(file=file), edk2.fetch(file), until=60)
    verdict = diagnose(told)
    assert verdict.finding(ID).says == f"10.77.0.3 names `{file}`: it has nothing to deploy to this machine"
    assert (verdict.outcome, verdict.primary, verdict.severity(ID)) == ("local", None, "warning")


def test_nonsense_in_the_option() -> None:
    assert ID not in diagnose(tell(ordered(b"\x02\x09\x01", b""), until=60)).all_ids
