"""What screens say: the codes of firmware and loaders, their meaning, and the findings that print them.

Which finding prints what stands in the rules (`Rule.screens`); the table here adds what a code means by itself, also
where nothing of it shows on the wire. EDK2's `PXE-Enn` are the low EFI status codes and do not mean what the same
number means on Intel's ROM (NetworkPkg/UefiPxeBcDxe/PxeBcImpl.c; Intel's PXE error list; ipxe.org/err).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from pxedebug.diagnose.rule import Rule

__all__ = ["SCREEN_CODES", "ScreenCode", "code_of_machine", "codes_like", "rules_on_screen"]


class ScreenCode(NamedTuple):
    """One code or message, as one kind of program means it."""

    code: str
    who: str
    meaning: str


_INTEL = "Intel's boot ROM and others of PXE 2.1"
_EDK2 = "UEFI (EDK2)"
_IPXE = "iPXE"
_WINDOWS = "Windows boot manager"

SCREEN_CODES: tuple[ScreenCode, ...] = (
    ScreenCode("PXE-E00", _INTEL, "the boot ROM could not start (E00 to E09): nothing of it shows on the wire"),
    ScreenCode("PXE-E05", _INTEL, "the network card's EEPROM checksum is wrong: nothing of it shows on the wire"),
    ScreenCode("PXE-E05", _EDK2, "the buffer is smaller than the file: it grew, or option 13 is too small"),
    ScreenCode("PXE-E07", _INTEL, "the network card's PCI configuration failed: nothing of it shows on the wire"),
    ScreenCode("PXE-E07", _EDK2, "device error: a NAK of the chosen server, an ACK that was rejected, or the driver"),
    ScreenCode("PXE-E09", _INTEL, "the UNDI driver could not start: nothing of it shows on the wire"),
    ScreenCode("PXE-E09", _EDK2, "out of resources: memory"),
    ScreenCode("PXE-E11", _INTEL, "ARP timeout: the address of the server or the router was not resolved"),
    ScreenCode("PXE-E12", _EDK2, "no media: the link stayed down for 20 s"),
    ScreenCode("PXE-E16", _EDK2, "no valid offer: offers came and none could be used, 4011 or the ACK stayed out"),
    ScreenCode("PXE-E18", _EDK2, "timeout: no offer in 60 s, or a TFTP server that does not answer"),
    ScreenCode("PXE-E20", _INTEL, "BIOS extended memory or boot integrity services (E20 to E28): not on the wire"),
    ScreenCode("PXE-E21", _EDK2, "aborted: a key, a menu item for the local disk, or a callback"),
    ScreenCode("PXE-E22", _EDK2, "an ICMP error came back while a file was asked for"),
    ScreenCode("PXE-E23", _EDK2, "an ERROR packet of the TFTP server, or an OACK that was rejected"),
    ScreenCode("PXE-E32", _INTEL, "TFTP open timeout: the server did not answer the request"),
    ScreenCode("PXE-E35", _INTEL, "TFTP read timeout: the transfer stopped"),
    ScreenCode("PXE-E36", _INTEL, "the TFTP server sent an error"),
    ScreenCode("PXE-E38", _INTEL, "the TFTP connection could not be opened"),
    ScreenCode("PXE-E39", _INTEL, "the TFTP connection could not be read"),
    ScreenCode("PXE-E3A", _INTEL, "too much data: the file does not fit what was announced"),
    ScreenCode("PXE-E3B", _INTEL, "the TFTP server has no such file"),
    ScreenCode("PXE-E3C", _INTEL, "the TFTP server denies access"),
    ScreenCode("PXE-E3F", _INTEL, "a TFTP packet has the wrong size"),
    ScreenCode("PXE-E51", _INTEL, "no DHCP or proxyDHCP offers were received"),
    ScreenCode("PXE-E52", _INTEL, "proxyDHCP offers only: no DHCP server gives an address"),
    ScreenCode("PXE-E53", _INTEL, "no boot file name was received"),
    ScreenCode("PXE-E53", _EDK2, "not found: an offer without a boot file, or an OACK without tsize"),
    ScreenCode("PXE-E55", _INTEL, "the proxyDHCP server does not answer on port 4011"),
    ScreenCode("PXE-E61", _INTEL, "media test failure: check the cable; the link is down"),
    ScreenCode("PXE-E74", _INTEL, "bad or missing PXE menu or prompt (option 43)"),
    ScreenCode("PXE-E76", _INTEL, "bad or missing multicast discovery address (43.7)"),
    ScreenCode("PXE-E77", _INTEL, "bad or missing discovery server list (43.8)"),
    ScreenCode("PXE-E78", _INTEL, "no boot server answered the discovery"),
    ScreenCode("PXE-E79", _INTEL, "the boot program is too big for free base memory"),
    ScreenCode("PXE-E7A", _INTEL, "the secure server could not be reached"),
    ScreenCode("PXE-E7B", _INTEL, "missing MTFTP server address"),
    ScreenCode("PXE-E99", _EDK2, "anything else: ICMP port unreachable, an empty file, DATA instead of an OACK"),
    ScreenCode("PXE-EA0", _INTEL, "cancelled by a key"),
    ScreenCode("PXE-M0F", _INTEL, "the boot ROM leaves; the code before it says why"),
    ScreenCode("PXE-T00", _INTEL, "Tnn repeats the number and text of the TFTP ERROR packet"),
    ScreenCode("040ee119", _IPXE, "no configuration method succeeded (BIOS)"),
    ScreenCode("040ee186", _IPXE, "no configuration method succeeded (UEFI)"),
    ScreenCode("38086101", _IPXE, "the link is down (BIOS)"),
    ScreenCode("38086193", _IPXE, "the link is down (UEFI)"),
    ScreenCode("4c106035", _IPXE, "DHCP or boot server discovery timed out (BIOS)"),
    ScreenCode("4c106092", _IPXE, "DHCP or boot server discovery timed out (UEFI)"),
    ScreenCode("2d03e13b", _IPXE, "nothing to boot (BIOS)"),
    ScreenCode("2d03e18e", _IPXE, "nothing to boot (UEFI)"),
    ScreenCode("2d12613b", _IPXE, "TFTP: no such file (BIOS; older builds 2d12603b)"),
    ScreenCode("2d12618e", _IPXE, "TFTP: no such file (UEFI; older builds 2d12608e)"),
    ScreenCode("2d12603b", _IPXE, "TFTP: no such file (BIOS, older builds)"),
    ScreenCode("2d12608e", _IPXE, "TFTP: no such file (UEFI, older builds)"),
    ScreenCode("0212603c", _IPXE, "TFTP: access denied (BIOS)"),
    ScreenCode("0212608f", _IPXE, "TFTP: access denied (UEFI)"),
    ScreenCode("3d126001", _IPXE, "TFTP: illegal operation (BIOS)"),
    ScreenCode("3d126083", _IPXE, "TFTP: illegal operation (UEFI)"),
    ScreenCode("3c126003", _IPXE, "TFTP: another error of the server (BIOS)"),
    ScreenCode("3c126083", _IPXE, "TFTP: another error of the server (UEFI)"),
    ScreenCode("4c126035", _IPXE, "TFTP timed out (BIOS)"),
    ScreenCode("4c126092", _IPXE, "TFTP timed out (UEFI)"),
    ScreenCode("28056011", _IPXE, "network unreachable: no route (BIOS)"),
    ScreenCode("28056090", _IPXE, "network unreachable: no route (UEFI)"),
    ScreenCode("2e008001", _IPXE, "exec format error: the file is no program for this machine (BIOS)"),
    ScreenCode("2e008081", _IPXE, "exec format error: the file is no program for this machine (UEFI)"),
    ScreenCode("7f048183", _IPXE, "UEFI could not load the image: unsupported"),
    ScreenCode("7f048283", _IPXE, "UEFI could not start the image: unsupported"),
    ScreenCode("7f04818f", _IPXE, "UEFI may not load the image: access denied (Secure Boot)"),
    ScreenCode("7f04819a", _IPXE, "UEFI may not load the image: security violation (Secure Boot)"),
    ScreenCode("2d0c613b", _IPXE, "HTTP 404 (BIOS)"),
    ScreenCode("2d0c618e", _IPXE, "HTTP 404 (UEFI)"),
    ScreenCode("020c613c", _IPXE, "HTTP 401 (BIOS)"),
    ScreenCode("020c618f", _IPXE, "HTTP 401 (UEFI)"),
    ScreenCode("410c613c", _IPXE, "HTTP 403 (BIOS)"),
    ScreenCode("410c618f", _IPXE, "HTTP 403 (UEFI)"),
    ScreenCode("1d0c6439", _IPXE, "HTTP: another 4xx status (BIOS)"),
    ScreenCode("1d0c6498", _IPXE, "HTTP: another 4xx status (UEFI)"),
    ScreenCode("1d0c6539", _IPXE, "HTTP: a 5xx status (BIOS)"),
    ScreenCode("1d0c6598", _IPXE, "HTTP: a 5xx status (UEFI)"),
    ScreenCode("1d0c6239", _IPXE, "HTTP: content length mismatch (BIOS)"),
    ScreenCode("1d0c6298", _IPXE, "HTTP: content length mismatch (UEFI)"),
    ScreenCode("4c0a6035", _IPXE, "TCP timed out (BIOS)"),
    ScreenCode("4c0a6092", _IPXE, "TCP timed out (UEFI)"),
    ScreenCode("0f0a6039", _IPXE, "TCP reset or refused (BIOS)"),
    ScreenCode("0f0a6095", _IPXE, "TCP reset or refused (UEFI)"),
    ScreenCode("3e11613b", _IPXE, "DNS: the name does not exist (BIOS)"),
    ScreenCode("3e11618e", _IPXE, "DNS: the name does not exist (UEFI)"),
    ScreenCode("3e11623b", _IPXE, "DNS: no server is configured (BIOS)"),
    ScreenCode("3e11628e", _IPXE, "DNS: no server is configured (UEFI)"),
    ScreenCode("4c116035", _IPXE, "DNS timed out (BIOS)"),
    ScreenCode("4c116092", _IPXE, "DNS timed out (UEFI)"),
    ScreenCode("0216eb3c", _IPXE, "TLS: no usable certificate (BIOS)"),
    ScreenCode("0216eb8f", _IPXE, "TLS: no usable certificate (UEFI)"),
    ScreenCode("0216e63c", _IPXE, "TLS: untrusted root certificate (BIOS)"),
    ScreenCode("0216e68f", _IPXE, "TLS: untrusted root certificate (UEFI)"),
    ScreenCode("0216e43c", _IPXE, "TLS: certificate expired or not yet valid, or the clock is wrong (BIOS)"),
    ScreenCode("0216e48f", _IPXE, "TLS: certificate expired or not yet valid, or the clock is wrong (UEFI)"),
    ScreenCode("3c092003", _IPXE, "the URI's scheme is not compiled in (BIOS)"),
    ScreenCode("3c092083", _IPXE, "the URI's scheme is not compiled in (UEFI)"),
    ScreenCode("0xc0000001", _WINDOWS, "a required device cannot be accessed: the transfer of the image failed"),
    ScreenCode("0xc000000f", _WINDOWS, "the boot configuration data (BCD) is missing"),
    ScreenCode("0xc0000098", _WINDOWS, "the boot configuration data has no entry for this machine"),
    ScreenCode("0xc0000225", _WINDOWS, "an object that the boot needs is missing"),
    ScreenCode("0xc0000428", _WINDOWS, "the signature of a boot file is not accepted"),
    ScreenCode("0xc0000017", _WINDOWS, "not enough memory for the image"),
)

_LINK = re.compile(r"^(?:https?://)?(?:www\.)?ipxe\.org/(?:err/)?", re.IGNORECASE)
_SHORT_PXE = re.compile(r"^(?:pxe[- ]?)?([emt][0-9a-f]{2})$", re.IGNORECASE)
_HEX = re.compile(r"^0x([0-9a-f]{8})$")
_MANY_SPACES = re.compile(r"\s+")
_SHORTEST_WORDS = 5


_EITHER = re.compile(r"(?P<bios>\b[0-9a-f]{8}) on BIOS, (?:https://ipxe\.org/)?(?P<uefi>[0-9a-f]{8}) on UEFI\b")


def code_of_machine(text: str, *, uefi: bool) -> str:
    """A screen's text with the code that this kind of machine shows, where it differs between BIOS and UEFI."""
    return _EITHER.sub(lambda match: match["uefi" if uefi else "bios"], text)


