"""Hand-made stories: a boot in a few lines, with real messages behind it."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address

from pxedebug.firmware.programs import Method, OfferClass, StageKind
from pxedebug.track.story import (
    Boot,
    BootInformation,
    CaptureWarning,
    Client,
    Durations,
    Exchange,
    Message,
    Offer,
    OtherClient,
    Outcome,
    SourceFacts,
    Stage,
    Story,
    Transfer,
    TransferStatus,
    Vantage,
)
from pxedebug.wire.dhcp import build_message, decode_message
from pxedebug.wire.packet import Address, Packet

MAC = bytes.fromhex("525400770020")
SERVER = IPv4Address("10.77.0.1")
ADDRESS = IPv4Address("10.77.0.131")
BROADCAST = IPv4Address("255.255.255.255")
ANY = IPv4Address("0.0.0.0")
XID = 0xFB56CA37
EPOCH = 1_795_256_553_000_000_000
"""Nanoseconds of the first frame of every story here: 2026-11-21T10:22:33Z."""

_TYPES = {"DISCOVER": 1, "OFFER": 2, "REQUEST": 3, "DECLINE": 4, "ACK": 5, "NAK": 6, "RELEASE": 7, "INFORM": 8}
_FROM_SERVER = {"OFFER", "ACK", "NAK"}
PXE_CLASS = b"PXEClient:Arch:00007:UNDI:003001"


def at(seconds: float) -> int:
    """A time of the story."""
    return EPOCH + round(seconds * 1_000_000_000)


def message(
    kind: str,
    frame: int,
    seconds: float,
    *,
    options: Iterable[tuple[int, object]] = (),
    source: Address | None = None,
    destination: Address | None = None,
    port: int = 67,
    copy_of: int | None = None,
    **header: object,
) -> Message:
    """A DHCP message as the client or the server would send it."""
    from_server = kind in _FROM_SERVER
    payload = build_message(
        [(53, bytes([_TYPES[kind]])), *options], op=2 if from_server else 1, xid=XID, chaddr=MAC, **header
    )
    packet = Packet(
        frame=frame,
        time=at(seconds),
        source=source or (SERVER if from_server else ANY),
        destination=destination or BROADCAST,
        source_port=port if from_server else 68,
        destination_port=68 if from_server else port,
        source_mac=MAC,
        destination_mac=b"\xff" * 6,
        vlans=(),
        interface=0,
        ttl=64,
        ip_id=frame,
        payload=payload,
        length=len(payload),
    )
    return Message(packet, decode_message(payload), kind, copy_of)


def offer(told: Message, file: bytes | None = b"grubx64.efi", **changes: object) -> Offer:
    """What the OFFER `told` proposed."""
    values: dict[str, object] = {
        "message": told,
        "server": SERVER,
        "server_mac": bytes.fromhex("020000000001"),
        "offer_class": OfferClass.DHCP_ONLY,
        "address": ADDRESS,
        "lease": 3600,
        "next_server": SERVER,
        "boot_file": file,
        "proxy": False,
        "chosen": True,
    }
    return Offer(**values | changes)


def exchange(*messages: Message, offers: Iterable[Offer] = (), port: int = 67, complete: bool = True) -> Exchange:
    """Messages of one xid."""
    return Exchange(XID, port, messages, tuple(offers), complete)


def dora(file: bytes | None = b"grubx64.efi", first_frame: int = 6) -> Exchange:
    """DISCOVER, OFFER, REQUEST, ACK as OVMF does them: the REQUEST waits out the offer window."""
    options = [] if file is None else [(67, file)]
    discover = message("DISCOVER", first_frame, 0.0, options=[(60, PXE_CLASS), (93, b"\0\7")])
    offered = message("OFFER", first_frame + 7, 3.005, options=options, yiaddr=ADDRESS)
    request = message("REQUEST", first_frame + 8, 3.936, options=[(50, ADDRESS.packed), (54, SERVER.packed)])
    ack = message("ACK", first_frame + 9, 3.937, options=options, yiaddr=ADDRESS)
    return exchange(discover, offered, request, ack, offers=[offer(offered, file)])


def transfer(
    file: bytes | None = b"grubx64.efi",
    frame: int = 18,
    seconds: float = 3.942,
    took: float = 0.5,
    status: TransferStatus = TransferStatus.COMPLETE,
    **changes: object,
) -> Transfer:
    """A TFTP read of 2 MiB in 1468-byte blocks unless `changes` say otherwise."""
    moved = status in (TransferStatus.COMPLETE, TransferStatus.STALLED, TransferStatus.IN_PROGRESS)
    values: dict[str, object] = {
        "protocol": "tftp",
        "operation": "read",
        "file": file,
        "server": SERVER,
        "client": ADDRESS,
        "client_port": 1856,
        "server_port": 40001,
        "first_frame": frame,
        "last_frame": frame + (2000 if moved else 1),
        "started": at(seconds),
        "ended": at(seconds + took),
        "status": status,
        "size": 2 << 20 if moved else 0,
        "declared_bytes": 2 << 20,
        "blocks": 1429 if moved else 0,
        "block_size": 1468,
        "window_size": None,
        "retransmissions": 0,
        "missing_blocks": 0,
        "fragmented": False,
        "requests": (frame,),
    }
    return Transfer(**values | changes)


def refused(file: bytes = b"grubx64.efi", frame: int = 18, seconds: float = 3.942, **changes: object) -> Transfer:
    """An RRQ that the server answered with ERROR 1."""
    values: dict[str, object] = {
        "error_code": 1,
        "error_message": b"file not found",
        "error_frame": frame + 1,
        "declared_bytes": None,
    }
    return transfer(file, frame, seconds, 0.001, TransferStatus.REFUSED, **values | changes)


def stage(
    exchanges: Iterable[Exchange] = (),
    transfers: Iterable[Transfer] = (),
    *,
    kind: StageKind = StageKind.FIRMWARE,
    method: Method | None = Method.PXE_V4,
    file: bytes | None = b"grubx64.efi",
) -> Stage:
    """One program's turn."""
    told = None if file is None else BootInformation(SERVER, file, 15)
    return Stage(kind, method, EPOCH, at(10), told, tuple(exchanges), tuple(transfers))


