"""The language of `--where`: terms of `field:value`, all of which a boot must match.

    outcome:failed arch:uefi mac:52:54:* finding:tftp-* server:10.0.0.5 -file:*.wim

Values are compared without case; `*` and `?` match as in a shell, and a value in quotes may hold spaces. A comma means
or (`outcome:failed,stalled`), a minus before a term that it must not match, and a word without a field is looked for
in everything that the boot shows. What a boot has several of (addresses, files, findings) matches by any of them;
findings are all that the report holds, also those that only explain (`info`). A value that no boot can have (an
unknown outcome or finding, half a MAC address) is a mistake, not an empty answer.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from fnmatch import translate
from functools import partial
from re import IGNORECASE, Pattern
from re import compile as compile_pattern
from types import MappingProxyType

from pxedebug.diagnose import Severity, builtin_rules
from pxedebug.diagnose.judgement import JudgedBoot
from pxedebug.diagnose.unknown import UNKNOWN
from pxedebug.query.choices import address_choice, mac_choice
from pxedebug.track.story import Method, Outcome, StageKind
from pxedebug.wire.dhcp.architectures import architecture_name

__all__ = ["FIELDS", "Query", "QueryError", "builtin_ids", "parse_query"]

Values = Callable[[JudgedBoot], Iterable[str]]
Predicate = Callable[[JudgedBoot], bool]


class QueryError(ValueError):
    """An expression that cannot be understood; its text is one line for the user."""


@dataclass(frozen=True)
class Query:
    """An expression that was understood: called with a judged boot, it says whether the boot is wanted."""

    expression: str
    """As it was typed."""
    terms: tuple[Predicate, ...]

    def __call__(self, judged: JudgedBoot) -> bool:
        """Whether every term matches."""
        return all(term(judged) for term in self.terms)


def _outcome(judged: JudgedBoot) -> Iterator[str]:
    yield judged.boot.outcome.value


def _mac(judged: JudgedBoot) -> Iterator[str]:
    yield judged.boot.client.mac.hex(":")


def _arch(judged: JudgedBoot) -> Iterator[str]:
    """The number, the name, and each word of it: `7`, `x64 UEFI`, `x64`, `UEFI`."""
    for code in judged.boot.client.architectures:
        name = architecture_name(code)
        yield from (str(code), name, *name.replace("(", " ").replace(")", " ").split())


def _addresses(judged: JudgedBoot) -> Iterator[str]:
    return map(str, judged.boot.client.addresses)


def _vlan(judged: JudgedBoot) -> Iterator[str]:
    return map(str, judged.boot.client.vlans)


def _relay(judged: JudgedBoot) -> Iterator[str]:
    if judged.boot.client.relay is not None:
        yield str(judged.boot.client.relay)


def _vendor_class(judged: JudgedBoot) -> Iterator[str]:
    if judged.boot.client.vendor_class:
        yield _text(judged.boot.client.vendor_class)


def _stage(judged: JudgedBoot) -> Iterator[str]:
    return (stage.kind.value for stage in judged.boot.stages)


def _method(judged: JudgedBoot) -> Iterator[str]:
    return (stage.method.value for stage in judged.boot.stages if stage.method is not None)


def _server(judged: JudgedBoot) -> Iterator[str]:
    """Every server that took part: DHCP, proxyDHCP, TFTP, HTTP."""
    for stage in judged.boot.stages:
        for exchange in stage.exchanges:
            yield from (str(offer.server) for offer in exchange.offers if offer.server is not None)
            yield from (str(m.packet.source) for m in exchange.messages if not m.from_client)
        yield from (str(transfer.server) for transfer in stage.transfers)
        if stage.boot is not None and stage.boot.server is not None:
            yield str(stage.boot.server)


def _file(judged: JudgedBoot) -> Iterator[str]:
    for stage in judged.boot.stages:
        if stage.boot is not None and stage.boot.file:
            yield _text(stage.boot.file)
        yield from (_text(transfer.file) for transfer in stage.transfers if transfer.file)


def _finding(judged: JudgedBoot) -> Iterator[str]:
    return (finding.id for finding in judged.findings)


def _primary(judged: JudgedBoot) -> Iterator[str]:
    if judged.primary is not None:
        yield judged.primary.id


def _severity(judged: JudgedBoot) -> Iterator[str]:
    return (str(finding.severity) for finding in judged.findings)


def _number(judged: JudgedBoot) -> Iterator[str]:
    yield str(judged.number)


FIELDS: Mapping[str, Values] = MappingProxyType(
    {
        "outcome": _outcome,
        "mac": _mac,
        "arch": _arch,
        "address": _addresses,
        "server": _server,
        "file": _file,
        "finding": _finding,
        "primary": _primary,
        "severity": _severity,
        "stage": _stage,
        "method": _method,
        "class": _vendor_class,
        "vlan": _vlan,
        "relay": _relay,
        "boot": _number,
    }
)
"""What can be asked for, with the function that gives a boot's values."""

