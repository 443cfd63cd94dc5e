"""Numbers and names of DHCPv6: message types, options and status codes (IANA registry dhcpv6-parameters)."""

from __future__ import annotations

__all__ = ["MESSAGE_TYPES", "OPTION_NAMES", "STATUS_NAMES", "message_type", "option_name"]

MESSAGE_TYPES = {
    1: "SOLICIT",
    2: "ADVERTISE",
    3: "REQUEST",
    4: "CONFIRM",
    5: "RENEW",
    6: "REBIND",
    7: "REPLY",
    8: "RELEASE",
    9: "DECLINE",
    10: "RECONFIGURE",
    11: "INFORMATION-REQUEST",
    12: "RELAY-FORW",
    13: "RELAY-REPL",
    14: "LEASEQUERY",
    15: "LEASEQUERY-REPLY",
    16: "LEASEQUERY-DONE",
    17: "LEASEQUERY-DATA",
    18: "RECONFIGURE-REQUEST",
    19: "RECONFIGURE-REPLY",
    20: "DHCPV4-QUERY",
    21: "DHCPV4-RESPONSE",
}
"""Message types (RFC 8415 section 7.3; 14-17 RFC 5007 and 5460; 18-19 RFC 6977; 20-21 RFC 7341)."""

OPTION_NAMES = {
    1: "Client Identifier",
    2: "Server Identifier",
    3: "Identity Association for Non-temporary Addresses",
    4: "Identity Association for Temporary Addresses",
    5: "IA Address",
    6: "Option Request",
    7: "Preference",
    8: "Elapsed Time",
    9: "Relay Message",
    11: "Authentication",
    12: "Server Unicast",
    13: "Status Code",
    14: "Rapid Commit",
    15: "User Class",
    16: "Vendor Class",
    17: "Vendor-specific Information",
    18: "Interface-Id",
    19: "Reconfigure Message",
    20: "Reconfigure Accept",
    21: "SIP Servers Domain Name List",
    22: "SIP Servers IPv6 Address List",
    23: "DNS Recursive Name Server",
    24: "Domain Search List",
    25: "Identity Association for Prefix Delegation",
    26: "IA Prefix",
    27: "NIS Servers",
    28: "NIS+ Servers",
    29: "NIS Domain Name",
    30: "NIS+ Domain Name",
    31: "SNTP Servers",
    32: "Information Refresh Time",
    33: "BCMCS Server Domain Name List",
    34: "BCMCS Server IPv6 Address List",
    36: "Geographical Location",
    37: "Remote-ID",
    38: "Subscriber-ID",
    39: "Client FQDN",
    40: "PANA Authentication Agent",
    41: "POSIX Time Zone",
    42: "TZ Database Time Zone",
    43: "Echo Request",
    44: "Lease Query",
    45: "Client Data",
    46: "Client Last Transaction Time",
    47: "Lease Query Relay Data",
    48: "Lease Query Client Link",
    56: "NTP Server",
    57: "Access Domain",
    59: "Boot File URL",
    60: "Boot File Parameters",
    61: "Client System Architecture Type",
    62: "Client Network Interface Identifier",
    64: "AFTR Name",
    65: "ERP Local Domain Name",
    66: "Relay Supplied Options",
    68: "Virtual Subnet Selection",
    79: "Client Link-layer Address",
    80: "Link Address",
    82: "SOL_MAX_RT",
    83: "INF_MAX_RT",
    87: "DHCPv4 Message",
    88: "DHCP 4o6 Server Address",
    94: "S46 MAP-E Container",
    95: "S46 MAP-T Container",
    96: "S46 Lightweight 4over6 Container",
    103: "Captive Portal",
    112: "Manufacturer Usage Description URL",
    135: "Relay Source Port",
    136: "SZTP Redirect",
    143: "IPv6 Address Encrypted DNS",
    144: "Encrypted DNS",
    150: "Registered Self-Generated Address",
}
"""Options (RFC 8415 section 21; boot options 59-62: RFC 5970 section 3; 79: RFC 6939)."""

STATUS_NAMES = {
    0: "Success",
    1: "UnspecFail",
    2: "NoAddrsAvail",
    3: "NoBinding",
    4: "NotOnLink",
    5: "UseMulticast",
    6: "NoPrefixAvail",
    7: "UnknownQueryType",
    8: "MalformedQuery",
    9: "NotConfigured",
    10: "NotAllowed",
    11: "QueryTerminated",
}
"""Status codes (RFC 8415 section 21.13; 7-10 RFC 5007, 11 RFC 5460)."""


def message_type(code: int) -> str:
    """The name of a message type, `TYPE-n` where no RFC names it."""
    return MESSAGE_TYPES.get(code, f"TYPE-{code}")


def option_name(code: int) -> str:
    """The name of an option, `Option n` where this table has none."""
    return OPTION_NAMES.get(code, f"Option {code}")
