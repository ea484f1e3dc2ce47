"""Evidence: exact attribution, and the strongest stretches of words."""

from __future__ import annotations

import math
from collections.abc import Iterable
from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuxing_nlp.codebook import load_codebook
from wuxing_nlp.model import evidence
from wuxing_nlp.model.bundle import Model
from wuxing_nlp.model.evidence import (
    MOST_SPANS,
    Attribution,
    _maximal,
    plain_strongest,
    strongest,
)
from wuxing_nlp.model.features import FeatureSpace
from wuxing_nlp.model.machines import Machines
from wuxing_nlp.model.tagger import Tagger
from wuxing_nlp.text.characters import han_count
from wuxing_nlp.text.script import normalise
from wuxing_nlp.text.segment import segmenter

# Written for these tests; each carries at least one label by the codebook.
SENTENCES = [
    "坚决整治推诿扯皮、敷衍塞责的问题，对不担当不作为的干部一律追责问责。",
    "把12345热线办成群众的贴心热线，群众的事马上就办、办就办好。",
    "有的同志数据造假、弄虚作假，材料写得漂亮，工作却没有落到实处。",
    "持续开展科技攻关，支持企业建设重点实验室和中试基地。",
    "全面从严治党，严格落实中央八项规定精神，持之以恒正风肃纪。",
    "个别窗口办事拖拉，一份材料批了三个月，群众来回跑了五趟。",
    "要旗帜鲜明讲政治，坚定维护党中央权威和集中统一领导。",
    "縣政府決定深化商事制度改革，推動政務服務事項全程網上辦理。",
    "抓作风、转作风，工作纪律松弛、上班迟到早退的现象必须刹住。",
    "解决好群众就业、教育、医疗、住房等急难愁盼问题，增进民生福祉。",
    "对来访群众一推了之，几个部门互相踢皮球，材料在三个科室之间转了两个月，到现在也没有人肯签字。",
    "健全容错纠错机制，旗帜鲜明地为敢于担当的干部撑腰鼓劲，让埋头苦干的人有舞台、有奔头。",
    "年轻干部要到乡镇一线蹲点，在防汛、征迁这样的急难险重任务里练就过硬本领，明年六月以前分三批轮训完毕。",
    "推行证明事项告知承诺制，能下放的审批权限都放到乡镇，群众在家门口就把事情办完，不必再往县城跑。",
]


class Unit:
    """One sentence as the tagger reads it."""

    def __init__(self, tagger: Tagger, sentence: str) -> None:
        self.model = tagger.model
        self.text = normalise(sentence).text
        self.words = segmenter().words(self.text)
        self.row = self.model.space.rows([self.text], [self.words])
        self.attribution = Attribution(self.model.space, self.text, self.words)

    def weights(self, output: int) -> np.ndarray:
        machines = self.model.machines
        return machines.weights[self.attribution.columns, output] * float(machines.scales[output])


@pytest.fixture(scope="module", params=SENTENCES, ids=range(len(SENTENCES)))
def unit(request: pytest.FixtureRequest, tagger: Tagger) -> Unit:
    return Unit(tagger, request.param)


def test_the_parts_sum_to_the_features_part_of_every_score(unit: Unit) -> None:
    machines = unit.model.machines
    margins = machines.margins(unit.row)[0] - machines.biases
    for output in range(len(margins)):
        parts = unit.attribution.by_character(unit.weights(output))
        assert parts.shape == (len(unit.text),)
        assert parts.sum() == pytest.approx(margins[output], abs=1e-5)


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_model_that_knows_cues_attributes_them_too(small_model: Model, sentence: str) -> None:
    unit = Unit(Tagger(small_model), sentence)
    space, machines = small_model.space, small_model.machines
    first = len(space.words) + len(space.characters)
    assert ((first <= unit.attribution.columns) & (unit.attribution.columns < len(space.idf))).any()
    assert (unit.attribution.columns >= len(space) - len(space.classes)).any()
    margins = machines.margins(unit.row)[0] - machines.biases
    for output in range(len(margins)):
        parts = unit.attribution.by_character(unit.weights(output))
        assert parts.sum() == pytest.approx(margins[output], abs=1e-5)


