from typing import Any

import pytest

from app.domain.errors import DomainError, NotAllowed
from app.domain.learning.topic_activities import (
    NewTopicActivity,
    TopicActivityExists,
    TopicActivityNotFound,
    add_topic_activity,
    list_topic_activities,
    remove_topic_activity,
    topic_activities_of,
)
from app.domain.learning.topics import TopicStateWrong
from app.domain.paging import PageRequest
from app.domain.training.activities import ActivityNotFound
from app.sql import Connection, Row
from tests.make import NOW, City, Person, make_activity
from tests.make_topics import make_studied, make_topic

PAGE = PageRequest(limit=100)


async def refused(db: Connection, refusal: type[DomainError], awaitable: Any) -> None:
    with pytest.raises(refusal):
        async with db.transaction():
            await awaitable


async def add(db: Connection, person: Person, topic: Row, activity: Row) -> Row:
    new = NewTopicActivity(activity_id=activity["id"])
    return await add_topic_activity(db, person.actor, topic_id=topic["id"], new=new, now=NOW)


async def test_activities_belong_to_a_topic_that_is_studied(db: Connection, city: City) -> None:
    activity = await make_activity(db, city.school, city.school_admin)
    far = await make_activity(db, city.far_school, city.city_admin)
    draft = await make_topic(db, city.teacher_account)
    await refused(db, TopicStateWrong, add(db, city.school_admin, draft, activity))
    topic = await make_studied(db, city.teacher_account, city.school_admin)
    added = await add(db, city.school_admin, topic, activity)
    assert (added["activity_id"], added["title"]) == (activity["id"], activity["title"])
    for person, one, refusal in (
        (city.school_admin, activity, TopicActivityExists),
        (city.school_admin, far, ActivityNotFound),
        (city.auditor, activity, NotAllowed),
    ):
        await refused(db, refusal, add(db, person, topic, one))
    listed = await list_topic_activities(
        db, city.teacher_account.actor, topic_id=topic["id"], page=PAGE
    )
    assert listed.items == [added]
    before = db.statements
    found = await topic_activities_of(
        db, city.county_admin.actor, topic_ids=[topic["id"], draft["id"]], page=PAGE
    )
    assert db.statements - before == 1
    assert [len(page.items) for page in found.values()] == [1, 0]
    removed = await remove_topic_activity(
        db, city.school_admin.actor, topic_id=topic["id"], activity_id=activity["id"]
    )
    assert removed == added
    again = remove_topic_activity(
        db, city.school_admin.actor, topic_id=topic["id"], activity_id=activity["id"]
    )
    await refused(db, TopicActivityNotFound, again)
