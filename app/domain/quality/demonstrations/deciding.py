"""The decision on an application: to the public for objections, or no; then the title itself."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from pydantic import Field
from sqlalchemy import Uuid, bindparam, exists, func, select
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import Command, civil_date
from app.domain.counts import two_places
from app.domain.credits.rules.calendar import birthday
from app.domain.errors import Conflict
from app.domain.organisation.designations import (
    DesignationLevel,
    NewDesignation,
    give_designation,
    restore_designation,
)
from app.domain.organisation.units import UNITS, Level
from app.domain.quality.demonstrations.conditions import check_findings
from app.domain.quality.demonstrations.demonstration import DEMONSTRATIONS
from app.domain.quality.demonstrations.steps import (
    call_of,
    check_below,
    hold_as_bureau,
    take_step,
)
from app.domain.quality.demonstrations.table import (
    Demonstration,
    DemonstrationAct,
    DemonstrationExpert,
    DemonstrationObjection,
    DemonstrationState,
    DemonstrationVisit,
)
from app.sql import Connection, Row, Statement, UniqueViolationError


class DemonstrationDecision(Command):
    """What the bureau says after the experts' review and the visit."""

    accepted: bool = Field(description="是否拟命名 / whether the school is to bear the title")
    opinion: str = Field(min_length=2, max_length=2000, description="审定意见 / why")


# What can be refused.


class DemonstrationReviewsMissing(Conflict):
    """Experts, as many as the call says, have judged what goes to the public."""

    code = "demonstration_reviews_missing"
    zh = "已有 {given} 名专家评审，至少须 {needed} 名。"
    en = "{given} experts have judged it, and {needed} are to."


class DemonstrationVisitMissing(Conflict):
    """The school is visited before it goes to the public, where the call says so."""

    code = "demonstration_visit_missing"
    zh = "尚未登记实地考察。"
    en = "No visit to the school is recorded for it yet."


class DemonstrationObjectionsOpen(Conflict):
    """Nothing is awarded while its days last, or an objection waits."""

    code = "demonstration_objections_open"
    zh = "公示期至 {day}（含），期满且异议均已处理后方可命名。"
    en = "It is published until {day}; the title is given afterwards, once every objection is decided."


class DemonstrationPlacesTaken(Conflict):
    """There are as many titles as the call has places."""

    code = "demonstration_places_taken"
    zh = "名额 {places} 个已用完。"
    en = "All {places} places are taken."


# What may be done.

_ID = bindparam("demonstration_id", type_=Uuid)
_SCORES = Statement(
    select(
        func.count().label("given"), func.avg(col(DemonstrationExpert.score)).label("mean")
    ).where(
        col(DemonstrationExpert.demonstration_id) == _ID,
        col(DemonstrationExpert.appraised_at).is_not(None),
    )
)
_VISITED = Statement(select(exists().where(col(DemonstrationVisit.demonstration_id) == _ID)))
_OBJECTED = Statement(
    select(
        exists().where(
            col(DemonstrationObjection.demonstration_id) == _ID,
            col(DemonstrationObjection.decided_at).is_(None),
        )
    )
)
_NEXT = Statement(
    select(func.coalesce(func.max(col(Demonstration.place)), 0) + 1).where(
        col(Demonstration.call_id) == bindparam("call_id", type_=Uuid)
    )
)


