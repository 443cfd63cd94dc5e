from __future__ import annotations

import msgspec
import pytest

from pxedebug.diagnose import judge
from pxedebug.firmware.programs import OfferClass
from pxedebug.report.build import build_report
from pxedebug.report.select import View
from pxedebug.track.story import TransferStatus
from pxedebug.wire.batch import frame_ref
from tests.report import stories as make
from tests.report.hostile_names import HOSTILE
from tests.report.schema import VALIDATOR, json_report


def test_a_missing_file_as_the_contract_has_it() -> None:
    boot = json_report(make.story(make.missing_file()))["boots"][0]
    assert boot["id"] == 1
    assert boot["outcome"] == "failed"
    assert boot["client"] == {
        "mac": "52:54:00:77:00:20",
        "vendor": "QEMU/KVM virtual",
        "uuid": "03020100-0504-0706-0809-0a0b0c0d0e0f",
        "architectures": [7],
        "architecture_name": "x64 UEFI",
        "vendor_class": "PXEClient:Arch:00007:UNDI:003001",
        "user_class": None,
        "addresses": ["10.77.0.131"],
        "relay": None,
        "vlans": [],
    }
    stage = boot["stages"][0]
    assert (stage["kind"], stage["method"]) == ("firmware", "pxe-v4")
    assert stage["boot"] == {
        "server": "10.77.0.1",
        "file": "grubx64.efi",
        "file_raw": b"grubx64.efi".hex(),
        "source_frame": 15,
    }
    exchange = stage["exchanges"][0]
    assert exchange["xid"] == "0xfb56ca37"
    assert exchange["messages"][1] == {
        "frame": 13,
        "time": 3_005_000_000,
        "type": "OFFER",
        "source": "10.77.0.1",
        "destination": "255.255.255.255",
        "source_port": 67,
        "copy_of": None,
    }
    assert exchange["offers"][0]["class"] == "dhcp-only"
    transfer = stage["transfers"][0]
    assert (transfer["status"], transfer["error_code"]) == ("refused", 1)
    assert transfer["error_message"] == "file not found"


def test_times_count_from_the_first_frame() -> None:
    report = json_report(make.story(make.missing_file()))
    assert report["capture"]["first_time"] == "2026-11-21T10:22:33.000000000Z"
    assert report["capture"]["duration"] == 63_200_000_000
    assert report["boots"][0]["started"] == 0
    assert report["boots"][0]["ended"] == 10_000_000_000


def test_a_capture_without_frames() -> None:
    empty = make.source(frames=0, bytes=0, link_types=(), first_time=None, last_time=None)
    report = json_report(make.story(sources=(empty,), first_time=None, last_time=None))
    assert report["capture"]["first_time"] is None
    assert report["capture"]["duration"] is None
    assert report["boots"] == []


def test_block_fields_of_http_are_null() -> None:
    fetched = make.transfer(b"http://10.77.0.1/ipxe.efi", protocol="http", blocks=0, block_size=None)
    transfer = json_report(make.story(make.boot(make.stage([], [fetched]))))["boots"][0]["stages"][0]["transfers"][0]
    blocks = ("blocks", "block_size", "window_size", "retransmissions", "missing_blocks")
    assert [transfer[key] for key in blocks] == [None] * 5


def test_a_client_without_an_address_and_a_transfer_without_a_name() -> None:
    unnamed = make.boot(make.stage([], [make.transfer(None)], file=None), client=make.client(mac=b"", uuid=None))
    boot = json_report(make.story(unnamed))["boots"][0]
    assert boot["client"]["mac"] is None
    assert boot["client"]["uuid"] is None
    assert boot["stages"][0]["boot"] is None
    assert boot["stages"][0]["transfers"][0]["file_raw"] is None


def test_frames_of_several_sources_name_their_file() -> None:
    first, second = make.message("DISCOVER", 6, 0.0), make.message("DISCOVER", frame_ref(1, 9), 0.001, copy_of=6)
    stage = make.stage([make.exchange(first, second)], [make.refused(frame=frame_ref(1, 18))])
    story = make.story(make.boot(stage), sources=(make.source("a"), make.source("b")))
    found = json_report(story)["boots"][0]["stages"][0]
    one, two = found["exchanges"][0]["messages"]
    assert (one["frame"], one["frame_source"], one["copy_of"]) == (6, 0, None)
    assert (two["frame"], two["frame_source"], two["copy_of"], two["copy_source"]) == (9, 1, 6, 0)
    assert "copy_source" not in one
    assert (found["transfers"][0]["first_frame"], found["transfers"][0]["source"]) == (18, 1)


@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE)
def test_hostile_names_keep_their_bytes(name: bytes) -> None:
    refused = make.refused(name, error_message=name)
    boot = make.missing_file()._replace(stages=(make.stage([make.dora(name or None)], [refused], file=name),))
    client = make.client(vendor_class=name, user_class=name)
    sources = (make.source(name.decode("utf-8", "surrogateescape")),)
    report = json_report(make.story(boot._replace(client=client), sources=sources))
    transfer = report["boots"][0]["stages"][0]["transfers"][0]
    assert bytes.fromhex(transfer["file_raw"]) == name


def test_secrets_are_masked_unless_asked_for() -> None:
    url = b"http://root:hunter2@10.77.0.1/boot.ipxe?token=tok3n"
    offered = make.message("OFFER", 7, 0.1, options=[(67, url)])
    fetched = make.transfer(url, protocol="http", error_message=url)
    stage = make.stage([make.exchange(offered, offers=[make.offer(offered, url)])], [fetched], file=url)
    story = make.story(make.boot(stage, client=make.client(vendor_class=url, user_class=url)))
    for secret in (b"hunter2", b"tok3n"):
        assert secret.decode() not in str(json_report(story))
        assert secret.hex() not in str(json_report(story))
        assert secret.decode() in str(json_report(story, show_secrets=True))


def test_the_python_report_is_the_json_report() -> None:
    story = make.story(make.missing_file(), make.healthy(), others=[make.renewal()], warnings=(make.warning(),))
    built = msgspec.to_builtins(build_report(View(judge(story))))
    VALIDATOR.validate(msgspec.json.decode(msgspec.json.encode(built)))
    assert msgspec.json.decode(msgspec.json.encode(built)) == json_report(story)


def test_every_status_class_and_kind_is_in_the_schema() -> None:
    transfers = [make.transfer(status=status) for status in TransferStatus]
    told = make.message("OFFER", 7, 0.1)
    offers = [make.offer(told, offer_class=kind) for kind in OfferClass]
    json_report(make.story(make.boot(make.stage([make.exchange(told, offers=offers)], transfers))))
