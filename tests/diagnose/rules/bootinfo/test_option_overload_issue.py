"""Options in `file` and `sname`."""

from __future__ import annotations

from ipaddress import IPv4Address

from pxedebug.wire.dhcp import build_message
from tests.diagnose.verdict import diagnose
from tests.track.conversation import tell, together
from tests.track.machines import Machine, tftp_reply
from tests.track.programs import edk2, intel
from tests.track.scene import BROADCAST, Scene, Step, Wire, mac_of

ID = "option-overload-issue"
NAME = b"\x43\x06boot.0"
"""Option 67 as it stands in an overloaded field."""


def answer(client: Machine, kind: int, file: bytes, overload: bytes) -> Step:
    """An OFFER or ACK with these bytes in the field `file`."""

    def step(scene: Scene) -> None:
        talk = scene.talk(client)
        if kind == 2:
            talk.offers.append(("10.77.0.1", "10.77.0.130", talk.xid))
        talk.address = "10.77.0.130" if kind == 5 else talk.address
        options = [(53, bytes((kind,))), (54, IPv4Address("10.77.0.1").packed), (52, overload), (1, b"\xff\xff\xff\0")]
        payload = build_message(
            options, op=2, chaddr=client.mac, xid=talk.xid, flags=0x8000, yiaddr=IPv4Address("10.77.0.130"),
            siaddr=IPv4Address("10.77.0.1"), file=file,
        )  # fmt: skip
        ends = mac_of("10.77.0.1"), BROADCAST, "10.77.0.1", "255.255.255.255", 67, 68
        scene.say(Wire(scene.clock(None), *ends, payload))

    return step


def leased(client: Machine, file: bytes, overload: bytes = b"\1") -> Step:
    return together(
        client.discover(at=0), answer(client, 2, file, overload), client.request(at=4),
        answer(client, 5, file, overload),
    )  # fmt: skip


def test_the_client_asks_for_options_as_a_name() -> None:
    def rrq(scene: Scene) -> None:
        intel._tftp(scene, b"\0\1" + NAME + b"\xff\0octet\0tsize\x000\0", "10.77.0.1", None, port=69)

    verdict = diagnose(tell(leased(intel, NAME + b"\xff"), rrq, tftp_reply(b"\0\5\0\1File not found\0")))
    assert (verdict.outcome, verdict.primary) == ("failed", ID)
    assert verdict.frames(ID) == [5, 4]


def test_a_length_that_runs_past_the_field() -> None:
    verdict = diagnose(tell(leased(intel, b"\x43\xf0boot.0"), until=30))
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("error", "certain")
    assert verdict.frames(ID) == [4]


def test_an_invalid_option_52() -> None:
    verdict = diagnose(tell(leased(intel, b"boot.0", b"\7"), until=30))
    assert "invalid value" in verdict.finding(ID).says


def test_an_old_rom_does_not_look_there() -> None:
    verdict = diagnose(tell(leased(intel, NAME + b"\xff"), until=30))
    assert verdict.finding(ID).says.startswith("option 67 with `boot.0` stands in the overloaded field `file`")
    assert verdict.confidence(ID) == "strong"


def test_a_missing_end_alone_is_a_warning() -> None:
    told = tell(leased(edk2, NAME), edk2.missing("boot.0"))
    assert diagnose(told).severity(ID) == "warning"


def test_a_clean_field_that_is_read() -> None:
    told = tell(leased(edk2, NAME + b"\xff"), edk2.missing("boot.0"))
    assert ID not in diagnose(told).all_ids
