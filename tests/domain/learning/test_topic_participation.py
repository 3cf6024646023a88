from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from app.domain.errors import NotAllowed
from app.domain.learning.research_totals import PeriodOutOfOrder
from app.domain.learning.topic_members import TopicTeam, set_topic_members
from app.domain.learning.topic_participation import list_topic_participation
from app.domain.organisation.units import UnitNotFound
from app.domain.people.careers import record_fact
from app.domain.people.facts.engagement import STATE, NewServiceState, ServiceState
from app.domain.people.teachers import Teacher
from app.sql import Connection, Row
from tests.make import NOW, City, Person
from tests.make_topics import make_studied, make_topic

YEAR = {"since": date(2026, 1, 1), "until": date(2027, 1, 1)}


async def participation(
    db: Connection, person: Person, unit: Row, **period: date
) -> dict[str | None, tuple[Any, ...]]:
    rows = await list_topic_participation(db, person.actor, unit_id=unit["id"], **(period or YEAR))
    assert rows[0]["unit_id"] is None
    return {
        row["name"]: (row["teachers"], row["participants"], row["leaders"], row["share"])
        for row in rows
    }


async def make_topic_of_two(db: Connection, city: City) -> Row:
    """A topic of the school, of whose members one is of another school."""
    topic = await make_studied(
        db, city.county_admin, city.city_admin, unit_id=city.school["id"],
        leader_id=city.teacher["id"],
    )  # fmt: skip
    members = [
        {"teacher_id": city.teacher["id"], "duty": "leader", "share": 50},
        {"teacher_id": city.sibling_teacher["id"], "duty": "core", "share": 50},
    ]
    team = TopicTeam.model_validate({"members": members})
    return await set_topic_members(db, city.county_admin.actor, topic_id=topic["id"], team=team)


async def test_of_all_teachers_those_count_who_take_part_in_any_topic(
    db: Connection, city: City
) -> None:
    for _ in range(2):  # each person once, however many topics
        await make_topic_of_two(db, city)
    await make_topic(db, city.colleague_account)  # a draft
    before = db.statements
    found = await participation(db, city.county_admin, city.county)
    assert db.statements - before == 2
    assert found == {
        None: (3, 2, 1, Decimal("66.67")),
        "甲县第一小学": (2, 1, 1, Decimal("50.00")),
        "甲县第二小学": (1, 1, 0, Decimal("100.00")),
    }
    of_school = await participation(db, city.school_admin, city.school)
    assert of_school == {None: found["甲县第一小学"], "甲县第一小学": found["甲县第一小学"]}
    of_city = await participation(db, city.city_admin, city.city)
    assert of_city["甲县"] == found[None]
    assert of_city[None][1:3] == (2, 1)
    past = {"since": date(2020, 1, 1), "until": date(2021, 1, 1)}
    assert (await participation(db, city.county_admin, city.county, **past))[None] == (
        3, 0, 0, Decimal(0),
    )  # fmt: skip


async def test_who_is_on_the_register_no_longer_is_not_counted(db: Connection, city: City) -> None:
    await make_topic_of_two(db, city)
    retired = NewServiceState(state=ServiceState.RETIRED, valid_from=date(2026, 6, 1))
    about: dict[str, Any] = {"kind": STATE, "teacher_id": city.colleague["id"], "new": retired}
    await record_fact(db, city.city_admin.actor, **about, now=NOW)
    found = await participation(db, city.school_admin, city.school)
    assert found[None] == (1, 1, 1, Decimal("100.00"))
    earlier = {"since": date(2026, 1, 1), "until": date(2026, 6, 1)}
    assert (await participation(db, city.school_admin, city.school, **earlier))[None][0] == 2
    await db.change(Teacher, city.teacher["id"], {"merged_into_id": city.sibling_teacher["id"]})
    assert (await participation(db, city.school_admin, city.school))[None] == (0, 0, 0, None)


async def test_who_may_ask(db: Connection, city: City) -> None:
    await participation(db, city.auditor, city.school)
    with pytest.raises(UnitNotFound):
        await participation(db, city.sibling_admin, city.school)
    with pytest.raises(NotAllowed):
        await participation(db, city.teacher_account, city.school)
    with pytest.raises(PeriodOutOfOrder):
        await participation(
            db, city.school_admin, city.school, since=date(2026, 1, 1), until=date(2026, 1, 1)
        )
