"""Asking an adviser, answering, asking further, closing and rating."""

from datetime import datetime, timedelta
from typing import Self
from uuid import UUID

from pydantic import model_validator
from sqlalchemy import ARRAY, Uuid, bindparam, func, select
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import TODAY, Command, civil_date, holds_on
from app.domain.errors import Conflict, Invalid, NotAllowed, NotFound, Unfit
from app.domain.learning.consultations.consultation import CONSULTATIONS, OWN_CONSULTATIONS
from app.domain.learning.consultations.table import (
    Consultation,
    ConsultationFields,
    ConsultationMessage,
    ConsultationState,
)
from app.domain.learning.discussion_posts import count_post
from app.domain.learning.mentorships import Mentor, Mentorship, MentorshipState
from app.domain.learning.trainers import TRAINERS, TrainerState
from app.domain.people.teachers import Teacher
from app.domain.training.groups import GroupDuty, GroupMember, groups_with
from app.sql import Connection, Row, Statement, new_id

ANSWER_WITHIN = timedelta(days=7)
"""In which a question is to be answered."""


class ConsultationText(Command):
    """What is asked or answered; it is shown as it is."""

    text: str = Field(min_length=2, max_length=5000, description="内容 / what it says")


class NewConsultation(ConsultationFields, ConsultationText):
    """A question, and the adviser as whom the asker knows them: one of the three keys."""

    trainer_id: UUID | None = Field(default=None, description="导师库导师 / trainer of a library")
    mentor_id: UUID | None = Field(default=None, description="本人的带教导师 / one's own mentor")
    group_id: UUID | None = Field(
        default=None, description="所在教研组，问其负责人 / one's own group, whose head is asked"
    )

    @model_validator(mode="after")
    def _names_one(self) -> Self:
        if sum(each is not None for each in (self.trainer_id, self.mentor_id, self.group_id)) != 1:
            raise Unfit(
                "导师、带教导师、教研组填且只填一个。",
                "Name a trainer, a mentor or a group, one of them.",
            )
        return self


class ConsultationClosing(Command):
    """What the asker thinks of what was answered."""

    rating: int | None = Field(default=None, ge=1, le=5, description="评分，1至5 / rating, 1 to 5")
    remark: str | None = Field(
        default=None, min_length=2, max_length=500, description="评语 / what they say of it"
    )

    @model_validator(mode="after")
    def _is_rated(self) -> Self:
        if self.remark is not None and self.rating is None:
            raise Unfit("填写评语时须评分。", "A remark goes with a rating.")
        return self


# What can be refused.


class AdviserUnfit(Invalid):
    """An adviser is another teacher: in a library, a mentor of one's own, or the head of one's group."""

    code = "consultation_adviser_unfit"
    zh = "只能向在库导师、本人现任带教导师或所在教研组负责人提问，且不能是本人。"
    en = "Ask a trainer of a library, your present mentor or the head of your group; not yourself."


class ConsultationOfAnother(NotAllowed):
    """The one asks and closes, the other answers."""

    code = "consultation_of_another"
    zh = "提问、追问、办结由提问人进行，答复由指导教师进行。"
    en = "Whoever asked asks further and closes it; the adviser answers."


class ConsultationClosed(Conflict):
    """Nothing is added to what is closed."""

    code = "consultation_closed"
    zh = "该在线指导已办结。"
    en = "The consultation is closed."


class NothingAsked(Conflict):
    """What was asked has been answered."""

    code = "consultation_nothing_asked"
    zh = "没有待答复的提问。"
    en = "No question waits for an answer."


class ConsultationUnanswered(Conflict):
    """What was never answered is not rated."""

    code = "consultation_unanswered"
    zh = "尚未答复，不能评分。"
    en = "It was never answered, so it cannot be rated."


# What may be asked.

_MENTOR = Statement(
    select(col(Mentor.teacher_id))
    .join_from(Mentor, Mentorship, col(Mentor.mentorship_id) == col(Mentorship.id))
    .where(
        col(Mentor.id) == bindparam("mentor_id", type_=Uuid),
        col(Mentorship.teacher_id) == bindparam("teacher_id", type_=Uuid),
        col(Mentorship.state) == MentorshipState.ACTIVE,
    )
)
_HEAD = Statement(
    select(col(GroupMember.teacher_id)).where(
        col(GroupMember.group_id) == bindparam("group_id", type_=Uuid),
        col(GroupMember.group_id).in_(groups_with(bindparam("asking", type_=ARRAY(Uuid)))),
        col(GroupMember.duty) == GroupDuty.HEAD,
        holds_on(GroupMember, TODAY),
    )
)
_SERVES = Statement(
    select(col(Teacher.id)).where(
        col(Teacher.id) == bindparam("adviser_id", type_=Uuid),
        col(Teacher.merged_into_id).is_(None),
    )
)


async def _adviser(db: Connection, actor: Actor, new: NewConsultation) -> UUID:
    """The teacher who is asked, whom the actor knows as what is said."""
    try:
        if new.trainer_id is not None:
            trainer = await TRAINERS.get(db, actor, new.trainer_id)
            adviser = trainer["teacher_id"] if trainer["state"] == TrainerState.ACCEPTED else None
        elif new.mentor_id is not None:
            adviser = await db.value(_MENTOR, mentor_id=new.mentor_id, teacher_id=actor.teacher_id)
        else:
            assert new.group_id is not None  # noqa: S101  the command's validator has seen to it
            adviser = await db.value(_HEAD, group_id=new.group_id, asking=[actor.teacher_id])
    except NotFound:
        raise AdviserUnfit from None
    if adviser is None or adviser == actor.teacher_id:
        raise AdviserUnfit
    found: UUID | None = await db.value(_SERVES, adviser_id=adviser)
    if found is None:
        raise AdviserUnfit
    return found


