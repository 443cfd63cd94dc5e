from __future__ import annotations

from pxedebug.wire import linktypes
from pxedebug.wire.columns.link import has_decoder
from pxedebug.wire.linktypes import LINKTYPE_ETHERNET, SUPPORTED, link_type_name


def test_every_link_type_has_a_name() -> None:
    assert link_type_name(LINKTYPE_ETHERNET) == "Ethernet (EN10MB)"
    assert link_type_name(40000) == "LINKTYPE_40000"
    assert all(not link_type_name(value).startswith("LINKTYPE_") for value in SUPPORTED)


def test_supported_link_types_are_the_constants_and_have_decoders() -> None:
    constants = {getattr(linktypes, name) for name in linktypes.__all__ if name.startswith("LINKTYPE_")}
    assert constants == SUPPORTED
    assert all(has_decoder(value) for value in SUPPORTED)
    assert not has_decoder(147)
