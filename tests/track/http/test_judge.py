"""Statuses that need more than the connection's own segments."""

from __future__ import annotations

import pytest

from tests.track.network import Wire, only, reply, transfers


def booting() -> Wire:
    wire = Wire()
    wire.tftp(file="ipxe.efi").rrq().data(1, 9).ack(1)
    return wire


def unreachable(wire: Wire, port: int = 50_000) -> None:
    boot = wire.http(port=port)
    wire.icmp_unreachable(boot.server, boot.client, boot.server, protocol=6)


@pytest.mark.parametrize("cuts", [(), range(100)], ids=["one batch", "a batch a frame"])
def test_an_icmp_error_about_the_syn(cuts: range) -> None:
    wire = booting()
    wire.http().syn()
    unreachable(wire)
    assert (transfers(wire, cuts)[1].status, transfers(wire, cuts)[1].error_frame) == ("unreachable", 5)


@pytest.mark.parametrize("cuts", [(), range(100)], ids=["one batch", "a batch a frame"])
def test_an_icmp_error_goes_to_the_connection_of_its_time(cuts: range) -> None:
    wire = booting()
    wire.http().syn().rst()
    unreachable(wire)
    again = wire.http("/again")
    again.up += 70_000
    again.connect().get().send(reply(200, "OK", 5)).body(5).ack()
    assert [read.status for read in transfers(wire, cuts)[1:]] == ["unreachable", "complete"]


def test_one_unanswered_syn_is_still_waited_for() -> None:
    wire = booting()
    wire.http().syn()
    assert transfers(wire, later=2)[1].status == "in-progress"
    assert transfers(wire, later=5)[1].status == "unanswered"


def test_a_client_that_goes_on_took_what_the_mirror_lost() -> None:
    wire = Wire()
    boot = wire.http("/one").connect().get().send(reply(200, "OK", 3000)).body(3000)
    wire.lose(-2)
    assert only(wire, later=20).status == "stalled"
    boot.wait(1)
    wire.http("/two", port=50_001).connect().get()
    assert transfers(wire)[0].status == "complete"


def test_a_connection_that_stays_silent_after_it_was_accepted() -> None:
    wire = booting()
    wire.http().connect()
    assert transfers(wire, later=5)[1].status == "in-progress"
    assert transfers(wire, later=11)[1].status == "stalled"


def test_the_longest_gap_is_inside_the_body() -> None:
    wire = Wire()
    wire.http().connect().get().send(reply(200, "OK", 20)).body(10).wait(3).body(10).ack()
    assert only(wire).longest_gap == 3_001_000_000


def test_a_reset_after_the_whole_file_changes_nothing() -> None:
    wire = Wire()
    wire.http().connect().get().send(reply(200, "OK", 20)).body(20).client_rst()
    assert only(wire).status == "complete"


def test_an_answer_whose_head_the_capture_cut_is_unseen_until_the_client_goes_on() -> None:
    wire = Wire()
    head = reply(200, "OK", 3000, "Server: " + "x" * 200)
    wire.http("/one").connect().get().send(head).body(3000)
    wire.snap(200)
    assert only(wire, later=20).status == "unseen"
    wire.wait(1).http("/two", port=50_001).connect().get()
    assert transfers(wire)[0].status == "complete"


def test_where_the_servers_fin_stands() -> None:
    wire = Wire()
    wire.http("/one").connect().get().send(reply(200, "OK", 3000)).body(3000).fin()
    wire.lose(-2)
    lost = only(wire, later=20)
    assert lost.http is not None
    assert (lost.status, lost.size, lost.http.sent) == ("stalled", 2000, 3000)


def test_a_fin_before_the_end() -> None:
    wire = Wire()
    wire.http("/one").connect().get().send(reply(200, "OK", 3000)).body(1000).fin()
    short = only(wire, later=20)
    assert short.http is not None
    assert short.http.sent == 1000
