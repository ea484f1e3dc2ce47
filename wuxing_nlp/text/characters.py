"""What single characters are worth: width, spaces, invisible ones, junk of web pages and PDFs."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

from wuxing_nlp.text.aligned import AlignedText
from wuxing_nlp.text.late_pattern import late_pattern

HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U000323af"
"""Chinese characters, as the inside of a regular expression's class."""

_HAN_RUN = re.compile(f"[{HAN}]+")

# Full-width punctuation is what Chinese text is set in, so it stays; the halves of the
# half-width block are brought to it. Letters, digits and other signs go to ASCII.
_FULL_WIDTH_KEPT = "！（），：；？～"
_HALF_WIDTH = {"｡": "。", "｢": "「", "｣": "」", "､": "、", "･": "·"}
_LINE_ENDS = "\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"

# Controls, format characters (zero-width, bidi), variation selectors, private use, surrogates
# and code points without a character: nothing that a reader of the document would see.
_INVISIBLE = (
    *("\x00-\x08", "\x0e-\x1b", "\x1f", "\x7f-\x84", "\x86-\x9f", "\xad", "\u034f", "\u061c"),
    *("\u115f-\u1160", "\u17b4-\u17b5", "\u180b-\u180f", "\u200b-\u200f", "\u202a-\u202e"),
    *("\u2060-\u206f", "\u3164", "\ufe00-\ufe0f", "\ufeff", "\uffa0", "\ufff0-\uffff"),
    *("\ud800-\udfff", "\ue000-\uf8ff", "\U000e0000-\U000e0fff", "\U000f0000-\U0010ffff"),
)
_INVISIBLE_CLASS = "".join(_INVISIBLE)
_UNSEEN = late_pattern(f"[{_INVISIBLE_CLASS}]")
_CRLF = late_pattern("\r\n")


def han_count(text: str) -> int:
    """How many Chinese characters the text holds."""
    return sum(map(len, _HAN_RUN.findall(text)))


def in_class(characters: Iterable[str]) -> str:
    """The characters as the inside of a regular expression's class, neighbours as one range."""
    codes = set(map(ord, characters))
    firsts = sorted(code for code in codes if code - 1 not in codes)
    lasts = sorted(code for code in codes if code + 1 not in codes)
    return "".join(_range(first, last) for first, last in zip(firsts, lasts, strict=True))


def _range(first: int, last: int) -> str:
    if first == last > 0x7F:  # the many of this kind need no escape
        return chr(first)
    return f"{re.escape(chr(first))}-{re.escape(chr(last))}"


@cache
def _folding() -> dict[str, str]:
    table = {chr(c): unicodedata.normalize("NFKC", chr(c)) for c in range(0xFF01, 0xFF5F)}
    table = {wide: narrow for wide, narrow in table.items() if wide not in _FULL_WIDTH_KEPT}
    table |= _HALF_WIDTH
    table |= dict.fromkeys(_LINE_ENDS, "\n")
    spaces = (chr(c) for c in (0x09, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000))
    table |= dict.fromkeys(spaces, " ")
    # PDFs often hold radicals (⼯) and compatibility ideographs (金) in the place of characters.
    for low, high in ((0x2E80, 0x2FDF), (0xF900, 0xFAFF), (0x2F800, 0x2FA1F)):
        for code in range(low, high + 1):
            plain = unicodedata.normalize("NFKC", chr(code))
            if len(plain) == 1 and plain != chr(code):
                table[chr(code)] = plain
    return table


def untidy() -> list[tuple[str, str]]:
    """What :func:`clean` folds or drops, as ranges of characters: the first and the last of each."""
    dropped = [(span[0], span[-1]) for span in _INVISIBLE]
    return dropped + [(character, character) for character in _folding()]


@cache
def _foldable() -> re.Pattern[str]:
    return re.compile(f"[{in_class(_folding())}]")


@cache
def _untidy() -> re.Pattern[str]:
    return re.compile(f"[{_INVISIBLE_CLASS}{in_class(_folding())}]")


def clean(text: AlignedText) -> AlignedText:
    """Fold widths, spaces and line ends; drop what cannot be seen. Every line ends in ``\\n``."""
    if not _untidy().search(text.text):
        return text
    if _UNSEEN.search(text.text):
        text = text.substitute(_UNSEEN, lambda _: "")
    if "\r\n" in text.text:
        text = text.substitute(_CRLF, lambda _: "\n")
    # Few characters of a text are folded: one by one is faster than translating them all.
    folding = _folding()
    return text.with_characters(_foldable().sub(lambda match: folding[match.group()], text.text))
