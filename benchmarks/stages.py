"""Where the time goes: normalise, units, segment, features, score, each by itself."""

from __future__ import annotations

from statistics import median

from benchmarks.contest import Contest
from benchmarks.results import Figure, Results
from benchmarks.settings import BATCH
from benchmarks.texts import SCRIPTS, Script
from benchmarks.timing import timed
from wuxing_nlp import Tagger
from wuxing_nlp.model.deciding import Decider
from wuxing_nlp.model.reader import PlainReader
from wuxing_nlp.text.script import normalise
from wuxing_nlp.text.segment import Segmenter, segmenter
from wuxing_nlp.text.units import cut_units

Stages = dict[str, float]
"""Stage → seconds."""

WAYS = {"batch": BATCH, "one": 1}
"""Units that are read and scored together; what comes before goes unit by unit in any case."""


def measure(contest: Contest) -> Results:
    """``stage`` / way / script / engine / stage: µs a unit, and the share of the whole."""
    results = Results()
    for way, size in WAYS.items():
        for script in SCRIPTS:
            for engine, taken in _rounds(contest, way, size, script).items():
                results.figures |= _figures(f"stage/{way}/{script}/{engine}", taken)
    results.figures["stage/batch/features in Python"] = _plain(contest)
    return results


def _rounds(contest: Contest, way: str, size: int, script: Script) -> dict[str, list[Stages]]:
    """Seconds of the stages by engine and round, the engines in turns."""
    rounds: dict[str, list[Stages]] = {engine: [] for engine in contest.engines}
    for number in range(contest.settings.rounds):
        for engine, tagger in contest.taggers.items():
            texts = contest.texts.units(BATCH, script, number, f"stages {way} {engine}")
            rounds[engine].append(_seconds(tagger, segmenter(engine), texts, size))
    return rounds


def _seconds(tagger: Tagger, segment: Segmenter, texts: list[str], size: int) -> Stages:
    """Seconds of each stage, each fed with the answer of the one before."""
    model = tagger.model
    space = model.space
    decider = Decider(model.machines, model.outputs, model.calibration, tagger.rule, model.codebook)
    seconds: Stages = {}
    seconds["normalise"], aligned = timed(lambda: [normalise(text) for text in texts])
    seconds["units"], _ = timed(lambda: [cut_units(text) for text in aligned])
    plain = [text.text for text in aligned]
    seconds["segment"], words = timed(lambda: [segment.words(text) for text in plain])
    batches = [(plain[at : at + size], words[at : at + size]) for at in range(0, len(plain), size)]
    seconds["features"], rows = timed(lambda: [space.rows(*batch) for batch in batches])
    seconds["score"], _ = timed(lambda: [decider.codes(batch) for batch in rows])
    return seconds


def _figures(name: str, taken: list[Stages]) -> dict[str, Figure]:
    seconds = {stage: median([one[stage] for one in taken]) for stage in taken[0]}
    whole = sum(seconds.values())
    return {
        f"{name}/{stage}": Figure(1e6 * taking / BATCH, "µs a unit", share=100 * taking / whole)
        for stage, taking in seconds.items()
    }


def _plain(contest: Contest) -> Figure:
    """What the features take without compiled code."""
    engine, tagger = next(iter(contest.taggers.items()))
    units = contest.texts.units(BATCH, "simplified", 0, "plain")
    texts = [normalise(unit).text for unit in units]
    words = [segmenter(engine).words(text) for text in texts]
    reader = PlainReader(tagger.model.space)
    seconds = median([timed(lambda: reader.rows(texts, words))[0] for _ in range(contest.settings.rounds)])
    return Figure(1e6 * seconds / BATCH, "µs a unit")
