"""Client and server do not agree on TLS (RFC 8446 section 6, RFC 5246 section 7.2)."""

from __future__ import annotations

from collections.abc import Iterator

from pxedebug.diagnose.case import Case, Turn
from pxedebug.diagnose.facts import quiet_after
from pxedebug.diagnose.finding import Confidence, Evidence, Found, Severity, cite, name
from pxedebug.diagnose.network import Network
from pxedebug.diagnose.rule import EDK2_HTTP, IPXE, Product, Reach, Remedy, Rule, Screen, Step, advice
from pxedebug.diagnose.web import named_by, values, web_transfers
from pxedebug.track.clocks import SILENCE
from pxedebug.track.story import HttpFacts, TlsFacts, Transfer
from pxedebug.wire.tls import ALERT_NAMES

__all__ = ["RULE"]

_AUTHORITY, _CLOCK, _CIPHERS, _CHAIN, _NAME = (
    "the client does not trust the authority that signed the server's certificate (a private CA was not enrolled)",
    "the machine's clock is wrong, or the certificate has expired",
    "they share no TLS version or cipher: the server wants TLS 1.3 or ECDSA, and the firmware is older",
    "the server's certificate chain is incomplete, or the client cannot fetch what completes it",
    "the URL's host is an address or a name that the certificate or the server does not know",
)
_BY_ALERT: dict[int, tuple[str, ...]] = {
    40: (_CIPHERS, _NAME), 70: (_CIPHERS,), 71: (_CIPHERS,), 86: (_CIPHERS,), 45: (_CLOCK,), 112: (_NAME, _AUTHORITY),
    48: (_AUTHORITY, _CHAIN),
}  # fmt: skip
"""What each alert's description narrows it down to."""
_VERSIONS = {0x0301: "TLS 1.0", 0x0302: "TLS 1.1", 0x0303: "TLS 1.2", 0x0304: "TLS 1.3"}


def check(case: Case, network: Network) -> Iterator[Found]:
    """A fatal alert in clear, or an end before any application data; the last attempt of a stage counts."""
    for turn in case.turns:
        attempts = list(web_transfers(turn))
        if not attempts or turn.went_on(attempts[-1][0].started):
            continue
        transfer, http = attempts[-1]
        tls = http.tls
        if tls is None or tls.hello is None or http.first_down.startswith(b"HTTP/"):
            continue
        found = _broken_off(transfer, http, tls) or _unanswered(case, turn, transfer, http)
        if found is None:
            continue
        confidence, says, evidence = found
        evidence += cite(tls.hello, "ClientHello")
        if tls.answer is not None and tls.answer != tls.alert:
            evidence += cite(tls.answer, "the server's first record")
        yield Found(
            turn,
            confidence,
            says,
            evidence + named_by(turn, transfer),
            more=_offered(tls),
            server=transfer.server,
            values=values(transfer),
            causes=_causes(tls),
        )


def _broken_off(
    transfer: Transfer, http: HttpFacts, tls: TlsFacts
) -> tuple[Confidence, str, tuple[Evidence, ...]] | None:
    """How sure it is, what happened, and the frame that says so; None while nothing is wrong."""
    server = f"{transfer.server} (TCP port {transfer.server_port})"
    if tls.alert is not None and tls.alert_code is not None:
        alert = ALERT_NAMES.get(tls.alert_code, f"alert {tls.alert_code}")
        who = f"the client refuses TLS with {server}" if tls.alert_by_client else f"the server {server} refuses TLS"
        return Confidence.CERTAIN, f"{who}: {alert} ({tls.alert_code})", cite(tls.alert, f"TLS alert {alert}")
    if tls.established or http.closed is None:
        return None
    if tls.answer is None and http.closed_by_client:
        return (
            Confidence.STRONG,
            f"the server {server} did not answer the ClientHello",
            cite(http.closed, "the client leaves"),
        )
    who = "the client" if http.closed_by_client else f"the server {server}"
    what = "RST" if http.reset else "FIN"
    after = "after the server's part" if tls.answer is not None else "after the ClientHello"
    says = f"{who} ended the TLS handshake {after} without saying why"
    if http.closed_by_client:
        says += f" (server {server})"
    return Confidence.STRONG, says, cite(http.closed, what)


def _unanswered(
    case: Case, turn: Turn, transfer: Transfer, http: HttpFacts
) -> tuple[Confidence, str, tuple[Evidence, ...]] | None:
    """The server took the connection and says nothing to the ClientHello."""
    silent = http.accepted is not None and http.first_down_frame is None and http.closed is None
    if not silent or quiet_after(turn, transfer) < SILENCE:
        return None
    says = f"the server {transfer.server} (TCP port {transfer.server_port}) did not answer the ClientHello"
    return Confidence.STRONG, says, cite(transfer.last_frame, "the last packet of the connection")


def _offered(tls: TlsFacts) -> str:
    said = [f"at most {_VERSIONS[tls.version]}"] if tls.version in _VERSIONS else []
    said.append(f"the name {name(tls.server_name)}" if tls.server_name else "no server name")
    return f"The client offered {' and '.join(said)}."


def _causes(tls: TlsFacts) -> tuple[str, ...] | None:
    """The list of the rule with the likelier ones first."""
    first = _BY_ALERT.get(tls.alert_code if tls.alert_code is not None else -1)
    if first is None and tls.alert_code is None and tls.answer is None:
        first = (_CIPHERS, _NAME)  # the server ended it before it showed a certificate
    return None if first is None else (*first, *(cause for cause in RULE.causes if cause not in first))


RULE = Rule(
    id="https-handshake-failed",
    title="The TLS handshake failed",
    severity=Severity.FATAL,
    step=Step.HTTP,
    check=check,
    reach=Reach.FILES,
    screens=(
        Screen("TLS session connection failed, or Error: Could not retrieve NBP file size from HTTP server", EDK2_HTTP),
        Screen("Permission denied (no usable certificate: https://ipxe.org/0216eb3c, 0216eb8f on UEFI)", IPXE),
        Screen("Permission denied (expired or not yet valid: https://ipxe.org/0216e43c, 0216e48f on UEFI)", IPXE),
        Screen("Permission denied (untrusted root: https://ipxe.org/0216e63c, 0216e68f on UEFI)", IPXE),
        Screen("Permission denied (wrong name: https://ipxe.org/0216ea3c, 0216ea8f on UEFI)", IPXE),
        Screen("Operation not permitted (https://ipxe.org/410de...)", IPXE),
    ),
    causes=(_AUTHORITY, _CLOCK, _CIPHERS, _CHAIN, _NAME),
    remedies=(
        *advice(
            "enrol the CA's certificate in the firmware's setup (TLS authentication), or use one that it trusts",
            "set the machine's clock",
            "serve TLS 1.2 with RSA and ECDHE-AES ciphers and the whole certificate chain",
        ),
        Remedy(Product.IPXE, "make bin-x86_64-efi/ipxe.efi CERT=ca.pem TRUST=ca.pem"),
        Remedy(Product.IPXE, "ntp pool.ntp.org", "in the script, before the first https URL"),
        Remedy(Product.IPXE, "set crosscert http://$server/crosscert", "where ca.ipxe.org cannot be reached"),
    ),
    sources=("RFC 8446 section 6", "RFC 5246 section 7.2", "iPXE net/tls.c and crypto/x509.c", "EDK2 TlsAuthConfigDxe"),
    next_measurement="try from another machine: openssl s_client -connect HOST:443 -servername HOST -showcerts",
)
