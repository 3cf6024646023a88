"""Of two members of a topic who are one person one is left."""

from decimal import Decimal

import asyncpg

from app.domain.learning.topics import TopicMember
from app.request import Resources
from app.sql import Connection, new_id
from tests.make import City
from tests.make_programmes import make_twins, merge_twins
from tests.make_topics import make_topic


async def test_of_two_members_who_are_one_person_one_is_left_with_both_shares(
    driver: asyncpg.Connection, db: Connection, city: City, resources: Resources
) -> None:
    one, other = await make_twins(db, city, resources)
    led = {"unit_id": city.city["id"], "leader_id": other["id"], "level": "city"}
    topic = await make_topic(db, city.city_admin, **led)
    await driver.execute("UPDATE topic_member SET share = 60 WHERE topic_id = $1", topic["id"])
    member = {"topic_id": topic["id"], "teacher_id": one["id"], "duty": "core"}
    await db.insert(TopicMember, {"id": new_id(), **member, "share": Decimal(40)})
    await merge_twins(db, resources, city.city_admin, one, other)
    rows = await driver.fetch(
        "SELECT teacher_id, duty, share FROM topic_member WHERE topic_id = $1", topic["id"]
    )
    assert [tuple(row) for row in rows] == [(one["id"], "leader", Decimal("100.00"))]
    leader = await driver.fetchval("SELECT leader_id FROM topic WHERE id = $1", topic["id"])
    assert leader == one["id"]
