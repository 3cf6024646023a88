"""Recording guidance, answering it and closing it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Text, Uuid, bindparam, update
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.oneself import speaks_for
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, civil_date
from app.domain.errors import Conflict, Invalid
from app.domain.organisation.assignments import ASSIGNMENTS
from app.domain.organisation.committees import COMMITTEES
from app.domain.organisation.facts import check_day
from app.domain.organisation.guidance_visits.visit import (
    GUIDANCE_VISITS,
    RIGHTS,
    GuidanceAnswer,
    GuidanceConclusion,
    GuidanceFields,
    GuidanceKind,
    GuidanceVisit,
    NewGuidanceVisit,
)
from app.domain.organisation.targets import TARGETS, TargetNotFound
from app.domain.organisation.units import hold_unit, place_of
from app.sql import Connection, Row, Statement, new_id

# What can be refused.


class GuidanceWithoutStanding(Invalid):
    """Whoever guides acts for a bureau above the unit, or by an assignment of it: never for itself."""

    code = "guidance_without_standing"
    zh = (
        "指导、检查、交流、评估须由上级教育局进行，或依据当日有效的对该校的包片包校安排；"
        "不能对本单位或同级单位进行。"
    )
    en = (
        "It is done on behalf of a bureau above the unit, or by an assignment of the school that was"
        " in force on that day; nobody guides or evaluates themselves, or their equals."
    )


class GuidanceClosed(Conflict):
    """The visit is closed: what is past is not changed."""

    code = "guidance_closed"
    zh = "该指导记录已办结。"
    en = "This record of guidance is closed."


class GuidanceAnsweredElsewhere(Invalid):
    """The unit that was visited answers for itself; nobody above it does."""

    code = "guidance_answered_elsewhere"
    zh = "答复只能由被指导单位作出。"
    en = "Only the unit that was visited answers."


# What may be done.


async def record_guidance_visit(
    db: Connection, actor: Actor, *, unit_id: UUID, new: NewGuidanceVisit, now: datetime
) -> Row:
    """Record what was done in a unit and found there; whoever records it must have standing."""
    unit = await hold_unit(db, actor, unit_id=unit_id, permission=RIGHTS[new.kind])
    check_day(new.visited_on, today=civil_date(now))
    place = {"city_id": unit["city_id"], "county_id": unit["county_id"]}
    bureau = await _bureau_behind(db, actor, unit, new)
    if bureau is None or bureau == unit_id or bureau not in set(place.values()):
        raise GuidanceWithoutStanding
    _check_standing(actor, new.kind, {**place, "county_id": bureau}, new.assignment_id)
    visit_id = new_id()
    row = {
        "id": visit_id,
        **new.model_dump(include=set(GuidanceFields.model_fields)),
        **place_of(unit),
        "by_unit_id": bureau,
        "recorded_by": actor.account_id,
        "recorded_at": now,
    }
    await db.insert(GuidanceVisit, row)
    return await GUIDANCE_VISITS.get(db, actor, visit_id)


async def _bureau_behind(
    db: Connection, actor: Actor, unit: Row, new: NewGuidanceVisit
) -> UUID | None:
    """The bureau on whose behalf it is done, by the basis that is named."""
    if new.assignment_id is not None:
        assignment = await ASSIGNMENTS.get(db, actor, new.assignment_id)
        in_term = assignment["valid_from"] <= new.visited_on < assignment["valid_to"]
        if not in_term or unit["id"] not in assignment["school_ids"]:
            raise GuidanceWithoutStanding
        if new.target_id is not None:
            target = await TARGETS.get(db, actor, new.target_id)
            if target["assignment_id"] != new.assignment_id:
                raise TargetNotFound
        bureau: UUID | None = assignment["county_id"]
        return bureau
    if new.committee_id is not None:
        committee = await COMMITTEES.get(db, actor, new.committee_id)
        ends = committee["valid_to"]
        if committee["valid_from"] > new.visited_on or (ends and ends <= new.visited_on):
            raise GuidanceWithoutStanding
        return None if committee["school_id"] else committee["county_id"]
    return new.by_unit_id or unit["parent_id"]


def _check_standing(
    actor: Actor, kind: GuidanceKind, bureau: Mapping[str, Any], assignment_id: UUID | None
) -> None:
    """Refuse whoever holds the right neither at the bureau nor by the assignment."""
    if not actor.scope(RIGHTS[kind]).covers({**bureau, "assignment_id": assignment_id}):
        raise GuidanceWithoutStanding


_ID = bindparam("visit_id", type_=Uuid)
_ANSWER = Statement(
    update(GuidanceVisit)
    .where(col(GuidanceVisit.id) == _ID)
    .values(
        answer=bindparam("new_answer", type_=Text),
        answered_at=bindparam("now", type_=MOMENT),
        answered_by=bindparam("account_id", type_=Uuid),
    )
)


async def answer_guidance_visit(
    db: Connection, actor: Actor, *, visit_id: UUID, reply: GuidanceAnswer, now: datetime
) -> Row:
    """Answer for the visited unit; until it is closed, a later answer takes an earlier one's place."""
    right = Permission.GUIDANCE_ANSWER
    row = await GUIDANCE_VISITS.get(db, actor, visit_id, permission=right, lock=True)
    if not speaks_for(actor, row["unit_id"], right):
        raise GuidanceAnsweredElsewhere
    _check_open(row)
    await db.run(
        _ANSWER,
        visit_id=visit_id,
        new_answer=reply.answer,
        now=now,
        account_id=actor.account_id,
    )
    return await GUIDANCE_VISITS.get(db, actor, visit_id)


_CLOSE = Statement(
    update(GuidanceVisit)
    .where(col(GuidanceVisit.id) == _ID)
    .values(
        conclusion=bindparam("new_conclusion", type_=Text),
        closed_at=bindparam("now", type_=MOMENT),
        closed_by=bindparam("account_id", type_=Uuid),
    )
)


async def close_guidance_visit(
    db: Connection,
    actor: Actor,
    *,
    visit_id: UUID,
    conclusion: GuidanceConclusion,
    now: datetime,
) -> Row:
    """Close a visit; whoever could have recorded it closes it."""
    row = await GUIDANCE_VISITS.get(db, actor, visit_id, lock=True)
    kind = GuidanceKind(row["kind"])
    actor.require(RIGHTS[kind], row)
    bureau = {"city_id": row["city_id"], "county_id": row["by_unit_id"]}
    _check_standing(actor, kind, bureau, row["assignment_id"])
    _check_open(row)
    await db.run(
        _CLOSE,
        visit_id=visit_id,
        new_conclusion=conclusion.conclusion,
        now=now,
        account_id=actor.account_id,
    )
    return await GUIDANCE_VISITS.get(db, actor, visit_id)


def _check_open(row: Row) -> None:
    if row["closed_at"] is not None:
        raise GuidanceClosed
