from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

import pxedebug
from tests.cli.conftest import discovers


def test_every_public_name_is_there() -> None:
    for name in pxedebug.__all__:
        assert getattr(pxedebug, name) is not None, name
    assert set(pxedebug.__all__) <= set(dir(pxedebug))
    with pytest.raises(AttributeError):
        _ = pxedebug.no_such_name  # type: ignore[attr-defined]


def test_public_documents_have_docstrings() -> None:
    for name in pxedebug.__all__:
        assert name == "__version__" or getattr(pxedebug, name).__doc__, name


def test_analyze_gives_frozen_objects_with_the_names_of_the_json(tmp_path: Path) -> None:
    path = tmp_path / "boot.pcap"
    path.write_bytes(discovers(0, 4, 12, 28))
    report = pxedebug.analyze(path)
    (boot,) = report.boots
    assert (boot.client.mac, boot.client.architectures) == ("52:54:00:77:00:20", (7,))
    assert [message.type for message in boot.stages[0].exchanges[0].messages] == ["DISCOVER"] * 4
    with pytest.raises(AttributeError):
        boot.outcome = "booted"  # type: ignore[misc]
    assert list(msgspec.to_builtins(report)) == ["schema", "capture", "boots", "other_clients", "findings"]


def test_analyze_narrows_to_a_client(tmp_path: Path) -> None:
    path = tmp_path / "boot.pcap"
    path.write_bytes(discovers(0, 4))
    assert len(pxedebug.analyze(path, client="52-54-00-77-00-20").boots) == 1
    assert not pxedebug.analyze(path, client="525400770021").boots
    with pytest.raises(ValueError, match="no MAC address"):
        pxedebug.analyze(path, client="5254")


def test_analyze_raises_what_the_file_deserves(tmp_path: Path) -> None:
    empty = tmp_path / "empty.pcap"
    empty.touch()
    with pytest.raises(pxedebug.CaptureError) as caught:
        pxedebug.analyze(empty)
    assert caught.value.hint
    with pytest.raises(ValueError, match="at least one"):
        pxedebug.analyze()


def test_everything_imports_and_runs_without_the_ways_of_linux(tmp_path: Path) -> None:
    path = tmp_path / "boot.pcap"
    path.write_bytes(discovers(0, 4))
    code = """
import importlib, pkgutil, socket, sys
sys.modules["fcntl"] = None
for name in ("AF_PACKET", "PF_PACKET"):
    if hasattr(socket, name):
        delattr(socket, name)
import pxedebug
for module in pkgutil.walk_packages(pxedebug.__path__, "pxedebug."):
    if not module.name.endswith("__main__"):
        importlib.import_module(module.name)
from pxedebug.cli.main import run
sys.exit(run(["analyze", "--format", "json", sys.argv[1]]))
"""
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert '"schema":"pxedebug.report/1"' in done.stdout
