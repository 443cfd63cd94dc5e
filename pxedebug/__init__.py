"""pxedebug watches a network boot and says how far each machine came and why it stopped.

`analyze("boot.pcapng")` reads captures and gives a `Report`: typed, frozen values with the names of the JSON report.
Names are loaded when they are first used, so that `import pxedebug` costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from pxedebug._version import __version__

if TYPE_CHECKING:
    from pxedebug.api import analyze
    from pxedebug.errors import CaptureError, ContractError, LimitExceeded, MalformedFrame, PxeDebugError
    from pxedebug.report.document import (
        Boot,
        BootInformation,
        Capture,
        CaptureWarning,
        Client,
        Content,
        Durations,
        Evicted,
        Evidence,
        Exchange,
        Finding,
        Message,
        NetworkFinding,
        Offer,
        OtherClient,
        Report,
        Source,
        Stage,
        Transfer,
        Vantage,
    )
    from pxedebug.track.limits import Limits

_HOME = {
    "pxedebug.api": ("analyze",),
    "pxedebug.errors": ("CaptureError", "ContractError", "LimitExceeded", "MalformedFrame", "PxeDebugError"),
    "pxedebug.report.document": (
        "Boot", "BootInformation", "Capture", "CaptureWarning", "Client", "Content", "Durations", "Evicted",
        "Evidence", "Exchange", "Finding", "Message", "NetworkFinding", "Offer", "OtherClient", "Report", "Source",
        "Stage", "Transfer", "Vantage",
    ),
    "pxedebug.track.limits": ("Limits",),
}  # fmt: skip
_MODULE = {name: module for module, names in _HOME.items() for name in names}

__all__ = [
    "Boot",
    "BootInformation",
    "Capture",
    "CaptureError",
    "CaptureWarning",
    "Client",
    "Content",
    "ContractError",
    "Durations",
    "Evicted",
    "Evidence",
    "Exchange",
    "Finding",
    "LimitExceeded",
    "Limits",
    "MalformedFrame",
    "Message",
    "NetworkFinding",
    "Offer",
    "OtherClient",
    "PxeDebugError",
    "Report",
    "Source",
    "Stage",
    "Transfer",
    "Vantage",
    "__version__",
    "analyze",
]


def __getattr__(name: str) -> object:
    """Load a public name when it is first asked for (PEP 562)."""
    if name not in _MODULE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(_MODULE[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
