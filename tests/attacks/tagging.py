"""Tag in a process of its own: ``python -m tests.attacks.tagging WAY…``.

Each way is a function below; it ends with an error where it does not hold. Two words may go before:
``compiled``, ``jieba`` or ``rjieba`` names the engine, ``plain`` leaves the compiled code out.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import sys
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from hashlib import sha256

for _module in ("wuxing_nlp.text._native", "wuxing_nlp.model._native") if "plain" in sys.argv else ():
    sys.modules[_module] = None  # type: ignore[assignment]  # what was built without a compiler lacks it

import wuxing_nlp  # noqa: E402
from wuxing_nlp.coding import Corpus, default_root  # noqa: E402
from wuxing_nlp.text.segment import segmenter  # noqa: E402

ENGINE = next((word for word in sys.argv if word in ("compiled", "jieba", "rjieba")), None)
THREADS = 16


def samples() -> list[str]:
    return [path.read_text(encoding="utf-8") for path in sorted((default_root() / "samples").glob("*.txt"))]


def authored(count: int) -> list[str]:
    return [unit.text for unit in Corpus(default_root()).authored()][:count]


def tagged(tagger: wuxing_nlp.Tagger, texts: Sequence[str]) -> str:
    """All of what is said of the texts, to the last digit, as one hash."""
    documents = [tagger.tag(text, probabilities=True).to_dict() for text in texts]
    exact = [tagger.probabilities(texts).tobytes(), tagger.letter_probabilities(texts).tobytes()]
    return sha256(b"".join([json.dumps(documents).encode(), *exact])).hexdigest()


def fingerprint() -> None:
    """Print what the samples and some authored units come to: to the last digit, and codes and
    evidence alone, which the compiled code does not change (it adds up in another order)."""
    tagger = wuxing_nlp.load(engine=ENGINE)
    texts = [*samples(), *authored(200)]
    units = [unit for text in texts for unit in tagger.tag(text).units]
    places = [(e.start, e.end) for unit in units for tag in unit.tags for e in tag.evidence]
    coarse = [(unit.start, unit.end, unit.kind, unit.status, unit.codes) for unit in units], places
    print(tagged(tagger, texts), sha256(repr(coarse).encode()).hexdigest())


def at_once(work: Callable[[], object]) -> list[object]:
    """What threads that begin together give."""
    barrier = threading.Barrier(THREADS)

    def begin(_: int) -> object:
        barrier.wait()
        return work()

    with ThreadPoolExecutor(THREADS) as threads:
        return list(threads.map(begin, range(THREADS)))


def first_use() -> None:
    """Nothing is loaded before sixteen threads come for it; all get one segmenter and one answer."""
    sys.setswitchinterval(1e-5)
    assert len(set(map(id, at_once(lambda: segmenter(ENGINE))))) == 1
    taggers: list[wuxing_nlp.Tagger] = []
    answers = at_once(lambda: taggers.append(wuxing_nlp.load(engine=ENGINE)))
    assert len(answers) == len(taggers) == THREADS
    shared = taggers[0]
    expected = tagged(taggers[1], samples()[:1])
    assert set(at_once(partial(tagged, shared, samples()[:1]))) == {expected}


def shared() -> None:
    """One tagger, sixteen threads, a thousand units each, in an order of its own."""
    sys.setswitchinterval(1e-5)
    tagger = wuxing_nlp.load(engine=ENGINE)
    texts = authored(1000)
    expected = dict(zip(texts, tagger.tag_units(texts), strict=True))
    turns = iter(range(THREADS))

    def work() -> bool:
        first = next(turns) * 61
        own = texts[first:] + texts[:first]
        found = [unit for at in range(0, len(own), 50) for unit in tagger.tag_units(own[at : at + 50])]
        return found == [expected[text] for text in own]

    assert at_once(work) == [True] * THREADS


def _in_a_child(_: int) -> str:
    return tagged(wuxing_nlp.load(engine=ENGINE), samples()[:2])


def processes() -> None:
    """Forked, spawned and served processes, after use and beside a thread that tags, say the same."""
    tagger = wuxing_nlp.load(engine=ENGINE)
    expected = tagged(tagger, samples()[:2])
    for way in multiprocessing.get_all_start_methods():
        with ProcessPoolExecutor(2, multiprocessing.get_context(way)) as pool:
            assert list(pool.map(_in_a_child, range(4))) == [expected] * 4, way
    assert tagged(tagger, samples()[:2]) == expected
    if hasattr(os, "fork"):
        assert _forked(tagger) == expected


def _forked(tagger: wuxing_nlp.Tagger) -> str:
    """What a bare fork says with its parent's tagger."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.write(writing, tagged(tagger, samples()[:2]).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, encoding="ascii") as pipe:
        said = pipe.read()
    assert os.waitpid(child, 0)[1] == 0
    return said


WAYS = {way.__name__: way for way in (fingerprint, first_use, shared, processes)}

if __name__ == "__main__":
    for word in sys.argv[1:]:
        if word in WAYS:
            WAYS[word]()
