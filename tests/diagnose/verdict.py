"""What diagnosis makes of a conversation, as words.

verdict = diagnose(tell(edk2.discover(at=0), ...))
assert verdict.primary == "tftp-file-not-found"
assert verdict.frames("tftp-file-not-found") == [9, 8, 4]
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

from pxedebug.api import read_captures
from pxedebug.diagnose import Finding, Judgement, judge
from pxedebug.diagnose.judgement import JudgedBoot
from pxedebug.track.story import Story
from pxedebug.wire.batch import frame_number
from pxedebug.wire.packet import parse_mac
from tests.track.conversation import Told


@dataclass
class Verdict:
    """The judgement of one boot."""

    judged: JudgedBoot

    @property
    def outcome(self) -> str:
        return str(self.judged.boot.outcome)

    @property
    def primary(self) -> str | None:
        return self.judged.primary.id if self.judged.primary else None

    @property
    def ids(self) -> list[str]:
        """All findings but those that only explain (`info`), the primary one first."""
        return [finding.id for finding in self.judged.findings if str(finding.severity) != "info"]

    @property
    def all_ids(self) -> list[str]:
        return [finding.id for finding in self.judged.findings]

    def finding(self, rule: str) -> Finding:
        """The finding of this id; fails when there is none."""
        found = [finding for finding in self.judged.findings if finding.id == rule]
        assert found, f"{rule} was not found, but {self.all_ids}"
        return found[0]

    def severity(self, rule: str) -> str:
        return str(self.finding(rule).severity)

    def confidence(self, rule: str) -> str:
        return str(self.finding(rule).confidence)

    def frames(self, rule: str) -> list[int]:
        """Numbers of the frames that the finding cites."""
        return [frame_number(evidence.frame) for evidence in self.finding(rule).evidence]


def judgement(told: Told, *, allowed: tuple[str, ...] = ()) -> Judgement:
    return judge(told.story, allowed_servers=[ip_address(server) for server in allowed])


def verdicts(told: Told, *, allowed: tuple[str, ...] = ()) -> list[Verdict]:
    """One of each boot, in order of their start."""
    return [Verdict(judged) for judged in judgement(told, allowed=allowed).boots()]


def diagnose(told: Told, *, allowed: tuple[str, ...] = ()) -> Verdict:
    """Of the only boot."""
    (verdict,) = verdicts(told, allowed=allowed)
    return verdict


def of_capture(path: Path, client: str | None = None) -> list[Verdict]:
    """Of each boot in a capture file, or of one client's."""
    story: Story = read_captures([str(path)]).story
    mac = None if client is None else parse_mac(client)
    return [Verdict(judged) for judged in judge(story).boots() if mac in (None, judged.boot.client.mac)]
