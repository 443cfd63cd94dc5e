"""Who else sends ordinary frames: nobody does through a port that does not forward."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from pxedebug.track.bystanders import BystanderLog
from pxedebug.wire.batch import Batch, frame_ref
from pxedebug.wire.frames import decode_batch
from tests.wire.frame_builders import batch_of

CLIENT, SERVER, SWITCH = (bytes.fromhex(f"02000000000{number}") for number in (1, 2, 3))
BROADCAST = b"\xff" * 6
SECOND = 1_000_000_000
ARP = b"\x08\x06" + bytes(46)
CONTROL = [
    bytes.fromhex("0180c2000000") + SWITCH + b"\x00\x26\x42\x42\x03" + bytes(43),  # a BPDU
    bytes.fromhex("0180c2000002") + SWITCH + b"\x88\x09\x01" + bytes(109),  # a LACPDU
    bytes.fromhex("0180c200000e") + SWITCH + b"\x88\xcc" + bytes(46),
    bytes.fromhex("0180c2000003") + SWITCH + b"\x88\x8e\x01\x00\x00\x05\x01\x01\x00\x05\x01" + bytes(40),
    bytes.fromhex("01000ccccccc") + SWITCH + b"\x00\x20\xaa\xaa\x03\x00\x00\x0c\x20\x00" + bytes(40),  # CDP
    bytes.fromhex("01000ccccccd") + SWITCH + b"\x00\x32\xaa\xaa\x03\x00\x00\x0c\x01\x0b" + bytes(42),  # PVST
    SWITCH + SWITCH + b"\x90\x00" + bytes(46),  # a switch's loop test
]
BPDU = CONTROL[0]


def said(sender: bytes) -> bytes:
    return BROADCAST + sender + ARP


def batch(frames: list[tuple[float, bytes]], source: int = 0) -> Batch:
    made = batch_of([frame for _, frame in frames], times=[round(at * SECOND) for at, _ in frames])
    return replace(made, ref=made.ref + frame_ref(source, 0))


def heard(frames: list[tuple[float, bytes]], since: float = 0, until: float = 20, cut: int = 0) -> bool | None:
    log = BystanderLog(1000)
    for part in (frames[:cut], frames[cut:]):
        if part:
            log.feed(decode_batch(batch(part)))
    return log.heard(0, CLIENT, round(since * SECOND), round(until * SECOND))


def test_link_control_and_the_client_itself_are_nobody_else() -> None:
    assert heard([(0, BPDU), *((1 + at, frame) for at, frame in enumerate(CONTROL)), (9, said(CLIENT))]) is False


def test_anybody_else_is_heard() -> None:
    frames = [(0.0, BPDU), (3.0, said(CLIENT)), (3.5, said(SERVER)), (3.7, said(CLIENT))]
    assert heard(frames) is True
    assert heard(frames, since=4) is False
    assert heard(frames, since=3.2, until=5) is False, "only whole seconds count"


def test_nothing_is_known_without_link_control_before() -> None:
    assert heard([(1, said(CLIENT)), (2, said(SERVER))]) is None
    assert heard([(5, BPDU), (6, said(CLIENT))], until=4) is None
    assert heard([(0, BPDU)], since=3, until=3.5) is None


def test_years_between_two_frames_take_no_longer() -> None:
    assert heard([(0, BPDU), (3, said(CLIENT)), (2e9, said(CLIENT))], until=2e9) is False
    assert heard([(0, BPDU), (1e9, said(SERVER)), (2e9, said(CLIENT))], until=2e9) is True


def test_each_source_by_itself() -> None:
    log = BystanderLog(1000)
    log.feed(decode_batch(batch([(0, BPDU), (1, said(CLIENT))])))
    log.feed(decode_batch(batch([(0, BPDU), (1, said(SERVER))], source=1)))
    assert [log.heard(source, CLIENT, 0, 9 * SECOND) for source in (0, 1, 2)] == [False, True, None]


def test_old_seconds_are_forgotten_and_known_to_be() -> None:
    log = BystanderLog(3)
    log.feed(decode_batch(batch([(0, BPDU), *((at, said(CLIENT)) for at in range(10))])))
    assert log.heard(0, CLIENT, 0, 5 * SECOND) is None
    assert log.heard(0, CLIENT, 7 * SECOND, 10 * SECOND) is False


@given(
    st.lists(st.tuples(st.integers(0, 9), st.sampled_from([BPDU, said(CLIENT), said(SERVER)])), max_size=12),
    st.integers(0, 12),
)
def test_the_same_however_the_frames_are_cut_into_batches(frames: list[tuple[float, bytes]], cut: int) -> None:
    frames = sorted(frames, key=lambda pair: pair[0])
    assert heard(frames, cut=cut) == heard(frames)


@given(st.binary(max_size=80))
def test_any_bytes_leave_the_log_whole(frame: bytes) -> None:
    assert heard([(0, BPDU), (1, frame), (2, said(SERVER))]) is True
