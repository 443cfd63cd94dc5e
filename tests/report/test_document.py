from __future__ import annotations

import json
from importlib import resources
from typing import Any

import msgspec
import pytest

from pxedebug.firmware.programs import Method, OfferClass, StageKind
from pxedebug.report import document
from pxedebug.track.story import Outcome, TransferStatus

SCHEMA: dict[str, Any] = json.loads(
    resources.files("pxedebug.report").joinpath("schema/report-1.schema.json").read_text(encoding="utf-8")
)
CLASSES = [getattr(document, name) for name in document.__all__ if name != "SCHEMA"]


def definition(name: str) -> dict[str, Any]:
    found: dict[str, Any] = SCHEMA if name == "Report" else SCHEMA["$defs"][name]
    return found


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
def test_schema_and_class_have_the_same_keys_in_the_same_order(cls: type[msgspec.Struct]) -> None:
    fields = msgspec.structs.fields(cls)
    found = definition(cls.__name__)
    assert list(found["properties"]) == [field.encode_name for field in fields]
    always = [field.encode_name for field in fields if field.default is not msgspec.UNSET]
    assert found["required"] == always
    assert found["additionalProperties"] is False


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
def test_schema_and_class_agree_on_null(cls: type[msgspec.Struct]) -> None:
    generated = msgspec.json.schema(cls)
    own = generated["$defs"][cls.__name__]["properties"]
    for name, found in definition(cls.__name__)["properties"].items():
        assert nullable(found) == nullable(own[name]), name


def nullable(schema: dict[str, Any]) -> bool:
    kinds = schema.get("type", [])
    return (
        kinds == "null"
        or (isinstance(kinds, list) and "null" in kinds)
        or None in schema.get("enum", ())
        or any(nullable(part) for part in schema.get("anyOf", ()))
    )


@pytest.mark.parametrize(
    ("name", "key", "values"),
    [("Boot", "outcome", Outcome), ("Transfer", "status", TransferStatus), ("Stage", "kind", StageKind),
     ("Stage", "method", Method), ("Offer", "class", OfferClass)],
)  # fmt: skip
def test_schema_lists_every_value_of_an_enumeration(name: str, key: str, values: type) -> None:
    assert set(definition(name)["properties"][key]["enum"]) - {None} == {member.value for member in values}  # type: ignore[attr-defined]


def test_documents_are_frozen() -> None:
    durations = document.Durations(1, 2, 3, 4, 5)
    with pytest.raises(AttributeError):
        durations.dhcp = 9  # type: ignore[misc]