def client(**changes: object) -> Client:
    """A UEFI virtual machine."""
    values: dict[str, object] = {
        "mac": MAC,
        "uuid": bytes(range(16)),
        "architectures": (7,),
        "vendor_class": PXE_CLASS,
        "addresses": (ADDRESS,),
    }
    return Client(**values | changes)


def boot(*stages: Stage, outcome: Outcome = Outcome.FAILED, **changes: object) -> Boot:
    """One power-on."""
    values: dict[str, object] = {
        "client": client(),
        "started": EPOCH,
        "ended": at(10),
        "outcome": outcome,
        "starts_before_capture": False,
        "durations": Durations(dhcp=3_937_000_000, dhcp_client_wait=931_000_000, transfer=1_000_000),
        "stages": stages,
    }
    return Boot(**values | changes)


def source(name: str = "boot.pcap", **changes: object) -> SourceFacts:
    """One capture file that saw everything."""
    values: dict[str, object] = {
        "name": name,
        "frames": 1204,
        "bytes": 1_000_000,
        "link_types": (1,),
        "truncated_frames": 0,
        "first_time": EPOCH,
        "last_time": at(63.2),
        "vantage": Vantage("both-directions", "This point saw both directions.", True, False, True, False),
    }
    return SourceFacts(**values | changes)


def story(*boots: Boot, others: Iterable[OtherClient] = (), **changes: object) -> Story:
    """A capture with these boots."""
    values: dict[str, object] = {
        "sources": (source(),),
        "warnings": (),
        "evicted": {"clients": 0, "boots": 0, "frames": 0},
        "boots": boots,
        "others": tuple(others),
        "first_time": EPOCH,
        "last_time": at(63.2),
    }
    return Story(**values | changes)


def missing_file(file: bytes = b"grubx64.efi") -> Boot:
    """The commonest failure: the server has no such file."""
    return boot(stage([dora(file)], [refused(file)], file=file))


def healthy() -> Boot:
    """Firmware loads iPXE, which loads a kernel and an initrd."""
    probe = transfer(b"ipxe.efi", 18, 3.942, 0.01, TransferStatus.SIZE_PROBE)
    firmware = stage([dora(b"ipxe.efi")], [probe, transfer(b"ipxe.efi", 24, 3.96, 0.4)], file=b"ipxe.efi")
    files = [
        transfer(b"boot/vmlinuz", 2100, 8.0, 3.0, content_type="bzimage", content_detail="6.1.0-28-amd64"),
        transfer(b"boot/initrd.img", 4200, 11.0, 61.0, block_size=512, size=50 << 20, retransmissions=3),
    ]
    ipxe = stage([], files, kind=StageKind.IPXE, file=b"boot/vmlinuz")
    return boot(firmware, ipxe, outcome=Outcome.BOOTED, ended=at(72))


def renewal() -> OtherClient:
    """A machine that renews its address."""
    request = message("REQUEST", 900, 20.0, source=ADDRESS, destination=SERVER, ciaddr=ADDRESS)
    return OtherClient(client(mac=bytes.fromhex("d050994e0557")), (exchange(request),), ())


def warning(text: str = "3 frames were cut") -> CaptureWarning:
    """Something to know about the capture."""
    return CaptureWarning("cut-frames", text)


V6_SERVER = IPv6Address("fd77::1")
