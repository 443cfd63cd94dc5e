"""Option names."""

from __future__ import annotations

import pytest

from pxedebug.wire.dhcp.names import OPTION_NAMES, option_name


@pytest.mark.parametrize(
    ("code", "name"),
    [
        (67, "Boot file name"),
        (175, "Etherboot/iPXE"),
        (110, "Option 110"),
        (223, "Option 223"),
        (231, "Private option 231"),
    ],
)
def test_names(code: int, name: str) -> None:
    assert option_name(code) == name


def test_no_two_options_share_a_name() -> None:
    assert len(set(OPTION_NAMES.values())) == len(OPTION_NAMES)
    assert all(0 <= code <= 255 for code in OPTION_NAMES)
