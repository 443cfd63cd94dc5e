"""Every remedy is read by the checker of the program that it is for; what no checker reads is marked as not verified.

The checkers look at form and names and at some values, not at what a line brings about.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from pxedebug.diagnose import builtin_rules
from pxedebug.diagnose.rule import EXAMPLES, Product
from tests.diagnose.checkers import CHECKERS

REMEDIES = {
    f"{rule.id}-{number}-{remedy.product.name}": remedy
    for rule in builtin_rules()
    for number, remedy in enumerate(rule.remedies, 1)
}
CHECKED = {name: remedy for name, remedy in REMEDIES.items() if remedy.product.checked}
ACCEPTING = {
    name: remedy
    for name, remedy in CHECKED.items()
    if remedy.product is Product.NFTABLES and remedy.text.endswith("accept")
}
ADDED_CHAIN = "add table inet boot\nadd chain inet boot input { type filter hook input priority 0; }\n"
BROKEN = (
    (Product.DNSMASQ, "dhcp-booot=snponly.efi,,10.0.0.5"),
    (Product.DNSMASQ, "dhcp-range=10.0.0.100,10.0.0.399,12h"),
    (Product.DNSMASQ, "dhcp-match=set:efi64,option:client-arch,7\ndhcp-boot=tag:efi64"),
    (Product.KEA, '"next-sever": "10.0.0.5"'),
    (Product.KEA, '"next-server": "boot.example.org"'),
    (Product.KEA, '"option-data": [{"name": "routers", "data": "10.0.0.256"}]'),
    (Product.KEA, '"client-classes": [{"name": "pxe", "test": "option[60].hex == PXEClient"}]'),
    (Product.KEA, '"interfaces-config": {"interfaces": ["*"], "dhcp-socket-type": "row"}'),
    (Product.ISC_DHCPD, "next-server 10.0.0.5"),
    (Product.ISC_DHCPD, "next-sever 10.0.0.5;"),
    (Product.ISC_DHCPD, 'if option arch = 00:07 { filename "snponly.efi"; }'),
    (Product.NFTABLES, "add rule inet boot input udp dport 67 accept"),
    (Product.NFTABLES, ADDED_CHAIN.replace("hook input", "hook inputs")),
    (Product.NFTABLES, f"{ADDED_CHAIN}add rule inet boot input udp dprot 67 accept"),
)


@pytest.mark.parametrize("name", CHECKED)
def test_the_programs_own_checker_takes_it(name: str, tmp_path: Path) -> None:
    remedy = CHECKED[name].filled(EXAMPLES)
    assert CHECKERS[remedy.product](remedy.text, tmp_path) == "", remedy.text


@pytest.mark.parametrize(("product", "text"), BROKEN)
def test_a_broken_line_is_rejected(product: Product, text: str, tmp_path: Path) -> None:
    assert CHECKERS[product](text, tmp_path).startswith("status 1: ")


@pytest.mark.parametrize("name", CHECKED)
def test_it_tells_the_program_something(name: str) -> None:
    """A comment alone would please every checker."""
    assert [line for line in CHECKED[name].text.splitlines() if not line.startswith("#")]


@pytest.mark.parametrize("name", ACCEPTING)
def test_a_packet_is_accepted_where_it_was_dropped(name: str) -> None:
    """What one table accepts another may drop: so in the usual table, before its other rules, its policy kept."""
    *chain, rule = ACCEPTING[name].text.splitlines()
    assert rule.startswith("insert rule inet filter ")
    assert "policy" not in " ".join(chain)


def test_every_checker_has_remedies_to_read() -> None:
    assert {product for product in Product if product.checked} == set(CHECKERS)
    assert {remedy.product for remedy in CHECKED.values()} == set(CHECKERS)


def test_what_no_checker_reads_is_marked_where_it_is_shown() -> None:
    marked = {remedy.product for remedy in REMEDIES.values() if "(not verified): " in str(remedy)}
    assert marked == {remedy.product for remedy in REMEDIES.values()} - CHECKERS.keys() - {Product.ANY}
