"""Boot data for multicast TFTP alone, or a transfer that was to be multicast."""

from __future__ import annotations

from tests.diagnose.second_stage_scenes import MASK, leased
from tests.diagnose.verdict import diagnose
from tests.track.conversation import tell, together
from tests.track.machines import tftp_reply
from tests.track.programs import edk2, intel, ipxe_rom
from tests.track.scene import Step
from tests.track.servers import Server

ID = "mtftp-not-supported"
MTFTP = (43, b"\x01\x04\xe0\x00\x01\x02\x02\x02\x06\xde\x03\x02\x06\xdf\x04\x01\x05\x05\x01\x05\xff")
old = Server(vendor_class=b"PXEClient")


def rounds() -> Step:
    tries = [(edk2.discover(at=at, secs=at), old.offer(options=(MASK, MTFTP))) for at in (0, 4, 12, 28)]
    return together(*(step for pair in tries for step in pair))


def test_uefi_discards_the_offer() -> None:
    verdict = diagnose(tell(rounds()))
    assert (verdict.outcome, verdict.primary, verdict.ids) == ("failed", ID, [ID])
    assert (verdict.severity(ID), verdict.confidence(ID)) == ("fatal", "certain")
    assert verdict.finding(ID).says == (
        "10.77.0.1 offers nothing but multicast TFTP (43.1 to 43.5), which UEFI machines discard"
    )
    assert verdict.frames(ID)[0] == 2


def test_one_round_is_too_early() -> None:
    assert ID not in diagnose(tell(edk2.discover(at=0), old.offer(options=(MASK, MTFTP)))).all_ids


def test_a_rom_may_use_it() -> None:
    told = tell(intel.discover(at=0), old.offer(options=(MASK, MTFTP)), intel.request(at=4), old.ack(options=(MASK,)))
    assert ID not in diagnose(told).all_ids


def test_the_filler_that_windows_sends_is_no_multicast() -> None:
    """43 = 01 04 00 00 00 00 ff: one sub-option, and the file counts."""
    filler = (43, b"\x01\x04\0\0\0\0\xff")
    named = old.offer(file="x.efi", options=(MASK, filler))
    told = tell(edk2.discover(at=0), named, edk2.request(at=4), old.ack(options=(MASK, filler)))
    assert ID not in diagnose(told).all_ids


def test_a_multicast_transfer_that_never_comes() -> None:
    asking = ipxe_rom.saying(read_options=((b"blksize", b"1432"), (b"tsize", b"0"), (b"multicast", b"")))
    oack = b"\0\6blksize\x001432\0tsize\x0070000\0multicast\x00239.1.1.1,1758,1\0"
    tries = [step for at in (16, 17, 18) for step in (asking.rrq("x.0", at=at, again=at > 16), tftp_reply(oack))]
    verdict = diagnose(tell(leased(ipxe_rom, "x.0"), *tries, until=100))
    assert verdict.outcome in ("failed", "stalled")
    assert ID in verdict.ids
