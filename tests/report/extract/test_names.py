"""Names of files on this machine, whatever the wire says."""

from __future__ import annotations

from pathlib import PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pxedebug.report.extract.names import safe_name, unique


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        (b"grubx64.efi", "grubx64.efi"),
        (b"/srv/../etc/passwd", "passwd"),
        (b"\\Boot\\BCD", "BCD"),
        (b"http://10.0.0.5/a/b.ipxe?mac=1#x", "b.ipxe"),
        (b"..", "unnamed"),
        (b".hidden", "hidden"),
        (b"", "unnamed"),
        (None, "unnamed"),
        (b"con", "_con"),
        (b"NUL.efi", "_NUL.efi"),
        ("köln\u202e.efi".encode(), "koln.efi"),
        (b"a b;rm -rf $HOME", "a_b_rm_-rf_HOME"),
    ],
)
def test_a_name(asked: bytes | None, name: str) -> None:
    assert safe_name(asked) == name


@given(st.binary(max_size=400))
def test_any_name_stays_in_its_folder(asked: bytes) -> None:
    name = safe_name(asked)
    assert name == PurePosixPath(name).name == PureWindowsPath(name).name
    assert name not in ("", ".", "..")
    assert name.isascii()
    assert len(name) <= 130


def test_names_that_are_taken_get_a_number() -> None:
    taken: set[str] = set()
    assert [unique(name, taken) for name in ("a.efi", "A.efi", "a.efi", "b")] == ["a.efi", "A-2.efi", "a-3.efi", "b"]
