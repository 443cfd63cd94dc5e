"""Names and texts for names and texts of the same length.

What embeds an address, a MAC address or a UUID is recomputed; known words and short numbers stay (`vocabulary`); any
other word becomes letters for letters and digits for digits, always the same ones. Signs between words stay, and so
do slashes, suffixes, capitals and padding.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from ipaddress import AddressValueError, IPv4Address, IPv6Address

from pxedebug.report.extract.anonymise.identities import Identities
from pxedebug.report.extract.anonymise.vocabulary import HOST_WORDS, KNOWN_PARTS, VOCABULARY

__all__ = ["Names"]

_TOKEN = re.compile(
    rb"(?P<authority>(?<=://)[^/\s\"'\0<>$]+)"
    rb"|(?P<uuid>(?<![0-9a-z])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![0-9a-z]))"
    rb"|(?P<mac>(?<![0-9a-z])(?:01[:-])?[0-9a-f]{2}([:-])(?:[0-9a-f]{2}\4){4}[0-9a-f]{2}(?![0-9a-z])"
    rb"|(?<![0-9a-z])[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4}(?![0-9a-z]))"
    rb"|(?P<ip6>(?<![0-9a-z:.])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?![0-9a-z:]))"
    rb"|(?P<ip4>(?<![0-9.])[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?!\.?[0-9]))"
    rb"|(?P<search>(?:(?<=pxelinux\.cfg[/\\])|(?<=grub\.cfg-))[0-9a-f]{1,8}(?![0-9a-z.-]))"
    rb"|(?P<escape>%[0-9a-f]{2})"
    rb"|(?P<word>[0-9a-z]+)"
    rb"|(?P<other>[\x80-\xff]+)",
    re.IGNORECASE,
)
_WORD = re.compile(rb"[0-9A-Za-z]+")
_AUTHORITY = re.compile(rb"(?P<user>.*@)?(?P<host>\[[^]]*\]|[^:]*)(?P<port>:[0-9]*)?", re.DOTALL)
_HEX = re.compile(rb"[0-9a-f]+")
_SHORT_NUMBER = 5
"""Digits of a number that names nobody: versions, ports, sizes."""
_COUNTER = 2
"""Digits behind a word that only count: `sda1`, `ttyS0`, `v6`."""
_WORDS = 1 << 16
_LETTERS = b"abcdefghijklmnopqrstuvwxyz"
_BYTE_ORDER_MARK = "\ufeff"
_ATTEMPTS = 64


class Names:
    """The words of one run and what stands for them."""

    def __init__(self, identities: Identities) -> None:
        self._identities = identities
        self._words: dict[bytes, bytes] = {}
        self._hosts: set[bytes] = set()
        self._addresses: dict[str, Callable[[bytes], bytes | None]] = {
            "uuid": self._uuid, "mac": self._mac, "ip6": self._ip6, "ip4": self._ip4, "search": self._search,
        }  # fmt: skip

    def text(self, data: bytes) -> bytes:
        """A file name, a URL, a message, a script."""
        return _TOKEN.sub(lambda match: self._token(match, self._plain_word), data)

    def strict(self, data: bytes) -> bytes:
        """A host name, a person's or device's name, a secret: known words are replaced, too."""
        return _TOKEN.sub(lambda match: self._token(match, self._strict_word), data)

    def prose(self, text: str) -> str:
        """Words of this program about a capture: only what was replaced there is replaced here."""
        done = _TOKEN.sub(lambda match: self._token(match, self._seen_word), text.encode("utf-8", "replace"))
        return done.decode("utf-8", "replace")

    def labels(self, data: bytes) -> bytes:
        """Domain names as counted labels, one after the other (RFC 1035 section 3.1); pointers stay.

        What does not add up is opaque.
        """
        parts: list[bytes] = []
        at = 0
        while at < len(data):
            length = data[at]
            if length >= 0xC0:
                parts.append(data[at : at + 2])
                at += 2
                continue
            label = data[at + 1 : at + 1 + length]
            if length > 63 or len(label) < length:
                parts.append(self._identities.secret.opaque(data[at:]))
                break
            parts.append(data[at : at + 1] + self.strict(label))
            at += 1 + length
        return b"".join(parts)

    def blob(self, data: bytes) -> bytes:
        """Bytes of unknown meaning: a text where they are printable, else opaque."""
        body = data.rstrip(b"\0")
        if body and all(0x20 <= byte < 0x7F for byte in body):
            return self.strict(data)
        return self._identities.secret.opaque(data)

    def _token(self, match: re.Match[bytes], word: Callable[[bytes], bytes]) -> bytes:
        kind, found = match.lastgroup, match[0]
        if kind == "other":
            return _foreign(found)
        if kind == "escape" and not chr(int(found[1:], 16)).isalnum():
            return found
        if kind == "authority":
            return self._authority(found, word)
        replace = self._addresses.get(kind or "")
        new = None if replace is None else replace(found)
        if new is not None and len(new) == len(found):
            return _cased(new, found)
        return _WORD.sub(lambda part: word(part[0]), found)

    def _authority(self, found: bytes, word: Callable[[bytes], bytes]) -> bytes:
        """User, host and port of a URL (RFC 3986 section 3.2); the port stays."""
        match = _AUTHORITY.fullmatch(found)
        if match is None:
            return self.strict(found)
        host = self._seen_word if word == self._seen_word else self._strict_word
        parts = (_TOKEN.sub(lambda inner: self._token(inner, host), match[name] or b"") for name in ("user", "host"))
        return b"".join(parts) + (match["port"] or b"")

    def _uuid(self, found: bytes) -> bytes:
        digits = self._identities.uuid(bytes.fromhex(found.replace(b"-", b"").decode())).hex().encode()
        return b"-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))

    def _mac(self, found: bytes) -> bytes:
        signs = found[2:3] if found[2:3] in b":-" else b"."
        head, digits = b"", found.replace(signs, b"")
        if len(digits) == 14:
            head, digits = found[:3], digits[2:]
        new = self._identities.mac(bytes.fromhex(digits.decode())).hex().encode()
        step = 4 if signs == b"." else 2
        return head + signs.join(new[at : at + step] for at in range(0, 12, step))

    def _ip4(self, found: bytes) -> bytes | None:
        try:
            return str(IPv4Address(self._identities.ip(IPv4Address(found.decode()).packed))).encode()
        except AddressValueError:
            return None

    def _ip6(self, found: bytes) -> bytes | None:
        try:
            new = IPv6Address(self._identities.ip(IPv6Address(found.decode()).packed))
        except AddressValueError:
            return None
        short = str(new).encode()
        forms = (short, new.exploded.encode(), _padded(short, len(found)))
        return next((form for form in forms if len(form) == len(found)), None)

    def _search(self, found: bytes) -> bytes:
        """An IPv4 address in hexadecimal, or its first digits, as PXELINUX and GRUB ask for configurations."""
        lower = found.lower().decode()
        even = len(lower) // 2 * 2
        new = self._identities.addresses.digits(lower)
        if new is None and even == 8:
            new = self._identities.ip(bytes.fromhex(lower)).hex()
        if new is None:
            new = (self._identities.addresses.digits(lower[:even]) or "") + lower[even:]
        return new.upper().encode()

    def _plain_word(self, word: bytes) -> bytes:
        lower = word.lower()
        if lower not in self._hosts and _is_known(lower):
            return word
        new = self._identifier(lower)
        if new is None:
            new = self._pseudo(lower) if lower in self._hosts else self._around_parts(lower, self._pseudo)
        return _cased(new, word)

    def _strict_word(self, word: bytes) -> bytes:
        lower = word.lower()
        if lower in HOST_WORDS or (len(lower) == 1 and lower.isalpha()):
            return word
        new = self._identifier(lower)
        if new is None:
            new = self._pseudo(lower)
            if not _is_known(lower) and len(self._hosts) < _WORDS:
                self._hosts.add(lower)
        return _cased(new, word)

    def _seen_word(self, word: bytes) -> bytes:
        lower = word.lower()
        if _is_known(lower):
            return word
        new = self._identifier(lower)
        if new is None:
            new = self._words.get(lower) or self._around_parts(lower, lambda rest: self._words.get(rest, rest))
        return _cased(new, word)

    def _identifier(self, lower: bytes) -> bytes | None:
        """A MAC address, a UUID or a known IPv4 address written without signs."""
        if len(lower) not in (8, 12, 32) or not _HEX.fullmatch(lower):
            return None
        packed = bytes.fromhex(lower.decode())
        if len(packed) == 16:
            return self._identities.uuid(packed).hex().encode()
        if len(packed) == 6:
            return self._identities.mac(packed).hex().encode()
        new = self._identities.addresses.digits(lower.decode())
        return None if new is None else new.encode()

    def _around_parts(self, lower: bytes, replace: Callable[[bytes], bytes]) -> bytes:
        """A word with the known parts in it as they are and the rest replaced."""
        parts: list[bytes] = []
        at = 0
        for match in (*KNOWN_PARTS.finditer(lower), None):
            rest = lower[at : match.start() if match else len(lower)]
            if rest:
                parts.append(rest if _is_known(rest) else replace(rest))
            if match:
                parts.append(match[0])
                at = match.end()
        return b"".join(parts)

    def _pseudo(self, lower: bytes) -> bytes:
        """A word that means nothing; no two words give the same, and none itself."""
        found = self._words.get(lower)
        if found is not None:
            return found
        for attempt in range(_ATTEMPTS):
            new = self._turned(lower, f"word {attempt}")
            if not _is_known(new) and not KNOWN_PARTS.search(new):
                break
        if len(self._words) < _WORDS:
            self._words[lower] = new
        return new

    def _turned(self, lower: bytes, purpose: str) -> bytes:
        """Each sign turned by what stands before it: words with one beginning still have one, as if they were cut.

        Letters stay letters, digits digits, and what could be hexadecimal could still be.
        """
        hexadecimal = bool(_HEX.fullmatch(lower)) and (len(lower) == 2 or not lower.isalpha())
        made = bytearray()
        for at, byte in enumerate(lower):
            signs = b"0123456789" if 0x30 <= byte <= 0x39 else _LETTERS[:6] if hexadecimal else _LETTERS
            turn = 1 + self._identities.secret.number(f"{purpose} of {len(signs)}", lower[:at], len(signs) - 1)
            made.append(signs[(signs.index(byte) + turn) % len(signs)])
        return bytes(made)


def _is_known(lower: bytes) -> bool:
    """A known word or a single letter, with or without a small number behind it, or a short number."""
    if lower.isdigit() and len(lower) <= _SHORT_NUMBER:
        return True
    stem = lower.rstrip(b"0123456789")
    return lower.decode() in VOCABULARY or (
        (len(stem) <= 1 or stem.decode() in VOCABULARY) and len(lower) - len(stem) <= _COUNTER
    )


def _cased(new: bytes, old: bytes) -> bytes:
    """`new` in the capitals of `old`."""
    if not any(0x41 <= byte <= 0x5A for byte in old):
        return new
    if old == old.upper():
        return new.upper()
    return bytes(
        byte - 0x20 if 0x41 <= model <= 0x5A and 0x61 <= byte <= 0x7A else byte
        for byte, model in zip(new, old, strict=True)
    )


def _foreign(found: bytes) -> bytes:
    """Characters beyond ASCII as others of as many bytes; bytes that are no UTF-8 as FF."""
    try:
        text = found.decode("utf-8")
    except UnicodeDecodeError:
        return b"\xff" * len(found)
    other = {2: "é", 3: "中", 4: "\U0001f5a5"}
    return b"".join((sign if sign == _BYTE_ORDER_MARK else other[len(sign.encode())]).encode() for sign in text)


def _padded(short: bytes, length: int) -> bytes:
    """An IPv6 address with leading zeros in its groups, up to `length` bytes."""
    groups = short.split(b":")
    missing = length - len(short)
    for index, group in enumerate(groups):
        if group and missing > 0:
            room = min(missing, 4 - len(group))
            groups[index] = b"0" * room + group
            missing -= room
    return b":".join(groups)
