"""Judging a mentorship at mid-term and at its end, and ending one early, with the reason.

Whoever is in charge of the apprentice decides, and nobody on a mentorship of their own.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import UniqueConstraint, Uuid, bindparam, select
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Columns, Door
from app.domain.access.oneself import is_oneself
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Command, Table, civil_date, key, text_enum
from app.domain.errors import Conflict, NotFound
from app.domain.learning.mentorships.mentorship import MENTORSHIP_PLACES, MENTORSHIPS
from app.domain.learning.mentorships.table import Mentor, Mentorship, MentorshipEnd, MentorshipState
from app.sql import Connection, Row, Statement, UniqueViolationError, new_id


class JudgementStage(StrEnum):
    """When a mentorship is judged (评价阶段)."""

    MID_TERM = "mid_term"
    """中期"""
    FINAL = "final"
    """终期"""


class MentorshipGrade(StrEnum):
    """How it is judged (评价等第)."""

    EXCELLENT = "excellent"
    """优秀"""
    GOOD = "good"
    """良好"""
    QUALIFIED = "qualified"
    """合格"""
    UNQUALIFIED = "unqualified"
    """不合格"""


class MentorshipJudgementFields(BaseModel):
    """When, how, and for which reasons it is judged."""

    stage: JudgementStage = Field(description="评价阶段 / when", sa_type=text_enum(JudgementStage))
    grade: MentorshipGrade = Field(description="等第 / grade", sa_type=text_enum(MentorshipGrade))
    comment: str = Field(min_length=2, max_length=2000, description="评语 / the reasons")


class MentorshipJudgement(MentorshipJudgementFields, Table, table=True):
    """A judgement, said once; its place is its mentorship's."""

    __table_args__ = (UniqueConstraint("mentorship_id", "stage"),)

    id: UUID = key()
    mentorship_id: UUID = Field(foreign_key="mentorship.id", sa_type=Uuid)
    judged_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    judged_at: datetime = Field(sa_type=MOMENT)


class MentorshipJudgementView(MentorshipJudgementFields):
    """A judgement as everybody sees who sees the mentorship."""

    id: UUID = Field(description="标识 / key")
    mentorship_id: UUID = Field(description="师徒结对 / mentorship")
    judged_at: datetime = Field(description="评价时间 / when it was said")


class NewMentorshipJudgement(MentorshipJudgementFields, Command):
    """A judgement; the final one concludes the mentorship."""


class EarlyEnd(Command):
    """Why a mentorship ends before its term."""

    kind: MentorshipEnd = Field(description="终止原因 / why")
    reason: str = Field(min_length=2, max_length=500, description="终止说明 / the reason in words")


# What can be refused.


class MentorshipJudgementNotFound(NotFound):
    """There is no such judgement for the one who asks."""

    code = "mentorship_judgement_not_found"
    zh = "未找到该带教评价。"
    en = "There is no such judgement of a mentorship."


class MentorshipOfOneself(Conflict):
    """Nobody decides on a mentorship of their own."""

    code = "mentorship_of_oneself"
    zh = "本人是该结对的导师或徒弟，不能评价或终止。"
    en = "Nobody judges or ends a mentorship in which they are."


class MentorshipNotActive(Conflict):
    """What is not agreed, or is over, is not judged."""

    code = "mentorship_not_active"
    zh = "该师徒结对不在带教期。"
    en = "This mentorship is not agreed, or is over."


class MentorshipJudged(Conflict):
    """It is judged once at mid-term, and once at its end."""

    code = "mentorship_judged"
    zh = "该阶段已评价。"
    en = "It was judged at this stage already."


class MentorshipRunning(Conflict):
    """The final judgement comes with the last day of the term; before, a mentorship ends early."""

    code = "mentorship_running"
    zh = "期满（{last}）前不能作终期评价；需提前结束请办理终止。"
    en = "The final judgement comes on the last day ({last}) or later; before, it is ended early."


class EarlyEndUnfit(Conflict):
    """A proposal is withdrawn; what was agreed ends for another reason."""

    code = "mentorship_end_unfit"
    zh = "终止原因与状态不符：未签约的只能撤回提议，带教中的须写明其他原因。"
    en = "A proposal is withdrawn; what was agreed ends for another reason."


# What may be asked.

