"""PXELINUX does not find a module of its own.

Since version 5 its core is nothing without `ldlinux.c32`, which it looks for in six folders; other modules come when a
configuration or another module names them, and without one of these PXELINUX falls back on its prompt. A kernel that
is missing is no module: PXELINUX asks for its name, then for the same with .cbt, .0, .com and .c32.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pxedebug.diagnose.case import Case
from pxedebug.diagnose.facts import NOT_THERE, delivered_after, plain_name, quiet_for, refusal, says_missing
from pxedebug.diagnose.finding import Confidence, Found, Severity, cite_each, count, name
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import PXELINUX, Product, Reach, Remedy, Rule, Screen, Step, advice
from pxedebug.firmware import module_search, pauses
from pxedebug.firmware.file_names import base_name
from pxedebug.track.story import Transfer

__all__ = ["RULE"]

_MODULE = re.compile(rb"[a-z0-9_-]+\.c32|ldlinux\.e(?:32|64)")
_FOLDERS = 6
"""Places in which PXELINUX looks for ldlinux.c32 [measured]."""


def check(case: Case, network: Network) -> Iterator[Found]:
    """Every place was tried for a module, and nothing was delivered after the last."""
    for turn in case.turns:
        missing: dict[bytes, list[Transfer]] = {}
        refused: set[bytes] = set()
        for transfer in turn.transfers:
            if not says_missing(transfer):
                continue
            file = plain_name(transfer)
            base = base_name(file)
            if _MODULE.fullmatch(base) and file.removesuffix(b".c32") not in refused:
                missing.setdefault(base, []).append(transfer)
            refused.add(file)
        if not missing:
            continue
        whole = turn.whole()
        found = {base_name(plain_name(transfer)) for transfer in whole}
        for module, tries in missing.items():
            last = tries[-1]
            if module in found or delivered_after(turn, last):
                continue
            core = module_search(module)
            places = len({plain_name(transfer) for transfer in tries})
            if not (turn.last and quiet_for(case, pauses.NAME_SEARCH)) and not (core and len(tries) >= _FOLDERS):
                continue
            yield Found(
                turn,
                Confidence.CERTAIN,
                f"PXELINUX found no {name(module)} on {last.server}, in {count(places, 'place')}",
                refusal(last, "the last place", NOT_THERE)
                + cite_each([transfer.first_frame for transfer in tries[:-1]], "tried before it"),
                severity=Severity.FATAL if core else Severity.ERROR,
                server=last.server,
                values={"server": str(last.server)},
            )


RULE = Rule(
    id="pxelinux-module-missing",
    title="PXELINUX lacks one of its modules",
    severity=Severity.FATAL,
    step=Step.TFTP,
    check=check,
    reach=Reach.FILES,
    screens=(
        Screen("Failed to load ldlinux.c32", PXELINUX),
        Screen("Failed to load ldlinux.c32; Failed to load COM32 file; not a COM32R image"),
    ),
    causes=(
        "PXELINUX 5 and later needs modules of its own version beside it, and they were not copied",
        "modules of another version, or of BIOS beside an EFI core, were copied",
        "the path is wrong relative to the boot program's folder (option 210 moves it)",
    ),
    remedies=(
        Remedy(
            Product.LINUX,
            "cp /usr/lib/syslinux/modules/bios/*.c32 /srv/tftp/",
            "for EFI: modules/efi64; from the same package as the boot program",
        ),
        *advice("put ldlinux.c32, libutil.c32, libcom32.c32 and the menu's module into the boot program's folder"),
    ),
    sources=("syslinux core/elflink/load_env32.c", "syslinux core/fs/pxe/pxe.c"),
)
