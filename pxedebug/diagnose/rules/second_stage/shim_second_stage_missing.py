"""shim does not find the loader that it is to start.

shim asks for several files that may be missing before it asks for its second stage; those count for nothing. It takes
server and folder from the header fields of the reply alone (shim netboot.c): where `siaddr` is zero it asks nobody,
though the firmware found the server in option 54.
"""

from __future__ import annotations

from collections.abc import Iterator

from pxedebug.diagnose.boot_info import told_by
from pxedebug.diagnose.case import Case, Turn, dhcp_of
from pxedebug.diagnose.facts import NOT_THERE, plain_name, quiet_for, refusal, refused, says_missing
from pxedebug.diagnose.finding import Confidence, Found, Severity, cite, name
from pxedebug.diagnose.loaders import is_shim, is_shims_second_stage, next_beginning
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import EDK2, IPXE, Product, Reach, Remedy, Rule, Screen, Step, advice
from pxedebug.firmware import pauses
from pxedebug.firmware.file_names import base_name
from pxedebug.track.clocks import SECOND
from pxedebug.track.story import Transfer

__all__ = ["RULE"]

_AT_ONCE = 30 * SECOND


def check(case: Case, network: Network) -> Iterator[Found]:
    """A shim was delivered; its second stage was refused, or never asked for without a server's address."""
    for turn in case.turns:
        shim = next((transfer for transfer in turn.whole() if is_shim(transfer)), None)
        if shim is None:
            continue
        later = [transfer for transfer in turn.transfers if transfer.started > shim.started]
        asked = [transfer for transfer in later if is_shims_second_stage(plain_name(transfer))]
        missing = [transfer for transfer in refused(turn) if says_missing(transfer) and transfer in asked]
        if missing and not any(transfer in asked for transfer in turn.whole()) and turn.last:
            yield _refused(turn, shim, missing[-1])
        elif not asked and turn.last:
            yield from _never_asked(case, turn, shim, network)


def _refused(turn: Turn, shim: Transfer, missing: Transfer) -> Found:
    evidence = refusal(missing, "shim asks for its second stage", NOT_THERE)
    evidence += cite(shim.first_frame, "shim was loaded here")
    told = told_by(turn)
    if told is not None:
        evidence += cite(told, "names shim and the server")
    folder, asked_in = _folder(plain_name(shim)), _folder(plain_name(missing))
    more = ""
    if folder != asked_in and told is not None and not dhcp_of(told).file.strip(b"\0"):
        more = (
            f"Shim itself lies in {name(folder)}: it takes the folder from the header's file field, not from option 67."
        )
    return Found(
        turn,
        Confidence.CERTAIN,
        f"the server {missing.server} has no {name(plain_name(missing))}, which shim is to start",
        evidence,
        more,
        server=missing.server,
        values={"server": str(missing.server)},
    )


def _folder(file: bytes) -> bytes:
    return file[: len(file) - len(base_name(file))].lstrip(b"/")


def _never_asked(case: Case, turn: Turn, shim: Transfer, network: Network) -> Iterator[Found]:
    told = told_by(turn)
    if told is None or int(dhcp_of(told).siaddr) or turn.transfers[-1] is not shim:
        return
    began = next_beginning(case, network)
    went_on = began is not None and began[0] - shim.ended <= _AT_ONCE
    if not went_on and not quiet_for(case, pauses.FIRST_WORDS):
        return
    yield Found(
        turn,
        Confidence.STRONG if went_on else Confidence.INFERRED,
        "shim was loaded and asked for no second stage: the reply that named it has no next-server (siaddr 0.0.0.0)",
        cite(told, "siaddr is 0.0.0.0") + cite(shim.last_frame, "shim's last block"),
        severity=Severity.ERROR if went_on else Severity.WARNING,
        server=shim.server,
        values={"server": str(shim.server)},
        absence=True,
    )


RULE = Rule(
    id="shim-second-stage-missing",
    title="shim does not find its second stage",
    severity=Severity.FATAL,
    step=Step.TFTP,
    check=check,
    reach=Reach.LOADED,
    screens=(
        Screen("Unable to fetch TFTP image: ..., start_image() returned Not Found, TFTP error 1", EDK2),
        Screen("shim: start_image() returned Not Found", IPXE),
        Screen("start_image() returned Not Found"),
    ),
    causes=(
        "the loader does not lie beside shim on the TFTP server",
        "only option 67 names the file: shim reads the header's file field and asks in the root folder",
        "the reply has no next-server (siaddr 0.0.0.0)",
        "iPXE's shim asks for `ipxe.efi` where `snponly.efi` was put",
    ),
    remedies=(
        Remedy(
            Product.ISC_DHCPD,
            'next-server $server;\nfilename "shimx64.efi";',
            "both are header fields, which shim reads",
        ),
        Remedy(Product.KEA, '"next-server": "$server", "boot-file-name": "shimx64.efi"'),
        Remedy(Product.DNSMASQ, "dhcp-no-override\ndhcp-boot=shimx64.efi,,$server"),
        *advice("put `grubx64.efi` into shim's own folder, and to get by, a copy into the root of the TFTP server"),
    ),
    sources=("shim netboot.c, parseNetbootinfo and FetchNetbootimage", "shim shim.c"),
    next_measurement="capture for 30 s after shim's last block: does the machine ask for `grubx64.efi`, and whom",
)
