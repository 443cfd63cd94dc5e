"""The golden reports in captures/ and the README's example: `python -m tests.golden --update` writes them anew.

What it writes is to be read as a diff.
"""

from __future__ import annotations

import argparse
import copy
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.readme import README, with_example
from tests.reports import report_of

__all__ = ["CAPTURES", "cases", "golden", "main"]

CAPTURES = Path(__file__).resolve().parent.parent / "captures"


def cases() -> list[Path]:
    """The folders of captures/, each with capture.pcap, NOTE.md, facts.toml and expected.json."""
    return sorted(folder for folder in CAPTURES.iterdir() if folder.is_dir())


def golden(case: Path) -> str:
    """The report on a case as the text of its expected.json: one value a line, and no trace of where the file lies."""
    document = copy.deepcopy(report_of(case / "capture.pcap"))
    for source in document["capture"]["sources"]:
        source["name"] = Path(source["name"]).name
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare every case, or write it with `--update`; gives how many differed."""
    parser = argparse.ArgumentParser(prog="python -m tests.golden", description=__doc__)
    parser.add_argument("--update", action="store_true", help="write what differs")
    update = parser.parse_args(arguments).update
    different = 0
    for case in cases():
        expected, text = case / "expected.json", golden(case)
        if expected.exists() and expected.read_text(encoding="utf-8") == text:
            continue
        different += 1
        print(f"{case.name}: {'written' if update else 'differs'}")
        if update:
            expected.write_text(text, encoding="utf-8")
    text = README.read_text(encoding="utf-8")
    if with_example(text) != text:
        different += 1
        print(f"{README.name}: {'written' if update else 'differs'}")
        if update:
            README.write_text(with_example(text), encoding="utf-8")
    return 0 if update else different


if __name__ == "__main__":
    sys.exit(main())
