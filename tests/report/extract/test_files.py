"""Transferred files, byte for byte, with what is missing named."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from pxedebug.capture import open_captures
from pxedebug.diagnose import judge
from pxedebug.errors import CaptureError
from pxedebug.report.context import Context
from pxedebug.report.extract import extract_files, wanted_transfers
from pxedebug.report.extract.handles import Handles
from tests.golden import CAPTURES
from tests.track.conversation import Told, batches, tell, together
from tests.track.machines import tftp_reply
from tests.track.programs import dnsmasq, edk2, edk2_http
from tests.track.scene import Scene, Step

BEGUN = together(edk2.discover(at=0), dnsmasq.offer(file="boot.efi"), edk2.request(at=3.9), dnsmasq.ack())


def data(block: int, content: bytes) -> Step:
    return tftp_reply(b"\0\3" + block.to_bytes(2, "big") + content)


def extracted(told: Told, folder: Path, handles: Handles | None = None) -> list[dict[str, Any]]:
    boots = judge(told.story).boots()
    wanted = wanted_transfers(boots, told.story.others)
    extract_files(batches(told.wires), wanted, folder, ["told"], Context.of(told.story), handles)
    document: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return list(document["files"])


def test_a_transfer_is_written_byte_for_byte(tmp_path: Path) -> None:
    told = tell(
        BEGUN, edk2.rrq("boot.efi"), data(1, b"a" * 512), edk2.acknowledge(1), data(2, b"end"), edk2.acknowledge(2)
    )
    (file,) = extracted(told, tmp_path / "out")
    content = (tmp_path / "out" / "boot.efi").read_bytes()
    assert content == b"a" * 512 + b"end"
    assert (file["size"], file["captured"], file["complete"], file["holes"]) == (515, 515, True, [])
    assert file["sha256"] == hashlib.sha256(content).hexdigest()
    assert (file["boot"], file["client"], file["name"]) == (1, "52:54:00:77:00:20", "boot.efi")


def test_what_was_not_captured_is_a_hole(tmp_path: Path) -> None:
    told = tell(
        BEGUN, edk2.rrq("boot.efi"), data(1, b"a" * 512), edk2.acknowledge(1), edk2.acknowledge(2), data(3, b"c" * 512),
        edk2.acknowledge(3),
    )  # fmt: skip
    (file,) = extracted(told, tmp_path / "out")
    assert (file["size"], file["captured"], file["complete"]) == (1536, 1024, False)
    assert file["holes"] == [[512, 512]]
    assert (tmp_path / "out" / "boot.efi").read_bytes() == b"a" * 512 + bytes(512) + b"c" * 512


def test_blocks_that_come_again_or_out_of_order_change_nothing(tmp_path: Path) -> None:
    told = tell(
        BEGUN, edk2.rrq("boot.efi"), data(1, b"a" * 512), edk2.acknowledge(1), data(2, b"b" * 512), data(1, b"X" * 512),
        edk2.acknowledge(2), data(3, b"end"), edk2.acknowledge(3),
    )  # fmt: skip
    extracted(told, tmp_path / "out")
    assert (tmp_path / "out" / "boot.efi").read_bytes() == b"a" * 512 + b"b" * 512 + b"end"


def test_a_body_over_http(tmp_path: Path) -> None:
    url = "http://10.77.0.1/boot.efi"
    told = tell(
        edk2_http.discover(at=0), dnsmasq.offer(file=url, options=[(60, b"HTTPClient")]), edk2_http.request(at=4),
        dnsmasq.ack(options=[(60, b"HTTPClient")]), edk2_http.http_get("/boot.efi", body=b"MZ" * 400),
    )  # fmt: skip
    (file,) = extracted(told, tmp_path / "out")
    assert (tmp_path / "out" / "boot.efi").read_bytes() == b"MZ" * 400
    assert (file["protocol"], file["complete"]) == ("http", True)


def forged_blocks(count: int) -> Step:
    """DATA whose numbers leap by half of what 16 bits hold, again and again."""
    return together(*(data((1 + 32767 * leap) % 65536, b"X" * 512) for leap in range(1, count + 1)))


def test_forged_block_numbers_make_no_huge_file(tmp_path: Path) -> None:
    told = tell(BEGUN, edk2.rrq("boot.efi"), data(1, b"a" * 512), edk2.acknowledge(1), forged_blocks(300))
    (file,) = extracted(told, tmp_path / "out")
    path = tmp_path / "out" / "boot.efi"
    assert file["size"] == path.stat().st_size <= 16 << 20
    assert path.read_bytes()[:512] == b"a" * 512
    assert file["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert not file["complete"]


def test_no_block_lies_beyond_the_size_that_was_announced(tmp_path: Path) -> None:
    told = tell(
        BEGUN, edk2.rrq("boot.efi"), tftp_reply(b"\0\6tsize\x002000\0"), edk2.acknowledge(0), data(1, b"a" * 512),
        edk2.acknowledge(1), data(3, b"c" * 512), edk2.acknowledge(3), forged_blocks(1),
    )  # fmt: skip
    (file,) = extracted(told, tmp_path / "out")
    assert (file["declared"], file["size"], file["holes"]) == (2000, 1536, [[512, 512]])
    assert (tmp_path / "out" / "boot.efi").stat().st_size == 1536


@pytest.mark.parametrize("announced", [True, False])
def test_forged_sequence_numbers_make_no_huge_file(tmp_path: Path, announced: bool) -> None:
    length = b"Content-Length: 2000\r\n" if announced else b""
    head = b"HTTP/1.1 200 OK\r\n" + length + b"\r\n"

    def answered(scene: Scene) -> None:
        scene.talk(edk2_http).port += 1
        request = b"GET /boot.efi HTTP/1.1\r\nHost: 10.77.0.1\r\n\r\n"
        for up, flags, sequence, content in (
            (True, 0x02, 0, b""), (False, 0x12, 0, b""), (True, 0x10, 1, b""), (True, 0x18, 1, request),
            (False, 0x18, 1, head + b"a" * 1000), (False, 0x18, 1 << 30, b"X" * 500), (False, 0x18, 1 << 31, b"X" * 9),
            (False, 0x18, 1 + len(head) + 1000, b"b" * 500),
        ):  # fmt: skip
            edk2_http._segment(scene, None, "10.77.0.1", up, flags, sequence, content)

    url, http = "http://10.77.0.1/boot.efi", [(60, b"HTTPClient")]
    told = tell(edk2_http.discover(at=0), dnsmasq.offer(file=url, options=http), edk2_http.request(at=4),
                dnsmasq.ack(options=http), answered)  # fmt: skip
    (file,) = extracted(told, tmp_path / "out")
    assert (tmp_path / "out" / "boot.efi").read_bytes() == b"a" * 1000 + b"b" * 500
    assert file["size"] == 1500


def test_many_transfers_need_few_open_files(tmp_path: Path) -> None:
    asked = [together(edk2.rrq(f"{n}.efi"), data(1, b"%512d" % n), edk2.acknowledge(1), data(2, b"end"),
                      edk2.acknowledge(2)) for n in range(1300)]  # fmt: skip
    files = extracted(tell(BEGUN, *asked), tmp_path / "out", Handles(limit=3))
    assert len(files) == 1300
    assert all(file["complete"] for file in files)
    assert (tmp_path / "out" / "1299.efi").read_bytes() == b"%512dend" % 1299


def test_nothing_that_exists_is_touched_and_no_link_followed(tmp_path: Path) -> None:
    told = tell(BEGUN, edk2.rrq("boot.efi"), data(1, b"short"), edk2.acknowledge(1))
    (tmp_path / "out").mkdir()
    elsewhere = tmp_path / "elsewhere"
    (tmp_path / "out" / "boot.efi").symlink_to(elsewhere)
    with pytest.raises(CaptureError) as caught:
        extracted(told, tmp_path / "out")
    assert "boot.efi exists already" in str(caught.value)
    assert not elsewhere.exists()


def test_files_of_a_recorded_boot_are_whole(tmp_path: Path) -> None:
    """U-Boot's two files of a golden case, against what the story counted."""
    path = CAPTURES / "uboot-two-files" / "capture.pcap"
    captures = open_captures([str(path)])
    from pxedebug.api import read_captures

    story = read_captures([str(path)]).story
    wanted = wanted_transfers(judge(story).boots(), story.others)
    found = extract_files(captures, wanted, tmp_path / "out", [path.name], Context.of(story))
    assert [file.complete for file in found] == [True, True]
    assert [file.size for file in found] == [transfer.size for _, _, transfer in wanted]
