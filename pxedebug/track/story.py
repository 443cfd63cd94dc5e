"""The story of a boot, as values: what `track` hands to diagnosis, reports and the terminal UI.

A client's frames form exchanges and transfers, these form stages (one program's turn on the network), and stages form
a boot (one power-on). All objects are immutable (named tuples: a flood makes a million of them); times are nanoseconds
since the Unix epoch; frames are `wire.batch.frame_ref` integers; absent values are None.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from pxedebug.firmware.programs import Method, OfferClass, Program, StageKind

if TYPE_CHECKING:
    from pxedebug.wire.dhcp import DhcpMessage
    from pxedebug.wire.dhcpv6 import Dhcp6Message
    from pxedebug.wire.dns import DnsMessage
    from pxedebug.wire.neighbours import NeighbourEvent
    from pxedebug.wire.packet import Address, Packet

__all__ = [
    "Attempt", "Boot", "BootInformation", "CaptureWarning", "Client", "Durations", "Exchange", "HttpFacts", "Message",
    "Method", "NameQuery", "Neighbours", "Offer", "OfferClass", "OtherClient", "Outcome", "SeenEvent", "SourceFacts",
    "Stage", "StageKind", "Story", "TftpFacts", "TlsFacts", "Transfer", "TransferStatus", "Vantage", "messages_of",
]  # fmt: skip


class Outcome(StrEnum):
    """How a boot ended as far as the wire shows."""

    BOOTED = "booted"
    FAILED = "failed"
    STALLED = "stalled"
    IN_PROGRESS = "in-progress"
    LOCAL = "local"
    INCONCLUSIVE = "inconclusive"


class TransferStatus(StrEnum):
    """How a transfer ended."""

    COMPLETE = "complete"
    SIZE_PROBE = "size-probe"
    REFUSED = "refused"
    ABORTED = "aborted"
    UNANSWERED = "unanswered"
    STALLED = "stalled"
    UNREACHABLE = "unreachable"
    IN_PROGRESS = "in-progress"
    UNSEEN = "unseen"


class Message(NamedTuple):
    """One DHCP, BOOTP or DHCPv6 message in its frame."""

    packet: Packet
    dhcp: DhcpMessage | Dhcp6Message
    type: str
    """DISCOVER, OFFER, ... without prefix; BOOTREQUEST and BOOTREPLY without option 53; DHCPv6 names by RFC 8415."""
    copy_of: int | None = None
    """The earliest frame of the same message seen again (mirror, relay), else None."""
    from_client: bool = False
    """Sent by a client (or a relay for it), not by a server."""
    port: int = 67
    """The server port of its exchange: 67, 4011 or 547."""


class Offer(NamedTuple):
    """One OFFER (or BOOTREPLY, proxy OFFER, ADVERTISE) and what it proposed."""

    message: Message
    server: Address | None
    """Option 54, else the source address."""
    server_mac: bytes
    offer_class: OfferClass
    address: Address | None
    """yiaddr; None when 0.0.0.0."""
    lease: int | None
    """Seconds (option 51)."""
    next_server: Address | None
    boot_file: bytes | None
    proxy: bool
    chosen: bool


class Exchange(NamedTuple):
    """DHCP messages with the same xid, chaddr and server port within one stage."""

    xid: int
    port: int
    """67, 4011 or 547."""
    messages: tuple[Message, ...]
    offers: tuple[Offer, ...]
    complete: bool


class TftpFacts(NamedTuple):
    """How a TFTP transfer went, for those who ask why; block numbers go on over the roll-over of their 16 bits."""

    mode: bytes = b""
    """Of the request, as sent."""
    request_port: int = 69
    """Where the request went."""
    error_from_client: bool = False
    """The client sent the ERROR that ended it."""
    asked_mac: bytes = b""
    """Where the request went on the link: the server's MAC address or a router's."""
    answered_mac: bytes = b""
    """Where the first answer came from on the link; empty while there is none."""
    answers: tuple[int, ...] = ()
    """Frames of the first packets that came back, until the client chose a server port; orphans' too."""
    answer_ports: tuple[int, ...] = ()
    """The server ports of `answers`, each once."""
    strangers: tuple[tuple[Address, int], ...] = ()
    """Addresses that answered where `Transfer.server` itself did not, and the first frame of each."""
    rival_frame: int | None = None
    """The first DATA from a port that is not the one that the client answers."""
    highest_block: int = 0
    highest_ack: int = -1
    """Highest block acknowledged; 0 answers an OACK, -1 where none was."""
    data_frame: int | None = None
    """The last DATA with a new block."""
    ack_frame: int | None = None
    """The last ACK that moved on."""
    data_tries: int = 0
    """DATA frames since the last block that was higher than all before."""
    repeats: tuple[int, ...] = ()
    """The latest DATA and the latest ACK that were sent again, in order."""
    short_acks: int = 0
    """With a window of more than one block (RFC 7440): ACKs that moved on by less than the window."""
    twins: int = 0
    """Blocks that were sent and acknowledged twice in a row, sooner than any timeout and not by a mirror."""
    twin_block: int = 0
    """The first block of `twins`; 0 where there is none."""
    twin_run: int = 0
    """Blocks from the first to the last of `twins`."""
    twin_frame: int | None = None
    """The first such DATA."""
    fragments: int = 0
    """DATA datagrams that came in IP fragments."""
    fragments_whole: int = 0
    """Those of which every fragment was seen."""
    fragment_size: int = 0
    """IP bytes of the largest first fragment: no more than the MTU on the server's side allows."""
    fragment_frame: int | None = None
    """The first first fragment."""
    server_turnaround: int | None = None
    """Mean time from a packet of the client to the server's answer, nanoseconds; waits over 100 ms do not count."""
    client_turnaround: int | None = None
    """The same from a packet of the server to the client's answer."""


