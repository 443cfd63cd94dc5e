"""What became of the file: one ladder for each way that a transfer can end (RFC 1350, 2347 to 2349, 7440)."""

from __future__ import annotations

import pytest

from tests.track.network import CLIENT6, SERVER6, Wire, only, transfers

# Delivered


def test_a_file_without_options_comes_in_blocks_of_512_bytes() -> None:
    wire = Wire()
    wire.tftp().rrq().blocks(1, 2).data(3, 100).ack(3)
    read = only(wire)
    assert (read.status, read.size, read.blocks, read.block_size) == ("complete", 1124, 3, 512)
    assert (read.window_size, read.declared_bytes, read.answered_options) == (1, None, None)
    assert (read.retransmissions, read.missing_blocks, read.duplicates) == (0, 0, 0)
    assert (read.server_port, read.client_port, read.first_frame, read.last_frame) == (40000, 2070, 1, 7)


def test_options_count_only_as_the_server_accepts_them() -> None:
    wire = Wire()
    wire.tftp().rrq(tsize=0, blksize=8192, windowsize=4).oack(tsize=2000, blksize=1468).ack(0).blocks(1, 1, 1468).data(
        2, 532
    ).ack(2)
    read = only(wire)
    assert read.options == (("tsize", "0"), ("blksize", "8192"), ("windowsize", "4"))
    assert read.answered_options == (("tsize", "2000"), ("blksize", "1468"))
    assert (read.status, read.declared_bytes, read.block_size, read.window_size) == ("complete", 2000, 1468, 1)


def test_a_file_of_whole_blocks_ends_with_an_empty_one() -> None:
    wire = Wire()
    boot = wire.tftp().rrq().blocks(1, 2)
    assert only(wire, later=0.5).status == "in-progress"
    boot.data(3, 0).ack(3)
    assert (only(wire).status, only(wire).size, only(wire).blocks) == ("complete", 1024, 3)


@pytest.mark.parametrize("acknowledged", [0, 1])  # iPXE acknowledges block 0 of an empty file
def test_an_empty_file_is_complete(acknowledged: int) -> None:
    wire = Wire()
    wire.tftp().rrq(blksize=1432, tsize=0).oack(blksize=1432, tsize=0).ack(0).data(1, 0).ack(acknowledged)
    read = only(wire)
    assert (read.status, read.size, read.blocks) == ("complete", 0, 1)


def test_netascii_is_counted_as_it_is_on_the_wire() -> None:
    wire = Wire()
    wire.tftp(file="config").rrq("netascii").data(1, 300).ack(1)
    assert (only(wire).status, only(wire).size) == ("complete", 300)


def test_an_upload() -> None:
    wire = Wire()
    wire.tftp(file="running-config").wrq(tsize=612).oack(tsize=612).upload(1).accept(1).upload(2, 100).accept(2)
    write = only(wire)
    assert (write.operation, write.status, write.size, write.declared_bytes) == ("write", "complete", 612, 612)


def test_an_upload_without_options() -> None:
    wire = Wire()
    wire.tftp(file="crash.dump").wrq().accept(0).upload(1).accept(1).upload(2, 1).accept(2)
    assert (only(wire).status, only(wire).size, only(wire).block_size) == ("complete", 513, 512)


def test_a_boot_program_that_takes_over_may_leave_its_last_block_unacknowledged() -> None:
    wire = Wire()
    boot = wire.tftp().rrq().blocks(1, 3).data(4, 10)
    assert only(wire, later=0.5).status == "in-progress"
    assert only(wire, later=2).status == "complete"
    for _ in range(4):
        boot.wait(2).data(4, 10)
    assert (only(wire, later=30).status, only(wire).retransmissions) == ("complete", 4)


def test_so_may_one_that_was_read_in_windows() -> None:
    wire = Wire()
    wire.tftp().rrq(windowsize=4).oack(windowsize=4).ack(0).window(1, 2, 3, 4).ack(4).window(5, 6).data(7, 9)
    assert only(wire, later=2).status == "complete"


def test_over_ipv6() -> None:
    wire = Wire()
    wire.tftp(client=CLIENT6, server=SERVER6).rrq(blksize=1228).oack(blksize=1228).ack(0).data(1, 700).ack(1)
    read = only(wire)
    assert (read.status, read.size, read.block_size) == ("complete", 700, 1228)
    assert (str(read.client), str(read.server)) == ("fd00::130", "fd00::1")


