"""The fast engine: jieba's own way to words, over jieba's own tables, in compiled code.

The route through the dictionary and the hidden Markov model behind it are those of jieba 0.42.1, sum
for sum, so that ties which rounding decides fall alike. It is there where the package was built with a
compiler; elsewhere rjieba or jieba cut the same words.
"""

from __future__ import annotations

from wuxing_nlp.errors import LexiconError, SegmenterError
from wuxing_nlp.text.finalseg import hmm
from wuxing_nlp.text.jieba_package import dictionary
from wuxing_nlp.text.lexicon import frequencies

try:
    from wuxing_nlp.text import _native as native
except ImportError:  # built without a compiler
    native = None  # type: ignore[assignment]


def installed() -> bool:
    """Whether the package was built with a compiler."""
    return native is not None


class CompiledEngine:
    """Cuts as :class:`wuxing_nlp.text.jieba_engine.JiebaEngine` does, word for word.

    Raises:
        SegmenterError: the package was built without a compiler.
        LexiconError: jieba's tables cannot be read.
    """

    name = "compiled"

    def __init__(self) -> None:
        if native is None:
            raise SegmenterError(
                "wuxing_nlp was built without a compiler here; install a wheel of it, or take rjieba or jieba"
            )
        try:
            cutter = native.Cutter(dictionary(), frequencies(), hmm())
        except (ValueError, RuntimeError) as error:
            raise LexiconError(
                f"jieba's dictionary cannot be read ({error}); run: pip install --force-reinstall jieba"
            ) from error
        self.cut = cutter.cut
