"""What a sheet of Excel holds, and how XlsxWriter is to write one: text is text there, whatever it
begins with."""

from __future__ import annotations

from datetime import UTC, datetime

MOST_COLUMNS = 16_384
"""Columns of a sheet."""

MOST_ROWS = 1_048_575
"""Rows of a sheet below its header."""

LONGEST_CELL = 32_767
"""UTF-16 code units that Excel keeps in a cell."""

TEXT_IS_TEXT = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
"""Options of a workbook by which a cell is written as what it is."""

MADE = datetime(2000, 1, 1, tzinfo=UTC)
"""When every workbook says that it was made: the same content is the same bytes."""
