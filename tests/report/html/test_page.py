"""The HTML report: self-contained, well-formed, and deaf to markup from the wire; shown by a real browser."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path

import pytest

from pxedebug.api import read_captures
from pxedebug.diagnose import judge
from pxedebug.report.html import write_html
from pxedebug.report.select import View, select
from tests.golden import CAPTURES
from tests.report import stories as make
from tests.report.hostile_names import FORBIDDEN, HOSTILE
from tests.track.conversation import tell
from tests.track.programs import dnsmasq, edk2

_VOID = {"meta", "link", "br", "img", "input", "hr"}


class Outline(HTMLParser):
    """Ids, links and tags, and whether every tag is closed."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: set[str] = set()
        self.open: list[str] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        values = dict(attrs)
        self.ids += [values["id"] or ""] if "id" in values else []
        self.links += [values[name] or "" for name in ("href", "src") if name in values]
        assert not [name for name in values if name.startswith("on")]
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.words.append(data)


def page(view: View) -> str:
    out = StringIO()
    write_html(view, out)
    return out.getvalue()


def missing_file() -> str:
    steps = edk2.discover(at=0), dnsmasq.offer(file="grubx64.efi"), edk2.request(at=4), dnsmasq.ack()
    return page(select(judge(tell(*steps, edk2.missing("grubx64.efi")).story)))


def test_the_verdict_comes_with_links_from_evidence_to_the_ladder() -> None:
    text = missing_file()
    outline = Outline(text)
    assert outline.open == []
    assert "failed in TFTP: the server 10.77.0.1 has no file <code>grubx64.efi</code> (frame 6)" in text
    inside = [link[1:] for link in outline.links if link.startswith("#")]
    assert "b1-f5" in inside
    assert set(inside) <= set(outline.ids)
    assert len(outline.ids) == len(set(outline.ids))


def test_nothing_is_loaded_from_anywhere() -> None:
    text = missing_file()
    outline = Outline(text)
    assert all(link.startswith("#") for link in outline.links)
    assert not outline.tags & {"script", "link", "iframe", "img", "object", "embed"}
    assert "@import" not in text
    assert "url(http" not in text
    assert "default-src 'none'" in text


@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_name_stays_text(name: bytes) -> None:
    plain = Outline(page(View(judge(make.story(make.missing_file(b"plain.efi"))))))
    outline = Outline(page(View(judge(make.story(make.missing_file(name))))))
    assert outline.open == []
    assert outline.tags == plain.tags
    assert not FORBIDDEN.intersection("".join(outline.words))


def test_an_empty_report_says_so() -> None:
    assert "No network boots here." in page(View(judge(make.story())))


@pytest.mark.parametrize("case", ["uefi-file-missing", "bios-relay", "uefi-pxe-over-ipv6"])
def test_golden_captures_make_whole_pages(case: str) -> None:
    story = read_captures([str(CAPTURES / case / "capture.pcap")]).story
    outline = Outline(page(select(judge(story))))
    assert outline.open == []
    assert {link[1:] for link in outline.links} <= set(outline.ids)


def test_a_browser_shows_it(tmp_path: Path, require_tool: Callable[[str], str]) -> None:
    """Headless Chromium opens the file from disk: the text is laid out, no request leaves, nothing is reported."""
    browser = require_tool("chromium")
    file = tmp_path / "report.html"
    file.write_text(missing_file(), encoding="utf-8")
    shot = tmp_path / "shot.png"
    common = [browser, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path}/profile"]
    dumped = subprocess.run(
        [*common, "--dump-dom", file.as_uri()], capture_output=True, text=True, timeout=120, check=True
    )
    outline = Outline(dumped.stdout)
    assert "grubx64.efi" in outline.words
    assert "Refused to" not in dumped.stderr
    subprocess.run(
        [*common, "--window-size=1200,1600", f"--screenshot={shot}", file.as_uri()],
        capture_output=True, timeout=120, check=True,
    )  # fmt: skip
    assert shot.read_bytes().startswith(b"\x89PNG")
    assert shot.stat().st_size > 20_000
