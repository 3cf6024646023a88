"""Which unit has done which duty (落实情况), and what shows it: counted anew from the register each time.

All duties that are asked about are looked into by one statement, however many units and articles.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlmodel import Field

from app.domain.access.actors import Actor, Scope
from app.domain.access.doors import PLACE
from app.domain.access.roles import Permission
from app.domain.base import civil_date
from app.domain.errors import Invalid
from app.domain.organisation.statistics import school_year_of
from app.domain.organisation.units import UNITS, Level, place_of
from app.domain.quality.article_duties.counting import (
    behind_figure,
    listed_fulfilments,
    summed_fulfilments,
)
from app.domain.quality.article_duties.duty import DUTIES, OF_DOCUMENT
from app.domain.quality.article_duties.table import DutyCheck
from app.domain.quality.document_articles import list_document_articles
from app.domain.quality.official_documents import DOCUMENTS
from app.sql import Connection, Row


class ArticleCoverageView(BaseModel):
    """How an article stands in a school year, by each of its duties; once, without any."""

    article_id: UUID = Field(description="条款 / article")
    number: int = Field(description="条号 / number of the article")
    duty_id: UUID | None = Field(
        description="职责，条款未设职责时为空 / duty, null where it has none"
    )
    task: str | None = Field(description="职责任务 / what is to be done")
    bearer: Level | None = Field(description="责任单位层级 / level of the units on which it lies")
    shown_by: DutyCheck | None = Field(description="核对方式 / by which data it shows; null: none")
    due_on: date | None = Field(description="本学年期限 / day by which it is due in that year")
    units: int | None = Field(description="责任单位数 / units on which it lies; null without data")
    fulfilled: int | None = Field(description="已落实单位数 / of them, those that have done it")
    overdue: int | None = Field(description="逾期未落实单位数 / of them, those that are late")


class DutyFulfilmentView(BaseModel):
    """Whether a unit has done a duty, by which figure."""

    duty_id: UUID = Field(description="职责 / duty")
    unit_id: UUID = Field(description="责任单位 / unit on which it lies")
    name: str = Field(description="单位名称 / its name")
    fulfilled: bool = Field(description="是否已落实 / whether it has done it")
    figure: int = Field(description="已有数量 / what the register has of it")
    needed: int = Field(description="应有数量 / what is needed")
    due_on: date | None = Field(description="本学年期限 / day by which it is due in that year")
    overdue: bool = Field(description="是否逾期未落实 / whether that day is over without it")


class FulfilmentRowView(BaseModel):
    """One row of the register behind a figure."""

    noun: str = Field(description="数据类型 / what it is")
    row_id: UUID = Field(description="数据标识 / its key")
    on: date | None = Field(description="日期，持续状态为空 / its day; null for what is kept up")


# What can be refused.


class CoverageYearUnfit(Invalid):
    """A school year is named by the year in which it begins."""

    code = "coverage_year_unfit"
    zh = "学年以起始年份表示，须在 1900 至 2998 年之间。"
    en = "A school year is named by the year in which it begins, from 1900 to 2998."


class DutyNotOfUnit(Invalid):
    """The duty does not lie on this unit."""

    code = "duty_not_of_unit"
    zh = "该职责不由该单位承担。"
    en = "The duty does not lie on this unit."


# What may be asked.

_LAST_YEAR = 2998


def _asked(document: Row, school_year: int | None, now: datetime) -> dict[str, Any]:
    today = civil_date(now)
    year = school_year_of(today) if school_year is None else school_year
    if not 1900 <= year <= _LAST_YEAR:
        raise CoverageYearUnfit
    return {"issuer_id": document["unit_id"], "school_year": year, "today": today}


async def list_article_coverage(
    db: Connection,
    actor: Actor,
    *,
    document_id: UUID,
    school_year: int | None = None,
    now: datetime,
) -> list[Row]:
    """How each article of a document stands in a school year among the units whose figures the actor reads.

    An article without duties, and a duty that no data shows, are among them and say so.
    """
    document = await DOCUMENTS.get(db, actor, document_id)
    scope = actor.require(Permission.SUMMARY_READ)
    asked = _asked(document, school_year, now)
    duties = await db.all(OF_DOCUMENT, document_id=document_id)
    ids = [each["id"] for each in duties]
    rows = await db.all(
        summed_fulfilments(scope.shape), duty_ids=ids, **asked, **scope.parameters(PLACE)
    )
    summed = {each["duty_id"]: each for each in rows}
    none = dict.fromkeys(("units", "fulfilled", "overdue", "due_on"))
    by_article: dict[UUID, list[Row]] = {}
    for each in duties:
        shown = {name: each[name] for name in ("task", "bearer", "shown_by")}
        zero = none | {"units": 0, "fulfilled": 0, "overdue": 0} if each["shown_by"] else none
        row = {"duty_id": each["id"], **shown, **zero, **summed.get(each["id"], {})}
        by_article.setdefault(each["article_id"], []).append(row)
    nothing: Row = {"duty_id": None, "task": None, "bearer": None, "shown_by": None, **none}
    return [
        {"article_id": article["id"], "number": article["number"], **row}
        for article in await list_document_articles(db, actor, document_id=document_id)
        for row in by_article.get(article["id"], [nothing])
    ]


async def _found_of(
    db: Connection, scope: Scope, asked: dict[str, Any], duty_ids: list[UUID], **more: Any
) -> list[Row]:
    statement = listed_fulfilments(scope.shape, "of_unit" in more, "fulfilled" in more)
    return await db.all(statement, duty_ids=duty_ids, **asked, **more, **scope.parameters(PLACE))


async def list_duty_fulfilments(
    db: Connection,
    actor: Actor,
    *,
    duty_id: UUID,
    school_year: int | None = None,
    fulfilled: bool | None = None,
    now: datetime,
) -> list[Row]:
    """Which of the units whose figures the actor reads have done a duty, by name; or have not."""
    duty = await DUTIES.get(db, actor, duty_id)
    document = await DOCUMENTS.get(db, actor, duty["document_id"])
    scope = actor.require(Permission.SUMMARY_READ)
    more = {} if fulfilled is None else {"fulfilled": fulfilled}
    return await _found_of(db, scope, _asked(document, school_year, now), [duty_id], **more)


async def list_unit_fulfilments(
    db: Connection,
    actor: Actor,
    *,
    document_id: UUID,
    unit_id: UUID,
    school_year: int | None = None,
    now: datetime,
) -> list[Row]:
    """How one unit stands with each of its duties of a document, by article."""
    document = await DOCUMENTS.get(db, actor, document_id)
    await UNITS.get(db, actor, unit_id, permission=Permission.SUMMARY_READ)
    ids = [each["id"] for each in await db.all(OF_DOCUMENT, document_id=document_id)]
    scope = actor.require(Permission.SUMMARY_READ)
    asked = _asked(document, school_year, now)
    rows = await _found_of(db, scope, asked, ids, of_unit=unit_id)
    return sorted(rows, key=lambda row: ids.index(row["duty_id"]))


async def list_fulfilment_rows(
    db: Connection,
    actor: Actor,
    *,
    duty_id: UUID,
    unit_id: UUID,
    school_year: int | None = None,
    now: datetime,
) -> list[Row]:
    """The rows of the register behind the figure of a unit: each is read through its own door."""
    duty = await DUTIES.get(db, actor, duty_id)
    document = await DOCUMENTS.get(db, actor, duty["document_id"])
    unit = await UNITS.get(db, actor, unit_id, permission=Permission.SUMMARY_READ)
    if unit["level"] != duty["bearer"] or document["unit_id"] not in place_of(unit).values():
        raise DutyNotOfUnit
    if duty["shown_by"] is None:
        return []
    asked = _asked(document, school_year, now)
    del asked["issuer_id"]
    statement = behind_figure(DutyCheck(duty["shown_by"]))
    return await db.all(statement, duty_ids=[duty_id], of_unit=unit_id, **asked)
