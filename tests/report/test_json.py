from __future__ import annotations

import json
from io import BytesIO

from pxedebug.diagnose import judge
from pxedebug.report.json import write_json
from pxedebug.report.select import View, select
from tests.report import stories as make
from tests.report.hostile_names import FORBIDDEN, HOSTILE
from tests.report.schema import EVENT_VALIDATOR, json_lines


class _Counting(BytesIO):
    """Remembers the largest piece that was written at once."""

    largest = 0

    def write(self, data: bytes, /) -> int:  # type: ignore[override]
        self.largest = max(self.largest, len(data))
        return super().write(data)


def test_many_boots_are_written_in_pieces() -> None:
    out = _Counting()
    write_json(View(judge(make.story(*[make.missing_file()] * 1000))), out)
    assert len(json.loads(out.getvalue())["boots"]) == 1000
    assert out.largest < len(out.getvalue()) / 3


def test_each_boot_stands_on_a_line_of_its_own() -> None:
    out = BytesIO()
    write_json(View(judge(make.story(make.missing_file(), make.healthy()))), out)
    lines = [line for line in out.getvalue().splitlines() if line.startswith(b'{"id"')]
    boots = [json.loads(line.removesuffix(b",")) for line in lines]
    assert [boot["id"] for boot in boots] == [1, 2]


def test_jsonl_is_one_typed_object_a_line() -> None:
    lines = json_lines(make.story(make.missing_file(), others=[make.renewal()]))
    assert [line["type"] for line in lines] == ["capture", "boot", "client"]
    assert {line["schema"] for line in lines} == {"pxedebug.event/1"}
    assert lines[1]["client"]["mac"] == "52:54:00:77:00:20"
    assert lines[0]["sources"][0]["frames"] == 1204


def test_a_line_of_another_shape_is_no_event() -> None:
    boot = json_lines(make.story(make.missing_file()))[1]
    for changed in ({"type": "capture"}, {"schema": "pxedebug.report/1"}, {"type": "other"}, {"extra": 1}):
        assert not EVENT_VALIDATOR.is_valid(boot | changed)
    assert EVENT_VALIDATOR.is_valid(boot | {"type": "boot-updated"})


def test_a_terminal_may_show_the_json() -> None:
    for name in HOSTILE.values():
        out = BytesIO()
        write_json(View(judge(make.story(make.missing_file(name)))), out)
        assert not (FORBIDDEN - {"\U000e0001"}) & set(out.getvalue().decode())


def test_ids_stay_when_boots_are_chosen() -> None:
    late = make.boot(started=make.at(100), ended=make.at(110))
    out = BytesIO()
    write_json(select(judge(make.story(make.missing_file(), late)), since=make.at(50)), out)
    assert [boot["id"] for boot in json.loads(out.getvalue())["boots"]] == [2]
