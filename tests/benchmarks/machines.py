"""Clients that boot, as generators of (microseconds, frame parts): DHCP by recorded messages, then files over TFTP."""

from __future__ import annotations

import random
import struct
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from tests.benchmarks.pcapfile import checksum, read_frames, udp_header

__all__ = ["BIOS", "PLAIN", "UEFI", "Firmware", "Machine", "Timed", "boot", "dora", "failing_boot", "files"]

Timed = tuple[int, tuple[bytes | memoryview, ...]]
CAPTURES = Path(__file__).resolve().parents[2] / "captures"
SERVER = bytes([10, 64, 0, 1])
MASK = bytes([255, 192, 0, 0])
"""Holds the server and every machine's address."""
SERVER_MAC = bytes.fromhex("0050568a0001")
_BOOTP = 42
_XID, _YIADDR, _SIADDR, _CHADDR = _BOOTP + 4, _BOOTP + 16, _BOOTP + 20, _BOOTP + 28


@dataclass(frozen=True, slots=True)
class Firmware:
    """How a machine speaks: the recorded capture with its DISCOVER, OFFER, REQUEST and ACK, and its TFTP options."""

    case: str
    dora: tuple[int, int, int, int]
    """Frame numbers in the case's capture."""
    times: tuple[int, int, int, int]
    """Microseconds of these four since the first."""
    mac: bytes
    program: str
    """The boot file that the recorded OFFER names."""
    block_size: int
    """512 asks for no options at all."""
    probes: bool
    """Asks for the size first and aborts, as EDK2 does."""


UEFI = Firmware(
    case="uefi-boot-program",
    dora=(6, 7, 11, 12),
    times=(0, 330, 3_838_000, 3_839_000),
    mac=bytes.fromhex("525400770020"),
    program="snponly.efi",
    block_size=1468,
    probes=True,
)
BIOS = Firmware(
    case="bios-boot-program",
    dora=(8, 9, 12, 13),
    times=(0, 260, 3_057_000, 3_058_000),
    mac=bytes.fromhex("525400770010"),
    program="undionly.kpxe",
    block_size=1432,
    probes=False,
)
PLAIN = replace(BIOS, block_size=512)


@dataclass(frozen=True, slots=True)
class Machine:
    """One client: its number in the storm gives its MAC and IPv4 address."""

    number: int
    firmware: Firmware

    @property
    def mac(self) -> bytes:
        return b"\x00\x1b\x21" + self.number.to_bytes(3, "big")

    @property
    def address(self) -> bytes:
        return (0x0A400100 + self.number).to_bytes(4, "big")

    @property
    def xid(self) -> bytes:
        return ((self.number + 1) * 2654435761 & 0xFFFFFFFF).to_bytes(4, "big")


@cache
def _recorded(firmware: Firmware) -> tuple[bytes, ...]:
    frames = read_frames(CAPTURES / firmware.case / "capture.pcap")
    return tuple(frames[number - 1] for number in firmware.dora)


@cache
def files() -> dict[str, bytes]:
    """What the server holds: boot programs, a kernel and an initrd with real magic numbers, the rest random."""
    noise = random.Random(2)
    program = b"MZ" + bytes(58) + struct.pack("<I", 64) + b"PE\0\0\x64\x86" + noise.randbytes(180_000)
    loader = b"\xea\5\0\xc0\x07" + noise.randbytes(74_000)
    kernel = bytes(510) + b"\x55\xaa\xeb\x66HdrS\x0f\x02" + noise.randbytes(1_150_000)
    return {
        "snponly.efi": program,
        "undionly.kpxe": loader,
        "boot/vmlinuz": kernel,
        "boot/initrd.img": b"\x1f\x8b\x08\0" + noise.randbytes(2_600_000),
    }


def dora(machine: Machine, start: int) -> Iterator[Timed]:
    """The four messages of `machine`, the first at `start` (microseconds)."""
    for index, (frame, offset) in enumerate(zip(_recorded(machine.firmware), machine.firmware.times, strict=True)):
        yield start + offset, (_patched(frame, machine, reply=bool(index % 2)),)


def _patched(frame: bytes, machine: Machine, *, reply: bool) -> bytes:
    """A recorded message as `machine` or its server would have sent it."""
    data = bytearray(frame.replace(machine.firmware.mac, machine.mac))
    recorded = (frame[_YIADDR : _YIADDR + 4], frame[_SIADDR : _SIADDR + 4])
    data[_XID : _XID + 4] = machine.xid
    if reply:
        data[6:12], data[26:30] = SERVER_MAC, SERVER
        data[_YIADDR : _YIADDR + 4], data[_SIADDR : _SIADDR + 4] = machine.address, SERVER
        if data[30:34] != b"\xff\xff\xff\xff":
            data[30:34] = machine.address
        for code in (b"\x36\x04", b"\x03\x04"):
            data = data.replace(code + recorded[1], code + SERVER)
        data = data.replace(b"\x01\x04\xff\xff\xff\0", b"\x01\x04" + MASK)
    else:
        data = data.replace(b"\x61\x11\0" + bytes(16), b"\x61\x11\0" + (machine.xid * 4))
        for code, value in ((b"\x32\x04", machine.address), (b"\x36\x04", SERVER)):
            found = data.find(code, _BOOTP + 240)
            if found > 0:
                data[found + 2 : found + 6] = value
    data[24:26] = b"\0\0"
    data[24:26] = struct.pack(">H", checksum(bytes(data[14:34])))
    data[40:42] = b"\0\0"
    return bytes(data)


