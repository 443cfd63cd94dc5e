"""Which option has which format: the one table that decoding, encoding and describing go by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pxedebug.errors import ContractError
from pxedebug.wire.dhcp.areas import Area, Instance
from pxedebug.wire.dhcp.basic import (
    AddressCodec,
    AddressesOrTextCodec,
    AddressListCodec,
    AddressPairsCodec,
    EmptyCodec,
    FlagCodec,
    IntegerCodec,
    IntegerListCodec,
    OpaqueCodec,
    TextCodec,
)
from pxedebug.wire.dhcp.codec import Codec, Undecoded
from pxedebug.wire.dhcp.identity import (
    ArchitecturesCodec,
    ClientIdCodec,
    MachineIdCodec,
    NetworkInterfaceIdCodec,
    UserClassCodec,
)
from pxedebug.wire.dhcp.ipxe import EtherbootCodec
from pxedebug.wire.dhcp.names import option_name
from pxedebug.wire.dhcp.network import (
    ClasslessRoutesCodec,
    ClientFqdnCodec,
    DomainListCodec,
    SipServersCodec,
    UriListCodec,
)
from pxedebug.wire.dhcp.protocol import (
    AuthenticationCodec,
    MessageTypeCodec,
    OverloadCodec,
    PxelinuxMagicCodec,
    RequestedOptionsCodec,
    StatusCodeCodec,
)
from pxedebug.wire.dhcp.pxe import PxeVendorCodec, PxeVendorOptions
from pxedebug.wire.dhcp.relay import RelayAgentCodec
from pxedebug.wire.dhcp.suboptions import SubOptionSpec, decode_or_undecoded, option_line
from pxedebug.wire.dhcp.vendor import (
    EnterpriseDataCodec,
    EnterpriseOptionsCodec,
    SubnetAllocationCodec,
    SubnetSelectionCodec,
)
from pxedebug.wire.dhcp.vendor_class import VendorClassCodec, is_pxe_class
from pxedebug.wire.dhcp.windows import ProxyOrBcdCodec, WdsCodec
from pxedebug.wire.optionline import OptionLine

__all__ = ["CODECS", "PXE_VENDOR", "decode_option", "describe_options", "encode_option", "option_codec"]

_VENDOR_SPECIFIC = 43
_ADDRESS = AddressCodec()
_ADDRESSES = AddressListCodec()
_BYTE = IntegerCodec(1)
_FLAG = FlagCodec()
_NUMBER = IntegerCodec(4)
_OPAQUE = OpaqueCodec()
_ROUTES = ClasslessRoutesCodec()
_SECONDS = IntegerCodec(4, "s")
_SIZE = IntegerCodec(2, "bytes")
_TEXT = TextCodec()

PXE_VENDOR = PxeVendorCodec()
"""Option 43 where the vendor class is PXEClient."""

CODECS: dict[int, Codec[Any]] = {
    1: _ADDRESS,
    2: IntegerCodec(4, "s", signed=True),
    **dict.fromkeys(range(3, 12), _ADDRESSES),
    12: _TEXT,
    13: IntegerCodec(2, "blocks of 512 bytes"),
    14: _TEXT,
    15: _TEXT,
    16: _ADDRESS,
    17: _TEXT,
    18: _TEXT,
    19: _FLAG,
    20: _FLAG,
    21: AddressPairsCodec("mask"),
    22: _SIZE,
    23: _BYTE,
    24: _SECONDS,
    25: IntegerListCodec(2),
    26: _SIZE,
    27: _FLAG,
    28: _ADDRESS,
    29: _FLAG,
    30: _FLAG,
    31: _FLAG,
    32: _ADDRESS,
    33: AddressPairsCodec("via"),
    34: _FLAG,
    35: _SECONDS,
    36: _FLAG,
    37: _BYTE,
    38: _SECONDS,
    39: _FLAG,
    40: _TEXT,
    41: _ADDRESSES,
    42: _ADDRESSES,
    44: _ADDRESSES,
    45: _ADDRESSES,
    46: IntegerCodec(1, names={1: "B-node", 2: "P-node", 4: "M-node", 8: "H-node"}),
    47: _TEXT,
    48: _ADDRESSES,
    49: _ADDRESSES,
    50: _ADDRESS,
    51: IntegerCodec(4, "s", names={0xFFFFFFFF: "infinite"}),
    52: OverloadCodec(),
    53: MessageTypeCodec(),
    54: _ADDRESS,
    55: RequestedOptionsCodec(),
    56: _TEXT,
    57: _SIZE,
    58: _SECONDS,
    59: _SECONDS,
    60: VendorClassCodec(),
    61: ClientIdCodec(),
    62: _TEXT,
    64: _TEXT,
    65: _ADDRESSES,
    66: _TEXT,
    67: _TEXT,
    68: AddressListCodec(may_be_empty=True),
    **dict.fromkeys(range(69, 77), _ADDRESSES),
    77: UserClassCodec(),
    80: EmptyCodec(),
    81: ClientFqdnCodec(),
    82: RelayAgentCodec(),
    85: _ADDRESSES,
    86: _TEXT,
    87: _TEXT,
    88: DomainListCodec(),
    89: _ADDRESSES,
    90: AuthenticationCodec(),
    91: _SECONDS,
    92: _ADDRESSES,
    93: ArchitecturesCodec(),
    94: NetworkInterfaceIdCodec(),
    95: _TEXT,
    97: MachineIdCodec(),
    98: _TEXT,
    100: _TEXT,
    101: _TEXT,
    108: _SECONDS,
    112: _ADDRESSES,
    113: _TEXT,
    114: _TEXT,
    116: IntegerCodec(1, names={0: "do not configure yourself", 1: "configure yourself"}),
    117: IntegerListCodec(2, names={0: "local", 6: "DNS", 41: "NIS", 44: "NetBIOS", 65: "NIS+"}),
    118: _ADDRESS,
    119: DomainListCodec(),
    120: SipServersCodec(),
    121: _ROUTES,
    124: EnterpriseDataCodec(),
    125: EnterpriseOptionsCodec(),
    136: _ADDRESSES,
    137: DomainListCodec(),
    138: _ADDRESSES,
    141: DomainListCodec(),
    142: _ADDRESSES,
    143: UriListCodec(),
    150: AddressesOrTextCodec(),
    151: StatusCodeCodec(),
    152: _NUMBER,
    153: _SECONDS,
    154: _NUMBER,
    155: _NUMBER,
    156: _BYTE,
    157: _BYTE,
    161: _TEXT,
    175: EtherbootCodec(),
    201: _TEXT,
    202: _TEXT,
    203: _TEXT,
    208: PxelinuxMagicCodec(),
    209: _TEXT,
    210: _TEXT,
    211: _SECONDS,
    213: DomainListCodec(),
    220: SubnetAllocationCodec(),
    221: SubnetSelectionCodec(),
    249: _ROUTES,
    250: WdsCodec(),
    252: ProxyOrBcdCodec(),
}
"""Formats by option code; an option that is not here is opaque bytes. Option 43 depends on the vendor class."""


def option_codec(code: int, vendor_class: bytes | None = None) -> Codec[Any]:
    """The format of option `code` in a message of this vendor class (option 60; decides what option 43 holds)."""
    if code == _VENDOR_SPECIFIC and is_pxe_class(vendor_class):
        return PXE_VENDOR
    return CODECS.get(code, _OPAQUE)


def decode_option(code: int, raw: bytes, vendor_class: bytes | None = None) -> object:
    """The typed value of an option's data; `Undecoded` where the bytes do not fit its format."""
    return decode_or_undecoded(option_codec(code, vendor_class), raw)


