"""Stating problems, and what becomes of them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Text, Uuid, bindparam, update
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, text_enum
from app.domain.errors import Conflict, Invalid
from app.domain.organisation.units import hold_unit, place_of
from app.domain.people.teachers import TEACHERS
from app.domain.training.groups import GROUPS
from app.domain.training.problems.problem import (
    PROBLEMS,
    NewProblem,
    ProblemFields,
    ProblemMerger,
    ProblemReply,
    ProblemState,
    TeachingProblem,
)
from app.sql import Connection, Row, Statement, new_id

# What can be refused.


class ProblemStatedForBoth(Invalid):
    """A problem is stated for a unit or for a group, or by a teacher for oneself."""

    code = "problem_stated_for_both"
    zh = "问题只能以一个单位或一个教研组的名义提出，或由教师本人提出。"
    en = "A problem is stated for one unit or one group, or by a teacher for oneself."


class ProblemDecided(Conflict):
    """Something has become of the problem already."""

    code = "problem_decided"
    zh = "该问题当前状态为“{state}”，不能再执行此操作。"
    en = "The problem is '{state}': this cannot be done with it any more."


class ProblemMergedElsewhere(Invalid):
    """A problem is joined with another one that was not joined itself."""

    code = "problem_merged_elsewhere"
    zh = "只能并入另一个未被合并的问题。"
    en = "A problem is joined with another that was not joined itself."


# What may be done.


async def _place_of_statement(db: Connection, actor: Actor, new: NewProblem) -> Row:
    """Where a problem is stated, and for whom."""
    if new.unit_id is not None and new.group_id is not None:
        raise ProblemStatedForBoth
    nobody: Row = {"group_id": new.group_id, "teacher_id": None}
    if new.unit_id is not None:
        permission = Permission.PROBLEM_TRIAGE
        unit = await hold_unit(db, actor, unit_id=new.unit_id, permission=permission)
        return nobody | place_of(unit)
    if new.group_id is not None:
        group = await GROUPS.get(db, actor, new.group_id, permission=Permission.PROBLEM_WRITE)
        return nobody | {name: group[name] for name in PLACE}
    actor.require(Permission.PARTICIPATE, {"teacher_id": actor.teacher_id})
    teacher_id: Any = actor.teacher_id
    teacher = await TEACHERS.get(db, actor, teacher_id)
    return {"group_id": None, "teacher_id": teacher_id} | {name: teacher[name] for name in PLACE}


async def state_problem(db: Connection, actor: Actor, *, new: NewProblem, now: datetime) -> Row:
    """State a problem: for oneself, for a group that one leads, or for a unit that one administers."""
    place = await _place_of_statement(db, actor, new)
    problem_id = new_id()
    row = {
        "id": problem_id,
        **new.model_dump(include=set(ProblemFields.model_fields)),
        **place,
        "stated_by": actor.account_id,
        "stated_at": now,
        "state": ProblemState.STATED,
    }
    await db.insert(TeachingProblem, row)
    return await PROBLEMS.get(db, actor, problem_id)


_DECIDE = Statement(
    update(TeachingProblem)
    .where(col(TeachingProblem.id) == bindparam("problem_id", type_=Uuid))
    .values(
        state=bindparam("new_state", type_=text_enum(ProblemState)),
        reply=bindparam("new_reply", type_=Text),
        merged_into_id=bindparam("into_id", type_=Uuid),
        decided_by=bindparam("account_id", type_=Uuid),
        decided_at=bindparam("now", type_=MOMENT),
    )
)


async def _held(db: Connection, actor: Actor, problem_id: UUID, *allowed: ProblemState) -> Row:
    permission = Permission.PROBLEM_TRIAGE
    problem = await PROBLEMS.get(db, actor, problem_id, permission=permission, lock=True)
    if problem["state"] not in allowed:
        raise ProblemDecided(state=problem["state"])
    return problem


async def _decide(
    db: Connection, actor: Actor, problem_id: UUID, state: ProblemState, now: datetime, **more: Any
) -> Row:
    what: dict[str, Any] = {"new_reply": None, "into_id": None, **more}
    await db.run(
        _DECIDE,
        problem_id=problem_id,
        new_state=state,
        account_id=actor.account_id,
        now=now,
        **what,
    )
    return await PROBLEMS.get(db, actor, problem_id)


async def take_in_problem(db: Connection, actor: Actor, *, problem_id: UUID, now: datetime) -> Row:
    """Take a problem in, to be worked on."""
    await _held(db, actor, problem_id, ProblemState.STATED)
    return await _decide(db, actor, problem_id, ProblemState.TAKEN_IN, now)


async def answer_problem(
    db: Connection, actor: Actor, *, problem_id: UUID, reply: ProblemReply, now: datetime
) -> Row:
    """Answer a problem, taken in or not."""
    await _held(db, actor, problem_id, ProblemState.STATED, ProblemState.TAKEN_IN)
    state = ProblemState.ANSWERED
    return await _decide(db, actor, problem_id, state, now, new_reply=reply.reply)


async def merge_problem(
    db: Connection, actor: Actor, *, problem_id: UUID, merger: ProblemMerger, now: datetime
) -> Row:
    """Join a problem with another that says the same: that one stands for both."""
    await PROBLEMS.get(db, actor, problem_id, permission=Permission.PROBLEM_TRIAGE)
    # In the order of their keys, so that two who join each other's problems do not wait in a circle.
    keys = sorted({problem_id, merger.into_id})
    allowed = tuple(ProblemState)
    rows = {each: await _held(db, actor, each, *allowed) for each in keys}
    problem, into = rows[problem_id], rows[merger.into_id]
    if problem["state"] not in {ProblemState.STATED, ProblemState.TAKEN_IN}:
        raise ProblemDecided(state=problem["state"])
    if into["state"] == ProblemState.MERGED or len(rows) == 1:
        raise ProblemMergedElsewhere
    return await _decide(db, actor, problem_id, ProblemState.MERGED, now, into_id=merger.into_id)