def boot(machine: Machine, start: int, noise: random.Random) -> Iterator[Timed]:
    """One whole boot: the lease, the boot program (probed first by UEFI), kernel and initrd."""
    yield from dora(machine, start)
    now = start + machine.firmware.times[3] + 6_000
    port = 1024 + machine.number % 20_000
    for name in (machine.firmware.program, "boot/vmlinuz", "boot/initrd.img"):
        content = files()[name]
        port += 1
        if machine.firmware.probes and name.endswith(".efi"):
            now = yield from _probe(machine, now, port, name, content)
            port += 1
        now = yield from _download(machine, now, port, name, content, noise)
        now += noise.randrange(50_000, 900_000)


def failing_boot(machine: Machine, start: int, noise: random.Random) -> Iterator[Timed]:
    """A boot that fails, in one of four ways by the machine's number: no answer to its DISCOVERs, no boot program on
    the server, a server that does not answer, or an initrd that is missing after the kernel came."""
    kind = machine.number % 4
    if kind == 0:
        discover = next(iter(dora(machine, start)))[1]
        yield from ((start + seconds * 1_000_000, discover) for seconds in (0, 4, 12, 28))
        return
    yield from dora(machine, start)
    now = start + machine.firmware.times[3] + 6_000
    port = 1024 + machine.number % 20_000
    if kind == 1:
        yield from _refused(machine, now, port, machine.firmware.program)
        return
    if kind == 2:
        wire = _Wire(machine, port)
        request = wire.up(_request(machine, machine.firmware.program, b"blksize\x001468\0"), 69)
        yield from ((now + number * 4_000_000, request) for number in range(6))
        return
    for name in (machine.firmware.program, "boot/vmlinuz"):
        port += 1
        now = yield from _download(machine, now, port, name, files()[name], noise)
        now += noise.randrange(50_000, 900_000)
    yield from _refused(machine, now, port + 1, "boot/initrd.img")


def _refused(machine: Machine, now: int, port: int, name: str) -> Iterator[Timed]:
    wire = _Wire(machine, port)
    yield now, wire.up(_request(machine, name, b"blksize\x001468\0"), 69)
    yield now + 90, wire.down(b"\0\5\0\1file not found\0")


def _request(machine: Machine, name: str, options: bytes) -> bytes:
    return b"\0\1" + name.encode() + b"\0octet\0" + options


def _probe(machine: Machine, now: int, port: int, name: str, content: bytes) -> Iterator[Timed]:
    wire = _Wire(machine, port)
    yield now, wire.up(_request(machine, name, b"tsize\x000\x00blksize\x001468\x00windowsize\x004\0"), 69)
    yield now + 80, wire.down(b"\0\6blksize\x001468\0tsize\0%d\0" % len(content))
    yield now + 600, wire.up(b"\0\5\0\x08User aborted the transfer\0")
    return now + 3_000


def _download(
    machine: Machine, now: int, port: int, name: str, content: bytes, noise: random.Random
) -> Iterator[Timed]:
    """Lock-step TFTP; about one block in two thousand is lost and sent again a second later."""
    wire, size = _Wire(machine, port), machine.firmware.block_size
    options = b"" if size == 512 else b"blksize\0%d\0tsize\x000\0" % size
    yield now, wire.up(_request(machine, name, options), 69)
    if options:
        yield now + 90, wire.down(b"\0\6blksize\0%d\0tsize\0%d\0" % (size, len(content)))
        yield now + 300, wire.up(b"\0\4\0\0")
    now += 320
    view, full, acknowledge = memoryview(content), wire.header(4 + size, down=True), wire.header(4, down=False)
    for position in range(0, len(content) + 1, size):
        payload = view[position : position + size]
        block = (position // size + 1 & 0xFFFF).to_bytes(2, "big")
        header = full if len(payload) == size else wire.header(4 + len(payload), down=True)
        yield now, (header, b"\0\3" + block, payload)
        if noise.random() < 0.0005:
            now += 1_000_000
            yield now, (header, b"\0\3" + block, payload)
        now += noise.randrange(90, 400)
        yield now, (acknowledge, b"\0\4" + block, bytes(14))
        now += noise.randrange(10, 60)
    return now


class _Wire:
    """The two directions between one client port and the server's port for this transfer."""

    def __init__(self, machine: Machine, port: int) -> None:
        self._down = SERVER_MAC, machine.mac
        self._client, self._server = (machine.address, port), (SERVER, 32768 + (machine.number * 7 + port) % 28_000)

    def header(self, length: int, *, down: bool, port: int | None = None) -> bytes:
        server = self._server if port is None else (SERVER, port)
        macs = self._down[1] + self._down[0] if down else self._down[0] + self._down[1]
        ends = (server, self._client) if down else (self._client, server)
        return udp_header(macs, ends[0], ends[1], length)

    def up(self, payload: bytes, port: int | None = None) -> tuple[bytes, ...]:
        return self.header(len(payload), down=False, port=port), payload, bytes(max(0, 18 - len(payload)))

    def down(self, payload: bytes) -> tuple[bytes, ...]:
        return self.header(len(payload), down=True), payload
