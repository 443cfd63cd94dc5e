from __future__ import annotations

from ipaddress import IPv4Address

from pxedebug.firmware.programs import OfferClass
from pxedebug.track.story import Boot, Durations, Outcome, TransferStatus
from tests.report import stories as make
from tests.report.text.render import ladder, render

ROGUE = IPv4Address("10.77.0.2")


def discovers(*seconds: float) -> Boot:
    sends = [make.message("DISCOVER", 2 * n + 1, at) for n, at in enumerate(seconds)]
    stage = make.stage([make.exchange(*sends, complete=False)], file=None)
    return make.boot(stage, outcome=Outcome.FAILED, durations=Durations(dhcp=28_000_000_000))


def test_repeated_discovers_are_one_row_with_their_times() -> None:
    (row,) = ladder(discovers(0, 4, 12, 28))
    assert row == "1 0.000 ──► broadcast DISCOVER ×4 · again at +4.0, +12.0, +28.0 s · frames 3, 5, 7"


def test_verbose_unfolds_them() -> None:
    assert render(make.story(discovers(0, 4, 12)), verbose=True).count("DISCOVER\n") == 3


def test_no_offer_is_the_reason() -> None:
    assert "failed: no OFFER (4 tries over 28.0 s)" in render(make.story(discovers(0, 4, 12, 28)))


def test_copies_stand_at_their_original() -> None:
    first = make.message("DISCOVER", 1, 0)
    mirror = make.message("DISCOVER", 2, 0.0001, copy_of=1)
    relayed = make.message("DISCOVER", 3, 0.0002, copy_of=1, giaddr=IPv4Address("10.77.0.254"))
    boot = make.boot(make.stage([make.exchange(first, mirror, relayed)], file=None))
    assert ladder(boot) == ["1 0.000 ──► broadcast DISCOVER · copies in 2, 3 via relay 10.77.0.254"]


def test_every_offer_stands_with_its_server_and_fate() -> None:
    discover = make.message("DISCOVER", 1, 0)
    good, bad = make.message("OFFER", 2, 0.1, yiaddr=make.ADDRESS), make.message("OFFER", 3, 0.2, source=ROGUE)
    proxy = make.message("OFFER", 4, 0.3, source=ROGUE)
    offers = [
        make.offer(good),
        make.offer(bad, None, server=ROGUE, chosen=False, next_server=None),
        make.offer(proxy, server=ROGUE, address=None, proxy=True, offer_class=OfferClass.PXE10, next_server=ROGUE),
    ]
    rows = ladder(make.boot(make.stage([make.exchange(discover, good, bad, proxy, offers=offers)])))
    assert rows[1:] == [
        "2 0.100 +0.100 ◄── 10.77.0.1 OFFER 10.77.0.131 · chosen · file grubx64.efi · dhcp-only",
        "3 0.200 +0.100 ◄── 10.77.0.2 OFFER 10.77.0.131 · not chosen · no boot file · dhcp-only",
        "4 0.300 +0.100 ◄── 10.77.0.2 OFFER · chosen · proxy, no address · file grubx64.efi · pxe10",
    ]


def test_an_exchange_with_a_boot_server_names_its_port() -> None:
    request = make.message("REQUEST", 9, 1, port=4011, destination=make.SERVER)
    boot = make.boot(make.stage([make.exchange(request, port=4011, complete=False)], file=None))
    assert ladder(boot) == ["9 1.000 ──► 10.77.0.1 REQUEST · port 4011"]


def test_a_nak_gives_the_servers_words() -> None:
    nak = make.message("NAK", 4, 1, options=[(56, b"address not available")])
    boot = make.boot(make.stage([make.exchange(make.message("REQUEST", 3, 0.9), nak)], file=None))
    assert ladder(boot)[1] == '4 1.000 +0.100 ◄── 10.77.0.1 NAK · "address not available"'
    assert "failed: address refused: NAK" in render(make.story(boot))


def test_a_configuration_search_is_one_row() -> None:
    names = [b"pxelinux.cfg/01-52-54-00-77-00-20", b"pxelinux.cfg/0A4D0083", b"pxelinux.cfg/0A4D008"]
    tries = [make.refused(name, 10 + 2 * n, 1 + n / 100) for n, name in enumerate(names)]
    found = make.transfer(b"pxelinux.cfg/default", 20, 1.1, 0.01, size=300)
    rows = ladder(make.boot(make.stage([], [*tries, found])))
    assert len(rows) == 2
    assert rows[0].startswith("10 1.000 ──► 10.77.0.1 3 names not found, as expected of a configuration search")
    assert rows[1].startswith(
        "20 1.100 +0.079 ◄══ 10.77.0.1 RRQ pxelinux.cfg/default · complete · configuration found at try 4 · 300 bytes"
    )


def test_a_refused_boot_file_is_no_search() -> None:
    rows = ladder(make.boot(make.stage([], [make.refused(b"grubx64.efi"), make.refused(b"grubx64.efi", 22, 4.0)])))
    assert len(rows) == 2


def test_a_transfer_says_how_it_went() -> None:
    slow = make.transfer(
        took=61.0,
        block_size=512,
        window_size=4,
        retransmissions=3,
        missing_blocks=1,
        fragmented=True,
        longest_gap=2 * 10**9,
    )
    text = " ".join(render(make.story(make.boot(make.stage([], [slow]))), width=80).split())
    assert (
        "18 3.942 ◄══ 10.77.0.1 RRQ grubx64.efi · complete 2.0 MiB in 61 s · 33.6 KiB/s · block 512 window 4 "
        "· fragmented · 3 retransmitted 1 block missing · longest silence 2.0 s to frame 2018"
    ) in text


def test_how_transfers_end() -> None:
    def row(status: TransferStatus, **changes: object) -> str:
        return ladder(make.boot(make.stage([], [make.transfer(status=status, **changes)])))[0]

    assert "RRQ grubx64.efi · no answer · asked 6 times over 0.50 s · frames 18, 20, 22" in row(
        TransferStatus.UNANSWERED, requests=(18, 20, 22, 24, 26, 28)
    )
    assert "stalled, silent for 16.0 s" in row(TransferStatus.STALLED, longest_gap=16 * 10**9)
    assert "asks for the size only · 2.0 MiB" in row(TransferStatus.SIZE_PROBE)
    assert "its data is not in this capture" in row(TransferStatus.UNSEEN)
    assert "unreachable" in row(TransferStatus.UNREACHABLE)
    assert 'aborted: ERROR 8 "User aborted"' in row(
        TransferStatus.ABORTED, error_code=8, error_message=b"User aborted\0"
    )


def test_an_upload_points_to_the_server() -> None:
    (row,) = ladder(make.boot(make.stage([], [make.transfer(operation="write")])))
    assert "══► 10.77.0.1 WRQ grubx64.efi" in row


def test_a_looping_client_does_not_fill_the_screen() -> None:
    messages = [make.message("DISCOVER" if n % 2 else "REQUEST", n + 1, n) for n in range(500)]
    text = render(make.story(make.boot(make.stage([make.exchange(*messages)], file=None))))
    assert "440 more lines, which -v shows" in text
    assert len(text.splitlines()) < 150


def test_where_the_time_went() -> None:
    text = render(make.story(make.healthy()), width=160)
    assert (
        "DHCP 3.9 s, 0.93 of them the firmware's own waiting; ipxe.efi 0.40 s at 1468-byte blocks; "
        "vmlinuz 3.0 s at 1468-byte blocks; initrd.img 61 s at 512-byte blocks."
    ) in " ".join(text.split())
