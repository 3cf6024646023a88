"""What comes with the distribution: what the source documents state, each passage with what is answered to it.

The passages are the sources' own words, damaged where the source is; each names its document, its place, and
the defect (D1 to D32) that it shows. They are answered by themselves, without any register. The names of
people are those of the published sources.
"""

from functools import cache
from importlib.resources import files
from typing import Any

from pydantic import BaseModel, Field, TypeAdapter

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.quality.stated_figures.answer import REASONS, Answer
from app.domain.quality.stated_figures.comparing import check_values, compare
from app.domain.quality.stated_figures.vocabulary import (
    FigureComparison,
    FigureLine,
    FigureReason,
    FigureSource,
    FigureVerdict,
    NewStatedValue,
    StatedValue,
)
from app.domain.quality.stated_figures.wording import clean_text
from app.sql import Connection, Row

_FILES = ("county-report.json", "school-plan.json", "others.json")


class FigureExample(BaseModel, extra="forbid"):
    """One passage of a source, read for what it states."""

    defect: str = Field(pattern=r"^D\d{1,2}$")
    source: FigureSource
    document: str
    place: str
    quote: str
    comparison: FigureComparison
    stated: list[NewStatedValue] = Field(default_factory=list)
    remark: str | None = None

    def answered(self) -> Answer:
        """What is answered to it by itself."""
        check_values(self.comparison, self.stated)
        values = [StatedValue.model_validate(each.model_dump()) for each in self.stated]
        return compare(self.comparison, values, quote=self.quote)


class FigureExampleView(BaseModel):
    """A passage of a source with the answer to it (文中数据样例)."""

    defect: str = Field(description="数据缺陷编号 / number of the defect that it shows")
    source: FigureSource = Field(description="来源类型 / kind of document")
    document: str = Field(description="文件 / document")
    place: str = Field(description="所在位置 / place in the document")
    quote: str = Field(description="原文 / the words as they stand there")
    cleaned: str = Field(description="清理后的文本 / the same without what was put into it")
    comparison: FigureComparison = Field(description="核对方式 / in what way it is checked")
    stated: list[StatedValue] = Field(description="文中数据项 / numbers, dates and names in it")
    verdict: FigureVerdict = Field(description="结论 / verdict")
    reasons: list[FigureReason] = Field(description="理由代码 / reasons")
    reasons_zh: list[str] = Field(description="中文理由 / reasons in Chinese")
    reasons_en: list[str] = Field(description="英文理由 / reasons in English")
    lines: list[FigureLine] = Field(description="逐项对照 / line by line")
    remark: str | None = Field(description="须由人判断的说明 / what is left to people")


@cache
def figure_examples() -> tuple[FigureExample, ...]:
    """All passages, validated when they are asked for first."""
    adapter = TypeAdapter(list[FigureExample])
    read = [adapter.validate_json(files(__name__).joinpath(name).read_bytes()) for name in _FILES]
    found = [each for some in read for each in some]
    return tuple(sorted(found, key=lambda each: int(each.defect[1:])))


@cache
def _answered() -> tuple[dict[str, Any], ...]:
    return tuple(_shown(each) for each in figure_examples())


def _shown(each: FigureExample) -> dict[str, Any]:
    answer = each.answered()
    said = [REASONS[reason] for reason in answer.reasons]
    own = ("defect", "source", "document", "place", "quote", "comparison", "remark")
    return {
        **{name: getattr(each, name) for name in own},
        "cleaned": clean_text(each.quote),
        "stated": [value.model_dump(mode="json") for value in each.stated],
        "verdict": answer.verdict,
        "reasons": list(answer.reasons),
        "reasons_zh": [zh for zh, _ in said],
        "reasons_en": [en for _, en in said],
        "lines": list(answer.lines),
    }


async def list_figure_examples(db: Connection, actor: Actor) -> list[Row]:
    """What the source documents state, and what is answered to each passage by itself."""
    del db  # They are the same for all who may see stated figures at all.
    actor.require(Permission.GUIDANCE_READ)
    return [dict(each) for each in _answered()]
