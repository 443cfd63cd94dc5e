"""Predicates about HTTP."""

from __future__ import annotations

from pxedebug.diagnose.case import Case
from pxedebug.diagnose.facts import searched
from pxedebug.diagnose.finding import Severity
from pxedebug.diagnose.web import from_uefi, host_and_port, named_by, web_answers, wire_name
from tests.diagnose.http_scenes import BOOT_URL, Connection, chained, leased
from tests.track.conversation import Told, tell, together
from tests.track.programs import edk2_http, ipxe
from tests.track.scene import Step


def case_of(told: Told) -> Case:
    return Case(told.boot, 1, 0)


def got(path: str, status: int, web: Connection | None = None) -> Step:
    web = web or Connection(ipxe)
    return together(web.open(), web.ask("GET", path), web.answer(status, "Said"))


def test_answers_are_told_with_what_the_client_did_then() -> None:
    case = case_of(tell(chained(), got("/a.php", 404), got("/a.php", 500), got("/b.php", 503)))
    found = list(web_answers(case))
    assert [(each.status, each.went_on, each.severity) for each in found] == [
        (500, True, Severity.INFO), (503, False, None),
    ]  # fmt: skip
    assert [note.note for note in found[1].evidence("HTTP 503")] == ["HTTP 503", "the request"]


def test_a_name_that_may_be_missing_counts_where_dhcp_named_it() -> None:
    path = "/MAC-525400770020.ipxe"
    for url, counts in (("http://10.77.0.1" + path, True), ("http://10.77.0.1/boot.php", False)):
        turn = case_of(tell(chained(url), got(path, 404))).last
        assert searched(turn, turn.transfers[-1]) is not counts


def test_who_asks_and_who_named_the_url() -> None:
    head = Connection(edk2_http)
    turn = case_of(tell(leased(), head.open(), head.ask("HEAD", "/boot/snponly.efi"))).last
    (transfer,) = turn.transfers
    assert from_uefi(turn, transfer)
    assert len(named_by(turn, transfer)) == 1
    other = case_of(tell(chained(), got("/x.php", 404, Connection(ipxe, agent="iPXE/1.21.1")))).last
    assert not from_uefi(other, other.transfers[0])
    assert named_by(other, other.transfers[0]) == ()


def test_a_connection_without_a_request_was_for_the_boot_url() -> None:
    turn = case_of(tell(leased(), Connection(edk2_http).syn())).last
    assert wire_name(turn, turn.transfers[0]) == BOOT_URL.encode()
    assert host_and_port(turn.transfers[0]) == "10.77.0.1"
