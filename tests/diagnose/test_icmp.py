"""What an ICMP error says of a request, in words."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from pxedebug.diagnose.icmp import refusal
from pxedebug.wire.neighbours import IcmpError
from tests.track.conversation import port_unreachable, tell
from tests.track.programs import dnsmasq, edk2

SERVER, ROUTER = ip_address("10.77.0.1"), ip_address("10.77.0.254")


def error(code: int, source: str = "10.77.0.254") -> IcmpError:
    begun = edk2.discover(at=0), dnsmasq.offer(file="a.efi"), edk2.request(at=4), dnsmasq.ack()
    (seen,) = tell(*begun, edk2.rrq("a.efi"), port_unreachable()).story.neighbours.icmp
    assert isinstance(seen.event, IcmpError)
    return seen.event._replace(code=code, source=ip_address(source))


@pytest.mark.parametrize(
    ("code", "words"),
    [(0, "has no route to its network"), (1, "cannot reach it"), (13, "forbids the request"), (7, None)],
)
def test_a_router_s_word(code: int, words: str | None) -> None:
    assert refusal(error(code), SERVER) == words


def test_a_closed_port_is_the_server_s_own_word() -> None:
    assert refusal(error(3, str(SERVER)), SERVER) is None
    assert refusal(error(3, str(ROUTER)), SERVER) == "rejects it in the server's place"
