"""GRUB finds no configuration.

Started from the network it asks for `grub.cfg-` with its UUID, MAC and address, then for `grub.cfg`, in the folder
that was built into it; a distribution's build may do so in a second folder. Modules, lists and fonts may be missing.
"""

from __future__ import annotations

from collections.abc import Iterator

from pxedebug.diagnose.case import Case, Turn
from pxedebug.diagnose.facts import NOT_THERE, plain_name, quiet_for, recovered_after, refusal, refused
from pxedebug.diagnose.finding import Confidence, Found, Severity, cite, cite_each, count, name
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import GRUB, Product, Reach, Remedy, Rule, Screen, Step, advice
from pxedebug.firmware import config_search, is_last_config, pauses
from pxedebug.firmware.file_names import base_name

__all__ = ["RULE"]


def check(case: Case, network: Network) -> Iterator[Found]:
    """The search ended without a hit, and nothing else was fetched after it."""
    for turn in case.turns:
        tried = [transfer for transfer in refused(turn) if config_search(plain_name(transfer)) == "grub"]
        if not tried and turn.last and quiet_for(case, pauses.NAME_SEARCH):
            yield from _no_first_module(turn)
        if not tried or recovered_after(turn, tried[0]):
            continue
        last = tried[-1]
        if not is_last_config(plain_name(last)) and not (turn.last and quiet_for(case, pauses.NAME_SEARCH)):
            continue
        evidence = refusal(last, "the last name of the search", NOT_THERE)
        evidence += cite_each([transfer.first_frame for transfer in tried[:-1]], "tried before it")
        loaded = [t for before in case.turns[: turn.index + 1] for t in before.whole() if t.started < tried[0].started]
        if loaded:
            evidence += cite(loaded[-1].first_frame, f"GRUB was loaded as {name(plain_name(loaded[-1]))}")
        yield Found(
            turn,
            Confidence.CERTAIN,
            f"GRUB found no configuration on {last.server}: "
            f"the last of {count(len(tried), 'name')}, {name(plain_name(last))}, is missing too",
            evidence,
            server=last.server,
            values={"server": str(last.server)},
        )


def _no_first_module(turn: Turn) -> Iterator[Found]:
    """Without normal.mod GRUB does not even look for a configuration: it stops at its rescue prompt."""
    for transfer in refused(turn):
        if base_name(plain_name(transfer)) == b"normal.mod" and not recovered_after(turn, transfer):
            yield Found(
                turn,
                Confidence.CERTAIN,
                f"GRUB found no {name(plain_name(transfer))} on {transfer.server}, "
                "the module that reads its configuration",
                refusal(transfer, answer=NOT_THERE),
                server=transfer.server,
                values={"server": str(transfer.server)},
            )
            return


RULE = Rule(
    id="grub-config-not-found",
    title="GRUB has no configuration file",
    severity=Severity.ERROR,
    step=Step.TFTP,
    check=check,
    reach=Reach.FILES,
    screens=(
        Screen("grub> or grub rescue>; error: file `...' not found; error: variable `root' isn't set", GRUB),
        Screen("grub> or grub rescue>"),
    ),
    causes=(
        "the folder built into GRUB (its prefix) is not where the configuration lies",
        "a distribution's GRUB looks in /EFI/debian or the like, or in /grub, not beside itself",
        "the path is wrong relative to the TFTP server's root",
        "GRUB was started by iPXE and has no network configuration of its own",
    ),
    remedies=(
        *advice("put grub.cfg where the last request asks for it"),
        Remedy(Product.GRUB, "grub-mknetdir --net-directory=/srv/tftp --subdir=grub", "builds a GRUB that looks there"),
        Remedy(
            Product.GRUB,
            "grub-mkstandalone -O x86_64-efi -o grubx64.efi boot/grub/grub.cfg=grub.cfg",
            "builds the configuration into the program",
        ),
    ),
    sources=("GRUB grub-core/normal/main.c and net/net.c, grub_net_search_configfile",),
)
