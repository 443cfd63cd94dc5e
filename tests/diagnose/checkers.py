"""The checkers that DHCP servers and the packet filter bring along, on configuration lines.

DHCP servers are run as copies outside their folders: AppArmor's profiles go by a program's path, and let it read its
own configuration alone. No server is started, and nothing of the machine's configuration is read or changed.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

from pxedebug.diagnose.rule import Product
from tests.conftest import missing

__all__ = ["CHECKERS"]

_SYSTEM_FOLDERS = ("/usr/local/sbin", "/usr/sbin", "/sbin")
"""Where servers lie; not in everybody's PATH."""
_KEA_MEMBERS: Mapping[str, object] = {
    "interfaces-config": {"interfaces": []},
    "lease-database": {"type": "memfile", "persist": False},
}
"""What makes a whole `Dhcp4` of a remedy that does not bring these itself, with a subnet."""
_KEA_SUBNET: Mapping[str, object] = {
    "id": 1,
    "subnet": "10.0.0.0/24",
    "pools": [{"pool": "10.0.0.100 - 10.0.0.199"}],
}
_IN_SUBNETS_TOO = {"next-server", "boot-file-name", "option-data"}
"""Members that Kea looks at more closely in a subnet than outside: there alone an address has to be one."""


def _found(name: str) -> str:
    path = os.pathsep.join((os.environ.get("PATH", os.defpath), *_SYSTEM_FOLDERS))
    return shutil.which(name, path=path) or missing(f"{name} is not installed")


def _copied(name: str, folder: Path) -> str:
    return str(shutil.copy(_found(name), folder / name))


def _written(text: str, folder: Path) -> str:
    file = folder / "configuration"
    file.write_text(f"{text}\n", encoding="utf-8")
    return str(file)


def _complaint(*command: str, text: str | None = None, **environment: str) -> str:
    """What the program says, after its status, if that is not 0; `text` goes to its standard input."""
    done = subprocess.run(
        command, input=text, env={**os.environ, **environment}, capture_output=True, text=True, timeout=60, check=False
    )
    return "" if done.returncode == 0 else f"status {done.returncode}: {done.stdout}{done.stderr}"


def _dnsmasq(lines: str, folder: Path) -> str:
    return _complaint(_copied("dnsmasq", folder), "--test", f"--conf-file={_written(lines, folder)}")


def _kea(members: str, folder: Path) -> str:
    """The members stand in the object as they are; only what to add is told from what Python reads in them."""
    given = json.loads(f"{{{members}}}")
    subnet = {**_KEA_SUBNET, **{name: value for name, value in given.items() if name in _IN_SUBNETS_TOO}}
    added = {name: value for name, value in {**_KEA_MEMBERS, "subnet4": [subnet]}.items() if name not in given}
    rest = json.dumps(added).removeprefix("{").removesuffix("}")
    file = _written(f'{{"Dhcp4": {{{", ".join(filter(None, (rest, members)))}}}}}', folder)
    return _complaint(_copied("kea-dhcp4", folder), "-t", file, KEA_LOCKFILE_DIR="none", KEA_PIDFILE_DIR=str(folder))


def _dhcpd(statements: str, folder: Path) -> str:
    return _complaint(_copied("dhcpd", folder), "-t", "-q", "-cf", _written(statements, folder))


def _nft(commands: str, folder: Path) -> str:
    """Even a check takes the right to administer a network: one of its own, where that is allowed, or the machine's."""
    for around in (("unshare", "-rn", _found("nft")), (_found("nft"),)):
        if not _complaint(*around, "-c", "-f", "-", text="add table inet probe\n"):
            return _complaint(*around, "-c", "-f", _written(commands, folder))
    return missing("nft may not check anything here: neither as root nor in a user namespace")


CHECKERS: Mapping[Product, Callable[[str, Path], str]] = {
    Product.DNSMASQ: _dnsmasq,
    Product.KEA: _kea,
    Product.ISC_DHCPD: _dhcpd,
    Product.NFTABLES: _nft,
}
"""By product: what its checker has to say against the lines, empty if it takes them; the folder is for its files."""
