"""Whom and which class statements are about: looked up for all of a request, a query for each kind."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, bindparam, func, null, select, union_all
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.domain.access.actors import Scope
from app.domain.access.doors import PLACE
from app.domain.errors import Invalid
from app.domain.learning.learning_records.naming import Named, OurThing
from app.domain.learning.learning_records.table import LearningRecord
from app.domain.people.teachers import Teacher
from app.domain.training.activities import Activity, ActivitySession
from app.domain.training.attendance.situation import OPEN_STATES
from app.domain.training.enrolments import HAS_PLACE, Enrolment
from app.sql import Connection, Row, Statement

# What can be refused.


class LearnerUnknown(Invalid):
    """The actor is no teacher for whom the player may tell, named by an account of ours."""

    code = "learner_unknown"
    zh = "第 {position} 条语句的主体不是本应用授权范围内、以本系统账号（account）标识的教师。"
    en = "The actor of statement {position} is no teacher of yours, named by an account of ours."


class LearningClassUnknown(Invalid):
    """The statement names no class for which the player may tell, or more than one."""

    code = "learning_class_unknown"
    zh = "第 {position} 条语句没有指明本应用授权范围内的唯一一个班（活动或场次的 IRI）。"
    en = "Statement {position} names no class of yours, or more than one, by an IRI of ours."


class LearningClassNotOpen(Invalid):
    """The class is not published yet, or it is closed or cancelled."""

    code = "learning_class_not_open"
    zh = "第 {position} 条语句所指的班尚未发布，或已结束、已取消。"
    en = "The class of statement {position} is not published, or is closed or cancelled."


class LearnerNotEnrolled(Invalid):
    """The teacher has no place in the class."""

    code = "learner_not_enrolled"
    zh = "第 {position} 条语句的教师在该班没有名额。"
    en = "The teacher of statement {position} has no place in the class."


# What may be asked.

_TEACHER_IDS = bindparam("teacher_ids", type_=ARRAY(Uuid))
_STAYING: Any = aliased(Teacher)
_LEARNERS = Statement(
    select(
        col(Teacher.id).label("named"),
        _STAYING.id,
        *(getattr(_STAYING, name) for name in PLACE),
    )
    # Who was entered twice is the record that stays, under whichever key.
    .join(_STAYING, _STAYING.id == func.coalesce(col(Teacher.merged_into_id), col(Teacher.id)))
    .where(col(Teacher.id) == any_(_TEACHER_IDS))
)
_ACTIVITY = (col(Activity.id), col(Activity.state), *(col(getattr(Activity, n)) for n in PLACE))
_KEYS = bindparam("keys", type_=ARRAY(Uuid))
_CLASSES = Statement(
    union_all(
        select(col(Activity.id).label("key"), null().label("session_id"), *_ACTIVITY).where(
            col(Activity.id) == any_(_KEYS)
        ),
        select(col(ActivitySession.id), col(ActivitySession.id), *_ACTIVITY)
        .join(Activity, col(ActivitySession.activity_id) == col(Activity.id))
        .where(col(ActivitySession.id) == any_(_KEYS)),
    )
)
_ENROLLED = Statement(
    select(col(Enrolment.activity_id), col(Enrolment.teacher_id)).where(
        col(Enrolment.activity_id) == any_(bindparam("activity_ids", type_=ARRAY(Uuid))),
        col(Enrolment.teacher_id) == any_(_TEACHER_IDS),
        HAS_PLACE,
    )
)
_VOIDER: Any = aliased(LearningRecord)
_ASKED = (
    "id", "digest", "player_id", "teacher_id", "activity_id", "session_id", "voids", "tags", *PLACE,
)  # fmt: skip
_KEPT = Statement(
    select(
        *(col(getattr(LearningRecord, name)) for name in _ASKED),
        _VOIDER.id.is_not(None).label("voided"),
    )
    .join_from(LearningRecord, _VOIDER, _VOIDER.voids == col(LearningRecord.id), isouter=True)
    .where(col(LearningRecord.id) == any_(bindparam("ids", type_=ARRAY(Uuid))))
)


async def kept_records(db: Connection, *, ids: Iterable[UUID]) -> dict[UUID, Row]:
    """What of these is kept already, with whether another has made it void."""
    return {row["id"]: row for row in await db.all(_KEPT, ids=list(ids))}


class Participants:
    """The teachers and classes that statements name, of those for whom a player may tell."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self._learners: dict[UUID, Row] = {}
        self._classes: dict[OurThing, Row] = {}
        self._enrolled: set[tuple[UUID, UUID]] = set()

    async def look_up(self, db: Connection, named: Sequence[Named]) -> None:
        """Read them, three statements however many they are."""
        learners = {each.learner for each in named if each.learner is not None}
        found = await db.all(_LEARNERS, teacher_ids=list(learners))
        self._learners = {row["named"]: row for row in found if self.scope.covers(row)}
        keys = {thing.key for each in named for thing in each.things}
        classes = await db.all(_CLASSES, keys=list(keys))
        self._classes = {
            OurThing(row["session_id"] is not None, row["key"]): row
            for row in classes
            if self.scope.covers(row)
        }
        enrolled = await db.all(
            _ENROLLED,
            activity_ids=list({row["id"] for row in self._classes.values()}),
            teacher_ids=list({row["id"] for row in self._learners.values()}),
        )
        self._enrolled = {(row["activity_id"], row["teacher_id"]) for row in enrolled}

    def whose(self, named: Named, position: int) -> Row:
        """Whose record a statement is, and of which class; `position` counts from 1."""
        learner = self._learners.get(named.learner) if named.learner is not None else None
        if learner is None:
            raise LearnerUnknown(position=position)
        of = self._classes.get(named.things[0]) if len(named.things) == 1 else None
        if of is None:
            raise LearningClassUnknown(position=position)
        if of["state"] not in OPEN_STATES:
            raise LearningClassNotOpen(position=position)
        if (of["id"], learner["id"]) not in self._enrolled:
            raise LearnerNotEnrolled(position=position)
        return {
            **{name: learner[name] for name in PLACE},
            "teacher_id": learner["id"],
            "activity_id": of["id"],
            "session_id": of["session_id"],
        }
