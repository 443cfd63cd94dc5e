from __future__ import annotations

import pytest

from pxedebug.errors import MalformedFrame
from pxedebug.wire.neighbours.bpdu import Bpdu, bridge_text, decode_bpdu

ROOT = bytes.fromhex("8064001c5754dd80")
BRIDGE = bytes.fromhex("8064001cb1c7f600")
TIMES = bytes.fromhex("0000 1400 0200 0f00")


def configuration(version: int, kind: int, flags: int) -> bytes:
    return bytes((0, 0, version, kind, flags)) + ROOT + (4).to_bytes(4) + BRIDGE + b"\x80\x15" + TIMES


def decoded(data: bytes, *, per_vlan: bool = False) -> Bpdu:
    found = decode_bpdu(data, per_vlan)
    assert found is not None
    return found


def test_classic_spanning_tree_tells_times_but_no_state() -> None:
    bpdu = decoded(configuration(0, 0, 0x01))
    assert (bpdu.protocol, bpdu.type, bpdu.topology_change, bpdu.rapid) == ("stp", "config", True, False)
    assert (bpdu.port_role, bpdu.forwarding, bpdu.learning) == (None, None, None)
    assert (bpdu.forward_delay_s, bpdu.max_age_s, bpdu.hello_time_s) == (15.0, 20.0, 2.0)
    assert (bpdu.root_id, bpdu.bridge_id, bpdu.port_id, bpdu.root_path_cost) == (ROOT, BRIDGE, 0x8015, 4)


@pytest.mark.parametrize(
    ("flags", "role", "learning", "forwarding"),
    [(0x0E, "designated", False, False), (0x1C, "designated", True, False), (0x3C, "designated", True, True)],
)
def test_rapid_spanning_tree_tells_the_port_s_state(flags: int, role: str, learning: bool, forwarding: bool) -> None:
    bpdu = decoded(configuration(2, 2, flags))
    assert (bpdu.protocol, bpdu.type, bpdu.rapid) == ("rstp", "rapid", True)
    assert (bpdu.port_role, bpdu.learning, bpdu.forwarding) == (role, learning, forwarding)


def test_a_per_vlan_bpdu_names_its_vlan() -> None:
    bpdu = decoded(configuration(2, 2, 0x3C) + b"\0" + bytes.fromhex("00000002000a"), per_vlan=True)
    assert (bpdu.protocol, bpdu.version, bpdu.vlan) == ("pvst", 2, 10)
    assert decoded(configuration(0, 0, 0), per_vlan=True).vlan is None


def test_multiple_spanning_tree_and_topology_change_notices() -> None:
    assert decoded(configuration(3, 2, 0)).protocol == "mstp"
    notice = decoded(bytes((0, 0, 0, 0x80)))
    assert (notice.type, notice.topology_change, notice.root_id, notice.port_id) == ("topology-change", True, b"", None)


def test_bridge_identifiers_in_words() -> None:
    assert bridge_text(ROOT) == "32868/00:1c:57:54:dd:80"
    assert bridge_text(b"") == ""


def test_other_protocols_are_none_and_short_ones_malformed() -> None:
    assert decode_bpdu(b"\0\1\0\0" + bytes(40)) is None
    assert decode_bpdu(b"\0\0\0\7" + bytes(40)) is None
    for data in (b"", b"\0\0\0", configuration(0, 0, 0)[:34]):
        with pytest.raises(MalformedFrame):
            decode_bpdu(data)
