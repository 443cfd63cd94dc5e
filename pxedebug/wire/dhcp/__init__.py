"""DHCPv4 and BOOTP: messages, every option that matters to a network boot, and the way back to bytes.

In comes the payload of a UDP datagram from port 67, 68 or 4011; out goes a `DhcpMessage` whose options are raw bytes
until `value` or `describe` asks for more, or `MalformedFrame`. Each format has decode, encode and text side by side,
in a file by family: `basic`, `identity` (61, 77, 93, 94, 97), `vendor_class` (60), `network`, `protocol`, `pxe` (43),
`relay` (82), `ipxe` (175), `vendor`, `windows`; `registry` says which option has which.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from pxedebug.wire.dhcp.architectures import (
    ARCHITECTURES,
    architecture_family,
    architecture_name,
    is_bios,
    is_http,
    is_u_boot,
    is_uefi,
)
from pxedebug.wire.dhcp.areas import Area, Instance
from pxedebug.wire.dhcp.message import UNSPECIFIED, DhcpMessage, MessageFields, decode_message
from pxedebug.wire.dhcp.message_types import MessageType, message_type_name
from pxedebug.wire.optionline import OptionLine

if TYPE_CHECKING:
    from pxedebug.wire.dhcp.codec import Codec, Text, Undecoded
    from pxedebug.wire.dhcp.encode import build_message, encode_message, encode_options
    from pxedebug.wire.dhcp.identity import ClientId, MachineId, NetworkInterfaceId, UserClass
    from pxedebug.wire.dhcp.ipxe import BusId, EtherbootOptions
    from pxedebug.wire.dhcp.names import option_name
    from pxedebug.wire.dhcp.network import ClasslessRoute, ClientFqdn
    from pxedebug.wire.dhcp.protocol import Authentication, StatusCode
    from pxedebug.wire.dhcp.pxe import (
        BootItem,
        BootServer,
        DiscoveryControl,
        MenuItem,
        MenuPrompt,
        MtftpPort,
        MulticastAllocation,
        PxeVendorOptions,
        boot_server_type_name,
    )
    from pxedebug.wire.dhcp.registry import decode_option, encode_option, option_codec
    from pxedebug.wire.dhcp.relay import RelayAgentInformation
    from pxedebug.wire.dhcp.suboptions import SubOption, SubOptions
    from pxedebug.wire.dhcp.vendor import EnterpriseData, EnterpriseOptions, SubnetAllocation, SubnetSelection
    from pxedebug.wire.dhcp.vendor_class import VendorClass, is_pxe_class
    from pxedebug.wire.dhcp.windows import WdsOptions

__all__ = [
    "ARCHITECTURES", "UNSPECIFIED", "Area", "Authentication", "BootItem", "BootServer", "BusId", "ClasslessRoute",
    "ClientFqdn", "ClientId", "Codec", "DhcpMessage", "DiscoveryControl", "EnterpriseData", "EnterpriseOptions",
    "EtherbootOptions", "Instance", "MachineId", "MenuItem", "MenuPrompt", "MessageFields", "MessageType",
    "MtftpPort", "MulticastAllocation", "NetworkInterfaceId", "OptionLine", "PxeVendorOptions",
    "RelayAgentInformation", "StatusCode", "SubOption", "SubOptions", "SubnetAllocation", "SubnetSelection", "Text",
    "Undecoded", "UserClass", "VendorClass", "WdsOptions", "architecture_family", "architecture_name",
    "boot_server_type_name", "build_message", "decode_message", "decode_option", "encode_message", "encode_option",
    "encode_options", "is_bios", "is_http", "is_pxe_class", "is_u_boot", "is_uefi", "message_type_name",
    "option_codec", "option_name",
]  # fmt: skip

_MODULES = {
    "codec": ("Codec", "Text", "Undecoded"),
    "encode": ("build_message", "encode_message", "encode_options"),
    "identity": ("ClientId", "MachineId", "NetworkInterfaceId", "UserClass"),
    "ipxe": ("BusId", "EtherbootOptions"),
    "names": ("option_name",),
    "network": ("ClasslessRoute", "ClientFqdn"),
    "protocol": ("Authentication", "StatusCode"),
    "pxe": (
        "BootItem",
        "BootServer",
        "DiscoveryControl",
        "MenuItem",
        "MenuPrompt",
        "MtftpPort",
        "MulticastAllocation",
        "PxeVendorOptions",
        "boot_server_type_name",
    ),
    "registry": ("decode_option", "encode_option", "option_codec"),
    "relay": ("RelayAgentInformation",),
    "suboptions": ("SubOption", "SubOptions"),
    "vendor": ("EnterpriseData", "EnterpriseOptions", "SubnetAllocation", "SubnetSelection"),
    "vendor_class": ("VendorClass", "is_pxe_class"),
    "windows": ("WdsOptions",),
}
"""What is loaded when it is first asked for: following a boot needs no codec, and start-up counts."""
_LAZY = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> object:
    """Load the codecs on demand (PEP 562)."""
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_LAZY[name]}"), name)
