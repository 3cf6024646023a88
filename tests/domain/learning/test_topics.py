from typing import Any
from uuid import uuid4

import pytest
from pydantic import ValidationError

from app.domain.access.roles import Role
from app.domain.errors import DomainError, NotAllowed
from app.domain.learning.topics import (
    NewTopic,
    TopicChanges,
    TopicLevelOfBureau,
    TopicNotFound,
    TopicOutOfOrder,
    TopicStateWrong,
    get_topic,
    list_topics,
    topics_by_id,
    topics_of,
    update_topic,
)
from app.domain.paging import PageRequest
from app.domain.people.teachers import TeacherNotFound
from app.domain.training.problems import ProblemNotFound
from app.sql import Connection, Row
from tests.make import City, Person, make_account, make_group
from tests.make_needs import make_problem
from tests.make_topics import TOPIC, file_step, make_topic

PAGE = PageRequest(limit=100)


async def refused(db: Connection, refusal: type[DomainError], awaitable: Any) -> None:
    with pytest.raises(refusal):
        async with db.transaction():
            await awaitable


async def seen_by(db: Connection, person: Person, **filters: Any) -> set[Any]:
    page = await list_topics(db, person.actor, page=PAGE, **filters)
    return {row["id"] for row in page.items}


async def change(db: Connection, person: Person, topic: Row, **given: Any) -> Row:
    changes = TopicChanges.model_validate(given)
    return await update_topic(db, person.actor, topic_id=topic["id"], changes=changes)


async def test_a_teacher_a_group_and_a_school_begin_topics(db: Connection, city: City) -> None:
    group = await make_group(db, city.school, city.teacher, city.colleague)
    place = {name: city.school[name] for name in ("city_id", "county_id", "school_id")}
    leader = await make_account(db, "leader", Role.GROUP_LEADER, {**place, "id": group["id"]})
    own = await make_topic(db, city.teacher_account)
    assert (own["leader_id"], own["leader_name"], own["members"]) == (
        city.teacher["id"], city.teacher["name"], 1,
    )  # fmt: skip
    assert (own["state"], own["unit_id"]) == ("draft", city.school["id"])
    of_group = await make_topic(db, leader, group_id=group["id"], leader_id=city.colleague["id"])
    of_school = await make_topic(
        db, city.school_admin, unit_id=city.school["id"], leader_id=city.colleague["id"]
    )
    everything = {own["id"], of_group["id"], of_school["id"]}
    for person, seen in (
        (city.teacher_account, {own["id"]}),
        (city.colleague_account, {of_group["id"], of_school["id"]}),
        (leader, {of_group["id"]}), (city.school_admin, everything),
        (city.county_admin, everything), (city.sibling_admin, set()),
        (city.auditor, everything),
    ):  # fmt: skip
        assert await seen_by(db, person) == seen
    found = await topics_by_id(
        db, city.teacher_account.actor, topic_ids=[own["id"], of_school["id"]]
    )
    assert found == {own["id"]: own, of_school["id"]: None}
    before = db.statements
    of_units = await topics_of(
        db, city.county_admin.actor, unit_ids=[city.school["id"], city.sibling["id"]], page=PAGE
    )
    assert db.statements - before == 1
    assert {row["id"] for row in of_units[city.school["id"]].items} == everything
    assert not of_units[city.sibling["id"]].items


async def test_a_topic_takes_up_problems(db: Connection, city: City) -> None:
    first = await make_problem(db, city.school, city.school_admin)
    second = await make_problem(db, city.school, city.school_admin)
    far = await make_problem(db, city.far_school, city.city_admin)
    named = {"unit_id": city.school["id"], "leader_id": city.teacher["id"]}
    topic = await make_topic(db, city.school_admin, **named, problem_ids=[first["id"]])
    assert topic["problem_ids"] == [first["id"]]
    changed = await change(db, city.school_admin, topic, problem_ids=[second["id"], first["id"]])
    assert changed["problem_ids"] == sorted([first["id"], second["id"]])
    assert await seen_by(db, city.school_admin, problem_id=second["id"]) == {topic["id"]}
    await refused(
        db, ProblemNotFound, change(db, city.school_admin, topic, problem_ids=[far["id"]])
    )
    assert await get_topic(db, city.school_admin.actor, topic_id=topic["id"]) == changed


async def test_what_is_said_of_a_draft_is_changed_by_who_leads_it(
    db: Connection, city: City
) -> None:
    topic = await make_topic(db, city.teacher_account)
    changed = await change(db, city.teacher_account, topic, title="改名", subject=None)
    assert (changed["title"], changed["subject"]) == ("改名", None)
    for person, refusal in (
        (city.colleague_account, TopicNotFound), (city.sibling_admin, TopicNotFound),
        (city.auditor, NotAllowed),
    ):  # fmt: skip
        await refused(db, refusal, change(db, person, topic, title="不行"))
    await refused(db, TopicOutOfOrder, change(db, city.teacher_account, topic, due_on="2026-09-01"))
    await file_step(db, city.teacher_account, topic)
    await refused(db, TopicStateWrong, change(db, city.teacher_account, topic, title="迟了"))
    now = await get_topic(db, city.teacher_account.actor, topic_id=topic["id"])
    assert (now["title"], now["state"]) == ("改名", "submitted")


async def test_what_no_topic_can_be(db: Connection, city: City) -> None:
    county = {"unit_id": city.county["id"], "leader_id": city.teacher["id"]}
    for person, given, refusal in (
        (city.county_admin, county, TopicLevelOfBureau),
        (city.teacher_account, {"due_on": "2026-08-31"}, TopicOutOfOrder),
        (city.auditor, {}, NotAllowed),
        (city.auditor, county | {"level": "county"}, NotAllowed),
        (
            city.school_admin,
            {"unit_id": city.school["id"], "leader_id": city.far_teacher["id"]},
            TeacherNotFound,
        ),
        (city.teacher_account, {"problem_ids": [uuid4()]}, ProblemNotFound),
    ):
        await refused(db, refusal, make_topic(db, person, **given))
    assert await seen_by(db, city.city_admin) == set()
    of_county = await make_topic(db, city.county_admin, **county, level="county")
    assert (of_county["school_id"], of_county["unit_id"]) == (None, city.county["id"])
    await refused(db, TopicLevelOfBureau, change(db, city.county_admin, of_county, level="school"))


@pytest.mark.parametrize(
    "given",
    [
        {"unit_id": uuid4()},
        {"leader_id": uuid4()},
        {"unit_id": uuid4(), "group_id": uuid4(), "leader_id": uuid4()},
    ],
)
def test_who_carries_a_topic_and_who_leads_it_go_together(given: Row) -> None:
    with pytest.raises(ValidationError):
        NewTopic.model_validate(TOPIC | given)


def test_what_is_needed_is_not_emptied() -> None:
    with pytest.raises(ValidationError):
        TopicChanges.model_validate({"title": None})
