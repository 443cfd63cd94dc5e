"""HTTP boot transfers, connection by connection (RFC 9110, 9112, 9293)."""

from __future__ import annotations

import pytest

from pxedebug.track import Limits
from pxedebug.track.clocks import SECOND
from tests.track.network import CLIENT6, SERVER6, Wire, feed, only, reply, story_of, transfers

EVERY_CUT = range(1000)
both_ways = pytest.mark.parametrize("cuts", [(), EVERY_CUT], ids=["one batch", "a batch a frame"])


def booting() -> Wire:
    """A wire whose client has read a boot file over TFTP."""
    wire = Wire()
    wire.tftp(file="ipxe.efi").rrq().data(1, 9).ack(1)
    return wire


# Requests


@both_ways
def test_a_file(cuts: range) -> None:
    wire = Wire()
    wire.http().connect().get().send(reply(200, "OK", 2500)).body(2500).ack()
    read = only(wire, cuts)
    assert (read.protocol, read.operation, read.status) == ("http", "read", "complete")
    assert (read.file, read.user_agent) == (b"http://10.0.0.1/ipxe.efi", b"UefiHttpBoot/1.0")
    assert (read.size, read.declared_bytes, read.retransmissions) == (2500, 2500, 0)
    assert (read.block_size, read.window_size, read.server_port) == (None, None, 80)


@both_ways
def test_head_and_get_on_one_connection(cuts: range) -> None:
    """UEFI asks for the size first; the answer to HEAD has a length and no body (RFC 9110 section 9.3.2)."""
    wire = Wire()
    boot = wire.http().connect()
    boot.get(method="HEAD").send(reply(200, "OK", 2500)).ack()
    boot.get().send(reply(200, "OK", 2500)).body(2500).ack()
    head, read = transfers(wire, cuts)
    assert (head.operation, head.status, head.size, head.declared_bytes) == ("head", "complete", 0, 2500)
    assert (read.operation, read.status, read.size) == ("read", "complete", 2500)
    assert head.head == b""
    assert read.head == b"B" * 2500


@both_ways
def test_several_files_on_one_connection(cuts: range) -> None:
    wire = Wire()
    boot = wire.http(agent="iPXE/1.21.1").connect()
    for number, size in enumerate((100, 0, 3000)):
        boot.get(f"/{number}").send(reply(200, "OK", size) + b"A" * min(size, 50)).body(max(0, size - 50)).ack()
    assert [(read.file, read.size, read.status) for read in transfers(wire, cuts)] == [
        (b"http://10.0.0.1/0", 100, "complete"),
        (b"http://10.0.0.1/1", 0, "complete"),
        (b"http://10.0.0.1/2", 3000, "complete"),
    ]


@both_ways
def test_a_head_in_three_segments(cuts: range) -> None:
    wire = Wire()
    head = reply(200, "OK", 1200, "Server: nginx")
    boot = wire.http().connect().get()
    boot.send(head[:10]).send(head[10:40]).send(head[40:] + b"#!ipxe\n").body(1193).ack()
    read = only(wire, cuts)
    assert (read.status, read.size, read.head[:6]) == ("complete", 1200, b"#!ipxe")


@both_ways
def test_chunks(cuts: range) -> None:
    """RFC 9112 section 7.1: the body ends with a chunk of size 0, on a connection that stays open."""
    wire = Wire()
    boot = wire.http().connect().get().send(reply(200, "OK", None, "Transfer-Encoding: chunked"))
    boot.send(b"e\r\n#!ipxe\nreboot\n"[:17] + b"\r\n")
    assert only(wire, cuts, later=1).status == "in-progress"
    boot.send(b"0\r\n\r\n").ack()
    read = only(wire, cuts, later=60)
    assert (read.status, read.declared_bytes, read.head) == ("complete", None, b"#!ipxe\nreboot\n")


