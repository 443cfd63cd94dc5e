"""Option 43 that is no list of PXE sub-options."""

from __future__ import annotations

import pytest

from tests.diagnose.bootinfo_scenes import dnsmasq
from tests.diagnose.verdict import Verdict, diagnose
from tests.track.conversation import tell, together
from tests.track.programs import edk2, intel, proxy
from tests.track.scene import Options, Step

ID = "option43-malformed"
rom = intel.saying(flags=0)
"""A ROM whose answers are unicast, so that the capture point shows itself."""
somebody = edk2.on("52:54:00:77:00:77")
GOOD = b"\x06\x01\x08\xff"


def leased(vendor: bytes, vendor_class: bytes = b"PXEClient") -> Step:
    options: Options = ((60, vendor_class), (43, vendor))
    return together(
        rom.discover(at=0), dnsmasq.offer(options=options), rom.request(at=4), dnsmasq.ack(options=options),
        somebody.arp("10.77.0.1", sender="10.77.0.77"),
    )  # fmt: skip


def judged(*steps: Step) -> Verdict:
    return diagnose(tell(*steps, until=30))


@pytest.mark.parametrize(
    ("vendor", "why"),
    [
        (b"\x06\x20\x08", "sub-option 6 at byte 0 runs past"), (b"\x06\x02\x08\x08\xff", "sub-option 6 (discovery"),
        (b"\x08\x05\0\1\2\x0a\x4d\xff", "sub-option 8 (boot servers)"),
        (b"\x09\x04\0\x0d\x20a\xff", "sub-option 9 (menu)"),
        (b"\x0a\0\xff", "sub-option 10 (prompt)"), (b"060108ff", "it is text"), (b"01:04:00:00", "it is text"),
        (b"\xf1\x04\x0a\0\0\1", "Cisco"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_it(vendor: bytes, why: str) -> None:
    verdict = judged(leased(vendor))
    assert (verdict.outcome, verdict.primary) == ("stalled", ID)
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("error", "certain")
    assert why in verdict.finding(ID).says
    assert verdict.frames(ID) == [2, 4]


@pytest.mark.parametrize("vendor", [GOOD, GOOD + bytes(8), GOOD[:-1], b"", b"\x01\x04\0\0\0\0\xff", b"\x80\x02ab\xff"])
def test_lists_that_firmware_reads(vendor: bytes) -> None:
    assert ID not in judged(leased(vendor)).all_ids


def test_another_vendors_option_is_not_ours() -> None:
    assert ID not in judged(leased(b"\xf1\x04\x0a\0\0\1", b"Cisco AP c1130")).all_ids


def test_a_client_that_makes_its_way_is_only_warned() -> None:
    verdict = judged(leased(b"\x06\x20\x08"), rom.missing("pxelinux.0"))
    assert (verdict.primary, verdict.severity(ID)) == ("tftp-file-not-found", "warning")


def test_configmgr_has_a_block_of_its_own_on_port_4011() -> None:
    told = tell(
        edk2.discover(at=0), dnsmasq.offer(), proxy.offer(), edk2.request(at=3.9, of=dnsmasq), dnsmasq.ack(),
        edk2.ask_proxy(proxy), proxy.proxy_ack(file="x.efi", options=((43, b"\xd0\x90signed"),)), until=30,
    )  # fmt: skip
    assert ID not in diagnose(told).all_ids
