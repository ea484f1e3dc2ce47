"""Pinyin glosses that web mirrors leave behind characters: 经(jīng)济(jì)."""

from __future__ import annotations

from wuxing_nlp.text.aligned import AlignedText
from wuxing_nlp.text.characters import HAN
from wuxing_nlp.text.late_pattern import late_pattern

OPENINGS = _HALF, _FULL = "(", "（"
"""What a gloss begins with."""
TONED = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ\u0300\u0301\u0304\u030c"
"""Letters of which a text with glosses holds at least one."""
_TONES = late_pattern(f"[{TONED}]")
_SYLLABLES = f"(?:[a-zü{TONED}]{{1,7}}+[ '’·-]?+){{1,8}}+"
_GLOSS = late_pattern(f"(?<=[{HAN}])(?:[(（] ?{_SYLLABLES} ?[)）])+")
_TONED_GLOSS = late_pattern(f"(?<=[{HAN}])[(（][^()（）\n]{{0,40}}[{TONED}][^()（）\n]{{0,40}}[)）]")


def drop_glosses(text: AlignedText) -> AlignedText:
    """Drop pinyin glosses. Toneless ones, as 的(de), go only where the text has toned ones too:
    alone they may be an abbreviation that the author wrote."""
    if _HALF not in text.text and _FULL not in text.text:
        return text
    # Few texts with brackets have a toned letter, and the class is found far faster than the gloss.
    if not _TONES.search(text.text) or not _TONED_GLOSS.search(text.text):
        return text
    return text.substitute(_GLOSS, lambda _: "")
