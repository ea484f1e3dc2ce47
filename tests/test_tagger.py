"""The contract of the Python API, with the shipped model: what other programs rely on."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest

import wuxing_nlp
from wuxing_nlp.coding import Corpus, default_root
from wuxing_nlp.errors import BundleError, PreferenceError, SegmenterError
from wuxing_nlp.model import tagger as tagger_module
from wuxing_nlp.model.bundle import Model, save
from wuxing_nlp.model.preference import Preference
from wuxing_nlp.model.results import Status
from wuxing_nlp.model.tagger import shipped_bundle
from wuxing_nlp.model.training_set import TrainingSet

BOOK = wuxing_nlp.load_codebook()
SAMPLES = sorted((default_root() / "samples").glob("*.txt"))
DOCUMENT = """目录
一、总体要求……………1
二、重点任务……………3

关于持续改进机关作风的通知

一、总体要求
各部门要坚决整治推诿扯皮、敷衍塞责的问题，让群众少跑腿、好办事。今年小麦播种面积与上年持平。
要深入學習貫徹黨的創新理論，堅定不移全面從嚴治黨。
通知。
Please contact the office for details.
第 3 页
打印本页 | 关闭窗口
"""


@pytest.fixture(scope="module")
def authored() -> list[str]:
    return [unit.text for unit in Corpus(default_root()).authored()[::7]]


def assert_contract(unit: wuxing_nlp.TaggedUnit, text: str) -> None:
    """Everything that the issue promises of one unit of ``text``."""
    assert text[unit.start : unit.end] == unit.text
    assert unit.kind in ("sentence", "heading", "furniture")
    assert unit.status in ("labelled", "none", "abstained", "too_short", "not_chinese")
    assert unit.codes == BOOK.check(unit.codes) == tuple(sorted(unit.codes))
    assert unit.labels == {code[0] for code in unit.codes} <= set(BOOK.letters)
    assert bool(unit.codes) == (unit.status == "labelled")
    assert unit.kind != "furniture" or not unit.codes
    assert tuple(tag.code for tag in unit.tags) == unit.codes
    for tag in unit.tags:
        assert_tag(tag, unit)


def assert_tag(tag: wuxing_nlp.Tag, unit: wuxing_nlp.TaggedUnit) -> None:
    assert tag.name == BOOK.name(tag.code)
    assert 0 < tag.probability < 1
    stances = {"!": "exists", "-": "tackled", "!-": "both"}
    assert tag.stance == stances.get(tag.code[1:])
    assert isinstance(tag.evidence, tuple)
    assert len(tag.evidence) <= 3
    weights = [span.weight for span in tag.evidence]
    assert weights == sorted(weights, reverse=True)
    assert all(weight > 0 for weight in weights)
    for span in tag.evidence:
        assert unit.start <= span.start < span.end <= unit.end
    for first, second in pairwise(sorted(tag.evidence, key=lambda span: span.start)):
        assert first.end <= second.start


def test_the_public_face() -> None:
    for name in (
        "load",
        "Tagger",
        "TaggedDocument",
        "TaggedUnit",
        "Tag",
        "Evidence",
        "Profile",
        "Preference",
    ):
        assert name in wuxing_nlp.__all__
        assert getattr(wuxing_nlp, name).__doc__
    assert (Path(wuxing_nlp.__file__).parent / "py.typed").is_file()


def test_the_contract_of_a_document(tagger: wuxing_nlp.Tagger) -> None:
    doc = tagger.tag(DOCUMENT)
    assert isinstance(doc, wuxing_nlp.TaggedDocument)
    assert isinstance(doc.profile, wuxing_nlp.Profile)
    assert doc.script.script == "mixed"
    assert doc.model == tagger.model.name
    assert doc.model.startswith("wuxing-default ")
    assert doc.prefer == tagger.prefer == "balanced"
    for unit in doc.units:
        assert isinstance(unit, wuxing_nlp.TaggedUnit)
        assert_contract(unit, DOCUMENT)
    for first, second in pairwise(doc.units):
        assert first.end <= second.start
    visible = "".join(DOCUMENT.split())
    assert "".join("".join(unit.text for unit in doc.units).split()) == visible


def test_the_units_of_the_document(tagger: wuxing_nlp.Tagger) -> None:
    units = {unit.text: unit for unit in tagger.tag(DOCUMENT).units}
    assert units["一、总体要求"].kind == "heading"
    english = "Please contact the office for details."
    for text in ("目录", "一、总体要求……………1", "第 3 页", "打印本页 | 关闭窗口", english):
        assert units[text].kind == "furniture"
        assert (units[text].status, units[text].codes) == ("none", ())
    tackled = units["各部门要坚决整治推诿扯皮、敷衍塞责的问题，让群众少跑腿、好办事。"]
    assert tackled.kind == "sentence"
    assert "P-" in tackled.codes
    assert "Z" in units["要深入學習貫徹黨的創新理論，堅定不移全面從嚴治黨。"].labels
    assert units["今年小麦播种面积与上年持平。"].status == "none"
    assert units["通知。"].status == "too_short"


def test_every_status_can_be_reached(tagger: wuxing_nlp.Tagger, authored: list[str]) -> None:
    units = tagger.tag_units([*authored, "通知。", "", "Please contact the office for details."])
    assert {unit.status for unit in units} == set(get_args(Status))
    assert [unit.status for unit in units[-3:]] == ["too_short", "too_short", "not_chinese"]


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("", "too_short"),
        (" \n\u3000", "too_short"),
        ("。", "too_short"),
        ("2025", "too_short"),
        ("通知书", "too_short"),
        ("annual report of the county government", "not_chinese"),
        ("отчёт о работе", "not_chinese"),
        ("作風報告 of the county government for the year", "not_chinese"),
        ("\ud800", "too_short"),
    ],
)
def test_what_cannot_be_judged_says_why(tagger: wuxing_nlp.Tagger, text: str, status: str) -> None:
    (unit,) = tagger.tag_units([text])
    assert (unit.status, unit.codes, unit.tags, unit.labels) == (status, (), (), frozenset())
    assert tagger.probabilities([text]).tolist() == [[0.0] * 30]
    assert tagger.letter_probabilities([text]).tolist() == [[0.0] * 10]


def test_lines_of_a_document_that_is_not_chinese_say_so(tagger: wuxing_nlp.Tagger) -> None:
    lines = ["Annual report of the county government", "Offices were merged. 作風報告", "- 3 -", "отчёт"]
    document = tagger.tag("\n".join(lines))
    assert [unit.text for unit in document.units] == lines
    assert [unit.status for unit in document.units] == ["not_chinese", "not_chinese", "none", "not_chinese"]
    assert (document.profile.coded, document.profile.statuses) == (0, {"not_chinese": 3, "none": 1})


def test_lines_in_other_scripts_of_a_chinese_document_are_furniture(tagger: wuxing_nlp.Tagger) -> None:
    line = "Annual report of the county government"
    document = tagger.tag(f"{line}\n" + "坚决整治推诿扯皮，把群众的事办好。\n" * 3)
    assert (document.units[0].kind, document.units[0].status) == ("furniture", "none")


def test_tag_units_keeps_order_and_count(tagger: wuxing_nlp.Tagger, authored: list[str]) -> None:
    texts = ["", *authored[:40], "", "坚决整治推诿扯皮。\n\n把群众的事办好。", "\n", authored[0]]
    units = tagger.tag_units(texts)
    assert isinstance(units, list)
    assert len(units) == len(texts)
    for unit, text in zip(units, texts, strict=True):
        assert unit.kind == "sentence"
        assert_contract(unit, text)
        assert (unit.start, unit.end) == (0, len(text)) or not text.strip()
    assert units[1] == units[-1]
    assert tagger.tag_units([]) == []


def test_probabilities_have_the_shape_and_the_range(tagger: wuxing_nlp.Tagger, authored: list[str]) -> None:
    likely = tagger.probabilities(authored[:50])
    letters = tagger.letter_probabilities(authored[:50])
    assert likely.dtype == np.float64
    assert likely.shape == (50, len(tagger.codes)) == (50, 30)
    assert letters.shape == (50, len(tagger.letters)) == (50, 10)
    assert ((likely > 0) & (likely < 1)).all()
    parents = [tagger.letters.index(code[0]) for code in tagger.codes]
    assert (likely <= letters[:, parents]).all()
    assert tagger.probabilities([]).shape == (0, 30)
    assert tagger.letter_probabilities([]).shape == (0, 10)
    assert (tagger.codes, tagger.letters) == (BOOK.codes, BOOK.letters)


def test_tags_carry_the_probabilities_of_the_api(tagger: wuxing_nlp.Tagger, authored: list[str]) -> None:
    units = tagger.tag_units(authored[:150])
    likely = tagger.probabilities(authored[:150])
    letters = tagger.letter_probabilities(authored[:150])
    thresholds = tagger.rule.letter_thresholds
    for row, (unit, of_letters) in enumerate(zip(units, letters, strict=True)):
        for tag in unit.tags:
            columns = [tagger.codes.index(base) for base in BOOK.base([tag.code])]
            assert tag.probability == likely[row, columns].max()
        if unit.status != "too_short":
            found = {letter for at, letter in enumerate(tagger.letters) if of_letters[at] >= thresholds[at]}
            assert unit.labels == found


def test_nearly_every_tag_has_evidence(tagger: wuxing_nlp.Tagger, authored: list[str]) -> None:
    tags = [tag for unit in tagger.tag_units(authored) for tag in unit.tags]
    assert len(tags) > 500
    assert np.mean([bool(tag.evidence) for tag in tags]) > 0.99


def test_a_units_result_depends_on_nothing_but_its_text(
    tagger: wuxing_nlp.Tagger, authored: list[str]
) -> None:
    texts = authored[:60]
    together = tagger.tag_units(texts)
    assert [tagger.tag_units([text])[0] for text in texts] == together
    mixed = list(range(len(texts)))
    random.Random(0).shuffle(mixed)
    assert tagger.tag_units([texts[at] for at in mixed]) == [together[at] for at in mixed]
    assert np.array_equal(
        tagger.probabilities(texts), np.vstack([tagger.probabilities([text]) for text in texts])
    )


def test_a_sentences_neighbours_do_not_change_it(tagger: wuxing_nlp.Tagger) -> None:
    sentence = "各部门要坚决整治推诿扯皮、敷衍塞责的问题，让群众少跑腿、好办事。"
    alone = tagger.tag(sentence).units[0]
    for before in (
        "今年小麦播种面积与上年持平。",
        "要深入學習貫徹黨的創新理論。\n",
        "一、总体要求\n",
        "\n\n",
    ):
        unit = tagger.tag(f"{before}{sentence}\n縣政府辦公室\n").units[-2]
        assert unit.text == sentence
        assert (unit.codes, unit.status) == (alone.codes, alone.status)
        for tag, other in zip(unit.tags, alone.tags, strict=True):
            assert tag.probability == other.probability
            assert [(span.start - unit.start, span.weight) for span in tag.evidence] == [
                (span.start, span.weight) for span in other.evidence
            ]


def test_tag_many_is_lazy_and_in_order(tagger: wuxing_nlp.Tagger) -> None:
    taken: list[int] = []

    def texts() -> Iterator[str]:
        for at in range(3):
            taken.append(at)
            yield f"第{at}号文件要求坚决整治推诿扯皮。"

    documents = tagger.tag_many(texts())
    assert taken == []
    first = next(documents)
    assert taken == [0]
    assert first.units[0].text.startswith("第0号")
    assert [doc.units[0].text[1] for doc in documents] == ["1", "2"]
    assert list(tagger.tag_many([])) == []
    assert next(doc.units for doc in tagger.tag_many(["", "。"])) == ()


def test_a_document_is_not_one_unit_to_tag_units_and_one_to_tag(tagger: wuxing_nlp.Tagger) -> None:
    text = "坚决整治推诿扯皮。把群众的事办好。"
    assert len(tagger.tag(text).units) == 2
    assert len(tagger.tag_units([text])) == 1


def test_sixteen_threads_share_one_tagger(tagger: wuxing_nlp.Tagger) -> None:
    texts = [path.read_text(encoding="utf-8") for path in SAMPLES] * 4
    expected = [tagger.tag(text) for text in texts[: len(SAMPLES)]] * 4
    with ThreadPoolExecutor(16) as pool:
        assert list(pool.map(tagger.tag, texts)) == expected


def test_two_loads_give_the_same(tagger: wuxing_nlp.Tagger) -> None:
    again = wuxing_nlp.load(shipped_bundle())
    assert again.tag(DOCUMENT) == tagger.tag(DOCUMENT)
    assert wuxing_nlp.load(str(shipped_bundle())).model.name == tagger.model.name


def test_a_path_without_a_bundle_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="is no model bundle"):
        wuxing_nlp.load(tmp_path)


def test_a_package_without_its_model_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tagger_module, "__file__", str(tmp_path / "wuxing_nlp" / "model" / "tagger.py"))
    with pytest.raises(BundleError, match="the shipped model is not there; reinstall wuxing_nlp"):
        wuxing_nlp.load()
    inside = tmp_path / "wuxing_nlp" / "models" / "default"
    inside.mkdir(parents=True)
    (inside / "manifest.json").touch()
    assert shipped_bundle() == inside


def test_untrained_labels_are_told(small_model: Model) -> None:
    names = {
        name for name, known in zip(small_model.outputs.names, small_model.trained, strict=True) if known
    }
    assert set(wuxing_nlp.Tagger(small_model).untrained) == set(small_model.outputs.names) - names != set()


def test_a_preference_trades_one_error_for_the_other(
    small_model: Model, small_set: TrainingSet, tmp_path: Path
) -> None:
    """Fewer labels or more, each with the same probability; what is left without is doubted by the
    thresholds in use."""
    save(small_model, tmp_path / "small", "card")
    taggers = {prefer: wuxing_nlp.load(tmp_path / "small", prefer=prefer) for prefer in Preference}
    texts = [unit.text for unit in small_set.units]
    probabilities = taggers[Preference.BALANCED].probabilities(texts[:20])
    results = {prefer: tagger.tag_units(texts) for prefer, tagger in taggers.items()}
    rows = zip(
        *(results[prefer] for prefer in (Preference.PRECISION, Preference.BALANCED, Preference.RECALL)),
        strict=True,
    )
    for precise, balanced, wide in rows:
        assert precise.labels <= balanced.labels <= wide.labels
        assert set(precise.tags) <= set(balanced.tags) <= set(wide.tags)
    for prefer, tagger in taggers.items():
        assert tagger.prefer is prefer
        assert np.array_equal(tagger.probabilities(texts[:20]), probabilities)
        likely = tagger.letter_probabilities(texts) / tagger.rule.letter_thresholds
        for unit, nearest in zip(results[prefer], likely.max(axis=1), strict=True):
            if unit.status not in ("too_short", "not_chinese"):
                unlabelled = "abstained" if nearest >= tagger.rule.doubt else "none"
                assert unit.status == ("labelled" if nearest >= 1 else unlabelled)
    counts = [sum(len(unit.labels) for unit in results[prefer]) for prefer in Preference]
    assert counts[Preference.PRECISION.row] < counts[Preference.BALANCED.row] < counts[Preference.RECALL.row]


def test_a_document_says_what_was_preferred(small_model: Model, tmp_path: Path) -> None:
    save(small_model, tmp_path / "small", "card")
    doc = wuxing_nlp.load(tmp_path / "small", prefer="recall").tag(DOCUMENT)
    assert doc.prefer is Preference.RECALL
    assert doc.to_dict()["prefer"] == "recall"


def test_what_cannot_be_preferred_is_refused(small_model: Model) -> None:
    with pytest.raises(
        PreferenceError, match="no preference 'f2'; prefer one of: balanced, precision, recall"
    ):
        wuxing_nlp.Tagger(small_model, prefer="f2")
    known = small_model.calibration
    old = replace(
        small_model,
        calibration=replace(known, letter_thresholds=known.letter_thresholds[:1], doubts=known.doubts[:1]),
    )
    assert wuxing_nlp.Tagger(old).prefer == "balanced"
    with pytest.raises(
        PreferenceError, match=r"no thresholds for recall, only for balanced, .* train it anew"
    ):
        wuxing_nlp.Tagger(old, prefer="recall")


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_sample_is_tagged_by_the_contract(tagger: wuxing_nlp.Tagger, path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    doc = tagger.tag(text)
    for unit in doc.units:
        assert_contract(unit, text)
    assert doc.profile.coded > 10
    assert any(unit.codes for unit in doc.units)


def test_the_samples_show_every_letter(tagger: wuxing_nlp.Tagger) -> None:
    assert len(SAMPLES) >= 6
    found = frozenset[str]().union(
        *(unit.labels for path in SAMPLES for unit in tagger.tag(path.read_text(encoding="utf-8")).units)
    )
    assert found == set(BOOK.letters)


def test_both_scripts_of_a_sample_get_the_same_codes(tagger: wuxing_nlp.Tagger) -> None:
    convert = converter("s2t")
    for path in SAMPLES:
        text = path.read_text(encoding="utf-8")
        if tagger.tag(text).script.script != "simplified":
            continue
        traditional = convert(text)
        assert traditional != text
        there, here = tagger.tag(traditional), tagger.tag(text)
        assert there.script.script == "traditional"
        assert [unit.codes for unit in there.units] == [unit.codes for unit in here.units]


def converter(name: str) -> Callable[[str], str]:
    opencc = pytest.importorskip("opencc")
    convert: Callable[[str], str] = opencc.OpenCC(name).convert
    return convert


@pytest.fixture(scope="module")
def some_units(shared_units: list[dict[str, Any]]) -> list[str]:
    return [unit["text"] for unit in random.Random(3).sample(shared_units, 1500)]


@pytest.fixture(scope="module")
def their_codes(tagger: wuxing_nlp.Tagger, some_units: list[str]) -> list[tuple[str, ...]]:
    return [unit.codes for unit in tagger.tag_units(some_units)]


@pytest.mark.parametrize(("name", "least"), [("s2t", 0.99), ("s2tw", 0.99), ("s2hk", 0.99), ("s2twp", 0.97)])
def test_a_traditional_text_gets_the_codes_of_the_simplified(
    tagger: wuxing_nlp.Tagger,
    some_units: list[str],
    their_codes: list[tuple[str, ...]],
    name: str,
    least: float,
) -> None:
    converted = [unit.codes for unit in tagger.tag_units([*map(converter(name), some_units)])]
    assert sum(map(bool, their_codes)) > 500
    same = [one == other for one, other in zip(converted, their_codes, strict=True)]
    assert np.mean(same) >= least


def test_every_unit_of_real_documents_stands_where_it_says(
    tagger: wuxing_nlp.Tagger, shared_documents: list[dict[str, Any]]
) -> None:
    for document in shared_documents:
        assert_places(tagger, document["text"])


def test_every_unit_of_converted_documents_stands_where_it_says(
    tagger: wuxing_nlp.Tagger, shared_documents: list[dict[str, Any]]
) -> None:
    convert = converter("s2t")
    for document in shared_documents[::3]:
        assert_places(tagger, convert(document["text"]))


def assert_places(tagger: wuxing_nlp.Tagger, text: str) -> None:
    units = tagger.tag(text).units
    assert units
    assert [text[unit.start : unit.end] for unit in units] == [unit.text for unit in units]
    assert all(first.end <= second.start for first, second in pairwise(units))
    assert all(unit.text.strip() for unit in units)
    spans = [(s, unit) for unit in units for tag in unit.tags for s in tag.evidence]
    assert all(unit.start <= s.start < s.end <= unit.end for s, unit in spans)


ODD = ["", "通知。", "Please contact the office for details.", " \n", "今年小麦播种面积与上年持平。"]


def test_codes_alone_are_those_of_the_tagged_units(tagger: wuxing_nlp.Tagger, authored: list[str]) -> None:
    units = [*authored[:300], *ODD]
    codes = tagger.code_units(units)
    assert codes == [unit.codes for unit in tagger.tag_units(units)]
    assert sum(map(bool, codes)) > 100
    assert tagger.code_units(iter(units)) == codes
    assert tagger.code_units([]) == []


def test_without_evidence_all_else_is_the_same(tagger: wuxing_nlp.Tagger, authored: list[str]) -> None:
    units = [*authored[:60], *ODD]
    bare = [
        replace(unit, tags=tuple(replace(tag, evidence=()) for tag in unit.tags))
        for unit in tagger.tag_units(units)
    ]
    assert tagger.tag_units(units, evidence=False) == bare
    whole, quick = tagger.tag(DOCUMENT), tagger.tag(DOCUMENT, evidence=False)
    assert quick.profile == whole.profile
    assert list(tagger.tag_many([DOCUMENT], evidence=False)) == [quick]
    assert all(not tag.evidence for unit in quick.units for tag in unit.tags)
    assert any(tag.evidence for unit in whole.units for tag in unit.tags)


def test_the_size_of_a_batch_changes_nothing(
    tagger: wuxing_nlp.Tagger, authored: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    units = [*authored[:40], *ODD]
    answers = (tagger.code_units, tagger.tag_units, tagger.probabilities, tagger.letter_probabilities)
    at_once = [answer(units) for answer in answers]
    monkeypatch.setattr(tagger_module, "BATCH", 7)
    for answer, expected in zip(answers, at_once, strict=True):
        assert (
            np.array_equal(answer(units), expected)
            if isinstance(expected, np.ndarray)
            else (answer(units) == expected)
        )
    assert tagger.probabilities([]).shape == (0, len(tagger.codes))


def test_both_engines_give_the_same_codes(tagger: wuxing_nlp.Tagger, authored: list[str]) -> None:
    other = wuxing_nlp.Tagger(tagger.model, engine="jieba")
    assert other.tag_units(authored[:100]) == tagger.tag_units(authored[:100])


def test_an_unknown_engine_is_named() -> None:
    with pytest.raises(SegmenterError, match=r"there is no engine 'hanlp'.*compiled, rjieba, jieba"):
        wuxing_nlp.load(engine="hanlp")


def test_documents_tagged_together_are_what_each_is_alone(tagger: wuxing_nlp.Tagger) -> None:
    texts = [DOCUMENT, "", "坚决整治推诿扯皮。", "。", DOCUMENT[:60], "only English here"]
    for wanted in ({}, {"evidence": False}, {"probabilities": True}):
        together = tagger.tag_together(texts, **wanted)
        assert together == [tagger.tag(text, **wanted) for text in texts]
    assert tagger.tag_together([]) == []


def test_probabilities_are_there_where_they_are_asked_for(tagger: wuxing_nlp.Tagger) -> None:
    units = tagger.tag_units([DOCUMENT.splitlines()[-1], "二是。"], probabilities=True)
    expected = tagger.probabilities([units[0].text])[0]
    assert [units[0].probabilities[code] for code in tagger.codes] == pytest.approx(expected, abs=1e-6)
    assert set(units[0].probabilities) == {*tagger.letters, *tagger.codes}
    assert not units[1].probabilities
    assert not tagger.tag_units([units[0].text])[0].probabilities
    assert len(set(units)) == 2


def test_one_string_in_the_place_of_several_is_an_error(tagger: wuxing_nlp.Tagger) -> None:
    calls = (tagger.tag_units, tagger.code_units, tagger.tag_together, tagger.probabilities)
    for call in (*calls, lambda text: list(tagger.tag_many(text))):
        with pytest.raises(TypeError, match="expected several strings, got one"):
            call("坚决整治推诿扯皮。")
