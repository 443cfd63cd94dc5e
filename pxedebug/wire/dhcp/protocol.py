# ruff: noqa: D102 - decode, encode, text and lines are documented once, by Codec
"""Options that steer the protocol itself: 52 overload, 53 message type, 55 requested options, 90, 151."""

from __future__ import annotations

from dataclasses import dataclass

from pxedebug.errors import MalformedFrame
from pxedebug.wire.dhcp.basic import IntegerCodec
from pxedebug.wire.dhcp.codec import Codec, show_text
from pxedebug.wire.dhcp.message_types import message_type_name
from pxedebug.wire.dhcp.names import option_name

__all__ = [
    "Authentication", "AuthenticationCodec", "MessageTypeCodec", "OverloadCodec", "PxelinuxMagicCodec",
    "RequestedOptionsCodec", "StatusCode",
    "StatusCodeCodec",
]  # fmt: skip

_PXELINUX_MAGIC = bytes.fromhex("f100747e")
_STATUS = {0: "Success", 1: "UnspecFail", 2: "QueryTerminated", 3: "MalformedQuery", 4: "NotAllowed", 5: "DataMissing",
           6: "ConnectionActive", 7: "CatchUpComplete", 8: "TLSConnectionRefused"}  # fmt: skip


class MessageTypeCodec(IntegerCodec):
    """Option 53."""

    def __init__(self) -> None:
        super().__init__(1)

    def text(self, value: int) -> str:
        return f"{value} ({message_type_name(value)})"


class OverloadCodec(IntegerCodec):
    """Option 52 (RFC 2132 section 9.3)."""

    def __init__(self) -> None:
        super().__init__(1, names={1: "options in file", 2: "options in sname", 3: "options in file and sname"})


class RequestedOptionsCodec(Codec[tuple[int, ...]]):
    """Option 55, parameter request list: codes in the client's order (RFC 2132 section 9.8)."""

    def decode(self, raw: bytes) -> tuple[int, ...]:
        return tuple(raw)

    def encode(self, value: tuple[int, ...]) -> bytes:
        return bytes(value)

    def text(self, value: tuple[int, ...]) -> str:
        return ", ".join(f"{code} {option_name(code)}" for code in value)


@dataclass(frozen=True, slots=True)
class Authentication:
    """Option 90 (RFC 3118 section 2)."""

    protocol: int
    algorithm: int
    replay_method: int
    replay: bytes
    """8 bytes."""
    information: bytes


class AuthenticationCodec(Codec[Authentication]):
    """Option 90, authentication."""

    def decode(self, raw: bytes) -> Authentication:
        if len(raw) < 11:
            raise MalformedFrame(f"{len(raw)} bytes where 11 stand at least")
        return Authentication(raw[0], raw[1], raw[2], raw[3:11], raw[11:])

    def encode(self, value: Authentication) -> bytes:
        return bytes((value.protocol, value.algorithm, value.replay_method)) + value.replay + value.information

    def text(self, value: Authentication) -> str:
        return (
            f"protocol {value.protocol}, algorithm {value.algorithm}, replay {value.replay.hex()} "
            f"(method {value.replay_method}), {len(value.information)} bytes of information"
        )


@dataclass(frozen=True, slots=True)
class StatusCode:
    """Option 151: how a lease query went (RFC 6926 section 6.2.2)."""

    code: int
    message: bytes


class StatusCodeCodec(Codec[StatusCode]):
    """Option 151."""

    def decode(self, raw: bytes) -> StatusCode:
        if not raw:
            raise MalformedFrame("a status has a code at least")
        return StatusCode(raw[0], raw[1:])

    def encode(self, value: StatusCode) -> bytes:
        return bytes((value.code,)) + value.message

    def text(self, value: StatusCode) -> str:
        name = _STATUS.get(value.code, f"status {value.code}")
        return f"{name}: {show_text(value.message)}" if value.message else name


class PxelinuxMagicCodec(Codec[bytes]):
    """Option 208: F1 00 74 7E says that options 209 to 211 are PXELINUX's (RFC 5071 section 2)."""

    def decode(self, raw: bytes) -> bytes:
        return raw

    def encode(self, value: bytes) -> bytes:
        return value

    def text(self, value: bytes) -> str:
        return f"{value.hex()}{' (PXELINUX)' if value == _PXELINUX_MAGIC else ''}"