def encode_option(code: int, value: object, vendor_class: bytes | None = None) -> bytes:
    """The data of an option from its typed value; bytes and `Undecoded` are taken as they are.

    Raises:
        ContractError: the value is not what the option's format takes.
    """
    if isinstance(value, bytes):
        return value
    if isinstance(value, Undecoded):
        return value.raw
    codec: Codec[Any] = PXE_VENDOR if isinstance(value, PxeVendorOptions) else option_codec(code, vendor_class)
    wrong = f"{value!r} is no value of option {code} ({option_name(code)})"
    try:
        raw = codec.encode(value)
    except (AttributeError, IndexError, OverflowError, TypeError, ValueError) as error:
        raise ContractError(f"{wrong}: {error}") from error
    if not isinstance(raw, bytes):
        raise ContractError(wrong)
    return raw


def describe_options(
    instances: Sequence[Instance], options: Mapping[int, bytes], vendor_class: bytes | None = None
) -> tuple[OptionLine, ...]:
    """One line for each option in the order of first occurrence; those that were joined from several parts say so."""
    parts: dict[int, list[Instance]] = {}
    for instance in instances:
        parts.setdefault(instance.code, []).append(instance)
    return tuple(_describe(code, options[code], found, vendor_class) for code, found in parts.items())


def _describe(code: int, raw: bytes, parts: list[Instance], vendor_class: bytes | None) -> OptionLine:
    codec = option_codec(code, vendor_class)
    read = parts[0].value if codec.size is not None and codec.size != len(raw) else raw
    line = option_line(code, SubOptionSpec(option_name(code), codec), raw, decode_or_undecoded(codec, read))
    notes = [f"in {len(parts)} parts"] if len(parts) > 1 else []
    notes += [f"in the {area} field" for area in dict.fromkeys(part.area for part in parts) if area is not Area.OPTIONS]
    return line._replace(text=f"{line.text} [{', '.join(notes)}]") if notes else line
