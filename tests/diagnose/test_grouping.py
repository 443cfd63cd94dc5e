"""What three clients suffer from one server is one fact about the server."""

from __future__ import annotations

from tests.diagnose.verdict import judgement
from tests.track.conversation import Told, changed, tell, together, unseen
from tests.track.programs import dnsmasq, edk2
from tests.track.scene import Step, mac_of

ID = "tftp-file-not-found"
ROUTER = mac_of("10.77.0.254")


def missing(number: int, at: float) -> Step:
    machine = edk2.on(f"52:54:00:77:01:{number:02x}")
    server = dnsmasq
    gives = f"10.77.0.{140 + number}"
    begun = together(machine.discover(at=at), server.offer(file="a.efi", gives=gives), machine.request(at=at + 3.9))
    return together(begun, server.ack(), machine.missing("a.efi"))


def routed(number: int) -> Step:
    """The request and its refusal, as seen behind a router."""
    machine = edk2.on(f"52:54:00:77:01:{number:02x}")
    gives = f"10.77.0.{140 + number}"
    lease = unseen(machine.discover(at=number * 10), dnsmasq.offer(gives=gives), machine.request(), dnsmasq.ack())
    return together(lease, changed(machine.missing("a.efi"), source_mac=ROUTER, ttl=63))


def failing(*times: float) -> Told:
    return tell(*(missing(number, at) for number, at in enumerate(times)))


def test_three_clients_make_one_network_finding() -> None:
    found = judgement(failing(0, 10, 20))
    (shared,) = [group for group in found.findings if group.finding.id == ID]
    assert str(shared.server) == "10.77.0.1"
    assert shared.boots == (1, 2, 3)
    assert [mac.hex(":") for mac in shared.clients] == [f"52:54:00:77:01:0{n}" for n in range(3)]
    assert shared.finding.says == "3 clients have the same trouble: the server 10.77.0.1 has no file `a.efi`"
    assert not shared.finding.primary


def test_routed_clients_are_counted_by_address() -> None:
    (shared,) = judgement(tell(*(routed(number) for number in range(3)))).findings
    assert (shared.clients, shared.boots) == ((), (1, 2, 3))
    assert shared.finding.says.startswith("3 clients (10.77.0.140, 10.77.0.141, 10.77.0.142) have the same trouble")
    assert shared.finding.evidence[0].note.startswith("10.77.0.140: ")


def test_many_routed_clients_are_not_all_named() -> None:
    (shared,) = judgement(tell(*(routed(number) for number in range(10)))).findings
    assert "10.77.0.147 and 2 more) have" in shared.finding.says


def test_the_boots_own_findings_stay_and_name_it() -> None:
    for judged in judgement(failing(0, 10, 20)).boots():
        assert judged.primary is not None
        assert (judged.primary.id, judged.primary.group) == (ID, f"{ID}@10.77.0.1")


def test_two_clients_are_two_clients() -> None:
    assert judgement(failing(0, 10)).findings == ()


def test_one_client_that_tries_three_times_is_one_client() -> None:
    told = tell(*(missing(1, at) for at in (0, 100, 200)))
    assert [group for group in judgement(told).findings if group.finding.id == ID] == []


def test_what_is_an_hour_apart_has_no_common_cause_for_sure() -> None:
    assert judgement(failing(0, 3600, 7200)).findings == ()
