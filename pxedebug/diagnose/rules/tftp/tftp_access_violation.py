"""The server has the file, perhaps, and may not give it out."""

from __future__ import annotations

from collections.abc import Iterator

from pxedebug.diagnose.case import Case
from pxedebug.diagnose.finding import Confidence, Found, Severity, name
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import EDK2, INTEL, IPXE, Product, Reach, Remedy, Rule, Screen, Step, advice
from pxedebug.diagnose.tftp_facts import refusals, refused_with

__all__ = ["RULE"]


def check(case: Case, network: Network) -> Iterator[Found]:
    """ERROR 2, or any code with words that mean it: tftpd-hpa says "Permission denied" with code 0 [measured].

    A name of a search or an optional file that may not be read is as good as missing: explanation only, as is one
    after which the same program got another file.
    """
    for turn, transfer in refusals(case, "denied"):
        said = name(transfer.error_message)
        says = f"the server {transfer.server} refuses to give out {name(transfer.file)}: {said}"
        yield refused_with(turn, transfer, Confidence.CERTAIN, says)


RULE = Rule(
    id="tftp-access-violation",
    title="The TFTP server may not give out the file",
    severity=Severity.FATAL,
    step=Step.TFTP,
    check=check,
    reach=Reach.FILES,
    screens=(
        Screen("PXE-T02 or PXE-T04: Access violation, then PXE-E3C: TFTP Error - Access Violation (or PXE-E36)", INTEL),
        Screen("NBP filesize is 0 Bytes, then PXE-E23: Client received TFTP error from server", EDK2),
        Screen(
            "Error: access denied (https://ipxe.org/0212603c on BIOS, 0212608f on UEFI); with code 0 "
            "Operation not supported (3c126003, 3c126083)",
            IPXE,
        ),
        Screen("Access violation"),
    ),
    causes=(
        "the file or a folder above it is not readable for the TFTP service",
        "SELinux or AppArmor forbids it",
        "the path lies outside the TFTP root: an absolute name, `..`, or a symbolic link",
        "WDS gives out only what its ReadFilter names (`\\boot\\*`, `\\tmp\\*`)",
    ),
    remedies=(
        Remedy(Product.LINUX, "chmod -R a+rX /srv/tftp"),
        Remedy(Product.LINUX, "restorecon -R /var/lib/tftpboot", "where SELinux is enforcing"),
        Remedy(Product.TFTPD_HPA, 'TFTP_OPTIONS="--secure"', "names are then relative to the root"),
        Remedy(
            Product.DNSMASQ, "enable-tftp\ntftp-root=/srv/tftp", "without tftp-secure, unless dnsmasq owns the files"
        ),
        Remedy(Product.WDS, "HKLM\\SYSTEM\\CurrentControlSet\\Services\\WDSServer\\Providers\\WDSTFTP\\ReadFilter"),
        *advice("put the file below the TFTP root and ask for it by a relative name"),
    ),
    sources=("RFC 1350 section 5 and appendix, error code 2", "dnsmasq tftp.c (ERR_PERM)"),
)
