"""Writing records, and confirming what the other side wrote."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    Date,
    Uuid,
    bindparam,
    func,
    or_,
    select,
)
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import Command, civil_date
from app.domain.errors import Conflict, Invalid
from app.domain.learning.mentoring_records.record import (
    MENTORING_RECORDS,
    MentoringRecord,
    MentoringRecordFields,
)
from app.domain.learning.mentorships import (
    MENTORSHIPS,
    Mentor,
    MentorNotFound,
    MentorshipNotActive,
    MentorshipState,
)
from app.domain.training.observation_sheets import get_observation_sheet
from app.sql import Connection, Row, Statement, new_id

_HOURS_OF_A_DAY = 24


class NewMentoringRecord(MentoringRecordFields, Command):
    """What was done; who mentors names nobody, an apprentice the mentor."""

    mentor_id: UUID | None = Field(
        default=None,
        description="导师；导师本人填写时可不填，为他人代记不允许 / mentor; by default oneself",
    )


# What can be refused.


class MentoringDayUnfit(Invalid):
    """What is recorded has happened, within the term."""

    code = "mentoring_day_unfit"
    zh = "日期须在带教期内，且不晚于今天。"
    en = "The day lies within the term, and is not yet to come."


class MentoringDayFull(Invalid):
    """A day of a mentor has 24 hours, however many apprentices there are."""

    code = "mentoring_day_full"
    zh = "该导师当日带教学时合计超过 24（已记 {hours}）。"
    en = "More than 24 hours of this mentor on that day: {hours} are recorded already."


class MentoringSheetUnfit(Invalid):
    """A sheet is of a lesson of the one, observed by the other."""

    code = "mentoring_sheet_unfit"
    zh = "听课记录须为该导师与徒弟之间的听课。"
    en = "The sheet is of a lesson of one of the two, observed by the other."


class MentoringRecordOfOwnSide(Conflict):
    """A record is confirmed by the other side."""

    code = "mentoring_record_of_own_side"
    zh = "带教记录须由对方确认。"
    en = "A record is confirmed by the other side."


class MentoringRecordConfirmed(Conflict):
    """A record is confirmed once."""

    code = "mentoring_record_confirmed"
    zh = "该带教记录已确认。"
    en = "This record was confirmed already."


# What may be done.

_MENTOR_OF = Statement(
    select(col(Mentor.id), col(Mentor.teacher_id), col(Mentor.trainer_id)).where(
        col(Mentor.mentorship_id) == bindparam("mentorship_id", type_=Uuid)
    )
)


_SAME_PERSON = or_(
    col(Mentor.teacher_id) == bindparam("mentor_teacher_id", type_=Uuid),
    col(Mentor.trainer_id) == bindparam("mentor_trainer_id", type_=Uuid),
)
_HOLD_MENTOR = Statement(
    select(col(Mentor.id)).where(_SAME_PERSON).order_by(col(Mentor.id)).with_for_update()
)
_HOURS_OF_DAY = Statement(
    select(func.coalesce(func.sum(col(MentoringRecord.hours)), 0))
    .join_from(MentoringRecord, Mentor, col(Mentor.id) == col(MentoringRecord.mentor_id))
    .where(_SAME_PERSON, col(MentoringRecord.held_on) == bindparam("held_on", type_=Date))
)


async def _check_day(db: Connection, mentor: Row, new: NewMentoringRecord) -> None:
    """Refuse more hours of one mentor on a day than it has; two who write at once wait for each other."""
    person = {f"mentor_{name}": mentor[name] for name in ("teacher_id", "trainer_id")}
    await db.all(_HOLD_MENTOR, **person)
    hours = await db.value(_HOURS_OF_DAY, **person, held_on=new.held_on)
    if hours + new.hours > _HOURS_OF_A_DAY:
        raise MentoringDayFull(hours=str(hours))


async def write_mentoring_record(
    db: Connection, actor: Actor, *, mentorship_id: UUID, new: NewMentoringRecord, now: datetime
) -> Row:
    """Record what was done, as a mentor of the own guidance or as the apprentice of any mentor's."""
    mentorship = await _active(db, actor, mentorship_id)
    if not mentorship["valid_from"] <= new.held_on < mentorship["valid_to"] or (
        new.held_on > civil_date(now)
    ):
        raise MentoringDayUnfit
    by_mentor = mentorship["teacher_id"] != actor.teacher_id
    mentors = await db.all(_MENTOR_OF, mentorship_id=mentorship_id)
    mentor = next(
        (
            each for each in mentors
            if (each["teacher_id"] == actor.teacher_id if by_mentor else each["id"] == new.mentor_id)
            and new.mentor_id in (None, each["id"])
        ),
        None,
    )  # fmt: skip
    if mentor is None:
        raise MentorNotFound
    if new.sheet_id is not None:
        sheet = await get_observation_sheet(db, actor, sheet_id=new.sheet_id)
        between = {mentorship["teacher_id"], mentor["teacher_id"]}
        if {sheet["teacher_id"], sheet["observer_id"]} != between:
            raise MentoringSheetUnfit
    await _check_day(db, mentor, new)
    row = {
        "id": new_id(), "mentorship_id": mentorship_id, **new.model_dump(),
        "mentor_id": mentor["id"], "by_mentor": by_mentor, "written_by": actor.account_id,
        "written_at": now,
    }  # fmt: skip
    await db.insert(MentoringRecord, row)
    return await MENTORING_RECORDS.get(db, actor, row["id"])


async def confirm_mentoring_record(
    db: Connection, actor: Actor, *, record_id: UUID, now: datetime
) -> Row:
    """Confirm what the other side wrote: a mentor's record the apprentice, the apprentice's any mentor."""
    record = await MENTORING_RECORDS.get(db, actor, record_id, permission=Permission.RECORD_OWN)
    mentorship = await _active(db, actor, record["mentorship_id"])
    record = await MENTORING_RECORDS.get(db, actor, record_id)  # as it is under the lock
    if record["confirmed_at"] is not None:
        raise MentoringRecordConfirmed
    is_apprentice = mentorship["teacher_id"] == actor.teacher_id
    if is_apprentice != record["by_mentor"]:
        raise MentoringRecordOfOwnSide
    await db.change(
        MentoringRecord, record_id, {"confirmed_at": now, "confirmed_by": actor.account_id}
    )
    return await MENTORING_RECORDS.get(db, actor, record_id)


async def _active(db: Connection, actor: Actor, mentorship_id: UUID) -> Row:
    """The mentorship in which the actor is, locked, while it holds."""
    mentorship = await MENTORSHIPS.get(
        db, actor, mentorship_id, permission=Permission.RECORD_OWN, lock=True
    )
    if mentorship["state"] != MentorshipState.ACTIVE:
        raise MentorshipNotActive
    return mentorship
