"""Versions (版本) of a plan: what was submitted each time, word for word, and how two differ."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Integer, UniqueConstraint, Uuid, bindparam, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, col

from app.domain.access.accounts import Account
from app.domain.access.actors import Actor
from app.domain.access.doors import Door
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Table, key
from app.domain.errors import Conflict, NotFound
from app.domain.paging import Page, PageRequest
from app.domain.training.plans.plan import PLAN_PLACES, PLANS
from app.domain.training.plans.table import Plan, PlanFields, PlanItem, PlanItemFields, owner_of
from app.domain.training.plans.vocabulary import ASKED, SERVES_GOALS, PlanKind
from app.sql import Connection, Row, Statement, new_id


class PlanVersion(Table, table=True):
    """A plan as it was submitted: its own fields and its items. It is never changed."""

    __table_args__ = (UniqueConstraint("plan_id", "number"),)

    id: UUID = key()
    plan_id: UUID = Field(foreign_key="plan.id", sa_type=Uuid)
    number: int
    document: dict[str, Any] = Field(sa_type=JSONB)
    submitted_at: datetime = Field(sa_type=MOMENT)
    submitted_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)


class PlanVersionView(BaseModel):
    """A version as both faces list it."""

    id: UUID = Field(description="标识 / key")
    plan_id: UUID = Field(description="计划 / plan")
    number: int = Field(description="版本号，从1起 / number, from 1")
    submitted_at: datetime = Field(description="报送时间 / when it was submitted")
    submitter: str = Field(description="报送人 / who submitted it")


class Difference(StrEnum):
    """What became of an item from one version to another."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


class FieldDifference(BaseModel):
    """A field that one version says otherwise than another."""

    field: str = Field(description="字段 / field")
    before: str | None = Field(description="原内容 / what the earlier one says")
    after: str | None = Field(description="新内容 / what the later one says")


class ItemDifference(BaseModel):
    """An item that two versions do not have alike."""

    item_id: UUID = Field(description="计划项 / item")
    content: str = Field(description="研修内容 / what it is about, as last said")
    difference: Difference = Field(description="变化 / what became of it")
    fields: list[FieldDifference] = Field(description="字段变化 / what it says otherwise")


class PlanComparison(BaseModel):
    """How two versions of a plan differ; what they have alike is left out."""

    plan_id: UUID = Field(description="计划 / plan")
    older: int = Field(description="原版本号 / number of the earlier")
    newer: int = Field(description="新版本号 / number of the later")
    field_differences: list[FieldDifference] = Field(
        description="计划字段变化 / fields of the plan itself"
    )
    item_differences: list[ItemDifference] = Field(description="计划项变化 / items")


# What can be refused.


class PlanVersionNotFound(NotFound):
    """The plan has no version of that number."""

    code = "plan_version_not_found"
    zh = "该计划没有此版本。"
    en = "The plan has no version of that number."


class PlanIncomplete(Conflict):
    """The plan lacks something that its kind must say."""

    code = "plan_incomplete"
    zh = "计划缺少必填内容：{missing}。"
    en = "The plan lacks what it must say: {missing}."


# What may be asked.

PLAN_VERSIONS = Door(
    table=PlanVersion,
    view=PlanVersionView,
    read=Permission.PLAN_READ,
    missing=PlanVersionNotFound,
    places=PLAN_PLACES,
    computed={"submitter": col(Account.display_name)},
    joined=PlanVersion.__table__.join(  # type: ignore[attr-defined]
        Plan.__table__,  # type: ignore[attr-defined]
        col(PlanVersion.plan_id) == col(Plan.id),
    ).join(Account.__table__, col(PlanVersion.submitted_by) == col(Account.id)),  # type: ignore[attr-defined]
    filters={"plan_id": col(PlanVersion.plan_id)},
    sorts={"number": (col(PlanVersion.number),)},
)
"""Versions are for those who write and review the plan: its audience sees what was published."""


async def list_plan_versions(
    db: Connection, actor: Actor, *, plan_id: UUID, page: PageRequest
) -> Page:
    """The versions of one plan in the actor's place, the first submitted first."""
    actor.require(Permission.PLAN_READ, await PLANS.get(db, actor, plan_id))
    return await PLAN_VERSIONS.page(db, actor, page, filters={"plan_id": plan_id})


_TWO = Statement(
    select(col(PlanVersion.number), col(PlanVersion.document)).where(
        col(PlanVersion.plan_id) == bindparam("plan_id", type_=Uuid),
        (col(PlanVersion.number) == bindparam("older", type_=Integer))
        | (col(PlanVersion.number) == bindparam("newer", type_=Integer)),
    )
)


