"""The word of the bureau on a model case: returned, published to whom, or withdrawn."""

from datetime import datetime
from uuid import UUID

from pydantic import Field
from sqlalchemy import ARRAY, Uuid, any_, bindparam, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Command
from app.domain.errors import Conflict, Invalid
from app.domain.organisation.units import Level, Unit, UnitNotFound, hold_unit
from app.domain.quality.model_cases.case import MODEL_CASES, PLACE_OF_CASE
from app.domain.quality.model_cases.table import (
    ModelCase,
    ModelCaseAudience,
    ModelCaseState,
    ModelCaseVersion,
)
from app.domain.quality.model_cases.writing import check_state, hold_case
from app.sql import Connection, Row, Statement


class ModelCaseReturn(Command):
    """Why a version goes back to who wrote it."""

    opinion: str = Field(min_length=2, max_length=2000, description="退回意见 / why")


class ModelCasePublication(Command):
    """By which bureau a case is published, to whom, and why."""

    unit_id: UUID = Field(description="发布教育局 / bureau that publishes it")
    target_ids: list[UUID] = Field(
        default_factory=list, max_length=500,
        description="发布范围，默认发布单位及其全部下属 / to whom it goes; by default to all below the bureau",
    )  # fmt: skip
    opinion: str = Field(min_length=2, max_length=2000, description="审核意见 / why")


class ModelCaseWithdrawal(Command):
    """Why a published case is no longer one to follow."""

    reason: str = Field(min_length=2, max_length=2000, description="撤回理由 / why")


# What can be refused.


class ModelCaseOfOwnUnit(Invalid):
    """Whether a unit's work is a model a bureau above it says, and publishes it to those below itself."""

    code = "model_case_of_own_unit"
    zh = "典型案例由案例单位的上级教育局审核、发布。"
    en = "A bureau above the unit reviews and publishes its case."


class ModelCaseDecidedByWriter(Conflict):
    """Whoever submitted a case, or for whom it was done, does not decide on it."""

    code = "model_case_decided_by_writer"
    zh = "送审人不得审核本人送审的案例。"
    en = "Whoever submitted a case does not decide on it."


class ModelCaseNeverPublished(Conflict):
    """What was never published is not withdrawn."""

    code = "model_case_never_published"
    zh = "该案例尚未发布。"
    en = "This case was not published."


class ModelCasePublishedAbove(Conflict):
    """What the city has published to all of it only the city withdraws."""

    code = "model_case_published_above"
    zh = "该案例已由市教育局发布，只能由市教育局撤回。"
    en = "The city has published this case: only the city withdraws it."


# What may be done.

_REVIEW = Permission.RESOURCE_REVIEW


async def _hold(db: Connection, actor: Actor, case_id: UUID) -> tuple[Row, Row, set[UUID]]:
    """A case with its latest version and the bureaux above its unit, for one of these bureaux."""
    case, latest = await hold_case(db, actor, case_id=case_id, permission=_REVIEW)
    place = await db.one(PLACE_OF_CASE, case_id=case_id) or {}
    above = {place["county_id"], place["city_id"]} - {case["unit_id"]}
    if all(above.isdisjoint(ids) for ids in actor.scope(_REVIEW).values.values()):
        raise ModelCaseOfOwnUnit
    return case, latest, above


_SUBMITTED = Statement(
    select(col(ModelCaseVersion.submitted_by), col(ModelCaseVersion.submitted_for)).where(
        col(ModelCaseVersion.id) == bindparam("version_id", type_=Uuid)
    )
)


async def _decide(
    db: Connection, actor: Actor, latest: Row, state: ModelCaseState, opinion: str, now: datetime
) -> None:
    submitted = await db.one(_SUBMITTED, version_id=latest["id"]) or {}
    if not actor.accounts.isdisjoint(submitted.values()):
        raise ModelCaseDecidedByWriter
    decided = {
        "state": state, "decided_at": now, "decided_by": actor.account_id, "opinion": opinion,
    }  # fmt: skip
    await db.change(ModelCaseVersion, latest["id"], decided)


