"""Nominating for cohorts, deciding about it, and how a membership ends."""

from datetime import date, datetime
from typing import Self
from uuid import UUID

from pydantic import model_validator
from sqlalchemy import (
    ARRAY,
    Date,
    String,
    Text,
    Uuid,
    bindparam,
    exists,
    func,
    select,
    update,
)
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Command, civil_date, text_enum
from app.domain.errors import Conflict, Invalid, Unfit
from app.domain.people.cohort_members.member import (
    COHORT_MEMBERS,
    NOMINATIONS,
    CohortMember,
    CohortMemberFields,
    MembershipState,
    require_another,
)
from app.domain.people.cohorts import (
    COHORTS,
    TAKEN,
    Cohort,
    CohortNotFound,
    CohortQuota,
    hold_cohort,
)
from app.domain.people.goals import GoalResult
from app.domain.people.programmes import Programme
from app.domain.people.teachers import TEACHERS, was_merged
from app.domain.people.teachers.strata import is_among
from app.sql import Connection, Row, Statement, UniqueViolationError, new_id


class NewNomination(CohortMemberFields, Command):
    """For which cohort a teacher is to be nominated."""

    cohort_id: UUID = Field(description="期次 / cohort")


class NominationDecision(Command):
    """Whether somebody is admitted, and why."""

    admitted: bool = Field(description="是否入选 / whether admitted")
    opinion: str = Field(min_length=2, max_length=500, description="评审意见 / opinion")


class MembershipEnd(Command):
    """How a membership ends: completed, with a result for each goal; or withdrawn."""

    completed: bool = Field(description="结业为 true，退出为 false / completed, or withdrawn")
    reason: str = Field(
        min_length=2, max_length=500, description="结业评语或退出原因 / in words, or why"
    )
    on: date | None = Field(default=None, description="日期，默认今天 / day, today by default")
    results: list[GoalResult] | None = Field(
        default=None, max_length=20,
        description="各项培养指标达成情况，结业时必填 / result for each goal, when it is completed",
    )  # fmt: skip

    @model_validator(mode="after")
    def _completed_with_results(self) -> Self:
        if self.completed != (self.results is not None):
            raise Unfit(
                "结业时（且仅结业时）须填写各项培养指标的达成情况。",
                "Give the results of the goals when it is completed, and only then.",
            )
        return self


# What can be refused.


class NominatedAlready(Conflict):
    """A teacher is nominated for a cohort once."""

    code = "cohort_member_exists"
    zh = "该教师已被推荐参加本期培养。"
    en = "This teacher has been nominated for the cohort already."


class TeacherOutsideProgramme(Invalid):
    """A programme is for teachers of the unit that runs it."""

    code = "cohort_teacher_outside_programme"
    zh = "该教师不属于主办单位。"
    en = "The teacher does not belong to the unit that runs the programme."


class NominationClosed(Conflict):
    """The last day of nominations is over."""

    code = "cohort_nomination_closed"
    zh = "推荐已于 {day} 截止。"
    en = "Nominations closed on {day}."


class QuotaUsedUp(Conflict):
    """The school has nominated as many as it may."""

    code = "cohort_quota_used_up"
    zh = "本校推荐名额（{places} 名）已用完。"
    en = "The school may nominate {places}, and has."


class CohortFull(Conflict):
    """All places of the cohort are taken."""

    code = "cohort_full"
    zh = "本期名额（{places} 名）已满。"
    en = "All {places} places of the cohort are taken."


class MembershipNotThere(Conflict):
    """It has come further, or has ended: this step is not its next."""

    code = "cohort_member_not_there"
    zh = "该培养对象当前状态为“{state}”，不能办理此步骤。"
    en = "The membership is {state}: this step cannot be taken."


class ResultsMissing(Invalid):
    """There is one result for each goal of the cohort."""

    code = "cohort_results_missing"
    zh = "须按本期 {goals} 项培养指标逐项填写达成情况。"
    en = "Give one result for each of the {goals} goals of the cohort."


class EndedInFuture(Invalid):
    """What has not come yet is recorded once it has."""

    code = "cohort_member_end_in_future"
    zh = "日期不能晚于今天（{today}）。"
    en = "The day cannot lie after today ({today})."


# What may be done.

_cohort_id, _school_id = (bindparam(name, type_=Uuid) for name in ("cohort_id", "school_id"))
_OPEN = (MembershipState.NOMINATED, *map(MembershipState, TAKEN))
_quota = (
    select(col(CohortQuota.places))
    .where(col(CohortQuota.cohort_id) == _cohort_id, col(CohortQuota.school_id) == _school_id)
    .scalar_subquery()
)
_named = (
    select(func.count())
    .select_from(CohortMember)
    .where(
        col(CohortMember.cohort_id) == _cohort_id,
        col(CohortMember.school_id) == _school_id,
        is_among(col(CohortMember.state), _OPEN),
        ~was_merged(col(CohortMember.teacher_id)),
    )
    .scalar_subquery()
)
_SITUATION = Statement(
    select(
        col(Programme.unit_id),
        func.coalesce(_quota, 0).label("quota"),
        exists(select(col(CohortQuota.places)).where(col(CohortQuota.cohort_id) == _cohort_id))
        .label("has_quotas"),
        _named.label("named"),
    )
    .join_from(Cohort, Programme, col(Cohort.programme_id) == col(Programme.id))
    .where(col(Cohort.id) == _cohort_id)
)  # fmt: skip


