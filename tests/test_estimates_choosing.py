"""A sheet to learn from, of which the random part still serves an estimate."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from wuxing_nlp.codebook import load_codebook
from wuxing_nlp.coding import CodedUnit, Corpus, default_root
from wuxing_nlp.errors import CorpusError, EvaluationError
from wuxing_nlp.estimates import Choice, Counts, Done, Pool, choose, plan, read_counts, read_done, read_pool
from wuxing_nlp.estimates.counts import sha1
from wuxing_nlp.estimates.pool import Place
from wuxing_nlp.evaluation.choosing import NEAR, text_vectors
from wuxing_nlp.evaluation.doubt import expected_f1

BOOK = load_codebook()


@pytest.fixture(scope="module")
def counts(sampled_run: Path) -> Counts:
    return read_counts(sampled_run)


@pytest.fixture(scope="module")
def pool(sampled_run: Path) -> Pool:
    return read_pool(sampled_run, BOOK)


def coded(texts: Sequence[str], *codes: str) -> list[CodedUnit]:
    return [CodedUnit(f"u{at}", text, codes, "other", f"d{at}") for at, text in enumerate(texts)]


def random_of(choice: Choice) -> list[Place]:
    places = choice.random.places if choice.random else {}
    return [(at, place) for at, numbers in places.items() for place in numbers]


def texts_of(pool: Pool, places: Sequence[Place]) -> list[str]:
    return [pool.texts[pool.same[place]] for place in places]


def test_a_pool_has_every_text_once_and_every_unit(counts: Counts, pool: Pool) -> None:
    assert len(pool.same) == counts.sizes.sum()
    assert len(set(pool.texts)) == len(pool.texts) == len(pool.places) == len(pool.given)
    assert [pool.same[place] for place in pool.places] == list(range(len(pool.places)))
    columns = pool.columns(BOOK.letters)
    rows = list(pool.same.values())
    assert pool.given[rows][:, columns].sum(axis=0).tolist() == counts.codes.sum(axis=0).tolist()
    assert pool.likely[rows][:, columns].sum(axis=0) == pytest.approx(counts.probabilities.sum(axis=0))


def test_shares_have_what_they_are_to_have_and_no_unit_comes_twice(counts: Counts, pool: Pool) -> None:
    choice = choose(counts, pool, 100)
    assert choice.drawn == choice.wanted == {"random": 30, "uncertainty": 40, "diversity": 20, "rarity": 10}
    places = [*random_of(choice), *choice.chosen]
    assert len(set(places)) == 100
    chosen = text_vectors(texts_of(pool, list(choice.chosen)))
    others = text_vectors(texts_of(pool, places))
    near = (chosen @ others.T).toarray() >= NEAR
    assert near.sum(axis=1).tolist() == [1] * 70  # each is near to itself alone
    assert choice.whys.keys() == choice.chosen.keys()
    assert {why.partition(":")[0] for why in choice.whys.values()} == {"uncertainty", "diversity", "rarity"}


def test_the_random_part_is_that_of_an_estimate_whatever_else_is_chosen_or_coded(
    counts: Counts, pool: Pool
) -> None:
    alone = plan(counts, size=30, seed=4)
    texts = [pool.texts[pool.same[at, number]] for at, numbers in alone.places.items() for number in numbers]
    done = Done(coded(texts[:9], "P!"), frozenset(map(sha1, texts[9:20])))
    for choice in (
        choose(counts, pool, 100, seed=4),
        choose(counts, pool, 90, mix={"random": 1, "rarity": 2}, labels=["P"], done=done, seed=4),
    ):
        assert choice.random is not None
        assert choice.random.places == alone.places
        assert choice.random.inclusion.tolist() == [30 / counts.sizes.sum()]


def test_doubt_is_that_of_the_labels_asked_for(counts: Counts, pool: Pool) -> None:
    at = pool.columns(["P"])
    doubts = 1 - expected_f1(pool.given[:, at], pool.likely[:, at])
    choice = choose(counts, pool, 10, mix={"uncertainty": 1}, labels=["P"])
    found = [doubts[pool.same[place]] for place in choice.chosen]
    assert choice.random is None
    assert max(found) == max(doubts)
    assert min(found) >= np.sort(doubts)[-20]  # ten, and what is near them


def test_units_of_a_rare_label_are_found(counts: Counts, pool: Pool) -> None:
    likely = pool.likely[:, pool.columns(["M"])[0]]
    choice = choose(counts, pool, 8, mix={"rarity": 1}, labels=["M"])
    assert np.mean([likely[pool.same[place]] for place in choice.chosen]) > 5 * likely.mean()


def test_what_is_coded_is_not_chosen_nor_what_is_near_it(counts: Counts, pool: Pool) -> None:
    mix = {"uncertainty": 1.0, "rarity": 1.0, "diversity": 1.0}
    first = texts_of(pool, list(choose(counts, pool, 30, mix=mix).chosen))
    own = coded([f"{text}2" for text in first[:15]])
    again = choose(counts, pool, 30, mix=mix, done=Done(own, frozenset(map(sha1, first[15:]))))
    assert len(again.chosen) == 30
    assert not set(texts_of(pool, list(again.chosen))) & set(first)


def test_codings_of_ones_own_count_as_positives(counts: Counts, pool: Pool) -> None:
    likely = pool.likely[:, pool.columns(["F"])[0]]
    for label, other in (("F", "Z"), ("Z", "F")):
        own = coded([f"别处的第{at}句话，{at % 7}说了{at}遍" for at in range(60)], f"{other}0")
        choice = choose(counts, pool, 4, mix={"rarity": 1}, labels=["F", "Z"], done=Done(own))
        assert {likely[pool.same[place]] > 0.5 for place in choice.chosen} == {label == "F"}


def test_the_same_seed_chooses_the_same_and_another_others(counts: Counts, pool: Pool) -> None:
    one, two, three = (choose(counts, pool, 60, seed=seed) for seed in (1, 1, 2))
    assert (random_of(one), one.chosen) == (random_of(two), two.chosen)
    assert random_of(one) != random_of(three)
    assert choose(counts, pool, 5, mix={"diversity": 1}, seed=1).chosen.keys() != (
        choose(counts, pool, 5, mix={"diversity": 1}, seed=2).chosen.keys()
    )


def test_there_may_be_fewer_worth_coding(counts: Counts, pool: Pool) -> None:
    done = Done((), frozenset(map(sha1, pool.texts[5:])))
    choice = choose(counts, pool, 40, mix={"random": 1, "uncertainty": 1}, done=done)
    assert choice.drawn["random"] == 20
    assert choice.drawn["uncertainty"] <= 5


def test_strata_are_those_of_the_random_part(sampled_run: Path, pool: Pool) -> None:
    choice = choose(read_counts(sampled_run, by=["region"]), pool, 40, mix={"random": 1, "diversity": 1})
    assert choice.random is not None
    assert list(choice.random.strata) == ["云南省", "江西省", "湖南省"]
    assert choice.random.takes.sum() == 20


def test_what_cannot_be_drawn_is_told(sampled_run: Path, counts: Counts, pool: Pool) -> None:
    with pytest.raises(EvaluationError, match="random part of the mix: 1 units cannot be drawn"):
        choose(counts, pool, 3)
    with pytest.raises(EvaluationError, match="for estimates only"):
        choose(read_counts(sampled_run, of="documents"), pool, 10)


def test_own_codings_and_the_corpus_are_read(tmp_path: Path) -> None:
    sheet = tmp_path / "own.csv"
    sheet.write_text(
        "text,codes,why\n修一条路。,F2,random\n免一年税。,,random\n花开了。,0,rarity: x\n", "utf-8"
    )
    done = read_done(sheet, default_root(), BOOK)
    assert [(unit.text, unit.codes) for unit in done.own] == [("修一条路。", ("F2",)), ("花开了。", ())]
    assert done.codes(BOOK) == {sha1("修一条路。"): {"F2"}, sha1("花开了。"): set()}
    home = Corpus(default_root())
    assert {unit.sha1 for unit in home.authored()} < done.learnt
    assert {label.sha1 for label in (*home.labels(), *home.selected())} < done.learnt
    assert read_done(None, None, BOOK) == Done()
    tools = load_codebook(Path(__file__).parent / "data" / "policy_tools.toml")
    assert read_done(None, default_root(), tools) == Done()  # coded, but by another codebook
    sheet.write_text("text,codes\n修一条路。,X9\n", "utf-8")
    with pytest.raises(CorpusError, match="unknown code 'X9'"):
        read_done(sheet, None, BOOK)
