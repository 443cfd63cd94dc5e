"""One client's messages and transfers in capture order, each transfer judged by what came after it."""

from __future__ import annotations

from pxedebug.track.assemble.events import Event, client_events
from pxedebug.track.clients import ClientLog
from pxedebug.track.limits import Limits
from pxedebug.track.story import Message, Transfer
from tests.track.conversation import Told, tell
from tests.track.programs import dnsmasq, edk2, ipxe, linux, proxy, pxe6


def events(told: Told) -> list[Event]:
    (log,) = told.tracker._clients
    now = told.tracker.now
    return list(client_events(log, lambda time: max(now, time), told.tracker._tftp.settle, hidden=False))


def messages(told: Told) -> list[Message]:
    return [event for event in events(told) if isinstance(event, Message)]


def statuses(told: Told) -> list[str]:
    return [str(event.status) for event in events(told) if isinstance(event, Transfer)]


def test_messages_and_transfers_in_order() -> None:
    told = tell(
        edk2.discover(at=0), dnsmasq.offer(file="x"), edk2.request(at=4), dnsmasq.ack(), edk2.fetch("x"),
        linux.afresh(at=20),
    )  # fmt: skip
    said = [event.type if isinstance(event, Message) else str(event.status) for event in events(told)]
    assert said == ["DISCOVER", "OFFER", "REQUEST", "ACK", "size-probe", "complete", "DISCOVER"]
    times = [event.packet.time if isinstance(event, Message) else event.started for event in events(told)]
    assert times == sorted(times)


def test_which_messages_are_the_clients() -> None:
    told = tell(edk2.discover(at=0), dnsmasq.offer(file="x"), pxe6.solicit(at=60), pxe6.advertise())
    assert [message.from_client for message in messages(told)] == [True, False, True, False]


def test_a_message_that_is_decoded_again_is_the_same() -> None:
    said = edk2.discover(at=0), dnsmasq.offer(file="x"), pxe6.solicit(at=60), pxe6.advertise()
    again = tell(*said, limits=Limits(decoded_options=0))
    assert [logged.dhcp for log in again.tracker._clients for logged in log.messages] == [None] * 4
    assert messages(again) == messages(tell(*said))


def test_the_port_of_an_exchange_is_the_servers() -> None:
    told = tell(
        edk2.discover(at=0), proxy.offer(), dnsmasq.offer(), edk2.request(at=4, of=dnsmasq), dnsmasq.ack(),
        edk2.ask_proxy(proxy), proxy.proxy_ack(), pxe6.solicit(at=60),
    )  # fmt: skip
    assert [message.port for message in messages(told)] == [67, 67, 67, 67, 67, 4011, 4011, 547]


def test_a_client_that_goes_on_settles_its_transfer() -> None:
    """The request got no answer that shows; the iPXE that runs next proves that there was one."""
    begun = [edk2.discover(at=0), dnsmasq.offer(file="x"), edk2.request(at=4), dnsmasq.ack(), edk2.rrq("x", at=5)]
    alone, moved = tell(*begun), tell(*begun, ipxe.afresh(at=6))
    assert statuses(alone) == ["in-progress"]
    assert statuses(moved) == ["unseen"]


def test_an_empty_log_has_no_events() -> None:
    assert client_events(ClientLog(b"", 0, 0), lambda time: time, lambda _: None, hidden=False) == []
