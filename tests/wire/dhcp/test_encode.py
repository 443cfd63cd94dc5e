"""Building messages, and refusing what does not fit."""

from __future__ import annotations

from ipaddress import IPv4Address

import pytest

from pxedebug.errors import ContractError
from pxedebug.wire.dhcp import MachineId, MessageFields, build_message, decode_message, encode_message, encode_options


def test_typed_and_raw_values_go_in_together() -> None:
    message = decode_message(
        build_message(
            [
                (53, 1),
                (55, (1, 3, 67)),
                (93, (7,)),
                (97, MachineId(0, bytes(range(16)))),
                (60, b"PXEClient"),
                (12, "client"),
                (6, [IPv4Address("10.0.0.1"), IPv4Address("10.0.0.2")]),
            ]
        )
    )
    assert message.options == {
        53: b"\x01",
        55: b"\x01\x03\x43",
        93: b"\x00\x07",
        97: b"\x00" + bytes(range(16)),
        60: b"PXEClient",
        12: b"client",
        6: b"\x0a\x00\x00\x01\x0a\x00\x00\x02",
    }


def test_decoded_values_encode_to_the_bytes_they_came_from() -> None:
    raw = [
        (43, b"\x06\x01\x08\xff"),
        (60, b"PXEClient:Arch:00007:UNDI:003016"),
        (82, b"\x01\x02ab"),
        (119, b"\x01a\x00"),
    ]
    message = decode_message(build_message(raw))
    again = build_message([(code, message.value(code)) for code, _ in raw])
    assert again == message.payload


def test_values_of_more_than_255_bytes_are_split() -> None:
    area = encode_options([(67, bytes(256))])
    assert area == b"\x43\xff" + bytes(255) + b"\x43\x01\x00\xff"


def test_an_empty_value_stands_with_length_zero() -> None:
    assert encode_options([(80, b"")], end=False) == b"\x50\x00"


def test_messages_are_padded_to_bootp_size() -> None:
    assert len(build_message([(53, 1)])) == 300
    assert len(build_message([(53, 1)], pad_to=0)) == 244


def test_plain_bootp_has_no_options() -> None:
    assert (
        encode_message(MessageFields(magic=False, trailing=b"vend")) == encode_message(MessageFields())[:236] + b"vend"
    )


@pytest.mark.parametrize(
    "fields",
    [
        {"chaddr": bytes(17)},
        {"sname": bytes(65)},
        {"file": bytes(129)},
        {"xid": 2**32},
        {"op": 256},
        {"options": ((255, b""),)},
        {"options": ((0, b"x"),)},
        {"options": ((256, b""),)},
    ],
)
def test_what_does_not_fit_is_our_own_fault(fields: dict[str, object]) -> None:
    with pytest.raises(ContractError):
        encode_message(MessageFields()._replace(**fields))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("code", "value"), [(51, "long"), (51, 2**32), (53, -1), (3, "10.0.0.1"), (97, b"x".hex()), (231, 5), (120, ())]
)
def test_a_value_of_the_wrong_kind_is_our_own_fault(code: int, value: object) -> None:
    with pytest.raises(ContractError, match=f"option {code}"):
        build_message([(code, value)])
