"""Who is who, and that no flood of names grows the registry."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import IPv4Address

import pytest

from pxedebug.track import Limits
from pxedebug.track.clients import ClientLog, ClientRegistry
from pxedebug.wire.frames import endpoint_key
from tests.track.conversation import tell, together, types
from tests.track.programs import UUID, dnsmasq, edk2, linux
from tests.track.servers import Server

FORGED = [edk2.on(f"02:00:00:00:{number >> 8:02x}:{number & 255:02x}") for number in range(400)]


def mac(number: int) -> bytes:
    return number.to_bytes(6, "big")


def registry(clients: int = 10, **limits: int) -> ClientRegistry:
    return ClientRegistry(Limits(clients=clients, **limits))


def test_one_identity_is_one_client() -> None:
    known = registry()
    first = known.client(mac(1), mac(1), 5)
    assert known.client(mac(1), mac(1), 9) is first
    assert (first.first, first.last) == (5, 9)
    assert known.known(mac(2)) is None


def test_times_that_run_backwards_never_move_the_last_one_back() -> None:
    known = registry()
    known.client(mac(1), mac(1), 9)
    assert known.client(mac(1), mac(1), 5).last == 9


def test_the_latest_holder_of_an_address_has_it() -> None:
    known = registry()
    first, second = known.client(mac(1), mac(1), 0), known.client(mac(2), mac(2), 1)
    lease = IPv4Address("10.0.0.9")
    known.bind(first, lease)
    assert known.by_address(lease) is first
    known.bind(second, lease)
    assert known.by_address(lease) is second
    assert first.addresses == second.addresses == [lease]


def test_nobodys_address_is_bound_to_nobody() -> None:
    known = registry()
    known.bind(known.client(mac(1), mac(1), 0), IPv4Address(0))
    assert known.by_address(IPv4Address(0)) is None


@pytest.mark.parametrize("boots_first", [True, False])
def test_the_addresses_of_clients_that_boot_are_interesting(boots_first: bool) -> None:
    known = registry()
    log = known.client(mac(1), mac(1), 0)
    lease = IPv4Address("10.0.0.9")
    steps: list[Callable[[], None]] = [lambda: known.note_boots(log), lambda: known.bind(log, lease)]
    for step in steps if boots_first else steps[::-1]:
        step()
    assert set(known.interesting) == {endpoint_key(lease.packed, 0) >> 16}


def test_the_client_silent_for_longest_is_forgotten() -> None:
    known = registry(clients=10)
    for number in range(1, 11):
        known.client(mac(number), mac(number), number)
    known.client(mac(1), mac(1), 50)
    known.client(mac(11), mac(11), 60)
    assert known.known(mac(2)) is None
    assert known.known(mac(1)) is not None
    assert (len(known), known.evicted_clients) == (10, 1)


def test_a_forgotten_client_leaves_no_name_behind() -> None:
    known = registry(clients=1)
    log = known.client(mac(1), mac(1), 0)
    known.note_boots(log)
    known.bind(log, IPv4Address("10.0.0.9"))
    known.note_uuid(log, UUID)
    known.note_duid(log, b"duid")
    known.client(mac(2), mac(2), 1)
    assert known.by_address(IPv4Address("10.0.0.9")) is None
    assert known.by_uuid(UUID) is None
    assert known.by_duid(b"duid") is None
    assert not known.interesting


def test_a_client_with_ever_new_names_grows_nothing() -> None:
    known = registry(clients=10)
    log = known.client(mac(1), mac(1), 0)
    known.note_boots(log)
    for number in range(1, 2000):
        known.bind(log, IPv4Address(number))
        known.note_uuid(log, number.to_bytes(16, "big"))
        known.note_duid(log, number.to_bytes(16, "big"))
    sizes = [len(known._by_address), len(known._by_uuid), len(known._by_duid), len(known.interesting)]
    assert max(sizes) <= 40
    assert len(log.addresses) <= 64
    assert known.by_address(IPv4Address(1999)) is log, "the newest names are the ones kept"
    assert known.by_uuid((1999).to_bytes(16, "big")) is log


def test_a_flood_of_forged_addresses_is_capped_and_counted() -> None:
    told = tell(*(forged.discover(at=number / 100) for number, forged in enumerate(FORGED)), limits=Limits(clients=50))
    assert len(told.boots) <= 50
    assert told.story.evicted["clients"] == 400 - len(told.boots)
    assert told.boots[-1].client.mac == FORGED[-1].mac


def test_a_client_in_the_middle_of_a_flood_is_told_as_long_as_it_speaks() -> None:
    victim = edk2.on("52:54:00:00:00:01")
    steps = [together(forged.discover(at=number / 10), victim.discover()) for number, forged in enumerate(FORGED[:100])]
    told = tell(*steps, limits=Limits(clients=20))
    (boot,) = [boot for boot in told.boots if boot.client.mac == victim.mac]
    assert len(boot.stages[0].exchanges[0].messages) == 100


def test_messages_of_a_client_are_capped_and_counted() -> None:
    told = tell(*(edk2.discover(at=number / 10) for number in range(10)), limits=Limits(messages_per_client=4))
    assert types(told.exchange.messages) == ["DISCOVER"] * 4
    assert told.story.evicted["frames"] == 6


def test_messages_in_all_are_capped() -> None:
    told = tell(
        *(forged.discover(at=number / 100) for number, forged in enumerate(FORGED)), limits=Limits(messages=100)
    )
    kept = sum(len(exchange.messages) for boot in told.boots for exchange in boot.stages[0].exchanges)
    assert kept <= 100
    assert told.story.evicted["clients"] >= 300


def test_transfers_of_a_client_are_capped_and_counted() -> None:
    begun = together(edk2.discover(at=0), dnsmasq.offer(file="x"), edk2.request(at=4), dnsmasq.ack())
    told = tell(begun, *(edk2.rrq(f"file{n}.efi") for n in range(9)), limits=Limits(transfers_per_client=5))
    assert len(told.transfers) == 5
    assert told.story.evicted["frames"] == 4


def test_boots_are_capped_and_the_oldest_left_out() -> None:
    told = tell(*(edk2.afresh(at=200 * number) for number in range(6)), limits=Limits(boots=4))
    assert len(told.boots) == 4
    assert told.story.evicted["boots"] == 2


def test_a_thousand_offers_to_one_client_bind_a_bounded_number_of_addresses() -> None:
    servers = [Server(gives=f"10.{number >> 8}.{number & 255}.9") for number in range(1000)]
    told = tell(edk2.discover(at=0), *(server.offer(file="x") for server in servers), limits=Limits(clients=20))
    assert len(told.tracker._clients._by_address) <= 80


def test_what_a_client_did_besides_booting_is_told_once() -> None:
    told = tell(linux.discover(at=0), edk2.on("52:54:00:00:00:01").discover())
    assert [other.client.mac for other in told.others] == [linux.mac]
    assert isinstance(next(iter(told.tracker._clients)), ClientLog)
