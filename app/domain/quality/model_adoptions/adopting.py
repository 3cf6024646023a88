"""Adopting a model case: from when and how, by which activities, and what came of it in figures."""

from datetime import date, datetime, timedelta
from typing import Any, Self
from uuid import UUID

from pydantic import Field, model_validator
from sqlalchemy import Uuid, bindparam, select
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE
from app.domain.access.roles import Permission
from app.domain.base import Command, civil_date
from app.domain.errors import Conflict, Invalid, Unfit
from app.domain.organisation.units import UNITS, hold_unit, place_of
from app.domain.people.teachers import place_column
from app.domain.quality.measures import IndicatorMeasure, measure_units
from app.domain.quality.model_adoptions.adoption import (
    MODEL_ADOPTIONS,
    ModelAdoption,
    ModelAdoptionActivity,
    ModelAdoptionFields,
)
from app.domain.quality.model_cases import get_model_case
from app.domain.training.activities import ACTIVITIES, Activity
from app.sql import Connection, Row, Statement, UniqueViolationError, new_id

LONGEST_DAYS = 366
"""A year at most is set beside as many days before."""


class NewModelAdoption(ModelAdoptionFields, Command):
    """That a unit is to work by a case that is published to it."""

    unit_id: UUID = Field(description="采用单位 / unit that adopts it")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.report_by <= self.adopted_on:
            raise Unfit("成效报告期限须晚于采用日期。", "What came of it is reported afterwards.")
        return self


class AdoptionActivityChoice(Command):
    """Which activity of the unit was held by the case."""

    activity_id: UUID = Field(description="活动 / activity")


class ModelAdoptionReport(Command):
    """What came of an adoption; the figures are computed, from as many days before and since."""

    effect: str = Field(min_length=10, max_length=5000, description="成效 / what came of it")
    measures: list[IndicatorMeasure] = Field(
        min_length=1, max_length=5, description="成效数据的计量项 / by what it shows"
    )
    until: date | None = Field(
        default=None, description="截止日，默认今天 / last day looked at; today by default"
    )


class ModelAdoptionEnd(Command):
    """From when and why a unit no longer works by a case."""

    on: date | None = Field(default=None, description="停止日期，默认今天 / when; today by default")
    reason: str = Field(min_length=2, max_length=2000, description="停止原因 / why")


# What can be refused.


class ModelAdoptionExists(Conflict):
    """The unit works by this case already."""

    code = "model_adoption_exists"
    zh = "该单位已采用此案例。"
    en = "The unit works by this case already."


class ModelAdoptionOfOwnCase(Invalid):
    """What others adopt is not the unit's own work."""

    code = "model_adoption_of_own_case"
    zh = "不能采用本单位自己的案例。"
    en = "A unit does not adopt its own case."


class ModelAdoptionDaysUnfit(Invalid):
    """What is recorded has begun, and is looked at after it has."""

    code = "model_adoption_days_unfit"
    zh = "日期须在采用日期之后、今天之前（含），且考察期不超过一年。"
    en = "The day lies between the adoption and today, and no more than a year is looked at."


class ModelCaseUnpublished(Conflict):
    """Only a published case is adopted."""

    code = "model_case_unpublished"
    zh = "该案例未发布或已撤回，不能采用。"
    en = "The case is not published, or was withdrawn: it is not adopted."


class ModelAdoptionEnded(Conflict):
    """What was given up is not changed any more."""

    code = "model_adoption_ended"
    zh = "该单位已停止采用此案例。"
    en = "The unit no longer works by this case."


class AdoptionActivityOutside(Invalid):
    """An activity of an adoption is held at or below the unit, since it adopted the case."""

    code = "adoption_activity_outside"
    zh = "活动须由采用单位或其下属单位组织，且在采用之后开始。"
    en = "The activity is held at or below the unit, and begins since the adoption."


class AdoptionActivityExists(Conflict):
    """The activity is named already."""

    code = "adoption_activity_exists"
    zh = "该活动已列入。"
    en = "The activity is named already."


# What may be done.

_WRITE = Permission.RESOURCE_WRITE


