"""`python -m tests.fuzz --seed N --minutes M [--capture FILE]`: damages captures until one breaks or time is up."""

from __future__ import annotations

import argparse
import faulthandler
import random
import secrets
import sys
import time
import traceback
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tests.fuzz.mutate import mutated
from tests.fuzz.target import SECONDS, run

__all__ = ["campaign", "main", "seeds"]

SCHEMA_EVERY = 8
"""Every so many inputs the report is validated against the JSON Schema too, which takes longer than making it."""
HANGS_AFTER = 3 * SECONDS
"""Seconds after which an input hangs in a loop that never comes back to say that it took too long."""
CAPTURES = Path(__file__).resolve().parents[2] / "captures"


def seeds(captures: Sequence[Path]) -> list[bytes]:
    """The captures to damage: those given, else all of captures/."""
    return [path.read_bytes() for path in captures or sorted(CAPTURES.glob("*/capture.pcap"))]


def campaign(
    seed: int, originals: Sequence[bytes], *, runs: int | None = None, minutes: float = 0, folder: Path = Path()
) -> Counter[str]:
    """Damage and analyse until `runs` inputs or `minutes` are through; counts what came of them.

    Input number n depends on the seed and n alone. Each lies in `folder` as fuzz-SEED-N.bin while it is analysed and
    stays there when it fails, however the process ends. What is raised is raised again; an input that hangs ends the
    process with a traceback of the loop.
    """
    until, outcomes, number = time.monotonic() + minutes * 60, Counter[str](), 0
    while number < runs if runs is not None else time.monotonic() < until:
        noise = random.Random(f"{seed}/{number}")
        data = mutated(noise.choice(originals), originals, noise)
        place = folder / f"fuzz-{seed}-{number}.bin"
        place.write_bytes(data)
        faulthandler.dump_traceback_later(HANGS_AFTER, exit=True, file=sys.__stderr__ or 2)
        try:
            outcomes[run(data, schema=not number % SCHEMA_EVERY)] += 1
        except BaseException:
            print(f"seed {seed}, input {number}: written to {place}", file=sys.stderr)
            raise
        finally:
            faulthandler.cancel_dump_traceback_later()
        place.unlink()
        number += 1
    return outcomes


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a campaign; gives 1 after a failure."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--seed", type=int, help="repeats a campaign (default: a new one, which is printed)")
    parser.add_argument("--minutes", type=float, default=1.0, help="how long (default 1)")
    parser.add_argument("--capture", type=Path, action="append", default=[], help="damage this file; may be repeated")
    options = parser.parse_args(arguments)
    seed = secrets.randbelow(1 << 32) if options.seed is None else options.seed
    print(f"seed {seed}")
    try:
        outcomes = campaign(seed, seeds(options.capture), minutes=options.minutes)
    except KeyboardInterrupt:
        return 130
    except BaseException:  # noqa: BLE001 -- whatever it is, it is what the campaign looks for
        traceback.print_exc()
        return 1
    print(f"{outcomes.total()} inputs: {outcomes['report']} reports, {outcomes['refused']} refused, nothing else")
    return 0


if __name__ == "__main__":
    sys.exit(main())
