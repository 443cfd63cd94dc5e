"""Names that run on past their option, or stop inside it."""

from __future__ import annotations

from tests.diagnose.bootinfo_scenes import dnsmasq
from tests.diagnose.verdict import Verdict, diagnose
from tests.track.conversation import tell, together
from tests.track.machines import tftp_reply
from tests.track.programs import intel
from tests.track.scene import Scene, Step

ID = "bootfile-nul-termination"


def asked(named: bytes, name: bytes, error: bool = True) -> Step:
    """Option 67 says `named` and is the last option; the client asks for `name`."""

    def rrq(scene: Scene) -> None:
        intel._tftp(scene, b"\0\1" + name + b"\0octet\0tsize\x000\0", "10.77.0.1", None, port=69)

    return together(
        intel.discover(at=0), dnsmasq.offer(options=((67, named),)), intel.request(at=4),
        dnsmasq.ack(options=((67, named),)), rrq,
        tftp_reply(b"\0\5\0\1File not found\0") if error else lambda scene: None,
    )  # fmt: skip


def judged(named: bytes, name: bytes, *, error: bool = True) -> Verdict:
    return diagnose(tell(asked(named, name, error)))


def test_the_end_option_becomes_a_part_of_the_name() -> None:
    verdict = judged(b"boot.0", b"boot.0\xff")
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("fatal", "certain")
    says = "the client asks for `boot.0` with 1 byte more, 0xff: it reads past the end of option 67 into the END option"
    assert verdict.finding(ID).says == says
    assert verdict.frames(ID) == [5, 4, 6]
    assert "tftp-file-not-found" not in verdict.all_ids


def test_a_nul_inside_the_option_ends_the_name() -> None:
    verdict = judged(b"boot\0/boot.0", b"boot")
    assert verdict.primary == ID
    assert "the part before it, `boot`" in verdict.finding(ID).says


def test_a_nul_at_the_end_is_normal() -> None:
    verdict = judged(b"boot.0\0", b"boot.0")
    assert (verdict.primary, ID in verdict.all_ids) == ("tftp-file-not-found", False)


def test_a_longer_name_is_another_file() -> None:
    assert ID not in judged(b"boot.0", b"boot.0.sig").all_ids


def test_while_the_server_has_not_answered_nothing_is_wrong() -> None:
    assert judged(b"boot.0", b"boot.0\xff", error=False).all_ids == []
