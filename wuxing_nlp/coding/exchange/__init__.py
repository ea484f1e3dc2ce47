"""Round trips: coded units to labelling tools and tables, and back.

``doccano``: JSON lines of text classification. ``label-studio``: JSON with choices, and the labelling
interface. ``csv``, ``xlsx``: a row a unit, a column a label. What was exported comes back unchanged.
"""

from __future__ import annotations

from wuxing_nlp.coding.exchange.exporting import Suggestions, export_units
from wuxing_nlp.coding.exchange.formats import FORMATS
from wuxing_nlp.coding.exchange.importing import Imported, flaws, import_units, told, write_codings
from wuxing_nlp.coding.exchange.label_config import label_config
from wuxing_nlp.coding.exchange.outcomes import Flaw

__all__ = [
    "FORMATS",
    "Flaw",
    "Imported",
    "Suggestions",
    "export_units",
    "flaws",
    "import_units",
    "label_config",
    "told",
    "write_codings",
]
