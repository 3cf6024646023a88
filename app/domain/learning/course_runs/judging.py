"""Judging a run that was concluded (绩效评估): for the superior of who gave it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, bindparam, select
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import Command
from app.domain.errors import Conflict
from app.domain.learning.course_runs.run import COURSE_RUNS, check_run_state
from app.domain.learning.course_runs.table import CourseRun, RunRating, RunState
from app.sql import Connection, Row, Statement


class RunJudgement(Command):
    """How the superior judges a run (绩效评估)."""

    rating: RunRating = Field(description="等级 / how well it went")
    opinion: str = Field(min_length=2, max_length=2000, description="评估意见 / opinion")


# What can be refused.


class RunOfOneself(Conflict):
    """Nobody judges what they concluded, or what is of a group, a department or a unit of theirs."""

    code = "course_run_of_oneself"
    zh = "不能评估由本人结课的开课，也不能评估本组、本部门或本单位的开课。"
    en = "Nobody judges a run that they concluded, nor one of their own group, department or unit."


# What may be done.


def place_of_judgement(run: Row) -> dict[str, Any]:
    """Where the right to judge a run must be held: at the superior of who gave it, the city at the top."""
    city_id, county_id, school_id = (run[n] for n in ("city_id", "county_id", "school_id"))
    if run["group_id"] is not None or run["department_id"] is not None:
        return {"city_id": city_id, "county_id": county_id, "school_id": school_id}
    return {"city_id": city_id, "county_id": county_id if school_id is not None else city_id}


_ENDED_BY = Statement(
    select(col(CourseRun.ended_by), col(CourseRun.ended_for)).where(
        col(CourseRun.id) == bindparam("run_id", type_=Uuid)
    )
)


async def judge_course_run(
    db: Connection, actor: Actor, *, run_id: UUID, judgement: RunJudgement, now: datetime
) -> Row:
    """Judge a concluded run, for the superior of who gave it; a later judgement takes the place.

    The city's own, which has no superior here, is judged at the city by another than who concluded it.
    """
    run = await COURSE_RUNS.get(db, actor, run_id, permission=Permission.COURSE_REVIEW, lock=True)
    place = place_of_judgement(run)
    actor.require(Permission.COURSE_REVIEW, place)
    check_run_state(run, RunState.CONCLUDED)
    owner = run["group_id"] or run["network_id"] or run["department_id"] or run["unit_id"]
    subjects = {grant.subject_id for grant in actor.grants}
    own = owner in subjects and owner != run["city_id"]
    enders = await db.one(_ENDED_BY, run_id=run_id) or {}
    if own or not actor.accounts.isdisjoint(enders.values()):
        raise RunOfOneself
    values = judgement.model_dump() | {"rated_at": now, "rated_by": actor.account_id}
    await db.change(CourseRun, run_id, values)
    return await COURSE_RUNS.get(db, actor, run_id)
