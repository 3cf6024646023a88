"""An activity and its form: that it keeps to what the form declares, and carries out its steps."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, bindparam, select
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.errors import Conflict, Invalid
from app.domain.organisation.units import Unit
from app.domain.training.forms import FormEnded, FormNotFound, get_form
from app.sql import Connection, Row, Statement

# What can be refused.


class OutsideForm(Invalid):
    """The activity is not what its form declares; `fields` names where."""

    code = "activity_outside_form"
    zh = "活动与所选样式“{form}”不符：{fields}。"
    en = "The activity does not keep to its form {form}: {fields}."


class StepUnknown(Invalid):
    """A session names a step that the activity's form does not have."""

    code = "session_step_unknown"
    zh = "活动样式没有环节“{step}”。"
    en = "The activity's form has no step {step}."


class StepsMissing(Conflict):
    """Steps that the form requires are carried out by no session; `steps` names them."""

    code = "activity_steps_missing"
    zh = "以下必需环节尚未安排场次：{steps}。"
    en = "No session carries out these steps, which the form requires: {steps}."


# What may be done.

_CITY = Statement(select(col(Unit.city_id)).where(col(Unit.id) == bindparam("unit_id", type_=Uuid)))


async def check_form(
    db: Connection, actor: Actor, *, activity: Mapping[str, Any], newly_chosen: bool
) -> None:
    """Refuse an activity that its form does not allow; an ended form is not chosen any more."""
    if activity["form_id"] is None:
        return
    form = await get_form(db, actor, form_id=activity["form_id"])
    if newly_chosen and form["unit_id"] != await db.value(
        _CITY, unit_id=activity["organiser_unit_id"]
    ):
        raise FormNotFound
    if newly_chosen and form["ended_at"] is not None:
        raise FormEnded(form=form["code"], version=form["version"])
    outside = [
        name
        for name, allowed in (
            ("kind", [form["kind"]]), ("mode", form["modes"]), ("channel", form["channels"]),
        )
        if allowed and activity[name] not in allowed
    ]  # fmt: skip
    if form["content"] and not set(form["content"]) & set(activity["content"]):
        outside.append("content")
    if outside:
        raise OutsideForm(form=form["code"], fields=", ".join(outside))


async def check_step(db: Connection, actor: Actor, *, activity: Row, step: str | None) -> None:
    """Refuse a step that the activity's form does not have."""
    if step is None:
        return
    form_id: UUID | None = activity["form_id"]
    known = (await get_form(db, actor, form_id=form_id))["steps"] if form_id is not None else []
    if step not in {each["code"] for each in known}:
        raise StepUnknown(step=step)


async def check_steps(
    db: Connection, actor: Actor, *, activity: Row, carried_out: AbstractSet[str]
) -> None:
    """Refuse to publish what leaves out a required step, or names one that its form does not have.

    `carried_out` are the steps that its sessions name.
    """
    form_id: UUID | None = activity["form_id"]
    steps = (await get_form(db, actor, form_id=form_id))["steps"] if form_id is not None else []
    unknown = carried_out - {each["code"] for each in steps}
    if unknown:
        raise StepUnknown(step=min(unknown))
    missing = [s["code"] for s in steps if s["required"] and s["code"] not in carried_out]
    if missing:
        raise StepsMissing(steps=", ".join(missing))
