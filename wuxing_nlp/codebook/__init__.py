"""What the labels mean: the codebook as data, and the object that reads it."""

from __future__ import annotations

from wuxing_nlp.codebook.book import (
    Codebook,
    Measure,
    Problem,
    Stance,
    Type,
    load_codebook,
    read_codebook,
)

__all__ = ["Codebook", "Measure", "Problem", "Stance", "Type", "load_codebook", "read_codebook"]
