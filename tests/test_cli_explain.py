"""``wuxing explain``, as a user calls it."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

import wuxing_nlp
from wuxing_nlp.cli import terminal
from wuxing_nlp.codebook import load_codebook
from wuxing_nlp.model.bundle import Model
from wuxing_nlp.model.preference import Preference

SENTENCE = "坚决整治推诿扯皮。"

Wuxing = Callable[..., tuple[int, str, str]]
Process = Callable[..., subprocess.CompletedProcess[bytes]]


def test_explain_shows_codes_probabilities_and_evidence(wuxing: Wuxing) -> None:
    text = "少数干部遇事推诿扯皮，我们坚决整治形式主义。"
    code, out, err = wuxing("explain", text)
    assert (code, err) == (0, "")
    [unit] = wuxing_nlp.load().tag_units([text])
    assert len(unit.tags) >= 2
    assert f"status: labelled   codes: {','.join(unit.codes)}" in out
    for tag in unit.tags:
        assert f"{tag.code} {tag.name} ({tag.stance}) {tag.probability:.2f}" in out or tag.stance is None
        assert all(f"{span.weight:+.3f}  {text[span.start : span.end]}" in out for span in tag.evidence)
    letters = [line.split()[0] for line in out.split("threshold\n")[1].splitlines()]
    assert sorted(letters) == sorted(load_codebook().letters)


def test_explain_sorts_letters_by_probability(wuxing: Wuxing) -> None:
    _, out, _ = wuxing("explain", SENTENCE)
    rows = [line.split() for line in out.split("threshold\n")[1].splitlines()]
    likely = [float(row[2]) for row in rows]
    assert likely == sorted(likely, reverse=True)
    assert rows[0][0] == "P"
    assert likely[0] > float(rows[0][3])


@pytest.mark.parametrize(
    ("text", "status", "said"),
    [
        ("", "too_short", "fewer than 4 Chinese characters"),
        ("整治", "too_short", "fewer than 4 Chinese characters"),
        ("rectify the style of work", "not_chinese", "less than 30% of its letters are Chinese"),
    ],
)
def test_explain_says_why_a_unit_is_not_judged(wuxing: Wuxing, text: str, status: str, said: str) -> None:
    code, out, _ = wuxing("explain", text)
    assert code == 0
    assert out == f"status: {status}   codes: 0\nnot judged: {said}\n"


def test_explain_a_unit_without_codes(wuxing: Wuxing) -> None:
    _, out, _ = wuxing("explain", "第三中学操场于八月底完工。")
    assert out.startswith("status: none   codes: 0\nletter ")


def test_markup_in_a_text_is_only_text(wuxing: Wuxing) -> None:
    text = "[bold]坚决整治推诿扯皮[/nothing]的干部。"
    code, out, _ = wuxing("explain", text)
    assert code == 0
    assert text in out


def test_evidence_is_highlighted_in_the_text() -> None:
    [unit] = wuxing_nlp.load().tag_units([SENTENCE])
    marked = terminal.highlighted(unit.to_dict(), unit.tags[0].to_dict()["evidence"])
    assert marked.plain == SENTENCE
    spans = {(span.start, span.end) for span in marked.spans}
    assert spans == {(e.start, e.end) for e in unit.tags[0].evidence} != set()


def test_explain_shows_the_thresholds_in_use(wuxing: Wuxing, small_bundle: Path, small_model: Model) -> None:
    for prefer in Preference:
        _, out, _ = wuxing("explain", SENTENCE, "--model", small_bundle, "--prefer", prefer.value)
        rows = [line.split() for line in out.split("threshold\n")[1].splitlines()]
        thresholds = small_model.calibration.rule(prefer).letter_thresholds
        assert {row[0]: row[3] for row in rows} == {
            letter: f"{limit:.3f}" for letter, limit in zip(load_codebook().letters, thresholds, strict=True)
        }


def test_half_a_surrogate_pair_in_an_argument(process: Process) -> None:
    run = process("explain", "坚决整治\udcff推诿扯皮的干部。")
    assert (run.returncode, run.stderr) == (0, b"")
    assert r"坚决整治\udcff推诿扯皮" in run.stdout.decode("utf-8")