def test_behind_vlan_tags() -> None:
    wire = Wire(vlans=(100, 7))
    wire.tftp().rrq().data(1, 100).ack(1)
    assert only(wire).status == "complete"


@pytest.mark.parametrize("last_ack_seen", [True, False])
def test_blocks_that_only_the_capture_missed_were_delivered(last_ack_seen: bool) -> None:
    wire = Wire()
    boot = wire.tftp().rrq().blocks(1, 5).data(6, 10)
    if last_ack_seen:
        boot.ack(6)
    wire.lose(3, 7)  # DATA 2 and 4
    read = only(wire, later=2)
    assert (read.status, read.missing_blocks, read.blocks) == ("complete", 2, 4)


def test_blocks_that_nobody_acknowledged_were_not() -> None:
    wire = Wire()
    wire.tftp().rrq(windowsize=8).oack(windowsize=8).ack(0).window(1, 2, 4, 5).data(6, 10)
    assert only(wire, later=2).status != "complete"


# The size probe (B-01)


@pytest.mark.parametrize(("code", "text"), [(8, "User aborted the transfer"), (0, "TFTP Aborted")])
def test_a_size_probe_reads_no_data(code: int, text: str) -> None:
    wire = Wire()
    wire.tftp().rrq(tsize=0, blksize=1468).oack(tsize=5000, blksize=1468).abort(code, text)
    wire.tftp(port=2071, tid=40001).rrq(blksize=1468).oack(blksize=1468).ack(0).data(1, 700).ack(1)
    probe, read = transfers(wire)
    assert (probe.status, probe.size, probe.declared_bytes, probe.error_code) == ("size-probe", 0, 5000, code)
    assert read.status == "complete"


def test_an_abort_after_data_is_no_probe() -> None:
    wire = Wire()
    wire.tftp().rrq(tsize=0).oack(tsize=5000).ack(0).blocks(1, 3).abort(3, "User provided memory block is too small")
    read = only(wire)
    assert (read.status, read.size, read.error_code) == ("aborted", 1536, 3)


def test_a_client_that_wanted_an_oack_aborts_at_the_first_block() -> None:
    wire = Wire()
    wire.tftp().rrq(tsize=0, blksize=1468).data(1).abort(4, "User aborted download")
    assert only(wire).status == "aborted"


# Refused, unreachable, unanswered


def test_the_server_says_no() -> None:
    wire = Wire()
    wire.tftp(file="missing").rrq().error(1, "File not found")
    read = only(wire)
    assert (read.status, read.error_code, read.error_message, read.error_frame) == ("refused", 1, b"File not found", 2)


def test_the_server_gives_up_in_the_middle() -> None:
    wire = Wire()
    wire.tftp().rrq().blocks(1, 5).error(0, "disk error")
    assert (only(wire).status, only(wire).size) == ("refused", 2560)


def test_an_error_after_the_last_block_was_acknowledged_changes_nothing() -> None:
    wire = Wire()
    wire.tftp().rrq().data(1, 3).ack(1).error(0, "timeout")
    assert only(wire).status == "complete"


def test_no_server_listens() -> None:
    wire = Wire()
    wire.tftp().rrq().refused_by_icmp()
    assert (only(wire).status, only(wire).error_frame) == ("unreachable", 2)


def test_the_server_went_away_in_the_middle() -> None:
    wire = Wire()
    boot = wire.tftp().rrq().blocks(1, 3)
    wire.icmp_unreachable(boot.listener, boot.client, boot.server)
    assert only(wire).status == "unreachable"


def test_an_icmp_of_the_client_about_late_packets_is_no_verdict() -> None:
    """B-12: after the last ACK the client's port is closed, and the server repeats."""
    wire = Wire()
    boot = wire.tftp().rrq().blocks(1, 3)
    wire.icmp_unreachable(boot.client, boot.server, boot.client)
    boot.data(4, 7).ack(4).data(4, 7)
    wire.icmp_unreachable(boot.client, boot.server, boot.client)
    assert only(wire).status == "complete"


