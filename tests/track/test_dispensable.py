"""What a boot goes on without: optional names, scripts that say so, and menus that wait."""

from __future__ import annotations

import pytest

from pxedebug.track.dispensable import behind_menu, may_be_missing, offers_choice
from pxedebug.track.story import Transfer, TransferStatus
from tests.track.conversation import tell, together
from tests.track.programs import dnsmasq, edk2, grub, intel, pxelinux
from tests.track.scene import Step

BEGUN = together(edk2.discover(at=0), dnsmasq.offer(file="grubx64.efi"), edk2.request(at=4), dnsmasq.ack())
LOADED = together(BEGUN, edk2.fetch("grubx64.efi"))
BIOS = together(intel.discover(at=0), dnsmasq.offer(file="pxelinux.0"), intel.request(at=4), dnsmasq.ack())
MENU = b"set timeout=-1\nmenuentry 'Linux' {\n linux /vmlinuz\n}\n"
ORDER = b"linux /vmlinuz\n"


def asked(text: bytes, missing: str, text_name: str = "/grub/grub.cfg") -> tuple[tuple[Transfer, ...], Transfer]:
    """The transfers of a loader that read a text and then asked for a file that is not there."""
    told = tell(LOADED, grub.fetch(text_name, content=text), grub.missing(missing))
    transfers = told.boot.stages[-1].transfers
    return transfers, transfers[-1]


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        (b"#!ipxe\nchain --autofree custom.ipxe ||\nkernel vmlinuz\n", "custom.ipxe"),
        (b"#!ipxe\nchain http://10.77.0.1/hosts/${mac}.ipxe || chain default.ipxe\n", "hosts/525400770020.ipxe"),
        (b"#!ipxe\nconsole --picture Logo.img2 || console\n", "logo.img2"),
        (b"if [ -f /grub/local.conf ]; then\n source /grub/local.conf\nfi\n", "/grub/local.conf"),
        (b'if [ -e "$prefix/local.conf" ]; then\n', "/grub/local.conf"),
        (ORDER, "/grub/themes/starfield/theme.txt"),
        (ORDER, "splash.png"),
    ],
)
def test_a_name_that_may_be_missing(text: bytes, missing: str) -> None:
    assert may_be_missing(*asked(text, missing))


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        (b"#!ipxe\nchain custom.ipxe\n", "custom.ipxe"),
        (b"#!ipxe\nchain custom.ipxe || goto error\n", "custom.ipxe"),
        (b"#!ipxe\nchain custom.ipxe || shell\n", "custom.ipxe"),
        (b"#!ipxe\nchain other.ipxe || chain custom.ipxe\n", "custom.ipxe"),
        (b"#!ipxe\nkernel vmlinuz || echo none\n", "vmlinuz"),
        (b"#!ipxe\nchain ${url} || echo none\n", "custom.ipxe"),
        (b"source /grub/local.conf\n", "/grub/local.conf"),
    ],
)
def test_a_name_that_is_needed(text: bytes, missing: str) -> None:
    assert not may_be_missing(*asked(text, missing))


def test_what_is_read_later_excuses_nothing() -> None:
    transfers, missing = asked(b"#!ipxe\nchain custom.ipxe ||\n", "custom.ipxe")
    *before, text, _ = transfers
    later = text._replace(first_frame=missing.first_frame + 1)
    assert not may_be_missing([*before, later, missing], missing)
    assert not may_be_missing([*before, text._replace(status=TransferStatus.STALLED), missing], missing)


@pytest.mark.parametrize(
    "text",
    [
        MENU,
        b"#!ipxe\nmenu Boot\nitem a Linux\nchoose x && goto ${x}\n",
        b"ui x\n  MENU TITLE Boot\n",
        b"submenu 'x' {\n}\n",
    ],
)
def test_a_menu_waits_without_what_it_does_not_need(text: bytes) -> None:
    assert behind_menu(*asked(text, "notes"))
    assert not behind_menu(*asked(text, "vmlinuz"))
    assert not behind_menu(*asked(text, "libcom32.c32")), "the menu may be what needs it"
    assert not behind_menu(*asked(ORDER, "notes"))


def test_menu_modules_make_menus() -> None:
    told = tell(BIOS, intel.fetch("pxelinux.0"), pxelinux.fetch("vesamenu.c32"), pxelinux.fetch("chain.c32"))
    assert [offers_choice(transfer) for transfer in told.boot.stages[-1].transfers] == [True, False]


def menu(*missing: str, text: bytes = MENU) -> Step:
    return together(LOADED, grub.fetch("/grub/grub.cfg", content=text), *(grub.missing(name) for name in missing))


def test_a_menu_that_waits_is_still_booting() -> None:
    for names in (("/grub/notes",), ("/grub/theme.txt", "/grub/background.png"), ("/grub/x86_64-efi/gfxterm.mod",)):
        assert tell(menu(*names), until=400).outcome == "in-progress"


def test_a_missing_kernel_ends_the_boot_from_a_menu() -> None:
    assert tell(menu("/vmlinuz")).outcome == "failed"


def test_without_a_menu_a_needed_name_ends_the_boot() -> None:
    assert tell(menu("/grub/notes", text=ORDER)).outcome == "failed"
