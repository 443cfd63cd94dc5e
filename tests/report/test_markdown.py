"""The report as Markdown: verdict and remedies as text, and no string from the wire as markup."""

from __future__ import annotations

from io import StringIO

import pytest

from pxedebug.diagnose import judge
from pxedebug.report.markdown import write_markdown
from pxedebug.report.select import View, select
from tests.report import stories as make
from tests.report.hostile_names import FORBIDDEN, HOSTILE
from tests.track.conversation import tell
from tests.track.programs import dnsmasq, edk2


def written(view: View) -> str:
    out = StringIO()
    write_markdown(view, out)
    return out.getvalue()


def failed(name: str = "grubx64.efi") -> str:
    steps = edk2.discover(at=0), dnsmasq.offer(file=name), edk2.request(at=4), dnsmasq.ack()
    return written(select(judge(tell(*steps, edk2.missing(name)).story)))


def test_the_verdict_is_a_heading() -> None:
    text = failed()
    said = "52:54:00:77:00:20 failed in TFTP: the server 10.77.0.1 has no file `grubx64.efi` (frame 6)"
    assert f"## Boot 1: {said}\n" in text
    assert "- frame 6: ERROR 1\n" in text
    assert "- dnsmasq: `tftp-root=/srv/tftp`\n" in text
    assert "| 1 | failed | 52:54:00:77:00:20 |" in text


def test_the_table_has_as_many_cells_in_every_row() -> None:
    rows = [line for line in failed("a|b`c.efi").splitlines() if line.startswith("|")]
    assert {line.replace("\\|", "").count("|") for line in rows} == {8}


@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_name_changes_no_structure(name: bytes) -> None:
    plain = written(View(judge(make.story(make.missing_file(b"plain.efi")))))
    text = written(View(judge(make.story(make.missing_file(name)))))
    headings = [line for line in text.splitlines() if line.startswith("#")]
    assert len(headings) == sum(line.startswith("#") for line in plain.splitlines())
    assert not FORBIDDEN.intersection(text)


def test_fences_are_longer_than_any_run_of_backquotes_inside() -> None:
    text = written(View(judge(make.story(make.missing_file(b"a``````b")))))
    fences = [line for line in text.splitlines() if line.startswith("```")]
    assert len(fences) % 2 == 0
    assert any(line.startswith("```````") for line in fences)


def test_nothing_to_report() -> None:
    assert "No network boots here." in written(View(judge(make.story())))
