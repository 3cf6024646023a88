"""Proposing a mentorship: who with whom, for how long; what speaks against it is said at once."""

from datetime import datetime
from typing import Any, Self
from uuid import UUID

from pydantic import Field, model_validator
from sqlalchemy import (
    ARRAY,
    Date,
    Integer,
    Text,
    Uuid,
    any_,
    bindparam,
    cast,
    func,
    or_,
    select,
    true,
)
from sqlalchemy import column as sql_column
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE
from app.domain.access.roles import Permission
from app.domain.base import TODAY, Command, holds_on
from app.domain.errors import Conflict, Invalid, Unfit
from app.domain.learning.mentoring_policies import get_mentoring_policy, policy_in_force
from app.domain.learning.mentorships.mentorship import MENTORSHIPS
from app.domain.learning.mentorships.table import (
    Mentor,
    MentorRole,
    Mentorship,
    MentorshipFields,
    MentorshipState,
)
from app.domain.learning.trainers import TRAINERS, TrainerNotFound, TrainerState
from app.domain.organisation.units import hold_unit
from app.domain.people.careers import TeacherRank
from app.domain.people.teachers import TEACHERS, Teacher, TeacherNotFound
from app.domain.people.teachers.strata import is_among
from app.sql import Connection, Row, Statement, new_id

MOST_MENTORS = 10
"""A tutor team has so many at most."""


class NewMentorship(MentorshipFields, Command):
    """A mentorship to be proposed: the apprentice, the mentors (the first leads), outside experts."""

    unit_id: UUID = Field(description="安排单位 / school or bureau that arranges it")
    teacher_id: UUID = Field(description="徒弟 / the apprentice")
    mentor_ids: list[UUID] = Field(
        min_length=1,
        max_length=MOST_MENTORS,
        description="导师（教师），第一名为主导师 / mentors who are teachers; the first leads",
    )
    expert_ids: list[UUID] = Field(
        default_factory=list,
        max_length=MOST_MENTORS,
        description="导师库中的外聘专家，与本地导师共同带教 / outside experts of a library, beside them",
    )

    @model_validator(mode="after")
    def _of_different_people_for_a_term(self) -> Self:
        people = [*self.mentor_ids, *self.expert_ids]
        if len(set(people)) < len(people):
            raise Unfit("导师不得重复。", "Each mentor is named once.")
        if self.valid_to <= self.valid_from:
            raise Unfit("期满日必须晚于起始日。", "The term ends after it begins.")
        return self


# What can be refused.


class MentorIsApprentice(Invalid):
    """Nobody is their own apprentice."""

    code = "mentor_is_apprentice"
    zh = "导师不能是本人的徒弟。"
    en = "Nobody is their own apprentice."


class MentorshipOutsideUnit(Invalid):
    """The apprentice belongs to the school, or to one of the bureau's schools."""

    code = "mentorship_outside_unit"
    zh = "徒弟须属于安排带教的单位。"
    en = "The apprentice belongs to the unit that arranges it."


class MentorExpertUnfit(Invalid):
    """An outside expert is one of a library, who has accepted."""

    code = "mentor_expert_unfit"
    zh = "外聘专家须为导师库中在库的外聘人员；在册教师请列为导师。"
    en = "An expert is from outside and has accepted the library; a teacher is named as a mentor."


class MentorshipOverlaps(Conflict):
    """The same two are in one mentorship at a time."""

    code = "mentorship_overlaps"
    zh = "该导师与徒弟在此期间已有师徒结对。"
    en = "These two have a mentorship already at that time."


class MentorFull(Conflict):
    """The mentor has as many apprentices as the city's policy lets one of this rank have."""

    code = "mentor_full"
    zh = "导师“{name}”在此期间带教人数已达上限（{most}）。"
    en = "{name} has as many apprentices at that time as are allowed ({most})."


# What may be asked.

_ids = bindparam("teacher_ids", type_=ARRAY(Uuid))
_OPEN = (MentorshipState.PROPOSED, MentorshipState.ACTIVE)

# Whoever proposes for one of these people waits: two proposals at once see each other.
_HOLD = Statement(
    select(col(Teacher.id))
    .where(col(Teacher.id) == any_(_ids))
    .order_by(col(Teacher.id))
    .with_for_update(key_share=True)
)
_CLASHES = Statement(
    select(
        func.coalesce(col(Mentor.teacher_id), col(Mentor.trainer_id)).label("person_id"),
        func.count().filter(is_among(col(Mentorship.state), _OPEN)).label("apprentices"),
        func.bool_or(col(Mentorship.teacher_id) == bindparam("apprentice_id", type_=Uuid)).label(
            "is_pair"
        ),
    )
    .join(Mentorship, col(Mentor.mentorship_id) == col(Mentorship.id))
    .where(
        or_(
            col(Mentor.teacher_id) == any_(_ids),
            col(Mentor.trainer_id) == any_(bindparam("expert_ids", type_=ARRAY(Uuid))),
        ),
        is_among(col(Mentorship.state), (*_OPEN, MentorshipState.CONCLUDED)),
        col(Mentorship.valid_from) < bindparam("valid_to", type_=Date),
        col(Mentorship.valid_to) > bindparam("valid_from", type_=Date),
    )
    .group_by(func.coalesce(col(Mentor.teacher_id), col(Mentor.trainer_id)))
)