async def decide_demonstration(
    db: Connection,
    actor: Actor,
    *,
    demonstration_id: UUID,
    decision: DemonstrationDecision,
    now: datetime,
) -> Row:
    """Publish for objections a school that is to bear the title, or say no; either with a reason.

    No is said of a published one, too: whose conditions are no longer met, that has come under another bureau
    or is closed, or for which no place is left.
    """
    states: tuple[DemonstrationState, ...] = (DemonstrationState.UNDER_REVIEW,)
    if not decision.accepted:
        states = (*states, DemonstrationState.PUBLISHED)
    row = await hold_as_bureau(db, actor, demonstration_id=demonstration_id, states=states, now=now)
    if not decision.accepted:
        rejected = {"state": DemonstrationState.REJECTED}
        return await take_step(
            db, actor, row=row, act=DemonstrationAct.REJECT, now=now, changes=rejected,
            opinion=decision.opinion,
        )  # fmt: skip
    check_below(row, bureau_id=row["by_unit_id"])
    call = await call_of(db, row=row)
    scores = await db.one(_SCORES, demonstration_id=demonstration_id) or {"given": 0, "mean": None}
    if scores["given"] < call["experts_needed"]:
        raise DemonstrationReviewsMissing(given=scores["given"], needed=call["experts_needed"])
    if call["visit_needed"] and not await db.value(_VISITED, demonstration_id=demonstration_id):
        raise DemonstrationVisitMissing
    today = civil_date(now)
    changes: dict[str, Any] = {
        "state": DemonstrationState.PUBLISHED,
        "score": two_places(scores["mean"]),
        "published_on": today,
        "objections_until": today + timedelta(days=call["objection_days"]),
    }
    return await take_step(
        db, actor, row=row, act=DemonstrationAct.PUBLISH, now=now, changes=changes,
        opinion=decision.opinion,
    )  # fmt: skip


async def award_demonstration(
    db: Connection, actor: Actor, *, demonstration_id: UUID, now: datetime
) -> Row:
    """Give the title after the days for objections: a designation of the school for the term of the call.

    The conditions are looked up once more as of today. The call is held first, then the application, then
    the school: of two who are awarded at once the second finds no place that the first has taken.
    """
    right = Permission.GUIDANCE_EVALUATE
    row = await DEMONSTRATIONS.get(db, actor, demonstration_id, permission=right)
    call = await call_of(db, row=row, lock=True)
    row = await hold_as_bureau(
        db, actor, demonstration_id=demonstration_id, states=(DemonstrationState.PUBLISHED,),
        now=now,
    )  # fmt: skip
    check_below(row, bureau_id=row["by_unit_id"])
    today = civil_date(now)
    is_open = today <= row["objections_until"]
    if is_open or await db.value(_OBJECTED, demonstration_id=demonstration_id):
        raise DemonstrationObjectionsOpen(day=row["objections_until"].isoformat())
    place = await db.value(_NEXT, call_id=call["id"])
    if place > call["places"]:
        raise DemonstrationPlacesTaken(places=call["places"])
    findings = await check_findings(
        db, conditions=call["conditions"], school_id=row["school_id"], on=today
    )
    ends = birthday(today, call["term_years"])
    designation = await give_title(db, actor, row=row, call=call, ends=ends, now=now)
    changes: dict[str, Any] = {
        "state": DemonstrationState.AWARDED, "place": place, "valid_to": ends,
        "designation_id": designation["id"],
    }  # fmt: skip
    try:
        return await take_step(
            db, actor, row=row, act=DemonstrationAct.AWARD, now=now, changes=changes,
            findings=findings,
        )  # fmt: skip
    except UniqueViolationError:
        raise DemonstrationPlacesTaken(places=call["places"]) from None


async def give_title(
    db: Connection, actor: Actor, *, row: Row, call: Row, ends: date, now: datetime
) -> Row:
    """Record the title of a call as a designation of the school, from today until a day."""
    new = await _title(db, actor, row, call, ends)
    return await give_designation(db, actor, unit_id=row["school_id"], new=new, now=now)


async def give_title_again(
    db: Connection, actor: Actor, *, row: Row, call: Row, ends: date, now: datetime
) -> Row:
    """The same, of a title that was taken away wrongly, wherever the school lies by now."""
    new = await _title(db, actor, row, call, ends)
    return await restore_designation(db, unit_id=row["school_id"], new=new, now=now)


async def _title(db: Connection, actor: Actor, row: Row, call: Row, ends: date) -> NewDesignation:
    bureau = await UNITS.get(db, actor, row["by_unit_id"])
    of_city = bureau["level"] == Level.CITY
    return NewDesignation(
        kind=call["kind"],
        level=DesignationLevel.CITY if of_city else DesignationLevel.COUNTY,
        title=call["designation"],
        issuer=bureau["name"],
        document=call["document"],
        valid_to=ends,
    )
