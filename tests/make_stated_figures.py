"""Stated figures for tests: what a report says, entered by the domain itself."""

from typing import Any

from app.domain.quality.stated_figures import (
    FigureExplanation,
    NewStatedFigure,
    explain_stated_figure,
    state_figure,
)
from app.sql import Connection, Row
from tests.made import Made
from tests.make import NOW, City, Person

STATED: dict[str, Any] = {
    "source": "report", "document": "校本研修工作匯報", "place": "一、基本情况",
    "quote": "我縣現(xiàn)有中小學校21所,其中高中1所,初中3所,小學16所。",
    "comparison": "parts", "counts": "schools",
    "stated": [
        {"role": "whole", "label": "中小学校", "number": "21", "counted_in": "school"},
        {"role": "part", "label": "高中", "number": "1", "counted_in": "school",
         "stage": "senior_secondary"},
        {"role": "part", "label": "初中", "number": "3", "counted_in": "school",
         "stage": "junior_secondary"},
        {"role": "part", "label": "小学", "number": "16", "counted_in": "school",
         "stage": "primary"},
    ],
}  # fmt: skip
"""D1: 21 schools, and 1, 3 and 16 of them."""


def counting(counts: str, number: str, counted_in: str, **more: Any) -> dict[str, Any]:
    """A statement of one number of what the register counts."""
    value = {"label": "填报数", "number": number, "counted_in": counted_in}
    return {
        **{name: STATED[name] for name in ("source", "document", "place")},
        "quote": f"{number}", "comparison": "count", "counts": counts, "stated": [value],
    } | more  # fmt: skip


async def make_stated_figure(db: Connection, by: Person, unit: Row, **more: Any) -> Row:
    """What the report of a unit says, entered by somebody there."""
    new = NewStatedFigure.model_validate(STATED | more)
    return await state_figure(db, by.actor, unit_id=unit["id"], new=new, now=NOW)


async def make_explained(db: Connection, city: City) -> Row:
    """The same of the school, after it explained itself."""
    row = await make_stated_figure(db, city.school_admin, city.school)
    said = FigureExplanation(explanation="含一所九年一贯制学校")
    actor = city.school_admin.actor
    return await explain_stated_figure(db, actor, figure_id=row["id"], said=said, now=NOW)


async def stated_figure_to_explain(db: Connection, city: City) -> Made:
    """What waits for the school."""
    row = await make_stated_figure(db, city.county_admin, city.school)
    return Made(row["id"], city.school_admin, city.school["id"])


async def stated_figure_to_conclude(db: Connection, city: City) -> Made:
    """What waits for the county."""
    row = await make_explained(db, city)
    return Made(row["id"], city.county_admin, city.county["id"])


async def make_busy_stated_figures(db: Connection, city: City) -> None:
    """A figure of each of two schools, checked when it was entered."""
    for by, school in ((city.school_admin, city.school), (city.sibling_admin, city.sibling)):
        await make_stated_figure(db, by, school)