class TlsFacts(NamedTuple):
    """What a TLS connection shows in clear; frames, None for what was not seen."""

    hello: int | None
    """The ClientHello."""
    server_name: bytes | None
    """The name it asks for (RFC 6066 section 3)."""
    version: int
    """The highest version that it offers, as on the wire: 0x0303 is TLS 1.2."""
    answer: int | None
    """The server's first record."""
    alert: int | None
    """The first fatal alert."""
    alert_code: int | None
    """Its description (RFC 8446 section 6)."""
    alert_by_client: bool
    established: bool
    """The client sent application data, as after a handshake that succeeded."""


class HttpFacts(NamedTuple):
    """How an HTTP transfer's connection and heads looked; frames, and None for what was not seen."""

    syns: tuple[int, ...] = ()
    """The client's SYN and its repeats."""
    syn_times: tuple[int, ...] = ()
    accepted: int | None = None
    """The SYN-ACK."""
    round_trip: int | None = None
    """Nanoseconds from the last SYN to the ACK of its SYN-ACK: the same wherever between the two one listens."""
    closed: int | None = None
    """The first FIN or RST of either side."""
    closed_time: int | None = None
    closed_by_client: bool = False
    reset: bool = False
    """`closed` is an RST."""
    sent: int | None = None
    """Bytes of the body before the server's FIN, on the wire or lost; None without a FIN or a whole response head."""
    unreachable: int | None = None
    """An ICMP error about the client's segments."""
    method: str | None = None
    """`GET`, `HEAD`, ...; None where no request was read."""
    range: bytes | None = None
    """The request's Range header."""
    status: int | None = None
    status_frame: int | None = None
    """Where the response head begins."""
    reason: bytes = b""
    location: bytes | None = None
    content_type: bytes | None = None
    content_encoding: bytes | None = None
    content_range: bytes | None = None
    server_software: bytes | None = None
    """The Server header."""
    authenticate: bytes | None = None
    """The WWW-Authenticate or Proxy-Authenticate header."""
    retry_after: bytes | None = None
    first_up: bytes = b""
    """The first bytes of the connection from the client, up to 64."""
    first_down: bytes = b""
    """The same from the server."""
    first_down_frame: int | None = None
    first_data: int | None = None
    """Time of the response head."""
    shut: int = 0
    """Nanoseconds for which the client's window stayed closed at most."""
    shut_frame: int | None = None
    """The segment that closed it then."""
    tls: TlsFacts | None = None


