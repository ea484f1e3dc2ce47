"""A program that has a jieba, and settings of its own, and tags: ``python -m tests.attacks.host ENGINE``.

It ends with an error where tagging changes anything of its own, or its own anything of tagging.
"""

from __future__ import annotations

import csv
import decimal
import gc
import io
import json
import locale
import logging
import os
import random
import signal
import sys
import threading
import warnings
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import Any

import jieba
import numpy as np

THEIRS = "放管服改革和营商环境都是县政府办公室今年的重点工作"
OURS = ["坚决整治推诿扯皮、久拖不决，对庸政懒政严肃问责。", "县政务服务中心推行一窗受理，群众少跑腿。"]
WORD = "推诿扯皮久拖"


def settings() -> dict[str, Any]:
    """What belongs to the whole process."""
    return {
        "filters": list(map(repr, warnings.filters)),
        "showwarning": repr(warnings.showwarning),
        "path": list(sys.path),
        "importers": list(map(repr, sys.meta_path)),
        "environment": dict(os.environ),
        "folder": os.getcwd(),
        "locale": locale.setlocale(locale.LC_ALL),
        "signals": {number: repr(signal.getsignal(number)) for number in signal.valid_signals()},
        "random": random.getstate(),
        "numpy": repr(np.random.get_state()),
        "numpy errors": np.geterr(),
        "decimal": repr(decimal.getcontext()),
        "threads": threading.active_count(),
        "frozen": gc.get_freeze_count(),
        "collector": (gc.isenabled(), gc.get_threshold(), list(map(repr, gc.callbacks))),
        "recursion": sys.getrecursionlimit(),
        "switching": sys.getswitchinterval(),
        "hooks": (sys.excepthook, sys.unraisablehook, threading.excepthook, sys.displayhook),
        "streams": (sys.stdout, sys.stderr, sys.stdin, sys.stdout.encoding),
        "cells": csv.field_size_limit(),
        "root": (logging.root.level, list(logging.root.handlers)),
        "disabled": logging.root.manager.disable,
        "temporary": sorted(os.listdir(gettempdir())),
    }


def of_jieba() -> dict[str, Any]:
    """What belongs to jieba's shared tokenizer."""
    logger = jieba.default_logger
    return {
        "ready": jieba.dt.initialized,
        "words": dict(jieba.dt.FREQ),
        "sum": jieba.dt.total,
        "dictionary": jieba.dt.dictionary,
        "tags": dict(jieba.dt.user_word_tag_tab),
        "split": set(jieba.finalseg.Force_Split_Words),
        "logger": (logger.level, list(logger.handlers), logger.propagate, logger.disabled),
        "module": sys.modules["jieba"],
    }


def unchanged(what: Callable[[], dict[str, Any]], before: dict[str, Any], when: str) -> None:
    after = what()
    changed = [name for name in before if before[name] != after[name]]
    assert not changed, f"{when} changed {changed}"


def main(engine: str) -> None:
    """Look at everything, tag, look again; then meddle with jieba, and tag again."""
    general, theirs = settings(), of_jieba()
    assert not theirs["ready"]
    import wuxing_nlp

    unchanged(settings, general, "the import")
    tagger = wuxing_nlp.load(engine=engine)
    tagger.tag("\n".join(OURS))
    wuxing_nlp.read_document("corpus/samples/notice.txt")
    unchanged(settings, general, "tagging")
    unchanged(of_jieba, theirs, "tagging")

    expected = said(tagger)
    jieba.setLogLevel(logging.CRITICAL)
    words, ready = jieba.lcut(THEIRS), of_jieba()
    assert said(wuxing_nlp.load(engine=engine)) == expected
    unchanged(of_jieba, ready, "tagging")
    assert jieba.lcut(THEIRS) == words
    for meddle in MEDDLING:
        meddle()
        before = of_jieba()
        assert said(tagger) == said(wuxing_nlp.load(engine=engine)) == expected, meddle.__name__
        unchanged(of_jieba, before, "tagging")
    beside_threads(tagger, expected)


def said(tagger: Any) -> str:
    """All of what is said of our sentences, and of one that holds the host's word."""
    units = tagger.tag_units([*OURS, f"{WORD}的问题要整治。"], probabilities=True)
    return json.dumps([unit.to_dict() for unit in units])


def add_words() -> None:
    jieba.add_word(WORD, 10**9)
    jieba.add_word("整治推诿", 10**9)
    jieba.suggest_freq(("扯", "皮"), tune=True)


def delete_words() -> None:
    for word in ("坚决", "整治", "群众", "推诿", "放管服"):
        jieba.del_word(word)


def load_own_words() -> None:
    jieba.load_userdict(io.StringIO("庸政懒政严肃 99999999 n\n窗受 99999999\n"))


def set_dictionary() -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder, "dict.txt")
        path.write_text("坚 1000 n\n决整治 100000 n\n", encoding="utf-8")
        jieba.set_dictionary(str(path))
        jieba.dt.cache_file = str(Path(folder, "cache"))
        jieba.initialize()


def break_the_model() -> None:
    for state in "BMES":
        jieba.finalseg.emit_P[state].clear()


MEDDLING = (add_words, delete_words, load_own_words, set_dictionary, break_the_model)


def beside_threads(tagger: Any, expected: str) -> None:
    """The host adds words and cuts in threads of its own, meanwhile."""
    ended = threading.Event()
    wrong: list[BaseException] = []

    def work(number: int) -> None:
        try:
            while not ended.is_set():
                jieba.add_word(f"{WORD}{number}", 1000)
                jieba.lcut(THEIRS)
        except BaseException as error:
            wrong.append(error)
            raise

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    try:
        assert all(said(tagger) == expected for _ in range(20))
    finally:
        ended.set()
        for thread in threads:
            thread.join()
    assert not wrong


if __name__ == "__main__":
    main(sys.argv[1])
