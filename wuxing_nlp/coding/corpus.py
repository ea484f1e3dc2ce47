"""The project's own corpus: units written for it, and the codings of real text without the text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from wuxing_nlp.codebook import load_codebook
from wuxing_nlp.coding.files import Problem, check_fields, json_lines, read_units, write_json_lines
from wuxing_nlp.coding.units import CodedUnit, Label
from wuxing_nlp.errors import CodebookError, CorpusError
from wuxing_nlp.text.script import detect_script

_LABEL_STRINGS = ("id", "sha1", "kind", "source", "path", "document", "sample")
_LABEL_FIELDS = (*_LABEL_STRINGS, "codes", "fold", "length")


@dataclass(frozen=True, slots=True)
class Corpus:
    """The corpus folder: ``authored/*.tsv``, ``real/labels.jsonl`` and, once fetched, the real text."""

    root: Path

    @property
    def labels_path(self) -> Path:
        """The codings of real units without their text."""
        return self.root / "real" / "labels.jsonl"

    @property
    def selected_path(self) -> Path:
        """The codings of further real units, chosen because a model was unsure of them."""
        return self.root / "real" / "selected.jsonl"

    @property
    def real_path(self) -> Path:
        """Where ``wuxing corpus fetch`` puts the real units; never part of the repository."""
        return self.root / "real" / "units.jsonl"

    def authored(self) -> list[CodedUnit]:
        """The units written for this project. Raises CorpusError at the first bad line."""
        return read_units(self.root / "authored")

    def labels(self) -> list[Label]:
        """The codings of real units, without their text. Raises CorpusError at the first bad line."""
        return _read_labels(self.labels_path)

    def selected(self) -> list[Label]:
        """The codings of :attr:`selected_path`; none where the corpus has no such file."""
        return _read_labels(self.selected_path) if self.selected_path.is_file() else []

    def real(self) -> list[CodedUnit]:
        """The real units with their text. Raises CorpusError where they have not been fetched."""
        if not self.real_path.is_file():
            raise CorpusError(f"{self.real_path} is not there yet; run: wuxing corpus fetch")
        return read_units(self.real_path)


def default_root() -> Path:
    """The ``corpus`` folder of the repository checkout that this package stands in.

    Raises:
        CorpusError: the package was installed without its repository.
    """
    root = Path(__file__).resolve().parents[2] / "corpus"
    if not (root / "authored").is_dir():
        raise CorpusError(
            f"no corpus at {root}: it is part of the repository, not of the installed package; "
            "name the corpus folder of a checkout"
        )
    return root


def export_labels(units: Iterable[CodedUnit], path: Path | str) -> None:
    """Write the units' codings without their text, one JSON object a line, in the order given."""
    write_json_lines((asdict(Label.of(unit)) for unit in units), Path(path))


def _read_labels(path: Path) -> list[Label]:
    if not path.is_file():
        raise CorpusError(f"{path} does not exist; it is part of the repository's corpus folder")
    labels: dict[str, Label] = {}
    for line, row in json_lines(path):
        if isinstance(row, Problem):
            raise CorpusError(str(row))
        try:
            label = _label(row)
        except (CodebookError, CorpusError) as error:
            raise CorpusError(str(Problem(path, line, str(error)))) from error
        if label.sha1 in labels:
            raise CorpusError(
                str(Problem(path, line, f"the sha1 of {labels[label.sha1].id} again; keep one"))
            )
        labels[label.sha1] = label
    return list(labels.values())


def _label(row: Mapping[str, Any]) -> Label:
    check_fields(row, _LABEL_FIELDS, _LABEL_STRINGS)
    if type(row["length"]) is not int:
        raise CorpusError(f"the field 'length' holds {row['length']!r}; a number of characters is expected")
    fields = {name: row[name] for name in _LABEL_FIELDS}
    return Label(**fields | {"codes": tuple(row["codes"])})


@dataclass(frozen=True, slots=True)
class CorpusStatistics:
    """What some units hold. Counts by code are of base codes (``J!-`` counts for ``J!`` and ``J-``),
    with every code and letter of the codebook in its order, also at 0; kinds and scripts go by count.
    """

    units: int
    """How many units."""
    documents: int
    """How many documents they stand in."""
    without_code: int
    """How many units were coded and carry no code."""
    mean_length: float
    """Characters a unit; 0.0 where there is none."""
    by_code: dict[str, int]
    by_letter: dict[str, int]
    by_kind: dict[str, int]
    by_script: dict[str, int]
    """Units by script: simplified, traditional, mixed, neutral."""


def statistics(units: Iterable[CodedUnit]) -> CorpusStatistics:
    """Count the units by code, letter, kind and script."""
    units = list(units)
    book = load_codebook()
    codes = Counter(code for unit in units for code in book.base(unit.codes))
    letters = Counter(letter for unit in units for letter in unit.letters)
    return CorpusStatistics(
        units=len(units),
        documents=len({unit.document for unit in units}),
        without_code=sum(not unit.codes for unit in units),
        mean_length=sum(len(unit.text) for unit in units) / max(len(units), 1),
        by_code={code: codes[code] for code in book.codes},
        by_letter={letter: letters[letter] for letter in book.letters},
        by_kind=dict(Counter(unit.kind for unit in units).most_common()),
        by_script=dict(Counter(detect_script(unit.text).script for unit in units).most_common()),
    )
