"""The rules as a collection: none is missing, each has the words that people need, and the tables know them all."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from pkgutil import iter_modules
from string import Template
from types import ModuleType

import pytest

from pxedebug.diagnose import Rule, builtin_rules, precedence
from pxedebug.diagnose.rule import EXAMPLES, Product

CATALOGUE = {
    "link": """
        no-client-traffic stp-portfast-delay lacp-port-not-forwarding dot1x-port-blocked vlan-mismatch
        dhcp-snooping-drop second-stage-dhcp-silence duplicate-ip-decline arp-conflict
    """,
    "dhcp": """
        no-dhcp-offer pool-exhausted-silence selective-silence relay-missing relay-reply-lost offer-wrong-subnet
        offer-ignored-by-client reply-mismatch offer-missing-server-id offer-oversize slow-dhcp-offer
        unicast-offer-undeliverable dhcp-nak request-unanswered ack-rejected-by-client competing-dhcp-servers
        proxy-offer-only bootp-only-reply identity-change-between-stages
    """,
    "bootinfo": """
        offer-without-boot-info ack-lacks-boot-info next-server-missing next-server-name-unusable
        next-server-unexpected gateway-missing-for-remote-server arch-mismatch bootfile-nul-termination
        bootfile-too-long bootfile-field-disagreement bootfile-path-style bootfile-suffix-added
        url-given-to-pxe-client option-overload-issue option43-malformed pxe-menu-incomplete
        long-option-fragmentation rpi-vendor-string-missing
    """,
    "proxydhcp": """
        proxydhcp-4011-blocked proxy-reply-wrong-port option60-stray-pxeclient option60-missing
        relay-drops-proxy-offer rogue-proxydhcp proxy-ack-without-bootfile bootserver-discovery-timeout
        wds-pending-or-abort mtftp-not-supported
    """,
    "tftp": """
        next-server-arp-unanswered tftp-server-unreachable tftp-port-closed tftp-port-filtered
        tftp-data-blocked-by-firewall tftp-reply-wrong-source tftp-file-not-found tftp-access-violation
        tftp-server-error-other tftp-options-refused tftp-oack-missing-tsize tftp-no-option-support
        blksize-fragmentation ip-fragments-dropped windowsize-loss tftp-blocknum-rollover-stall
        tftp-sorcerers-apprentice tftp-transfer-stalled tftp-client-aborted tftp-slow-transfer small-blksize-slow
        tftp-size-mismatch nbp-empty nbp-too-large-bios asymmetric-routing tftp-unknown-tid
    """,
    "http": """
        http-dns-failure http-connect-refused http-connect-timeout http-404 http-denied http-server-error
        http-redirect-not-followed http-tls-in-plain https-handshake-failed http-transfer-stalled
        http-offer-without-httpclient http-uri-rejected http-content-not-bootable http-range-unsupported
        http-slow-transfer
    """,
    "ipv6": """
        dhcpv6-no-advertise dhcpv6-no-bootfile-url dhcpv6-no-addresses dhcpv6-bootfile-url-unusable
        dhcpv6-bootfile-param-misread ipv6-ra-missing
    """,
    "second_stage": """
        ipxe-boot-loop nbp-loaded-then-silent secure-boot-reject shim-second-stage-missing
        pxelinux-config-not-found pxelinux-module-missing grub-config-not-found boot-artifact-missing
        windows-bcd-missing windows-ramdisk-transfer-failed kernel-fetched-no-more-traffic
        os-dhcp-failure-after-kernel repeated-attempt-storm
    """,
}
"""The failure modes, by section and in order, written down by hand: what the program promises to tell apart."""
IDS = [rule_id for listed in CATALOGUE.values() for rule_id in listed.split()]
RULES = {rule.id: rule for rule in builtin_rules()}
MARKUP = re.compile(r"\*\*|__|\]\(|</?[a-z]+>|^[#>*-] ")
"""Bold, links, tags, headings and lists."""
UNSEEN = re.compile(r"^\s|\s$|\s\s|[^\x20-\x7e]")
"""Blanks that nobody sees, line ends, and signs that a console may not have."""
LONGEST_TITLE = 80


@pytest.fixture(params=RULES)
def rule(request: pytest.FixtureRequest) -> Rule:
    return RULES[request.param]


def prose(rule: Rule) -> Iterator[str]:
    """Everything that people read of it, but for what programs print and configuration lines."""
    yield rule.title
    yield from rule.causes
    yield from (remedy.text for remedy in rule.remedies if remedy.product is Product.ANY)
    yield from (remedy.note for remedy in rule.remedies)
    yield from rule.sources
    yield rule.next_measurement or ""


def module_of(rule_id: str) -> ModuleType:
    section = next(section for section, listed in CATALOGUE.items() if rule_id in listed.split())
    return importlib.import_module(f"pxedebug.diagnose.rules.{section}.{rule_id.replace('-', '_')}")


def test_there_is_a_rule_for_every_failure_mode() -> None:
    assert [rule.id for rule in builtin_rules()] == IDS


@pytest.mark.parametrize("section", CATALOGUE)
def test_every_file_of_a_section_is_a_rule_that_is_listed_and_tested(section: str) -> None:
    folder = importlib.import_module(f"pxedebug.diagnose.rules.{section}").__path__
    names = {module.name for module in iter_modules(folder)}
    assert names == {rule_id.replace("-", "_") for rule_id in CATALOGUE[section].split()}
    tests = Path(__file__).parent / "rules" / section
    assert {path.stem for path in tests.glob("test_*.py")} == {f"test_{name}" for name in names}


def test_a_rule_has_the_name_of_its_file(rule: Rule) -> None:
    assert module_of(rule.id).RULE is rule


def test_a_rule_says_what_is_seen_what_may_be_the_reason_what_to_change_and_who_says_so(rule: Rule) -> None:
    assert all((rule.screens, rule.causes, rule.remedies, rule.sources))


@pytest.mark.parametrize("rule_id", RULES)
def test_what_is_less_than_certain_says_how_to_be_sure(rule_id: str) -> None:
    """Any level below certain in the file asks for a measurement, of the rule or of the finding."""
    tree = ast.parse(inspect.getsource(module_of(rule_id)))
    levels = {node.attr for node in ast.walk(tree) if _is_confidence(node)}
    told = any(isinstance(node, ast.keyword) and node.arg == "next_measurement" for node in ast.walk(tree))
    assert levels == {"CERTAIN"} or told


def _is_confidence(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "Confidence"


def test_a_title_is_one_short_sentence_without_a_stop(rule: Rule) -> None:
    assert 0 < len(rule.title) <= LONGEST_TITLE
    assert not re.search(r"[.!?]( |$)", rule.title)


def test_titles_tell_the_rules_apart() -> None:
    assert len({rule.title for rule in builtin_rules()}) == len(IDS)


def test_the_words_are_plain(rule: Rule) -> None:
    """Backquotes in pairs are for names; what is printed on screens is quoted as it is."""
    assert [text for text in prose(rule) if MARKUP.search(text) or text.count("`") % 2] == []
    assert [text for text in (*prose(rule), *(screen.text for screen in rule.screens)) if UNSEEN.search(text)] == []


def test_list_items_end_without_a_stop(rule: Rule) -> None:
    """What a program prints may end with one."""
    advice = (remedy.text for remedy in rule.remedies if remedy.product is Product.ANY)
    assert [text for text in (*rule.causes, *advice, rule.next_measurement or "") if text.endswith(".")] == []


def test_nothing_is_said_twice(rule: Rule) -> None:
    for said in (rule.screens, rule.causes, rule.remedies, rule.sources):
        assert len(set(said)) == len(said)


def test_every_placeholder_of_a_remedy_has_an_example(rule: Rule) -> None:
    """And none stands where nothing is filled in."""
    asked = {name for remedy in rule.remedies for name in Template(remedy.text).get_identifiers()}
    assert asked <= EXAMPLES.keys()
    assert [text for text in (*rule.causes, *(remedy.note for remedy in rule.remedies)) if "$" in text] == []


def test_the_tables_of_precedence_know_every_id_they_name() -> None:
    named = {
        *precedence.SUPPRESSES,
        *precedence.CAUSES,
        *(name for names in (*precedence.SUPPRESSES.values(), *precedence.CAUSES.values()) for name in names),
        *precedence.CONTRIBUTING,
        *precedence.PROVED_BY_ACK,
        *precedence.KEPT_AFTER_SUCCESS,
        *precedence.NETWORK_WIDE,
    }
    assert named - set(IDS) == set()