def codes_like(query: str) -> list[ScreenCode]:
    """The entries of `SCREEN_CODES` for what somebody typed off a screen: `PXE-E18`, `e18`, an ipxe.org link."""
    wanted = _plain(query)
    return [entry for entry in SCREEN_CODES if wanted in (entry.code.lower(), entry.code.lower().removeprefix("0x"))]


def rules_on_screen(query: str, rules: Iterable[Rule]) -> list[Rule]:
    """The rules whose finding prints this: a code, or words of a message (five letters at least)."""
    wanted = _plain(query)
    coded = bool(codes_like(query))
    if not coded and len(wanted) < _SHORTEST_WORDS:
        return []
    code = re.compile(rf"(?<![0-9a-z])(?:0x)?{re.escape(wanted)}(?![0-9a-z])")
    return [
        rule
        for rule in rules
        if any(
            code.search(text) if coded else wanted in text
            for text in (_MANY_SPACES.sub(" ", screen.text).lower() for screen in rule.screens)
        )
    ]


def _plain(query: str) -> str:
    """Lower case, without a link's address, and with the prefix that people leave out."""
    text = _MANY_SPACES.sub(" ", _LINK.sub("", query.strip())).rstrip(":.").lower()
    short = _SHORT_PXE.match(text)
    return f"pxe-{short[1]}" if short else _HEX.sub(r"\1", text)