_CLOSED: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "outcome": frozenset(outcome.value for outcome in Outcome),
        "severity": frozenset(str(severity) for severity in Severity),
        "stage": frozenset(kind.value for kind in StageKind),
        "method": frozenset(method.value for method in Method),
    }
)
"""Fields whose values are known beforehand."""
_SPELLED: Mapping[str, Callable[[str], str]] = MappingProxyType(
    {"mac": mac_choice, "address": address_choice, "server": address_choice, "relay": address_choice}
)
"""Fields whose values have a form of their own, with the function that gives the usual spelling."""
_NAMES_OF_RULES = ("finding", "primary")


def builtin_ids() -> list[str]:
    """What the findings of the built-in rules are called."""
    return [rule.id for rule in (*builtin_rules(), UNKNOWN)]


def parse_query(expression: str, rule_ids: Callable[[], Iterable[str]] = builtin_ids) -> Query:
    """A predicate on judged boots; an empty expression wants them all.

    `rule_ids` gives the ids of all findings that there are; it is called when the expression names one. Raises
    QueryError for an unknown field, a value that no boot can have, and an open quotation mark.
    """
    try:
        words = shlex.split(expression)
    except ValueError as error:
        raise QueryError(f"{expression!r}: a quotation mark is open") from error
    return Query(expression, tuple(_term(word, rule_ids) for word in words))


def _term(word: str, rule_ids: Callable[[], Iterable[str]]) -> Predicate:
    negated = word.startswith(("-", "!")) and len(word) > 1
    name, colon, value = (word[1:] if negated else word).partition(":")
    if not colon or (name.lower() not in FIELDS and _looks_like_mac(word)):
        wanted = (word[1:] if negated else word).lower()
        term: Predicate = partial(_anywhere, wanted)
    else:
        term = _field(name.lower(), value, rule_ids)
    return (lambda judged: not term(judged)) if negated else term


def _field(name: str, value: str, rule_ids: Callable[[], Iterable[str]]) -> Predicate:
    if name not in FIELDS:
        close = get_close_matches(name, FIELDS, n=1)
        hint = f"did you mean {close[0]!r}?" if close else f"fields are {', '.join(FIELDS)}"
        raise QueryError(f"there is no field {name!r}; {hint}")
    choices = [choice for choice in value.split(",") if choice]
    if not choices:
        raise QueryError(f"{name}: needs a value, such as {name}:{min(_CLOSED.get(name, {'*'}))}")
    if name in _SPELLED:
        try:
            choices = list(map(_SPELLED[name], choices))
        except ValueError as error:
            raise QueryError(f"{name}: {error}") from None
    patterns = [compile_pattern(translate(choice), IGNORECASE) for choice in choices]
    known = frozenset(rule_ids()) if name in _NAMES_OF_RULES else _CLOSED.get(name)
    for choice, pattern in zip(choices, patterns, strict=True):
        if known is not None and not any(map(pattern.fullmatch, known)):
            raise QueryError(_unknown(name, choice, known))
    return partial(_matches, FIELDS[name], patterns)


def _unknown(name: str, choice: str, known: frozenset[str]) -> str:
    if name not in _NAMES_OF_RULES:
        return f"no boot has the {name} {choice!r}; there are {', '.join(sorted(known))}"
    close = get_close_matches(choice, sorted(known), n=1)
    hint = f"did you mean {close[0]!r}?" if close else "`pxedebug explain` lists them"
    return f"{name}: no finding is called {choice!r}; {hint}"


def _matches(values: Values, patterns: list[Pattern[str]], judged: JudgedBoot) -> bool:
    return any(pattern.fullmatch(value) for value in values(judged) for pattern in patterns)


def _anywhere(wanted: str, judged: JudgedBoot) -> bool:
    return any(wanted in value.lower() for values in FIELDS.values() for value in values(judged))


def _looks_like_mac(word: str) -> bool:
    return word.count(":") >= 2


def _text(value: bytes) -> str:
    return value.rstrip(b"\0").decode("utf-8", "backslashreplace")
