"""What the figures of all notebooks share: a Chinese font where there is one, else words without Chinese."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import matplotlib as mpl
from cycler import cycler
from matplotlib import font_manager

from wuxing_nlp import Codebook

FONTS = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "PingFang SC",
    "Microsoft YaHei",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Hiragino Sans GB",
    "Heiti SC",
    "SimHei",
    # One file holds the letters of all regions, and matplotlib sees its first name only.
    "Noto Sans CJK JP",
    "Source Han Sans",
    "Noto Serif CJK SC",
    "Noto Serif CJK JP",
    "Source Han Serif SC",
    "SimSun",
    "AR PL UMing CN",
)
"""Fonts with Simplified Chinese, the best first."""

COLOURS = ("#1b6ca8", "#c8553d", "#3d8b5f", "#8a6bb1", "#b08900")
GREY = "#9aa0a6"


def chinese_font(installed: Iterable[str]) -> str | None:
    """The best of some fonts that has Chinese letters; None where none has."""
    there = set(installed)
    return next((name for name in FONTS if name in there), None)


@dataclass(frozen=True, slots=True)
class Words:
    """What figures say: Chinese with a ``font`` for it, else English and codes."""

    font: str | None

    def say(self, chinese: str, english: str) -> str:
        """The one of two wordings that can be drawn."""
        return chinese if self.font else english

    def label(self, code: str, book: Codebook) -> str:
        """A label with its Chinese name; the code alone without a font."""
        return f"{code} {book.name(code)}" if self.font else code


def set_up() -> Words:
    """Set the look of all figures, and find out what they can say."""
    font = chinese_font(font_manager.get_font_names())
    mpl.rc("figure", dpi=100)
    mpl.rc("figure.constrained_layout", use=True)
    mpl.rc("axes", unicode_minus=False, prop_cycle=cycler(color=COLOURS))
    mpl.rc("axes.spines", top=False, right=False)
    if font:
        mpl.rc("font", **{"sans-serif": [font, "DejaVu Sans"]})
    return Words(font)
