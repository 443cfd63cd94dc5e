"""LINKTYPE_ values of capture files and which of them the engine decodes.

Source: https://www.tcpdump.org/linktypes.html; names are those of that list without the prefix, with the everyday
name where there is one.
"""

from __future__ import annotations

from typing import Final

__all__ = ["SUPPORTED", "link_type_name"]  # and every LINKTYPE_ constant, appended below

LINKTYPE_NULL: Final = 0
LINKTYPE_ETHERNET: Final = 1
LINKTYPE_IEEE802_5: Final = 6
LINKTYPE_PPP: Final = 9
LINKTYPE_RAW_BSD: Final = 12
"""DLT_RAW of most systems; files should say 101, some writers do not."""
LINKTYPE_RAW_OPENBSD: Final = 14
"""DLT_RAW of OpenBSD."""
LINKTYPE_PPP_HDLC: Final = 50
LINKTYPE_C_HDLC: Final = 104
LINKTYPE_RAW: Final = 101
LINKTYPE_IEEE802_11: Final = 105
LINKTYPE_LOOP: Final = 108
LINKTYPE_LINUX_SLL: Final = 113
LINKTYPE_IEEE802_11_RADIOTAP: Final = 127
LINKTYPE_PPI: Final = 192
LINKTYPE_IPV4: Final = 228
LINKTYPE_IPV6: Final = 229
LINKTYPE_LINUX_SLL2: Final = 276

__all__ += [name for name in tuple(globals()) if name.startswith("LINKTYPE_")]

SUPPORTED: Final[frozenset[int]] = frozenset(
    {
        LINKTYPE_NULL, LINKTYPE_ETHERNET, LINKTYPE_IEEE802_5, LINKTYPE_PPP, LINKTYPE_RAW_BSD, LINKTYPE_RAW_OPENBSD,
        LINKTYPE_PPP_HDLC, LINKTYPE_RAW, LINKTYPE_C_HDLC, LINKTYPE_IEEE802_11, LINKTYPE_LOOP, LINKTYPE_LINUX_SLL,
        LINKTYPE_IEEE802_11_RADIOTAP, LINKTYPE_PPI, LINKTYPE_IPV4, LINKTYPE_IPV6, LINKTYPE_LINUX_SLL2,
    }
)  # fmt: skip
"""Link types that `wire.frames.decode_batch` decodes; frames of any other are only counted."""

_NAMES: Final[dict[int, str]] = {
    0: "BSD null/loopback (NULL)",
    1: "Ethernet (EN10MB)",
    3: "AX.25 (AX25)",
    6: "Token Ring (IEEE802_5)",
    7: "ARCNET (ARCNET_BSD)",
    8: "SLIP",
    9: "PPP",
    10: "FDDI",
    12: "Raw IP (RAW)",
    14: "Raw IP (RAW)",
    50: "PPP in HDLC framing (PPP_HDLC)",
    51: "PPPoE (PPP_ETHER)",
    100: "ATM LLC (ATM_RFC1483)",
    101: "Raw IP (RAW)",
    104: "Cisco HDLC (C_HDLC)",
    105: "802.11 (IEEE802_11)",
    107: "Frame Relay (FRELAY)",
    108: "OpenBSD loopback (LOOP)",
    113: "Linux cooked (LINUX_SLL)",
    114: "LocalTalk (LTALK)",
    117: "OpenBSD pf log (PFLOG)",
    119: "802.11 with Prism header (IEEE802_11_PRISM)",
    122: "IP over Fibre Channel (IP_OVER_FC)",
    123: "ATM (SUNATM)",
    127: "802.11 with radiotap (IEEE802_11_RADIOTAP)",
    129: "ARCNET (ARCNET_LINUX)",
    138: "IP over IEEE 1394 (APPLE_IP_OVER_IEEE1394)",
    140: "SS7 MTP2 (MTP2)",
    147: "private use (USER0)",
    149: "private use (USER2)",
    162: "private use (USER15)",
    163: "802.11 with AVS header (IEEE802_11_AVS)",
    166: "PPP with direction (PPP_PPPD)",
    187: "Bluetooth HCI (BLUETOOTH_HCI_H4)",
    189: "USB (USB_LINUX)",
    192: "PPI",
    195: "802.15.4 (IEEE802_15_4_WITHFCS)",
    201: "Bluetooth HCI (BLUETOOTH_HCI_H4_WITH_PHDR)",
    204: "PPP with direction (PPP_WITH_DIR)",
    220: "USB (USB_LINUX_MMAPPED)",
    227: "CAN bus (CAN_SOCKETCAN)",
    228: "Raw IPv4 (IPV4)",
    229: "Raw IPv6 (IPV6)",
    230: "802.15.4 (IEEE802_15_4_NOFCS)",
    231: "D-Bus (DBUS)",
    239: "Linux netfilter log (NFLOG)",
    240: "Hilscher netANALYZER (NETANALYZER)",
    242: "IP over InfiniBand (IPOIB)",
    247: "InfiniBand (INFINIBAND)",
    249: "USB (USBPCAP)",
    251: "Bluetooth LE (BLUETOOTH_LE_LL)",
    252: "Wireshark upper PDU (WIRESHARK_UPPER_PDU)",
    253: "Linux netlink (NETLINK)",
    254: "Bluetooth monitor (BLUETOOTH_LINUX_MONITOR)",
    258: "Apple packet tap (PKTAP)",
    264: "ISO 14443",
    271: "vsock (VSOCK)",
    274: "Ethernet with preamble (ETHERNET_MPACKET)",
    276: "Linux cooked v2 (LINUX_SLL2)",
}


def link_type_name(value: int) -> str:
    """A readable name of a LINKTYPE_ value, `LINKTYPE_147` style where the list has none here."""
    return _NAMES.get(value, f"LINKTYPE_{value}")
