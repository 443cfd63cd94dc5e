"""The proxy's offer does not come through the relay, or the relay does not ask the proxy."""

from __future__ import annotations

from tests.diagnose.proxy_scenes import asks, both_offer
from tests.diagnose.second_stage_scenes import MASK
from tests.diagnose.verdict import diagnose, verdicts
from tests.track.conversation import Told, tell, together
from tests.track.machines import Machine
from tests.track.programs import edk2, intel, kea, proxy, relay
from tests.track.scene import Step

ID = "relay-drops-proxy-offer"
OTHER = intel.on("52:54:00:77:00:99")


def relayed_round(at: float, *, dropped: bool = True, to_proxy: bool = True, client: Machine = edk2) -> Step:
    """A DISCOVER through the relay to both servers; Kea's offer comes back, the proxy's gets as far as the relay."""
    steps = [client.discover(at=at, secs=int(at)), relay.forward(kea)]
    steps += [relay.forward(proxy, of=-2)] if to_proxy else []
    steps += [kea.offer(options=(MASK, *relay.echo)), relay.back()]
    if to_proxy:
        steps += [proxy.offer(file="x.efi", options=relay.echo), *(() if dropped else (relay.back(),))]
    return together(*steps)


def whole(*, dropped: bool = True) -> Told:
    return tell(*(relayed_round(at, dropped=dropped) for at in (0, 4, 12, 28)))


def test_the_proxys_offer_ends_at_the_relay() -> None:
    verdict = diagnose(whole())
    assert (verdict.outcome, verdict.primary, verdict.ids) == ("failed", ID, [ID])
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("fatal", "strong")
    assert verdict.finding(ID).says == (
        "the offer of the proxyDHCP server 10.77.0.3 reaches the relay 10.77.0.254, but not the client, "
        "while that of 10.77.0.2 comes through"
    )


def test_it_comes_through() -> None:
    assert ID not in diagnose(whole(dropped=False)).all_ids


def test_the_relay_asks_one_server_only() -> None:
    served = together(both_offer(OTHER), asks(OTHER, proxy, 4), proxy.proxy_ack(file="x.0"), OTHER.fetch("x.0"))
    _, verdict = verdicts(tell(served, *(relayed_round(at, to_proxy=False) for at in (20, 24, 32, 48))))
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
    assert verdict.finding(ID).says == (
        "the relay 10.77.0.254 sends DISCOVERs to 10.77.0.2 alone, not to the proxyDHCP server 10.77.0.3 "
        "that other clients hear"
    )


def test_the_servers_side_alone_tells_nothing() -> None:
    """Between relay and servers no frame shows what the client got."""
    upstream = [wire for wire in whole().wires if (wire.source_port, wire.target_port) == (67, 67)]
    assert ID not in diagnose(Told(upstream)).all_ids
