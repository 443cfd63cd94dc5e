"""The package's public names."""

from __future__ import annotations

from pxedebug.wire import dhcp


def test_public_names_are_there_and_documented() -> None:
    for name in dhcp.__all__:
        assert getattr(dhcp, name).__doc__, name
    assert len(set(dhcp.__all__)) == len(dhcp.__all__)
