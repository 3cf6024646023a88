from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from app.domain.errors import DomainError, NotAllowed
from app.domain.learning.topic_members import (
    TopicSharesUnbalanced,
    TopicTeam,
    list_topic_members,
    merits_of_topic,
    set_topic_members,
    topic_members_of,
)
from app.domain.learning.topics import TopicNotFound, TopicStateWrong, get_topic
from app.domain.paging import PageRequest
from app.domain.people.teachers import TeacherNotFound
from app.sql import Connection, Row
from tests.make import TODAY, City, Person, make_group
from tests.make_topics import make_studied, make_topic

PAGE = PageRequest(limit=100)


def member(teacher: Row, duty: str, share: str, **more: Any) -> Row:
    return {"teacher_id": str(teacher["id"]), "duty": duty, "share": share, **more}


async def write(db: Connection, person: Person, topic: Row, *members: Row, **more: Any) -> Row:
    team = TopicTeam.model_validate({"members": list(members), **more})
    return await set_topic_members(db, person.actor, topic_id=topic["id"], team=team)


async def read(db: Connection, person: Person, topic: Row) -> list[tuple[Any, ...]]:
    page = await list_topic_members(db, person.actor, topic_id=topic["id"], page=PAGE)
    return [(row["name"], row["duty"], str(row["share"])) for row in page.items]


async def refused(db: Connection, refusal: type[DomainError], awaitable: Any) -> None:
    with pytest.raises(refusal):
        async with db.transaction():
            await awaitable


async def test_members_have_shares_that_make_up_the_whole(db: Connection, city: City) -> None:
    topic = await make_topic(
        db, city.school_admin, unit_id=city.school["id"], leader_id=city.teacher["id"]
    )
    both = (member(city.teacher, "leader", "60"), member(city.colleague, "core", "30"))
    await refused(db, TopicSharesUnbalanced, write(db, city.school_admin, topic, *both))
    assert await read(db, city.school_admin, topic) == [("测试甲", "leader", "100.00")]
    written = await write(
        db, city.school_admin, topic, *both, shares_explained="另有一成属校外专家"
    )
    assert (written["members"], written["shares_explained"]) == (2, "另有一成属校外专家")
    seen = [("测试甲", "leader", "60.00"), ("测试乙", "core", "30.00")]
    for person in (city.school_admin, city.teacher_account, city.colleague_account):
        assert await read(db, person, topic) == seen
    await refused(db, TopicNotFound, read(db, city.sibling_teacher_account, topic))
    before = db.statements
    found = await topic_members_of(db, city.county_admin.actor, topic_ids=[topic["id"]], page=PAGE)
    assert db.statements - before == 1
    assert len(found[topic["id"]].items) == 2


async def test_another_takes_over_the_lead(db: Connection, city: City) -> None:
    topic = await make_topic(
        db, city.school_admin, unit_id=city.school["id"], leader_id=city.teacher["id"]
    )
    members = (member(city.colleague, "leader", "50"), member(city.teacher, "member", "50"))
    written = await write(db, city.school_admin, topic, *members)
    assert (written["leader_id"], written["leader_name"]) == (city.colleague["id"], "测试乙")


async def test_a_leader_names_whom_a_group_of_both_makes_known(db: Connection, city: City) -> None:
    topic = await make_topic(db, city.teacher_account)
    joint = (member(city.teacher, "leader", "50"), member(city.sibling_teacher, "core", "50"))
    await refused(db, TeacherNotFound, write(db, city.teacher_account, topic, *joint))
    await make_group(db, city.county, city.teacher, city.sibling_teacher)
    written = await write(db, city.teacher_account, topic, *joint)
    assert written["members"] == 2
    assert await read(db, city.sibling_teacher_account, topic)
    # Whoever takes part reads it, and does not write on it.
    await refused(db, NotAllowed, write(db, city.sibling_teacher_account, topic, *joint))


async def test_while_it_is_studied_the_unit_decides_who_takes_part(
    db: Connection, city: City
) -> None:
    topic = await make_studied(db, city.teacher_account, city.school_admin)
    both = (member(city.teacher, "leader", "50"), member(city.colleague, "core", "50"))
    await refused(db, NotAllowed, write(db, city.teacher_account, topic, *both))
    assert (await write(db, city.school_admin, topic, *both))["members"] == 2
    over = await make_studied(db, city.teacher_account, city.school_admin, "concluded")
    await refused(db, TopicStateWrong, write(db, city.school_admin, over, *both))
    assert (await get_topic(db, city.school_admin.actor, topic_id=over["id"]))["members"] == 1


async def test_what_a_concluded_topic_says_of_each(db: Connection, city: City) -> None:
    running = await make_studied(db, city.teacher_account, city.school_admin)
    over = await make_studied(db, city.teacher_account, city.school_admin, "concluded")
    actor = city.school_admin.actor
    assert await merits_of_topic(db, actor, topic_id=running["id"]) == []
    assert await merits_of_topic(db, actor, topic_id=over["id"]) == [
        {
            "teacher_id": city.teacher["id"], "duty": "leader", "share": Decimal(100),
            "level": "school", "grade": "good", "concluded_on": TODAY,
        }
    ]  # fmt: skip


def test_a_topic_has_one_leader_and_everybody_once() -> None:
    one = {"id": "01890000-0000-7000-8000-000000000001"}
    two = {"id": "01890000-0000-7000-8000-000000000002"}
    for members in (
        [member(one, "core", "100")],
        [member(one, "leader", "50"), member(two, "leader", "50")],
        [member(one, "leader", "50"), member(one, "core", "50")],
    ):
        with pytest.raises(ValidationError):
            TopicTeam.model_validate({"members": members})
