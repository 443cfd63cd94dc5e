"""DHCP and the boot service share a host, and the DHCP server does not say so.

Two programs cannot both listen on port 67, so WDS leaves it to the DHCP server, whose offers must then carry option 60
`PXEClient` for clients to ask port 4011 of the same host.
"""

from __future__ import annotations

from collections.abc import Iterator

from pxedebug.diagnose.boot_info import asks_for_pxe, given_up, pause_after_ack
from pxedebug.diagnose.case import Case
from pxedebug.diagnose.finding import Confidence, Found, Severity, cite
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import EDK2, INTEL, Product, Reach, Remedy, Rule, Screen, Step
from pxedebug.firmware.programs import OfferClass
from pxedebug.track.story import Offer

__all__ = ["RULE"]


def check(case: Case, network: Network) -> Iterator[Found]:
    """Offers without any boot data, of a host that answers other clients on port 4011."""
    turn = case.last
    offers = turn.address_offers
    if not offers or turn.transfers or turn.proxy_offers or turn.proxy_requests:
        return
    if any(offer.boot_file is not None or offer.offer_class is not OfferClass.DHCP_ONLY for offer in offers):
        return
    if not asks_for_pxe(turn) or not given_up(case, turn, pause_after_ack(turn)):
        return
    for offer in offers:
        service = _on_4011(case, network, offer)
        if service is None:
            continue
        yield Found(
            turn,
            Confidence.STRONG,
            f"{offer.server} offers an address without boot data and without option 60, "
            "though it answers other machines on port 4011",
            cite(offer.message, "an address, no option 60, no boot file")
            + cite(service, "the same host answers another machine on port 4011"),
            server=offer.server,
            values={"dhcp": str(offer.server), "server": str(offer.server)},
        )
        return


def _on_4011(case: Case, network: Network, offer: Offer) -> int | None:
    """The frame in which the offer's host answered another client from port 4011."""
    for address in (offer.server, offer.message.packet.source):
        for record, frame in network.answers_on_4011.get(address, ()) if address is not None else ():
            if record.client.mac != case.client.mac:
                return frame
    return None


RULE = Rule(
    id="option60-missing",
    title="The DHCP server does not point to the boot service on its own host",
    severity=Severity.FATAL,
    step=Step.PROXYDHCP,
    check=check,
    reach=Reach.ASKING | Reach.ADDRESSED,
    screens=(
        Screen("PXE-E53: No boot filename received", INTEL),
        Screen("PXE-E16: No valid offer received", EDK2),
        Screen("PXE-E53: No boot filename received"),
    ),
    causes=(
        "WDS was told not to listen on port 67, but option 60 was not added to the DHCP server",
        "the DHCP server adds option 60 for some machines only (a policy or a scope)",
        "WDS and DHCP both try to listen on port 67, and DHCP won",
    ),
    remedies=(
        Remedy(Product.WDS, "wdsutil /Set-Server /UseDhcpPorts:No /DhcpOption60:Yes"),
        Remedy(
            Product.WINDOWS_DHCP,
            "Set-DhcpServerv4OptionValue -ScopeId $subnet -OptionId 60 -Value PXEClient",
            "only where the boot service runs on this very host",
        ),
        Remedy(
            Product.ISC_DHCPD,
            'if substring(option vendor-class-identifier, 0, 9) = "PXEClient" {\n'
            '  option vendor-class-identifier "PXEClient";\n}',
            "only where the boot service runs on this very host",
        ),
        Remedy(
            Product.KEA,
            '"client-classes": [{"name": "pxe", "test": "substring(option[60].hex,0,9) == \'PXEClient\'", '
            '"option-data": [{"name": "vendor-class-identifier", "data": "PXEClient"}]}]',
            "only where the boot service runs on this very host",
        ),
    ),
    sources=("PXE 2.1 section 2.2.3", "Microsoft: WDS deployment guide, configuring DHCP options"),
    next_measurement="capture a machine that boots, on the same network, and compare the two offers",
)
