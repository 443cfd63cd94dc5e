"""DNS messages of clients that boot."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_address

from pxedebug.track import Limits
from pxedebug.wire.batch import frame_number
from tests.diagnose.http_scenes import chained, query, resolved
from tests.track.conversation import tell
from tests.track.programs import ipxe

CLIENT = ip_address("10.77.0.130")
HOST = b"boot.example.org"


def test_a_query_and_its_answer() -> None:
    told = tell(chained(), query(ipxe, HOST), resolved(ipxe, HOST, "10.77.0.5", server="10.77.0.1"))
    asked, answered = told.story.names[CLIENT]
    assert (frame_number(asked.frame), asked.message.name, asked.message.response) == (7, HOST, False)
    assert answered.message.addresses == (ip_address("10.77.0.5"),)
    assert asked.server == answered.server == ip_address("10.77.0.1")


def test_others_are_not_followed() -> None:
    told = tell(chained(), query(ipxe, HOST))
    stranger = replace(told.wires[-1], source="10.77.0.99")
    early = replace(told.wires[-1], at=-5.0)
    other = type(told)([early, *told.wires[:-1], stranger])
    assert dict(other.story.names) == {}


def test_nonsense_on_the_port_is_passed_over() -> None:
    told = tell(chained(), query(ipxe, HOST))
    told = type(told)([*told.wires[:-1], replace(told.wires[-1], payload=b"\0" * 9)])
    assert dict(told.story.names) == {}


def test_no_more_messages_are_kept_than_the_limits_allow() -> None:
    steps = [query(ipxe, HOST) for _ in range(9)]
    story = tell(chained(), *steps, limits=Limits(dns_messages=4)).story
    assert [frame_number(seen.frame) for seen in story.names[CLIENT]] == [12, 13, 14, 15]
    assert story.evicted["frames"] == 5


def test_no_more_clients_are_kept_than_the_limits_allow() -> None:
    other = ipxe.on("52:54:00:77:00:21")
    first = tell(chained(), query(ipxe, HOST)).wires
    second = [
        replace(w, source_mac=other.mac, source=w.source.replace("130", "131"), target=w.target.replace("130", "131"))
        for w in first
    ]
    renamed = [replace(w, payload=w.payload.replace(ipxe.mac, other.mac).replace(CLIENT.packed, b"\x0a\x4d\0\x83"))
               for w in second]  # fmt: skip
    told = type(tell(chained()))([*first, *renamed], Limits(dns_clients=1))
    assert list(told.story.names) == [ip_address("10.77.0.131")]
    assert told.story.evicted["frames"] == 1
