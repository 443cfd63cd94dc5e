"""The machines and servers of the tests, with the options that recordings of each program show."""

from __future__ import annotations

from ipaddress import IPv6Address

from pxedebug.wire.dhcpv6 import Dhcp6Message, Relay, encode_message
from tests.track.machines import Machine
from tests.track.scene import Scene, Step, Wire, mac_of
from tests.track.servers import Relay as Agent
from tests.track.servers import Server

UUID = bytes(range(0x10, 0x20))
NO_UUID = bytes(16)
_REQUESTED = bytes((1, 2, 3, 4, 5, 6, 12, 13, 15, 17, 18, 22, 23, 28, 40, 41, 42, 43, 50, 51, 54, 58, 59, 60, 66, 67))
_PXE = _REQUESTED + bytes(range(128, 136))
_IPXE = bytes((1, 3, 6, 7, 12, 15, 17, 26, 43, 60, 66, 67, 119, *range(128, 136), 175, 203))


def _uefi(vendor_class: bytes, architecture: int) -> tuple[tuple[int, bytes], ...]:
    return (
        (57, b"\x05\xc0"), (55, _PXE), (97, b"\0" + NO_UUID), (94, b"\x01\x03\x00"),
        (93, architecture.to_bytes(2, "big")), (60, vendor_class),
    )  # fmt: skip


def _ipxe(mac: bytes, vendor_class: bytes, architecture: int) -> tuple[tuple[int, bytes], ...]:
    return (
        (57, b"\x05\xc0"), (93, architecture.to_bytes(2, "big")), (94, b"\x01\x03\x0a"), (60, vendor_class),
        (77, b"iPXE"), (55, _IPXE), (175, b"\xb1\x05\x01\x1a\xf4\x10\x00"), (61, b"\x01" + mac), (97, b"\0" + NO_UUID),
    )  # fmt: skip


MAC = bytes.fromhex("525400770020")

intel = Machine(
    MAC,
    ((57, b"\x04\xec"), (55, _PXE), (97, b"\0" + NO_UUID), (93, b"\0\0"), (94, b"\x01\x02\x01"),
     (60, b"PXEClient:Arch:00000:UNDI:002001")),
    flags=0x8000,
    read_options=((b"blksize", b"1456"),),
    probe_options=((b"tsize", b"0"),),
    probe_abort=(0, b"TFTP Aborted"),
)  # fmt: skip
edk2 = Machine(
    MAC,
    _uefi(b"PXEClient:Arch:00007:UNDI:003000", 7),
    flags=0x8000,
    proxy_port=4011,
    read_options=((b"blksize", b"1468"), (b"windowsize", b"4")),
    probe_options=((b"tsize", b"0"), (b"blksize", b"1468"), (b"windowsize", b"4")),
)
edk2_http = Machine(MAC, _uefi(b"HTTPClient:Arch:00016:UNDI:003000", 16), flags=0x8000)
ipxe = Machine(
    MAC,
    _ipxe(MAC, b"PXEClient:Arch:00007:UNDI:003010", 7),
    takes_last=True,
    read_options=((b"blksize", b"1432"), (b"tsize", b"0")),
)
ipxe_rom = ipxe.saying(options=_ipxe(MAC, b"PXEClient:Arch:00000:UNDI:002001", 0), proxy_xid=0)
u_boot = Machine(
    MAC,
    ((57, b"\x02\x40"), (93, b"\0\x15"), (94, b"\x01\x00\x00"), (60, b"U-Boot.armv7"), (55, bytes((1, 3, 6, 12, 17)))),
    new_xid=True,
    read_options=((b"timeout", b"5"), (b"blksize", b"1468")),
    ttl=255,
)
raspberry = Machine(
    bytes.fromhex("b827eb112233"),
    ((55, bytes((1, 3, 43, 60, 66, 67, 128, 129))), (93, b"\0\0"), (94, b"\x01\x02\x01"),
     (60, b"PXEClient:Arch:00000:UNDI:002001"), (97, b"\0" + b"\x44" * 16)),
    flags=0x8000,
    xid=0x26F30339,
    read_options=((b"tsize", b"0"), (b"blksize", b"1024")),
)  # fmt: skip
linux = Machine(MAC, ((55, bytes((1, 3, 6, 12, 15, 26))), (61, b"\xff" + bytes(9)), (12, b"host")))
pxelinux = Machine(MAC, read_options=((b"tsize", b"0"), (b"blksize", b"1408")))
grub = Machine(MAC, read_options=((b"blksize", b"1024"), (b"tsize", b"0")))
plain = Machine(MAC)

dnsmasq = Server()
kea = Server("10.77.0.2", gives="10.77.0.100", siaddr="10.77.0.2")
proxy = Server("10.77.0.3", gives="0.0.0.0", siaddr="10.77.0.3", vendor_class=b"PXEClient")
relay = Agent()


