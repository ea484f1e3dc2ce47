"""Bytes to broken bytes: what disks, networks, bad programs and bad people do to a file."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from random import Random

MOST = 1 << 20
"""Bytes that a broken file has at most."""

_NUMBER = re.compile(rb"\d+")
_NUMBERS = (
    0,
    1,
    -1,
    2,
    127,
    128,
    255,
    256,
    32_767,
    65_535,
    65_536,
    2**31 - 1,
    2**31,
    2**32 - 1,
    2**63 - 1,
    10**30,
)
_WIDTHS = (1, 2, 4, 8)
_REPEATS = (2, 3, 10, 100, 3_000)


def broken(data: bytes, random: Random, tokens: Sequence[bytes]) -> bytes:
    """The data with a few faults in it; ``tokens`` are words that mean something in its format."""
    made = bytearray(data)
    for _ in range(1 << random.randrange(5)):
        random.choice(_FAULTS)(made, random, tokens)
        del made[MOST:]
    return bytes(made)


def _place(made: bytearray, random: Random) -> int:
    return random.randrange(len(made) + 1)


def _range(made: bytearray, random: Random) -> slice:
    start = _place(made, random)
    return slice(start, start + min(random.choice((1, 2, 8, 64, 1_000)), random.randrange(1, len(made) + 2)))


def _flip(made: bytearray, random: Random, _: Sequence[bytes]) -> None:
    if made:
        made[random.randrange(len(made))] ^= 1 << random.randrange(8)


def _set(made: bytearray, random: Random, _: Sequence[bytes]) -> None:
    if made:
        made[random.randrange(len(made))] = random.randrange(256)


def _remove(made: bytearray, random: Random, _: Sequence[bytes]) -> None:
    del made[_range(made, random)]


def _cut(made: bytearray, random: Random, _: Sequence[bytes]) -> None:
    if random.randrange(8) == 0:
        del made[_place(made, random) :]


def _put_token(made: bytearray, random: Random, tokens: Sequence[bytes]) -> None:
    at = _place(made, random)
    token = random.choice(tokens)
    made[at : at + random.choice((0, len(token)))] = token


def _copy(made: bytearray, random: Random, _: Sequence[bytes]) -> None:
    part = made[_range(made, random)]
    at = _place(made, random)
    made[at : at + random.choice((0, len(part)))] = part


def _repeat(made: bytearray, random: Random, tokens: Sequence[bytes]) -> None:
    part = bytes(made[_range(made, random)]) if random.randrange(2) else random.choice(tokens)
    at = _place(made, random)
    made[at:at] = part * min(random.choice(_REPEATS), MOST // (len(part) + 1))


def _put_integer(made: bytearray, random: Random, _: Sequence[bytes]) -> None:
    width = random.choice(_WIDTHS)
    number = random.choice(_NUMBERS) % (1 << 8 * width)
    at = _place(made, random)
    made[at : at + width] = number.to_bytes(width, random.choice(("little", "big")))


def _put_number(made: bytearray, random: Random, _: Sequence[bytes]) -> None:
    found = [match.span() for match in _NUMBER.finditer(made, _place(made, random))][:20]
    if found:
        start, end = random.choice(found)
        made[start:end] = b"%d" % random.choice(_NUMBERS)


_FAULTS: Sequence[Callable[[bytearray, Random, Sequence[bytes]], None]] = (
    _flip, _set, _remove, _cut, _put_token, _put_token, _copy, _repeat, _put_integer, _put_number,
)  # fmt: skip
