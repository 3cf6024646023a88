"""Goals: a teacher's own, reported by the teacher, answered by the school."""

from datetime import timedelta
from typing import Any

import pytest

from app.domain.errors import DomainError, NotAllowed
from app.domain.paging import PageRequest
from app.domain.people.goals import (
    GoalAppraisal,
    GoalClosed,
    GoalDuePast,
    GoalNotFound,
    GoalNotReported,
    GoalReport,
    GoalResult,
    NewGoal,
    appraise_goal,
    get_goal,
    list_goals,
    report_goal,
    set_goal,
)
from app.request import Resources
from app.sql import Connection, Row
from tests.make import NOW, TODAY, City, Person
from tests.make_people import accept, by_key, complete, propose

ALL = PageRequest(limit=100)
DONE = GoalReport(result=GoalResult.PARTLY, remark="展示课已上，论文未成")
SEEN = GoalAppraisal(opinion="展示课效果好，论文继续")


async def set_own(db: Connection, who: Person, **more: Any) -> Row:
    given = {"title": "上好展示课", "measure": "校级以上展示课一节", "due_on": TODAY} | more
    return await set_goal(db, who.actor, new=NewGoal.model_validate(given), now=NOW)


async def report(db: Connection, who: Person, goal: Row) -> Row:
    return await report_goal(db, who.actor, goal_id=goal["id"], report=DONE, now=NOW)


async def appraise(db: Connection, who: Person, goal: Row) -> Row:
    return await appraise_goal(db, who.actor, goal_id=goal["id"], appraisal=SEEN, now=NOW)


async def test_a_goal_is_set_reported_and_answered(db: Connection, city: City) -> None:
    goal = await set_own(db, city.teacher_account)
    assert (goal["name"], goal["school_id"], goal["result"]) == (
        "测试甲", city.school["id"], None,
    )  # fmt: skip
    reported = await report(db, city.teacher_account, goal)
    assert (reported["result"], reported["reported_at"]) == ("partly", NOW)
    closed = await appraise(db, city.school_admin, goal)
    assert (closed["opinion"], closed["appraised_at"]) == (SEEN.opinion, NOW)
    for again in (report(db, city.teacher_account, goal), appraise(db, city.school_admin, goal)):
        with pytest.raises(GoalClosed):
            await again
    assert await get_goal(db, city.school_admin.actor, goal_id=goal["id"]) == closed


async def test_the_first_due_comes_first_and_each_sees_the_own(db: Connection, city: City) -> None:
    later = await set_own(db, city.teacher_account, due_on=TODAY + timedelta(days=9))
    sooner = await set_own(db, city.colleague_account)
    await report(db, city.colleague_account, sooner)

    async def seen(who: Person, **filters: Any) -> list[Any]:
        page = await list_goals(db, who.actor, page=ALL, **filters)
        return [row["id"] for row in page.items]

    assert await seen(city.school_admin) == [sooner["id"], later["id"]]
    assert await seen(city.school_admin, reported=False) == [later["id"]]
    assert await seen(city.teacher_account) == [later["id"]]
    assert await seen(city.sibling_admin) == []
    with pytest.raises(GoalNotFound):
        await get_goal(db, city.colleague_account.actor, goal_id=later["id"])


@pytest.mark.parametrize(
    ("who", "what", "refusal"),
    [
        ("school_admin", "set", NotAllowed),
        ("teacher_account", "due before", GoalDuePast),
        ("school_admin", "appraise", GoalNotReported),
        ("school_admin", "report", NotAllowed),
        ("teacher_account", "appraise", NotAllowed),
        ("sibling_admin", "appraise", GoalNotFound),
    ],
)
async def test_what_is_refused_changes_nothing(
    db: Connection, city: City, who: str, what: str, refusal: type[DomainError]
) -> None:
    goal, person = await set_own(db, city.teacher_account), getattr(city, who)
    tries = {
        "set": lambda: set_own(db, person),
        "due before": lambda: set_own(db, person, due_on=TODAY - timedelta(days=1)),
        "appraise": lambda: appraise(db, person, goal),
        "report": lambda: report(db, person, goal),
    }
    with pytest.raises(refusal):
        await tries[what]()
    assert (await list_goals(db, city.city_admin.actor, page=ALL)).items == [goal]


async def test_goals_go_along_with_a_transfer(
    db: Connection, city: City, resources: Resources
) -> None:
    goal = await set_own(db, city.teacher_account)
    new = by_key(city.teacher, city.far_school)
    transfer = await propose(db, resources, city.school_admin, new)
    await complete(db, city.city_admin, await accept(db, city.city_admin, transfer))
    row = await get_goal(db, city.other_county_admin.actor, goal_id=goal["id"])
    assert row["school_id"] == city.far_school["id"]
