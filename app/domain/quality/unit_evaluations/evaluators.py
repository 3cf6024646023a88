"""Evaluators (评估人员): who is appointed to evaluate which units, from one department or several.

「由师训处会同教导处、德育室、科研室等部门作评估」. Nobody evaluates a unit to which they belong, or belonged
within the period looked at: by their account, by what they administer, by the personnel relation, by
service there or by what was delegated to them for it. Kinship is not on the register, and is for who appoints
to know.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Date,
    Uuid,
    any_,
    bindparam,
    exists,
    or_,
    select,
)
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.domain.access.accounts import Account
from app.domain.access.actors import Actor
from app.domain.access.delegations import Delegation
from app.domain.access.doors import PLACE, Columns, Door
from app.domain.access.grants import RoleGrant
from app.domain.access.roles import Permission, Role
from app.domain.base import civil_day
from app.domain.errors import Invalid, NotFound
from app.domain.organisation.units import Unit
from app.domain.people.careers import Employment
from app.domain.people.facts.engagement import ServicePlace
from app.domain.people.teachers.strata import is_among
from app.domain.quality.unit_evaluations.evaluation import (
    UNIT_EVALUATIONS,
    of_county_or_bureau,
)
from app.domain.quality.unit_evaluations.table import Evaluator, UnitEvaluation
from app.sql import Connection, Row, Statement


class EvaluatorView(BaseModel):
    """An evaluator of one evaluation, as the evaluated unit knows them too."""

    id: UUID = Field(description="标识 / key of the appointment")
    evaluation_id: UUID = Field(description="评估 / evaluation")
    name: str = Field(description="评估人员 / who it is")
    department_id: UUID | None = Field(description="代表部门 / department, if for one")
    appointed_at: datetime = Field(description="指派时间 / when they were appointed")


# What can be refused.


class EvaluatorNotFound(NotFound):
    """There is no such appointment for the one who asks."""

    code = "evaluator_not_found"
    zh = "未找到该评估人员。"
    en = "There is no such evaluator."


class EvaluatorOfOwnUnit(Invalid):
    """Nobody evaluates a unit to which they belong, or belonged within the period looked at."""

    code = "evaluator_of_own_unit"
    zh = "评估人员不得评估本人所在或考察期内曾任职、任教的单位。"
    en = "Nobody evaluates a unit to which they belong, or belonged within the period looked at."


# What may be asked.

EVALUATORS = Door(
    table=Evaluator,
    view=EvaluatorView,
    read=Permission.GUIDANCE_READ,
    missing=EvaluatorNotFound,
    places={
        **{name: col(getattr(UnitEvaluation, name)) for name in PLACE},
        "county_id": of_county_or_bureau(UnitEvaluation),
    },
    computed={"name": col(Account.display_name)},
    joined=Evaluator.__table__.join(  # type: ignore[attr-defined]
        UnitEvaluation.__table__,  # type: ignore[attr-defined]
        col(Evaluator.evaluation_id) == col(UnitEvaluation.id),
    ).join(Account.__table__, col(Evaluator.account_id) == col(Account.id)),  # type: ignore[attr-defined]
    sorts={"created": ()},
)
"""Evaluators, known to the unit that they evaluate and to those above it."""


async def list_evaluators(db: Connection, actor: Actor, *, evaluation_id: UUID) -> list[Row]:
    """Who evaluates a unit, in the order in which they were appointed."""
    await UNIT_EVALUATIONS.get(db, actor, evaluation_id)
    found = await evaluators_of(db, actor, evaluation_ids=[evaluation_id])
    return found[evaluation_id]


async def evaluators_of(
    db: Connection, actor: Actor, *, evaluation_ids: Sequence[UUID], columns: Columns = None
) -> dict[UUID, list[Row]]:
    """The evaluators of many evaluations."""
    owner = col(Evaluator.evaluation_id)
    return await EVALUATORS.rows_of(db, actor, owner, evaluation_ids, columns=columns)


_ACCOUNTS = bindparam("account_ids", type_=ARRAY(Uuid))
_UNITS = bindparam("unit_ids", type_=ARRAY(Uuid))
_SINCE = bindparam("since", type_=Date)
_school = aliased(Unit)


def _worked_there(fact: type[Employment] | type[ServicePlace]) -> ColumnElement[bool]:
    """That somebody was employed or taught in the unit, or below it, on a day of the period or since."""
    ends = col(fact.valid_to)
    return exists(
        select(col(fact.id))
        .join_from(fact, _school, col(fact.school_id) == col(_school.id))
        .where(
            col(fact.teacher_id) == col(Account.teacher_id),
            col(fact.superseded_at).is_(None),
            or_(ends.is_(None), ends > _SINCE),
            or_(col(_school.id) == col(Unit.id), col(_school.county_id) == col(Unit.id)),
        )
    )


_granted_until = col(RoleGrant.valid_to)
_ADMINISTRATORS = (Role.SCHOOL_ADMIN, Role.COUNTY_ADMIN, Role.CITY_ADMIN)
"""Each of these may be granted over any unit."""
_administered = exists(
    select(col(RoleGrant.id)).where(
        col(RoleGrant.account_id) == col(Account.id),
        col(RoleGrant.subject_id) == col(Unit.id),
        is_among(col(RoleGrant.role), _ADMINISTRATORS),
        col(RoleGrant.superseded_at).is_(None),
        or_(_granted_until.is_(None), _granted_until > _SINCE),
    )
)
_revoked = col(Delegation.revoked_at)
_delegated = exists(
    select(col(Delegation.id)).where(
        col(Delegation.delegate_id) == col(Account.id),
        col(Delegation.subject_id) == col(Unit.id),
        col(Delegation.valid_to) > _SINCE,
        or_(_revoked.is_(None), civil_day(_revoked) > _SINCE),
    )
)
_BELONGS = Statement(
    select(
        exists(
            select(col(Account.id))
            .join_from(Account, Unit, col(Unit.id) == any_(_UNITS))
            .where(
                col(Account.id) == any_(_ACCOUNTS),
                or_(
                    col(Account.school_id) == col(Unit.id),
                    col(Account.county_id) == col(Unit.id),
                    _administered,
                    _delegated,
                    _worked_there(Employment),
                    _worked_there(ServicePlace),
                ),
            )
        )
    )
)


async def check_not_own(
    db: Connection, *, account_ids: Collection[UUID], unit_ids: Sequence[UUID], since: date
) -> None:
    """Refuse where one of these accounts belongs to one of these units, or did since that day."""
    given = {"account_ids": list(account_ids), "unit_ids": list(unit_ids), "since": since}
    if await db.value(_BELONGS, **given):
        raise EvaluatorOfOwnUnit