async def return_model_case(
    db: Connection, actor: Actor, *, case_id: UUID, said: ModelCaseReturn, now: datetime
) -> Row:
    """Return what was submitted, with what is to be written otherwise."""
    _, latest, _ = await _hold(db, actor, case_id)
    check_state(latest, ModelCaseState.SUBMITTED)
    await _decide(db, actor, latest, ModelCaseState.RETURNED, said.opinion, now)
    return await MODEL_CASES.get(db, actor, case_id)


def _below(place: str) -> Statement:
    """How many of these units are open and lie at or below a bureau."""
    return Statement(
        select(func.count())
        .select_from(Unit)
        .where(
            col(Unit.id) == any_(bindparam("target_ids", type_=ARRAY(Uuid))),
            col(getattr(Unit, place)) == bindparam("unit_id", type_=Uuid),
            col(Unit.closed_on).is_(None),
        )
    )


_BELOW = {Level.CITY: _below("city_id"), Level.COUNTY: _below("county_id")}
_targets = (
    func.unnest(bindparam("target_ids", type_=ARRAY(Uuid))).table_valued("id").render_derived()
)
_PUBLISH = Statement(
    insert(ModelCaseAudience)
    .from_select(
        ["case_id", "target_id", "by_unit_id", "published_at", "published_by"],
        select(
            bindparam("case_id", type_=Uuid), _targets.c.id, bindparam("unit_id", type_=Uuid),
            bindparam("now", type_=MOMENT), bindparam("by", type_=Uuid),
        ),
    )
    .on_conflict_do_nothing()
)  # fmt: skip


async def publish_model_case(
    db: Connection, actor: Actor, *, case_id: UUID, new: ModelCasePublication, now: datetime
) -> Row:
    """Publish a case of a unit below to all or some below the bureau: what was submitted, or to more.

    A city that finds a county's case worth it publishes the same version to everybody.
    """
    await MODEL_CASES.get(db, actor, case_id, permission=_REVIEW)
    bureau = await hold_unit(db, actor, unit_id=new.unit_id, permission=_REVIEW)
    case, latest, above = await _hold(db, actor, case_id)
    if bureau["id"] not in above:
        raise ModelCaseOfOwnUnit
    targets = list(dict.fromkeys(new.target_ids)) or [bureau["id"]]
    found = await db.value(_BELOW[Level(bureau["level"])], target_ids=targets, unit_id=bureau["id"])
    if found < len(targets):
        raise UnitNotFound
    if latest["state"] == ModelCaseState.SUBMITTED:
        await _decide(db, actor, latest, ModelCaseState.PUBLISHED, new.opinion, now)
        await db.change(ModelCase, case_id, {"published_version": latest["number"]})
    elif case["published_version"] is None:
        check_state(latest, ModelCaseState.SUBMITTED)
    await db.run(
        _PUBLISH, case_id=case_id, target_ids=targets, unit_id=bureau["id"], now=now,
        by=actor.account_id,
    )  # fmt: skip
    return await MODEL_CASES.get(db, actor, case_id)


_BY_CITY = Statement(
    select(col(ModelCase.city_id))
    .join(ModelCaseAudience, col(ModelCaseAudience.case_id) == col(ModelCase.id))
    .where(
        col(ModelCase.id) == bindparam("case_id", type_=Uuid),
        col(ModelCaseAudience.by_unit_id) == col(ModelCase.city_id),
    )
    .limit(1)
)


async def withdraw_model_case(
    db: Connection, actor: Actor, *, case_id: UUID, said: ModelCaseWithdrawal, now: datetime
) -> Row:
    """Withdraw a published case with a reason; who has adopted it keeps what came of it.

    A county withdraws what it published itself, and not what the city has published since.
    """
    case, _, _ = await _hold(db, actor, case_id)
    if case["published_version"] is None:
        raise ModelCaseNeverPublished
    by_city = await db.value(_BY_CITY, case_id=case_id)
    if by_city is not None and by_city not in actor.scope(_REVIEW).values.get("city_id", []):
        raise ModelCasePublishedAbove
    withdrawn = {
        "withdrawn_at": now, "withdrawn_by": actor.account_id, "withdrawn_because": said.reason,
    }  # fmt: skip
    await db.change(ModelCase, case_id, withdrawn)
    return await MODEL_CASES.get(db, actor, case_id)
