"""Two boot files in one answer."""

from __future__ import annotations

import pytest

from tests.diagnose.bootinfo_scenes import dnsmasq
from tests.diagnose.verdict import Verdict, diagnose
from tests.track.conversation import tell, together
from tests.track.programs import edk2
from tests.track.scene import Options, Step

ID = "bootfile-field-disagreement"


def leased(options: Options, header: str = "header.efi", ack: str | None = None) -> Step:
    """`header` in the field `file`, options beside it."""
    return together(
        edk2.discover(at=0), dnsmasq.offer(file=header, field=True, options=options), edk2.request(at=3.9),
        dnsmasq.ack(file=ack, field=True, options=options),
    )  # fmt: skip


def judged(*steps: Step) -> Verdict:
    return diagnose(tell(*steps))


def test_header_and_option_67() -> None:
    verdict = judged(leased(((67, b"option.efi"),)), edk2.missing("option.efi"))
    assert (verdict.outcome, verdict.primary) == ("failed", "tftp-file-not-found")
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("warning", "certain")
    says = "the header names the boot file `header.efi` and option 67 `option.efi`"
    assert verdict.finding(ID).says == says
    assert verdict.frames(ID) == [4, 5]


def test_next_server_and_option_66() -> None:
    verdict = judged(leased(((66, b"10.77.0.9\0"),)), edk2.missing("header.efi"))
    assert verdict.finding(ID).says == "the next-server field is 10.77.0.1 and option 66 10.77.0.9"


def test_offer_and_ack() -> None:
    verdict = judged(leased((), ack="other.efi"), edk2.missing("other.efi"))
    assert verdict.finding(ID).says == "the offer names the boot file `header.efi` and the ACK `other.efi`"
    assert verdict.frames(ID) == [4, 2, 5]


@pytest.mark.parametrize(
    ("options", "header"),
    [
        (((67, b"header.efi\0"),), "header.efi"), (((67, b"boot\\x.efi"),), "boot/x.efi"), (((66, b"tftp-host"),), "x"),
        (((66, b"10.77.0.1"),), "x"),
    ],
    ids=["trailing NUL", "slashes", "a name in 66", "equal"],
)  # fmt: skip
def test_the_same_in_other_words(options: Options, header: str) -> None:
    assert ID not in judged(leased(options, header), edk2.missing("header.efi")).all_ids


def test_a_boot_file_that_has_just_arrived_is_no_reason_to_warn() -> None:
    assert judged(leased(((67, b"option.efi"),)), edk2.fetch("option.efi")).all_ids == []


def test_a_boot_that_works_is_left_alone() -> None:
    fetched = judged(
        leased(((67, b"option.efi"),)), edk2.fetch("option.efi"), edk2.fetch("vmlinuz"), edk2.fetch("initrd")
    )
    assert (fetched.outcome, fetched.ids) == ("booted", [])
