"""Which client a message belongs to (catalogue 1.2)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tests.track.conversation import Told, changed, kinds, tell, types, unseen
from tests.track.programs import UUID, Six, dnsmasq, edk2, kea, linux, proxy, pxe6, raspberry, relay
from tests.track.scene import NOBODY, Scene, Wire

SENDING_GUID = edk2.with_uuid(UUID).saying(chaddr=UUID)
"""EDK2 that puts its system GUID into chaddr."""


def all_types(told: Told) -> list[str]:
    return types([message for exchange in told.stage.exchanges for message in exchange.messages])


# DHCPv4


def test_the_hardware_address_names_the_client_wherever_the_frame_comes_from() -> None:
    told = tell(edk2.discover(at=0), relay.forward(dnsmasq), dnsmasq.offer(file="x"), relay.back())
    assert told.boot.client.mac == edk2.mac


def test_a_guid_in_chaddr_is_joined_by_the_ethernet_source() -> None:
    told = tell(
        SENDING_GUID.discover(at=0), dnsmasq.offer(file="x"), SENDING_GUID.request(at=4), dnsmasq.ack(),
        SENDING_GUID.fetch("x"), edk2.with_uuid(UUID).afresh(at=300),
    )  # fmt: skip
    assert [boot.client.mac for boot in told.boots] == [edk2.mac, edk2.mac]
    assert all_types(Told(told.wires[:4])) == ["DISCOVER", "OFFER", "REQUEST", "ACK"]
    assert told.boots[0].client.uuid == UUID


def test_a_guid_in_chaddr_that_differs_from_option_97_still_finds_its_answers() -> None:
    """Some firmware swaps the first three fields in one of the two."""
    swapped = SENDING_GUID.saying(chaddr=UUID[3::-1] + UUID[5:3:-1] + UUID[7:5:-1] + UUID[8:])
    told = tell(swapped.discover(at=0), dnsmasq.offer(file="x"), swapped.request(at=4), dnsmasq.ack())
    assert all_types(told) == ["DISCOVER", "OFFER", "REQUEST", "ACK"]
    assert told.boot.client.uuid == UUID


def test_a_guid_of_nobody_in_chaddr_joins_nobody() -> None:
    nobody = [edk2.on(f"52:54:00:00:00:0{n}").saying(chaddr=b"\xff" * 16) for n in range(2)]
    told = tell(*(machine.discover(at=n) for n, machine in enumerate(nobody)))
    assert [boot.client.mac for boot in told.boots] == [machine.mac for machine in nobody]


def test_an_empty_hardware_address_is_told_by_the_ethernet_source() -> None:
    silent = edk2.saying(chaddr=bytes(6))
    assert tell(silent.discover(at=0)).boot.client.mac == edk2.mac


def test_an_offer_that_was_never_taken_gives_no_address_for_good() -> None:
    """Both got the same OFFER; only one took it, and the files are its."""
    other = edk2.on("52:54:00:00:00:01")
    told = tell(
        edk2.discover(at=0), dnsmasq.offer(to=edk2, file="x"), other.discover(at=1), dnsmasq.offer(to=other, file="x"),
        other.request(at=4), dnsmasq.ack(to=other), other.fetch("x"),
    )  # fmt: skip
    assert [(boot.client.mac, len(boot.stages[0].transfers)) for boot in told.boots] == [(edk2.mac, 0), (other.mac, 2)]


def test_what_is_no_dhcp_is_counted() -> None:
    def noise(scene: Scene) -> None:
        scene.say(Wire(0, edk2.mac, b"\xff" * 6, NOBODY, "255.255.255.255", 68, 67, b"hello"))

    told = tell(noise, edk2.discover())
    assert len(told.boots) == 1
    assert [warning.code for warning in told.story.warnings] == ["malformed-dhcp"]


@given(st.binary(max_size=400), st.sampled_from([(68, 67), (67, 68), (4011, 4011), (546, 547), (547, 546)]))
def test_any_bytes_on_dhcp_ports_end_in_a_story(payload: bytes, ports: tuple[int, int]) -> None:
    def noise(scene: Scene) -> None:
        ends = ("fe80::1", "fe80::2") if ports[0] > 500 and ports[0] < 600 else ("10.0.0.1", "10.0.0.2")
        scene.say(Wire(0, edk2.mac, dnsmasq_mac, *ends, *ports, payload))

    dnsmasq_mac = b"\x02\0\0\0\0\x01"
    told = tell(noise, kea_discovers := edk2.on("52:54:00:00:00:09").discover(at=1), kea_discovers)
    told_boots = [boot for boot in told.boots if boot.client.mac.endswith(b"\x09")]
    assert len(told_boots) == 1
    list(told.others)


@given(st.integers(0, 300), st.binary(min_size=1, max_size=8))
def test_a_damaged_message_harms_no_other(at: int, damage: bytes) -> None:
    told = tell(edk2.discover(at=0), linux.on("52:54:00:00:00:02").discover(), dnsmasq.offer())
    payload = told.wires[0].payload
    told.wires[0] = replace(told.wires[0], payload=payload[:at] + damage + payload[at + len(damage) :])
    hurt = Told(told.wires)
    (other,) = [other for other in hurt.others if other.client.mac == bytes.fromhex("525400000002")]
    assert types(other.exchanges[0].messages) == ["DISCOVER", "OFFER"]


# DHCPv6


def test_both_families_are_one_client_by_the_mac_in_the_duid() -> None:
    told = tell(edk2.discover(at=0), edk2.discover(at=4), pxe6.solicit(at=60), pxe6.advertise())
    assert kinds(told.boot) == ["firmware", "firmware"]


def test_both_families_are_one_client_by_the_uuid_of_the_duid() -> None:
    """DUID-UUID (RFC 6355) equals option 97; the Ethernet source is another port's."""
    six = Six(bytes.fromhex("525400000077"), duid=b"\0\4" + UUID)
    told = tell(edk2.with_uuid(UUID).discover(at=0), six.solicit(at=60), six.advertise())
    assert kinds(told.boot) == ["firmware", "firmware"]


