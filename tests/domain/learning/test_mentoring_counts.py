"""What mentoring comes to: by school, by rank, and for the person."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from app.domain.errors import NotAllowed
from app.domain.learning.mentoring_counts import (
    MentoringPeriodUnfit,
    list_concluded_mentorships,
    list_mentoring_counts,
    list_mentoring_obligations,
)
from app.domain.learning.topics import Topic
from app.domain.paging import PageRequest
from app.domain.people.teachers import TeacherNotFound
from app.domain.training.activities import ActivityKind, ActivityState
from app.sql import Connection
from tests.make import NOW, TODAY, City, make_activity
from tests.make_forms import make_staff
from tests.make_mentorships import (
    CONCLUDED,
    make_mentoring_policy,
    make_mentoring_record,
    make_mentorship,
    make_proposed,
)
from tests.make_topics import make_studied, make_topic

ALL = PageRequest(limit=100)
YEAR = {"since": date(2026, 1, 1), "until": date(2026, 12, 31)}
AHEAD = {"valid_from": date(2900, 1, 1), "valid_to": date(2901, 1, 1)}
LONG_AGO = {"valid_from": date(1990, 1, 1), "valid_to": date(1991, 1, 1)}


async def test_a_school_counts_the_teachers_who_mentored(db: Connection, city: City) -> None:
    by = city.city_admin
    await make_mentorship(db, city.city, by, city.colleague, city.teacher)
    await make_mentorship(db, city.city, by, city.sibling_teacher, city.teacher, **CONCLUDED)
    await make_mentorship(db, city.city, by, city.far_teacher, city.sibling_teacher)
    await make_proposed(db, city.city, by, city.far_teacher, city.colleague)
    await make_mentorship(db, city.city, by, city.direct_teacher, city.colleague, **LONG_AGO)
    before = db.statements
    rows = await list_mentoring_counts(
        db, city.county_admin.actor, unit_id=city.county["id"], **YEAR
    )
    assert db.statements - before == 2
    names = ("school_id", "mentors", "apprentices", "mentorships", "across_schools", "concluded")
    assert [tuple(row[name] for name in names) for row in rows] == [
        (city.school["id"], 1, 2, 2, 1, 1), (city.sibling["id"], 1, 1, 1, 1, 0),
    ]  # fmt: skip


async def test_a_period_runs_forward(db: Connection, city: City) -> None:
    with pytest.raises(MentoringPeriodUnfit):
        await list_mentoring_counts(
            db, city.county_admin.actor, unit_id=city.county["id"], since=YEAR["until"],
            until=YEAR["since"],
        )  # fmt: skip
    with pytest.raises(NotAllowed):
        await list_mentoring_counts(db, city.school_admin.actor, unit_id=city.county["id"], **YEAR)


async def test_what_a_rank_asks_and_what_there_is(db: Connection, city: City) -> None:
    ask = [{"rank": "first_grade", "least": 2, "most": None, "topics": 0, "lectures": 0}]
    assert (await list_mentoring_obligations(db, city.school_admin.actor, page=ALL)).items == []
    await make_mentoring_policy(db, city.city, city.city_admin, ranks=ask)
    for term, apprentice in ((AHEAD, city.colleague), (LONG_AGO, city.sibling_teacher)):
        await make_mentorship(db, city.city, city.city_admin, apprentice, city.teacher, **term)
    before = db.statements
    page = await list_mentoring_obligations(db, city.school_admin.actor, page=ALL)
    assert db.statements - before == 1
    names = ("teacher_id", "rank", "required", "done", "missing")
    assert {tuple(row[name] for name in names) for row in page.items} == {
        (city.teacher["id"], "first_grade", 2, 1, 1),
        (city.colleague["id"], "first_grade", 2, 0, 2),
    }
    own = await list_mentoring_obligations(db, city.teacher_account.actor, page=ALL)
    assert [row["teacher_id"] for row in own.items] == [city.teacher["id"]]
    done = await list_mentoring_obligations(db, city.school_admin.actor, page=ALL, lacking=False)
    assert done.items == []
    await make_mentoring_policy(db, city.city, city.city_admin, ranks=[])
    assert (await list_mentoring_obligations(db, city.school_admin.actor, page=ALL)).items == []


async def test_a_rank_is_asked_for_topics_and_lectures(db: Connection, city: City) -> None:
    """带教教师、课题研究、专场讲座 (S2 two 1 (1)): each counted by itself, within the cycle."""
    asked = {"rank": "first_grade", "least": 0, "most": None, "topics": 1, "lectures": 2}
    await make_mentoring_policy(db, city.city, city.city_admin, ranks=[asked])
    names = ("topics_required", "topics_done", "lectures_required", "lectures_done")

    async def found(**filters: Any) -> dict[Any, tuple[int, ...]]:
        page = await list_mentoring_obligations(db, city.school_admin.actor, page=ALL, **filters)
        return {row["teacher_id"]: tuple(row[name] for name in names) for row in page.items}

    both = {city.teacher["id"]: (1, 0, 2, 0), city.colleague["id"]: (1, 0, 2, 0)}
    assert await found() == await found(lacking=True) == both
    topic = await make_studied(db, city.teacher_account, city.school_admin, "concluded")
    await make_topic(db, city.colleague_account)
    held: Any = {"state": ActivityState.CLOSED, "kind": ActivityKind.LECTURE}
    other = held | {"kind": ActivityKind.LESSON_OBSERVATION}
    given = [
        await make_activity(db, city.school, city.school_admin, **each)
        for each in (held, held, other, {"kind": held["kind"]})
    ]
    for each in given:
        await make_staff(db, each, city.teacher)
        await make_staff(db, each, city.colleague, role="host")
    # Named twice, for a session too, it is one lecture.
    session_id = given[0]["sessions"][0]["id"]
    await make_staff(db, given[0], city.teacher, session_id=session_id)
    assert await found() == both | {city.teacher["id"]: (1, 1, 2, 2)}
    assert set(await found(lacking=True)) == {city.colleague["id"]}
    assert set(await found(lacking=False)) == {city.teacher["id"]}
    await db.change(Topic, topic["id"], {"concluded_on": date(2000, 1, 1)})
    assert (await found())[city.teacher["id"]] == (1, 0, 2, 2), "before the cycle"


async def test_what_a_concluded_term_was_for_both(db: Connection, city: City) -> None:
    over = await make_mentorship(
        db, city.county, city.county_admin, city.colleague, city.teacher, city.sibling_teacher,
        **CONCLUDED,
    )  # fmt: skip
    confirmed: Any = {"confirmed_at": NOW, "confirmed_by": city.colleague_account.actor.account_id}
    for mentor, hours in ((0, "2.00"), (0, "1.50"), (1, "4.00")):
        await make_mentoring_record(
            db, over, city.teacher_account, hours=hours, mentor_id=over["mentors"][mentor]["id"],
            **confirmed,
        )  # fmt: skip
    await make_mentoring_record(db, over, city.teacher_account, hours="8.00")
    await make_mentorship(db, city.county, city.county_admin, city.teacher, city.colleague)
    shared = {"mentorship_id": over["id"], "concluded_on": TODAY, "level": "county"}
    for teacher, role, hours, counterparts in (
        (city.teacher, "lead", "3.50", 1),
        (city.sibling_teacher, "member", "4.00", 1),
        (city.colleague, "apprentice", "7.50", 2),
    ):
        rows = await list_concluded_mentorships(
            db, city.county_admin.actor, teacher_id=teacher["id"]
        )
        assert rows == [
            shared | {
                "teacher_id": teacher["id"], "role": role, "hours": Decimal(hours),
                "counterparts": counterparts,
            }
        ]  # fmt: skip
    with pytest.raises(TeacherNotFound):
        await list_concluded_mentorships(
            db, city.sibling_admin.actor, teacher_id=city.teacher["id"]
        )
