from datetime import date
from typing import Any

import pytest

from app.domain.errors import DomainError, NotAllowed
from app.domain.learning.research_totals import (
    NewTopicTarget,
    PeriodOutOfOrder,
    list_research_totals,
    list_topic_targets,
    set_topic_target,
)
from app.domain.learning.topic_members import TopicTeam, set_topic_members
from app.domain.organisation.units import UnitNotFound
from app.sql import Connection, Row
from tests.make import NOW, City, Person
from tests.make_topics import confirm_output, make_output, make_studied, make_topic

YEAR = {"since": date(2026, 1, 1), "until": date(2027, 1, 1)}


async def refused(db: Connection, refusal: type[DomainError], awaitable: Any) -> None:
    with pytest.raises(refusal):
        async with db.transaction():
            await awaitable


async def totals(db: Connection, person: Person, unit: Row, **period: date) -> list[Row]:
    return await list_research_totals(db, person.actor, unit_id=unit["id"], **(period or YEAR))


async def target(db: Connection, person: Person, unit: Row, **given: Any) -> list[Row]:
    new = NewTopicTarget.model_validate({"year": 2026, "level": "school", "topics": 4} | given)
    return await set_topic_target(db, person.actor, unit_id=unit["id"], new=new, now=NOW)


async def join(db: Connection, city: City, topic: Row) -> None:
    """A teacher of another school takes part in a topic."""
    members = [
        {"teacher_id": city.teacher["id"], "duty": "leader", "share": 50},
        {"teacher_id": city.sibling_teacher["id"], "duty": "core", "share": 50},
    ]
    team = TopicTeam.model_validate({"members": members})
    await set_topic_members(db, city.county_admin.actor, topic_id=topic["id"], team=team)


async def test_each_school_is_counted_and_each_person_once(db: Connection, city: City) -> None:
    for _ in range(2):
        topic = await make_studied(
            db, city.county_admin, city.city_admin, unit_id=city.school["id"],
            leader_id=city.teacher["id"],
        )  # fmt: skip
        await join(db, city, topic)
    await make_topic(db, city.teacher_account)  # a draft is nothing yet
    await make_studied(
        db, city.county_admin, city.city_admin, "concluded", level="county",
        unit_id=city.sibling["id"], leader_id=city.sibling_teacher["id"],
    )  # fmt: skip
    paper = await make_output(db, city.teacher_account, city.teacher)
    await confirm_output(db, city.school_admin, paper)
    await make_output(db, city.teacher_account, city.teacher, title="未核实的一篇")
    show = await make_output(
        db, city.school_admin, city.teacher, city.colleague, kind="case", title="案例",
        unit_id=str(city.school["id"]),
    )  # fmt: skip
    await confirm_output(db, city.county_admin, show)
    before = db.statements
    rows = await totals(db, city.county_admin, city.county)
    assert db.statements - before == 2
    named = {row["name"]: row for row in rows}
    assert rows[0]["name"] is None
    assert len(rows) == 4
    one, other, all_ = named["甲县第一小学"], named["甲县第二小学"], named[None]
    assert (one["school_topics"], one["county_topics"], one["participants"]) == (2, 0, 2)
    assert (other["county_topics"], other["concluded"], other["participants"]) == (1, 1, 1)
    assert (one["papers"], one["other_outputs"], one["authors"]) == (1, 1, 2)
    assert (all_["school_topics"], all_["county_topics"], all_["participants"]) == (2, 1, 2)
    assert (all_["unit_id"], all_["authors"], named["甲县"]["authors"]) == (None, 2, 0)
    past = await totals(
        db, city.school_admin, city.school, since=date(2025, 1, 1), until=date(2026, 1, 1)
    )
    assert [(row["school_topics"], row["papers"]) for row in past] == [(0, 0), (0, 0)]


async def test_who_is_told_and_for_which_period(db: Connection, city: City) -> None:
    await refused(db, UnitNotFound, totals(db, city.sibling_admin, city.school))
    backwards = totals(
        db, city.school_admin, city.school, since=date(2026, 1, 1), until=date(2026, 1, 1)
    )
    await refused(db, PeriodOutOfOrder, backwards)


async def test_what_a_unit_sets_out_to_have_and_has(db: Connection, city: City) -> None:
    await target(db, city.school_admin, city.school)
    await make_studied(db, city.teacher_account, city.school_admin)
    rows = await target(db, city.school_admin, city.school, level="city", topics=3)
    assert [(row["level"], row["topics"], row["approved"]) for row in rows] == [
        ("city", 3, 0), ("school", 4, 1),
    ]  # fmt: skip
    # A bureau's own goal is reached by its schools.
    rows = await target(db, city.county_admin, city.county)
    assert [(row["topics"], row["approved"]) for row in rows] == [(4, 1)]
    rows = await target(db, city.school_admin, city.school, topics=5)
    assert [row["topics"] for row in rows] == [3, 5]
    await refused(db, UnitNotFound, target(db, city.sibling_admin, city.school))
    await refused(db, NotAllowed, target(db, city.auditor, city.school))
    assert await list_topic_targets(db, city.auditor.actor, unit_id=city.school["id"]) == rows
