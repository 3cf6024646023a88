"""Amending (修订) an agreed plan: a new version that waits for review while the one in force stays.

An amendment is kept as a version like any other. The plan and its items are what is in force: they say
what the amendment says once it is agreed, and never before.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from pydantic import model_validator
from sqlalchemy import ARRAY, Integer, Uuid, any_, bindparam, column, delete, func, select, update
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.base import MOMENT, Command
from app.domain.errors import Conflict, Unfit
from app.domain.training.plans.plan import PlanItemNotFound
from app.domain.training.plans.table import (
    MOST_ITEMS,
    Plan,
    PlanActivity,
    PlanFields,
    PlanItem,
    PlanItemFields,
)
from app.domain.training.plans.versions import PlanVersion, items_of, keep_version
from app.domain.training.plans.writing import (
    PlanChanges,
    PlanDaysDisagree,
    check_days,
    check_derivation,
    check_trainers,
    check_within,
)
from app.sql import Connection, ForeignKeyViolationError, Row, Statement, new_id


class AmendedItem(PlanItemFields, Command):
    """An item as it is to be; without a key it is a new one."""

    id: UUID | None = Field(
        default=None, description="计划项标识，新增为空 / key, null for a new one"
    )

    @model_validator(mode="after")
    def _fits(self) -> Self:
        check_days(self.starts_on, self.ends_on)
        return self


class PlanAmendment(PlanChanges):
    """What an agreed plan is to say; what is left out stays as it is."""

    items: list[AmendedItem] | None = Field(
        default=None,
        max_length=MOST_ITEMS,
        description="修订后的全部计划项，不填则不变 / all items as they are to be; left out, they stay",
    )

    @model_validator(mode="after")
    def _names_each_once(self) -> Self:
        keys = [item.id for item in self.items or () if item.id is not None]
        if len(set(keys)) < len(keys):
            raise Unfit("同一计划项只能出现一次。", "An item is named once.")
        return self


# What can be refused.


class ItemCarriedOut(Conflict):
    """An item is not taken out that an activity carries out."""

    code = "plan_item_carried_out"
    zh = "已有活动对应的计划项不能删除，请先取消对应关系。"
    en = "An activity carries the item out that is to be removed: end that link first."


class AmendmentWaits(Conflict):
    """An amendment of the plan waits to be decided on."""

    code = "plan_amendment_waits"
    zh = "该计划已有修订待审定。"
    en = "An amendment of this plan waits for review already."


# What may be done.

_PLAN = col(Plan.id) == bindparam("plan_id", type_=Uuid)
_DROPPED = (
    col(PlanItem.plan_id) == bindparam("plan_id", type_=Uuid),
    ~(col(PlanItem.id) == any_(bindparam("kept", type_=ARRAY(Uuid)))),
)
_CARRIED_OUT = Statement(
    select(func.count())
    .join_from(PlanActivity, PlanItem, col(PlanActivity.item_id) == col(PlanItem.id))
    .where(*_DROPPED)
)
_WAIT = Statement(
    update(Plan)
    .where(_PLAN)
    .values(
        version=bindparam("number", type_=Integer),
        submitted_by=bindparam("by", type_=Uuid),
        amendment_since=bindparam("now", type_=MOMENT),
    )
)


async def propose_amendment(
    db: Connection, actor: Actor, *, plan: Row, amendment: PlanAmendment, now: datetime
) -> None:
    """Let an amendment of a locked, agreed plan wait, if it says what a plan of that kind must say."""
    if plan["amendment_since"] is not None:
        raise AmendmentWaits
    after = plan | amendment.model_dump(exclude_unset=True, exclude={"items"})
    if after["ends_on"] < after["starts_on"]:
        raise PlanDaysDisagree
    if after["derived_from_id"] != plan["derived_from_id"]:
        await check_derivation(db, actor, derived_from_id=after["derived_from_id"], plan=plan)
    held = await items_of(db, actor, plan=plan)
    items = held if amendment.items is None else _numbered(amendment.items, held)
    for item in items:
        check_within(after, item["starts_on"], item["ends_on"])
    known = {trainer for item in held for trainer in item["trainer_ids"]}
    named = {trainer for item in items for trainer in item["trainer_ids"]}
    await check_trainers(db, actor, trainer_ids=list(named - known))
    kept = [item["id"] for item in items]
    if await db.value(_CARRIED_OUT, plan_id=plan["id"], kept=kept):
        raise ItemCarriedOut
    await keep_version(db, actor, plan=after, items=items, now=now)
    by, number = actor.on_behalf_of or actor.account_id, plan["version"] + 1
    await db.run(_WAIT, plan_id=plan["id"], number=number, by=by, now=now)


def _numbered(wanted: Sequence[AmendedItem], held: Sequence[Row]) -> list[Row]:
    """The items as rows, in the order of their days; those with a key are the plan's own."""
    known = {item["id"] for item in held}
    if any(item.id is not None and item.id not in known for item in wanted):
        raise PlanItemNotFound
    rows = [item.model_dump() | {"id": item.id or new_id()} for item in wanted]
    return sorted(rows, key=lambda row: (row["starts_on"], row["id"]))


_DOCUMENT = Statement(
    select(col(PlanVersion.document)).where(
        col(PlanVersion.plan_id) == bindparam("plan_id", type_=Uuid),
        col(PlanVersion.number) == bindparam("number", type_=Integer),
    )
)
_DROP = Statement(delete(PlanItem).where(*_DROPPED))
_names = ("id", *PlanItemFields.model_fields)
_said = (
    func.jsonb_to_recordset(bindparam("items", type_=JSONB))
    .table_valued(*(column(name, PlanItem.__table__.c[name].type) for name in _names))  # type: ignore[attr-defined]
    .render_derived(name="said", with_types=True)
)
_put = insert(PlanItem).from_select(
    ["plan_id", *_names], select(bindparam("plan_id", type_=Uuid), *_said.c)
)
_PUT = Statement(
    # The keys are the plan's own, or new: a version is never changed.
    _put.on_conflict_do_update(
        index_elements=["id"], set_={name: _put.excluded[name] for name in _names[1:]}
    )
)


async def settle_amendment(db: Connection, actor: Actor, *, plan: Row, agreed: bool) -> None:  # noqa: ARG001  the door was passed
    """Let the amendment of a locked plan wait no longer; agreed to, it is what the plan says."""
    await db.change(Plan, plan["id"], {"amendment_since": None})
    if not agreed:
        return
    said: dict[str, Any] = await db.value(_DOCUMENT, plan_id=plan["id"], number=plan["version"])
    above = said["plan"].pop("derived_from_id")
    fields = PlanFields.model_validate(said["plan"]).model_dump() | {
        "derived_from_id": above and UUID(above)
    }
    await db.change(Plan, plan["id"], fields | {"in_force": plan["version"]})
    try:
        await db.run(_DROP, plan_id=plan["id"], kept=[UUID(item["id"]) for item in said["items"]])
    except ForeignKeyViolationError:
        raise ItemCarriedOut from None
    await db.run(_PUT, plan_id=plan["id"], items=said["items"])