@both_ways
def test_a_body_without_a_length_ends_with_the_connection(cuts: range) -> None:
    wire = Wire()
    boot = wire.http().connect().get().send(reply()).body(1500)
    assert only(wire, cuts, later=1).status == "in-progress"
    boot.fin()
    assert (only(wire, cuts).status, only(wire, cuts).size) == ("complete", 1500)


@both_ways
def test_an_interim_answer_is_not_the_answer(cuts: range) -> None:
    wire = Wire()
    boot = wire.http().connect().get().send(b"HTTP/1.1 100 Continue\r\n\r\n")
    boot.send(reply(404, "Not Found", 0))
    assert (only(wire, cuts).error_code, only(wire, cuts).error_frame) == (404, 6)


@both_ways
@pytest.mark.parametrize(("status", "reason"), [(404, "Not Found"), (403, "Forbidden"), (500, "Internal Server Error")])
def test_the_server_says_no(status: int, reason: str, cuts: range) -> None:
    wire = Wire()
    wire.http().connect().get().send(reply(status, reason, 20)).body(20).ack()
    read = only(wire, cuts)
    assert (read.status, read.error_code, read.error_message) == ("refused", status, reason.encode())
    assert read.error_frame == 5


@both_ways
def test_a_redirect_is_an_answer(cuts: range) -> None:
    wire = Wire()
    wire.http().connect().get().send(reply(302, "Found", 0, "Location: http://10.0.0.2/x")).ack()
    assert only(wire, cuts).status == "complete"


@both_ways
def test_a_request_repeated_by_tcp_is_one_request(cuts: range) -> None:
    wire = Wire()
    boot = wire.http().connect()
    start = boot.up
    boot.get().wait(1)
    boot.up = start
    boot.get().send(reply(200, "OK", 5)).body(5).ack()
    boot.up = start
    boot.get()
    read = only(wire, cuts)
    assert (read.status, read.requests) == ("complete", (4, 5))


@both_ways
def test_over_ipv6(cuts: range) -> None:
    wire = Wire()
    wire.http(client=CLIENT6, server=SERVER6).connect().get().send(reply(200, "OK", 10)).body(10).ack()
    assert only(wire, cuts).status == "complete"


# Connections that fail


@both_ways
def test_a_closed_port_answers_with_a_reset(cuts: range) -> None:
    wire = booting()
    wire.http().syn().rst()
    _, attempt = transfers(wire, cuts)
    assert (attempt.status, attempt.file, attempt.server_port, attempt.error_frame) == ("unreachable", None, 80, 5)


@both_ways
def test_nobody_answers_the_syn(cuts: range) -> None:
    wire = booting()
    boot = wire.http().syn()
    for _ in range(3):
        boot.up -= 1
        boot.wait(2).syn()
    _, attempt = transfers(wire, cuts)
    assert (attempt.status, attempt.requests) == ("unanswered", (4, 5, 6, 7))


@both_ways
def test_a_reset_in_the_middle(cuts: range) -> None:
    wire = Wire()
    wire.http().connect().get().send(reply(200, "OK", 9000)).body(3000).rst()
    assert (only(wire, cuts).status, only(wire, cuts).size) == ("unreachable", 3000)


@both_ways
def test_the_client_hangs_up_in_the_middle(cuts: range) -> None:
    wire = Wire()
    wire.http().connect().get().send(reply(200, "OK", 9000)).body(3000).client_rst()
    assert only(wire, cuts).status == "aborted"


@both_ways
def test_silence_in_the_middle(cuts: range) -> None:
    wire = Wire()
    wire.http().connect().get().send(reply(200, "OK", 9000)).body(3000)
    assert only(wire, cuts, later=5).status == "in-progress"
    assert only(wire, cuts, later=11).status == "stalled"


@both_ways
def test_a_request_without_an_answer(cuts: range) -> None:
    wire = Wire()
    wire.http().connect().get()
    assert only(wire, cuts, later=1).status == "in-progress"
    assert only(wire, cuts, later=5).status == "unanswered"


