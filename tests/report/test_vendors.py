from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from importlib.machinery import ModuleSpec
from pathlib import Path

import aiooui
import pytest
from hypothesis import given
from hypothesis import strategies as st

import pxedebug.report.vendors
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


@pytest.fixture
def _fresh() -> Iterator[None]:
    """No answer from before, and none left behind."""
    for cached in (pxedebug.report.vendors._table, pxedebug.report.vendors._vendor):
        cached.cache_clear()
    yield
    for cached in (pxedebug.report.vendors._table, pxedebug.report.vendors._vendor):
        cached.cache_clear()


def test_the_table_says_what_the_library_says() -> None:
    table = pxedebug.report.vendors._table()
    assert table is not None
    assert len(table.prefixes) > 30_000
    asyncio.run(aiooui.async_load())
    for prefix in [*table.prefixes[::7], table.prefixes[-1], 0x000001, 0xFFFFFF]:
        assert table.name(prefix) == aiooui.get_vendor(f"{prefix:06x}"), f"{prefix:06x}"


def test_a_vendor_of_the_list_needs_no_asyncio() -> None:
    code = (
        "import sys; from pxedebug.report.vendors import vendor\n"
        "print(vendor(bytes.fromhex('d050994e0557')), 'asyncio' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "ASRock Incorporation False"


@pytest.mark.usefixtures("_fresh")
def test_a_list_in_another_layout_is_read_by_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pxedebug.report.vendors, "_table", lambda: None)
    assert vendor(bytes.fromhex("d050994e0557")) == "ASRock Incorporation"


@pytest.mark.usefixtures("_fresh")
def test_a_layout_is_known_by_its_magic(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    spec = ModuleSpec("aiooui", None, origin=str(tmp_path / "__init__.py"))
    monkeypatch.setattr(pxedebug.report.vendors, "find_spec", lambda _name: spec)
    (tmp_path / "oui.data").write_bytes(b"OUI2" + bytes(100))
    assert pxedebug.report.vendors._table() is None


@pytest.mark.usefixtures("_fresh")
@pytest.mark.parametrize("content", [None, b"OUI1", b"OUI1\xff\0\0\0\0", b"OUI1\1\0\0\0\0\x1e\xa8\0\xff\xff\xff\xff"])
def test_a_broken_table_costs_only_the_name(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: bytes | None
) -> None:
    spec = ModuleSpec("aiooui", None, origin=str(tmp_path / "__init__.py"))
    monkeypatch.setattr(pxedebug.report.vendors, "find_spec", lambda _name: spec)
    if content is not None:
        (tmp_path / "oui.data").write_bytes(content)
    assert vendor(bytes.fromhex("a81e00000000")) is None


@pytest.mark.usefixtures("_fresh")
def test_a_broken_list_costs_only_the_name(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(mac: str) -> str:
        raise RuntimeError(mac)

    monkeypatch.setattr(pxedebug.report.vendors, "_table", lambda: None)
    monkeypatch.setattr(aiooui, "get_vendor", broken)
    assert vendor(bytes.fromhex("a81e84000000")) is None
