from __future__ import annotations

import pytest

from pxedebug.errors import MalformedFrame
from pxedebug.wire.neighbours import Eapol
from pxedebug.wire.neighbours.eapol import decode_eapol


def test_a_switch_asks_for_an_identity() -> None:
    assert decode_eapol(b"\2\0\0\5\1\x2a\0\5\1" + bytes(40)) == Eapol(2, 0, 1, 1, 0x2A)


def test_a_failure_has_no_type() -> None:
    assert decode_eapol(b"\1\0\0\4\4\1\0\4" + bytes(40)) == Eapol(1, 0, 4, None, 1)


def test_a_start_holds_no_eap_packet() -> None:
    assert decode_eapol(b"\1\1\0\0" + bytes(42)) == Eapol(1, 1, None)


def test_a_cut_frame_is_malformed() -> None:
    with pytest.raises(MalformedFrame):
        decode_eapol(b"\1\0\0")
