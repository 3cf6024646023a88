"""The articles of official documents (条款): number, chapter, words; what duties and links refer to."""

from collections.abc import Sequence
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, model_validator
from sqlalchemy import CheckConstraint, Text, UniqueConstraint, Uuid, bindparam, delete
from sqlmodel import Field

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE, Columns, Door
from app.domain.access.roles import Permission
from app.domain.base import Command, Table, key
from app.domain.errors import NotFound, Unfit
from app.domain.quality.official_documents import (
    DOCUMENTS,
    OfficialDocument,
    is_open_to,
    open_document,
)
from app.sql import Connection, Row, Statement, new_id


class ArticleFields(BaseModel):
    """One article of a document, by its number and in its words."""

    number: int = Field(ge=1, le=999, description="条号 / number of the article")
    chapter: str | None = Field(
        default=None, min_length=1, max_length=200, description="所在章节 / chapter"
    )
    text: str = Field(min_length=1, max_length=10_000, description="条文 / its words", sa_type=Text)


class DocumentArticle(ArticleFields, Table, table=True):
    """One article of a document; what was issued stands."""

    __table_args__ = (
        UniqueConstraint("document_id", "number"),
        CheckConstraint("number >= 1", name="number_from_one"),
    )

    id: UUID = key()
    document_id: UUID = Field(foreign_key="official_document.id", sa_type=Uuid)


class ArticleView(ArticleFields):
    """An article as both faces show it."""

    id: UUID = Field(description="标识 / key")
    document_id: UUID = Field(description="文件 / document")


class NewArticle(ArticleFields, Command):
    """An article as a draft is to have it."""


class DocumentArticles(Command):
    """All the articles of a draft."""

    articles: list[NewArticle] = Field(max_length=500, description="全部条款 / all its articles")

    @model_validator(mode="after")
    def _numbers_each_once(self) -> Self:
        if len({each.number for each in self.articles}) < len(self.articles):
            raise Unfit("条号不得重复。", "Each article has a number of its own.")
        return self


# What can be refused.


class ArticleNotFound(NotFound):
    """There is no such article for the one who asks."""

    code = "document_article_not_found"
    zh = "未找到该条款。"
    en = "There is no such article."


# What may be asked.

_A: Any = DocumentArticle.__table__  # type: ignore[attr-defined]
_D: Any = OfficialDocument.__table__  # type: ignore[attr-defined]
DOCUMENT_PLACES = {name: _D.c[name] for name in PLACE}
"""What hangs on a document lies where the document does."""
WITH_DOCUMENT = _A.join(_D, _A.c.document_id == _D.c.id)

ARTICLES = Door(
    table=DocumentArticle,
    view=ArticleView,
    read=Permission.DOCUMENT_READ,
    missing=ArticleNotFound,
    places=DOCUMENT_PLACES,
    audience=is_open_to,
    joined=WITH_DOCUMENT,
    sorts={"number": (_A.c.document_id, _A.c.number)},
)
"""Articles are read by whoever reads the document."""

_OF_DOCUMENT = Statement(
    ARTICLES.select()
    .where(_A.c.document_id == bindparam("document_id", type_=Uuid))
    .order_by(_A.c.number)
)


async def list_document_articles(db: Connection, actor: Actor, *, document_id: UUID) -> list[Row]:
    """The articles of a document that the actor may read, in their order."""
    await DOCUMENTS.get(db, actor, document_id)
    return await db.all(_OF_DOCUMENT, document_id=document_id)


async def articles_by_id(
    db: Connection, actor: Actor, *, article_ids: Sequence[UUID], columns: Columns = None
) -> dict[UUID, Row | None]:
    """Many articles by their keys; None for what the actor may not see."""
    return await ARTICLES.by_id(db, actor, article_ids, columns=columns)


# What may be done.

_CLEAR = Statement(
    delete(DocumentArticle).where(_A.c.document_id == bindparam("document_id", type_=Uuid))
)


async def write_document_articles(
    db: Connection, actor: Actor, *, document_id: UUID, new: DocumentArticles
) -> list[Row]:
    """Let a draft have these articles and no others; what was issued stands.

    An article that keeps its number keeps its key.
    """
    await open_document(db, actor, document_id=document_id)
    before = await db.all(_OF_DOCUMENT, document_id=document_id)
    keys = {row["number"]: row["id"] for row in before}
    await db.run(_CLEAR, document_id=document_id)
    rows = [
        {"id": keys.get(each.number) or new_id(), "document_id": document_id, **each.model_dump()}
        for each in new.articles
    ]
    await db.insert_all(DocumentArticle, rows)
    return await db.all(_OF_DOCUMENT, document_id=document_id)