class Transfer(NamedTuple):
    """One file, one direction, over TFTP or HTTP."""

    protocol: str
    """`tftp` or `http`."""
    operation: str
    """`read` or `write`; HTTP HEAD is `head`."""
    file: bytes | None
    """The name as sent (HTTP: the absolute URL as far as Host tells); None when the request was not captured."""
    server: Address
    client: Address
    client_port: int
    server_port: int | None
    """The port that data came from; None while unanswered."""
    first_frame: int
    last_frame: int
    started: int
    ended: int
    """Time of the last frame that moved the transfer."""
    status: TransferStatus
    size: int
    """Bytes of file content seen, each block or byte once."""
    declared_bytes: int | None
    blocks: int
    block_size: int | None
    window_size: int | None
    retransmissions: int
    """Packets sent again by either side; copies that a mirror made do not count."""
    missing_blocks: int
    fragmented: bool
    requests: tuple[int, ...]
    """Frames of the request and its repeats, oldest first."""
    options: tuple[tuple[str, str], ...] = ()
    """TFTP options asked for, in order, as text."""
    answered_options: tuple[tuple[str, str], ...] | None = None
    """Options of the OACK; None when there was none."""
    unanswered_tries: int = 0
    """Sends of the client's last request or ACK that nothing answered, the first included."""
    duplicates: int = 0
    """DATA or ACK frames of blocks already seen that a mirror or the peer sent again."""
    longest_gap: int = 0
    """Longest silence inside the transfer, nanoseconds."""
    error_code: int | None = None
    """TFTP ERROR code or HTTP status."""
    error_message: bytes | None = None
    error_frame: int | None = None
    orphan_ports: tuple[int, ...] = ()
    """Server ports opened by repeated requests that the client never acknowledged (B-08)."""
    content_type: str | None = None
    """What the first bytes are, e.g. `pe`, `bzimage`, `ipxe-script`."""
    content_detail: str | None = None
    head: bytes = b""
    """The first bytes of the file, up to 64 KiB, without holes."""
    user_agent: bytes | None = None
    tftp: TftpFacts | None = None
    """More of a TFTP transfer; None for HTTP."""
    http: HttpFacts | None = None
    """Of HTTP transfers and connection attempts."""


class BootInformation(NamedTuple):
    """What the client acted on after the ACK and port 4011 (catalogue 1.4)."""

    server: Address | None
    file: bytes | None
    source_frame: int


class Stage(NamedTuple):
    """One program's turn on the network."""

    kind: StageKind
    method: Method | None
    started: int
    ended: int
    boot: BootInformation | None
    exchanges: tuple[Exchange, ...]
    transfers: tuple[Transfer, ...]
    program: Program = Program.UNKNOWN
    """Whose tables (`firmware`) tell its clocks and choices."""


class Durations(NamedTuple):
    """Where a boot's time went; nanoseconds."""

    dhcp: int = 0
    """First DHCP message of each run to its ACK."""
    dhcp_client_wait: int = 0
    """The part of `dhcp` in which the client had a usable offer in hand and still collected others."""
    proxydhcp: int = 0
    transfer: int = 0
    other: int = 0


class Client(NamedTuple):
    """A machine, known by its hardware address; the rest are attributes seen on the way."""

    mac: bytes
    """Six bytes, empty when unknown."""
    uuid: bytes | None = None
    """Option 97's 16 bytes in wire order; None when absent, all 00 or all FF."""
    architectures: tuple[int, ...] = ()
    vendor_class: bytes | None = None
    user_class: bytes | None = None
    addresses: tuple[Address, ...] = ()
    relay: Address | None = None
    vlans: tuple[int, ...] = ()
    duid: bytes | None = None


class Attempt(NamedTuple):
    """What one method of firmware did inside a boot, with all the stages that it loaded."""

    stages: tuple[Stage, ...]
    outcome: Outcome
    followed: bool
    """The same client's firmware went on to its next entry, or began anew, soon after."""


class Boot(NamedTuple):
    """One power-on as far as the wire shows."""

    client: Client
    started: int
    ended: int
    outcome: Outcome
    starts_before_capture: bool
    durations: Durations
    stages: tuple[Stage, ...]
    attempts: tuple[Attempt, ...] = ()
    """The stages again, by the method that they belong to."""
    decisive: int = 0
    """Which of `attempts` gave the boot its outcome."""
    seen_until: int = 0
    """Up to when the capture shows what followed; silence after it proves nothing."""


