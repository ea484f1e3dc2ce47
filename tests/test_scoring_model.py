"""A model's answers to coded units, and which of them it knows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from wuxing_nlp.coding import CodedUnit
from wuxing_nlp.coding.known import file_sha256
from wuxing_nlp.errors import EvaluationError
from wuxing_nlp.evaluation.scores import score_labels
from wuxing_nlp.evaluation.scoring import Resampling
from wuxing_nlp.model.bundle import Model
from wuxing_nlp.model.scoring import answers, known_units, score_units
from wuxing_nlp.model.tagger import Tagger


def test_answers_are_those_of_the_tagger(small_model: Model, own_units: list[CodedUnit]) -> None:
    tagger = Tagger(small_model)
    texts = [unit.text for unit in own_units[:40]] + ["好。", "Nothing Chinese here."]
    found, unjudged = answers(tagger, texts)
    assert unjudged == 2
    book = small_model.codebook
    assert [unit & set(book.codes) for unit in found.labels] == [
        book.base(codes) for codes in tagger.code_units(texts)
    ]
    assert [unit & set(book.letters) for unit in found.labels] == [
        book.letters_of(unit) for unit in found.labels
    ]
    columns = np.stack([found.probabilities[code] for code in tagger.codes], axis=1)
    np.testing.assert_allclose(columns, tagger.probabilities(texts), atol=1e-6)
    letters = np.stack([found.probabilities[letter] for letter in tagger.letters], axis=1)
    np.testing.assert_allclose(letters, tagger.letter_probabilities(texts), atol=1e-6)


def test_tagging_and_scoring_in_one_go(small_model: Model, own_units: list[CodedUnit]) -> None:
    tagger = Tagger(small_model)
    found = score_units(tagger, own_units[:60], Resampling(draws=20))
    given = [
        small_model.codebook.letters_of(codes) for codes in tagger.code_units(u.text for u in own_units[:60])
    ]
    expected = score_labels([unit.letters for unit in own_units[:60]], given, small_model.codebook.letters)
    averages = {row.label: row.f1.point for row in found.levels["letters"].averages}
    assert averages == {
        "micro": pytest.approx(expected.micro.f1),
        "macro": pytest.approx(expected.macro.f1),
        "weighted": pytest.approx(expected.weighted.f1),
    }
    assert found.documents == len({unit.document for unit in own_units[:60]})
    with pytest.raises(EvaluationError, match="there are no units"):
        score_units(tagger, [])


def test_no_texts_have_no_answers(small_model: Model) -> None:
    found, unjudged = answers(Tagger(small_model), [])
    assert (list(found.labels), unjudged) == ([], 0)


def test_what_a_model_knows(
    small_model: Model, tools_model: Model, own_units: list[CodedUnit], tmp_path: Path
) -> None:
    file = tmp_path / "mine.csv"
    file.write_text("text,codes\n", encoding="utf-8")
    units = [own_units[0], CodedUnit("x", "这一句不在语料里。", (), "other", "甲")]
    assert known_units(small_model, units, file) == [True, False]
    indented = [replace(units[0], text=f"　　{units[0].text} ")]
    assert known_units(small_model, indented, file) == [True]
    facts = {"way": "added", "sha256": "0" * 64}
    of_another = replace(small_model, facts=small_model.facts | {"own": facts})
    assert known_units(of_another, units, file) == [True, False]
    alone = replace(small_model, facts=small_model.facts | {"own": facts | {"way": "alone"}})
    assert known_units(alone, units, file) == [False, False]
    of_this = replace(alone, facts=alone.facts | {"own": facts | {"sha256": file_sha256(file)}})
    assert known_units(of_this, units, file) == [True, True]
    # The corpus teaches no model of other labels.
    assert known_units(tools_model, units, file) == [False, False]
