"""PXELINUX finds none of the names of its configuration.

It asks for a UUID, its MAC, its address digit by digit and `default`, in that order: most are expected to be missing,
and only `default` decides. U-Boot follows the same list, but has other ways to boot after it.
"""

from __future__ import annotations

from collections.abc import Iterator

from pxedebug.diagnose.case import Case, dhcp_of
from pxedebug.diagnose.facts import NOT_THERE, plain_name, recovered_after, refusal, refused
from pxedebug.diagnose.finding import Confidence, Evidence, Found, Severity, cite, cite_each, count, name
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import PXELINUX, U_BOOT, Product, Reach, Remedy, Rule, Screen, Step, advice
from pxedebug.firmware import config_search, is_last_config
from pxedebug.firmware.programs import Program
from pxedebug.track.story import Transfer

__all__ = ["RULE"]

_PATH_OPTIONS = (209, 210)


def check(case: Case, network: Network) -> Iterator[Found]:
    """`default` refused and nothing delivered after it, in this stage or a later one (B-04)."""
    for turn in case.turns:
        tried = [transfer for transfer in refused(turn) if config_search(plain_name(transfer)) == "pxelinux"]
        if not tried or not is_last_config(plain_name(tried[-1])) or recovered_after(turn, tried[-1]):
            continue
        last = tried[-1]
        file = plain_name(last)
        evidence = refusal(last, "the last name of the search", NOT_THERE)
        evidence += cite_each([transfer.first_frame for transfer in tried[:-1]], "tried before it")
        who = "U-Boot" if turn.program is Program.U_BOOT else "PXELINUX"
        yield Found(
            turn,
            Confidence.CERTAIN,
            f"{who} found no configuration on {last.server}: "
            f"the last of {count(len(tried), 'name')}, {name(file)}, is missing too",
            evidence + _paths(case),
            more=_lower_case(tried),
            server=last.server,
            values={"server": str(last.server)},
        )


def _paths(case: Case) -> tuple[Evidence, ...]:
    """The ACK that tells PXELINUX where to look (RFC 5071)."""
    for turn in reversed(case.turns):
        if turn.ack is not None and any(code in dhcp_of(turn.ack).options for code in _PATH_OPTIONS):
            return cite(turn.ack, "sets the configuration's name or path (options 209, 210)")
    return ()


def _lower_case(tried: list[Transfer]) -> str:
    """A server that turns names into lower case never finds the upper-case hexadecimal ones."""
    for transfer in tried:
        base = plain_name(transfer).rpartition(b"/")[2]
        text = transfer.error_message or b""
        if base != base.lower() and base not in text and base.lower() in text:
            return f"The server looked for {name(base.lower())} where {name(base)} was asked for."
    return ""


RULE = Rule(
    id="pxelinux-config-not-found",
    title="PXELINUX has no configuration file",
    severity=Severity.FATAL,
    step=Step.TFTP,
    check=check,
    reach=Reach.FILES,
    screens=(
        Screen("Unable to locate configuration file", PXELINUX),
        Screen("Config file not found", U_BOOT),
        Screen("Unable to locate configuration file"),
    ),
    causes=(
        "the folder `pxelinux.cfg` does not lie beside the boot program (option 210 moves the place)",
        "the file's name is wrong: `01-` and the MAC in lower case with dashes, or the address as upper-case digits",
        "the server turns names into lower case (dnsmasq's tftp-lowercase)",
        "the TFTP server may not read the file and reports that as missing",
    ),
    remedies=(
        *advice(
            "create `pxelinux.cfg/default` in the boot program's folder",
            "or name the file for one machine: `pxelinux.cfg/01-$mac_dashes`",
        ),
        Remedy(Product.DNSMASQ, "dhcp-option-force=210,/bios/", "only where the files lie in another folder"),
        Remedy(
            Product.ISC_DHCPD,
            "option space pxelinux;\noption pxelinux.magic code 208 = string;\n"
            'option pxelinux.pathprefix code 210 = text;\nsite-option-space "pxelinux";\n'
            'option pxelinux.magic f1:00:74:7e;\noption pxelinux.pathprefix "/bios/";',
            "only where the files lie in another folder",
        ),
    ),
    sources=("syslinux core/fs/pxe/pxe.c", "RFC 5071 sections 4 and 5", "U-Boot boot/pxe_utils.c"),
)
