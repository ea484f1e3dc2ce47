"""What tagging returns: units as plain values, and a document's profile."""

from __future__ import annotations

import dataclasses
import json

import pytest

from wuxing_nlp.codebook import load_codebook
from wuxing_nlp.model.preference import Preference
from wuxing_nlp.model.results import Evidence, Profile, Status, Tag, TaggedDocument, TaggedUnit
from wuxing_nlp.text.script import ScriptProfile
from wuxing_nlp.text.units import Kind

BOOK = load_codebook()


def unit(codes: str = "", status: Status = "labelled", kind: Kind = "sentence") -> TaggedUnit:
    written = BOOK.parse(codes)
    tags = tuple(
        Tag(code, BOOK.name(code), 0.75, BOOK.stance_of(code), (Evidence(0, 2, 1.5),)) for code in written
    )
    return TaggedUnit("坚决整治。", 3, 8, kind, status, written, BOOK.letters_of(written), tags)


UNITS = [
    unit("D2, P-"),
    unit("J!-"),
    unit("D2, D3", kind="heading"),
    unit(status="none"),
    unit(status="abstained"),
    unit(status="too_short"),
    unit(status="not_chinese"),
    unit(status="none", kind="furniture"),
]


def test_a_unit_as_plain_values_has_the_names_of_its_attributes() -> None:
    plain = unit("J!-, D2").to_dict()
    assert [*plain, "probabilities"] == [field.name for field in dataclasses.fields(TaggedUnit)]
    assert json.loads(json.dumps(plain, ensure_ascii=False)) == plain | {"tags": list(plain["tags"])} | {
        "tags": [
            {
                "code": code,
                "name": BOOK.name(code),
                "probability": 0.75,
                "stance": stance,
                "evidence": [{"start": 0, "end": 2, "weight": 1.5}],
            }
            for code, stance in (("D2", None), ("J!-", "both"))
        ]
    }
    assert plain["codes"] == ["D2", "J!-"]
    assert plain["labels"] == ["D", "J"]
    assert (plain["text"], plain["start"], plain["end"]) == ("坚决整治。", 3, 8)


def test_results_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        unit().status = "none"  # type: ignore[misc]


def test_a_profile_counts_units_statuses_letters_and_base_codes() -> None:
    profile = Profile.of(UNITS, BOOK)
    assert profile.units == 8
    assert profile.coded == 5
    assert profile.statuses == {
        "labelled": 3,
        "none": 2,
        "abstained": 1,
        "too_short": 1,
        "not_chinese": 1,
    }
    assert {letter: n for letter, n in profile.letters.items() if n} == {"D": 2, "P": 1, "J": 1}
    assert {code: n for code, n in profile.codes.items() if n} == {
        "D2": 2,
        "D3": 1,
        "P-": 1,
        "J!": 1,
        "J-": 1,
    }
    assert tuple(profile.letters) == BOOK.letters
    assert tuple(profile.codes) == BOOK.codes


def test_shares_are_of_the_coded_units() -> None:
    profile = Profile.of(UNITS, BOOK)
    assert profile.share("D") == 2 / 5
    assert profile.share("J!") == 1 / 5
    assert profile.share("M") == 0


@pytest.mark.parametrize("units", [[], [unit(status="too_short")], [unit(status="none", kind="furniture")]])
def test_where_nothing_is_coded_every_share_is_0(units: list[TaggedUnit]) -> None:
    profile = Profile.of(units, BOOK)
    assert (profile.coded, profile.share("D"), profile.share("P!")) == (0, 0.0, 0.0)


def test_furniture_is_never_counted() -> None:
    profile = Profile.of([unit("D2", kind="furniture")], BOOK)
    assert (profile.units, profile.coded, profile.letters["D"]) == (1, 0, 0)


def test_a_document_as_plain_values() -> None:
    profile = Profile.of(UNITS, BOOK)
    script = ScriptProfile("mixed", "taiwan", 3, 4)
    document = TaggedDocument(tuple(UNITS), profile, script, "name 1 (abc)", Preference.RECALL)
    plain = json.loads(json.dumps(document.to_dict(), ensure_ascii=False))
    assert list(plain) == ["model", "prefer", "script", "profile", "units"]
    assert plain["model"] == "name 1 (abc)"
    assert plain["prefer"] == "recall"
    assert plain["script"] == {"script": "mixed", "region": "taiwan", "traditional": 3, "simplified": 4}
    assert plain["profile"]["shares"] == {letter: profile.share(letter) for letter in BOOK.letters}
    assert plain["profile"]["letters"] == profile.letters
    assert [u["codes"] for u in plain["units"]] == [list(u.codes) for u in UNITS]
