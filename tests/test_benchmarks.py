"""The harness's own arithmetic, on figures that are made up; nothing is timed here."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from benchmarks import bars, guard, timing
from benchmarks.bars import SHARE, VALUE, Bar
from benchmarks.results import Figure, Results
from benchmarks.tables import bars_table, figures_table
from benchmarks.texts import LONGEST, SCRIPTS, SHORTEST, Script, Texts, authored

NAME = "batch/traditional/compiled/codes"


@pytest.fixture(scope="module")
def texts() -> Texts:
    return Texts(authored()[::10])


def one(value: float = 1.0, share: float | None = None, **ratios: float) -> Results:
    """Results of a single figure."""
    return Results({NAME: Figure(value, "units/s", ratios, share)})


def shown(table: object) -> list[str]:
    """The lines of a printed table without the padding, its title left out."""
    printed = StringIO()
    Console(width=200, file=printed).print(table)
    lines = [" ".join(line.split()) for line in printed.getvalue().splitlines()]
    return [line for line in lines if line.startswith("|")]


# ------------------------------------------------------------------------------------------- timing


def test_takers_take_turns_and_the_warm_up_does_not_count() -> None:
    asked: list[tuple[str, int]] = []

    def taker(name: str, seconds: float) -> timing.Taker:
        def take(number: int) -> float:
            asked.append((name, number))
            return seconds + number

        return take

    times = timing.in_turns({"a": taker("a", 10), "b": taker("b", 20)}, 2)
    assert times == {"a": [10, 11], "b": [20, 21]}
    warm_up = timing.WARM_UP
    assert asked == [("a", warm_up), ("b", warm_up), ("a", 0), ("b", 0), ("a", 1), ("b", 1)]


def test_a_ratio_is_of_the_same_round() -> None:
    # The machine is ten times slower in the last two rounds; unpaired medians would say 0.4.
    assert timing.paired_ratio([4, 4, 4, 40, 40], [1, 1, 10, 10, 10]) == 4


def test_a_ratio_of_other_rounds_is_refused() -> None:
    with pytest.raises(ValueError, match="shorter"):
        timing.paired_ratio([1.0, 2.0], [1.0])


def test_ratios_are_to_the_yardsticks_that_took_part() -> None:
    times = {"naive": [6.0], "fastText": [2.0], "ours": [1.0]}
    assert timing.ratios(times, "ours") == {"naive": 6}
    assert timing.ratios(times, "ours", ("naive", "fastText", "absent")) == {"naive": 6, "fastText": 2}
    assert timing.ratios(times, "fastText", ("naive", "fastText")) == {"naive": 3}


@pytest.mark.parametrize("power", [0.5, 1.0, 1.05, 2.0])
def test_the_exponent_of_a_power_is_found(power: float) -> None:
    sizes = [1_000, 10_000, 100_000]
    assert timing.exponent(sizes, [3e-6 * size**power for size in sizes]) == pytest.approx(power)


def test_the_exponent_is_of_least_squares() -> None:
    # The middle point lies off the line through its neighbours and does not tilt it.
    assert timing.exponent([1, 10, 100], [1, 50, 100]) == pytest.approx(1)


def test_percentiles() -> None:
    values = [float(value) for value in range(101)]
    assert timing.percentile(values, 50) == 50
    assert timing.percentile(values, 99) == 99


def test_what_is_timed_keeps_its_answer() -> None:
    seconds, answer = timing.timed(lambda: "answer")
    assert seconds >= 0
    assert answer == "answer"


def test_a_caller_gives_every_text_once_and_keeps_every_call() -> None:
    batches: list[list[str]] = []
    caller = timing.Caller(batches.append, size=2)
    seconds = caller.seconds_a_unit(["a", "b", "c"])
    assert batches == [["a", "b"], ["c"]]
    assert seconds == sum(caller.calls) / 3
    caller.seconds_a_unit(["d"])
    assert len(caller.calls) == 3


# -------------------------------------------------------------------------------------------- texts


@pytest.mark.parametrize("script", SCRIPTS)
def test_units_are_of_one_length_and_no_two_are_equal(texts: Texts, script: Script) -> None:
    units = [unit for number in range(3) for unit in texts.units(1000, script, number, "a")]
    assert len(set(units)) == len(units) == 3000
    assert all(SHORTEST <= len(unit) <= LONGEST for unit in units)
    assert 38 <= sum(map(len, units)) / len(units) <= 40


def test_takers_get_the_same_units_under_other_names(texts: Texts) -> None:
    few, many = texts.units(10, "simplified", 1, "a"), texts.units(20, "simplified", 1, "b")
    assert [unit[4:] for unit in few] == [unit[4:] for unit in many[:10]]
    assert not set(few) & set(many)
    assert few == texts.units(10, "simplified", 1, "a")


def test_the_scripts_hold_the_same_units(texts: Texts) -> None:
    simplified, traditional = (texts.units(50, script, 0, "a") for script in SCRIPTS)
    assert [len(unit) for unit in simplified] == [len(unit) for unit in traditional]
    differ = sum(first != second for first, second in zip(simplified, traditional, strict=True))
    assert differ == 50


def test_a_report_has_headings_and_its_length(texts: Texts) -> None:
    report = texts.report(5000, "traditional", 0, "a")
    lines = report.split("\n")
    assert len(report) == 5000
    assert [line[:2] for line in lines[:4:2]] == ["一、", "二、"]
    assert all(len(line) > SHORTEST for line in lines[1:-1:2])


def test_a_run_has_its_length_and_no_punctuation(texts: Texts) -> None:
    run = texts.run(3000, "simplified", 0, "a")
    assert len(run) == 3000
    assert run.isalpha()


# -------------------------------------------------------------------------------------------- guard


@pytest.mark.parametrize(("now", "lost"), [(7.9, True), (8.1, False), (10.0, False), (30.0, False)])
def test_a_loss_of_21_percent_fails_and_one_of_19_passes(now: float, lost: bool) -> None:
    found = guard.losses({NAME: {"naive": 10.0}}, one(naive=now))
    assert [(loss.figure, loss.yardstick) for loss in found] == ([(NAME, "naive")] if lost else [])


def test_a_loss_says_what_was_lost() -> None:
    (loss,) = guard.losses({NAME: {"naive": 10.0}}, one(naive=7.9))
    assert str(loss) == f"{NAME}: 10 times naive was committed, 7.9 times was measured: 21% lost"


def test_every_ratio_is_guarded() -> None:
    found = guard.losses({NAME: {"naive": 10.0, "fastText": 2.0}}, one(naive=10.0, fastText=1.0))
    assert [loss.yardstick for loss in found] == ["fastText"]


@pytest.mark.parametrize("results", [Results(), one(fastText=1.0)])
def test_a_ratio_that_is_not_measured_any_more_is_lost(results: Results) -> None:
    (loss,) = guard.losses({NAME: {"naive": 10.0}}, results)
    assert str(loss) == f"{NAME}: 10 times naive was committed, and it is not measured any more"


@pytest.mark.parametrize("part", ["fastText", "compiled"])
def test_a_ratio_that_cannot_be_measured_here_is_not_lost(part: str) -> None:
    committed = {NAME: {"fastText": 2.0}, "start/jieba": {"naive": 1.5}}
    found = guard.losses(committed, Results(skipped={part: "not installed"}))
    assert [loss.figure for loss in found] == ["start/jieba"]


def test_what_is_accepted_is_what_is_compared(tmp_path: Path) -> None:
    results = one(naive=12.3456, fastText=1.23456)
    path = tmp_path / "ratios.json"
    guard.write(guard.accepted({}, results), path)
    assert guard.read(path) == {NAME: {"naive": 12.3, "fastText": 1.23}}
    assert guard.losses(guard.read(path), results) == []


def test_accepting_keeps_what_cannot_be_measured_here_and_drops_what_is_gone() -> None:
    committed = {NAME: {"naive": 10.0, "fastText": 2.0}, "batch/gone": {"naive": 1.0}}
    results = one(naive=20.0)
    results.skipped["fastText"] = "not installed"
    assert guard.accepted(committed, results) == {NAME: {"naive": 20.0, "fastText": 2.0}}


def test_nothing_is_committed_at_first(tmp_path: Path) -> None:
    assert guard.read(tmp_path / "ratios.json") == {}


def test_the_committed_ratios_hold_every_bar_on_a_ratio() -> None:
    committed = guard.read()
    on_ratios = [bar for bar in bars.BARS if bar.what not in (VALUE, SHARE)]
    assert len(on_ratios) >= 8
    assert [bar.figure for bar in on_ratios if bar.what not in committed.get(bar.figure, {})] == []
    assert all(ratio > 0 for yardsticks in committed.values() for ratio in yardsticks.values())


# --------------------------------------------------------------------------------------------- bars


@pytest.mark.parametrize(
    ("bar", "verdict"),
    [
        (Bar(NAME, "naive", 15), "PASS"),
        (Bar(NAME, "naive", 15.1), "FAIL"),
        (Bar(NAME, VALUE, 40, at_most=True), "PASS"),
        (Bar(NAME, VALUE, 39, at_most=True), "FAIL"),
        (Bar(NAME, SHARE, 85), "PASS"),
        (Bar(NAME, SHARE, 87), "FAIL"),
        (Bar(NAME, "fastText", 1), "not installed"),
        (Bar("memory/jieba", VALUE, 260), "not measured"),
    ],
)
def test_a_bar_judges_a_value_a_share_or_a_ratio(bar: Bar, verdict: str) -> None:
    results = one(40, share=86, naive=15)
    results.skipped["fastText"] = "not installed"
    assert bar.verdict(results) == verdict


# ------------------------------------------------------------------------------------------ results


def test_figures_are_a_markdown_table() -> None:
    results = one(41234.5, naive=15.04)
    results.figures["stage/score"] = Figure(0.1234, "µs a unit", share=12)
    assert shown(figures_table("speed", results)) == [
        "| figure | value | unit | × naive | % |",
        "|----------------------------------|--------|-----------|---------|----|",
        f"| {NAME} | 41,234 | units/s | 15 | |",
        "| stage/score | 0.123 | µs a unit | | 12 |",
    ]


def test_bars_are_a_markdown_table() -> None:
    lines = shown(
        bars_table([Bar(NAME, "naive", 15, goal=25), Bar(NAME, VALUE, 0.15, at_most=True)], one(naive=20))
    )
    assert lines[2:] == [
        f"| {NAME} | × naive | ≥ 15 | ≥ 25 | 20 | PASS |",
        f"| {NAME} | value | ≤ 0.15 | | 1 | FAIL |",
    ]


def test_results_are_plain_json() -> None:
    results = one(2.0, naive=1.5)
    results.update(Results({"import": Figure(0.2, "s")}, {"fastText": "not installed"}))
    assert json.loads(json.dumps(results.to_dict())) == {
        "figures": {
            NAME: {"value": 2.0, "unit": "units/s", "ratios": {"naive": 1.5}, "share": None},
            "import": {"value": 0.2, "unit": "s", "ratios": {}, "share": None},
        },
        "skipped": {"fastText": "not installed"},
    }
