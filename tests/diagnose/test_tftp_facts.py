"""What the rules about TFTP ask of a case."""

from __future__ import annotations

import pytest

from pxedebug.diagnose.case import Case
from pxedebug.diagnose.facts import delivered_after, searched
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.tftp_facts import (
    about_the_data,
    about_the_request,
    error_kind,
    final,
    server_values,
    tftp_reads,
    unanswered,
    whole_tries,
)
from pxedebug.firmware import Phase
from pxedebug.track.story import TransferStatus
from tests.diagnose.tftp_scenes import asked_again, blocks, icmp, led, oack, refusal
from tests.track.conversation import Told, arp_reply, tell
from tests.track.programs import edk2, linux, plain, pxelinux, u_boot


def case_of(told: Told) -> Case:
    return Case(told.boot, 1, 0)


def network_of(told: Told) -> Network:
    return Network(told.story, told.boots)


def test_reads_of_a_status() -> None:
    case = case_of(tell(led("x.efi"), edk2.fetch("x.efi", 4), pxelinux.missing("a"), pxelinux.fetch("b")))
    assert [transfer.file for _, transfer, _ in tftp_reads(case)] == [b"x.efi", b"x.efi", b"a", b"b"]
    assert [transfer.file for _, transfer, _ in tftp_reads(case, TransferStatus.REFUSED)] == [b"a"]


@pytest.mark.parametrize(
    ("code", "text", "kind"),
    [
        (1, "File not found", "missing"), (0, "no such file", "missing"), (2, "", "denied"),
        (0, "Permission denied", "denied"), (1, "Access violation", "denied"), (8, "option", "options"),
        (5, "unknown TID", "tid"), (0, "", "other"), (3, "disk full", "other"), (77, "?", "other"),
    ],
)  # fmt: skip
def test_what_an_error_means(code: int, text: str, kind: str) -> None:
    case = case_of(tell(led("x.efi"), edk2.rrq("x.efi", 4), refusal(code, text)))
    ((_, transfer, _),) = tftp_reads(case)
    assert error_kind(transfer) == kind


def test_the_file_of_a_search_and_the_one_that_came_after_it() -> None:
    case = case_of(
        tell(led("x.efi"), pxelinux.missing("pxelinux.cfg/0A", 4), pxelinux.missing("z"), pxelinux.fetch("b"))
    )
    (turn, config, _), (_, other, _), (_, last, _) = tftp_reads(case)
    assert (searched(turn, config), searched(turn, other)) == (True, False)
    assert (delivered_after(turn, other), delivered_after(turn, last)) == (True, False)


def test_the_tries_of_a_program_that_takes_a_new_port_each_time() -> None:
    begun = (u_boot.discover(at=0), u_boot.arp("10.77.0.1", 1), arp_reply("10.77.0.1", u_boot))
    case = case_of(tell(*begun, *(u_boot.rrq("a", 4 + 5 * n) for n in range(3)), u_boot.rrq("b", 30)))
    found = list(tftp_reads(case))
    assert [len(whole_tries(turn, transfer)) for turn, transfer, _ in found] == [1, 2, 3, 1]
    assert all(unanswered(transfer, facts) for _, transfer, facts in found)


@pytest.mark.parametrize(("sends", "over"), [(2, False), (5, False), (6, True)])
def test_the_full_schedule_is_final(sends: int, over: bool) -> None:
    case = case_of(tell(led("x.efi"), asked_again(edk2, "x.efi", *(4.0 + 4 * n for n in range(sends)))))
    ((turn, transfer, _),) = tftp_reads(case)
    assert final(case, turn, transfer, Phase.TFTP_REQUEST) is over


@pytest.mark.parametrize(("until", "over"), [(14, False), (30, True)])
def test_so_is_the_end_of_the_wait(until: float, over: bool) -> None:
    case = case_of(tell(led("x.efi"), asked_again(edk2, "x.efi", 4, 8), linux.arp("10.77.0.9", until)))
    ((turn, transfer, _),) = tftp_reads(case)
    assert final(case, turn, transfer, Phase.TFTP_REQUEST) is over


def test_an_unknown_program_is_waited_for() -> None:
    told = tell(
        plain.rrq("x.efi", 0), *(plain.rrq("x.efi", at, again=True) for at in (1, 2)), linux.arp("10.77.0.9", 20)
    )
    case = case_of(told)
    ((turn, transfer, _),) = tftp_reads(case)
    assert final(case, turn, transfer, Phase.TFTP_REQUEST)


def test_icmp_about_the_request_and_about_the_answer() -> None:
    asked = tell(led("x.efi"), edk2.rrq("x.efi", 4), icmp("10.77.0.254"))
    ((_, transfer, _),) = tftp_reads(case_of(asked))
    assert len(list(about_the_request(network_of(asked), transfer))) == 1
    assert not list(about_the_data(network_of(asked), transfer))
    answered = tell(led("x.efi"), edk2.rrq("x.efi", 4), oack(tsize=5), icmp("10.77.0.254", 3, 13))
    ((_, transfer, _),) = tftp_reads(case_of(answered))
    assert not list(about_the_request(network_of(answered), transfer))
    assert len(list(about_the_data(network_of(answered), transfer))) == 1


def test_the_clients_own_icmp_is_not_about_the_way() -> None:
    told = tell(led("x.efi"), edk2.rrq("x.efi", 4), oack(tsize=5), icmp("10.77.0.130"))
    ((_, transfer, _),) = tftp_reads(case_of(told))
    assert not list(about_the_data(network_of(told), transfer))


@pytest.mark.parametrize(("name", "file"), [("a/b.efi", "a/b.efi"), ("a\nenable-tftp", None), ("\u00e9", None)])
def test_only_plain_names_get_into_configuration_lines(name: str, file: str | None) -> None:
    told = tell(led("x.efi"), edk2.rrq(name, 4), blocks(edk2, 1, 1))
    ((_, transfer, _),) = tftp_reads(case_of(told))
    assert server_values(transfer).get("file") == file
