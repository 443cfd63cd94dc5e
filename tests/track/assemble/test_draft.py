"""Stages and boots while they are put together."""

from __future__ import annotations

import pytest

from pxedebug.firmware import Fingerprint
from pxedebug.firmware.programs import Method, Program, StageKind
from pxedebug.track.assemble.draft import BootDraft, StageDraft, fetched
from pxedebug.track.story import Transfer, TransferStatus
from tests.track.conversation import tell, unseen
from tests.track.programs import dnsmasq, edk2


@pytest.fixture
def whole() -> Transfer:
    lease = unseen(edk2.discover(), dnsmasq.offer(), edk2.request(), dnsmasq.ack())
    return tell(lease, edk2.fetch("x.efi", probe=False)).transfers[0]


def stage(kind: StageKind, program: Program, method: Method | None = None) -> StageDraft:
    return StageDraft(kind, program, method, 0)


def test_a_whole_file_read_is_fetched(whole: Transfer) -> None:
    assert fetched(whole)
    assert not fetched(whole._replace(status=TransferStatus.STALLED))
    assert not fetched(whole._replace(operation="write"))
    assert not fetched(whole._replace(operation="head"))
    assert not fetched(whole._replace(file=None))


def test_a_stage_knows_its_program() -> None:
    firmware = stage(StageKind.FIRMWARE, Program.EDK2, Method.PXE_V4)
    assert firmware.same_program(Fingerprint(Program.EDK2, StageKind.FIRMWARE, Method.PXE_V4, 7))
    assert not firmware.same_program(Fingerprint(Program.EDK2, StageKind.FIRMWARE, Method.PXE_V6, 7))
    assert not firmware.same_program(Fingerprint(Program.INTEL_ROM, StageKind.FIRMWARE, Method.PXE_V4, 0))


def test_methods_are_those_of_firmware() -> None:
    """iPXE boots over a method too, but firmware has not begun it."""
    boot = BootDraft([stage(StageKind.FIRMWARE, Program.EDK2, Method.HTTP_V4)], False, 0)
    boot.stages.append(stage(StageKind.IPXE, Program.IPXE, Method.PXE_V4))
    assert boot.methods == {Method.HTTP_V4}
    assert boot.current.kind is StageKind.IPXE


def test_a_boot_has_fetched_what_any_stage_has(whole: Transfer) -> None:
    boot = BootDraft([stage(StageKind.FIRMWARE, Program.EDK2, Method.PXE_V4)], False, 0)
    assert not boot.fetched
    boot.stages[0].transfers.append(whole)
    boot.stages.append(stage(StageKind.GRUB, Program.GRUB))
    assert boot.fetched
    assert not boot.current.fetched
