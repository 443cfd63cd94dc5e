from __future__ import annotations

from pxedebug.diagnose import judge
from pxedebug.report.select import View, select
from tests.report import stories as make

OTHER = bytes.fromhex("d050994e0557")
STORY = make.story(
    make.missing_file(),
    make.boot(started=make.at(20), ended=make.at(30), client=make.client(mac=OTHER)),
    others=[make.renewal()],
)
JUDGED = judge(STORY)


def ids(view: View) -> list[int]:
    return [judged.number for judged in view.boots()]


def test_one_client() -> None:
    view = select(JUDGED, client=OTHER)
    assert ids(view) == [2]
    assert len(list(view.others())) == 1
    assert not list(select(JUDGED, client=make.MAC).others())


def test_boots_going_on_in_a_span() -> None:
    assert ids(select(JUDGED, since=make.at(10))) == [1, 2]
    assert ids(select(JUDGED, since=make.at(10.5))) == [2]
    assert ids(select(JUDGED, until=make.at(19.9))) == [1]
    assert ids(select(JUDGED, since=make.at(12), until=make.at(15))) == []


def test_other_clients_have_the_times_of_their_frames() -> None:
    assert list(select(JUDGED, since=make.at(20), until=make.at(20)).others())
    assert not list(select(JUDGED, since=make.at(21)).others())
    silent = make.renewal()._replace(exchanges=())
    assert not list(select(judge(make.story(others=[silent])), since=make.at(1)).others())


def test_everything_by_default() -> None:
    assert ids(select(JUDGED)) == [1, 2]