async def nominate_teacher(
    db: Connection, actor: Actor, *, teacher_id: UUID, new: NewNomination, now: datetime
) -> Row:
    """Nominate a teacher whom the actor administers, within the quota of the teacher's school."""
    teacher = await TEACHERS.get(db, actor, teacher_id, permission=Permission.TEACHER_WRITE)
    cohort = await COHORTS.get(db, actor, new.cohort_id, lock=True)
    last = cohort["nominate_by"]
    if last is not None and civil_date(now) > last:
        raise NominationClosed(day=last.isoformat())
    place = {name: teacher[name] for name in PLACE}
    held = await db.one(_SITUATION, cohort_id=new.cohort_id, school_id=teacher["school_id"])
    if held is None:
        raise CohortNotFound
    if held["unit_id"] not in place.values():
        raise TeacherOutsideProgramme
    if held["has_quotas"] and held["named"] >= held["quota"]:
        raise QuotaUsedUp(places=held["quota"])
    row = {
        "id": new_id(),
        "teacher_id": teacher_id,
        **new.model_dump(),
        **place,
        "state": MembershipState.NOMINATED,
        "nominated_by": actor.account_id,
        "nominated_at": now,
    }
    try:
        await db.insert(CohortMember, row)
    except UniqueViolationError:
        raise NominatedAlready from None
    return await NOMINATIONS.get(db, actor, row["id"])


_MEMBER = col(CohortMember.id) == bindparam("member_id", type_=Uuid)
_DECIDE = Statement(
    update(CohortMember)
    .where(_MEMBER)
    .values(
        state=bindparam("to", type_=text_enum(MembershipState)),
        decided_at=bindparam("now", type_=MOMENT),
        decided_by=bindparam("by", type_=Uuid),
        opinion=bindparam("said", type_=String),
    )
)


async def decide_nomination(
    db: Connection, actor: Actor, *, member_id: UUID, decision: NominationDecision, now: datetime
) -> Row:
    """Admit who was nominated for a cohort that the actor runs, or say that they are not admitted.

    The cohort is held, so that its last place goes to one.
    """
    write = Permission.PROGRAMME_WRITE
    seen = await COHORT_MEMBERS.get(db, actor, member_id, permission=write)
    cohort = await hold_cohort(db, actor, cohort_id=seen["cohort_id"])
    member = await COHORT_MEMBERS.get(db, actor, member_id, permission=write, lock=True)
    require_state(member, MembershipState.NOMINATED)
    await require_another(db, actor, member=member)
    if decision.admitted:
        require_place(cohort)
    to = MembershipState.ADMITTED if decision.admitted else MembershipState.NOT_ADMITTED
    decided = {"to": to, "now": now, "by": actor.account_id, "said": decision.opinion}
    await db.run(_DECIDE, member_id=member_id, **decided)
    return await COHORT_MEMBERS.get(db, actor, member_id)


def require_place(cohort: Row) -> None:
    """Refuse one more in a cohort, which is held, whose places are taken."""
    if cohort["teachers"] + cohort["trainees"] >= cohort["places"]:
        raise CohortFull(places=cohort["places"])


def require_state(member: Row, *states: MembershipState) -> None:
    """Refuse a step that is not the next of a membership."""
    if member["state"] not in states:
        raise MembershipNotThere(state=member["state"])


_END = Statement(
    update(CohortMember)
    .where(_MEMBER)
    .values(
        state=bindparam("to", type_=text_enum(MembershipState)),
        ended_on=bindparam("on", type_=Date),
        ended_by=bindparam("by", type_=Uuid),
        ended_because=bindparam("because", type_=String),
        results=bindparam("came", type_=ARRAY(Text)),
    )
)


async def end_cohort_member(
    db: Connection, actor: Actor, *, member_id: UUID, end: MembershipEnd, now: datetime
) -> Row:
    """Say, for who runs the programme, that a membership is completed or given up, which frees the place."""
    write = Permission.PROGRAMME_WRITE
    member = await COHORT_MEMBERS.get(db, actor, member_id, permission=write, lock=True)
    before = () if end.completed else (MembershipState.NOMINATED,)
    to = MembershipState.COMPLETED if end.completed else MembershipState.WITHDRAWN
    require_state(member, MembershipState.ADMITTED, *before)
    if end.completed:
        await require_another(db, actor, member=member)
    today = civil_date(now)
    on = end.on or today
    if on > today:
        raise EndedInFuture(today=today.isoformat())
    cohort = await COHORTS.get(db, actor, member["cohort_id"])
    if end.completed and len(end.results or ()) != len(cohort["goals"]):
        raise ResultsMissing(goals=len(cohort["goals"]))
    await db.run(
        _END, member_id=member_id, to=to, on=on, by=actor.account_id, because=end.reason,
        came=end.results,
    )  # fmt: skip
    return await COHORT_MEMBERS.get(db, actor, member_id)
