"""The package exports what it says, and needs neither numpy nor a capture to be imported."""

from __future__ import annotations

import subprocess
import sys

from pxedebug import firmware


def test_every_exported_name_exists_and_is_documented() -> None:
    for name in firmware.__all__:
        value = getattr(firmware, name)
        assert not callable(value) or value.__doc__, name


def test_importing_the_tables_loads_no_numpy() -> None:
    code = "import sys, pxedebug.firmware; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
