"""Agreeing: both sides sign, or one of them declines; when the last has signed the agreement holds."""

from datetime import datetime
from uuid import UUID

from pydantic import Field
from sqlalchemy import Uuid, bindparam, func, select
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import Command, civil_date
from app.domain.errors import Conflict
from app.domain.learning.mentorships.mentorship import MENTORS, MENTORSHIPS
from app.domain.learning.mentorships.table import Mentor, MentorRole, Mentorship, MentorshipState
from app.sql import Connection, Row, Statement


class MentorshipRefusal(Command):
    """Why somebody does not sign."""

    reason: str = Field(min_length=2, max_length=500, description="谢绝理由 / why")


# What can be refused.


class MentorshipNotOpen(Conflict):
    """Only what is proposed is signed or declined."""

    code = "mentorship_not_open"
    zh = "该师徒结对不在待签约状态。"
    en = "This mentorship does not wait for signatures."


class MentorshipSigned(Conflict):
    """Each signs once."""

    code = "mentorship_signed"
    zh = "已签约，不能重复签约。"
    en = "They have signed already."


class MentorSignsInPerson(Conflict):
    """A teacher of the register signs in person."""

    code = "mentor_signs_in_person"
    zh = "该导师是在册教师，须由本人签约。"
    en = "This mentor is a teacher of the register and signs in person."


# What may be done.

_UNSIGNED = Statement(
    select(func.count()).where(
        col(Mentor.mentorship_id) == bindparam("mentorship_id", type_=Uuid),
        col(Mentor.signed_at).is_(None),
    )
)
_OWN = Statement(
    select(col(Mentor.id), col(Mentor.signed_at)).where(
        col(Mentor.mentorship_id) == bindparam("mentorship_id", type_=Uuid),
        col(Mentor.teacher_id) == bindparam("teacher_id", type_=Uuid),
    )
)


async def sign_mentorship(
    db: Connection, actor: Actor, *, mentorship_id: UUID, now: datetime
) -> Row:
    """Sign as the apprentice, or as a mentor who is a teacher."""
    mentorship = await _open(db, actor, mentorship_id, Permission.RECORD_OWN)
    mentor = await db.one(_OWN, mentorship_id=mentorship_id, teacher_id=actor.teacher_id)
    signed_at = mentorship["signed_at"] if mentor is None else mentor["signed_at"]
    if signed_at is not None:
        raise MentorshipSigned
    if mentor is not None:
        await db.change(Mentor, mentor["id"], {"signed_at": now})
        return await _agree(db, actor, mentorship, now)
    return await _agree(db, actor, {**mentorship, "signed_at": now}, now)


async def sign_for_expert(db: Connection, actor: Actor, *, mentor_id: UUID, now: datetime) -> Row:
    """Record that an outside expert, who has no account, has signed; those in charge do it."""
    mentor = await MENTORS.get(db, actor, mentor_id, permission=Permission.PAIR_WRITE)
    mentorship = await _open(db, actor, mentor["mentorship_id"], Permission.PAIR_WRITE)
    if mentor["role"] != MentorRole.EXPERT:
        raise MentorSignsInPerson
    mentor = await MENTORS.get(db, actor, mentor_id)  # as it is, now that nobody else signs
    if mentor["signed_at"] is not None:
        raise MentorshipSigned
    await db.change(Mentor, mentor_id, {"signed_at": now})
    return await _agree(db, actor, mentorship, now)


async def decline_mentorship(
    db: Connection, actor: Actor, *, mentorship_id: UUID, refusal: MentorshipRefusal, now: datetime
) -> Row:
    """Decline as the apprentice or as a mentor, with the reason; whoever has signed may still."""
    await _open(db, actor, mentorship_id, Permission.RECORD_OWN)
    values = {"state": MentorshipState.DECLINED, "ended_on": civil_date(now)}
    await db.change(Mentorship, mentorship_id, values | {"end_reason": refusal.reason})
    return await MENTORSHIPS.get(db, actor, mentorship_id)


async def _open(db: Connection, actor: Actor, mentorship_id: UUID, permission: Permission) -> Row:
    mentorship = await MENTORSHIPS.get(db, actor, mentorship_id, permission=permission, lock=True)
    if mentorship["state"] != MentorshipState.PROPOSED:
        raise MentorshipNotOpen
    return mentorship


async def _agree(db: Connection, actor: Actor, mentorship: Row, now: datetime) -> Row:
    """Keep the apprentice's signature, and let the agreement hold once nobody's is missing."""
    values = {"signed_at": mentorship["signed_at"]}
    unsigned = await db.value(_UNSIGNED, mentorship_id=mentorship["id"])
    if not unsigned and mentorship["signed_at"] is not None:
        values |= {"state": MentorshipState.ACTIVE, "agreed_at": now}
    await db.change(Mentorship, mentorship["id"], values)
    return await MENTORSHIPS.get(db, actor, mentorship["id"])
