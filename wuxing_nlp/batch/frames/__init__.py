"""Data frames of any library that narwhals knows (pandas, polars, pyarrow, …): one in, the same kind out."""

from __future__ import annotations

from wuxing_nlp.batch.frames.tagging import failed_rows, tag_frame

__all__ = ["failed_rows", "tag_frame"]
