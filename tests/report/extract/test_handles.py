"""Many new files by turns, with few open at once."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pxedebug.errors import CaptureError
from pxedebug.report.extract.handles import Handles, create, trouble_with


def test_many_files_by_turns_with_two_open(tmp_path: Path) -> None:
    paths = [tmp_path / str(number) for number in range(40)]
    before = len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else None
    handles = Handles(limit=2)
    for path in paths:
        handles.create(path)
    for offset in (4, 0):
        for number, path in enumerate(paths):
            handles.write(path, offset, b"%04d" % number)
    if before is not None:
        assert len(os.listdir("/proc/self/fd")) <= before + 2
    assert handles.read(paths[7], 2, 100) == b"070007"
    handles.close()
    assert [path.read_bytes() for path in paths] == [b"%04d%04d" % (n, n) for n in range(40)]


@pytest.mark.skipif(not hasattr(os, "O_NOFOLLOW"), reason="links cannot be refused here")
def test_a_file_that_became_a_link_is_not_written_through(tmp_path: Path) -> None:
    handles = Handles(limit=1)
    handles.create(tmp_path / "one")
    handles.create(tmp_path / "two")
    precious = tmp_path / "precious"
    precious.write_bytes(b"mine")
    (tmp_path / "one").unlink()
    (tmp_path / "one").symlink_to(precious)
    with pytest.raises(OSError, match="one"):
        handles.write(tmp_path / "one", 0, b"yours")
    handles.close()
    assert precious.read_bytes() == b"mine"


def test_what_is_there_is_never_made_anew(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"mine")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    for name in ("file", "link"):
        with pytest.raises(CaptureError, match=rf"{name} exists already; do that"), trouble_with(name, "do that"):
            create(tmp_path / name)
    assert (tmp_path / "file").read_bytes() == b"mine"
    assert not (tmp_path / "nowhere").exists()


def test_other_trouble_says_what_it_is(tmp_path: Path) -> None:
    path = tmp_path / "no" / "folder"
    with pytest.raises(CaptureError, match="No such file or directory; do that"), trouble_with(path, "do that"):
        create(path)
