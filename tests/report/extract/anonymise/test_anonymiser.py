"""Whole captures: the same verdicts, the same frames' lengths, and nothing of what named somebody."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pxedebug.api import read_captures
from pxedebug.capture import open_captures
from pxedebug.diagnose import judge
from pxedebug.report.context import Context
from pxedebug.report.extract import comments_on, write_slice
from pxedebug.report.extract.anonymise import KEY_BYTES, Anonymiser
from tests.conftest import capture_files, capture_root
from tests.golden import CAPTURES
from tests.report.extract.anonymise.identifiers import found_in, identifiers
from tests.reports import Document, differences, report_of

KEY = bytes(range(KEY_BYTES))
RECORDED = sorted(CAPTURES.glob("*/capture.pcap")) + capture_files(capture_root() / "lab")
NAMING = re.compile(
    r"(source|destination|server|server_mac|address|next_server|explanation|mac|mac_raw|vendor|name|addresses\[\d+\]|"
    r"xid|file|file_raw|boot_file|boot_file_raw|error_message|error_message_raw|remedies\[\d+\]|note|relay|uuid\w*|text)$"
)
"""Places in a report that hold names or addresses, or sentences with these in them."""


@pytest.fixture(scope="module", params=RECORDED, ids=lambda path: f"{path.parent.name}-{path.stem}")
def case(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A recorded capture and what is made of it."""
    capture: Path = request.param
    made = tmp_path_factory.mktemp("anonymised") / "out.pcapng"
    anonymise(capture, made)
    return capture, made


def anonymise(capture: Path, made: Path, key: bytes = KEY) -> int:
    """Write `made` from `capture`; gives how many frames were left out."""
    anonymiser = Anonymiser(key)
    anonymiser.prepare(read_captures([str(capture)]).story)
    with made.open("wb") as out:
        return write_slice(open_captures([str(capture)]), out, None, rewrite=anonymiser)[1]


def verdicts(path: Path) -> list[tuple[object, ...]]:
    return [
        (str(judged.boot.outcome), *((f.id, f.primary, f.severity, f.confidence) for f in judged.findings))
        for judged in judge(read_captures([str(path)]).story).boots()
    ]


def test_the_verdicts_are_those_of_the_original(case: tuple[Path, Path]) -> None:
    capture, made = case
    assert verdicts(made) == verdicts(capture)


def test_the_report_differs_in_nothing_but_names(case: tuple[Path, Path]) -> None:
    told = differences(*map(_report, case))
    assert [line for line in told if not NAMING.search(line.partition(": ")[0])] == []


def test_nothing_in_it_names_what_the_original_named(case: tuple[Path, Path]) -> None:
    capture, made = case
    forms = identifiers(capture)
    assert found_in(capture.read_bytes(), forms) or not forms
    assert found_in(made.read_bytes(), forms) == []


@pytest.mark.slow
def test_wireshark_reads_it_without_new_faults(case: tuple[Path, Path], tshark: str) -> None:
    capture, made = case
    assert _faults(tshark, made) == _faults(tshark, capture)


def test_another_key_gives_other_replacements(tmp_path: Path) -> None:
    capture = CAPTURES / "uefi-file-missing" / "capture.pcap"
    made = [tmp_path / name for name in ("one", "other", "one-again")]
    for path, key in zip(made, (KEY, bytes(KEY_BYTES), KEY), strict=True):
        assert anonymise(capture, path, key) == 0
    one, other, again = (path.read_bytes() for path in made)
    assert one == again
    assert one != other
    assert verdicts(made[0]) == verdicts(made[1])


def test_comments_name_nobody_either() -> None:
    capture = CAPTURES / "uefi-file-missing" / "capture.pcap"
    story = read_captures([str(capture)]).story
    anonymiser = Anonymiser(KEY)
    anonymiser.prepare(story)
    comments = comments_on(judge(story).boots(), Context.of(story))
    before = "\n".join(text for texts in comments.values() for text in texts)
    after = anonymiser.text(before)
    forms = identifiers(capture)
    assert found_in(before.encode(), forms)
    assert found_in(after.encode(), forms) == []
    assert re.search(r"boot 1: .*The server [0-9.]+ has no file `\w{7}\.efi`\. \[tftp-file-not-found\]", after)


@given(st.binary(max_size=200), st.sampled_from((0, 1, 9, 12, 101, 105, 108, 113, 127, 147, 228, 229, 276)))
def test_any_frame_gives_one_of_the_same_length_or_none(frame: bytes, link_type: int) -> None:
    made = Anonymiser(KEY)(frame, link_type)
    assert made is None or len(made) == len(frame)


FRAMES = [
    (batch.frame(row), int(batch.link_type[row]))
    for capture in sorted(CAPTURES.glob("*/capture.pcap"))
    for batch in open_captures([str(capture)])
    for row in range(0, len(batch), 7)
]


@given(st.sampled_from(FRAMES), st.data())
def test_a_damaged_frame_gives_one_of_the_same_length_or_none(frame: tuple[bytes, int], data: st.DataObject) -> None:
    content, link_type = bytearray(frame[0]), frame[1]
    for _ in range(data.draw(st.integers(0, 4))):
        content[data.draw(st.integers(0, min(len(content), 400) - 1))] = data.draw(st.integers(0, 255))
    damaged = bytes(content[: data.draw(st.integers(1, len(content)))])
    made = Anonymiser(KEY)(damaged, link_type)
    assert made is None or len(made) == len(damaged)


def _report(path: Path) -> Document:
    document = report_of(path)
    return {"boots": document["boots"], "others": document.get("others"), "events": document.get("events")}


def _faults(tshark: str, path: Path) -> list[str]:
    """Frames with a fault that Wireshark sees, and which: malformed ones, and checksums that are wrong."""
    wrong = "_ws.malformed || ip.checksum.status == 0 || udp.checksum.status == 0 || tcp.checksum.status == 0"
    checks = [option for name in ("ip.check_checksum", "udp.check_checksum", "tcp.check_checksum")
              for option in ("-o", f"{name}:TRUE")]  # fmt: skip
    fields = ["-T", "fields", "-e", "frame.number", "-e", "ip.checksum.status", "-e", "udp.checksum.status"]
    done = subprocess.run(
        [tshark, "-n", "-r", str(path), *checks, "-Y", wrong, *fields], capture_output=True, text=True, check=True
    )
    return done.stdout.splitlines()
