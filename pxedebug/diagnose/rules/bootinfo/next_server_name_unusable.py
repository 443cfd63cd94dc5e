"""The boot server is given as a host name only, where the client wants an address.

Firmware reads siaddr and resolves no names; option 66 is read by none of the programs that pxedebug knows. With siaddr
set the name means nothing and is no fault (dnsmasq fills it with any text [measured]).
"""

from __future__ import annotations

from collections.abc import Iterator

from pxedebug.diagnose.boot_info import asked_in_vain, option_addresses, option_text, plain_address, unset_server
from pxedebug.diagnose.case import Case, dhcp_of
from pxedebug.diagnose.finding import Confidence, Found, Severity, cite, cite_each, name
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import EDK2, INTEL, IPXE, U_BOOT, Product, Reach, Remedy, Rule, Screen, Step, advice
from pxedebug.track.story import TransferStatus

__all__ = ["RULE"]


def check(case: Case, network: Network) -> Iterator[Found]:
    """siaddr 0.0.0.0, and a host name in option 66 (a name in `sname` alone may be the DHCP server's own)."""
    turn = case.last
    message = unset_server(turn)
    if message is None or turn.boot is None or turn.whole():
        return
    dhcp = dhcp_of(message)
    named = option_text(dhcp, 66)
    if not named or plain_address(named) is not None or option_addresses(dhcp, 150):
        return
    refused = any(transfer.status is TransferStatus.REFUSED for transfer in turn.transfers)
    if not refused and asked_in_vain(case, turn, network) is None:
        return
    more = ""
    if turn.boot.server is not None:
        more = f"The client falls back on the DHCP server's own address {turn.boot.server}."
    evidence = cite(message, "siaddr is 0.0.0.0, option 66 is a host name")
    evidence += cite_each([transfer.first_frame for transfer in turn.transfers], "what the client asked for", 3)
    yield Found(
        turn,
        Confidence.CERTAIN,
        f"the boot server is named only as the host {name(named)}, and the client needs an address (next-server)",
        evidence,
        more,
        server=message.packet.source,
    )


RULE = Rule(
    id="next-server-name-unusable",
    title="The boot server is given as a name that the client cannot resolve",
    severity=Severity.ERROR,
    step=Step.DHCP,
    check=check,
    reach=Reach.ADDRESSED | Reach.FETCHING,
    screens=(
        Screen("PXE-E32: TFTP open timeout", INTEL),
        Screen("PXE-E18: Server response timeout, or PXE-E23: Client received TFTP error from server", EDK2),
        Screen("Operation not supported, or a timeout", IPXE),
        Screen("*** ERROR: `serverip' not set", U_BOOT),
    ),
    causes=(
        'a host name was typed into option 66 ("Boot Server Host Name"), and the server copies nothing to siaddr',
        "a server name left over in the header field `sname`",
    ),
    remedies=(
        Remedy(Product.DNSMASQ, "dhcp-boot=$file,,$server"),
        Remedy(Product.KEA, '"next-server": "$server"'),
        Remedy(Product.ISC_DHCPD, "next-server $server;"),
        Remedy(Product.WINDOWS_DHCP, "Set-DhcpServerv4OptionValue -ScopeId $subnet -OptionId 66 -Value $server"),
        *advice("keep option 66 equal to the address"),
    ),
    sources=("RFC 2131 section 2 (siaddr)", "RFC 2132 section 9.4", "EDK2 NetworkPkg/UefiPxeBcDxe (66 is never read)"),
)
