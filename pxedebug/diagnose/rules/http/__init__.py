"""Rules about HTTP (catalogue F)."""

from __future__ import annotations

from pxedebug.diagnose.rule import Rule
from pxedebug.diagnose.rules.http import (
    http_404,
    http_connect_refused,
    http_connect_timeout,
    http_content_not_bootable,
    http_denied,
    http_dns_failure,
    http_offer_without_httpclient,
    http_range_unsupported,
    http_redirect_not_followed,
    http_server_error,
    http_slow_transfer,
    http_tls_in_plain,
    http_transfer_stalled,
    http_uri_rejected,
    https_handshake_failed,
)

__all__ = ["RULES"]

RULES: tuple[Rule, ...] = (
    http_dns_failure.RULE,
    http_connect_refused.RULE,
    http_connect_timeout.RULE,
    http_404.RULE,
    http_denied.RULE,
    http_server_error.RULE,
    http_redirect_not_followed.RULE,
    http_tls_in_plain.RULE,
    https_handshake_failed.RULE,
    http_transfer_stalled.RULE,
    http_offer_without_httpclient.RULE,
    http_uri_rejected.RULE,
    http_content_not_bootable.RULE,
    http_range_unsupported.RULE,
    http_slow_transfer.RULE,
)
"""In the catalogue's order."""
