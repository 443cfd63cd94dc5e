from __future__ import annotations

import pytest

from pxedebug.wire.linkheader import read_link
from pxedebug.wire.linktypes import LINKTYPE_ETHERNET, LINKTYPE_LINUX_SLL, LINKTYPE_RAW
from tests.wire.frame_builders import CLIENT_MAC, SERVER_MAC, ether


@pytest.mark.parametrize(("tags", "ids"), [((), ()), ((5,), (5,)), ((0x6005, 0), (5,)), ((100, 200), (100, 200))])
def test_vlan_ids_without_priority(tags: tuple[int, ...], ids: tuple[int, ...]) -> None:
    frame = ether(b"", vlans=tags)
    found = read_link(memoryview(b"gap" + frame), 3, LINKTYPE_ETHERNET, 3 + len(frame))
    assert found == (SERVER_MAC, CLIENT_MAC, ids)


def test_link_types_without_addresses() -> None:
    assert read_link(memoryview(b"E"), 0, LINKTYPE_RAW, 0) == (b"", b"", ())
    cooked = b"\0\0\0\x01\0\0" + bytes(8) + b"\x08\0"
    assert read_link(memoryview(cooked), 0, LINKTYPE_LINUX_SLL, 16) == (b"", b"", ())
