"""A duty that an article lays on units: who reads it, how it is laid down."""

from datetime import date
from typing import Any, Self
from uuid import UUID

from pydantic import model_validator
from sqlalchemy import Uuid, bindparam, delete, func, select
from sqlmodel import Field

from app.domain.access.actors import Actor
from app.domain.access.doors import Door
from app.domain.access.roles import Permission
from app.domain.base import Command
from app.domain.errors import Conflict, Invalid, NotFound, Unfit
from app.domain.organisation.units import UNITS, Level
from app.domain.quality.article_duties.checks import CHECKS
from app.domain.quality.article_duties.table import ArticleDuty, DutyCheck, DutyFields, DutyRhythm
from app.domain.quality.document_articles import (
    ARTICLES,
    DOCUMENT_PLACES,
    WITH_DOCUMENT,
    DocumentArticle,
)
from app.domain.quality.official_documents import (
    DOCUMENTS,
    DocumentState,
    OfficialDocument,
    check_years,
    is_open_to,
    open_document,
)
from app.sql import Connection, Row, Statement, new_id


class ArticleDutyView(DutyFields):
    """A duty as both faces show it."""

    id: UUID = Field(description="标识 / key")
    article_id: UUID = Field(description="条款 / article")
    document_id: UUID = Field(description="文件 / document")
    number: int = Field(description="条号 / number of the article")


_ABOUT_ACTIVITIES = frozenset({DutyCheck.ACTIVITIES_HELD, DutyCheck.JOINT_ACTIVITIES_HELD})
_ONCE_OVER = frozenset(kind for kind, check in CHECKS.items() if check.everybody is not None)
_REGULATION_KINDS = 5
MOST_DUTIES = 30
"""How many duties an article lays down at most: each is counted of every unit whenever somebody asks."""


class NewArticleDuty(DutyFields, Command):
    """A duty that an article is to lay on units."""

    @model_validator(mode="after")
    def _fits(self) -> Self:
        check_years(self.due_on)
        yearly = (self.due_month is None) + (self.due_day is None)
        if yearly == 1 or (
            self.due_month is not None and not _is_day(self.due_month, self.due_day)
        ):
            raise Unfit("每学年期限须为有效的月和日。", "A day of the year has a month and a day.")
        if (self.due_month if self.rhythm is DutyRhythm.ONCE else self.due_on) is not None:
            raise Unfit(
                "一次完成的填写期限日期，每学年、每学期的填写月和日。",
                "What is done once is due on a date, what recurs on a day of the year.",
            )
        if (self.activity_kinds or self.activity_content) and (
            self.shown_by not in _ABOUT_ACTIVITIES
        ):
            raise Unfit(
                "只有按活动核对的职责才限定活动形式和内容。",
                "Kinds and contents are of duties that activities show.",
            )
        if self.shown_by in _ONCE_OVER and self.needed != 1:
            raise Unfit(
                "该核对方式须全体完成，不填数量。", "Everybody is needed; leave out a number."
            )
        if self.shown_by is DutyCheck.REGULATIONS_COMPLETE and self.needed > _REGULATION_KINDS:
            raise Unfit("制度共五类。", "There are five kinds of regulations.")
        return self


def _is_day(month: int, day: int | None) -> bool:
    """Whether every year has this day."""
    try:
        date(2001, month, day or 0)
    except ValueError:
        return False
    return True


# What can be refused.


class DutyNotFound(NotFound):
    """There is no such duty for the one who asks."""

    code = "article_duty_not_found"
    zh = "未找到该职责任务。"
    en = "There is no such duty."


class DutyBearerAbove(Invalid):
    """A document lays duties on its issuer and on what is below it."""

    code = "duty_bearer_above"
    zh = "文件只能规定发文单位本级及以下单位的职责。"
    en = "A document lays duties on its issuer and on units below it."


