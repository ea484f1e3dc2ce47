"""What to code next: by doubt, by being unlike others, by rare labels, each text once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuxing_nlp.errors import EvaluationError
from wuxing_nlp.evaluation.choosing import (
    MIX,
    NEAR,
    Candidates,
    portions,
    rare,
    shortlist,
    spread,
    text_vectors,
    uncertain,
)

TEXTS = [
    "镇里把三年没有修好的水渠修通了。",
    "镇里把五年没有修好的水渠修通了。",
    "窗口只收一次材料，当天发证。",
    "干部遇到信访户就绕着走。",
    "会议开了十二次，路还是没有动工。",
    "会议开了30次，路还是没有动工。",
    "会议开了7次，路还是没有动工。",
    "企业登记改在手机上办。",
]


def candidates(texts: Sequence[str] = TEXTS) -> Candidates:
    return Candidates(text_vectors(texts))


def none(labels: int) -> tuple[Any, np.ndarray]:
    return text_vectors([]), np.zeros((0, labels))


@given(st.integers(1, 500), st.dictionaries(st.sampled_from(list(MIX)), st.floats(0.01, 9), min_size=1))
def test_shares_add_up_and_none_is_off_by_one(size: int, mix: dict[str, float]) -> None:
    found = portions(size, mix)
    assert list(found) == list(mix)
    assert sum(found.values()) == size
    assert all(abs(found[name] - size * mix[name] / sum(mix.values())) < 1 for name in mix)


def test_the_usual_mix_is_of_all_shares() -> None:
    assert portions(100, MIX) == {"random": 30, "uncertainty": 40, "diversity": 20, "rarity": 10}


@pytest.mark.parametrize(
    ("size", "mix", "said"),
    [
        (10, {"doubt": 1.0}, "no share 'doubt'; there are random, uncertainty"),
        (10, {"random": -1.0, "rarity": 2.0}, "numbers from 0"),
        (10, {"random": float("nan")}, "numbers from 0"),
        (10, {"random": float("inf"), "rarity": 1.0}, "numbers from 0"),
        (10, {"random": 0.0}, "one of them is above 0"),
        (10, {}, "one of them is above 0"),
        (0, {"random": 1.0}, "draw 1 or more"),
    ],
)
def test_what_is_no_mix_is_told(size: int, mix: dict[str, float], said: str) -> None:
    with pytest.raises(EvaluationError, match=said):
        portions(size, mix)


def test_texts_that_say_almost_the_same_are_near_and_others_are_not() -> None:
    cosines = (text_vectors(TEXTS) @ text_vectors(TEXTS).T).toarray()
    assert cosines.diagonal() == pytest.approx(1)
    near = {(a, b) for a in range(8) for b in range(a) if cosines[a, b] >= NEAR}
    # The figures of the last two differ, which does not count; 十二 is no figure, but two characters of 15.
    assert {(1, 0), (6, 5)} <= near <= {(1, 0), (5, 4), (6, 4), (6, 5)}
    assert cosines[6, 5] == pytest.approx(1)
    assert text_vectors([]).shape == (0, text_vectors(["无"]).shape[1])


def test_the_most_doubtful_are_chosen_and_what_is_near_them_is_not() -> None:
    left = candidates()
    assert uncertain([0.9, 0.8, 0.1, 0.7, 0.2, 0.3, 0.4, 0.0], left, 3) == [0, 3, 6]
    assert not left.free[[0, 1, 3, 5, 6]].any()
    assert left.free[[2, 7]].all()
    assert len(uncertain(np.ones(8), candidates(), 8)) < 8


def test_of_equal_doubt_the_first_are_chosen() -> None:
    texts = [chr(0x4E00 + at) * 3 for at in range(60)]
    doubts = [0.5, 0.9] * 30
    assert uncertain(doubts, candidates(texts), 45) == [*range(1, 60, 2), *range(0, 30, 2)]


def test_what_is_near_to_coded_text_is_left_out() -> None:
    left = candidates()
    left.leave_out(text_vectors([*["与此无关的一句话。"] * 300, "会议开了99次，路还是没有动工。"]))
    assert not left.free[[5, 6]].any()
    assert left.free[[0, 1, 2, 3, 7]].all()


def test_the_label_with_the_fewest_is_served_first_by_its_likeliest_unit() -> None:
    likely = np.zeros((8, 3))
    likely[2, 0], likely[3, 0], likely[7, 1], likely[0, 1] = 0.9, 0.6, 0.3, 0.05
    found = rare(likely, [5.0, 4.9, 0.0], candidates(), 4)
    # Nothing carries the third; the second has one likely unit and then 5.2; the first then takes the rest.
    assert found == [(7, 1), (2, 0), (3, 0)]
    assert rare(likely, [0.0, 9.0, 9.0], candidates(), 1) == [(2, 0)]


def test_every_label_gets_positives_though_one_is_everywhere() -> None:
    generator = np.random.default_rng(3)
    texts = ["".join(generator.choice(list("甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳"), 12)) for _ in range(400)]
    truth = np.zeros((400, 3))
    truth[:300, 0] = truth[300:308, 1] = truth[308:312, 2] = 1
    likely = np.clip(truth * 0.6 + generator.uniform(0, 0.08, truth.shape), 0, 1)
    chosen = [place for place, _ in rare(likely, np.zeros(3), candidates(texts), 12)]
    assert (truth[chosen].sum(axis=0) >= [4, 4, 4]).all()


def test_units_unlike_each_other_are_spread_over_what_there_is() -> None:
    generator = np.random.default_rng(0)
    kinds = ["修路架桥通水电", "教师医生护士床", "税费贷款补贴钱", "林木草原水鸟鱼"]
    sizes = (100, 100, 100, 10)
    texts = [
        "".join(generator.choice(list(kind), 9))
        for kind, n in zip(kinds, sizes, strict=True)
        for _ in range(n)
    ]
    likely = np.repeat(np.eye(4), sizes, axis=0)
    chosen = [spread(likely, candidates(texts), none(4), 8, seed) for seed in range(20)]
    assert all(len(set(places)) == 8 for places in chosen)
    assert len({tuple(places) for places in chosen}) > 15
    # Eight at random have one of the ten in 23 % of draws.
    assert np.mean([max(places) >= 300 for places in chosen]) > 0.8
    assert all(likely[places, :3].any(axis=0).all() for places in chosen)


def test_units_are_unlike_what_is_there_in_text_and_in_probability() -> None:
    texts = ["春眠不觉晓处处", "春眠不觉晓", "甲镇的桥修好了，可以走车。", "乙镇的桥修好了，可以走车。"]
    likely = np.array([[0.0], [0.0], [0.0], [1.0]])
    there = text_vectors(["春眠不觉晓处处", texts[2]]), np.zeros((2, 1))
    # The first and the third are there; the second is near to what is there, and so is the text of the
    # fourth, but not its probability.
    times = [spread(likely, candidates(texts), there, 1, seed)[0] for seed in range(40)]
    assert times.count(3) > 35
    assert not {0, 2} & set(times)


def test_of_one_text_the_unit_of_other_probabilities_is_unlike() -> None:
    texts = ["甲镇的桥修好了，可以走车。"] * 2
    there = text_vectors(texts[:1]), np.array([[1.0]])
    chosen = [spread(np.array([[1.0], [0.0]]), candidates(texts), there, 1, seed) for seed in range(20)]
    assert chosen == [[1]] * 20


def test_where_all_are_alike_any_is_drawn_and_no_more_than_there_are() -> None:
    texts = ["同一句话，写了又写。"] * 5
    there = text_vectors(texts[:1]), np.zeros((1, 2))
    assert len(spread(np.zeros((5, 2)), candidates(texts), there, 3, 0)) == 1
    assert spread(np.zeros((0, 2)), candidates([]), there, 3, 0) == []
    assert uncertain([], candidates([]), 3) == []
    assert rare(np.zeros((0, 2)), [0, 0], candidates([]), 3) == []


def test_a_short_list_has_the_doubtful_those_of_rare_labels_and_some_at_random() -> None:
    generator = np.random.default_rng(1)
    doubts, likely = generator.uniform(0, 1, 1000), generator.uniform(0, 0.5, (1000, 2))
    likely[[7, 8], [0, 1]] = 0.9
    doubts[[7, 8]] = 0.0
    listed = shortlist(doubts, likely, seed=0, most=100)
    assert listed.tolist() == sorted(set(listed.tolist()))
    assert len(listed) == 100
    assert {7, 8} <= set(listed.tolist())
    assert set(np.argsort(-doubts)[:50].tolist()) <= set(listed.tolist())
    assert shortlist(doubts, likely, seed=0, most=100).tolist() == listed.tolist()
    assert shortlist(doubts, likely, seed=1, most=100).tolist() != listed.tolist()
    assert shortlist(doubts, likely, seed=0, most=1000).tolist() == list(range(1000))


def test_a_quarter_of_a_short_list_are_the_likeliest_for_any_label() -> None:
    """Label by label, for a rare one's probabilities are all lower than those of another."""
    likely = np.random.default_rng(4).permuted(np.tile(np.arange(1, 401) / 400, (3, 1)), axis=1).T
    likely *= [1.0, 0.1, 0.01]
    doubts = np.arange(400) % 2 / 2
    listed = set(shortlist(doubts, likely, seed=0, most=120).tolist())
    assert set(range(1, 120, 2)) <= listed  # of equal doubt the first
    # Thirty by rank: the ten likeliest for each label, and more where a unit is among two tens.
    assert set(np.argsort(-likely, axis=0)[:10].ravel().tolist()) <= listed


def test_the_same_seed_chooses_the_same() -> None:
    likely = np.random.default_rng(2).uniform(0, 1, (8, 2))
    first, second = (spread(likely, candidates(), none(2), 4, 5) for _ in range(2))
    assert first == second
