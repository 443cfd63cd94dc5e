"""Message by message and option by option (DHCP), packet by packet (TFTP): we find what tshark finds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.conftest import ROOT, capture_files, capture_root, find_tool, in_ci
from tests.oracle.differences import DIFFERENCES
from tests.oracle.ours import dhcp_packets, tftp_packets
from tests.oracle.packets import DhcpPacket, TftpPacket
from tests.oracle.tshark import Reported, report

Futures = dict[Path, Future[Reported]]
Packets = Sequence[DhcpPacket] | Sequence[TftpPacket]


def captures() -> list[Path]:
    """Every file that may be a capture: of the project, and of the folders beside it where they are (in CI: all)."""
    found = [capture_files(folder) for folder in (ROOT / "captures", capture_root() / "lab", capture_root() / "public")]
    assert all(found) or not in_ci(), "a folder of captures is missing, and PXEDEBUG_CI is set"
    return sorted(path for files in found for path in files)


@pytest.fixture(scope="session")
def oracle(request: pytest.FixtureRequest) -> Iterator[Futures]:
    """tshark's reports on the captures that are asked for, two at a time, running ahead of the tests."""
    find_tool("tshark")
    wanted = [item.callspec.params["path"] for item in request.session.items if "oracle" in _fixtures(item)]
    with ThreadPoolExecutor(2) as pool:
        yield {path: pool.submit(report, path) for path in wanted}
        pool.shutdown(cancel_futures=True)


def _fixtures(item: pytest.Item) -> Sequence[str]:
    return item.fixturenames if isinstance(item, pytest.Function) else ()


def name_of(path: Path) -> str:
    return f"{path.parent.name}-{path.name}"


@pytest.mark.slow
@pytest.mark.parametrize("path", captures(), ids=name_of)
def test_we_find_what_tshark_finds(path: Path, oracle: Futures) -> None:
    reported = oracle[path].result()
    for protocol, theirs, ours in (
        ("dhcp", reported.dhcp, dhcp_packets(path)),
        ("tftp", reported.tftp, tftp_packets(path)),
    ):
        differing = compare(theirs, ours)
        listed = {each.frame for each in DIFFERENCES if (each.file, each.protocol) == (path.name, protocol)}
        assert differing.keys() == listed, [differing.get(frame) for frame in differing.keys() ^ listed]


def compare(theirs: Packets, ours: Packets) -> dict[int, tuple[object, object]]:
    """The frames that the two sides describe differently, with what each says of them."""
    left, right = ({packet.frame: packet for packet in side} for side in (theirs, ours))
    pairs = {frame: (left.get(frame), right.get(frame)) for frame in left.keys() | right.keys()}
    return {frame: pair for frame, pair in pairs.items() if pair[0] != pair[1]}


def test_the_table_of_differences_is_as_long_as_it_was() -> None:
    assert len(DIFFERENCES) == 7
    assert len({each[:3] for each in DIFFERENCES}) == 7
    assert all("*" not in each.file and each.reason for each in DIFFERENCES)
