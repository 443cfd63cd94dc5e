"""iPXE is handed the program that it is itself, loads it, and so on.

Two rounds prove the loop (the same two after which the boot counts as failed); one is an error that the next program
may still get out of, and the offer alone, before anything was fetched, is only told: an embedded script may ignore it.
"""

from __future__ import annotations

from collections.abc import Iterator

from pxedebug.diagnose.boot_info import told_by
from pxedebug.diagnose.case import Case, Turn, dhcp_of
from pxedebug.diagnose.facts import plain_name, wanted_file
from pxedebug.diagnose.finding import Confidence, Evidence, Found, Severity, cite, cite_each, count, name
from pxedebug.diagnose.loaders import may_be_ipxe
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import IPXE, Product, Remedy, Rule, Screen, Step, advice
from pxedebug.firmware import server_identity
from pxedebug.firmware.programs import StageKind
from pxedebug.track.story import Transfer
from pxedebug.wire.packet import Address

__all__ = ["RULE"]

_LOOP = 2
"""Rounds in which iPXE loads itself that leave no doubt."""


def check(case: Case, network: Network) -> Iterator[Found]:
    """An iPXE stage that fetches what the stage before it fetched, or is told to."""
    rounds = [pair for turn in case.turns[1:] if turn.kind is StageKind.IPXE and (pair := _round(turn)) is not None]
    if rounds:
        yield _loop(case, rounds)
        return
    last = case.last
    if last.kind is not StageKind.IPXE or last.transfers or last.boot is None or last.index == 0:
        return
    wanted = wanted_file(last)
    loaded = next((t for t in _programs(case.turns[last.index - 1]) if plain_name(t) == wanted), None)
    if loaded is not None:
        yield Found(
            last,
            Confidence.STRONG,
            f"{name(wanted)} is named to iPXE, which is that program itself",
            cite(last.boot.source_frame, "names the file") + cite(loaded.first_frame, "iPXE was loaded here"),
            severity=Severity.INFO,
            server=_who_told(last),
            values=_values(loaded),
        )


def _loop(case: Case, rounds: list[tuple[Transfer, Transfer]]) -> Found:
    loaded, again = rounds[0][0], rounds[-1][1]
    turn = case.last if case.last.kind is StageKind.IPXE else _turn_of(case, again)
    times = f"loaded it {count(len(rounds), 'time')}" if len(rounds) > 1 else "loaded it again"
    return Found(
        turn,
        Confidence.CERTAIN,
        f"{name(plain_name(loaded))} is handed to iPXE, which is that program itself and {times}",
        cite(again.first_frame, "iPXE asks for the program that it is")
        + cite(loaded.first_frame, "iPXE was loaded here")
        + _told(case, again)
        + cite_each([pair[1].first_frame for pair in rounds[:-1]], "the same before"),
        severity=Severity.FATAL if len(rounds) >= _LOOP else Severity.ERROR,
        server=_who_told(_turn_of(case, again)) or again.server,
        values=_values(again),
    )


def _round(turn: Turn) -> tuple[Transfer, Transfer] | None:
    """What the stage before loaded, and the same file loaded again by this one."""
    before = _programs(turn.case.turns[turn.index - 1])
    return next(((old, new) for new in _programs(turn) for old in before if _same(old, new)), None)


def _programs(turn: Turn) -> list[Transfer]:
    """Whole files that may be iPXE; a machine that resets loads other loaders and kernels twice, too."""
    return [transfer for transfer in turn.whole() if transfer.size and may_be_ipxe(transfer)]


def _same(old: Transfer, new: Transfer) -> bool:
    """The same name, or another name for the same bytes as far as they are kept."""
    if old.size != new.size:
        return False
    return plain_name(old) == plain_name(new) or (old.head == new.head and bool(new.head))


def _told(case: Case, again: Transfer) -> tuple[Evidence, ...]:
    """Who named the file, and the DISCOVER in which iPXE said who it is."""
    turn = _turn_of(case, again)
    evidence: tuple[Evidence, ...] = ()
    if turn.boot is not None:
        evidence += cite(turn.boot.source_frame, "names the file to iPXE")
    if turn.discovers:
        evidence += cite(turn.discovers[0], "iPXE says who it is (options 77 and 175)")
    return evidence


def _who_told(turn: Turn) -> Address | None:
    """The DHCP server or proxy that named the file."""
    told = told_by(turn)
    return None if told is None else server_identity(dhcp_of(told), told.packet.source)


def _turn_of(case: Case, transfer: Transfer) -> Turn:
    return next(turn for turn in case.turns if any(each is transfer for each in turn.transfers))


def _values(transfer: Transfer) -> dict[str, str]:
    return {"server": str(transfer.server)}


RULE = Rule(
    id="ipxe-boot-loop",
    title="iPXE loads itself again and again",
    severity=Severity.FATAL,
    step=Step.POST_NBP,
    check=check,
    screens=(Screen("The iPXE banner again and again, each time with a new `Configuring (net0 ...) ok`", IPXE),),
    causes=(
        "the DHCP server does not ask whether iPXE is speaking (user class, option 77, or option 175)",
        "the test compares with the length byte of RFC 3004, which iPXE does not send",
        "the menu of a proxy (43.9) comes before the file for iPXE: dnsmasq with several pxe-service lines",
        "a host's own reservation names the file for everybody",
        "the DHCP server knows only one file name",
    ),
    remedies=(
        Remedy(
            Product.DNSMASQ,
            "dhcp-match=set:ipxe,175\ndhcp-boot=tag:!ipxe,undionly.kpxe,,$server\n"
            "dhcp-boot=tag:ipxe,http://$server/boot.ipxe",
        ),
        Remedy(
            Product.DNSMASQ,
            'dhcp-match=set:ipxe,175\npxe-service=tag:!ipxe,x86PC,"iPXE",undionly.kpxe,$server\n'
            "dhcp-boot=tag:ipxe,http://$server/boot.ipxe",
            "where dnsmasq is a proxy",
        ),
        Remedy(
            Product.KEA,
            '"client-classes": [{"name": "ipxe", "test": "option[77].hex == \'iPXE\'", '
            '"boot-file-name": "http://$server/boot.ipxe"}, '
            '{"name": "firmware", "test": "not member(\'ipxe\')", "next-server": "$server", '
            '"boot-file-name": "undionly.kpxe"}]',
        ),
        Remedy(
            Product.ISC_DHCPD,
            'if exists user-class and option user-class = "iPXE" {\n  filename "http://$server/boot.ipxe";\n'
            '} else {\n  next-server $server;\n  filename "undionly.kpxe";\n}',
        ),
        *advice(
            "in Windows DHCP, a user class with the ASCII data iPXE, and a policy on it that sets option 67",
            "where the server cannot tell: put a script into iPXE (`make EMBED=boot.ipxe`), or serve autoexec.ipxe",
        ),
    ),
    sources=("ipxe.org/howto/chainloading", "iPXE net/udp/dhcp.c", "RFC 3004 section 4"),
    next_measurement="let the capture run until iPXE asks for its next file: is it the program that iPXE itself is",
)
