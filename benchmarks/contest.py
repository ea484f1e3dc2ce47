"""Who is measured: ours with each engine, the yardstick, fastText; each made when first asked for."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

import wuxing_nlp
from benchmarks import fast_text
from benchmarks.naive import Naive
from benchmarks.settings import Settings
from benchmarks.texts import Texts, authored
from wuxing_nlp.errors import SegmenterError
from wuxing_nlp.model.tagger import shipped_bundle
from wuxing_nlp.text.segment import ENGINES, segmenter

FASTEST = next(iter(ENGINES))


class Contest:
    """Everyone, and the texts and settings that all share.

    ``engines`` are those of our segmenter that work here, ``skipped`` says why others do not take part.
    """

    def __init__(self, settings: Settings, bundle: Path | None) -> None:
        self.settings = settings
        self.bundle = (bundle or shipped_bundle()).resolve()
        self.coded = authored()
        self.texts = Texts(self.coded)
        self.skipped: dict[str, str] = {}
        self.engines = [engine for engine in ENGINES if self._works(engine)]
        if not fast_text.installed():
            self.skipped["fastText"] = "fastText is not installed; run: pip install 'wuxing_nlp[bench]'"

    def _works(self, engine: str) -> bool:
        try:
            segmenter(engine)
        except SegmenterError as error:
            self.skipped[engine] = str(error)
        return engine not in self.skipped

    @cached_property
    def taggers(self) -> dict[str, wuxing_nlp.Tagger]:
        """Ours by engine, at work for a while: they have seen all that is not a name."""
        taggers = {engine: wuxing_nlp.load(self.bundle, engine=engine) for engine in self.engines}
        for tagger in taggers.values():
            tagger.code_units(unit.text for unit in self.coded)
        return taggers

    @cached_property
    def naive(self) -> Naive:
        """The yardstick."""
        return Naive(self.coded[:: self.settings.taught_every])

    @cached_property
    def fast_text(self) -> fast_text.FastText | None:
        """fastText behind our fastest segmenter; None where it is not installed."""
        if "fastText" in self.skipped:
            return None
        return fast_text.FastText(self.coded[:: self.settings.taught_every], self.engines[0])
