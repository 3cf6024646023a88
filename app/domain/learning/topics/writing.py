"""Beginning a topic, and changing what it says."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Self
from uuid import UUID

from pydantic import model_validator
from sqlalchemy import ARRAY, Uuid, any_, bindparam, delete, or_, select
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE
from app.domain.access.roles import Permission, SubjectKind
from app.domain.base import TODAY, Command, holds_on
from app.domain.errors import Conflict, Invalid, Unfit
from app.domain.learning.topics.topic import (
    TOPICS,
    Topic,
    TopicFields,
    TopicMember,
    TopicProblem,
    open_topic,
)
from app.domain.learning.topics.vocabulary import (
    EDITABLE,
    RUNNING,
    TopicDuty,
    TopicLevel,
    TopicState,
)
from app.domain.organisation.units import Stage, hold_unit, place_of
from app.domain.people.teachers import TEACHERS, Subject, TeacherNotFound
from app.domain.training.groups import GroupMember, groups_with, open_group
from app.domain.training.problems import PROBLEMS, ProblemNotFound
from app.sql import Connection, Row, Statement, new_id

MOST_PROBLEMS = 20


class NewTopic(TopicFields, Command):
    """A topic to be begun: by a teacher who will lead it, or else for a unit or a group."""

    unit_id: UUID | None = Field(
        default=None, description="以单位名义提出 / the unit that carries it"
    )
    group_id: UUID | None = Field(
        default=None, description="以教研组名义提出 / the group that carries it"
    )
    leader_id: UUID | None = Field(
        default=None,
        description="主持人，由教师本人提出时不填 / leader; left out by who is the leader",
    )
    problem_ids: list[UUID] = Field(
        default_factory=list, max_length=MOST_PROBLEMS, description="来源问题 / problems taken up"
    )

    @model_validator(mode="after")
    def _is_led_and_carried(self) -> Self:
        if self.unit_id is not None and self.group_id is not None:
            raise Unfit("单位与教研组只能填一个。", "Name a unit or a group, not both.")
        for_others = self.unit_id is not None or self.group_id is not None
        if for_others != (self.leader_id is not None):
            raise Unfit(
                "以单位或教研组名义提出时须填主持人，由本人提出时不填。",
                "Name the leader for a unit or a group, and none for yourself.",
            )
        return self


class TopicChanges(Command):
    """What of a topic is to be changed; what is left out stays as it is."""

    title: str | None = Field(
        default=None, min_length=2, max_length=200, description="名称 / title"
    )
    level: TopicLevel | None = Field(default=None, description="级别 / level")
    subject: Subject | None = Field(default=None, description="学科，null 为不限 / subject")
    stage: Stage | None = Field(default=None, description="学段，null 为不限 / stage")
    summary: str | None = Field(
        default=None, min_length=2, max_length=5000, description="选题论证 / what is studied"
    )
    starts_on: date | None = Field(default=None, description="开始日期 / first day")
    due_on: date | None = Field(default=None, description="计划结题日期 / day of conclusion")
    problem_ids: list[UUID] | None = Field(
        default=None, max_length=MOST_PROBLEMS, description="来源问题 / problems taken up"
    )

    @model_validator(mode="after")
    def _empties_nothing(self) -> Self:
        needed = self.model_fields_set - {"subject", "stage"}
        if any(getattr(self, name) is None for name in needed):
            raise Unfit("只有学科和学段可以为空。", "Only subject and stage can be null.")
        return self


# What can be refused.


class TopicOutOfOrder(Invalid):
    """A topic is concluded after it begins."""

    code = "topic_out_of_order"
    zh = "计划结题日期须晚于开始日期。"
    en = "A topic is to be concluded after it begins."


class TopicLevelOfBureau(Invalid):
    """What a bureau carries is no topic of a school."""

    code = "topic_level_of_bureau"
    zh = "教育局承担的课题不能为校级。"
    en = "A topic that a bureau carries is not of the school's level."


class TopicStateWrong(Conflict):
    """This is not done with a topic that stands there."""

    code = "topic_state_wrong"
    zh = "课题当前状态为“{state}”，不能执行此操作。"
    en = "The topic is '{state}': this is not done with it now."


def _check_dates(starts_on: date, due_on: date) -> None:
    if due_on <= starts_on:
        raise TopicOutOfOrder


def _check_level(level: str, school_id: UUID | None) -> None:
    if level == TopicLevel.SCHOOL and school_id is None:
        raise TopicLevelOfBureau


def check_writable(actor: Actor, topic: Row) -> None:
    """Refuse to change what was applied for; while it is studied its unit or group may, and nobody else."""
    if topic["state"] in EDITABLE:
        return
    if topic["state"] not in RUNNING:
        raise TopicStateWrong(state=topic["state"])
    actor.require(Permission.TOPIC_WRITE, {name: topic[name] for name in (*PLACE, "group_id")})


_FELLOWS = Statement(
    select(col(GroupMember.teacher_id))
    .where(
        col(GroupMember.teacher_id) == any_(bindparam("teacher_ids", type_=ARRAY(Uuid))),
        or_(
            col(GroupMember.group_id) == any_(bindparam("led", type_=ARRAY(Uuid))),
            col(GroupMember.group_id).in_(groups_with(bindparam("own", type_=ARRAY(Uuid)))),
        ),
        holds_on(GroupMember, TODAY),
    )
    .distinct()
)


async def check_people(db: Connection, actor: Actor, *, teacher_ids: Sequence[UUID]) -> None:
    """Refuse to name teachers whom the actor does not know: by the register, or from a group.

    A group makes its members known to each other and to who leads it.
    """
    seen = await TEACHERS.by_id(db, actor, teacher_ids, columns=frozenset({"id"}))
    unseen = {teacher_id for teacher_id, row in seen.items() if row is None}
    if unseen:
        led = [g.subject_id for g in actor.grants if g.subject is SubjectKind.GROUP]
        own = [actor.teacher_id] if actor.teacher_id is not None else []
        fellows = await db.all(_FELLOWS, teacher_ids=list(unseen), own=own, led=led)
        unseen -= {row["teacher_id"] for row in fellows}
    if unseen:
        raise TeacherNotFound


# What may be done.


async def _carried_by(db: Connection, actor: Actor, new: NewTopic) -> tuple[Row, UUID]:
    """Where a topic is to lie, and who leads it."""
    write = Permission.TOPIC_WRITE
    if new.leader_id is None:
        actor.require(write, {"teacher_id": actor.teacher_id})
        own: Any = actor.teacher_id
        teacher = await TEACHERS.get(db, actor, own)
        return {name: teacher[name] for name in PLACE} | {"group_id": None}, own
    if new.group_id is not None:
        group = await open_group(db, actor, group_id=new.group_id, permission=write)
        place = {name: group[name] for name in PLACE}
    else:
        unit_id: Any = new.unit_id
        place = place_of(await hold_unit(db, actor, unit_id=unit_id, permission=write))
    await check_people(db, actor, teacher_ids=[new.leader_id])
    return place | {"group_id": new.group_id}, new.leader_id


async def _take_up(
    db: Connection, actor: Actor, topic_id: UUID, problem_ids: Sequence[UUID]
) -> None:
    """Let a topic take up problems that the actor sees."""
    wanted = dict.fromkeys(problem_ids)
    found = await PROBLEMS.by_id(db, actor, list(wanted), columns=frozenset({"id"}))
    if any(row is None for row in found.values()):
        raise ProblemNotFound
    await db.insert_all(
        TopicProblem, [{"topic_id": topic_id, "problem_id": each} for each in wanted]
    )


async def create_topic(db: Connection, actor: Actor, *, new: NewTopic, now: datetime) -> Row:
    """Begin a topic as a draft; its leader is its first member, with all of it until others join."""
    _check_dates(new.starts_on, new.due_on)
    place, leader_id = await _carried_by(db, actor, new)
    _check_level(new.level, place["school_id"])
    topic_id = new_id()
    row = {
        "id": topic_id,
        **new.model_dump(include=set(TopicFields.model_fields)),
        **place,
        "leader_id": leader_id,
        "state": TopicState.DRAFT,
        "created_by": actor.account_id,
        "created_at": now,
    }
    await db.insert(Topic, row)
    leader = {
        "id": new_id(), "topic_id": topic_id, "teacher_id": leader_id, "duty": TopicDuty.LEADER,
        "share": Decimal(100),
    }  # fmt: skip
    await db.insert(TopicMember, leader)
    await _take_up(db, actor, topic_id, new.problem_ids)
    return await TOPICS.get(db, actor, topic_id)


_PUT_DOWN = Statement(
    delete(TopicProblem).where(col(TopicProblem.topic_id) == bindparam("topic_id", type_=Uuid))
)


async def update_topic(
    db: Connection, actor: Actor, *, topic_id: UUID, changes: TopicChanges
) -> Row:
    """Change what a draft says; what was handed in stays as it is unless it is returned."""
    topic = await open_topic(db, actor, topic_id=topic_id)
    if topic["state"] not in EDITABLE:
        raise TopicStateWrong(state=topic["state"])
    given = changes.model_dump(exclude_unset=True)
    problem_ids = given.pop("problem_ids", None)
    is_to_be = topic | given
    _check_dates(is_to_be["starts_on"], is_to_be["due_on"])
    if topic["school_id"] is None:
        _check_level(is_to_be["level"], None)
    await db.change(Topic, topic_id, given)
    if problem_ids is not None:
        await db.run(_PUT_DOWN, topic_id=topic_id)
        await _take_up(db, actor, topic_id, problem_ids)
    return await TOPICS.get(db, actor, topic_id)
