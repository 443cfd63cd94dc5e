"""How findings are weighed: one primary, specific before generic, success forgives, causes before effects."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pxedebug.diagnose import Rule, Severity, Step, builtin_rules, judge
from pxedebug.diagnose.case import Case
from pxedebug.diagnose.finding import Confidence, Found, cite
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import ANY, Check
from tests.diagnose.verdict import Verdict, diagnose
from tests.track.conversation import Told, tell, together
from tests.track.programs import dnsmasq, edk2, edk2_http, grub
from tests.track.scene import Step as Say

BEGUN: Say = together(edk2.discover(at=0), dnsmasq.offer(file="a.efi"), edk2.request(at=3.9), dnsmasq.ack())
MISSING = tell(BEGUN, edk2.missing("a.efi"))
MOVING = tell(BEGUN)
BOOTED = tell(BEGUN, edk2.fetch("a.efi"), grub.fetch("/vmlinuz"), grub.fetch("/initrd.img"))


def rule(name: str, step: Step, severity: Severity, confidence: Confidence = Confidence.CERTAIN) -> Rule:
    """A rule that finds its fault on every attempt, in the last stage."""

    def check(case: Case, network: Network) -> Iterator[Found]:
        yield Found(case.last, confidence, f"{name} it is", cite(case.first.messages[0], "the first frame"))

    return Rule(name, name, severity, step, check, outcomes=ANY)


def judged(told: Told, *rules: Rule) -> Verdict:
    (boot,) = judge(told.story, rules).boots()
    return Verdict(boot)


def test_the_furthest_step_is_primary() -> None:
    verdict = judged(MISSING, rule("at-tftp", Step.TFTP, Severity.ERROR), rule("at-dhcp", Step.DHCP, Severity.FATAL))
    assert verdict.primary == "at-tftp"
    assert verdict.all_ids == ["at-tftp", "at-dhcp"]


def test_at_one_step_the_surer_one_is_primary() -> None:
    verdict = judged(
        MISSING,
        rule("perhaps", Step.TFTP, Severity.FATAL, Confidence.INFERRED),
        rule("surely", Step.TFTP, Severity.ERROR, Confidence.CERTAIN),
    )
    assert verdict.primary == "surely"


def test_the_specific_finding_makes_the_generic_one_superfluous() -> None:
    verdict = judged(
        MISSING,
        rule("tftp-file-not-found", Step.TFTP, Severity.FATAL),
        rule("bootfile-suffix-added", Step.TFTP, Severity.ERROR),
    )
    assert verdict.all_ids == ["bootfile-suffix-added"]


def test_a_specific_warning_suppresses_nothing() -> None:
    verdict = judged(
        MISSING,
        rule("tftp-file-not-found", Step.TFTP, Severity.FATAL),
        rule("bootfile-suffix-added", Step.TFTP, Severity.WARNING),
    )
    assert verdict.primary == "tftp-file-not-found"
    assert verdict.severity("bootfile-suffix-added") == "warning"


def test_a_specific_finding_of_an_early_step_is_weighed_where_its_effect_shows() -> None:
    verdict = judged(
        MISSING,
        rule("gateway-missing-for-remote-server", Step.DHCP, Severity.FATAL),
        rule("tftp-server-unreachable", Step.TFTP, Severity.FATAL),
        rule("proxydhcp-4011-blocked", Step.PROXYDHCP, Severity.ERROR),
    )
    assert verdict.primary == "gateway-missing-for-remote-server"
    assert "tftp-server-unreachable" not in verdict.all_ids


def test_a_named_cause_takes_the_place_of_its_effect() -> None:
    verdict = judged(
        MISSING,
        rule("competing-dhcp-servers", Step.DHCP, Severity.ERROR),
        rule("tftp-file-not-found", Step.TFTP, Severity.FATAL),
    )
    assert verdict.primary == "competing-dhcp-servers"
    assert verdict.finding("tftp-file-not-found").caused_by == "competing-dhcp-servers"


def test_a_cause_that_is_only_a_warning_leaves_the_effect_primary() -> None:
    verdict = judged(
        MISSING,
        rule("competing-dhcp-servers", Step.DHCP, Severity.WARNING),
        rule("tftp-file-not-found", Step.TFTP, Severity.FATAL),
    )
    assert verdict.primary == "tftp-file-not-found"


def test_what_only_contributes_is_primary_when_nothing_else_explains() -> None:
    verdict = judged(MISSING, rule("competing-dhcp-servers", Step.DHCP, Severity.ERROR))
    assert verdict.primary == "competing-dhcp-servers"


def test_without_a_rule_that_fits_the_reason_is_unknown() -> None:
    verdict = judged(MISSING, rule("only-a-warning", Step.TFTP, Severity.WARNING))
    assert verdict.primary == "stopped-for-unknown-reason"
    assert verdict.finding("stopped-for-unknown-reason").next_measurement
    assert "only-a-warning" in verdict.all_ids


def test_fatal_and_certain_makes_a_moving_boot_failed() -> None:
    assert judged(MOVING).outcome == "in-progress"
    assert judged(MOVING, rule("dead", Step.TFTP, Severity.FATAL)).outcome == "failed"
    assert judged(MOVING, rule("dead", Step.TFTP, Severity.FATAL, Confidence.STRONG)).outcome == "failed"


@pytest.mark.parametrize(
    ("severity", "confidence"),
    [(Severity.FATAL, Confidence.INFERRED), (Severity.ERROR, Confidence.CERTAIN)],
)
def test_less_than_that_is_a_warning_while_the_boot_moves(severity: Severity, confidence: Confidence) -> None:
    verdict = judged(MOVING, rule("doubtful", Step.TFTP, severity, confidence))
    assert (verdict.outcome, verdict.primary) == ("in-progress", None)
    assert verdict.severity("doubtful") == "warning"


def test_a_boot_that_worked_is_silent_but_for_what_explains_the_next_failure() -> None:
    verdict = judged(
        BOOTED,
        rule("no-dhcp-offer", Step.DHCP, Severity.FATAL),
        rule("competing-dhcp-servers", Step.DHCP, Severity.ERROR),
    )
    assert verdict.outcome == "booted"
    assert verdict.severity("no-dhcp-offer") == "info"
    assert verdict.severity("competing-dhcp-servers") == "warning"
    assert verdict.primary is None


def test_a_file_that_came_forgives_what_was_before_it() -> None:
    told = tell(BEGUN, edk2.fetch("a.efi"), edk2.missing("b.efi"))
    verdict = judged(told, rule("offer-wrong-subnet", Step.DHCP, Severity.ERROR))
    assert verdict.severity("offer-wrong-subnet") == "warning"


def test_an_answer_forgives_that_none_came_before() -> None:
    verdict = judged(MISSING, rule("no-dhcp-offer", Step.DHCP, Severity.FATAL))
    assert verdict.severity("no-dhcp-offer") == "warning"


def test_the_walk_to_the_next_boot_option_only_explains() -> None:
    """EDK2 tries HTTP boot after PXE (B-28): what is found there is no reason of the boot's failure."""

    def check(case: Case, network: Network) -> Iterator[Found]:
        found = cite(case.last.messages[0], "its first frame")
        yield Found(case.last, Confidence.CERTAIN, f"attempt {case.index} failed", found)

    told = tell(BEGUN, edk2.missing("a.efi"), edk2_http.afresh(at=4.2), dnsmasq.offer(file="a.efi"))
    each = Rule("each", "each", Severity.FATAL, Step.DHCP, check)
    verdict = judged(told, each)
    assert verdict.finding("each").says == "attempt 0 failed"
    assert len(verdict.all_ids) == 1


def test_rules_see_only_the_attempts_that_they_ask_for() -> None:
    seen: list[str] = []

    def looking(name: str) -> Check:
        def check(case: Case, network: Network) -> Iterator[Found]:
            seen.append(name)
            return iter(())

        return check

    failing = Rule("failing", "failing", Severity.ERROR, Step.TFTP, looking("failing"))
    always = Rule("always", "always", Severity.WARNING, Step.TFTP, looking("always"), outcomes=ANY)
    judged(BOOTED, failing, always)
    assert seen == ["always"]


def test_every_failed_boot_of_the_scenes_has_exactly_one_primary() -> None:
    verdict = diagnose(MISSING)
    assert [finding.primary for finding in verdict.judged.findings].count(True) == 1
    assert verdict.judged.findings[0].primary
    assert len(builtin_rules()) > 80