class OtherClient(NamedTuple):
    """A client whose frames are no network boot: a renewal, a switch's upload."""

    client: Client
    exchanges: tuple[Exchange, ...]
    transfers: tuple[Transfer, ...]


class Vantage(NamedTuple):
    """What one source could have seen at all (catalogue 1.3)."""

    kind: str
    """`both-directions`, `broadcast-only`, `relay-uplink`, `ports-filtered`, `one-direction` or `unknown`."""
    text: str
    """One sentence for the report."""
    unicast_seen: bool
    """Unicast answers to clients were seen."""
    relayed: bool
    """Frames with giaddr were seen."""
    high_ports_seen: bool
    """Something besides UDP on DHCP's and TFTP's well-known ports was seen: no filter on ports hides TFTP data."""
    cut_frames: bool
    """The snap length cut frames that mattered."""


class SourceFacts(NamedTuple):
    """What one capture file or pipe was."""

    name: str
    frames: int
    bytes: int
    """Bytes of the frames as captured."""
    link_types: tuple[int, ...]
    truncated_frames: int
    first_time: int | None
    last_time: int | None
    vantage: Vantage


class CaptureWarning(NamedTuple):
    """Something the reader of a report must know about the capture; `code` is kebab-case and stable."""

    code: str
    text: str


class SeenEvent(NamedTuple):
    """One neighbour frame."""

    frame: int
    time: int
    event: NeighbourEvent


class Neighbours(NamedTuple):
    """What ARP, ICMP and the link said around the boots: evidence for diagnosis."""

    resolutions: Mapping[Address, tuple[tuple[SeenEvent, ...], tuple[SeenEvent, ...]]]
    """By address: who asked for its link address, and who answered (ARP, neighbour discovery)."""
    icmp: tuple[SeenEvent, ...]
    """ICMP and ICMPv6 errors, in order."""
    events: Mapping[type, tuple[SeenEvent, ...]]
    """The rest by kind of event: `Bpdu`, `Lacp`, `Lldp`, `RouterAdvertisement` and so on; of `Arp` the announcements,
    in which a host speaks of its own address."""


class NameQuery(NamedTuple):
    """One DNS message of a client that boots, or an answer to it."""

    frame: int
    time: int
    server: Address
    """The name server."""
    message: DnsMessage


class Story(NamedTuple):
    """Everything `track` knows at one moment."""

    sources: tuple[SourceFacts, ...]
    warnings: tuple[CaptureWarning, ...]
    evicted: dict[str, int]
    """`clients`, `boots`, `frames` dropped by the limits."""
    boots: Iterable[Boot]
    """In order of their start. May be iterated again; each pass assembles boot by boot, so that a report of
    50,000 boots never holds them all."""
    others: Iterable[OtherClient]
    """Clients without a network boot, likewise."""
    first_time: int | None
    last_time: int | None
    neighbours: Neighbours = Neighbours({}, (), {})
    presence: Callable[[bytes], tuple[int, int] | None] = lambda _mac: None
    """When a MAC address was first and last heard at all, whatever it sent; None when it was not followed."""
    unheard: Callable[[bytes], bool] = lambda _mac: False
    """No frame of a MAC address was seen, for certain."""
    bystanders: Callable[[int, bytes, int, int], bool | None] = lambda _source, _mac, _since, _until: None
    """Whether a source saw somebody but this MAC address send anything but link control between two times; None where
    that is not known."""
    names: Mapping[Address, tuple[NameQuery, ...]] = MappingProxyType({})
    """DNS queries of clients that boot and the answers to them, in order, by the client's address."""


def messages_of(stage: Stage) -> list[Message]:
    """The DHCP messages of `stage` in capture order, copies left out."""
    if len(stage.exchanges) == 1:
        return [message for message in stage.exchanges[0].messages if message.copy_of is None]
    found = [message for exchange in stage.exchanges for message in exchange.messages if message.copy_of is None]
    found.sort(key=lambda message: (message.packet.time, message.packet.frame))
    return found
