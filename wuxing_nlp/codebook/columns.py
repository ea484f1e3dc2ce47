"""What tables call their columns of labels."""

from __future__ import annotations

from wuxing_nlp.codebook.book import Codebook


def label_name(label: str, codebook: Codebook) -> str:
    """What columns call a letter or base code: ``Z1``, but ``P_exists`` for ``P!``, since R turns the
    signs of both stances into the same dot."""
    stance = codebook.stance_of(label)
    return f"{label[0]}_{stance}" if stance else label
