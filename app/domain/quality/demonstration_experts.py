"""The review of an application by experts (专家评审): who judges it, and what they say.

Nobody judges a school to which they belong, or belonged within five years: by their account, by what they
administer, by the personnel relation, by service there, or by a delegation from it. This is looked at when
they are appointed and again when they judge.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Uuid, bindparam, select
from sqlmodel import col

from app.domain.access.accounts import Account
from app.domain.access.actors import Actor
from app.domain.access.doors import Columns, Door
from app.domain.access.holders import check_in_office
from app.domain.access.roles import Permission
from app.domain.base import Command
from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.quality.demonstrations import (
    DEMONSTRATIONS,
    Demonstration,
    DemonstrationExpert,
    DemonstrationState,
    check_disinterested,
    hold_as_bureau,
)
from app.domain.quality.demonstrations.steps import call_of, check_state
from app.domain.quality.indicator_sheets.indicator import IndicatorCode
from app.sql import Connection, Row, Statement, UniqueViolationError, new_id


class DemonstrationPoints(BaseModel):
    """The points that an expert gives for one criterion."""

    model_config = ConfigDict(extra="forbid")

    criterion: IndicatorCode = Field(description="评审标准代码 / code of the criterion")
    points: Annotated[Decimal, Field(ge=0, le=100, max_digits=5, decimal_places=2)] = Field(
        description="得分 / points"
    )


class NewDemonstrationPoints(DemonstrationPoints):
    """The points to be given for one criterion."""


class DemonstrationExpertView(BaseModel):
    """An expert of one application, and what they said."""

    id: UUID = Field(description="标识 / key of the appointment")
    demonstration_id: UUID = Field(description="申报 / application")
    account_id: UUID = Field(description="专家账号 / account of the expert")
    name: str = Field(description="专家 / who it is")
    appointed_at: datetime = Field(description="指派时间 / when they were appointed")
    points: list[DemonstrationPoints] | None = Field(description="逐项得分 / points by criterion")
    score: Decimal | None = Field(description="总分 / sum of the points")
    opinion: str | None = Field(description="评审意见 / opinion")
    appraised_at: datetime | None = Field(description="评审时间 / when they judged it")


class DemonstrationExperts(Command):
    """Who is to judge an application."""

    account_ids: list[UUID] = Field(
        min_length=1, max_length=20, description="专家账号 / accounts of the experts"
    )


class DemonstrationAppraisal(Command):
    """What an expert says of an application: points for every criterion, and why."""

    points: list[NewDemonstrationPoints] = Field(
        min_length=1, max_length=30, description="逐项得分 / points for each criterion"
    )
    opinion: str = Field(min_length=2, max_length=2000, description="评审意见 / opinion")


# What can be refused.


class DemonstrationExpertNotFound(NotFound):
    """There is no such expert for the one who asks."""

    code = "demonstration_expert_not_found"
    zh = "未找到该评审专家。"
    en = "There is no such expert of an application."


class DemonstrationExpertExists(Conflict):
    """One of them is to judge it already."""

    code = "demonstration_expert_exists"
    zh = "所列专家中有人已被指派。"
    en = "One of these experts is to judge it already."


class DemonstrationExpertNotAppointed(Invalid):
    """Only those who were appointed for it judge an application."""

    code = "demonstration_expert_not_appointed"
    zh = "只有为该申报指派的专家可以评审。"
    en = "Only the experts who were appointed for this application judge it."


class DemonstrationAppraised(Conflict):
    """What an expert has said stays as it is."""

    code = "demonstration_appraised"
    zh = "您已评审该申报。"
    en = "You have judged this application already."


class DemonstrationPointsUnfit(Invalid):
    """Each criterion has points once, and no more than there are."""

    code = "demonstration_points_unfit"
    zh = "每项评审标准须打分一次，且不得超过满分：{names}。"
    en = "Each criterion is given points once, and no more than there are: {names}."


# What may be asked.

_joined = DemonstrationExpert.__table__.join(  # type: ignore[attr-defined]
    Demonstration.__table__,  # type: ignore[attr-defined]
    col(DemonstrationExpert.demonstration_id) == col(Demonstration.id),
).join(Account.__table__, col(DemonstrationExpert.account_id) == col(Account.id))  # type: ignore[attr-defined]

DEMONSTRATION_EXPERTS = Door(
    table=DemonstrationExpert,
    view=DemonstrationExpertView,
    read=Permission.GUIDANCE_EVALUATE,
    missing=DemonstrationExpertNotFound,
    # It lies at the bureau that gives the title: a county does not see who judges for the city.
    places={"city_id": col(Demonstration.city_id), "county_id": col(Demonstration.by_unit_id)},
    computed={"name": col(Account.display_name)},
    joined=_joined,
    sorts={"created": ()},
)
"""Experts and what they say, for the bureau alone; the school sees the mean once it is published."""


async def list_demonstration_experts(
    db: Connection, actor: Actor, *, demonstration_id: UUID, now: datetime
) -> list[Row]:
    """Who judges an application and what they have said, for the bureau that gives the title."""
    right = Permission.GUIDANCE_EVALUATE
    row = await DEMONSTRATIONS.get(db, actor, demonstration_id, permission=right)
    await check_disinterested(db, accounts=actor.accounts, school_id=row["school_id"], now=now)
    found = await demonstration_experts_of(db, actor, demonstration_ids=[demonstration_id])
    return found[demonstration_id]


async def demonstration_experts_of(
    db: Connection, actor: Actor, *, demonstration_ids: Sequence[UUID], columns: Columns = None
) -> dict[UUID, list[Row]]:
    """The experts of many applications."""
    owner = col(DemonstrationExpert.demonstration_id)
    return await DEMONSTRATION_EXPERTS.rows_of(db, actor, owner, demonstration_ids, columns=columns)


MOST_SHOWN = 200
_OWN = Statement(
    DEMONSTRATION_EXPERTS.select()
    .where(col(DemonstrationExpert.account_id) == bindparam("account_id", type_=Uuid))
    .order_by(col(DemonstrationExpert.id).desc())
    .limit(MOST_SHOWN)
)


async def list_own_demonstration_appraisals(db: Connection, actor: Actor) -> list[Row]:
    """What the one who asks is to judge, or has judged, the last first; two hundred at most."""
    actor.require_in_person()
    return await db.all(_OWN, account_id=actor.account_id)


_MINE = Statement(
    select(col(DemonstrationExpert.id), col(DemonstrationExpert.appraised_at))
    .where(
        col(DemonstrationExpert.demonstration_id) == bindparam("demonstration_id", type_=Uuid),
        col(DemonstrationExpert.account_id) == bindparam("account_id", type_=Uuid),
    )
    .with_for_update()
)
_ONE = Statement(
    DEMONSTRATION_EXPERTS.select().where(
        col(DemonstrationExpert.id) == bindparam("expert_id", type_=Uuid)
    )
)

# What may be done.


async def appoint_demonstration_experts(
    db: Connection,
    actor: Actor,
    *,
    demonstration_id: UUID,
    new: DemonstrationExperts,
    now: datetime,
) -> list[Row]:
    """Appoint experts to judge an application, all or none of them; none who belongs to the school."""
    row = await hold_as_bureau(
        db, actor, demonstration_id=demonstration_id, states=(DemonstrationState.UNDER_REVIEW,),
        now=now,
    )  # fmt: skip
    people = list(dict.fromkeys(new.account_ids))
    await check_in_office(db, account_ids=people, unit_id=row["by_unit_id"])
    await check_disinterested(db, accounts=people, school_id=row["school_id"], now=now)
    appointed = {
        "demonstration_id": demonstration_id, "appointed_at": now,
        "appointed_by": actor.account_id,
    }  # fmt: skip
    rows = [{"id": new_id(), "account_id": each, **appointed} for each in people]
    try:
        async with db.transaction():
            await db.insert_all(DemonstrationExpert, rows)
    except UniqueViolationError:
        raise DemonstrationExpertExists from None
    found = await demonstration_experts_of(db, actor, demonstration_ids=[demonstration_id])
    return found[demonstration_id]


async def appraise_demonstration(
    db: Connection,
    actor: Actor,
    *,
    demonstration_id: UUID,
    said: DemonstrationAppraisal,
    now: datetime,
) -> Row:
    """Judge an application in person as an expert who was appointed for it; what is said stays."""
    right = Permission.GUIDANCE_APPRAISE
    row = await DEMONSTRATIONS.get(db, actor, demonstration_id, permission=right, lock=True)
    actor.require_in_person()
    mine = await db.one(_MINE, demonstration_id=demonstration_id, account_id=actor.account_id)
    if mine is None:
        raise DemonstrationExpertNotAppointed
    check_state(row, (DemonstrationState.UNDER_REVIEW,))
    await check_disinterested(db, accounts=actor.accounts, school_id=row["school_id"], now=now)
    if mine["appraised_at"] is not None:
        raise DemonstrationAppraised
    call = await call_of(db, row=row)
    _check_points(said.points, {each["code"]: Decimal(each["points"]) for each in call["criteria"]})
    given: dict[str, Any] = {
        "points": [each.model_dump(mode="json") for each in said.points],
        "score": sum((each.points for each in said.points), Decimal(0)),
        "opinion": said.opinion,
        "appraised_at": now,
    }
    await db.change(DemonstrationExpert, mine["id"], given)
    return await db.one(_ONE, expert_id=mine["id"]) or {}


def _check_points(given: list[NewDemonstrationPoints], most: dict[str, Decimal]) -> None:
    named = [each.criterion for each in given]
    off = {each.criterion for each in given if each.points > most.get(each.criterion, Decimal(-1))}
    off |= {code for code in most if named.count(code) != 1}
    if off:
        raise DemonstrationPointsUnfit(names=", ".join(sorted(off)))
