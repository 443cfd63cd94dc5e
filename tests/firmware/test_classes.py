"""The strings of vendor and user classes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pxedebug.firmware.classes import architecture_of_class, is_os_class, over_http, program_of_class, says_ipxe
from pxedebug.firmware.programs import Program


@pytest.mark.parametrize(
    ("vendor_class", "architecture"),
    [
        (b"PXEClient:Arch:00007:UNDI:003016", 7),
        (b"HTTPClient:Arch:00016:UNDI:003000", 16),
        (b"PXEClient:Arch:7", 7),
        (b"PXEClient", None),
        (b"PXEClient:Arch:65536:UNDI", None),
        (b"PXEClient:Arch::UNDI", None),
        (b"PXEClient:Arch:0x007:UNDI", None),
    ],
)
def test_the_architecture_in_a_class(vendor_class: bytes, architecture: int | None) -> None:
    assert architecture_of_class(vendor_class) == architecture


def test_the_class_decides_on_http_before_the_architecture() -> None:
    assert over_http(b"HTTPClient", 7)
    assert over_http(b"", 16)
    assert not over_http(b"PXEClient", 16)
    assert not over_http(b"", None)


def test_classes_by_prefix() -> None:
    assert program_of_class(b"U-Boot.armv8") is Program.U_BOOT
    assert program_of_class(b"MSFT 5.0") is None
    assert is_os_class(b"MSFT 5.0")
    assert not is_os_class(b"PXEClient")


@given(st.binary(max_size=80))
def test_any_bytes_are_a_class(raw: bytes) -> None:
    assert says_ipxe(b"iPXE" + raw)
    assert says_ipxe(b"\4iPXE" + raw)
    assert says_ipxe(raw) in (True, False)
    assert architecture_of_class(raw) in (None, *range(65536))
    assert program_of_class(raw) is None or program_of_class(raw) in Program
