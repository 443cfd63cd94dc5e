from __future__ import annotations

import pytest

from pxedebug.errors import MalformedFrame
from pxedebug.wire.neighbours.lacp import LacpState, decode_slow

ACTOR = bytes.fromhex("8000 001c5754dd80 000d 8000 0007 47 000000")
PARTNER = bytes.fromhex("ffff 000000000000 0000 00ff 0000 00 000000")
LACPDU = b"\1\1\1\x14" + ACTOR + b"\2\x14" + PARTNER + b"\3\x10" + bytes(66)


def test_a_switch_that_hears_no_partner() -> None:
    lacp = decode_slow(LACPDU)
    assert lacp is not None
    assert lacp.actor_state & LacpState.DEFAULTED
    assert not lacp.forwarding
    assert (lacp.actor_system.hex(), lacp.actor_port, lacp.actor_key) == ("001c5754dd80", 7, 13)
    assert (lacp.partner_system, lacp.partner_state, lacp.partner_port) == (bytes(6), LacpState(0), 0)


def test_collecting_and_distributing_is_forwarding() -> None:
    lacp = decode_slow(LACPDU[:18] + b"\x3d" + LACPDU[19:])
    assert lacp is not None
    assert lacp.forwarding


def test_other_slow_protocols_are_none_and_short_ones_malformed() -> None:
    assert decode_slow(b"\x0a" + bytes(50)) is None
    for data in (b"", b"\1\1", LACPDU[:41], b"\1\1\2\x14" + LACPDU[4:]):
        with pytest.raises(MalformedFrame):
            decode_slow(data)
