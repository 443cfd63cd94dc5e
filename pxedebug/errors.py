"""What can go wrong, and whose fault it is: the type of the exception says.

PxeDebugError
├ MalformedFrame   the bytes on the wire are bad: counted or shown, never a crash
├ CaptureError     the input or this machine is bad: one line and a hint, exit status 3
│ └ LimitExceeded  the input asks for more than a named limit allows
└ ContractError    this program called itself wrongly: a defect, shown as such
"""

from __future__ import annotations

__all__ = ["CaptureError", "ContractError", "LimitExceeded", "MalformedFrame", "PxeDebugError"]


class PxeDebugError(Exception):
    """The root of every error that pxedebug raises on purpose."""


class MalformedFrame(PxeDebugError):
    """Bytes from the wire do not form what they claim to be; `args[0]` says where and why."""


class CaptureError(PxeDebugError):
    """An input cannot be read. `args[0]` names the input and what is wrong; `hint` says what to do."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint

    def __str__(self) -> str:
        message = str(self.args[0])
        return f"{message}; {self.hint}" if self.hint else message


class LimitExceeded(CaptureError):
    """An input exceeds a named limit (block length, interfaces, decompressed size)."""


class ContractError(PxeDebugError):
    """A caller inside pxedebug broke a contract; never the user's fault."""
