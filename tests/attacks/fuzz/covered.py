"""One reader, attacked as by :mod:`tests.attacks.fuzz.child`, where atheris (libFuzzer) chooses: what leads
to lines of ours that no input led to before is kept, and faults are put in it."""

from __future__ import annotations

import sys
from random import Random

import atheris

with atheris.instrument_imports(include=["wuxing_nlp"]):
    from tests.attacks.fuzz.child import Attack, begun, faulty
    from tests.attacks.fuzz.mutations import MOST


def attacked(attack: Attack, sound: list[bytes], seconds: float, seed: int) -> None:
    """Faults until time is over."""
    corpus = attack.folder / "corpus"
    corpus.mkdir(exist_ok=True)
    for number, data in enumerate(sound):
        (corpus / f"sound-{number}").write_bytes(data)

    def feed(data: bytes) -> None:
        attack.feed(data)

    def change(data: bytes, limit: int, number: int) -> bytes:
        return faulty(data, Random(number), attack.target)[:limit]

    # Time and memory are bounded by the process itself.
    bounds = (f"-max_total_time={seconds:.0f}", f"-max_len={MOST}", "-rss_limit_mb=0", "-timeout=1000000")
    options = (*bounds, f"-seed={seed + 1}", "-verbosity=0", f"-artifact_prefix={corpus}/")
    atheris.Setup([sys.argv[0], *options, str(corpus)], feed, custom_mutator=change)
    atheris.Fuzz()


if __name__ == "__main__":
    name, folder, seconds, seed = sys.argv[1:]
    with atheris.instrument_imports(include=["wuxing_nlp"]):
        begin = begun(name, folder)
    attacked(*begin, float(seconds), int(seed))
