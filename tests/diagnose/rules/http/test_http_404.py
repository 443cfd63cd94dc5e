"""http-404: the web server has no such file."""

from __future__ import annotations

from tests.diagnose.http_scenes import BOOT_URL, Connection, chained, leased
from tests.diagnose.verdict import Verdict, diagnose
from tests.track.conversation import tell, together
from tests.track.programs import edk2_http, ipxe
from tests.track.scene import Step

ID = "http-404"


def missing(path: str, method: str = "GET", status: int = 404) -> Step:
    web = Connection(ipxe if method == "GET" else edk2_http)
    return together(web.open(), web.ask(method, path), web.answer(status, "Not Found"))


def test_the_url_of_the_offer_is_missing() -> None:
    verdict = diagnose(tell(leased(), missing("/boot/snponly.efi", "HEAD")))
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("fatal", "certain")
    assert verdict.finding(ID).says == f"the web server 10.77.0.1 has no `{BOOT_URL}` (HTTP 404)"
    assert verdict.frames(ID) == [9, 8, 4]
    assert verdict.finding(ID).screen[0].startswith("Client Error: 404")


def test_a_script_that_is_gone_for_good() -> None:
    verdict = diagnose(tell(chained("http://10.77.0.1/menu//mac="), missing("/menu//mac=", status=410)))
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
    assert "a variable of the script" in verdict.finding(ID).explanation
    assert "2d0c618e" in verdict.finding(ID).screen[0]


def test_names_that_may_be_missing_are_no_fault() -> None:
    web = Connection(ipxe)
    told = tell(chained(), missing("/MAC-525400770020.ipxe"), web.fetch("/boot.ipxe", b"#!ipxe\nshell\n"))
    assert ID not in diagnose(told).all_ids


def test_what_the_client_got_over_only_explains() -> None:
    web = Connection(ipxe)
    verdict = diagnose(tell(chained(), missing("/mine.php"), web.fetch("/boot.ipxe", b"#!ipxe\nshell\n")))
    assert verdict.severity(ID) == "info"
    assert ID not in verdict.ids


MENU = b"#!ipxe\nchain custom.ipxe ||\nmenu Boot\nitem a Linux\nchoose x\n"


def at_menu(path: str) -> Verdict:
    """iPXE's menu was delivered, and then this is missing."""
    return diagnose(tell(chained(), Connection(ipxe).fetch("/boot.ipxe", MENU), missing(path), until=400))


def test_a_menu_waits_without_its_artwork_and_what_its_script_excuses() -> None:
    for path in ("/custom.ipxe", "/logo.png"):
        assert (at_menu(path).outcome, at_menu(path).all_ids) == ("in-progress", []), path
    other = at_menu("/notes")
    assert (other.outcome, other.severity(ID)) == ("in-progress", "warning")
    assert at_menu("/vmlinuz").outcome == "failed"
