"""One family of exceptions: what was seen, what was expected, what to do."""

from __future__ import annotations


class WuxingError(Exception):
    """Base of every error that wuxing_nlp raises on purpose; its text is one line for a person."""


class CodebookError(WuxingError):
    """The codebook's data file breaks one of its own rules."""


class LexiconError(WuxingError):
    """The policy lexicon or a variant table breaks one of its own rules."""


class SegmenterError(WuxingError):
    """A segmentation engine that there is not, or that cannot be used here."""


class ConverterError(WuxingError):
    """The Traditional-to-Simplified dictionaries cannot be found or read."""


class DocumentError(WuxingError):
    """A document cannot be read: ``name`` says which, ``seen`` what was wrong, ``advice`` what to do."""

    def __init__(self, name: str, seen: str, advice: str) -> None:
        super().__init__(name, seen, advice)
        self.name = name
        self.seen = seen
        self.advice = advice

    @classmethod
    def of_library(cls, name: str, error: Exception) -> DocumentError:
        """What the failure of a format's library, which nobody foresaw, is to a person."""
        advice = "the file may be damaged: open it in the program that made it and save it again"
        return cls(name, f"its reader failed ({said(error)})", advice)

    def __str__(self) -> str:
        return f"{self.name}: {self.seen}; {self.advice}"


def said(error: BaseException) -> str:
    """What an exception of a library says, as a part of one printable line of ours."""
    line = " ".join(str(error).split())[:200]
    shown = "".join(sign if sign.isprintable() else "\ufffd" for sign in line)
    return f"{type(error).__name__}: {shown}"


class CorpusError(WuxingError):
    """A line of a corpus is not a coded unit; the message names file and line."""


class BundleError(WuxingError):
    """A model bundle is missing, damaged or of another format."""


class PreferenceError(WuxingError):
    """A preference that there is not, or that a model has no thresholds for."""


class TrainingError(WuxingError, ValueError):
    """A corpus from which no sound model can be trained; for scikit-learn, a ValueError."""


class EvaluationError(WuxingError):
    """Codes or probabilities from which no figure can be computed."""


class OutputError(WuxingError):
    """A result cannot be written where it was asked for."""


class ReportError(WuxingError):
    """A folder that no report can be made of, or a grouping that its documents do not have."""


class ClusterError(WuxingError):
    """There is no cluster at an address, or its machines cannot do the work."""


class StrictError(WuxingError):
    """A document failed in a run that was to stop at the first failure."""


class ServiceError(WuxingError):
    """The service cannot be started as it is set up, or cannot be reached."""