def test_spans_are_few_strong_disjoint_and_made_of_words(unit: Unit) -> None:
    ends = {0, *np.cumsum([len(word) for word in unit.words]).tolist()}
    for output in range(len(unit.model.outputs)):
        weights = unit.weights(output)
        parts = unit.attribution.by_character(weights)
        spans = unit.attribution.spans(weights)
        assert len(spans) <= MOST_SPANS == 3
        assert [weight for _, _, weight in spans] == sorted((w for _, _, w in spans), reverse=True)
        for start, end, weight in spans:
            assert 0 <= start < end <= len(unit.text)
            assert {start, end} <= ends
            assert han_count(unit.text[start:end])
            assert weight > 0
            assert weight == pytest.approx(parts[start:end].sum(), abs=1e-9)
        for (_, end, _), (start, _, _) in pairwise(sorted(spans)):
            assert end <= start


def test_a_feature_that_comes_twice_is_shared_between_its_places() -> None:
    space = FeatureSpace(load_codebook(), ["乙丙丁", "甲"], [], np.array([1.0, 1.0], dtype=np.float32))
    words = ["乙丙丁", "甲", "乙丙丁"]
    attribution = Attribution(space, "".join(words), words)
    parts = attribution.by_character(np.where(attribution.columns == 0, 3.0, -1.0))
    twice = 1 + math.log(2)
    norm = math.hypot(twice, 1)
    expected = [*[twice / norm * 3 / 6] * 3, -1 / norm, *[twice / norm * 3 / 6] * 3]
    assert parts.tolist() == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("text", ["", "，。", "ψω", "抓"])
def test_a_text_without_features_has_no_span(text: str) -> None:
    space = FeatureSpace(load_codebook(), ["无"], [], np.array([1.0], dtype=np.float32))
    words = segmenter().words(text)
    attribution = Attribution(space, text, words)
    assert attribution.by_character(np.zeros(0)).tolist() == [0.0] * len(text)
    assert attribution.spans(np.zeros(0)) == []


COMPILED = pytest.mark.skipif(evidence._native is None, reason="built without a compiler")


def the_same(model: Model, machines: Machines, text: str, tags: list[list[int]]) -> None:
    """Compiled code finds the stretches that Python finds."""
    arguments = model.space, machines, text, segmenter().words(text), tags
    for spans, plain in zip(strongest(*arguments), plain_strongest(*arguments), strict=True):
        assert [span[:2] for span in spans] == [span[:2] for span in plain]
        assert [span[2] for span in spans] == pytest.approx([span[2] for span in plain], abs=1e-12)


@COMPILED
def test_compiled_code_finds_the_stretches_that_python_finds(unit: Unit) -> None:
    book, outputs = unit.model.codebook, unit.model.outputs
    tags = [
        [column for base in sorted(book.base([code])) for column in outputs.columns(base)]
        for code in (*book.codes, "P!-")
    ]
    assert isinstance(unit.model.space.reader, evidence._native.NativeReader)
    the_same(unit.model, unit.model.machines, unit.text, tags)


_PIECE = st.sampled_from("".join(SENTENCES)) | st.sampled_from(
    ["推诿扯皮", "12345", "\n", " ", "A股", "〇", "𠮷"]
)


@COMPILED
@given(
    text=st.lists(_PIECE, max_size=60).map("".join),
    seed=st.integers(0, 2**32 - 1),
    tags=st.lists(st.lists(st.integers(0, 4), max_size=3), max_size=4),
)
def test_compiled_stretches_of_any_text_and_machines_are_those_of_python(
    small_model: Model, text: str, seed: int, tags: list[list[int]]
) -> None:
    generator = np.random.default_rng(seed)
    weights = generator.integers(-127, 128, (len(small_model.space), 5), dtype=np.int8)
    scales = generator.random(5, dtype=np.float32)
    the_same(small_model, Machines(weights, scales, np.zeros(5, dtype=np.float32)), text, tags)


