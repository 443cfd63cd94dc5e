"""Where this program and tshark (4.0) differ, frame by frame, each with its reason. No wildcards.

A line that no longer differs fails the tests just as a difference that has no line does.
"""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["DIFFERENCES", "Difference"]


class Difference(NamedTuple):
    """One packet that the two report differently."""

    file: str
    protocol: str
    frame: int
    reason: str


_CUT = "the capture cut the message inside the options; tshark then shows none of it, we show what is there"
_L2TP = "DHCP over PPP inside L2TP: a tunnel that is not decoded here"
_NO_NAME = "a UDP length of 12336 with four bytes in the frame: opcode 1 and no file name, which is no request here"
_ENDIANS = (
    "google__gopacket__pcapgo__tests__be__test012.pcapng",
    "google__gopacket__pcapgo__tests__le__test012.pcapng",
)
_DIAL_UP = "realjimmy__sample-captures__community-shares__l2tp__l2tp vpn PC 拨号 完整过程.pcap"

DIFFERENCES: tuple[Difference, ...] = (
    Difference(_ENDIANS[0], "dhcp", 2, _CUT),
    Difference(_ENDIANS[0], "dhcp", 4, _CUT),
    Difference(_ENDIANS[1], "dhcp", 2, _CUT),
    Difference(_ENDIANS[1], "dhcp", 4, _CUT),
    Difference(_DIAL_UP, "dhcp", 71, _L2TP),
    Difference(_DIAL_UP, "dhcp", 94, _L2TP),
    Difference("the-tcpdump-group__tcpdump__tests__tftp-heapoverflow.pcap", "tftp", 1, _NO_NAME),
)
