"""Which UUIDs name a machine."""

from __future__ import annotations

import pytest

from pxedebug.track.uuids import other_order, own_uuid, valid_uuid
from tests.track.programs import UUID


@pytest.mark.parametrize(
    ("value", "names"),
    [(UUID, True), (b"\0" * 16, False), (b"\xff" * 16, False), (None, False), (b"", False), (UUID[:15], False)],
)
def test_which_uuids_name_a_machine(value: bytes | None, names: bool) -> None:
    assert valid_uuid(value) == own_uuid(value) == (value if names else None)


@pytest.mark.parametrize(
    "uuid",
    [
        "00020003000400050006000700080009",
        "03000200040005000006000700080009",
        "123456781234567890abcddeefaabbcc",
        "785634123412785690abcddeefaabbcc",
        "44454c4c00001020802080c04f202020",
        "fe" * 16,
    ],
)
def test_a_placeholder_is_shown_but_names_no_machine(uuid: str) -> None:
    """As boards leave the factory, in the order of the wire and in the order in which UUIDs are written."""
    value = bytes.fromhex(uuid)
    assert valid_uuid(value) == value
    assert own_uuid(value) is None


def test_the_other_order_of_a_uuid() -> None:
    assert other_order(bytes(range(16))).hex() == "03020100050407060809" + "0a0b0c0d0e0f"
    assert other_order(other_order(UUID)) == UUID
