"""The geometry of figures."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuxing_nlp.report.figures import BOTTOM, FEW_UNITS, LEFT, RIGHT, TOP, lines, shade, shade_limits, top_of
from wuxing_nlp.report.tally import Tally


def tally(coded: int, **labels: int) -> Tally:
    return Tally(documents=1, units=coded, coded=coded, labels=Counter(labels))


@given(shares=st.lists(st.floats(0, 1)))
def test_an_axis_ends_where_everything_fits(shares: list[float]) -> None:
    assert max(shares, default=0) <= top_of(shares) <= 1


def test_an_axis_ends_at_the_next_round_share() -> None:
    assert [top_of([share]) for share in (0.0, 0.03, 0.05, 0.12, 1.0)] == [0.002, 0.05, 0.05, 0.2, 1.0]


def test_shades_rise_with_shares_and_the_key_says_how() -> None:
    assert shade(0) == 0
    for step, low, high in shade_limits():
        assert shade(max(low, 1e-9)) == step
        assert shade(high - 1e-9) == step
    assert [step for step, _, _ in shade_limits()] == [1, 2, 3, 4, 5, 6]
    assert shade(1.0) == 6


def test_a_line_goes_from_year_to_year_and_breaks_where_one_is_missing() -> None:
    years = [("2019", tally(100, Z=10)), ("2020", tally(100, Z=50)), ("2022", tally(100)), ("2023", tally(0))]
    [line] = lines(years, ["Z"])
    assert line.top == 0.5
    assert [(point.year, point.share) for point in line.points] == [("2019", 0.1), ("2020", 0.5), ("2022", 0)]
    assert line.points[0].x == LEFT
    assert line.points[-1].x == RIGHT
    assert line.points[1].y == TOP
    assert line.points[2].y == BOTTOM
    assert len(line.paths) == 1
    assert line.paths[0].split()[1] == f"{line.points[1].x},{line.points[1].y}"
    assert line.highest.year == "2020"


def test_lines_share_one_scale() -> None:
    years = [("2020", tally(100, Z=40, C=2)), ("2021", tally(100, Z=10, C=1))]
    assert [line.top for line in lines(years, ["Z", "C"])] == [0.4, 0.4]


@pytest.mark.parametrize(("coded", "few"), [(FEW_UNITS - 1, True), (FEW_UNITS, False)])
def test_years_that_rest_on_few_units_are_known(coded: int, few: bool) -> None:
    [line] = lines([("2020", tally(coded, Z=1)), ("2021", tally(100, Z=1))], ["Z"])
    assert [point.few for point in line.points] == [few, False]


def test_a_year_of_few_units_does_not_set_the_scale() -> None:
    years = [("2019", tally(2, Z=2)), ("2020", tally(100, Z=10)), ("2021", tally(100, Z=20))]
    [line] = lines(years, ["Z"])
    assert line.top == 0.2
    assert [point.y for point in line.points] == [TOP, (TOP + BOTTOM) / 2, TOP]
    assert line.points[0].share == 1
    [alone] = lines(years[:1], ["Z"])
    assert alone.top == 1
