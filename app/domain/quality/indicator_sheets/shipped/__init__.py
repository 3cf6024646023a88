"""The sheets that come with the distribution: for schools and for counties, from 岳市教发〔2013〕18号.

Each line cites the article it rests on in its words. The document gives neither weights nor numbers of
scoring: both are this project's assumption, and a bureau that wants others publishes a version of its own.
"""

from functools import cache
from importlib.resources import files
from typing import Self

from pydantic import Field, model_validator

from app.domain.base import Command
from app.domain.quality.indicator_sheets.indicator import NewIndicator
from app.domain.quality.indicator_sheets.publishing import check_lines
from app.domain.quality.indicator_sheets.sheet import IndicatorSheetFields

_FILES = ("yueyang-2013-school.json", "yueyang-2013-county.json")


class ShippedIndicatorSheet(IndicatorSheetFields, Command):
    """A sheet that is shipped, ready to be published as a bureau's own."""

    indicators: list[NewIndicator] = Field(  # type: ignore[assignment]  # as it is to be published
        min_length=1, max_length=60, description="指标 / indicators"
    )

    @model_validator(mode="after")
    def _fits(self) -> Self:
        check_lines(self.indicators, self.total)
        return self


@cache
def shipped_sheets() -> dict[str, ShippedIndicatorSheet]:
    """Every sheet by its code, validated when they are asked for first."""
    texts = (files(__name__).joinpath(name).read_bytes() for name in _FILES)
    sheets = [ShippedIndicatorSheet.model_validate_json(text) for text in texts]
    return {sheet.code: sheet for sheet in sheets}
