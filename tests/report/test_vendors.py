from __future__ import annotations

import asyncio
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pxedebug.report.vendors import vendor


@pytest.mark.parametrize(
    ("mac", "name"),
    [
        ("525400770020", "QEMU/KVM virtual"),
        ("000c29000001", "VMware virtual"),
        ("0a0000000001", "locally administered"),
        ("d050994e0557", "ASRock Incorporation"),
        ("000000000000", None),
    ],
)
def test_vendors(mac: str, name: str | None) -> None:
    assert vendor(bytes.fromhex(mac)) == name


@given(st.binary(max_size=16))
def test_any_bytes_have_a_vendor_or_none(mac: bytes) -> None:
    found = vendor(mac)
    assert found is None or found


def test_works_inside_an_event_loop() -> None:
    code = (
        "import asyncio; from pxedebug.report.vendors import vendor\n"
        "async def main(): print(vendor(bytes.fromhex('d050994e0557')))\n"
        "asyncio.run(main())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "ASRock Incorporation"


def test_the_list_is_loaded_only_when_it_is_needed() -> None:
    code = (
        "import sys; from pxedebug.report.vendors import vendor\n"
        "vendor(bytes.fromhex('525400770020')); vendor(bytes.fromhex('0a0000000001'))\n"
        "print('aiooui' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_a_broken_list_costs_only_the_name(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(mac: str) -> str:
        raise RuntimeError(mac)

    import aiooui

    monkeypatch.setattr(aiooui, "get_vendor", broken)
    assert vendor(bytes.fromhex("a81e84000000")) is None
    assert asyncio.run(asyncio.sleep(0)) is None
