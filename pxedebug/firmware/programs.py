"""The names of who speaks and how: programs, boot methods, offer classes."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["Method", "OfferClass", "Program", "StageKind"]


class StageKind(StrEnum):
    """Which program speaks."""

    FIRMWARE = "firmware"
    IPXE = "ipxe"
    PXELINUX = "pxelinux"
    GRUB = "grub"
    U_BOOT = "u-boot"
    OS = "os"


class Method(StrEnum):
    """How firmware tries to boot."""

    PXE_V4 = "pxe-v4"
    PXE_V6 = "pxe-v6"
    HTTP_V4 = "http-v4"
    HTTP_V6 = "http-v6"


class OfferClass(StrEnum):
    """EDK2's classes of an offer (NetworkPkg/UefiPxeBcDxe/PxeBcDhcp4.h)."""

    DHCP_ONLY = "dhcp-only"
    BINL = "binl"
    PXE10 = "pxe10"
    BOOTP = "bootp"
    WFM11A = "wfm11a"


class Program(StrEnum):
    """Which make of program: what the tables of this package are indexed by."""

    INTEL_ROM = "intel-rom"
    """A PXE 2.1 option ROM on a PC BIOS, of Intel's making or like it."""
    EDK2 = "edk2"
    """UEFI's PXE base code (NetworkPkg/UefiPxeBcDxe), which vendors' UEFI carries too."""
    EDK2_HTTP = "edk2-http"
    """UEFI's HTTP boot (NetworkPkg/HttpBootDxe)."""
    IPXE = "ipxe"
    """iPXE or gPXE, as a ROM or chain-loaded."""
    PXELINUX = "pxelinux"
    """Does no DHCP of its own: known by its TFTP requests."""
    U_BOOT = "u-boot"
    RASPBERRY_PI = "raspberry-pi"
    """The boot ROM or EEPROM of a Raspberry Pi."""
    GRUB = "grub"
    WINDOWS_LOADER = "windows-loader"
    """wdsnbp, wdsmgfw, bootmgr: what WDS and ConfigMgr boot."""
    APPLE = "apple"
    """NetBoot over BSDP."""
    OS = "os"
    UNKNOWN = "unknown"
