from __future__ import annotations

from pxedebug.wire.dhcpv6.registry import message_type, option_name


def test_names_and_numbers() -> None:
    assert (message_type(1), message_type(13), message_type(250)) == ("SOLICIT", "RELAY-REPL", "TYPE-250")
    assert (option_name(59), option_name(60000)) == ("Boot File URL", "Option 60000")