@COMPILED
@pytest.mark.parametrize(
    ("features", "output", "message"), [(0, 2, "have 2"), (0, -1, "have 2"), (-1, 0, "weigh")]
)
def test_machines_that_do_not_fit_are_an_error(
    small_model: Model, features: int, output: int, message: str
) -> None:
    rows = len(small_model.space) + features
    machines = Machines(np.ones((rows, 2), dtype=np.int8), *np.ones((2, 2), dtype=np.float32))
    with pytest.raises((IndexError, ValueError), match=message):
        strongest(small_model.space, machines, "推诿", ["推诿"], [[output]])


def without(sentence: str, spans: Iterable[tuple[int, int]]) -> str:
    for start, end in sorted(spans, reverse=True):
        sentence = sentence[:start] + sentence[end:]
    return sentence


def test_deleting_the_evidence_lowers_the_probability(tagger: Tagger) -> None:
    seen = set[str]()
    for sentence in SENTENCES:
        (tagged,) = tagger.tag_units([sentence])
        for tag in tagged.tags:
            rest = without(sentence, [(span.start, span.end) for span in tag.evidence])
            columns = [tagger.codes.index(base) for base in tagger.model.codebook.base([tag.code])]
            before, after = tagger.probabilities([sentence, rest])[:, columns].max(axis=1)
            assert after < before, (sentence, tag.code, rest)
            seen.add(tag.code[0])
    assert len(seen) >= 6


def test_the_evidence_weighs_more_than_as_much_of_the_rest(tagger: Tagger) -> None:
    """Deleting the evidence costs more than deleting as many characters in a row elsewhere."""
    losses: list[tuple[float, float]] = []
    for sentence in SENTENCES:
        (tagged,) = tagger.tag_units([sentence])
        for tag in tagged.tags:
            spans = [(span.start, span.end) for span in tag.evidence]
            length = sum(end - start for start, end in spans)
            elsewhere = [
                [(at, at + length)]
                for at in range(0, len(sentence) - length, 3)
                if all(at + length <= start or at >= end for start, end in spans)
            ]
            letter = tagger.letters.index(tag.code[0])
            rests = [without(sentence, gone) for gone in (spans, *elsewhere)]
            likely = tagger.letter_probabilities(rests)[:, letter]
            if elsewhere:
                losses.append((float(likely[0]), float(likely[1:].mean())))
    assert len(losses) > 10
    better = [evidence < other for evidence, other in losses]
    assert np.mean(better) > 0.9


def brute_force(scores: list[int]) -> list[tuple[int, int]]:
    """Ruzzo & Tompa's own characterisation (their Proposition 1): every proper part of a maximal
    subsequence scores less, and no longer subsequence around it has that property."""

    def total(first: int, last: int) -> int:
        return sum(scores[first : last + 1])

    everything = [(a, b - 1) for a, b in combinations(range(len(scores) + 1), 2)]

    def parts_score_less(first: int, last: int) -> bool:
        own = total(first, last)
        return own > 0 and all(
            total(a, b) < own for a, b in everything if first <= a and b <= last and (a, b) != (first, last)
        )

    sound = [span for span in everything if parts_score_less(*span)]
    return [(a, b) for a, b in sound if not any(c <= a and b <= d and (c, d) != (a, b) for c, d in sound)]


@given(st.lists(st.integers(-5, 5), max_size=12))
def test_maximal_subsequences_are_those_of_the_definition(scores: list[int]) -> None:
    assert _maximal(scores) == brute_force(scores)


def test_maximal_subsequences_of_the_papers_example() -> None:
    assert _maximal([4, -5, 3, -3, 1, 2, -2, 2, -2, 1, 5]) == [(0, 0), (2, 2), (4, 10)]


def test_maximal_subsequences_of_a_long_unit_are_found_in_linear_steps() -> None:
    """Ever deeper sums are what a search through all earlier entries is quadratic on."""

    class Counted(float):
        compared = 0

        def __ge__(self, other: object) -> bool:
            Counted.compared += 1
            return float(self) >= float(other)  # type: ignore[arg-type]

        def __add__(self, other: float) -> Counted:
            return Counted(float(self) + other)

        __radd__ = __add__

    length = 4000
    spans = _maximal([Counted(1.0 if at % 2 == 0 else -1.01) for at in range(length)])
    assert len(spans) == length // 2
    assert 0 < Counted.compared < 5 * length