_JUDGEMENTS, _MENTORSHIPS = (
    each.__table__  # type: ignore[union-attr]
    for each in (MentorshipJudgement, Mentorship)
)

JUDGEMENTS = Door(
    table=MentorshipJudgement,
    view=MentorshipJudgementView,
    read=Permission.PAIR_READ,
    missing=MentorshipJudgementNotFound,
    places=MENTORSHIP_PLACES,
    joined=_JUDGEMENTS.join(_MENTORSHIPS, _JUDGEMENTS.c.mentorship_id == _MENTORSHIPS.c.id),
    sorts={"created": ()},
)


async def list_mentorship_judgements(
    db: Connection, actor: Actor, *, mentorship_id: UUID
) -> list[Row]:
    """How a mentorship that the actor may see was judged, the mid-term first."""
    await MENTORSHIPS.get(db, actor, mentorship_id)
    found = await mentorship_judgements_of(db, actor, mentorship_ids=[mentorship_id])
    return found[mentorship_id]


async def mentorship_judgements_of(
    db: Connection, actor: Actor, *, mentorship_ids: Sequence[UUID], columns: Columns = None
) -> dict[UUID, list[Row]]:
    """How many mentorships were judged."""
    owner = _JUDGEMENTS.c.mentorship_id
    return await JUDGEMENTS.rows_of(db, actor, owner, mentorship_ids, columns=columns)


# What may be done.

_MENTOR_TEACHERS = Statement(
    select(col(Mentor.teacher_id)).where(
        col(Mentor.mentorship_id) == bindparam("mentorship_id", type_=Uuid),
        col(Mentor.teacher_id).is_not(None),
    )
)


async def _hold(db: Connection, actor: Actor, mentorship_id: UUID) -> Row:
    """The mentorship, locked, if the actor is in charge of the apprentice and no party to it."""
    mentorship = await MENTORSHIPS.get(
        db, actor, mentorship_id, permission=Permission.PAIR_WRITE, lock=True
    )
    mentors = await db.all(_MENTOR_TEACHERS, mentorship_id=mentorship_id)
    people = [mentorship["teacher_id"], *(each["teacher_id"] for each in mentors)]
    if await is_oneself(db, actor, teacher_ids=people):
        raise MentorshipOfOneself
    return mentorship


async def judge_mentorship(
    db: Connection, actor: Actor, *, mentorship_id: UUID, new: NewMentorshipJudgement, now: datetime
) -> Row:
    """Judge a mentorship at mid-term, or at its end, which concludes it."""
    mentorship = await _hold(db, actor, mentorship_id)
    if mentorship["state"] != MentorshipState.ACTIVE:
        raise MentorshipNotActive
    today = civil_date(now)
    if new.stage is JudgementStage.FINAL:
        last = mentorship["valid_to"] - timedelta(days=1)
        if today < last:
            raise MentorshipRunning(last=last.isoformat())
        values = {"state": MentorshipState.CONCLUDED, "concluded_on": today}
        await db.change(Mentorship, mentorship_id, values)
    row = {"id": new_id(), "mentorship_id": mentorship_id, **new.model_dump()}
    try:
        await db.insert(
            MentorshipJudgement, row | {"judged_by": actor.account_id, "judged_at": now}
        )
    except UniqueViolationError:
        raise MentorshipJudged from None
    return await JUDGEMENTS.get(db, actor, row["id"])


async def end_mentorship(
    db: Connection, actor: Actor, *, mentorship_id: UUID, end: EarlyEnd, now: datetime
) -> Row:
    """End a mentorship today, with the reason, or withdraw what was proposed."""
    mentorship = await _hold(db, actor, mentorship_id)
    if mentorship["state"] not in (MentorshipState.PROPOSED, MentorshipState.ACTIVE):
        raise MentorshipNotActive
    withdraws = end.kind is MentorshipEnd.PROPOSAL_WITHDRAWN
    if withdraws != (mentorship["state"] == MentorshipState.PROPOSED):
        raise EarlyEndUnfit
    values = {
        "state": MentorshipState.ENDED, "ended_on": civil_date(now), "end_kind": end.kind,
        "end_reason": end.reason,
    }  # fmt: skip
    await db.change(Mentorship, mentorship_id, values)
    return await MENTORSHIPS.get(db, actor, mentorship_id)
