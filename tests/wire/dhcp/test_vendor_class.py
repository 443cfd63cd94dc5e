"""Option 60 and its fields."""

from __future__ import annotations

import pytest

from pxedebug.wire.dhcp import VendorClass, decode_option, is_pxe_class, option_codec


@pytest.mark.parametrize(
    ("raw", "fields"),
    [
        (b"PXEClient:Arch:00007:UNDI:003016", ("PXEClient", 7, 3, 16)),
        (b"PXEClient:Arch:00000:UNDI:002001\0", ("PXEClient", 0, 2, 1)),
        (b"HTTPClient:Arch:00016:UNDI:003001", ("HTTPClient", 16, 3, 1)),
        (b"PXEClient", ("PXEClient", None, None, None)),
        (b"PXEClient:Arch:00011", ("PXEClient", 11, None, None)),
        (b"PXEClient:Arch:99999999999999:UNDI:003016", ("PXEClient", None, 3, 16)),
        (b"PXEClient" + b":Arch:" + b"1" * 5000, ("PXEClient", None, None, None)),
        (b"MSFT 5.0", ("MSFT", None, None, None)),
        (b"U-Boot.armv8", ("U-Boot", None, None, None)),
        (b"Cisco AP", ("other", None, None, None)),
        (b"", ("other", None, None, None)),
        (b"xPXEClient:Arch:00007:UNDI:003016", ("other", None, None, None)),
    ],
)
def test_fields(raw: bytes, fields: tuple[object, ...]) -> None:
    value = decode_option(60, raw)
    assert isinstance(value, VendorClass)
    assert (value.family, value.architecture, value.undi_major, value.undi_minor) == fields
    assert option_codec(60).encode(value) == raw


def test_words() -> None:
    codec = option_codec(60)
    assert (
        codec.text(codec.decode(b"PXEClient:Arch:00011:UNDI:003016")) == "PXEClient:Arch:00011:UNDI:003016 (ARM64 UEFI)"
    )
    assert codec.text(codec.decode(b"\xffclass\0")) == "\\xffclass"


def test_pxe_class() -> None:
    assert is_pxe_class(b"PXEClient:Arch:00000:UNDI:002001")
    assert not is_pxe_class(b"HTTPClient:Arch:00016:UNDI:003001")
    assert not is_pxe_class(None)