class DutyNotShown(Invalid):
    """The data of this check does not tell what units of that level do."""

    code = "duty_not_shown"
    zh = "“{check}”不能核对该层级的单位。"
    en = "'{check}' does not show what units of that level do."


class ArticleDutiesFull(Conflict):
    """An article lays down so many duties, and no more."""

    code = "article_duties_full"
    zh = "每条最多设 {most} 项职责任务。"
    en = "An article lays down {most} duties at most."


# What may be asked.

_DUTY: Any = ArticleDuty.__table__  # type: ignore[attr-defined]
_ARTICLE: Any = DocumentArticle.__table__  # type: ignore[attr-defined]
_DOCUMENT: Any = OfficialDocument.__table__  # type: ignore[attr-defined]

DUTIES = Door(
    table=ArticleDuty,
    view=ArticleDutyView,
    read=Permission.DOCUMENT_READ,
    missing=DutyNotFound,
    places=DOCUMENT_PLACES,
    audience=is_open_to,
    computed={"document_id": _ARTICLE.c.document_id, "number": _ARTICLE.c.number},
    joined=WITH_DOCUMENT.join(_DUTY, _DUTY.c.article_id == _ARTICLE.c.id),
    sorts={"number": (_ARTICLE.c.document_id, _ARTICLE.c.number)},
)
"""Duties are read by whoever reads the document."""

OF_DOCUMENT = Statement(
    DUTIES.select()
    .where(_ARTICLE.c.document_id == bindparam("document_id", type_=Uuid))
    .order_by(_ARTICLE.c.number, _DUTY.c.id)
)
"""The duties of a document whose door was passed, by article."""


async def list_article_duties(db: Connection, actor: Actor, *, document_id: UUID) -> list[Row]:
    """The duties that a document lays on units, by article; for whoever reads the document."""
    await DOCUMENTS.get(db, actor, document_id)
    return await db.all(OF_DOCUMENT, document_id=document_id)


# What may be done.


async def _open_article(db: Connection, actor: Actor, article_id: UUID) -> Row:
    """The issued document of an article, which the actor keeps."""
    article = await ARTICLES.get(db, actor, article_id)
    return await open_document(
        db, actor, document_id=article["document_id"], state=DocumentState.ISSUED
    )


_ORDER = list(Level)


_NUMBER = Statement(
    select(func.count())
    .select_from(ArticleDuty)
    .where(_DUTY.c.article_id == bindparam("article_id", type_=Uuid))
)


async def create_article_duty(
    db: Connection, actor: Actor, *, article_id: UUID, new: NewArticleDuty
) -> Row:
    """Say what an article of an issued document asks of each unit of a level.

    The document is held: of two who say the last thing at once the second is refused.
    """
    document = await _open_article(db, actor, article_id)
    unit = await UNITS.get(db, actor, document["unit_id"])
    if _ORDER.index(new.bearer) < _ORDER.index(Level(unit["level"])):
        raise DutyBearerAbove
    if new.shown_by is not None and new.bearer not in CHECKS[new.shown_by].bearers:
        raise DutyNotShown(check=new.shown_by.value)
    if await db.value(_NUMBER, article_id=article_id) >= MOST_DUTIES:
        raise ArticleDutiesFull(most=MOST_DUTIES)
    duty_id = new_id()
    await db.insert(ArticleDuty, {"id": duty_id, "article_id": article_id, **new.model_dump()})
    return await DUTIES.get(db, actor, duty_id)


_REMOVE = Statement(delete(ArticleDuty).where(_DUTY.c.id == bindparam("duty_id", type_=Uuid)))


async def remove_article_duty(db: Connection, actor: Actor, *, duty_id: UUID) -> Row:
    """Take back what an article was said to ask; the audit trail keeps it."""
    duty = await DUTIES.get(db, actor, duty_id, permission=Permission.DOCUMENT_WRITE)
    await _open_article(db, actor, duty["article_id"])
    if not await db.run(_REMOVE, duty_id=duty_id):
        raise DutyNotFound
    return duty
