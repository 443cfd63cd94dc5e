"""Checks that a report says what the generator put into the capture: speed without the right answer is none."""

from __future__ import annotations

import json
import sys
from pathlib import Path

__all__ = ["mistakes"]


def mistakes(report: Path, frames: int, boots: int, complete: int) -> list[str]:
    """What is wrong with the JSON report in the file `report`, one line each."""
    document = json.loads(report.read_bytes())
    statuses = [
        transfer["status"] for boot in document["boots"] for stage in boot["stages"] for transfer in stage["transfers"]
    ]
    acknowledged = sum(
        message["type"] == "ACK"
        for boot in document["boots"]
        for stage in boot["stages"]
        for exchange in stage["exchanges"]
        for message in exchange["messages"]
    )
    found = {
        "frames": (document["capture"]["sources"][0]["frames"], frames),
        "boots": (len(document["boots"]), boots),
        "ACKs": (acknowledged, boots),
        "complete transfers": (statuses.count("complete"), complete),
        "transfers that are neither complete nor a size probe": (
            len(statuses) - statuses.count("complete") - statuses.count("size-probe"),
            0,
        ),
    }
    return [f"{what}: {got}, not {expected}" for what, (got, expected) in found.items() if got != expected]


if __name__ == "__main__":  # a process of its own: a report of 50,000 boots takes memory to read
    wrong = mistakes(Path(sys.argv[1]), *map(int, sys.argv[2:5]))
    sys.exit("; ".join(wrong) or None)
