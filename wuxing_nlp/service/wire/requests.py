"""What callers send."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from wuxing_nlp.model.preference import Preference

_TEXT = "有的干部不敢担当，遇到矛盾绕道走。下一步，持续深化“放管服”改革。"

MinProbability = Annotated[float, Field(ge=0, le=1)]


class TagRequest(BaseModel):
    """Texts to be tagged, and what the answer is to hold."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        use_attribute_docstrings=True,
        json_schema_extra={
            "examples": [
                {"text": _TEXT},
                {"texts": ["着力提升窗口服务水平。", "坚决整治推诿扯皮。"], "cut": False, "evidence": False},
            ],
            "oneOf": [{"required": ["text"]}, {"required": ["texts"]}],
        },
    )

    text: str = Field(default="", json_schema_extra=lambda schema: _without_default(schema))
    """One document's text; or else"""
    texts: list[str] = Field(default=[], json_schema_extra=lambda schema: _without_default(schema))
    """the texts of several."""
    cut: bool = True
    """False where every text is one coding unit already."""
    evidence: bool = True
    """Whether to find the words behind every code."""
    probabilities: bool = False
    """Whether judged units list the probabilities of all labels."""
    min_probability: MinProbability = 0
    """Codes below it are left out; a unit that loses its last one is `abstained`."""
    units_only: bool = False
    """True to leave profile and script out."""
    prefer: Preference = Preference.BALANCED
    """What the thresholds make the most of."""

    @model_validator(mode="after")
    def _one_of_both(self) -> TagRequest:
        if len(self.model_fields_set & {"text", "texts"}) != 1:
            raise ValueError("give text or texts, and not both")
        return self

    def given(self) -> list[str]:
        """The texts, one or several."""
        return [self.text] if "text" in self.model_fields_set else self.texts


class RowsRequest(BaseModel):
    """Rows of a table, each with a document: one job."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        json_schema_extra={"examples": [{"rows": [{"编号": "1", "正文": _TEXT}]}]},
    )

    rows: Annotated[list[dict[str, Any]], Field(min_length=1)]


def _without_default(schema: dict[str, Any]) -> None:
    """Not given is another thing than given and empty."""
    del schema["default"]
