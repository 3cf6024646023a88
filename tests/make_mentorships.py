"""Mentorships and what is recorded in them, for tests, made with as little as it needs."""

from datetime import date
from typing import Any

from app.domain.learning.mentoring_policies import MentoringPolicy
from app.domain.learning.mentoring_records import MentoringRecord
from app.domain.learning.mentorships import Mentor, Mentorship, MentorshipJudgement
from app.sql import Connection, Row, new_id
from tests.make import NOW, TODAY, Person

TERM = {"valid_from": date(2026, 9, 1), "valid_to": date(2027, 9, 1)}
SIGNED = {"state": "active", "signed_at": NOW, "agreed_at": NOW}
CONCLUDED = {
    **SIGNED, "state": "concluded", "concluded_on": TODAY,
    "valid_from": date(2025, 9, 1), "valid_to": TODAY,
}  # fmt: skip


async def make_mentorship(
    db: Connection, unit: Row, by: Person, apprentice: Row, *mentors: Row, **more: Any
) -> Row:
    """A mentorship of teachers that holds, unless said otherwise; the first mentor leads."""
    signed_at = more.get("signed_at", NOW)
    row = {
        "id": new_id(),
        "teacher_id": apprentice["id"],
        **{name: apprentice[name] for name in ("city_id", "county_id", "school_id")},
        "unit_id": unit["id"],
        "aim": "一年站稳讲台",
        "plan": "每周互听一节课，每月一次备课指导",
        "is_probation": False,
        **TERM,
        "proposed_at": NOW,
        "proposed_by": by.actor.account_id,
        **SIGNED,
    } | more
    await db.insert(Mentorship, row)
    named = [
        {
            "id": new_id(), "mentorship_id": row["id"], "teacher_id": mentor["id"],
            "role": "member" if number else "lead", "signed_at": signed_at,
        }
        for number, mentor in enumerate(mentors)
    ]  # fmt: skip
    await db.insert_all(Mentor, named)
    return row | {"mentors": named}


async def make_proposed(
    db: Connection, unit: Row, by: Person, apprentice: Row, *mentors: Row, **more: Any
) -> Row:
    """A mentorship that nobody has signed."""
    open_one = {"state": "proposed", "signed_at": None, "agreed_at": None}
    return await make_mentorship(db, unit, by, apprentice, *mentors, **open_one | more)


async def make_expert_mentor(db: Connection, mentorship: Row, trainer: Row) -> Row:
    """An outside expert beside the mentors, who has not signed."""
    row = {
        "id": new_id(), "mentorship_id": mentorship["id"], "trainer_id": trainer["id"],
        "role": "expert",
    }  # fmt: skip
    await db.insert(Mentor, row)
    return row


async def make_mentoring_record(
    db: Connection, mentorship: Row, by: Person, *, by_mentor: bool = True, **more: Any
) -> Row:
    """A record of guidance by the leading mentor, not confirmed."""
    row = {
        "id": new_id(), "mentorship_id": mentorship["id"],
        "mentor_id": mentorship["mentors"][0]["id"], "by_mentor": by_mentor, "kind": "planning",
        "held_on": TODAY, "hours": "2.00", "content": "共同研读教材，修改教学设计",
        "written_by": by.actor.account_id, "written_at": NOW,
    } | more  # fmt: skip
    await db.insert(MentoringRecord, row)
    return row


async def make_judgement(
    db: Connection, mentorship: Row, by: Person, stage: str, **more: Any
) -> Row:
    """How a mentorship was judged."""
    row = {
        "id": new_id(), "mentorship_id": mentorship["id"], "stage": stage, "grade": "good",
        "comment": "进步明显", "judged_by": by.actor.account_id, "judged_at": NOW,
    } | more  # fmt: skip
    await db.insert(MentorshipJudgement, row)
    return row


async def make_mentoring_policy(db: Connection, city: Row, by: Person, **more: Any) -> Row:
    """A policy of a city: of the first grade and above one apprentice in five years, two at once."""
    row = {
        "id": new_id(), "city_id": city["id"], "county_id": city["id"], "school_id": None,
        "cycle_years": 5, "source": "市教育局带教办法第三条",
        "ranks": [
            {"rank": rank, "least": 1, "most": 2, "topics": 0, "lectures": 0}
            for rank in ("first_grade", "senior")
        ],
        "probation": [{"name": "校内带教", "amount": "1", "measure": "学年"}],
        "set_by": by.actor.account_id, "set_at": NOW,
    } | more  # fmt: skip
    await db.insert(MentoringPolicy, row)
    return row


async def make_busy_mentorships(
    db: Connection, unit: Row, by: Person, *pairs: tuple[Row, Row]
) -> None:
    """A mentorship of each apprentice and mentor, with two records and both judgements."""
    for apprentice, mentor in pairs:
        made = await make_mentorship(db, unit, by, apprentice, mentor)
        for stage in ("mid_term", "final"):
            await make_mentoring_record(db, made, by)
            await make_judgement(db, made, by, stage)
