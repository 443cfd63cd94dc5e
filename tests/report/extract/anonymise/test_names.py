"""Names and texts: what rules read stays, the rest becomes something else of the same length."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pxedebug.firmware.file_names import artifact, config_search, is_boot_name, is_last_config, optional_file
from pxedebug.report.extract.anonymise.names import Names
from tests.report.extract.anonymise.parts import identities, names

MAC = bytes.fromhex("525400770020")


@pytest.mark.parametrize(
    "name",
    [
        b"pxelinux.0", b"/boot/grub/grub.cfg", b"pxelinux.cfg/default", b"\\Boot\\x64\\wdsnbp.com",
        b"undionly.kpxe\0\xff", b"EFI/BOOT/BOOTX64.EFI", b"http://${next-server}/boot.ipxe?mac=${net0/mac:hexhyp}",
        b"start4.elf", b"kernel8.img", b"boot%5cx64%2Fx.efi", b"\xef\xbb\xbf#!ipxe",
        b"console=ttyS0,115200 ip=dhcp", b"iPXE/1.21.1+ (g1234)"[:11],
    ],
)  # fmt: skip
def test_known_names_stay(name: bytes) -> None:
    assert names().text(name) == name


@pytest.mark.parametrize(
    "name",
    [
        b"acme/prod/vmlinuz-5.15.0-91-acme", b"/srv/acme/initrd-berlin.img", b"acmegrubx64.efi", b"site-berlin.wim",
        b"images/acme.iso", b"berlin.ipxe", b"AcmeBoot.efi", b"kickstart-acme.cfg", b"pxelinux.cfg/berlin",
        b"acme.kpxe",
    ],
)  # fmt: skip
def test_what_a_rule_reads_in_a_name_stays_and_the_site_s_words_go(name: bytes) -> None:
    new = names().text(name)
    for read in (artifact, config_search, is_last_config, optional_file, is_boot_name):
        assert read(new) == read(name)
    assert not re.search(rb"(?i)acme|berlin", new)
    assert re.sub(rb"[A-Za-z0-9]", b"", new) == re.sub(rb"[A-Za-z0-9]", b"", name)


def test_a_word_is_replaced_by_the_same_word_in_the_capitals_it_had() -> None:
    said = names()
    new = said.text(b"berlin")
    assert said.text(b"BERLIN Berlin x-berlin") == new.upper() + b" " + new.capitalize() + b" x-" + new


def test_names_that_embed_a_mac_address_an_address_or_a_uuid_are_recomputed() -> None:
    who = identities()
    said, mac, ip = Names(who), who.mac(MAC), who.ip(ip_address("10.77.0.115").packed)
    uuid = who.uuid(bytes(range(16))).hex()
    assert said.text(b"pxelinux.cfg/01-52-54-00-77-00-20") == b"pxelinux.cfg/01-" + mac.hex("-").encode()
    assert said.text(b"mac-525400770020.ipxe") == b"mac-" + mac.hex().encode() + b".ipxe"
    assert said.text(b"5254.0077.0020") == b".".join(re.findall(b"....", mac.hex().encode()))
    for digits in range(1, 9):
        whole = ip.hex().upper().encode()
        assert said.text(b"pxelinux.cfg/" + b"0A4D0073"[:digits]) == b"pxelinux.cfg/" + whole[:digits]
    assert said.text(b"grub.cfg-0A4D0073") == b"grub.cfg-" + ip.hex().upper().encode()
    assert said.text(b"http://10.77.0.115:8080/x") == b"http://" + str(IPv4Address(ip)).encode() + b":8080/x"
    assert said.text(b"00010203-0405-0607-0809-0a0b0c0d0e0f").replace(b"-", b"") == uuid.encode()
    assert said.text(b"tftp://[fd00:77::2]/boot.efi") == b"tftp://[%s]/boot.efi" % (
        str(ip_address(who.ip(ip_address("fd00:77::2").packed))).encode()
    )


@pytest.mark.parametrize("digits", ["D", "DE", "DEA", "DEADBEEF", "DEADBEE"])
def test_a_search_for_an_address_that_nobody_has_is_still_one(digits: str) -> None:
    new = names().text(b"pxelinux.cfg/" + digits.encode())
    assert config_search(new) == "pxelinux"


def test_hosts_in_urls_are_the_hosts_that_dhcp_and_dns_name() -> None:
    said = names()
    host = said.strict(b"boot.acme.example")
    assert host != b"boot.acme.example"
    assert host.endswith(b".example")
    assert said.text(b"http://boot.acme.example:81/pxe/") == b"http://" + host + b":81/pxe/"
    assert said.labels(b"\4boot\4acme\7example\0") == b"\4%s\4%s\7example\0" % tuple(host.split(b".")[:2])


def test_a_name_that_was_cut_is_the_beginning_of_the_whole_name() -> None:
    said = names()
    whole = said.text(b"/srv/images-of-berlin-mitte/ipxe.efi")
    assert said.text(b"/srv/images-of-berlin-mit") == whole[:25]


def test_secrets_in_urls_go_even_if_they_are_known_words() -> None:
    assert b"admin:password" not in names().text(b"http://admin:password@10.0.0.1/")


def test_prose_changes_only_what_was_replaced_before() -> None:
    said = names()
    name, host = said.text(b"berlin.efi").decode(), said.strict(b"tower9").decode()
    before = "pxedebug, boot 1: the server has no `berlin.efi`; a peculiar thing at tower9 (52:54:00:77:00:20)."
    after = said.prose(before)
    assert f"the server has no `{name}`; a peculiar thing at {host} (" in after
    assert "52:54:00:77:00:20" not in after


@given(st.binary(max_size=120))
def test_every_text_keeps_its_length(data: bytes) -> None:
    said = names()
    for made in (said.text(data), said.strict(data), said.labels(data), said.blob(data)):
        assert len(made) == len(data)


@given(st.lists(st.from_regex(rb"[a-z]{5,9}", fullmatch=True), unique=True, max_size=30))
def test_no_two_long_words_become_one(words: list[bytes]) -> None:
    said = names()
    assert len({said.strict(word) for word in words}) == len(words)


def test_texts_beyond_ascii_stay_utf_8_or_stay_wrong() -> None:
    said = names()
    assert said.text("münchen-日本.efi".encode()).decode("utf-8").endswith(".efi")
    assert said.text(b"\xc3\x28\xfe") == b"\xff(\xff"
