"""What a capture point could have seen, by what it showed (catalogue 1.3)."""

from __future__ import annotations

import pytest

from pxedebug.track.vantage import Sights, judge_vantage


@pytest.mark.parametrize(
    ("sights", "kind"),
    [
        (Sights(), "unknown"),
        (Sights(client_messages=4), "broadcast-only"),
        (Sights(client_messages=2, replies=2, answered_requests=1), "broadcast-only"),
        (Sights(client_messages=2, replies=2, unicast=True), "both-directions"),
        (Sights(relayed_messages=2, replies=2, unicast=True), "relay-uplink"),
        (Sights(client_messages=1, relayed_messages=1, replies=2, unicast=True), "both-directions"),
        (Sights(client_messages=3, answered_requests=1, unicast=True), "one-direction"),
        (Sights(replies=2, unicast=True), "one-direction"),
        (Sights(replies=1, unicast=True, tftp_requests=True, high_ports=True), "both-directions"),
        (Sights(client_messages=2, replies=2, unicast=True, tftp_requests=True), "ports-filtered"),
        (Sights(client_messages=2, replies=2, unicast=True, tftp_requests=True, unfiltered=True), "both-directions"),
        (Sights(client_messages=2, replies=2, unicast=True, tftp_requests=True, high_ports=True), "both-directions"),
    ],
)
def test_kinds(sights: Sights, kind: str) -> None:
    assert judge_vantage(sights, cut_frames=False).kind == kind


def test_a_vantage_carries_what_it_rests_on() -> None:
    vantage = judge_vantage(Sights(relayed_messages=1, unicast=True, unfiltered=True), cut_frames=True)
    assert (vantage.relayed, vantage.unicast_seen, vantage.high_ports_seen, vantage.cut_frames) == (True,) * 4
    assert vantage.text
