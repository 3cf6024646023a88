"""Published packs (规则包): which rules of credit a city has put in force, and from when.

A pack is published once and never changed: what is decided otherwise is a new version, whose days
do not overlap with the old one's. One that names the version it succeeds takes over from it on its own
first day, whatever end that one has written, if any. The pack that governs a person on a day is the
city's that is in force on that day, with the numbers that the person's county has refined.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    Date,
    Index,
    UniqueConstraint,
    Uuid,
    and_,
    any_,
    func,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import aliased
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Door
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Placed, Table, Versioned, key, place_constraints
from app.domain.credits.packs.document import PackDocument
from app.domain.credits.packs.refinements import Refinement
from app.domain.errors import NotFound
from app.domain.paging import Page, PageRequest
from app.sql import Connection, Row, new_id


class RulePackFields(BaseModel):
    """What is read of a pack without opening its document."""

    unit_id: UUID = Field(description="适用单位 / unit to which it applies", sa_type=Uuid)
    pack_id: str = Field(description="规则包编号 / the pack's own id", max_length=80)
    version: int = Field(description="版本 / version, from 1")
    title_zh: str = Field(description="中文标题 / title in Chinese", max_length=2000)
    title_en: str = Field(description="英文标题 / title in English", max_length=2000)
    effective_from: date = Field(description="生效日 / first day in force")
    effective_to: date | None = Field(description="失效日（含） / last day in force; null: still")
    published_at: datetime = Field(description="发布时间 / when it was published", sa_type=MOMENT)
    succeeds_id: UUID | None = Field(
        description="接替的规则包 / the pack from which it takes over", sa_type=Uuid,
        foreign_key="rule_pack.id",
    )  # fmt: skip
    refines_id: UUID | None = Field(
        description="县级细化所依的规则包 / the city's pack, if it is a county's refinement",
        sa_type=Uuid, foreign_key="rule_pack.id",
    )  # fmt: skip


class RulePack(RulePackFields, Placed, Versioned, Table, table=True):
    """One version of a pack, or of a county's refinement of one, that was put in force.

    Rows are only ever added.
    """

    __table_args__ = (
        *place_constraints(),
        UniqueConstraint("unit_id", "pack_id", "version"),
        UniqueConstraint("succeeds_id"),
        CheckConstraint("(refines_id IS NULL) = (unit_id = city_id)", name="county_refines"),
        Index(None, "refines_id"),
        CheckConstraint("version >= 1", name="version_from_one"),
        CheckConstraint("effective_to >= effective_from", name="ends_after_it_begins"),
        Index(None, "unit_id", "effective_from", "id"),
        Index(None, "change_transaction", "change_sequence"),
    )

    id: UUID = key()
    unit_id: UUID = Field(foreign_key="unit.id", sa_type=Uuid)
    document: dict[str, Any] = Field(sa_type=JSONB)
    published_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)


class RulePackView(RulePackFields):
    """A published pack as lists show it."""

    id: UUID = Field(description="标识 / key")


class RulePackDocumentView(RulePackView):
    """A published pack with the whole of its document."""

    document: dict[str, Any] = Field(description="规则包全文 / the document")


# What can be refused.


class RulePackNotFound(NotFound):
    """There is no such pack for the one who asks."""

    code = "rule_pack_not_found"
    zh = "未找到该规则包。"
    en = "There is no such rule pack."


# What may be asked.

RULE_PACKS = Door(
    table=RulePack,
    view=RulePackView,
    read=Permission.PACK_READ,
    missing=RulePackNotFound,
    audience=lambda audience: col(RulePack.unit_id) == any_(audience),
    filters={
        "pack_id": col(RulePack.pack_id),
        "in_force_on": lambda day: in_force(day, day),
    },
    sorts={"effective_from": (col(RulePack.effective_from),)},
)
_WITH_DOCUMENT = replace(RULE_PACKS, view=RulePackDocumentView)


def in_force(first: Any, last: Any) -> ColumnElement[bool]:
    """The predicate 'in force on some day from `first` to `last`', both included."""
    ends = last_day()
    return and_(col(RulePack.effective_from) <= last, or_(ends.is_(None), ends >= first))


def last_day() -> ColumnElement[date | None]:
    """The last day in force: the pack's own, or the eve of the day on which another took over."""
    follower = aliased(RulePack)
    taken_over = (
        select(col(follower.effective_from) - 1)
        .where(col(follower.succeeds_id) == col(RulePack.id))
        .correlate(RulePack)
        .scalar_subquery()
    )
    # The least of two days of which one is not known is the other.
    return func.least(col(RulePack.effective_to), taken_over, type_=Date)


async def list_packs(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    pack_id: str | None = None,
    in_force_on: date | None = None,
) -> Page:
    """The packs that apply where the actor is, by the day from which they are in force.

    The county's refinements are among them; `refines_id` tells them from the city's own.
    """
    filters = {"pack_id": pack_id, "in_force_on": in_force_on}
    return await RULE_PACKS.page(db, actor, page, filters=filters, published=True)


async def get_pack(db: Connection, actor: Actor, *, pack_key: UUID) -> Row:
    """One pack with its document."""
    return await _WITH_DOCUMENT.get(db, actor, pack_key)


async def documents_of(
    db: Connection, actor: Actor, *, pack_keys: Sequence[UUID]
) -> dict[UUID, dict[str, Any] | None]:
    """The documents of many packs; None where the actor may not see one."""
    packs = await _WITH_DOCUMENT.by_id(db, actor, pack_keys, columns=frozenset({"document"}))
    return {pack_key: row and row["document"] for pack_key, row in packs.items()}


def pack_row(document: PackDocument | Refinement, *, city_id: UUID, published_at: datetime) -> Row:
    """The row of a pack as it is published or loaded, for the city; a refinement is then placed."""
    ends = document.effective_to
    return {
        "id": new_id(),
        "unit_id": city_id,
        "city_id": city_id,
        "county_id": city_id,
        "pack_id": document.id,
        "version": document.version,
        "title_zh": document.title.zh,
        "title_en": document.title.en,
        "effective_from": document.effective_from.value,
        "effective_to": ends.value if ends else None,
        "succeeds_id": None,
        "refines_id": None,
        "document": document.model_dump(mode="json", exclude_defaults=True),
        "published_at": published_at,
    }
