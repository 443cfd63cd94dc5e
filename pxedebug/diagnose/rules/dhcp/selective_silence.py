"""The DHCP server answers others and not this client: a rule of its configuration leaves it out."""

from __future__ import annotations

from collections.abc import Iterator

from pxedebug.diagnose.case import Case, dhcp_of
from pxedebug.diagnose.dhcp_facts import (
    BUSY,
    came_after,
    newly_served,
    others_served,
    sent_words,
    unanswered_discovers,
    unlike,
)
from pxedebug.diagnose.facts import absent_for_good, quiet_for
from pxedebug.diagnose.finding import Confidence, Found, Severity, cite, cite_each
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import INTEL, Product, Reach, Remedy, Rule, Screen, Step, advice
from pxedebug.diagnose.shown import NO_OFFER
from pxedebug.firmware import Phase
from pxedebug.wire.packet import format_mac

__all__ = ["RULE"]


def check(case: Case, network: Network) -> Iterator[Found]:
    """A server answers another client's new DISCOVER and none of this client's; what tells the two apart is named.

    Answers that came only after this client had given up do not count: the server may have been started in between.
    Where the server was heard only before, it may have died or run out of addresses since: inferred. Where nothing
    but the machine differs, it takes a newcomer that was served while this client was asking (inferred; else it is
    `pool-exhausted-silence`).
    """
    asked = unanswered_discovers(case)
    turn = case.last
    if len(asked) < 2 or turn.index > 0 or not absent_for_good(case, turn, asked, Phase.DISCOVER):
        return
    if not quiet_for(case, BUSY, asked[0].packet.time):
        return
    mine = dhcp_of(asked[0])
    served = [
        (record, grant, unlike(mine, record.first_discover))
        for record, grant in newly_served(case, network, asked)
        if record.first_discover is not None
    ]
    alike = [each for each in served if not each[2]]
    fit = [each for each in alike if came_after(each[1], asked)] if alike else served
    if not fit:
        return
    record, grant, differs = min(fit, key=lambda each: (len(each[2]), -each[1].time))
    alive = any(each.time >= asked[0].packet.time for _, each in others_served(case, network, asked))
    other = format_mac(record.client.mac)
    words = "; ".join(f"{trait} {own} here and {theirs} there" for trait, (own, theirs) in differs.items())
    discover = next((frame for time, frame in reversed(record.discovers) if time <= grant.time), grant.frame)
    yield Found(
        turn,
        Confidence.STRONG if alive and differs else Confidence.INFERRED,
        f"the DHCP server {grant.server} answers {other} but none of this client's {sent_words(asked)}",
        cite(grant.frame, f"{grant.type} to {other}")
        + cite(discover, "what that client sent")
        + cite_each(asked, "no answer to this"),
        more=f"What differs: {words}." if words else "Nothing but the machines themselves differs.",
        server=grant.server,
        values={"dhcp": str(grant.server)},
        absence=True,
    )


RULE = Rule(
    id="selective-silence",
    title="The DHCP server leaves this client out",
    severity=Severity.ERROR,
    step=Step.DHCP,
    check=check,
    reach=Reach.ASKING,
    screens=(*NO_OFFER, Screen("PXE-E52 or PXE-E53 when only the proxy is silent", INTEL)),
    causes=(
        "the server answers known clients only (WDS, MAAS, Foreman, `deny unknown-clients`, `dhcp-ignore=tag:!known`)",
        "no class rule of the server fits this architecture or vendor class",
        "a filter on MAC addresses leaves it out",
        "the server rejects DISCOVERs without a machine id (option 97), or with an odd one",
        "ConfigMgr knows the device and has nothing deployed to it",
        "the server waits for a larger `secs` (`min-secs`, a backup server)",
        "the pool is empty, or the server stopped in between",
    ),
    remedies=(
        *advice("register the machine with the MAC address $mac where the server keeps its list"),
        Remedy(Product.DNSMASQ, "dhcp-host=$mac,set:known"),
        Remedy(Product.ISC_DHCPD, "host new-client { hardware ethernet $mac; }"),
        Remedy(Product.ISC_DHCPD, "min-secs 0;"),
        Remedy(
            Product.KEA,
            '"reservations": [{"hw-address": "$mac", "hostname": "new-client"}], "reservations-global": true',
        ),
        Remedy(Product.WDS, "wdsutil /Set-Server /AnswerClients:All"),
        Remedy(Product.CONFIGMGR, "Clear Required PXE Deployments", "in the device's menu"),
    ),
    sources=(
        "RFC 2131 section 4.3.1",
        "RFC 4578 sections 2.1 and 2.3",
        "Microsoft: WDS technical reference, Auto-Add policy",
    ),
    next_measurement="read the server's log for this MAC address while the client asks",
)