async def get_plan_comparison(
    db: Connection,
    actor: Actor,
    *,
    plan_id: UUID,
    older: int | None = None,
    newer: int | None = None,
) -> Row:
    """How two versions of a plan differ, field by field and item by item: the last two by default.

    Where an amendment waits, it is compared by default with what is in force.
    """
    plan = await PLANS.get(db, actor, plan_id)
    actor.require(Permission.PLAN_READ, plan)
    if older is None and newer is None and plan["amendment_since"] is not None:
        older = plan["in_force"]
    newer = plan["version"] if newer is None else newer
    older = newer - 1 if older is None else older
    if not (0 < older <= plan["version"] and 0 < newer <= plan["version"]):
        raise PlanVersionNotFound
    found = {
        row["number"]: row["document"]
        for row in await db.all(_TWO, plan_id=plan_id, older=older, newer=newer)
    }
    return {
        "plan_id": plan_id,
        "older": older,
        "newer": newer,
        "field_differences": _fields_of(found[older]["plan"], found[newer]["plan"], _PLAN_FIELDS),
        "item_differences": _items_of(found[older]["items"], found[newer]["items"]),
    }


_PLAN_FIELDS = (*PlanFields.model_fields, "derived_from_id")
_ITEM_FIELDS = tuple(PlanItemFields.model_fields)


def _fields_of(
    before: Mapping[str, Any], after: Mapping[str, Any], names: Sequence[str]
) -> list[Row]:
    return [
        {"field": name, "before": before.get(name), "after": after.get(name)}
        for name in names
        if before.get(name) != after.get(name)
    ]


def _items_of(before: Sequence[Row], after: Sequence[Row]) -> list[Row]:
    old, new = ({item["id"]: item for item in items} for items in (before, after))
    differences = []
    for item_id in dict.fromkeys([*old, *new]):
        last = new.get(item_id) or old[item_id]
        fields = _fields_of(old.get(item_id, {}), new.get(item_id, {}), _ITEM_FIELDS)
        if item_id in old and item_id in new:
            what = Difference.CHANGED
        else:
            what = Difference.REMOVED if item_id in old else Difference.ADDED
        row = {"item_id": UUID(item_id), "content": last["content"], "difference": what}
        differences += [{**row, "fields": fields}] if fields else []
    return differences


# What may be done.


_ITEMS = Statement(
    select(
        col(PlanItem.id), *(col(getattr(PlanItem, name)) for name in PlanItemFields.model_fields)
    )
    .where(col(PlanItem.plan_id) == bindparam("plan_id", type_=Uuid))
    .order_by(col(PlanItem.starts_on), col(PlanItem.id))
)


def _lacking(plan: Row, items: Sequence[Row]) -> list[str]:
    """What a plan must say and does not, as `field` or `items[n].field`."""
    kind = PlanKind(plan["kind"])
    asked = ASKED[kind]
    serves = kind in SERVES_GOALS and owner_of(plan) == plan["school_id"]
    fields = [*asked.plan, *(["school_goals"] if serves else [])]
    missing = [name for name in fields if plan[name] is None]
    missing += ["items"] if asked.items and not items else []
    return missing + [
        f"items[{number}].{name}"
        for number, item in enumerate(items, start=1)
        for name in asked.item
        if item[name] is None and not (name == "trainers" and item["trainer_ids"])
    ]


async def items_of(db: Connection, actor: Actor, *, plan: Row) -> list[Row]:  # noqa: ARG001  the door was passed
    """The items of a plan that the actor writes, as they are now, by first day."""
    return await db.all(_ITEMS, plan_id=plan["id"])


async def freeze_plan(db: Connection, actor: Actor, *, plan: Row, now: datetime) -> None:
    """Keep a locked plan and its items as they are now: a part of submitting and publishing it."""
    await keep_version(db, actor, plan=plan, items=await items_of(db, actor, plan=plan), now=now)


async def keep_version(
    db: Connection, actor: Actor, *, plan: Row, items: Sequence[Row], now: datetime
) -> None:
    """Keep what a locked plan and its items say as its next version, if it is what its kind must say.

    What is kept is text, so that versions written by different releases compare.
    """
    missing = _lacking(plan, items)
    if missing:
        raise PlanIncomplete(missing=", ".join(missing[:20]))
    row = {
        "id": new_id(), "plan_id": plan["id"], "number": plan["version"] + 1,
        "document": version_document(plan, items), "submitted_at": now, "submitted_by": actor.account_id,
    }  # fmt: skip
    await db.insert(PlanVersion, row)


def version_document(plan: Mapping[str, Any], items: Sequence[Mapping[str, Any]]) -> Row:
    """What a version keeps of a plan and its items."""
    return {
        "plan": _texts(plan, _PLAN_FIELDS),
        "items": [_texts(item, ("id", *_ITEM_FIELDS)) for item in items],
    }


def _texts(row: Mapping[str, Any], names: Sequence[str]) -> dict[str, str | None]:
    return {name: _text(row[name]) for name in names}


def _text(value: Any) -> str | None:
    """A value as the database itself reads it back."""
    if isinstance(value, list):
        return "{" + ",".join(str(each) for each in value) + "}"
    return None if value is None else str(value)