def test_a_uuid_in_the_other_byte_order_is_the_same_machine() -> None:
    six = Six(bytes.fromhex("525400000077"), duid=b"\0\4" + UUID[3::-1] + UUID[5:3:-1] + UUID[7:5:-1] + UUID[8:])
    assert len(tell(edk2.with_uuid(UUID).discover(at=0), six.solicit(at=60)).boots) == 1


def test_duids_of_machines_without_a_uuid_join_nobody() -> None:
    machines = [Six(bytes.fromhex(f"52540000000{n}"), duid=b"\0\4" + bytes(16)) for n in (1, 2)]
    told = tell(*(m.solicit(at=n, xid=n) for n, m in enumerate(machines, 1)), machines[0].advertise(at=3, xid=1))
    assert [boot.client.mac for boot in told.boots] == [machine.mac for machine in machines]
    assert types(told.boots[0].stages[0].exchanges[0].messages) == ["SOLICIT", "ADVERTISE"]


def test_a_relayed_client_is_known_by_the_address_that_its_relay_saw() -> None:
    hidden = Six(duid=b"\0\2\0\0\0\x09anything")
    told = tell(hidden.relayed(at=0))
    assert told.boot.client.mac == hidden.mac
    assert len(tell(edk2.discover(at=0), hidden.relayed(at=60)).boots) == 1


def test_an_answer_whose_question_was_not_captured_goes_to_its_destination() -> None:
    six = Six(duid=b"\0\2\0\0\0\x09anything")
    told = tell(unseen(six.solicit(at=0)), six.advertise(url=b"tftp://[fd77::1]/x.efi"))
    assert told.boot.client.mac == six.mac


def test_files_over_ipv6_belong_to_the_client_that_was_given_the_address() -> None:
    told = tell(pxe6.solicit(at=0), pxe6.advertise(), pxe6.request(at=5), pxe6.reply())

    def rrq(scene: Scene) -> None:
        request = b"\0\1x.efi\0octet\0tsize\0" + b"0\0blksize\0" + b"1228\0"
        scene.say(Wire(20, pxe6.mac, b"\x02\0\0\0\0\1", pxe6.given, pxe6.server, 1025, 69, request))

    told = tell(pxe6.solicit(at=0), pxe6.advertise(), pxe6.request(at=5), pxe6.reply(), rrq)
    assert [transfer.file for transfer in told.stage.transfers] == [b"x.efi"]


def test_server_and_proxy_on_one_wire_know_their_own_clients() -> None:
    told = tell(
        edk2.discover(at=0), proxy.offer(), kea.offer(), changed(edk2.request(at=4, of=kea), vlans=(3,)), kea.ack(),
    )  # fmt: skip
    assert len(told.exchange.offers) == 2


# Replies that nobody can take


def misdirected(at: int, value: bytes) -> Callable[[Scene], None]:
    """An OFFER with other bytes in its header."""

    def step(scene: Scene) -> None:
        dnsmasq.offer(file="x")(scene)
        payload = scene.wires[-1].payload
        scene.wires[-1] = replace(scene.wires[-1], payload=payload[:at] + value + payload[at + len(value) :])

    return step


def test_a_reply_to_an_address_that_nobody_has_is_told_by_its_transaction_id() -> None:
    wrong = bytes.fromhex("020304050607")
    assert all_types(tell(edk2.discover(at=0), misdirected(28, wrong))) == ["DISCOVER", "OFFER"]
    assert all_types(tell(edk2.discover(at=0), misdirected(2, b"\0"))) == ["DISCOVER", "OFFER"]


def test_a_reply_to_another_known_client_is_that_clients() -> None:
    other = edk2.on("52:54:00:00:00:99")
    told = tell(other.discover(at=0), edk2.discover(at=0.1), misdirected(28, other.mac))
    assert [types(boot.stages[0].exchanges[0].messages) for boot in told.boots] == [["DISCOVER"], ["DISCOVER"]]


def test_boards_that_all_use_one_transaction_id_are_not_mixed_up() -> None:
    told = tell(raspberry.discover(at=0), misdirected(28, bytes.fromhex("b827eb445566")))
    assert all_types(Told(told.wires[:1])) == ["DISCOVER"]
    assert told.boots[0].client.mac == raspberry.mac
    assert types(told.boots[0].stages[0].exchanges[0].messages) == ["DISCOVER"]


def test_an_offer_that_says_op_1_is_still_a_servers() -> None:
    told = tell(edk2.discover(at=0), misdirected(0, b"\1"))
    assert [message.from_client for message in told.exchange.messages] == [True, False]
