"""The netascii transfer mode: lines end in CR LF on the wire, a bare CR is CR NUL (RFC 1350 section 1, RFC 764)."""

from __future__ import annotations

__all__ = ["NetasciiDecoder", "decode_netascii", "encode_netascii"]


def encode_netascii(data: bytes) -> bytes:
    """Local bytes (LF line ends) as netascii. Every byte maps on its own, so chunks may be encoded one by one."""
    return data.replace(b"\r", b"\r\0").replace(b"\n", b"\r\n")


def decode_netascii(data: bytes) -> bytes:
    """The local form of a whole netascii text; a CR that neither LF nor NUL follows stays as it is."""
    decoder = NetasciiDecoder()
    return decoder.feed(data) + decoder.finish()


class NetasciiDecoder:
    """Decodes netascii block by block; a CR at the end of a block waits for the first byte of the next."""

    def __init__(self) -> None:
        self._pending = b""

    def feed(self, data: bytes) -> bytes:
        """The local form of the next block, as far as it is certain."""
        data = self._pending + data
        self._pending = b"\r" if data.endswith(b"\r") else b""
        if self._pending:
            data = data[:-1]
        # A pair is replaced only where it stands in the input, never where a replacement made one:
        # CR NUL LF is a bare CR and a bare LF, not a line end.
        return b"\r".join(part.replace(b"\r\n", b"\n") for part in data.split(b"\r\0"))

    def finish(self) -> bytes:
        """What is left when the last block has been fed: a lone CR or nothing."""
        rest, self._pending = self._pending, b""
        return rest
