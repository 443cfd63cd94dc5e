"""WDS or ConfigMgr makes the machine wait for approval, or sends it away (option 250 on port 4011, abortpxe.com)."""

from __future__ import annotations

from collections.abc import Iterator

from pxedebug.diagnose.case import Case, Turn, dhcp_of
from pxedebug.diagnose.facts import plain_name, quiet_for, seconds, spread, wanted_file
from pxedebug.diagnose.finding import Confidence, Found, Severity, cite, cite_each, count, name
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import EDK2, INTEL, TROUBLED, Product, Reach, Remedy, Rule, Screen, Step, advice
from pxedebug.firmware import pauses
from pxedebug.firmware.file_names import base_name
from pxedebug.track.story import Message, Outcome
from pxedebug.wire.dhcp.windows import WdsOptions

__all__ = ["RULE"]

_WDS = 250
_APPROVAL, _REFERRAL, _ABORT = 1, 3, 5
"""Next actions of option 250, sub-option 2 (Windows SDK, WdsBp.h)."""
_REFERRED_TO = 9
_GIVES_UP = b"abortpxe.com"


def check(case: Case, network: Network) -> Iterator[Found]:
    """The last order on port 4011, or the name of the program that gives up."""
    for turn in case.turns:
        if not turn.proxy_replies:
            continue
        orders = [(reply, order) for reply in turn.proxy_replies if (order := _order(reply)) is not None]
        if orders and not turn.went_on(orders[-1][0].packet.time):
            yield from _ordered(case, turn, orders)
        file = wanted_file(turn)
        if turn.last and file is not None and base_name(file) == _GIVES_UP and turn.boot is not None:
            fetched = [t for t in turn.transfers if plain_name(t) == file]
            server = turn.proxy_replies[-1].packet.source
            yield Found(
                turn,
                Confidence.CERTAIN,
                f"{server} names {name(file)}: it has nothing to deploy to this machine",
                cite(turn.boot.source_frame, "names abortpxe.com")
                + cite_each([transfer.first_frame for transfer in fetched[:1]], "the request for it"),
                server=server,
                values={"server": str(server)},
            )


def _order(reply: Message) -> WdsOptions | None:
    """Option 250 of a server's reply, where it orders something."""
    dhcp = dhcp_of(reply)
    if _WDS not in dhcp.options:
        return None
    value = dhcp.value(_WDS)
    return value if isinstance(value, WdsOptions) and value.next_action is not None else None


def _ordered(case: Case, turn: Turn, orders: list[tuple[Message, WdsOptions]]) -> Iterator[Found]:
    reply, order = orders[-1]
    server = reply.packet.source
    evidence = cite(reply, "the order (option 250)")
    more = f"The server says: {name(order.message.raw)}." if order.message else ""
    if order.next_action == _APPROVAL:
        waiting = [each for each, action in orders if action.next_action == _APPROVAL]
        if len(waiting) < 2:
            return
        request = f" (request {order.request_id})" if order.request_id is not None else ""
        says = f"{server} keeps the machine waiting for approval{request}"
        says += f", asked {count(len(waiting), 'time')} in {seconds(spread(waiting))}"
        evidence += cite_each(waiting[:-1], "the same before")
    elif order.next_action == _ABORT:
        says = f"{server} tells the machine to give up its boot over the network"
    elif order.next_action == _REFERRAL:
        other = order.value(_REFERRED_TO)
        heard = any(not m.from_client and m.packet.source == other for m in turn.messages)
        if other is None or heard or not quiet_for(case, pauses.REFERRAL):
            return
        says = f"{server} sends the machine to {other}, which does not answer"
    else:
        return
    yield Found(
        turn,
        Confidence.CERTAIN,
        says,
        evidence,
        more,
        server=server,
        values={"server": str(server)},
        absence=order.next_action == _REFERRAL,
    )


RULE = Rule(
    id="wds-pending-or-abort",
    title="WDS or ConfigMgr keeps the machine waiting or sends it away",
    severity=Severity.ERROR,
    step=Step.BOOTSERVER,
    check=check,
    reach=Reach.LEASED,
    outcomes=TROUBLED | {Outcome.LOCAL},
    screens=(
        Screen("Pending request ID: n; Contacting server; PXE Boot aborted. Booting to next device", INTEL),
        Screen("PXE-E99: Unexpected network error; PXE-E21: Remote boot cancelled; Pending request ID: n", EDK2),
        Screen("Pending request ID: n; PXE Boot aborted. Booting to next device"),
    ),
    causes=(
        "an administrator has to approve unknown machines",
        "nothing is deployed to this machine, or its deployment has run already (the last PXE advertisement flag)",
        "the server keeps an old answer for the machine (CacheExpire, 60 minutes)",
        "two machines have the same SMBIOS GUID",
    ),
    remedies=(
        Remedy(
            Product.WDS, "wdsutil /Approve-AutoAddDevices /RequestId:ALL", "or in the console, under Pending Devices"
        ),
        Remedy(Product.CONFIGMGR, 'Clear-CMPxeDeployment -DeviceName "..."', "clears the last PXE advertisement"),
        Remedy(Product.CONFIGMGR, "HKLM\\SOFTWARE\\Microsoft\\SMS\\PXE: CacheExpire", "DWORD, minutes"),
        *advice("deploy the task sequence to the machine's collection, or to Unknown Computers"),
    ),
    sources=("Windows SDK, WdsBp.h", "Microsoft: WDS technical reference, Auto-Add policy"),
)
