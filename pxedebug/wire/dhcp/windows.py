# ruff: noqa: D102 - decode, encode, text and lines are documented once, by Codec
"""Options of Windows Deployment Services: 250 (WDSNBP), and 252 with its two meanings (Windows SDK: WdsBp.h)."""

from __future__ import annotations

from dataclasses import dataclass

from pxedebug.errors import MalformedFrame
from pxedebug.wire.dhcp.architectures import architecture_name
from pxedebug.wire.dhcp.basic import AddressCodec, IntegerCodec, OpaqueCodec, TextCodec
from pxedebug.wire.dhcp.codec import Codec, Text
from pxedebug.wire.dhcp.suboptions import SubOptionCodec, SubOptions, SubOptionSpec

__all__ = ["NEXT_ACTIONS", "ProxyOrBcdCodec", "WdsCodec", "WdsOptions"]

NEXT_ACTIONS: dict[int, str] = {1: "wait for approval", 3: "referral to another server", 5: "abort"}
_PROMPTS: dict[int, str] = {1: "press a key to boot", 2: "no prompt", 3: "press a key not to boot"}


class ArchitectureCodec(Codec[int]):
    """Sub-option 1: one client architecture, 16 bits."""

    size = 2

    def decode(self, raw: bytes) -> int:
        self.check_size(raw)
        return int.from_bytes(raw, "big")

    def encode(self, value: int) -> bytes:
        return value.to_bytes(2, "big")

    def text(self, value: int) -> str:
        return f"{value} ({architecture_name(value)})"


class AnyWidthCodec(Codec[bytes]):
    """A number that servers send in one, two or four bytes: the bytes, shown as the number."""

    def decode(self, raw: bytes) -> bytes:
        if len(raw) not in {1, 2, 4}:
            raise MalformedFrame(f"{len(raw)} bytes are no number of 1, 2 or 4")
        return raw

    def encode(self, value: bytes) -> bytes:
        return value

    def text(self, value: bytes) -> str:
        return str(int.from_bytes(value, "big"))


@dataclass(frozen=True, slots=True)
class WdsOptions(SubOptions):
    """Option 250 with its sub-options."""

    @property
    def next_action(self) -> int | None:
        """Sub-option 2: 1 wait for approval, 3 referral, 5 abort; None when absent or not one byte."""
        value = self.value(2)
        return value if isinstance(value, int) else None

    @property
    def request_id(self) -> int | None:
        """Sub-option 5: the number that the pending computer shows."""
        value = self.value(5)
        return value if isinstance(value, int) else None

    @property
    def message(self) -> Text | None:
        """Sub-option 6: what the administrator tells the user."""
        value = self.value(6)
        return value if isinstance(value, Text) else None


_NUMBER = AnyWidthCodec()
_SUB_OPTIONS: dict[int, SubOptionSpec] = {
    1: SubOptionSpec("Architecture", ArchitectureCodec()),
    2: SubOptionSpec("Next action", IntegerCodec(1, names=NEXT_ACTIONS)),
    3: SubOptionSpec("Poll interval", IntegerCodec(2, "s")),
    4: SubOptionSpec("Poll retries", IntegerCodec(2)),
    5: SubOptionSpec("Request ID", IntegerCodec(4)),
    6: SubOptionSpec("Message", TextCodec()),
    7: SubOptionSpec("Version query", OpaqueCodec()),
    8: SubOptionSpec("Server version", IntegerCodec(4)),
    9: SubOptionSpec("Referral server", AddressCodec()),
    11: SubOptionSpec("PXE client prompt", IntegerCodec(1, names=_PROMPTS)),
    12: SubOptionSpec("PXE prompt done", _NUMBER),
    13: SubOptionSpec("Boot program version", IntegerCodec(2)),
    14: SubOptionSpec("Action done", _NUMBER),
    15: SubOptionSpec("Allow server selection", _NUMBER),
    16: SubOptionSpec("Server features", IntegerCodec(4)),
}


class WdsCodec(SubOptionCodec[WdsOptions]):
    """Option 250 between Windows boot programs and their server; other senders' bytes stay in `rest`."""

    def __init__(self) -> None:
        super().__init__(WdsOptions, _SUB_OPTIONS, padded=True)


class ProxyOrBcdCodec(TextCodec):
    """Option 252: the path of the boot configuration in an ACK from port 4011, a proxy configuration URL elsewhere."""

    def text(self, value: str) -> str:
        if value.lower().endswith(".bcd"):
            return f"{value} (boot configuration data)"
        return f"{value} (web proxy configuration)" if "://" in value else str(value)