@both_ways
def test_an_encrypted_connection_is_unseen(cuts: range) -> None:
    wire = booting()
    boot = wire.http(server_port=443).connect().request(b"\x16\x03\x01\x02\x00hello")
    boot.send(b"\x16\x03\x03\x00\x30" + bytes(900)).ack()
    _, secret = transfers(wire, cuts)
    assert (secret.status, secret.file, secret.server_port) == ("unseen", None, 443)


# Sequence numbers


@both_ways
def test_sequence_numbers_wrap(cuts: range) -> None:
    wire = Wire()
    boot = wire.http()
    boot.down = (1 << 32) - 1500
    boot.connect().get().send(reply(200, "OK", 5000)).body(5000).ack()
    assert (only(wire, cuts).status, only(wire, cuts).size) == ("complete", 5000)


@both_ways
def test_bytes_sent_again_count_once(cuts: range) -> None:
    wire = Wire()
    boot = wire.http().connect().get().send(reply(200, "OK", 3000)).body(2000).wait(1)
    boot.again(b"B" * 1000).body(1000).ack()
    read = only(wire, cuts)
    assert (read.status, read.size, read.retransmissions) == ("complete", 3000, 1)


@both_ways
def test_bytes_that_come_late_fill_their_gap(cuts: range) -> None:
    wire = Wire()
    boot = wire.http().connect().get().send(reply(200, "OK", 4000)).body(1000)
    boot.down += 1000
    boot.send(b"3" * 1000).wait(0.5).again(b"3" * 1000)
    boot.down -= 2000
    boot.send(b"2" * 1000)
    boot.down += 1000
    assert (only(wire, cuts).size, only(wire, cuts).retransmissions) == (3000, 1)
    boot.send(b"4" * 1000)
    read = only(wire, cuts)
    assert (read.status, read.size, read.retransmissions) == ("complete", 4000, 1)


@both_ways
def test_a_repeat_does_not_fill_another_gap(cuts: range) -> None:
    wire = Wire()
    boot = wire.http().connect().get().send(reply(200, "OK", 4000)).body(2000).wait(1).again(b"B" * 1000)
    boot.down += 1000  # lost
    boot.send(b"4" * 1000)
    assert (only(wire, cuts).size, only(wire, cuts).status) == (3000, "in-progress")


@both_ways
def test_what_only_the_mirror_lost_is_no_stall(cuts: range) -> None:
    """The client's ACK says that it has the bytes."""
    wire = Wire()
    boot = wire.http().connect().get().send(reply(200, "OK", 4000)).body(2000).body(2000)
    wire.lose(-2)
    assert only(wire, cuts, later=20).status == "stalled"
    boot.ack()
    read = only(wire, cuts, later=20)
    assert (read.status, read.size) == ("complete", 4000)


@both_ways
def test_copies_of_a_mirror_are_no_retransmissions(cuts: range) -> None:
    wire = Wire(mirrored=True)
    boot = wire.http().connect()
    boot.get(method="HEAD").send(reply(200, "OK", 3000)).ack()
    boot.get().send(reply(200, "OK", 3000) + b"B" * 10).body(2990).ack()
    assert [(r.status, r.size, r.retransmissions) for r in transfers(wire, cuts)] == [
        ("complete", 0, 0), ("complete", 3000, 0),
    ]  # fmt: skip


# Whose connections are followed


@both_ways
def test_connections_of_machines_that_do_not_boot_are_not_followed(cuts: range) -> None:
    wire = Wire()
    wire.http(agent="Mozilla/5.0").connect().get().send(reply(200, "OK", 10)).body(10).ack()
    assert transfers(wire, cuts) == []


@both_ways
def test_what_a_machine_did_before_it_booted_is_not_followed(cuts: range) -> None:
    wire = Wire()
    wire.http(agent="Mozilla/5.0").connect().get("/news").send(reply(200, "OK", 10)).body(10).ack().fin()
    wire.tftp(file="ipxe.efi").rrq().data(1, 9).ack(1)
    wire.http(agent="curl/8", port=50001).connect().get("/kernel").send(reply(200, "OK", 10)).body(10).ack()
    assert [read.file for read in transfers(wire, cuts)] == [b"ipxe.efi", b"http://10.0.0.1/kernel"]