def obligation_of(ranks: Any, rank: Any) -> Any:
    """What a policy asks of a rank (`RankObligation`), as a lateral subquery; no row where nothing."""
    asked = func.jsonb_to_recordset(ranks).table_valued(
        sql_column("rank", Text), sql_column("least", Integer), sql_column("most", Integer),
        sql_column("topics", Integer), sql_column("lectures", Integer),
        name="asked",
    ).render_derived(with_types=True)  # fmt: skip
    return (
        select(asked.c.least, asked.c.most, asked.c.topics, asked.c.lectures)
        .where(asked.c.rank == cast(rank, Text))
        .lateral("obligation")
    )


def _limits() -> Statement:
    policy = policy_in_force(col(Teacher.city_id))
    asked = obligation_of(policy.c.ranks, col(TeacherRank.rank))
    return Statement(
        select(col(Teacher.id), asked.c.most)
        .join_from(Teacher, policy, true())
        .join(TeacherRank, col(TeacherRank.teacher_id) == col(Teacher.id))
        .join(asked, true())
        .where(
            col(Teacher.id) == any_(_ids), holds_on(TeacherRank, TODAY), asked.c.most.is_not(None)
        )
    )


_LIMITS = _limits()


# What may be done.


async def propose_mentorship(
    db: Connection, actor: Actor, *, new: NewMentorship, now: datetime
) -> Row:
    """Propose that an apprentice of a unit that the actor administers is mentored for a term.

    The mentors may be of another school, if the actor sees them. It begins to hold when all have signed.
    """
    unit = await hold_unit(db, actor, unit_id=new.unit_id, permission=Permission.PAIR_WRITE)
    apprentice = await TEACHERS.get(db, actor, new.teacher_id)
    if unit["id"] not in {apprentice[name] for name in PLACE}:
        raise MentorshipOutsideUnit
    if new.teacher_id in new.mentor_ids:
        raise MentorIsApprentice
    mentors = await TEACHERS.by_id(db, actor, new.mentor_ids)
    if None in mentors.values():
        raise TeacherNotFound
    await _check_experts(db, actor, new.expert_ids)
    await db.all(_HOLD, teacher_ids=[new.teacher_id, *new.mentor_ids])
    await _check_clashes(db, new, mentors)
    row = {
        "id": new_id(), **new.model_dump(include=set(MentorshipFields.model_fields)),
        "teacher_id": new.teacher_id, **{name: apprentice[name] for name in PLACE},
        "unit_id": unit["id"], "parts": await _parts(db, actor, new), "proposed_at": now,
        "proposed_by": actor.account_id, "state": MentorshipState.PROPOSED,
    }  # fmt: skip
    await db.insert(Mentorship, row)
    await db.insert_all(Mentor, _mentors(row["id"], new))
    return await MENTORSHIPS.get(db, actor, row["id"])


def _mentors(mentorship_id: UUID, new: NewMentorship) -> list[Row]:
    roles = [MentorRole.LEAD, *(MentorRole.MEMBER for _ in new.mentor_ids[1:])]
    teachers = [(key, None, role) for key, role in zip(new.mentor_ids, roles, strict=True)]
    experts = [(None, key, MentorRole.EXPERT) for key in new.expert_ids]
    return [
        {
            "id": new_id(), "mentorship_id": mentorship_id, "teacher_id": teacher_id,
            "trainer_id": trainer_id, "role": role,
        }
        for teacher_id, trainer_id, role in (*teachers, *experts)
    ]  # fmt: skip


async def _check_experts(db: Connection, actor: Actor, expert_ids: list[UUID]) -> None:
    for expert in (await TRAINERS.by_id(db, actor, expert_ids)).values():
        if expert is None:
            raise TrainerNotFound
        if not expert["is_external"] or expert["state"] != TrainerState.ACCEPTED:
            raise MentorExpertUnfit


async def _check_clashes(
    db: Connection, new: NewMentorship, mentors: dict[UUID, Row | None]
) -> None:
    """Refuse a pair that there is at that time, and a mentor who has as many as are allowed."""
    clashes = await db.all(
        _CLASHES, teacher_ids=new.mentor_ids, expert_ids=new.expert_ids,
        apprentice_id=new.teacher_id, valid_from=new.valid_from, valid_to=new.valid_to,
    )  # fmt: skip
    if any(each["is_pair"] for each in clashes):
        raise MentorshipOverlaps
    held = {each["person_id"]: each["apprentices"] for each in clashes}
    for limit in await db.all(_LIMITS, teacher_ids=new.mentor_ids):
        if held.get(limit["id"], 0) >= limit["most"]:
            mentor = mentors[limit["id"]] or {}
            raise MentorFull(name=mentor.get("name"), most=limit["most"])


async def _parts(db: Connection, actor: Actor, new: NewMentorship) -> list[dict[str, Any]] | None:
    """The parts of the probation year as the policy has them now; refused where there is no policy."""
    if not new.is_probation:
        return None
    policy = await get_mentoring_policy(db, actor, unit_id=new.unit_id)
    parts: list[dict[str, Any]] = policy["probation"]
    return parts
