"""Which boots an expression of `--where` wants."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
        ("finding:tftp-*", [1]),
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
    assert wanted(f"-{name}:no-such-value-*" if name not in ("outcome", "severity") else "") == [1, 2]
