from typing import Any

import pytest
from pydantic import ValidationError

from app.domain.errors import DomainError, NotAllowed
from app.domain.learning.resource_links import (
    NewResourceLink,
    ResourceLinkExists,
    ResourceLinkNotFound,
    link_resource,
    list_resource_links,
    resource_links_of,
    unlink_resource,
)
from app.domain.learning.resources import ResourceNotFound, retire_resource
from app.domain.paging import PageRequest
from app.sql import Connection, Row
from tests.make import NOW, City, Person, make_activity
from tests.make_courses import make_school_course
from tests.make_resources import make_resource, share

PAGE = PageRequest(limit=100)


async def refused(db: Connection, refusal: type[DomainError], awaitable: Any) -> None:
    with pytest.raises(refusal):
        async with db.transaction():
            await awaitable


async def link(db: Connection, person: Person, resource: Row, **what: Any) -> Row:
    new = NewResourceLink.model_validate(what)
    return await link_resource(db, person.actor, resource_id=resource["id"], new=new, now=NOW)


async def test_an_activity_and_a_course_use_a_resource(db: Connection, city: City) -> None:
    resource = await make_resource(db, city.teacher_account)
    activity = await make_activity(db, city.school, city.school_admin)
    course = await make_school_course(db, city)
    linked = await link(db, city.school_admin, resource, activity_id=activity["id"])
    await link(db, city.school_admin, resource, course_id=course["id"])
    assert linked["title"] == resource["title"]
    for person, refusal in (
        (city.school_admin, ResourceLinkExists), (city.sibling_admin, ResourceNotFound),
        (city.auditor, NotAllowed), (city.colleague_account, NotAllowed),
    ):  # fmt: skip
        again = link(db, person, resource, activity_id=activity["id"])
        await refused(db, refusal, again)
    kept = await list_resource_links(db, city.school_admin.actor, page=PAGE)
    assert len(kept.items) == 2
    shared = await list_resource_links(
        db, city.colleague_account.actor, page=PAGE, activity_id=activity["id"], shared=True
    )
    assert shared.items == [linked]
    of_many = await resource_links_of(
        db, city.school_admin.actor, resource_ids=[resource["id"]], page=PAGE
    )
    assert len(of_many[resource["id"]].items) == 2
    actor = city.school_admin.actor
    assert await unlink_resource(db, actor, link_id=linked["id"]) == linked
    await refused(db, ResourceLinkNotFound, unlink_resource(db, actor, link_id=linked["id"]))


def test_a_link_is_of_one_thing() -> None:
    one = "01890000-0000-7000-8000-000000000001"
    for wrong in ({}, {"activity_id": one, "course_id": one}):
        with pytest.raises(ValidationError):
            NewResourceLink.model_validate(wrong)


async def test_what_was_retired_is_taken_away_from_where_it_was_used(
    db: Connection, city: City
) -> None:
    resource = await make_resource(db, city.teacher_account)
    await share(db, city.county_admin, resource, "county")
    activity = await make_activity(db, city.sibling, city.sibling_admin)
    linked = await link(db, city.sibling_admin, resource, activity_id=activity["id"])
    await retire_resource(db, city.teacher_account.actor, resource_id=resource["id"], now=NOW)
    await refused(
        db, ResourceLinkNotFound,
        unlink_resource(db, city.other_county_admin.actor, link_id=linked["id"]),
    )  # fmt: skip
    await unlink_resource(db, city.sibling_admin.actor, link_id=linked["id"])
    page = await list_resource_links(db, city.school_admin.actor, page=PAGE)
    assert page.items == []
