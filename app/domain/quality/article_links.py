"""Links of articles (条款落实): what in the register an article has called into being.

A link names a thing by its kind and key. Whoever links sees it; that it is linked shows nobody more of
it than its own door does.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, Self
from uuid import UUID

from pydantic import BaseModel, model_validator
from sqlalchemy import Index, Uuid, bindparam, delete
from sqlmodel import Field

from app.domain.access.actors import Actor
from app.domain.access.doors import Door
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Command, Table, key, text_enum
from app.domain.credits.packs.published import RULE_PACKS, get_pack
from app.domain.errors import Conflict, Invalid, NotFound, Unfit
from app.domain.quality.document_articles import (
    ARTICLES,
    DOCUMENT_PLACES,
    WITH_DOCUMENT,
    DocumentArticle,
)
from app.domain.quality.indicator_sheets import INDICATOR_SHEETS, get_indicator_sheet
from app.domain.quality.official_documents import (
    DOCUMENTS,
    DocumentState,
    is_open_to,
    open_document,
)
from app.domain.training.notices import NOTICES
from app.domain.training.plan_deadlines import PLAN_DEADLINES
from app.sql import Connection, Row, Statement, UniqueViolationError, new_id


class LinkedKind(StrEnum):
    """What an article has called into being (落实形式)."""

    RULE_PACK = "rule_pack"
    """学分规则包"""
    PLAN_DEADLINE = "plan_deadline"
    """计划报送期限"""
    NOTICE = "notice"
    """通知"""
    INDICATOR_SHEET = "indicator_sheet"
    """评估指标表"""


LINKED: Final[Mapping[LinkedKind, Door]] = {
    LinkedKind.RULE_PACK: RULE_PACKS,
    LinkedKind.PLAN_DEADLINE: PLAN_DEADLINES,
    LinkedKind.NOTICE: NOTICES,
    LinkedKind.INDICATOR_SHEET: INDICATOR_SHEETS,
}
"""The door by which the one who links must see what is linked."""


class ArticleLinkFields(BaseModel):
    """What is linked, and which part of it."""

    kind: LinkedKind = Field(description="落实形式 / kind", sa_type=text_enum(LinkedKind))
    linked_id: UUID = Field(description="对象标识 / key of what is linked", sa_type=Uuid)
    part: str | None = Field(
        default=None, min_length=1, max_length=80,
        description="规则编号或指标代码 / id of the rule in a pack, code of the indicator in a sheet,"
        " where one is meant",
    )  # fmt: skip


class ArticleLink(ArticleLinkFields, Table, table=True):
    """That an article stands behind something. None of what can be linked is ever removed."""

    __table_args__ = (
        Index(
            "uq_article_link_linked", "article_id", "kind", "linked_id", "part", unique=True,
            postgresql_nulls_not_distinct=True,
        ),
        Index(None, "linked_id", "article_id"),
    )  # fmt: skip

    id: UUID = key()
    article_id: UUID = Field(foreign_key="document_article.id", sa_type=Uuid)
    linked_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    linked_at: datetime = Field(sa_type=MOMENT)


class ArticleLinkView(ArticleLinkFields):
    """A link as both faces show it."""

    id: UUID = Field(description="标识 / key")
    article_id: UUID = Field(description="条款 / article")
    document_id: UUID = Field(description="文件 / document")
    number: int = Field(description="条号 / number of the article")
    linked_at: datetime = Field(description="登记时间 / when it was linked")


class NewArticleLink(ArticleLinkFields, Command):
    """Something that an article stands behind."""

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.part is not None and self.kind not in _PARTS_OF:
            raise Unfit(
                "只有规则包和指标表才有规则编号或指标代码。",
                "Only a rule pack has rules by their ids, and a sheet of indicators its codes.",
            )
        return self


# What can be refused.


class ArticleLinkNotFound(NotFound):
    """There is no such link for the one who asks."""

    code = "article_link_not_found"
    zh = "未找到该落实记录。"
    en = "There is no such link."


class ArticleLinkExists(Conflict):
    """The article is linked with it already."""

    code = "article_link_exists"
    zh = "该条款已与此对象关联。"
    en = "The article is linked with it already."


class LinkedPartUnknown(Invalid):
    """The pack has no rule of this id, or the sheet no indicator of this code."""

    code = "linked_part_unknown"
    zh = "所关联的规则包或指标表中没有“{part}”。"
    en = "What is linked has no rule or indicator '{part}'."


# What may be asked.

_L: Any = ArticleLink.__table__  # type: ignore[attr-defined]
_A: Any = DocumentArticle.__table__  # type: ignore[attr-defined]

LINKS = Door(
    table=ArticleLink,
    view=ArticleLinkView,
    read=Permission.DOCUMENT_READ,
    missing=ArticleLinkNotFound,
    places=DOCUMENT_PLACES,
    audience=is_open_to,
    computed={"document_id": _A.c.document_id, "number": _A.c.number},
    joined=WITH_DOCUMENT.join(_L, _L.c.article_id == _A.c.id),
    sorts={"number": (_A.c.document_id, _A.c.number)},
)
"""Links are read by whoever reads the document."""

_OF_DOCUMENT = Statement(
    LINKS.select()
    .where(_A.c.document_id == bindparam("document_id", type_=Uuid))
    .order_by(_A.c.number, _L.c.id)
)


async def list_article_links(db: Connection, actor: Actor, *, document_id: UUID) -> list[Row]:
    """What the articles of a document have called into being, by article."""
    await DOCUMENTS.get(db, actor, document_id)
    return await db.all(_OF_DOCUMENT, document_id=document_id)


# What may be done.


async def _rules_of(db: Connection, actor: Actor, pack_key: UUID) -> set[Any]:
    pack = await get_pack(db, actor, pack_key=pack_key)
    rules = (rule for each in pack["document"].values() if isinstance(each, list) for rule in each)
    return {rule.get("id") for rule in rules if isinstance(rule, dict)}


async def _indicators_of(db: Connection, actor: Actor, sheet_id: UUID) -> set[Any]:
    sheet = await get_indicator_sheet(db, actor, sheet_id=sheet_id)
    return {indicator["code"] for indicator in sheet["indicators"]}


_PARTS_OF: Mapping[LinkedKind, Callable[..., Any]] = {
    LinkedKind.RULE_PACK: _rules_of,
    LinkedKind.INDICATOR_SHEET: _indicators_of,
}
"""By what the parts of a thing are called, where it has any."""


async def _open_document_of(db: Connection, actor: Actor, article_id: UUID) -> None:
    article = await ARTICLES.get(db, actor, article_id)
    await open_document(db, actor, document_id=article["document_id"], state=DocumentState.ISSUED)


async def add_article_link(
    db: Connection, actor: Actor, *, article_id: UUID, new: NewArticleLink, now: datetime
) -> Row:
    """Say what an article of an issued document has called into being; the actor must see it."""
    await _open_document_of(db, actor, article_id)
    await LINKED[new.kind].get(db, actor, new.linked_id)
    if new.part is not None:
        parts = await _PARTS_OF[new.kind](db, actor, new.linked_id)
        if new.part not in parts:
            raise LinkedPartUnknown(part=new.part)
    row = {
        "id": new_id(), "article_id": article_id, **new.model_dump(),
        "linked_by": actor.account_id, "linked_at": now,
    }  # fmt: skip
    try:
        await db.insert(ArticleLink, row)
    except UniqueViolationError:
        raise ArticleLinkExists from None
    return await LINKS.get(db, actor, row["id"])


_REMOVE = Statement(delete(ArticleLink).where(_L.c.id == bindparam("link_id", type_=Uuid)))


async def remove_article_link(db: Connection, actor: Actor, *, link_id: UUID) -> Row:
    """Take a link away; what it was."""
    link = await LINKS.get(db, actor, link_id, permission=Permission.DOCUMENT_WRITE)
    await _open_document_of(db, actor, link["article_id"])
    if not await db.run(_REMOVE, link_id=link_id):
        raise ArticleLinkNotFound
    return link
