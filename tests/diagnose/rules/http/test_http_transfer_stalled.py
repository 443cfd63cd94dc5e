"""http-transfer-stalled: a file over HTTP is not delivered whole."""

from __future__ import annotations

from tests.diagnose.http_scenes import BOOT_URL, Connection, chained, leased
from tests.diagnose.verdict import diagnose
from tests.track.conversation import tell, together, unseen
from tests.track.programs import edk2_http, ipxe
from tests.track.scene import Step

ID = "http-transfer-stalled"
PATH = "/boot/snponly.efi"
PART = b"MZ" + bytes(998)


def begun(web: Connection, path: str = PATH, at: float | None = None) -> Step:
    """A GET and the first 1000 of 9000 bytes."""
    answer = web.answer(200, "OK", "Content-Type: application/efi", length=9000, body=PART)
    return together(web.open(at), web.ask("GET", path), answer, web.ack())


def test_the_server_closes_early() -> None:
    web = Connection(edk2_http)
    verdict = diagnose(tell(leased(), begun(web), web.fin(), web.ack(), until=60))
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("fatal", "certain")
    says = f"the web server 10.77.0.1 closed the connection after 1,000 of 9,000 bytes of `{BOOT_URL}`"
    assert verdict.finding(ID).says == says
    assert verdict.frames(ID) == [11, 9, 8, 4]


def test_the_bytes_stop_coming() -> None:
    verdict = diagnose(tell(leased(), begun(Connection(edk2_http)), until=60))
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
    assert verdict.confidence(ID) == "strong"
    assert "stopped after 1,000 of 9,000 bytes" in verdict.finding(ID).says


def test_full_size_packets_that_never_arrive() -> None:
    web, part = Connection(ipxe), bytes(1400)
    sent = together(web.data(part), *(web.data_again(part, at=5 + 2**n) for n in range(4)))
    verdict = diagnose(tell(chained(), begun(web, "/boot.ipxe"), sent, until=40))
    assert verdict.primary == ID
    assert verdict.finding(ID).causes[0].startswith("full-size packets do not get through")
    assert "repeated 4 packets" in verdict.finding(ID).explanation


def test_a_client_that_takes_nothing_more() -> None:
    web = Connection(ipxe)
    shut = together(*(web.ack(at=5 + 5 * n, window=0) for n in range(4)))
    verdict = diagnose(tell(chained(), begun(web, "/boot.ipxe"), shut, until=40))
    assert (verdict.primary, verdict.confidence(ID)) == (ID, "certain")
    assert verdict.finding(ID).says.endswith("its window stayed closed for 15 s")


def test_a_request_without_an_answer() -> None:
    web = Connection(edk2_http)
    verdict = diagnose(tell(leased(), web.open(), web.ask("HEAD", PATH), web.ack(), until=60))
    assert verdict.primary == ID
    assert "sent no answer in" in verdict.finding(ID).says


def test_a_resume_that_completes_is_no_fault() -> None:
    web, again = Connection(edk2_http), Connection(edk2_http)
    rest = together(
        again.open(at=20), again.ask("GET", PATH, "Range: bytes=1000-"),
        again.answer(206, "Partial Content", "Content-Range: bytes 1000-8999/9000", body=bytes(8000)), again.ack(),
    )  # fmt: skip
    assert ID not in diagnose(tell(leased(), begun(web), rest, until=60)).all_ids


def test_resets_after_a_head_and_after_a_whole_file_are_how_uefi_closes() -> None:
    head, get = Connection(edk2_http), Connection(edk2_http)
    told = tell(
        leased(), head.open(), head.ask("HEAD", PATH), head.answer(200, "OK", "Content-Type: application/efi",
        length=502), head.client_rst(), get.open(), get.ask("GET", PATH),
        get.answer(200, "OK", "Content-Type: application/efi", body=b"MZ" + bytes(500)), get.client_rst(), until=60,
    )  # fmt: skip
    assert ID not in diagnose(told).all_ids


def test_a_transfer_that_still_moves_is_no_fault() -> None:
    assert ID not in diagnose(tell(leased(), begun(Connection(edk2_http)), until=5)).all_ids


def test_a_fin_behind_bytes_that_were_lost_is_not_an_early_end() -> None:
    web = Connection(ipxe)
    lost = together(unseen(web.data(bytes(8000))), web.fin())
    verdict = diagnose(tell(chained(), begun(web, "/boot.ipxe"), lost, until=40))
    assert (verdict.primary, verdict.confidence(ID)) == (ID, "strong")
    assert "stopped after 1,000 of 9,000 bytes" in verdict.finding(ID).says


def test_a_reset_after_a_body_of_unknown_length_is_no_fault() -> None:
    web = Connection(edk2_http)
    told = tell(
        leased(), web.open(), web.ask("GET", PATH), web.answer(200, "OK", length=-1, body=PART), web.client_rst(),
        until=60,
    )  # fmt: skip
    assert ID not in diagnose(told).all_ids


def test_what_the_client_got_over_is_no_fault() -> None:
    web = Connection(ipxe)
    told = tell(chained(), begun(web, "/background.png"), web.fin(), ipxe.fetch("boot.cfg"), until=60)
    assert ID not in diagnose(told).all_ids


def test_uefi_gives_up_on_an_answer_after_five_seconds() -> None:
    web = Connection(edk2_http)
    verdict = diagnose(tell(leased(), web.open(at=5), web.ask("HEAD", PATH, at=6), web.client_rst(at=11)))
    assert (verdict.outcome, verdict.primary, verdict.confidence(ID)) == ("failed", ID, "strong")
    assert verdict.finding(ID).says.endswith("and sent no answer in 5.0 s")
    assert verdict.finding(ID).causes[0].startswith("the server or a proxy")


def test_a_client_that_breaks_off_at_once() -> None:
    web = Connection(ipxe)
    verdict = diagnose(tell(chained(), begun(web, "/boot.ipxe"), web.client_rst()))
    assert (verdict.outcome, verdict.primary, verdict.confidence(ID)) == ("failed", ID, "certain")
    assert verdict.finding(ID).says == "the client broke off `http://10.77.0.1/boot.ipxe` after 1,000 of 9,000 bytes"
    assert verdict.finding(ID).causes[0].startswith("the client stopped reading")
