"""Publishing packs (发布规则包): what a city, or a county for its own numbers, puts in force."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
from pydantic import Field
from sqlalchemy import Date, Uuid, bindparam, select
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import Command
from app.domain.credits.packs.document import PackDocument, read_pack
from app.domain.credits.packs.parts import PackVersion
from app.domain.credits.packs.published import (
    RulePack,
    RulePackNotFound,
    get_pack,
    in_force,
    last_day,
    pack_row,
)
from app.domain.credits.packs.refinements import Refinement, read_refinement, refined
from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.organisation.units import UNITS, Level
from app.sql import Connection, Row, Statement, UniqueViolationError


class NewRulePack(Command):
    """A pack to be put in force for a city."""

    unit_id: UUID = Field(description="适用单位（市） / the city to which it applies")
    document: dict[str, Any] = Field(description="规则包文档 / the document, see docs/rules.md")


class NewRefinement(Command):
    """A county's numbers, to be put in force."""

    unit_id: UUID = Field(description="适用单位（县） / the county to which it applies")
    document: dict[str, Any] = Field(description="细化文档 / the document, see docs/rules.md")


# What can be refused.


class RulePackNeedsCity(Invalid):
    """Rules of credit are the city's to decide."""

    code = "rule_pack_needs_city"
    zh = "规则包只能由市级教育局发布。"
    en = "A rule pack is published for a city."


class RefinementNeedsCounty(Invalid):
    """The city's own numbers are in its pack; a school has none."""

    code = "refinement_needs_county"
    zh = "只有县（市、区）教育局可以细化规则包。"
    en = "A pack is refined for a county."


class SucceededPackNotFound(NotFound):
    """What a pack says it takes over from is not published there."""

    code = "succeeded_pack_not_found"
    zh = "本单位没有发布“{pack_id}”第{version}版，无法接替。"
    en = "Version {version} of {pack_id} is not published here: there is nothing to take over from."


class RulePackSucceeded(Conflict):
    """Only one pack takes over from another."""

    code = "rule_pack_succeeded"
    zh = "“{pack_id}”第{version}版已被接替。"
    en = "Another pack took over from version {version} of {pack_id} already."


class RulePackNotLater(Conflict):
    """A pack takes over after the other began, while that is still in force."""

    code = "rule_pack_not_later"
    zh = "接替的规则包须在“{pack_id}”第{version}版生效期间开始生效。"
    en = "It would have to begin while version {version} of {pack_id} is in force."


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


# What may be done.

_NAMED = Statement(
    select(
        col(RulePack.id), col(RulePack.effective_from), last_day().label("last_day"),
        col(RulePack.document),
    ).where(
        col(RulePack.unit_id) == bindparam("unit_id", type_=Uuid),
        col(RulePack.pack_id) == bindparam("pack_id"),
        col(RulePack.version) == bindparam("version"),
    )
)  # fmt: skip
_SUCCESSOR = Statement(
    select(col(RulePack.id)).where(col(RulePack.succeeds_id) == bindparam("id", type_=Uuid))
)
_OVERLAPPING = Statement(
    select(col(RulePack.pack_id), col(RulePack.version))
    .where(
        col(RulePack.unit_id) == bindparam("unit_id", type_=Uuid),
        col(RulePack.id).is_distinct_from(bindparam("but", type_=Uuid)),
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
    row = pack_row(document, city_id=unit["id"], published_at=now)
    return await _publish(db, actor, row, document)


async def refine_pack(db: Connection, actor: Actor, *, new: NewRefinement, now: datetime) -> Row:
    """Put a county's numbers in force instead of those that the city's pack left to it.

    Refused with every number that is locked, or set the other way than the city allows.
    """
    unit = await UNITS.get(db, actor, new.unit_id, permission=Permission.PACK_REFINE, lock=True)
    if unit["level"] != Level.COUNTY:
        raise RefinementNeedsCounty
    document = read_refinement(msgspec.json.encode(new.document))
    meant = {"pack_id": document.refines.id, "version": document.refines.version}
    base = await db.one(_NAMED, unit_id=unit["city_id"], **meant)
    if base is None:
        raise RulePackNotFound
    refined(PackDocument.model_validate(base["document"]), document)
    place = {"unit_id": unit["id"], "county_id": unit["id"], "refines_id": base["id"]}
    row = pack_row(document, city_id=unit["city_id"], published_at=now) | place
    return await _publish(db, actor, row, document)


async def _publish(
    db: Connection, actor: Actor, row: Row, document: PackDocument | Refinement
) -> Row:
    """The row, once no other of its unit is in force on its days but the one it takes over from."""
    row |= {"published_by": actor.account_id}
    taken = {"pack_id": document.id, "version": document.version}
    if await db.one(_NAMED, unit_id=row["unit_id"], **taken) is not None:
        raise RulePackExists(**taken)
    if document.succeeds is not None:
        row["succeeds_id"] = await _succeeded(db, row, document.succeeds)
    span = {"first": row["effective_from"], "last": row["effective_to"] or date.max}
    other = await db.one(_OVERLAPPING, unit_id=row["unit_id"], but=row["succeeds_id"], **span)
    if other is not None:
        raise RulePackOverlaps(other=other["pack_id"], other_version=other["version"])
    try:
        await db.insert(RulePack, row)
    except UniqueViolationError:
        raise RulePackExists(**taken) from None
    return await get_pack(db, actor, pack_key=row["id"])


async def _succeeded(db: Connection, row: Row, named: PackVersion) -> UUID:
    """The key of the pack from which another takes over on its first day."""
    meant = {"pack_id": named.id, "version": named.version}
    before = await db.one(_NAMED, unit_id=row["unit_id"], **meant)
    if before is None:
        raise SucceededPackNotFound(**meant)
    if await db.one(_SUCCESSOR, id=before["id"]) is not None:
        raise RulePackSucceeded(**meant)
    begins, ends = before["effective_from"], before["last_day"] or date.max
    if not begins < row["effective_from"] <= ends:
        raise RulePackNotLater(**meant)
    key: UUID = before["id"]
    return key
