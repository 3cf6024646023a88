"""Challenges of the province (省平台核查质疑): a doubt about one record, with a day by which it is answered.

The bureau in charge of the teacher answers: the record is right, it was put right, or the challenge is
refused, each with reasons. What is put right is corrected by the ordinary acts, and the change feed tells
it. 「政务数据共享条例」 (in force since 2025-08-01) has the receiver ask and the provider check and correct.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import CheckConstraint, Index, UniqueConstraint, Uuid
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE, Door
from app.domain.access.oneself import is_oneself
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Command, Placed, Table, civil_date, key, text_enum
from app.domain.credits.certificates import CERTIFICATES
from app.domain.credits.entries import ENTRIES
from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.paging import Page, PageRequest
from app.domain.people.teachers import TEACHERS, Teacher, follows_teacher
from app.sql import Connection, Row, UniqueViolationError, new_id


class ChallengeSubject(StrEnum):
    """What kind of record is doubted (被质疑的记录)."""

    TEACHER = "teacher"
    """教师名册"""
    CREDIT_ENTRY = "credit_entry"
    """学分记录"""
    CERTIFICATE = "certificate"
    """证书"""


class ChallengeState(StrEnum):
    """What has become of it (质疑状态)."""

    RAISED = "raised"
    """待答复"""
    UPHELD = "upheld"
    """经核实无误"""
    PUT_RIGHT = "put_right"
    """已更正"""
    REFUSED = "refused"
    """不予受理"""
    CLOSED = "closed"
    """省平台已办结"""


class ChallengeOutcome(StrEnum):
    """What the bureau answers (答复结果)."""

    UPHELD = "upheld"
    """经核实无误"""
    PUT_RIGHT = "put_right"
    """已更正"""
    REFUSED = "refused"
    """不予受理"""


class ChallengeFields(BaseModel):
    """Which record is doubted, why, and by when an answer is wanted."""

    subject: ChallengeSubject = Field(
        description="记录类型 / kind of record", sa_type=text_enum(ChallengeSubject)
    )
    subject_id: UUID = Field(description="记录标识 / key of the record", sa_type=Uuid)
    reference: str = Field(
        min_length=1, max_length=80, description="省平台质疑编号 / the province's own number"
    )
    question: str = Field(min_length=2, max_length=2000, description="质疑内容 / what is doubted")
    due_on: date = Field(description="答复期限 / day by which it is to be answered")


class Challenge(ChallengeFields, Placed, Table, table=True):
    """A challenge, placed by the teacher whom its record is about."""

    __table_args__ = (
        follows_teacher(),
        UniqueConstraint("city_id", "reference"),
        CheckConstraint(
            "(state = 'raised') = (answered_at IS NULL) OR state = 'closed'", name="answered_once"
        ),
        CheckConstraint(
            "num_nonnulls(outcome, answer, answered_at, answered_by) IN (0, 4)", name="whole_answer"
        ),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed_once"),
        *(Index(None, name, "id") for name in ("teacher_id", *PLACE)),
    )

    id: UUID = key()
    teacher_id: UUID = Field(sa_type=Uuid)
    school_id: UUID = Field(sa_type=Uuid)  # never null for a teacher
    state: ChallengeState = Field(sa_type=text_enum(ChallengeState))
    raised_at: datetime = Field(sa_type=MOMENT)
    raised_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    outcome: ChallengeOutcome | None = Field(default=None, sa_type=text_enum(ChallengeOutcome))
    answer: str | None = Field(default=None, max_length=2000)
    answered_at: datetime | None = Field(default=None, sa_type=MOMENT)
    answered_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)
    closed_at: datetime | None = Field(default=None, sa_type=MOMENT)


class ChallengeView(ChallengeFields):
    """A challenge as both sides see it."""

    id: UUID = Field(description="标识 / key")
    teacher_id: UUID = Field(description="教师 / teacher")
    name: str = Field(description="姓名 / name")
    city_id: UUID = Field(description="所属市 / city")
    county_id: UUID = Field(description="主管教育局 / bureau in charge")
    state: ChallengeState = Field(description="状态 / state")
    raised_at: datetime = Field(description="提出时间 / when it was raised")
    outcome: ChallengeOutcome | None = Field(description="答复结果 / what was answered")
    answer: str | None = Field(description="答复内容 / the answer")
    answered_at: datetime | None = Field(description="答复时间 / when it was answered")
    closed_at: datetime | None = Field(description="办结时间 / when the province closed it")


class NewChallenge(ChallengeFields, Command):
    """A doubt of the province about one record."""


class ChallengeAnswer(Command):
    """What the bureau has found."""

    outcome: ChallengeOutcome = Field(description="答复结果 / what was found")
    answer: str = Field(
        min_length=2, max_length=2000, description="答复内容及理由 / the answer, and why"
    )


# What can be refused.


class ChallengeNotFound(NotFound):
    """There is no such challenge for the one who asks."""

    code = "challenge_not_found"
    zh = "未找到该质疑。"
    en = "There is no such challenge."


class ChallengeKnown(Conflict):
    """The province has raised one under this number."""

    code = "challenge_known"
    zh = "该编号的质疑已登记。"
    en = "A challenge with this number is known already."


class ChallengeDueBefore(Invalid):
    """An answer takes a day at least."""

    code = "challenge_due_before"
    zh = "答复期限须晚于今天。"
    en = "A challenge is due after today."


class ChallengeAnswered(Conflict):
    """It was answered, or closed, before."""

    code = "challenge_answered"
    zh = "该质疑已答复或办结（{state}）。"
    en = "This challenge was answered or closed before ({state})."


class ChallengeOfOneself(Conflict):
    """Nobody answers for the own record."""

    code = "challenge_of_oneself"
    zh = "不能答复涉及本人记录的质疑。"
    en = "Nobody answers a challenge of their own record."


# What may be asked.

CHALLENGES = Door(
    table=Challenge,
    view=ChallengeView,
    read=Permission.PROVINCE_READ,
    missing=ChallengeNotFound,
    computed={"name": col(Teacher.name)},
    joined=Challenge.__table__.join(  # type: ignore[attr-defined]
        Teacher.__table__,  # type: ignore[attr-defined]
        col(Challenge.teacher_id) == col(Teacher.id),
    ),
    filters={"state": col(Challenge.state), "teacher_id": col(Challenge.teacher_id)},
    sorts={"due_on": (col(Challenge.due_on),), "created": ()},
)


async def get_challenge(db: Connection, actor: Actor, *, challenge_id: UUID) -> Row:
    """One challenge with its answer."""
    return await CHALLENGES.get(db, actor, challenge_id)


async def list_challenges(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    state: ChallengeState | None = None,
    teacher_id: UUID | None = None,
) -> Page:
    """The challenges in the actor's place, the first due first."""
    filters = {"state": state, "teacher_id": teacher_id}
    return await CHALLENGES.page(db, actor, page, filters=filters)


