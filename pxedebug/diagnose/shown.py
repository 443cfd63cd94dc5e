"""What programs show when nobody offers an address: the same words, whatever keeps the offer away."""

from __future__ import annotations

from pxedebug.diagnose.rule import EDK2, EDK2_HTTP, GRUB, INTEL, IPXE, U_BOOT, Screen

__all__ = ["NO_OFFER", "NO_OFFER_BY_PROGRAM"]

NO_OFFER_BY_PROGRAM = (
    Screen("PXE-E51: No DHCP or proxyDHCP offers were received", INTEL),
    Screen("PXE-E18: Server response timeout", EDK2),
    Screen("Could not retrieve NBP file size from HTTP server", EDK2_HTTP),
    Screen("No configuration methods succeeded (https://ipxe.org/040ee119 on BIOS, 040ee186 on UEFI)", IPXE),
    Screen("BOOTP broadcast 1 ... BOOTP broadcast 17, then Retry time exceeded; starting again", U_BOOT),
    Screen("couldn't autoconfigure", GRUB),
)
"""The words of each program that is known (catalogue, no-dhcp-offer)."""
NO_OFFER = (*NO_OFFER_BY_PROGRAM, Screen("No DHCP offer received"))
"""The same, and what any other says."""
