"""What callers send."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from wuxing_nlp.model.preference import Preference

_TEXT = "有的干部不敢担当，遇到矛盾绕道走。下一步，持续深化“放管服”改革。"

MinProbability = Annotated[float, Field(ge=0, le=1)]


class TagRequest(BaseModel):
    """Texts to be tagged, and what the answer is to hold.

    Attributes:
        text: one document's text; or else
        texts: those of several.
        cut: false where every text is one coding unit already.
        evidence: whether to find the words behind every code.
        probabilities: whether judged units list those of all labels.
        min_probability: codes below it are left out; a unit that loses its last one is ``abstained``.
        units_only: true to leave profile and script out.
        prefer: what the thresholds make the most of.
    """

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        json_schema_extra={
            "examples": [
                {"text": _TEXT},
                {"texts": ["着力提升窗口服务水平。", "坚决整治推诿扯皮。"], "cut": False, "evidence": False},
            ],
            "oneOf": [{"required": ["text"]}, {"required": ["texts"]}],
        },
    )

    text: str | None = Field(default=None, json_schema_extra=lambda schema: _only_string(schema))
    texts: list[str] | None = Field(default=None, json_schema_extra=lambda schema: _only_strings(schema))
    cut: bool = True
    evidence: bool = True
    probabilities: bool = False
    min_probability: MinProbability = 0
    units_only: bool = False
    prefer: Preference = Preference.BALANCED

    @model_validator(mode="after")
    def _one_of_both(self) -> TagRequest:
        if (self.text is None) == (self.texts is None):
            raise ValueError("give text or texts, and not both")
        return self

    def given(self) -> list[str]:
        """The texts, one or several."""
        return [self.text] if self.text is not None else self.texts or []


class RowsRequest(BaseModel):
    """Rows of a table, each with a document: one job."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        json_schema_extra={"examples": [{"rows": [{"编号": "1", "正文": _TEXT}]}]},
    )

    rows: Annotated[list[dict[str, Any]], Field(min_length=1)]


def _only_string(schema: dict[str, Any]) -> None:
    schema.clear()
    schema.update(type="string", description="one document's text")


def _only_strings(schema: dict[str, Any]) -> None:
    schema.clear()
    schema.update(type="array", items={"type": "string"}, description="the texts of several documents")