# What may be done.

_SOURCES: dict[ChallengeSubject, tuple[Door, str]] = {
    ChallengeSubject.TEACHER: (TEACHERS, "id"),
    ChallengeSubject.CREDIT_ENTRY: (ENTRIES, "teacher_id"),
    ChallengeSubject.CERTIFICATE: (CERTIFICATES, "teacher_id"),
}


async def raise_challenge(db: Connection, actor: Actor, *, new: NewChallenge, now: datetime) -> Row:
    """Doubt a record that the province can see; the bureau in charge finds it among its tasks."""
    door, of = _SOURCES[new.subject]
    row = await door.get(db, actor, new.subject_id, permission=door.read)
    teacher = await TEACHERS.get(
        db, actor, row[of], permission=Permission.PROVINCE_REPORT, lock=True
    )
    if new.due_on <= civil_date(now):
        raise ChallengeDueBefore
    challenge = new.model_dump() | {
        "id": new_id(),
        "teacher_id": teacher["id"],
        **{name: teacher[name] for name in PLACE},
        "state": ChallengeState.RAISED,
        "raised_at": now,
        "raised_by": actor.account_id,
    }
    try:
        await db.insert(Challenge, challenge)
    except UniqueViolationError:
        raise ChallengeKnown from None
    return await CHALLENGES.get(db, actor, challenge["id"])


async def answer_challenge(
    db: Connection, actor: Actor, *, challenge_id: UUID, answer: ChallengeAnswer, now: datetime
) -> Row:
    """Say what was found, and why; what is to be put right was put right by the ordinary acts before."""
    permission = Permission.PROVINCE_ANSWER
    challenge = await CHALLENGES.get(db, actor, challenge_id, permission=permission, lock=True)
    if await is_oneself(db, actor, teacher_ids=[challenge["teacher_id"]]):
        raise ChallengeOfOneself
    if challenge["state"] != ChallengeState.RAISED:
        raise ChallengeAnswered(state=challenge["state"])
    values: dict[str, Any] = {
        **answer.model_dump(),
        "state": ChallengeState(answer.outcome.value),
        "answered_at": now,
        "answered_by": actor.account_id,
    }
    await db.change(Challenge, challenge_id, values)
    return await CHALLENGES.get(db, actor, challenge_id)


async def close_challenge(
    db: Connection, actor: Actor, *, challenge_id: UUID, now: datetime
) -> Row:
    """The province is content, or takes the challenge back: nobody waits for anything any more."""
    permission = Permission.PROVINCE_REPORT
    challenge = await CHALLENGES.get(db, actor, challenge_id, permission=permission, lock=True)
    if challenge["state"] == ChallengeState.CLOSED:
        raise ChallengeAnswered(state=challenge["state"])
    await db.change(Challenge, challenge_id, {"state": ChallengeState.CLOSED, "closed_at": now})
    return await CHALLENGES.get(db, actor, challenge_id)