# What may be done.

_PLACE_OF = Statement(
    select(col(Teacher.city_id), col(Teacher.county_id), col(Teacher.school_id)).where(
        col(Teacher.id) == bindparam("teacher_id", type_=Uuid)
    )
)


async def ask_consultation(
    db: Connection, actor: Actor, *, new: NewConsultation, now: datetime
) -> Row:
    """Ask an adviser, as a teacher; it is due in a week, and counts among what one writes."""
    actor.require(Permission.RECORD_OWN, {"teacher_id": actor.teacher_id})
    adviser_id = await _adviser(db, actor, new)
    place = await db.one(_PLACE_OF, teacher_id=actor.teacher_id)
    assert place is not None  # noqa: S101  who acts as a teacher is one
    await count_post(db, actor, now=now)
    row = {
        "id": new_id(), **place, **new.model_dump(exclude={"text"}), "teacher_id": actor.teacher_id,
        "adviser_id": adviser_id, "state": ConsultationState.ASKED, "asked_by": actor.account_id,
        "asked_at": now, "since": now, "due_on": civil_date(now) + ANSWER_WITHIN,
    }  # fmt: skip
    await db.insert(Consultation, row)
    await _add(db, actor, row["id"], new.text, by_adviser=False, now=now)
    return await OWN_CONSULTATIONS.get(db, actor, row["id"])


_NEXT = Statement(
    select(func.coalesce(func.max(col(ConsultationMessage.number)), 0) + 1).where(
        col(ConsultationMessage.consultation_id) == bindparam("consultation_id", type_=Uuid)
    )
)


async def _add(
    db: Connection, actor: Actor, key: UUID, text: str, *, by_adviser: bool, now: datetime
) -> None:
    """Add a message; the consultation is new or locked, so that messages are numbered without gaps."""
    await db.insert(
        ConsultationMessage,
        {
            "id": new_id(), "consultation_id": key, "text": text, "by_adviser": by_adviser,
            "number": await db.value(_NEXT, consultation_id=key), "written_by": actor.account_id,
            "written_at": now,
        },
    )  # fmt: skip


async def _held(db: Connection, actor: Actor, key: UUID, *, by_adviser: bool) -> Row:
    """A consultation that is not closed, locked, in which the actor asks, or is asked."""
    own = Permission.RECORD_OWN
    actor.require(own, {"teacher_id": actor.teacher_id})
    consultation = await CONSULTATIONS.get(db, actor, key, lock=True)
    if consultation["adviser_id" if by_adviser else "teacher_id"] != actor.teacher_id:
        raise ConsultationOfAnother(own.value)
    if consultation["state"] == ConsultationState.CLOSED:
        raise ConsultationClosed
    return consultation


async def answer_consultation(
    db: Connection, actor: Actor, *, consultation_id: UUID, new: ConsultationText, now: datetime
) -> Row:
    """Answer what was asked of the actor."""
    consultation = await _held(db, actor, consultation_id, by_adviser=True)
    if consultation["state"] != ConsultationState.ASKED:
        raise NothingAsked
    await count_post(db, actor, now=now)
    await _add(db, actor, consultation_id, new.text, by_adviser=True, now=now)
    values = {
        "state": ConsultationState.ANSWERED, "since": now,
        "answered_at": consultation["answered_at"] or now,
    }  # fmt: skip
    await db.change(Consultation, consultation_id, values)
    return await OWN_CONSULTATIONS.get(db, actor, consultation_id)


async def ask_further(
    db: Connection, actor: Actor, *, consultation_id: UUID, new: ConsultationText, now: datetime
) -> Row:
    """Ask further in a consultation of one's own; after an answer the week begins anew."""
    consultation = await _held(db, actor, consultation_id, by_adviser=False)
    await count_post(db, actor, now=now)
    await _add(db, actor, consultation_id, new.text, by_adviser=False, now=now)
    if consultation["state"] == ConsultationState.ANSWERED:
        values = {
            "state": ConsultationState.ASKED, "since": now,
            "due_on": civil_date(now) + ANSWER_WITHIN,
        }  # fmt: skip
        await db.change(Consultation, consultation_id, values)
    return await OWN_CONSULTATIONS.get(db, actor, consultation_id)


async def close_consultation(
    db: Connection,
    actor: Actor,
    *,
    consultation_id: UUID,
    closing: ConsultationClosing,
    now: datetime,
) -> Row:
    """Close a consultation of one's own, and rate it where it was answered."""
    consultation = await _held(db, actor, consultation_id, by_adviser=False)
    if closing.rating is not None and consultation["answered_at"] is None:
        raise ConsultationUnanswered
    values = {
        "state": ConsultationState.CLOSED, "since": now, "closed_at": now, **closing.model_dump(),
    }  # fmt: skip
    await db.change(Consultation, consultation_id, values)
    return await OWN_CONSULTATIONS.get(db, actor, consultation_id)
