"""What is drawn depends on key, purpose and data, and on nothing else."""

from __future__ import annotations

from pxedebug.report.extract.anonymise.secret import Secret
from tests.report.extract.anonymise.parts import KEY


def test_the_same_is_drawn_again_and_something_else_for_anything_else() -> None:
    drawn = {
        Secret(KEY).draw("mac", b"a"), Secret(KEY).draw("mac", b"b"), Secret(KEY).draw("word", b"a"),
        Secret(KEY[::-1]).draw("mac", b"a"),
    }  # fmt: skip
    assert len(drawn) == 4
    assert Secret(KEY).draw("mac", b"a") in drawn


def test_opaque_bytes_keep_their_length_and_zeros_stay() -> None:
    secret = Secret(KEY)
    assert [len(secret.opaque(b"x" * size)) for size in (0, 1, 32, 33, 300)] == [0, 1, 32, 33, 300]
    assert secret.opaque(bytes(9)) == bytes(9)
    assert secret.opaque(b"secret id") != b"secret id"


def test_numbers_stay_below_their_limit() -> None:
    assert {Secret(KEY).number("n", bytes((byte,)), 3) for byte in range(50)} == {0, 1, 2}