class Six:
    """EDK2 over IPv6 (PXE, or HTTP with `http`), its server and what both say; `mac` names the machine."""

    server, given = "fd77::1", "fd77::100"
    server_duid = b"\0\1\0\1\x32\x97\x66\x80\x02\x00\x0a\x4d\x00\x01"

    def __init__(self, mac: bytes = MAC, *, http: bool = False, duid: bytes | None = None) -> None:
        self.mac = mac
        self.duid = duid or b"\0\1\0\1\x31\xdd\x83\x02" + mac
        self.address = str(IPv6Address(b"\xfe\x80" + bytes(6) + bytes(8)[:2] + mac))
        name = b"HTTPClient:Arch:00016:UNDI:003000" if http else b"PXEClient:Arch:00007:UNDI:003000"
        vendor = b"\0\0\x01\x57" + len(name).to_bytes(2, "big") + name
        self.boots: tuple[tuple[int, bytes], ...] = (
            (6, b"\0\x3b\0\x3c\0\x17\0\x10"),
            (62, b"\1\3\0"),
            (61, b"\0\x10" if http else b"\0\7"),
            (16, vendor),
        )

    def solicit(self, at: float | None = None, *, xid: int = 0xC3E115) -> Step:
        """With class and architecture: the exchange that boots."""
        return self._client(1, xid, at, ((8, b"\0\0"), (3, b"\xff" * 12), *self.boots))

    def solicit_address(self, at: float | None = None, *, xid: int = 0xC1E115) -> Step:
        """Without class: EDK2 configures its address."""
        return self._client(1, xid, at, ((8, b"\0\0"), (3, b"\xff" * 12), (6, b"\0\x17")))

    def advertise(self, at: float | None = None, *, url: bytes = b"", xid: int = 0xC3E115) -> Step:
        return self._server(2, xid, at, self._lease(url))

    def request(self, at: float | None = None, *, xid: int = 0xC4E115) -> Step:
        return self._client(3, xid, at, ((8, b"\0\0"), (2, self.server_duid), self._association(), *self.boots))

    def request_address(self, at: float | None = None, *, xid: int = 0xC2E115) -> Step:
        return self._client(3, xid, at, ((8, b"\0\0"), (2, self.server_duid), self._association(), (6, b"\0\x17")))

    def reply(self, at: float | None = None, *, url: bytes = b"", xid: int = 0xC4E115) -> Step:
        return self._server(7, xid, at, self._lease(url))

    def release(self, at: float | None = None, *, xid: int = 0xC5E115) -> Step:
        return self._client(8, xid, at, ((2, self.server_duid), (8, b"\0\0"), self._association()))

    def relayed(self, at: float | None = None, *, xid: int = 0xC3E115) -> Step:
        """The boot SOLICIT as a relay passes it on, with the client's address in option 79 (RFC 6939)."""

        def step(scene: Scene) -> None:
            seen = ((79, b"\0\1" + self.mac),)
            around = Relay(0, IPv6Address("fd77::fe"), IPv6Address(self.address), seen, message_position=1)
            inner = Dhcp6Message(1, xid, ((1, self.duid), (8, b"\0\0"), (3, b"\xff" * 12), *self.boots), (around,))
            mac = mac_of("fd77::fe")
            ends = "fd77::fe", self.server
            scene.say(Wire(scene.clock(at), mac, mac_of(self.server), *ends, 547, 547, encode_message(inner)))

        return step

    def _association(self) -> tuple[int, bytes]:
        return 3, b"\xff\xdc\x74\x7f" + b"\0\0\7\x08\0\0\x0c\x4e" + b"\0\5\0\x18" + IPv6Address(
            self.given
        ).packed + bytes(8)

    def _lease(self, url: bytes) -> tuple[tuple[int, bytes], ...]:
        return ((2, self.server_duid), self._association(), *(((59, url),) if url else ()))

    def _client(self, kind: int, xid: int, at: float | None, options: tuple[tuple[int, bytes], ...]) -> Step:
        message = Dhcp6Message(kind, xid, ((1, self.duid), *options))
        ends = self.mac, b"\x33\x33\0\1\0\2", self.address, "ff02::1:2", 546, 547
        return lambda scene: scene.say(Wire(scene.clock(at), *ends, encode_message(message)))

    def _server(self, kind: int, xid: int, at: float | None, options: tuple[tuple[int, bytes], ...]) -> Step:
        message = Dhcp6Message(kind, xid, ((1, self.duid), *options))
        ends = mac_of(self.server), self.mac, "fe80::1", self.address, 547, 546
        return lambda scene: scene.say(Wire(scene.clock(at), *ends, encode_message(message)))


pxe6, http6 = Six(), Six(http=True)
