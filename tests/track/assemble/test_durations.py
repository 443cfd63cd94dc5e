"""Where the time went: disjoint parts that add up."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pxedebug.track.assemble.durations import _length
from pxedebug.track.story import Boot
from tests.track.conversation import tell, together
from tests.track.machines import tftp_reply
from tests.track.programs import dnsmasq, edk2, edk2_http, intel, ipxe, kea, linux, proxy, pxe6
from tests.track.scene import SECOND


def spent(boot: Boot) -> dict[str, float]:
    """The parts in seconds, those that are not 0."""
    parts = boot.durations
    assert parts.dhcp + parts.proxydhcp + parts.transfer + parts.other == boot.ended - boot.started
    named = {
        "dhcp": parts.dhcp, "wait": parts.dhcp_client_wait, "proxy": parts.proxydhcp, "transfer": parts.transfer,
        "other": parts.other,
    }  # fmt: skip
    assert min(named.values()) >= 0
    return {name: value / SECOND for name, value in named.items() if value}


def test_the_firmwares_own_waiting_is_told_apart() -> None:
    told = tell(edk2.discover(at=0), dnsmasq.offer(at=0.1, file="x"), edk2.request(at=3.9), dnsmasq.ack(at=4))
    assert spent(told.boot) == {"dhcp": 4.0, "wait": 3.8}


def test_waiting_begins_with_the_first_usable_offer() -> None:
    """EDK2 takes no offer without a boot file; the server's first one is no offer to wait with."""
    told = tell(
        edk2.discover(at=0), dnsmasq.offer(at=0.1), edk2.discover(at=3.9), dnsmasq.offer(at=4.9, file="x"),
        edk2.request(at=11.9), dnsmasq.ack(at=12),
    )  # fmt: skip
    assert spent(told.boot) == {"dhcp": 12.0, "wait": 7.0}


def test_an_offer_may_become_usable_by_the_proxy_that_comes_later() -> None:
    told = tell(
        edk2.discover(at=0), dnsmasq.offer(at=0.5), proxy.offer(at=1.5), edk2.request(at=3.5), dnsmasq.ack(at=4)
    )
    assert spent(told.boot) == {"dhcp": 4.0, "wait": 2.0}


def test_without_a_request_nothing_was_waited_for() -> None:
    assert spent(tell(edk2.discover(at=0), dnsmasq.offer(at=1), edk2.discover(at=4)).boot) == {"dhcp": 4.0}


def test_port_4011_counts_by_itself() -> None:
    told = tell(
        edk2.discover(at=0), proxy.offer(at=0), dnsmasq.offer(at=0), edk2.request(at=4, of=dnsmasq), dnsmasq.ack(at=4),
        edk2.ask_proxy(proxy, at=5), edk2.ask_proxy(proxy, at=6, again=True), proxy.proxy_ack(at=6.5),
    )  # fmt: skip
    assert spent(told.boot) == {"dhcp": 4.0, "wait": 4.0, "proxy": 1.5, "other": 1.0}


def test_every_run_counts_from_its_first_discover_to_its_ack() -> None:
    told = tell(
        edk2.discover(at=0), dnsmasq.offer(at=0, file="x"), edk2.request(at=4), dnsmasq.ack(at=4),
        edk2.fetch("x", at=5, probe=False),
        ipxe.afresh(at=10), dnsmasq.offer(at=10, file="y"), ipxe.request(at=12), dnsmasq.ack(at=13),
    )  # fmt: skip
    parts = spent(told.boot)
    assert (parts["dhcp"], parts["wait"]) == (7.0, 6.0)


def test_a_nak_ends_a_run() -> None:
    told = tell(
        edk2.request(at=0, bare=True, address="10.9.9.9"), dnsmasq.nak(at=1), edk2.discover(at=3),
        dnsmasq.offer(at=3, file="x"), edk2.request(at=7), dnsmasq.ack(at=7),
    )  # fmt: skip
    assert spent(told.boot) == {"dhcp": 5.0, "wait": 4.0, "other": 2.0}


def test_what_was_not_answered_counts_as_far_as_it_was_tried() -> None:
    assert spent(tell(*(intel.discover(at=at) for at in (0, 4, 12, 28))).boot) == {"dhcp": 28.0}


def test_walking_over_methods_adds_up() -> None:
    told = tell(edk2.discover(at=0), edk2.discover(at=4), edk2_http.afresh(at=60), edk2_http.discover(at=64))
    assert spent(told.boot) == {"dhcp": 8.0, "other": 56.0}


def test_dhcpv6_counts_like_dhcp() -> None:
    told = tell(pxe6.solicit(at=0), pxe6.advertise(at=1), pxe6.request(at=5), pxe6.reply(at=6))
    assert spent(told.boot) == {"dhcp": 6.0, "wait": 4.0}


def test_what_happens_at_the_same_time_counts_once() -> None:
    """The server repeats the last block of a program that took over long ago, while that does its DHCP."""
    repeated = b"\0\3\0\1short"
    told = tell(
        edk2.discover(at=0), dnsmasq.offer(at=0, file="x"), edk2.request(at=4), dnsmasq.ack(at=4),
        edk2.rrq("x", at=5), tftp_reply(repeated), edk2.acknowledge(1, at=6), tftp_reply(repeated, at=8),
        ipxe.afresh(at=9), tftp_reply(repeated, at=10), dnsmasq.offer(at=11, file="y"), ipxe.request(at=12),
        dnsmasq.ack(at=13), tftp_reply(repeated, at=14),
    )  # fmt: skip
    parts = spent(told.boot)
    assert parts["dhcp"] == 8.0
    assert parts.get("transfer", 0) <= 6.0


def test_the_system_counts_too() -> None:
    told = tell(
        edk2.discover(at=0), dnsmasq.offer(at=0, file="x"), edk2.request(at=4), dnsmasq.ack(at=4),
        edk2.fetch("x", at=5, probe=False), linux.afresh(at=30), kea.offer(at=30), linux.request(at=30), kea.ack(at=31),
    )  # fmt: skip
    assert spent(told.boot)["dhcp"] == 5.0


def test_an_answer_alone_takes_no_time() -> None:
    told = tell(together(edk2.discover(at=0)), dnsmasq.offer(at=2), dnsmasq.offer(at=3))
    assert spent(told.boot) == {"dhcp": 3.0}


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 20)), max_size=12))
def test_the_length_of_spans_is_the_number_of_seconds_that_any_covers(spans: Sequence[tuple[int, int]]) -> None:
    covered = {second for start, length in spans for second in range(start, start + length)}
    assert _length([(start, start + length) for start, length in spans]) == len(covered)


@pytest.mark.parametrize("order", [[0, 1], [1, 0]])
def test_the_order_of_spans_does_not_matter(order: list[int]) -> None:
    spans = [(0, 10), (5, 12)]
    assert _length([spans[at] for at in order]) == 12


def test_timestamps_that_run_backwards_take_no_time() -> None:
    told = tell(
        edk2.discover(at=10), dnsmasq.offer(at=12, file="x.efi"), edk2.request(at=9), dnsmasq.ack(at=8),
        edk2.fetch("x.efi", at=7),
    )  # fmt: skip
    spent = told.boot.durations
    assert min(spent) >= 0
    assert spent.dhcp_client_wait <= spent.dhcp
    assert spent.dhcp + spent.proxydhcp + spent.transfer + spent.other == told.boot.ended - told.boot.started
