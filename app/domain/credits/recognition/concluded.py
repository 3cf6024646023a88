"""Recognising what was concluded: a term of mentoring, a research topic, a self-study.

Each earns once for each person who took part, on the day of its conclusion. What it is worth is the rule pack's
to say; nothing of it is counted here. The bureau in charge recognises, as it does activities, and nobody
recognises what is their own.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from pydantic import BaseModel, Field

from app.domain.access.actors import Actor
from app.domain.access.doors import Door
from app.domain.access.oneself import is_oneself
from app.domain.access.roles import Permission
from app.domain.credits.packs.parts import EntryKind
from app.domain.credits.recognition.awards import Hindrance, Offered, Share
from app.domain.credits.recognition.recognising import RecognisedFields, recognise_source
from app.domain.credits.recognition.sources import MENTORSHIP, SELF_STUDY, TOPIC
from app.domain.errors import Conflict
from app.domain.learning.mentoring_counts import APPRENTICE, mentorship_merits
from app.domain.learning.mentorships import MENTORSHIPS, MentorshipGrade
from app.domain.learning.self_studies import SELF_STUDIES
from app.domain.learning.topic_members import merits_of_topic
from app.domain.learning.topics import TOPICS
from app.domain.training.activities import ActivityKind, ActivityMode
from app.sql import Connection, Row


class MentorshipRecognitionView(RecognisedFields):
    """What recognising a concluded term of mentoring did."""

    mentorship_id: UUID = Field(description="师徒结对 / mentorship")


class TopicRecognitionView(RecognisedFields):
    """What recognising a concluded research topic did."""

    topic_id: UUID = Field(description="课题 / topic")


class SelfStudyRecognitionView(RecognisedFields):
    """What recognising a concluded self-study did."""

    study_id: UUID = Field(description="自主学习课程 / self-study")


# What can be refused.


class SourceNotConcluded(Conflict):
    """What is not concluded, or was given up, cannot be recognised."""

    code = "source_not_concluded"
    zh = "结业或结题（concluded）后才能认定学分，当前状态为 {state}。"
    en = "Credit is recognised once it is concluded; its state is {state}."


class RecognitionOfOneself(Conflict):
    """Nobody recognises what they took part in themselves."""

    code = "recognition_of_oneself"
    zh = "不能认定本人参与的师徒结对、课题或自主学习课程。"
    en = "Nobody recognises a mentorship, a topic or a self-study of their own."


class _Concluded(BaseModel):
    """What recognition needs to know of what was concluded."""

    id: UUID
    city_id: UUID
    county_id: UUID
    state: str
    concluded_on: date | None


class _Mentorship(_Concluded):
    level: str


class _Topic(_Concluded):
    level: str


class _SelfStudy(_Concluded):
    teacher_id: UUID
    hours: Decimal
    content: list[str]


_LEVEL = {"level": MENTORSHIPS.computed["level"]}
_MENTORSHIPS = replace(MENTORSHIPS, view=_Mentorship, computed=_LEVEL)
_TOPICS = replace(TOPICS, view=_Topic, computed={})
_SELF_STUDIES = replace(SELF_STUDIES, view=_SelfStudy, computed={})

_JUDGED_UNQUALIFIED = Hindrance(
    "judged_unqualified", "终期评价为不合格。", "The final judgement is: not qualified."
)
_NOTHING_CONFIRMED = Hindrance(
    "records_unconfirmed",
    "没有经对方确认的带教记录。",
    "No record of guidance was confirmed by the other side.",
)

# What may be done.


async def recognise_mentorship(
    db: Connection, actor: Actor, *, mentorship_id: UUID, now: datetime
) -> Row:
    """Enter what a concluded term earned for the apprentice and for every mentor of the register.

    The rules are told the hours that the other side confirmed, the kind `mentoring`, the level of the unit that
    arranged it, and as what each was in it. An outside expert has no ledger.
    """
    term = await _hold(db, actor, _MENTORSHIPS, mentorship_id)
    merits = await mentorship_merits(db, actor, mentorship_id=mentorship_id)
    offered = Offered(
        source_kind=MENTORSHIP, source_id=mentorship_id, city_id=term["city_id"],
        earned_on=term["concluded_on"], level=term["level"], activity_kind=ActivityKind.MENTORING,
    )  # fmt: skip
    shares = [
        Share(row["teacher_id"], row["hours"], _as_what(row["role"]), _hindered(row))
        for row in merits
    ]
    done = await _recognise(db, actor, offered, _each_once(shares), now)
    return {"mentorship_id": mentorship_id, **done}


def _each_once(shares: Sequence[Share]) -> list[Share]:
    """Everybody once: where two records of one person were merged, both sides of a term may be the same.

    What they earn by counts, and of two the one with more hours.
    """
    best: dict[UUID, Share] = {}
    for share in shares:
        held = best.get(share.teacher_id)
        if held is None or _worth(share) > _worth(held):
            best[share.teacher_id] = share
    return list(best.values())


def _worth(share: Share) -> tuple[bool, Decimal]:
    return share.hindrance is None, share.hours


def _as_what(role: str) -> str:
    """As what the rules know somebody: all mentors are one, whether they led or not."""
    return APPRENTICE if role == APPRENTICE else "mentor"


def _hindered(merit: Row) -> Hindrance | None:
    if merit["grade"] == MentorshipGrade.UNQUALIFIED:
        return _JUDGED_UNQUALIFIED
    return None if merit["hours"] else _NOTHING_CONFIRMED


async def recognise_topic(db: Connection, actor: Actor, *, topic_id: UUID, now: datetime) -> Row:
    """Enter what a concluded topic earned for its members: an output, which the pack's offsets cover.

    The rules are told its level and each member's duty as the role; a topic has no hours.
    """
    topic = await _hold(db, actor, _TOPICS, topic_id)
    # All of them: whoever recognises for the bureau need not read topics otherwise.
    merits = await merits_of_topic(db, actor, topic_id=topic_id)
    offered = Offered(
        source_kind=TOPIC, source_id=topic_id, city_id=topic["city_id"],
        earned_on=topic["concluded_on"], level=topic["level"], kind=EntryKind.OFFSET,
    )  # fmt: skip
    shares = [Share(row["teacher_id"], Decimal(0), row["duty"]) for row in merits]
    return {"topic_id": topic_id, **await _recognise(db, actor, offered, shares, now)}


async def recognise_self_study(
    db: Connection, actor: Actor, *, study_id: UUID, now: datetime
) -> Row:
    """Enter what a concluded self-study earned for the teacher: its hours, as self-directed study."""
    study = await _hold(db, actor, _SELF_STUDIES, study_id)
    offered = Offered(
        source_kind=SELF_STUDY, source_id=study_id, city_id=study["city_id"],
        earned_on=study["concluded_on"], level="school", mode=ActivityMode.SELF_DIRECTED,
        content=tuple(study["content"]),
    )  # fmt: skip
    shares = [Share(study["teacher_id"], study["hours"])]
    return {"study_id": study_id, **await _recognise(db, actor, offered, shares, now)}


async def _hold(db: Connection, actor: Actor, door: Door, key: UUID) -> Row:
    """What was concluded, locked, if the actor may recognise it for the bureau in charge."""
    permission = Permission.CREDIT_RECOGNISE
    found = await door.get(db, actor, key, permission=permission, lock=True)
    actor.require(permission, {name: found[name] for name in ("city_id", "county_id")})
    if found["concluded_on"] is None:
        raise SourceNotConcluded(state=found["state"])
    return found


async def _recognise(
    db: Connection, actor: Actor, offered: Offered, shares: Sequence[Share], now: datetime
) -> Row:
    if await is_oneself(db, actor, teacher_ids=[each.teacher_id for each in shares]):
        raise RecognitionOfOneself
    return await recognise_source(
        db, offered=offered, shares=shares, recorded_by=actor.account_id, now=now
    )
