"""The digests that tell whether units were seen before."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from wuxing_nlp.coding import Corpus, default_root
from wuxing_nlp.coding.known import corpus_sha1s, file_sha256
from wuxing_nlp.coding.units import text_sha1
from wuxing_nlp.errors import CorpusError


def test_a_file_and_a_folder_have_a_digest(tmp_path: Path) -> None:
    (tmp_path / "b.csv").write_bytes(b"two")
    (tmp_path / "a.csv").write_bytes(b"one")
    assert file_sha256(tmp_path / "a.csv") == hashlib.sha256(b"one").hexdigest()
    (tmp_path / "folder").mkdir()
    assert file_sha256(tmp_path) == hashlib.sha256(b"onetwo").hexdigest()


def test_the_corpus_knows_its_own_units_and_those_without_text() -> None:
    home = Corpus(default_root())
    known = corpus_sha1s(home)
    assert home.authored()[0].sha1 in known
    assert home.labels()[0].sha1 in known
    assert home.selected()[0].sha1 in known
    assert text_sha1("这一句不在语料里。") not in known


def test_a_corpus_may_lack_its_labels_but_not_its_units(tmp_path: Path) -> None:
    (tmp_path / "authored").mkdir()
    (tmp_path / "authored" / "plan.tsv").write_text(
        "document\tcodes\ttext\n甲\t0\t路通了。\n", encoding="utf-8"
    )
    assert corpus_sha1s(Corpus(tmp_path)) == {text_sha1("路通了。")}
    with pytest.raises(CorpusError):
        corpus_sha1s(Corpus(tmp_path / "nothing"))
