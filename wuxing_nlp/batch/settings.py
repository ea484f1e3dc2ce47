"""What a run is to do, as one small value that travels to every worker."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from wuxing_nlp.codebook import Codebook
from wuxing_nlp.documents import ReadOptions
from wuxing_nlp.model.bundle import Model, codebook_of, load_model
from wuxing_nlp.model.preference import Preference
from wuxing_nlp.model.tagger import Tagger, load, shipped_bundle


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings of a run.

    Attributes:
        model: a bundle's folder; the shipped model where it is None.
        prefer: what the thresholds make the most of.
        text: False to keep the documents' words out of every output.
        evidence: False to leave the words behind the codes out, which saves a third of the time.
        tables: the formats of the tables, of :data:`wuxing_nlp.batch.tables.FORMATS`.
        options: how documents are read.
    """

    model: Path | None = None
    prefer: Preference = Preference.BALANCED
    text: bool = True
    evidence: bool = True
    tables: tuple[str, ...] = ("csv",)
    options: ReadOptions = field(default_factory=ReadOptions)

    def bundle(self) -> Model:
        """The model alone, which is a small part of a tagger. Raises BundleError as :func:`load_model`."""
        return load_model(self.model or shipped_bundle())

    def codebook(self) -> Codebook:
        """The codebook of the model's labels, read without the model. Raises BundleError."""
        return codebook_of(self.model)

    def tagger(self) -> Tagger:
        """The tagger that the settings ask for. Errors as :func:`wuxing_nlp.load`."""
        return load(self.model, prefer=self.prefer)
