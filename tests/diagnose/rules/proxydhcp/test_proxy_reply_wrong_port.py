"""The proxy answers, but not from port 4011 to the port that asked."""

from __future__ import annotations

import pytest

from tests.diagnose.proxy_scenes import asks, both_offer
from tests.diagnose.verdict import diagnose
from tests.track.conversation import changed, tell
from tests.track.programs import edk2, proxy
from tests.track.scene import Step

ID = "proxy-reply-wrong-port"
ANSWER = proxy.proxy_ack(file="snponly.efi")


def answered(**changes: object) -> tuple[Step, ...]:
    """Every try is answered, in the wrong way."""
    tries = [(edk2.ask_proxy(proxy, at=at, again=at > 4), changed(ANSWER, **changes)) for at in (4, 5, 7, 10)]
    return both_offer(), *(step for pair in tries for step in pair)


@pytest.mark.parametrize("port", [67, 43210])
def test_from_another_port(port: int) -> None:
    told = tell(*answered(source_port=port))
    verdict = diagnose(told)
    assert (verdict.outcome, verdict.primary, verdict.ids) == ("failed", ID, [ID])
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("fatal", "certain")
    assert verdict.finding(ID).says == (
        f"10.77.0.3 answers the question to its port 4011 from port {port}, and the client does not take it"
    )
    assert verdict.frames(ID)[:3] == [7, 6, 8]


def test_to_another_port_than_the_one_that_asked() -> None:
    verdict = diagnose(tell(*answered(target_port=68)))
    assert verdict.primary == ID
    assert "to port 68" in verdict.finding(ID).says


def test_from_another_address() -> None:
    verdict = diagnose(tell(*answered(source="10.77.0.33")))
    assert verdict.primary == ID
    assert "from the address 10.77.0.33" in verdict.finding(ID).says


def test_a_client_that_takes_it() -> None:
    first = changed(ANSWER, source_port=67)
    told = tell(both_offer(), asks(edk2, proxy, 4), first, edk2.fetch("snponly.efi"))
    assert diagnose(told).all_ids == []


def test_while_the_client_still_asks() -> None:
    """After two of four tries the attempt may yet succeed."""
    verdict = diagnose(tell(*answered(source_port=67)[:4]))
    assert verdict.severity(ID) in ("error", "warning")
