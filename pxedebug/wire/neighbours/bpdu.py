"""Spanning tree BPDUs: STP, RSTP and MSTP (IEEE 802.1Q-2018 clause 14) and Cisco's per-VLAN form."""

from __future__ import annotations

from typing import NamedTuple

from pxedebug.errors import MalformedFrame

__all__ = ["Bpdu", "bridge_text", "decode_bpdu"]

_CONFIGURATION, _RAPID, _TOPOLOGY_CHANGE = 0x00, 0x02, 0x80
_ROLES = ("unknown", "alternate", "root", "designated")
_VERSIONS = {2: "rstp", 3: "mstp", 4: "mstp"}


class Bpdu(NamedTuple):
    """A bridge protocol data unit, told by the port that the frame came out of."""

    protocol: str
    """`stp`, `rstp`, `mstp` or `pvst` (the latter of either speed, see `version`)."""
    version: int
    """0 STP, 2 RSTP, 3 MSTP."""
    type: str
    """`config`, `rapid` or `topology-change`."""
    flags: int
    port_role: str | None
    """`unknown`, `alternate` (backup, too), `root` or `designated`; None in STP, which does not tell."""
    forwarding: bool | None
    """The sending port forwards; None in STP."""
    learning: bool | None
    topology_change: bool
    root_id: bytes
    """Priority (two bytes) and MAC address of the root bridge; empty in a topology change notice, as all below."""
    bridge_id: bytes
    port_id: int | None
    forward_delay_s: float | None
    """Seconds in each of listening and learning."""
    max_age_s: float | None
    root_path_cost: int | None = None
    hello_time_s: float | None = None
    vlan: int | None = None
    """The VLAN of a per-VLAN BPDU."""

    @property
    def rapid(self) -> bool:
        """RSTP or later: an edge port forwards at once."""
        return self.version >= 2


def bridge_text(bridge: bytes) -> str:
    """A bridge or root identifier as `priority/mac`, empty for an empty one."""
    return f"{int.from_bytes(bridge[:2])}/{bridge[2:].hex(':')}" if bridge else ""


def decode_bpdu(data: bytes, per_vlan: bool = False) -> Bpdu | None:
    """The BPDU after the LLC (or, when `per_vlan`, SNAP) header; None for other protocol ids.

    Raises MalformedFrame when too short.
    """
    if len(data) < 4:
        raise MalformedFrame(f"BPDU of {len(data)} bytes")
    if data[:2] != b"\0\0":
        return None
    version, kind = data[2], data[3]
    protocol = "pvst" if per_vlan else _VERSIONS.get(version, "stp")
    if kind == _TOPOLOGY_CHANGE:
        return Bpdu(protocol, version, "topology-change", 0, None, None, None, True, b"", b"", None, None, None)
    if kind not in (_CONFIGURATION, _RAPID):
        return None
    if len(data) < 35:
        raise MalformedFrame(f"configuration BPDU of {len(data)} bytes")
    return _configuration(protocol, data, _vlan(data) if per_vlan else None)


def _configuration(protocol: str, data: bytes, vlan: int | None) -> Bpdu:
    flags, rapid = data[4], data[3] == _RAPID
    max_age, hello, delay = (int.from_bytes(data[at : at + 2]) / 256 for at in (29, 31, 33))
    return Bpdu(
        protocol,
        data[2],
        "rapid" if rapid else "config",
        flags,
        _ROLES[flags >> 2 & 3] if rapid else None,
        bool(flags & 0x20) if rapid else None,
        bool(flags & 0x10) if rapid else None,
        bool(flags & 0x01),
        data[5:13],
        data[17:25],
        int.from_bytes(data[25:27]),
        delay,
        max_age,
        int.from_bytes(data[13:17]),
        hello,
        vlan,
    )


def _vlan(data: bytes) -> int | None:
    """The originating VLAN: a field of type 0 and length 2 at byte 36, behind a byte of padding."""
    return int.from_bytes(data[40:42]) if data[36:40] == b"\0\0\0\2" and len(data) >= 42 else None