def test_nobody_answers() -> None:
    wire = Wire()
    boot = wire.tftp().rrq()
    assert only(wire, later=1).status in ("in-progress", "unseen")
    for _ in range(5):
        boot.wait(4).again()
    read = only(wire)
    assert (read.status, read.unanswered_tries, read.requests, read.server_port) == (
        "unanswered", 6, (1, 2, 3, 4, 5, 6), None,
    )  # fmt: skip


def test_the_server_answers_but_the_client_does_not_hear_it() -> None:
    """A firewall between them: the request and the OACK are repeated, and no ACK comes."""
    wire = Wire()
    boot = wire.tftp()
    for tid in range(40000, 40004):
        boot.answers_from(tid).rrq(tsize=0).oack(tsize=9).wait(4)
    assert (only(wire).status, only(wire).unanswered_tries) == ("unanswered", 4)


# Stalls


def test_a_silence_of_more_than_ten_seconds_is_a_stall() -> None:
    wire = Wire()
    wire.tftp().rrq().blocks(1, 3)
    assert only(wire, later=9).status == "in-progress"
    assert only(wire, later=11).status == "stalled"


def test_acks_repeated_without_an_answer_are_a_stall() -> None:
    wire = Wire()
    boot = wire.tftp().rrq().blocks(1, 3)
    for _ in range(3):
        boot.wait(1).ack(3)
    read = only(wire, later=0.1)
    assert (read.status, read.unanswered_tries, read.duplicates) == ("stalled", 4, 3)


def test_a_transfer_goes_on_after_a_loss() -> None:
    wire = Wire()
    wire.tftp().rrq().blocks(1, 3).wait(1).ack(3).wait(2).blocks(4, 5).data(6, 1).ack(6)
    read = only(wire)
    assert (read.status, read.unanswered_tries) == ("complete", 1)
    assert read.longest_gap >= 2_000_000_000


def test_another_request_of_the_client_ends_an_unfinished_one() -> None:
    wire = Wire()
    wire.tftp().rrq().blocks(1, 3)
    wire.tftp(port=2071, tid=40001, file="other").rrq().data(1, 5).ack(1)
    assert [read.status for read in transfers(wire)] == ["stalled", "complete"]


# What the capture point did not show


def test_acks_without_data_are_unseen() -> None:
    wire = Wire()
    boot = wire.tftp().rrq()
    for block in range(1, 50):
        boot.ack(block)
    assert only(wire, later=20).status == "unseen"


def test_data_without_acks_counts_when_the_server_goes_on() -> None:
    wire = Wire()
    wire.tftp().rrq().window(*range(1, 6)).data(6, 77)
    read = only(wire, later=5)
    assert (read.status, read.size, read.blocks, read.retransmissions, read.server_port) == (
        "complete", 2637, 6, 0, 40000,
    )  # fmt: skip


def test_data_without_acks_that_stops() -> None:
    wire = Wire()
    wire.tftp().rrq().window(*range(1, 80))
    read = only(wire, later=20)
    assert (read.status, read.size, read.blocks, read.retransmissions) == ("stalled", 79 * 512, 79, 0)


def test_an_answer_that_needed_no_repeat_was_heard() -> None:
    wire = Wire()
    wire.tftp().rrq().data(1, 50)
    assert only(wire, later=20).status == "unseen"


def test_a_filter_on_ports_hides_the_data() -> None:
    wire = Wire()
    wire.tftp().rrq()
    wire.tftp(port=2071).rrq()
    wire.tftp(port=2072).rrq()
    assert {read.status for read in transfers(wire)} == {"unseen"}


def test_a_transfer_whose_request_was_not_captured_tells_nothing() -> None:
    wire = Wire()
    wire.tftp().blocks(100, 200).data(201, 3).ack(201)
    assert transfers(wire) == []


def test_a_server_that_falls_silent_after_its_oack() -> None:
    wire = Wire()
    wire.tftp().rrq(tsize=0).oack(tsize=9).ack(0).wait(4).ack(0).wait(4).ack(0)
    assert only(wire, later=4).status == "stalled"


def test_blocks_that_go_to_a_group_are_unseen_and_no_stall() -> None:
    """RFC 2090: the DATA of a multicast transfer does not come to the client's port."""
    wire = Wire()
    wire.tftp("group.img").rrq(multicast="").oack(multicast="239.1.1.1,1758,0").ack(0).wait(60)
    wire.tftp("other.img", port=2071).rrq()
    assert transfers(wire)[0].status == "unseen"