@both_ways
def test_a_connection_is_followed_from_its_first_boot_like_request(cuts: range) -> None:
    wire = Wire()
    foreign = wire.http(agent="Mozilla/5.0").connect().get("/news").send(reply(200, "OK", 10)).body(10).ack()
    foreign.agent = "iPXE/1.21.1"
    foreign.get("/boot").send(reply(200, "OK", 20)).body(20).ack()
    read = only(wire, cuts)
    assert (read.file, read.size, read.status) == (b"http://10.0.0.1/boot", 20, "complete")


@both_ways
def test_a_port_used_again_is_another_connection(cuts: range) -> None:
    wire = booting()
    wire.http().connect().get("/one").send(reply(200, "OK", 10)).body(10).ack().fin()
    again = wire.http()
    again.up, again.down = 777_000, 888_000
    again.connect().get("/two").send(reply(200, "OK", 20)).body(20).ack()
    assert [(read.file, read.size) for read in transfers(wire, cuts)[1:]] == [
        (b"http://10.0.0.1/one", 10), (b"http://10.0.0.1/two", 20),
    ]  # fmt: skip


@both_ways
def test_a_late_copy_of_the_syn_is_the_same_connection(cuts: range) -> None:
    wire = booting()
    boot = wire.http().connect().get("/one").send(reply(200, "OK", 10)).body(10).ack()
    up, boot.up = boot.up, 1000
    boot.syn()
    boot.up = up
    boot.get("/two").send(reply(200, "OK", 20)).body(20).ack()
    assert len(transfers(wire, cuts)) == 3


# Limits


@both_ways
def test_the_connection_silent_for_longest_makes_room(cuts: range) -> None:
    wire = Wire()
    first, second = wire.http("/first", port=50000).connect(), wire.http("/second", port=50001).connect()
    first.get(), second.get()
    first.send(reply(200, "OK", 100)).body(50)
    second.send(reply(200, "OK", 100)).body(50)
    first.body(30)
    wire.http("/third", port=50002).get().send(reply(200, "OK", 100)).body(100)
    first.body(20)
    second.body(50)
    sizes = {read.file[-5:]: read.size for read in transfers(wire, cuts, Limits(open_connections=2)) if read.file}
    assert sizes == {b"first": 100, b"econd": 50, b"third": 100}


@both_ways
def test_a_connection_that_was_silent_for_too_long_takes_no_more_segments(cuts: range) -> None:
    wire = Wire()
    boot = wire.http().connect().get().send(reply(200, "OK", 100)).body(50).wait(179).body(20).wait(181).body(30)
    boot.wait(10).ack()
    assert only(wire, cuts, Limits(transfer_age=180 * SECOND)).size == 70


def test_a_flood_of_connections_stays_within_the_cap() -> None:
    wire = booting()
    wire.step = 1000
    for number in range(2000):
        wire.http(port=2100 + number).syn()
    _, tracker = story_of(wire, limits=Limits(open_connections=64))
    assert len(tracker._http._live) <= 64
    assert len(tracker._http._slots) <= 64


def test_requests_on_one_connection_are_capped() -> None:
    wire = Wire()
    boot = wire.http().connect()
    for number in range(10):
        boot.get(f"/{number}").send(reply(200, "OK", 1)).body(1)
    assert len(transfers(wire, limits=Limits(transfers_per_client=4))) == 4


def test_nothing_is_followed_for_ever() -> None:
    from pxedebug.track import Tracker

    wire = Wire()
    wire.http("/old").connect().get()
    boot = wire.http("/new", port=50001).connect().get().send(reply(200, "OK", 10_000))
    for _ in range(30):
        boot.wait(10).body(10)
    tracker = Tracker(Limits())
    feed(tracker, wire.frames, range(0, 1000, 5))
    assert [connection.client_port for connection in tracker._http._live.values()] == [50001]
