"""The report as typed, frozen values: the classes have the names, order and nullability of `pxedebug.report/1`.

Times are integers, nanoseconds since `Capture.first_time`; sizes are bytes; MAC addresses are lower case with
colons; text is escaped as `report.escape` says. Fields whose type admits `UnsetType` are left out of the JSON while
the report has one source; every other key is always present.
"""

from __future__ import annotations

from msgspec import UNSET, Struct, UnsetType, field

__all__ = [
    "SCHEMA", "Boot", "BootInformation", "Capture", "CaptureWarning", "Client", "Content", "Durations", "Evicted",
    "Evidence", "Exchange", "Finding", "Message", "NetworkFinding", "Offer", "OtherClient", "Report", "Source", "Stage",
    "Transfer", "Vantage",
]  # fmt: skip

SCHEMA = "pxedebug.report/1"


class Vantage(Struct, frozen=True, gc=False):
    """What one source could have seen at all."""

    kind: str
    """`both-directions`, `broadcast-only`, `relay-uplink`, `one-direction`, `ports-filtered` or `unknown`."""
    text: str
    """The same in one sentence."""
    unicast_seen: bool
    relayed: bool
    high_ports_seen: bool
    cut_frames: bool


class Source(Struct, frozen=True):
    """One capture file or pipe."""

    name: str
    frames: int
    bytes: int
    """Bytes of the frames as captured."""
    link_types: tuple[str, ...]
    truncated_frames: int
    vantage: Vantage


class CaptureWarning(Struct, frozen=True, gc=False):
    """Something the reader must know about the capture; `code` is kebab-case and stable."""

    code: str
    text: str


class Evicted(Struct, frozen=True, gc=False):
    """What the limits made the engine forget."""

    clients: int
    boots: int
    frames: int


class Capture(Struct, frozen=True):
    """All sources together."""

    sources: tuple[Source, ...]
    first_time: str | None
    """RFC 3339, nine decimals, UTC; null without frames."""
    duration: int | None
    warnings: tuple[CaptureWarning, ...]
    evicted: Evicted


class Client(Struct, frozen=True):
    """A machine and what it said of itself."""

    mac: str | None
    vendor: str | None
    """Who made the network interface, by the IEEE's list."""
    uuid: str | None
    """Option 97 as SMBIOS orders its bytes (first three fields little-endian)."""
    architectures: tuple[int, ...]
    """Option 93 or, for DHCPv6, 61: RFC 4578 section 2.1 and IANA's registry."""
    architecture_name: str | None
    vendor_class: str | None
    user_class: str | None
    addresses: tuple[str, ...]
    relay: str | None
    vlans: tuple[int, ...]


class Durations(Struct, frozen=True, gc=False):
    """Where a boot's time went, nanoseconds."""

    dhcp: int
    dhcp_client_wait: int
    """The part of `dhcp` in which the client held a usable offer and still collected others."""
    proxydhcp: int
    transfer: int
    other: int


class BootInformation(Struct, frozen=True, gc=False):
    """What the client acted on after the ACK and port 4011."""

    server: str | None
    file: str | None
    file_raw: str | None
    source_frame: int
    source: int | UnsetType = UNSET


class Message(Struct, frozen=True, gc=False):
    """One DHCP, BOOTP or DHCPv6 message."""

    frame: int
    time: int
    type: str
    source: str
    """The IP source address."""
    destination: str
    source_port: int
    copy_of: int | None
    """The earliest frame of the same message seen again (mirror, relay)."""
    frame_source: int | UnsetType = UNSET
    """Index into `Capture.sources` of the file that holds `frame` (`source` is an address here)."""
    copy_source: int | UnsetType = UNSET
    """The same for `copy_of`."""


class Offer(Struct, frozen=True, gc=False, rename={"offer_class": "class"}):
    """One OFFER, BOOTREPLY, proxy OFFER or ADVERTISE and what it proposed."""

    frame: int
    server: str | None
    server_mac: str | None
    offer_class: str
    """`class` in JSON: `dhcp-only`, `binl`, `pxe10`, `bootp` or `wfm11a` (EDK2's table)."""
    address: str | None
    lease: int | None
    """Seconds."""
    next_server: str | None
    boot_file: str | None
    proxy: bool
    chosen: bool
    source: int | UnsetType = UNSET


class Exchange(Struct, frozen=True):
    """DHCP messages with one xid, client and server port within one stage."""

    xid: str
    port: int
    complete: bool
    messages: tuple[Message, ...]
    offers: tuple[Offer, ...]


class Content(Struct, frozen=True, gc=False):
    """What the first bytes of a file are."""

    type: str
    detail: str | None


class Transfer(Struct, frozen=True, gc=False):
    """One file, one direction, over TFTP or HTTP; block fields are null for HTTP."""

    protocol: str
    operation: str
    file: str | None
    file_raw: str | None
    server: str
    first_frame: int
    last_frame: int
    started: int
    ended: int
    status: str
    bytes: int
    declared_bytes: int | None
    blocks: int | None
    block_size: int | None
    window_size: int | None
    retransmissions: int | None
    missing_blocks: int | None
    fragmented: bool
    error_code: int | None
    error_message: str | None
    content: Content | None
    source: int | UnsetType = UNSET
    last_source: int | UnsetType = UNSET


class Stage(Struct, frozen=True):
    """One program's turn on the network."""

    kind: str
    method: str | None
    started: int
    ended: int
    boot: BootInformation | None
    exchanges: tuple[Exchange, ...]
    transfers: tuple[Transfer, ...]


class Evidence(Struct, frozen=True, gc=False):
    """A frame that a finding cites, and why."""

    frame: int
    note: str
    source: int | UnsetType = UNSET


class Finding(Struct, frozen=True):
    """One judged fact about a boot."""

    id: str
    severity: str
    confidence: str
    primary: bool
    caused_by: str | None
    title: str
    explanation: str
    evidence: tuple[Evidence, ...]
    screen: tuple[str, ...]
    causes: tuple[str, ...]
    remedies: tuple[str, ...]
    next_measurement: str | None
    group: str | None


class NetworkFinding(Struct, frozen=True):
    """One judged fact about a server that hits several clients."""

    id: str
    severity: str
    confidence: str
    primary: bool
    caused_by: str | None
    title: str
    explanation: str
    evidence: tuple[Evidence, ...]
    screen: tuple[str, ...]
    causes: tuple[str, ...]
    remedies: tuple[str, ...]
    next_measurement: str | None
    group: str | None
    server: str | None
    clients: tuple[str, ...]
    boots: tuple[int, ...]


class Boot(Struct, frozen=True):
    """One power-on as far as the wire shows."""

    id: int
    """From 1, in the order in which the boots of the whole capture began."""
    client: Client
    started: int
    ended: int
    outcome: str
    starts_before_capture: bool
    durations: Durations
    stages: tuple[Stage, ...]
    findings: tuple[Finding, ...]


class OtherClient(Struct, frozen=True):
    """A client whose frames are no network boot."""

    client: Client
    exchanges: tuple[Exchange, ...]
    transfers: tuple[Transfer, ...]


class Report(Struct, frozen=True, kw_only=True):
    """The whole report, `pxedebug.report/1`."""

    schema: str = field(default=SCHEMA)
    capture: Capture
    boots: tuple[Boot, ...]
    other_clients: tuple[OtherClient, ...]
    findings: tuple[NetworkFinding, ...]
