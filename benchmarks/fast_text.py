"""fastText end to end: our converter and fast segmenter before it, labels of the same units behind."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from wuxing_nlp.codebook import load_codebook
from wuxing_nlp.coding import CodedUnit
from wuxing_nlp.text.script import normalise
from wuxing_nlp.text.segment import segmenter

_LABEL = "__label__"


def installed() -> bool:
    """Whether fastText is there."""
    return find_spec("fasttext") is not None


class FastText:
    """Supervised fastText (Joulin et al. 2017) of words and pairs of words, one yes or no a code.

    Without pieces of words, which would make it slower.

    Args:
        coded: units of the corpus; it learns their base codes.
        engine: of the segmenter before it.
    """

    def __init__(self, coded: Sequence[CodedUnit], engine: str) -> None:
        import fasttext

        self._words = segmenter(engine).words
        book = load_codebook()
        lines = [
            " ".join([*(_LABEL + code for code in sorted(book.base(unit.codes))), self._line(unit.text)])
            for unit in coded
            if unit.codes  # it passes over lines without a label
        ]
        with TemporaryDirectory() as folder:
            path = Path(folder, "taught.txt")
            path.write_text("\n".join(lines) + "\n", encoding="utf-8")
            self._model = fasttext.train_supervised(
                str(path), loss="ova", lr=0.5, epoch=25, wordNgrams=2, bucket=200_000, thread=1, verbose=0
            )

    def _line(self, text: str) -> str:
        return " ".join(self._words(normalise(text).text))

    def codes(self, texts: list[str]) -> list[tuple[str, ...]]:
        """The codes of some units."""
        found, _ = self._model.predict([self._line(text) for text in texts], k=-1, threshold=0.5)
        return [tuple(label.removeprefix(_LABEL) for label in labels) for labels in found]
