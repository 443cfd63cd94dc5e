"""Message type names."""

from __future__ import annotations

import pytest

from pxedebug.wire.dhcp.message_types import MessageType, message_type_name


@pytest.mark.parametrize(
    ("code", "name"), [(1, "DISCOVER"), (6, "NAK"), (15, "LEASEQUERYDONE"), (19, "TYPE-19"), (0, "TYPE-0")]
)
def test_names(code: int, name: str) -> None:
    assert message_type_name(code) == name


def test_the_registry_has_no_gaps() -> None:
    assert [member.value for member in MessageType] == list(range(1, 19))
