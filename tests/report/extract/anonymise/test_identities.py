"""Hardware addresses, UUIDs and client identifiers."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pxedebug.firmware import fingerprint
from pxedebug.report.extract.anonymise import identities as module
from tests.report.extract.anonymise.parts import identities

MAC = bytes.fromhex("3cecef012345")
MACS = st.binary(min_size=6, max_size=6)


@pytest.mark.parametrize(
    "kept",
    ["ffffffffffff", "01005e000001", "3333000000fb", "000000000000", "00005e000101", "00000c07ac05", "00000c9ff001"],
)
def test_groups_virtual_routers_and_no_address_stay(kept: str) -> None:
    assert identities().mac(bytes.fromhex(kept)) == bytes.fromhex(kept)


def test_a_maker_s_block_becomes_a_local_one_and_stays_one_block() -> None:
    who = identities()
    one, other, far = (who.mac(bytes.fromhex(mac)) for mac in ("3cecef012345", "3cecef99aabb", "001122334455"))
    assert one[:3] == other[:3] != far[:3]
    assert all(mac[0] & 3 == 2 for mac in (one, other, far))


def test_the_blocks_that_stay_are_those_that_the_fingerprint_knows() -> None:
    assert module._RASPBERRY_PI == fingerprint._RASPBERRY_PI_BLOCKS  # one table, kept in two places


def test_a_raspberry_pi_s_block_is_read_by_rules_and_stays() -> None:
    new = identities().mac(bytes.fromhex("b827eb123456"))
    assert new[:3] == bytes.fromhex("b827eb")
    assert new[3:] != bytes.fromhex("123456")


@given(st.lists(MACS, unique=True, max_size=50))
def test_cards_of_one_block_never_become_one(cards: list[bytes]) -> None:
    who = identities()
    olds = {b"\x3c\xec\xef" + card[3:] for card in cards}
    assert len({who.mac(old) for old in olds}) == len(olds)


def test_a_uuid_is_the_same_in_both_byte_orders() -> None:
    who = identities()
    old = UUID("b1a5c0de-1234-4abc-9def-0123456789ab")
    assert UUID(bytes=who.uuid(old.bytes)) == UUID(bytes_le=who.uuid(old.bytes_le)) != old


@pytest.mark.parametrize("value", [bytes(16), b"\xff" * 16, b"\x44" * 16])
def test_placeholder_uuids_stay(value: bytes) -> None:
    assert identities().uuid(value) == value


def test_a_uuid_that_ends_in_a_mac_address_ends_in_the_new_one() -> None:
    who = identities()
    new = who.mac(MAC)
    assert who.uuid(bytes(range(10)) + MAC)[10:] == new


def test_client_identifiers_hold_what_was_replaced_elsewhere() -> None:
    who = identities()
    mac, uuid = who.mac(MAC), who.uuid(bytes(range(16)))
    assert who.client_id(b"\1" + MAC) == b"\1" + mac
    assert who.client_id(b"\0" + bytes(range(16))) == b"\0" + uuid
    duid = b"\0\1\0\1" + b"time" + MAC
    identifier = who.client_id(b"\xff" + MAC[2:] + duid)
    assert identifier[1:5] == mac[2:]
    assert identifier[5:9] == duid[:4]
    assert identifier[13:] == mac
    assert who.duid(b"\0\3\0\1" + MAC) == b"\0\3\0\1" + mac
    assert who.duid(b"\0\4" + bytes(range(16))) == b"\0\4" + uuid


@given(st.binary(max_size=40))
def test_every_identifier_keeps_its_length(value: bytes) -> None:
    who = identities()
    for made in (who.client_id(value), who.duid(value), who.mac(value), who.uuid(value), who.ips(value)):
        assert len(made) == len(value)
