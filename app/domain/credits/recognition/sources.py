"""Sources of credit (学分来源): what people take part in and earn credit by. Each kind is declared once, here.

A further kind is one more `SourceKind`, and a function that offers it to `recognise_source`. All else goes
by the declaration: what it is called in explanations, that nobody claims the like by hand or claims again what
was recognised, and that a merger of two records waits for whoever recognises what the one record took part in.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Uuid, bindparam, literal, select, union
from sqlmodel import col

from app.domain.base import Table
from app.domain.learning.mentorships import Mentor, Mentorship
from app.domain.learning.self_studies import SelfStudy
from app.domain.learning.topics import Topic, TopicMember
from app.domain.people.teachers import Teacher
from app.domain.training.activities import Activity
from app.domain.training.attendance import Attendance
from app.domain.training.enrolments import Enrolment
from app.domain.training.notes import Note
from app.sql import Connection, Statement

ACTIVITY = "activity"
"""The source kind of what an activity earns."""
MENTORSHIP = "mentorship"
"""The source kind of what a concluded term of mentoring earns, on both sides."""
TOPIC = "topic"
"""The source kind of what a concluded research topic earns for its members."""
SELF_STUDY = "self_study"
"""The source kind of what a concluded self-study earns."""


class SourceKind:
    """One kind of source: its name in the ledger, where to find one, and what it is called.

    `taken_part` are the keys of those in which a person, given as a parameter, took part.
    """

    def __init__(
        self,
        kind: str,
        *,
        table: type[Table],
        title: Any,
        taken_part: Callable[[Any], Any],
    ) -> None:
        self.kind, self.table, self.title = kind, table, title
        key = table.__table__.c.id  # type: ignore[attr-defined]
        concerned = taken_part(bindparam("teacher_id", type_=Uuid))
        self.titled = Statement(select(title).where(key == bindparam("source_id", type_=Uuid)))
        self.held = Statement(select(key).where(key.in_(concerned)).order_by(key).with_for_update())


def _activities_of(teacher_id: Any) -> Any:
    return union(*(_of(table, teacher_id) for table in (Enrolment, Attendance, Note)))


def _of(table: Any, teacher_id: Any) -> Select[Any]:
    return select(col(table.activity_id)).where(col(table.teacher_id) == teacher_id)


def _mentorships_of(teacher_id: Any) -> Any:
    return union(
        select(col(Mentorship.id)).where(col(Mentorship.teacher_id) == teacher_id),
        select(col(Mentor.mentorship_id)).where(col(Mentor.teacher_id) == teacher_id),
    )


def _topics_of(teacher_id: Any) -> Any:
    return select(col(TopicMember.topic_id)).where(col(TopicMember.teacher_id) == teacher_id)


def _self_studies_of(teacher_id: Any) -> Any:
    return select(col(SelfStudy.id)).where(col(SelfStudy.teacher_id) == teacher_id)


_apprentice = (
    select(literal("师徒结对：").concat(col(Teacher.name)))
    .where(col(Teacher.id) == col(Mentorship.teacher_id))
    .correlate(Mentorship)
    .scalar_subquery()
)

SOURCES = {
    each.kind: each
    for each in (
        SourceKind(
            ACTIVITY, table=Activity, title=col(Activity.title), taken_part=_activities_of
        ),
        SourceKind(
            MENTORSHIP, table=Mentorship, title=_apprentice, taken_part=_mentorships_of
        ),
        SourceKind(TOPIC, table=Topic, title=col(Topic.title), taken_part=_topics_of),
        SourceKind(
            SELF_STUDY, table=SelfStudy, title=col(SelfStudy.title), taken_part=_self_studies_of
        ),
    )
}  # fmt: skip
"""In the order in which a merger holds them."""

# What may be asked.


async def title_of_source(db: Connection, *, source_kind: str, source_id: UUID) -> str | None:
    """What a source is called; None where its kind is not declared: claims say themselves what they are."""
    known = SOURCES.get(source_kind)
    if known is None:
        return None
    title: str | None = await db.value(known.titled, source_id=source_id)
    return title


# What may be done.


async def hold_sources(db: Connection, *, teacher_id: UUID) -> None:
    """Let nobody recognise meanwhile what a person took part in; a statement for each kind there is."""
    for each in SOURCES.values():
        await db.all(each.held, teacher_id=teacher_id)
