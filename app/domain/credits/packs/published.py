"""Published packs (规则包): which rules of credit a city has put in force, and from when.

A pack is published once and never changed: what is decided otherwise is a new version, whose days
do not overlap with the old one's. The pack that governs a person on a day is the city's that is in
force on that day.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
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
    bindparam,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Door
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Command, Placed, Table, key, place_constraints
from app.domain.credits.packs.document import PackDocument, read_pack
from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.organisation.units import UNITS, Level
from app.domain.paging import Page, PageRequest
from app.sql import Connection, Row, Statement, UniqueViolationError, new_id


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


class RulePack(RulePackFields, Placed, Table, table=True):
    """One version of a pack that was put in force; rows are only ever added."""

    __table_args__ = (
        *place_constraints(),
        UniqueConstraint("city_id", "pack_id", "version"),
        CheckConstraint("version >= 1", name="version_from_one"),
        CheckConstraint("effective_to >= effective_from", name="ends_after_it_begins"),
        Index(None, "unit_id", "effective_from", "id"),
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


class NewRulePack(Command):
    """A pack to be put in force for a city."""

    unit_id: UUID = Field(description="适用单位（市） / the city to which it applies")
    document: dict[str, Any] = Field(description="规则包文档 / the document, see docs/rules.md")


# What can be refused.


class RulePackNotFound(NotFound):
    """There is no such pack for the one who asks."""

    code = "rule_pack_not_found"
    zh = "未找到该规则包。"
    en = "There is no such rule pack."


class RulePackNeedsCity(Invalid):
    """Rules of credit are the city's to decide."""

    code = "rule_pack_needs_city"
    zh = "规则包只能由市级教育局发布。"
    en = "A rule pack is published for a city."


class RulePackExists(Conflict):
    """This version of this pack was published; a change is a new version."""

    code = "rule_pack_exists"
    zh = "规则包“{pack_id}”第{version}版已发布；如有变更，请发布新版本。"
    en = "Version {version} of {pack_id} is published: a change is a new version."


class RulePackOverlaps(Conflict):
    """Two packs cannot govern the same person on the same day."""

    code = "rule_pack_overlaps"
    zh = "有效期与已发布的规则包“{other}”第{other_version}版重叠。"
    en = "Its days overlap with those of {other}, version {other_version}."


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
    ends = col(RulePack.effective_to)
    return and_(col(RulePack.effective_from) <= last, or_(ends.is_(None), ends >= first))


async def list_packs(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    pack_id: str | None = None,
    in_force_on: date | None = None,
) -> Page:
    """The packs that apply where the actor is, by the day from which they are in force."""
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


# What may be done.

_OVERLAPPING = Statement(
    select(col(RulePack.pack_id), col(RulePack.version))
    .where(
        col(RulePack.unit_id) == bindparam("unit_id", type_=Uuid),
        in_force(bindparam("first", type_=Date), bindparam("last", type_=Date)),
    )
    .limit(1)
)


async def publish_pack(db: Connection, actor: Actor, *, new: NewRulePack, now: datetime) -> Row:
    """Put a version of a pack in force for a city, from the days that it names itself.

    Publishers of one city wait for each other, so that no two packs come to overlap.
    """
    unit = await UNITS.get(db, actor, new.unit_id, permission=Permission.PACK_PUBLISH, lock=True)
    if unit["level"] != Level.CITY:
        raise RulePackNeedsCity
    document = read_pack(msgspec.json.encode(new.document))
    row = pack_row(document, city_id=unit["id"], published_at=now) | {
        "published_by": actor.account_id
    }
    span = {"first": row["effective_from"], "last": row["effective_to"] or date.max}
    other = await db.one(_OVERLAPPING, unit_id=unit["id"], **span)
    taken = {"pack_id": document.id, "version": document.version}
    if other == taken:
        raise RulePackExists(**taken)
    if other is not None:
        raise RulePackOverlaps(other=other["pack_id"], other_version=other["version"])
    try:
        await db.insert(RulePack, row)
    except UniqueViolationError:
        raise RulePackExists(**taken) from None
    return await get_pack(db, actor, pack_key=row["id"])


def pack_row(document: PackDocument, *, city_id: UUID, published_at: datetime) -> Row:
    """The row of a city's pack, as it is published or loaded."""
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
        "document": document.model_dump(mode="json", exclude_defaults=True),
        "published_at": published_at,
    }
