"""A client's frames in a file of their own, with findings as comments."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from pxedebug.api import read_captures
from pxedebug.capture import open_captures
from pxedebug.diagnose import judge
from pxedebug.report.context import Context
from pxedebug.report.extract import Selection, comments_on, write_slice
from tests.golden import CAPTURES
from tests.reports import Document, report_of
from tests.track.conversation import batches, tell, together
from tests.track.programs import dnsmasq, edk2, intel

OTHER = intel.on("52:54:00:77:00:10")
TOLD = tell(
    together(edk2.discover(at=0), dnsmasq.offer(file="a.efi"), edk2.request(at=4), dnsmasq.ack(),
             edk2.missing("a.efi")),
    together(OTHER.discover(at=10), dnsmasq.offer(file="b.0", gives="10.77.0.140"), OTHER.request(at=14),
             dnsmasq.ack(), OTHER.fetch("b.0")),
)  # fmt: skip


def test_one_client_s_frames_and_no_other_s(tmp_path: Path) -> None:
    story = TOLD.story
    boots = [judged for judged in judge(story).boots() if judged.boot.client.mac == edk2.mac]
    path = tmp_path / "one.pcapng"
    with path.open("wb") as out:
        written, _ = write_slice(batches(TOLD.wires), out, Selection.of(boots, ()))
    report = report_of(path)
    assert written == 6
    assert [boot["client"]["mac"] for boot in report["boots"]] == ["52:54:00:77:00:20"]
    assert report["boots"][0]["outcome"] == "failed"


def test_everything_is_the_capture_again(tmp_path: Path) -> None:
    case = CAPTURES / "uefi-file-missing" / "capture.pcap"
    path = tmp_path / "all.pcapng"
    with path.open("wb") as out:
        write_slice(open_captures([str(case)]), out, None)
    assert _nameless(report_of(path)) == _nameless(report_of(case))


def test_nothing_chosen_is_nothing_written() -> None:
    out = BytesIO()
    assert write_slice(batches(TOLD.wires), out, Selection.of((), ())) == (0, 0)


def test_wireshark_shows_the_findings_as_comments(tmp_path: Path, require_tool: Callable[[str], str]) -> None:
    tshark = require_tool("tshark")
    story = TOLD.story
    boots = list(judge(story).boots())
    path = tmp_path / "said.pcapng"
    with path.open("wb") as out:
        comments = comments_on(boots, Context.of(story))
        write_slice(batches(TOLD.wires), out, None, comments=comments, about="a test")
    fields = ["-T", "fields", "-e", "frame.number", "-e", "frame.comment"]
    shown = subprocess.run(
        [tshark, "-n", "-r", str(path), "-Y", "frame.comment", *fields], capture_output=True, text=True, check=True
    ).stdout
    assert "6\tpxedebug, boot 1: ERROR 1" in shown
    assert "[tftp-file-not-found]" in shown


def test_comments_do_not_repeat_and_explanations_are_left_out() -> None:
    story = TOLD.story
    comments = comments_on(judge(story).boots(), Context.of(story))
    assert all(len(said) == len(set(said)) for said in comments.values())
    assert "[tftp-file-not-found]" in " ".join(word for said in comments.values() for word in said)


def test_a_writer_s_file_reads_back(tmp_path: Path) -> None:
    out = BytesIO()
    write_slice(batches(TOLD.wires), out, None)
    path = tmp_path / "back.pcapng"
    path.write_bytes(out.getvalue())
    assert read_captures([str(path)]).story.sources[0].frames == len(TOLD.wires)


def _nameless(document: Document) -> str:
    copy = json.loads(json.dumps(document))
    for source in copy["capture"]["sources"]:
        source["name"] = ""
    return json.dumps(copy)
