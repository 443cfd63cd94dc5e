"""Which boots an expression of `--where` wants."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pxedebug.diagnose import Severity
from pxedebug.query import FIELDS, QueryError, parse_query
from tests.diagnose.verdict import judgement
from tests.track.conversation import tell, together
from tests.track.programs import dnsmasq, edk2, intel

BOOTS = list(
    judgement(
        tell(
            edk2.discover(at=0), dnsmasq.offer(file="grubx64.efi"), edk2.request(at=4), dnsmasq.ack(),
            edk2.missing("grubx64.efi"),
            together(
                intel.on("52:54:00:77:00:10").discover(at=10), dnsmasq.offer(file="my kernel.0"),
                intel.on("52:54:00:77:00:10").request(at=14), dnsmasq.ack(),
            ),
        )
    ).boots()
)  # fmt: skip


ABSENT = {
    "outcome": "local", "severity": "error", "finding": "arp-conflict", "primary": "arp-conflict", "stage": "grub",
    "method": "http-v6", "mac": "00:*", "address": "192.0.2.*", "server": "192.0.2.*", "relay": "*",
}  # fmt: skip
"""Values that a boot may have and these have not, where another value is a mistake."""


def wanted(expression: str) -> list[int]:
    return [judged.number for judged in BOOTS if parse_query(expression)(judged)]


@pytest.mark.parametrize(
    ("expression", "numbers"),
    [
        ("", [1, 2]),
        ("outcome:failed", [1]),
        ("outcome:failed,in-progress", [1, 2]),
        ("-outcome:failed", [2]),
        ("arch:uefi", [1]),
        ("arch:7", [1]),
        ("arch:bios", [2]),
        ("mac:52:54:*", [1, 2]),
        ("mac:52:54:00:77:00:10", [2]),
        ("52:54:00:77:00:10", [2]),
        ("mac:52-54-00-77-00-10", [2]),
        ("finding:tftp-*", [1]),
        ("primary:stopped-for-unknown-reason", []),
        ("server:10.77.0.1 outcome:failed", [1]),
        ("server:10.77.0.2", []),
        ("file:*.EFI", [1]),
        ("file:'my kernel.0'", [2]),
        ("grub", [1]),
        ("boot:2", [2]),
    ],
)
def test_what_matches(expression: str, numbers: list[int]) -> None:
    assert wanted(expression) == numbers


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("outcom:failed", "there is no field 'outcom'; did you mean 'outcome'?"),
        ("zzz:1", "there is no field 'zzz'; fields are outcome, mac,"),
        ("outcome:broken", "no boot has the outcome 'broken'; there are booted, failed,"),
        ("outcome:", "outcome: needs a value, such as outcome:booted"),
        ("file:'open", "a quotation mark is open"),
        (
            "finding:tftp-file-not-fond",
            "no finding is called 'tftp-file-not-fond'; did you mean 'tftp-file-not-found'?",
        ),
        ("finding:zzz-*", "finding: no finding is called 'zzz-*'; `pxedebug explain` lists them"),
        ("-primary:no-dhcp-offer,zzz", "primary: no finding is called 'zzz'"),
        ("mac:52:54", "mac: '52:54' is no MAC address; write it like"),
        ("server:tftp.example", "server: 'tftp.example' is no IP address; write it like"),
        ("stage:bios", "no boot has the stage 'bios'; there are firmware,"),
    ],
)
def test_mistakes_are_told_in_one_line(expression: str, said: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse_query(expression)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


@given(st.text(max_size=40))
def test_any_text_is_a_query_or_a_mistake(expression: str) -> None:
    try:
        predicate = parse_query(expression)
    except QueryError:
        return
    assert {predicate(judged) for judged in BOOTS} <= {True, False}


@pytest.mark.parametrize("name", FIELDS)
def test_every_field_can_be_asked_for(name: str) -> None:
    values = [value for judged in BOOTS for value in FIELDS[name](judged)]
    assert all(isinstance(value, str) for value in values)
    assert wanted(f"-{name}:{ABSENT.get(name, 'no-such-value-*')}") == [1, 2]


def test_findings_of_other_packages_can_be_asked_for() -> None:
    assert parse_query("finding:our-*", lambda: ["our-rule"]).expression == "finding:our-*"
    with pytest.raises(QueryError):
        parse_query("finding:our-*")


def test_a_finding_and_its_severity_match_alike() -> None:
    """Also one that only explains."""
    judged = BOOTS[0]._replace(findings=(BOOTS[0].findings[0]._replace(severity=Severity.INFO),))
    assert parse_query(f"severity:info finding:{judged.findings[0].id}")(judged)
