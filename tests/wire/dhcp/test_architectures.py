"""Architectures and their families."""

from __future__ import annotations

import pytest

from pxedebug.wire.dhcp.architectures import (
    ARCHITECTURES,
    architecture_family,
    architecture_name,
    is_bios,
    is_http,
    is_u_boot,
    is_uefi,
)


@pytest.mark.parametrize(
    ("code", "name", "family", "http"),
    [
        (0x00, "x86 BIOS", "bios", False),
        (0x06, "x86 UEFI", "uefi", False),
        (0x07, "x64 UEFI", "uefi", False),
        (0x09, "EBC", "uefi", False),
        (0x0B, "ARM64 UEFI", "uefi", False),
        (0x0E, "POWER OPAL v3", "other", False),
        (0x10, "x64 UEFI HTTP", "uefi", True),
        (0x14, "PC/AT BIOS HTTP", "bios", True),
        (0x16, "ARM64 U-Boot", "u-boot", False),
        (0x18, "ARM64 U-Boot HTTP", "u-boot", True),
        (0x27, "LoongArch 64 UEFI", "uefi", False),
        (0x29, "ARM rpiboot", "other", False),
        (0x4242, "architecture 16962", "other", False),
    ],
)
def test_names_and_families(code: int, name: str, family: str, http: bool) -> None:
    assert architecture_name(code) == name
    assert architecture_family(code) == family
    assert is_http(code) is http
    assert (is_bios(code), is_uefi(code), is_u_boot(code)) == (family == "bios", family == "uefi", family == "u-boot")


@pytest.mark.parametrize("code", ARCHITECTURES)
def test_families_agree_with_the_names(code: int) -> None:
    name = ARCHITECTURES[code]
    assert is_http(code) == name.endswith("HTTP")
    if "UEFI" in name:
        assert is_uefi(code)
    if "U-Boot" in name:
        assert is_u_boot(code)
