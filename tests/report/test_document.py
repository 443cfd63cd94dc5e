from __future__ import annotations

import json
from importlib import resources
from typing import Any

import msgspec
import pytest

from pxedebug.firmware.programs import Method, OfferClass, StageKind
from pxedebug.report import document
from pxedebug.report.json import EVENT_SCHEMA
from pxedebug.track.story import Outcome, TransferStatus


def shipped(name: str) -> dict[str, Any]:
    """A schema as it lies in the package."""
    path = resources.files("pxedebug.report").joinpath(f"schema/{name}.schema.json")
    schema: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return schema


SCHEMA = shipped("report-1")
EVENTS = {
    "capture": "Capture",
    "boot": "Boot",
    "boot-updated": "Boot",
    "finding": "NetworkFinding",
    "client": "OtherClient",
}
"""Types of the lines of JSON to the objects that they carry."""
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


def test_an_event_is_an_object_of_the_report_with_its_type() -> None:
    """The two schemas are self-contained, so that one file validates a line; their definitions stay the same."""
    schema = shipped("event-1")
    events = [part["$ref"].removeprefix("#/$defs/") for part in schema["oneOf"]]
    found = {schema["$defs"][name]["properties"]["type"]["const"]: schema["$defs"][name] for name in events}
    assert found.keys() == EVENTS.keys()
    for kind, name in EVENTS.items():
        own = {"type": {"const": kind}, "schema": {"const": EVENT_SCHEMA}}
        assert found[kind]["properties"] == own | SCHEMA["$defs"][name]["properties"]
        assert found[kind]["required"] == ["type", "schema", *SCHEMA["$defs"][name]["required"]]
        assert found[kind]["additionalProperties"] is False
    shared = {name: part for name, part in schema["$defs"].items() if name not in events}
    assert shared == {name: part for name, part in SCHEMA["$defs"].items() if name not in EVENTS.values()}


def test_documents_are_frozen() -> None:
    durations = document.Durations(1, 2, 3, 4, 5)
    with pytest.raises(AttributeError):
        durations.dhcp = 9  # type: ignore[misc]
