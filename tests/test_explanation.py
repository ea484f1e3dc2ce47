"""Explanation by removal: no more than a tag needs, and all that it needs where three spans are enough."""

from __future__ import annotations

import numpy as np
import pytest

from wuxing_nlp.model import evidence
from wuxing_nlp.model.evidence import MOST_SPANS
from wuxing_nlp.model.explanation import Explainer, Given, without
from wuxing_nlp.model.preference import Preference
from wuxing_nlp.model.tagger import Tagger
from wuxing_nlp.text.script import normalise
from wuxing_nlp.text.segment import segmenter

SENTENCES = [
    "坚决整治推诿扯皮、敷衍塞责的问题，对不担当不作为的干部一律追责问责。",
    "有的同志数据造假、弄虚作假，材料写得漂亮，工作却没有落到实处。",
    "持续开展科技攻关，支持企业建设重点实验室和中试基地。",
    "全面从严治党，严格落实中央八项规定精神，持之以恒正风肃纪。",
    "个别窗口办事拖拉，一份材料批了三个月，群众来回跑了五趟。",
    "要旗帜鲜明讲政治，坚定维护党中央权威和集中统一领导。",
]


@pytest.fixture(scope="module")
def explainer(tagger: Tagger) -> Explainer:
    model = tagger.model
    return Explainer(model.space, model.machines, model.outputs, model.calibration, segmenter().words)


@pytest.fixture(scope="module")
def tags(tagger: Tagger) -> list[Given]:
    found = []
    for sentence in SENTENCES:
        text = normalise(sentence).text
        for code in tagger.code_units([sentence])[0]:
            found.append(Given(text, segmenter().words(text), tagger.model.codebook.base([code])))
    assert len(found) >= len(SENTENCES)
    return found


def letter(tagger: Tagger, tag: Given) -> int:
    return tagger.letters.index(next(iter(tag.codes))[0])


def test_each_span_but_the_last_left_the_tag_standing(
    tagger: Tagger, explainer: Explainer, tags: list[Given]
) -> None:
    thresholds = tagger.model.calibration.rule(Preference.BALANCED).letter_thresholds
    for tag, spans in zip(tags, explainer.evidence(tags), strict=True):
        at = letter(tagger, tag)
        assert 1 <= len(spans) <= MOST_SPANS
        rests = [without(tag.text, spans[:kept]) for kept in range(len(spans) + 1)]
        likely = explainer.letters(rests)[:, at]
        assert (likely[:-1] >= thresholds[at]).all()
        assert likely[-1] < thresholds[at] or spans == strongest(tagger, tag)


def strongest(tagger: Tagger, tag: Given) -> list[tuple[int, int, float]]:
    model = tagger.model
    outputs = sorted({column for code in tag.codes for column in model.outputs.columns(code)})
    [spans] = evidence.strongest(model.space, model.machines, tag.text, tag.words, [outputs])
    return spans


def test_evidence_is_the_strongest_first(tagger: Tagger, explainer: Explainer, tags: list[Given]) -> None:
    for tag, spans in zip(tags, explainer.evidence(tags), strict=True):
        assert spans == strongest(tagger, tag)[: len(spans)]


def test_a_tags_evidence_does_not_depend_on_the_other_tags(explainer: Explainer, tags: list[Given]) -> None:
    together = explainer.evidence(tags)
    assert [explainer.evidence([tag])[0] for tag in tags] == together
    assert explainer.evidence(tags[::-1]) == together[::-1]


def test_a_preference_changes_no_evidence(tagger: Tagger) -> None:
    wide = Tagger(tagger.model, prefer="recall")
    for unit, other in zip(tagger.tag_units(SENTENCES), wide.tag_units(SENTENCES), strict=True):
        assert set(unit.tags) <= set(other.tags)


def test_nothing_to_explain_is_no_evidence(explainer: Explainer) -> None:
    assert explainer.evidence([]) == []


def test_without_cuts_the_spans_out_of_the_text() -> None:
    assert without("一二三四五六", [(4, 5, 1.0), (0, 2, 0.5)]) == "三四六"
    assert without("一二", []) == "一二"


def test_letters_are_the_taggers(tagger: Tagger, explainer: Explainer) -> None:
    texts = [normalise(sentence).text for sentence in SENTENCES]
    assert np.array_equal(explainer.letters(texts), tagger.letter_probabilities(SENTENCES))