async def adopt_model_case(
    db: Connection, actor: Actor, *, case_id: UUID, new: NewModelAdoption, now: datetime
) -> Row:
    """Say for a unit that it works by a case of another that is published; by its present version."""
    case = await get_model_case(db, actor, case_id=case_id)
    unit = await hold_unit(db, actor, unit_id=new.unit_id, permission=_WRITE)
    if case["published_version"] is None or case["withdrawn_at"] is not None:
        raise ModelCaseUnpublished
    if case["unit_id"] == unit["id"]:
        raise ModelAdoptionOfOwnCase
    if new.adopted_on > civil_date(now):
        raise ModelAdoptionDaysUnfit
    row = {
        "id": new_id(), **new.model_dump(include=set(ModelAdoptionFields.model_fields)),
        **place_of(unit), "case_id": case_id, "version": case["published_version"],
        "created_at": now, "created_by": actor.account_id,
    }  # fmt: skip
    try:
        async with db.transaction():
            await db.insert(ModelAdoption, row)
    except UniqueViolationError:
        raise ModelAdoptionExists from None
    return await MODEL_ADOPTIONS.get(db, actor, row["id"])


async def _hold(db: Connection, actor: Actor, adoption_id: UUID) -> Row:
    """An adoption that has not ended, held for who writes for the unit."""
    row = await MODEL_ADOPTIONS.get(db, actor, adoption_id, permission=_WRITE, lock=True)
    if row["ended_on"] is not None:
        raise ModelAdoptionEnded
    return row


_PLACE = Statement(
    select(*(col(getattr(Activity, name)) for name in PLACE)).where(
        col(Activity.id) == bindparam("activity_id", type_=Uuid)
    )
)


async def add_adoption_activity(
    db: Connection,
    actor: Actor,
    *,
    adoption_id: UUID,
    choice: AdoptionActivityChoice,
    now: datetime,
) -> Row:
    """Name an activity of the unit that was held by the case."""
    row = await _hold(db, actor, adoption_id)
    activity = await ACTIVITIES.get(db, actor, choice.activity_id)
    place = await db.one(_PLACE, activity_id=choice.activity_id) or {}
    if row["unit_id"] not in place.values() or activity["starts_on"] < row["adopted_on"]:
        raise AdoptionActivityOutside
    added = {
        "adoption_id": adoption_id, "activity_id": choice.activity_id, "added_at": now,
        "added_by": actor.account_id,
    }  # fmt: skip
    try:
        async with db.transaction():
            await db.insert(ModelAdoptionActivity, added)
    except UniqueViolationError:
        raise AdoptionActivityExists from None
    return await MODEL_ADOPTIONS.get(db, actor, adoption_id)


async def report_model_adoption(
    db: Connection, actor: Actor, *, adoption_id: UUID, said: ModelAdoptionReport, now: datetime
) -> Row:
    """Say what came of an adoption: in words, and in figures from the register before and since.

    A later report takes an earlier one's place; the trail keeps both.
    """
    row = await _hold(db, actor, adoption_id)
    unit = await UNITS.get(db, actor, row["unit_id"])
    today = civil_date(now)
    since, until = row["adopted_on"], said.until or today
    if not since <= until <= today or (until - since).days >= LONGEST_DAYS:
        raise ModelAdoptionDaysUnfit
    before = (since - (until - since) - timedelta(days=1), since - timedelta(days=1))
    measures = list(dict.fromkeys(said.measures))
    both = [
        await measure_units(
            db, measures=measures, unit_ids=[row["unit_id"]], place=place_column(unit),
            period=period, as_of=today,
        )
        for period in (before, (since, until))
    ]  # fmt: skip
    reported: dict[str, Any] = {
        "effect": said.effect, "reported_at": now, "reported_by": actor.account_id,
        "figures": [_figure(*pair) for pair in zip(*both, strict=True)],
    }  # fmt: skip
    await db.change(ModelAdoption, adoption_id, reported)
    return await MODEL_ADOPTIONS.get(db, actor, adoption_id)


def _figure(before: Row, after: Row) -> dict[str, Any]:
    """One measure before and since, as it is kept."""
    counted = ("numerator", "denominator", "value", "since", "until")
    as_text = {"value", "since", "until"}
    figure = {"measure": after["measure"].value, "rows": after["rows"]}
    for prefix, row in (("before_", before), ("", after)):
        figure |= {
            f"{prefix}{name}": str(row[name])
            if name in as_text and row[name] is not None
            else row[name]
            for name in counted
        }
    return figure


async def end_model_adoption(
    db: Connection, actor: Actor, *, adoption_id: UUID, end: ModelAdoptionEnd, now: datetime
) -> Row:
    """Say that a unit no longer works by a case, and why; it may adopt it again."""
    row = await _hold(db, actor, adoption_id)
    on = end.on or civil_date(now)
    if not row["adopted_on"] <= on <= civil_date(now):
        raise ModelAdoptionDaysUnfit
    ended = {"ended_on": on, "ended_because": end.reason, "ended_by": actor.account_id}
    await db.change(ModelAdoption, adoption_id, ended)
    return await MODEL_ADOPTIONS.get(db, actor, adoption_id)
