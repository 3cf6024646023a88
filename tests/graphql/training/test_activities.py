from typing import Any

from app.domain.training.activities import ActivityState
from app.sql import Connection
from tests.make import City, Client, make_activity, make_group


def new_activity(city: City, **changed: Any) -> dict[str, Any]:
    return {
        "title": "同课异构研讨",
        "kind": "LESSON_OBSERVATION",
        "mode": "CONCENTRATED",
        "channel": "SCHOOL_BASED",
        "content": ["TEACHING_METHODS"],
        "hours": "2.00",
        "startsOn": "2026-11-20",
        "endsOn": "2026-11-20",
        "organiserUnitId": str(city.school["id"]),
        **changed,
    }


async def test_an_activity_is_drafted_with_its_sessions(client: Client, city: City) -> None:
    drafted = await client.graphql(
        city.school_admin,
        "mutation ($new: NewActivity!) { createActivity(new: $new)"
        " { id state level hours content audience sessions { id } organiser { name } } }",
        {"new": new_activity(city)},
    )
    assert "errors" not in drafted, drafted
    activity = drafted["data"]["createActivity"]
    assert activity == {
        "id": activity["id"],
        "state": "DRAFT",
        "level": "SCHOOL",
        "hours": "2.00",
        "content": ["TEACHING_METHODS"],
        "audience": [],
        "sessions": [],
        "organiser": {"name": "甲县第一小学"},
    }
    session = {
        "startsAt": "2026-11-20T09:00:00+08:00",
        "endsAt": "2026-11-20T11:00:00+08:00",
        "hours": "2.00",
    }
    added = await client.graphql(
        city.school_admin,
        "mutation ($id: UUID!, $new: NewSession!)"
        " { addSession(activityId: $id, new: $new) { ordinal activity { title } } }",
        {"id": activity["id"], "new": session},
    )
    assert added["data"]["addSession"] == {"ordinal": 1, "activity": {"title": "同课异构研讨"}}


async def test_an_activity_from_draft_to_close(client: Client, db: Connection, city: City) -> None:
    draft = await make_activity(
        db, city.school, city.school_admin, state=ActivityState.DRAFT, title="同课异构研讨"
    )
    key = {"id": str(draft["id"])}
    for verb, state in (("publish", "PUBLISHED"), ("hold", "HELD"), ("close", "CLOSED")):
        name = f"{verb}Activity"
        moved = await client.graphql(
            city.school_admin,
            f"mutation ($id: UUID!) {{ {name}(activityId: $id) {{ state audience }} }}",
            key,
        )
        assert moved["data"][name] == {"state": state, "audience": [str(city.school["id"])]}
    offered = await client.graphql(
        city.teacher_account,
        "{ offeredActivities(state: CLOSED) { nodes { title sessions { ordinal } } } }",
    )
    assert offered["data"]["offeredActivities"]["nodes"] == [
        {"title": "同课异构研讨", "sessions": [{"ordinal": 1}]}
    ]
    cancelled = await client.graphql(
        city.school_admin, "mutation ($id: UUID!) { cancelActivity(activityId: $id) { id } }", key
    )
    error = cancelled["errors"][0]
    assert error["extensions"]["code"] == "activity_illegal_transition"


async def test_a_draft_is_changed_where_it_is_told(
    client: Client, db: Connection, city: City
) -> None:
    draft = await make_activity(
        db, city.school, city.school_admin, state=ActivityState.DRAFT, capacity=9
    )
    query = (
        "mutation ($id: UUID!, $changes: ActivityChanges!)"
        " { updateActivity(activityId: $id, changes: $changes) { title capacity content } }"
    )
    key = {"id": str(draft["id"])}
    changed = await client.graphql(
        city.school_admin, query, key | {"changes": {"title": "改名", "content": ["ETHICS"]}}
    )
    assert changed["data"]["updateActivity"] == {
        "title": "改名", "capacity": 9, "content": ["ETHICS"],
    }  # fmt: skip
    emptied = await client.graphql(city.school_admin, query, key | {"changes": {"capacity": None}})
    assert emptied["data"]["updateActivity"]["capacity"] is None
    refused = await client.graphql(city.school_admin, query, key | {"changes": {"title": None}})
    assert refused["errors"][0]["extensions"]["code"] == "invalid_request"


async def test_sessions_are_read_and_removed(client: Client, db: Connection, city: City) -> None:
    draft = await make_activity(
        db, city.school, city.school_admin, state=ActivityState.DRAFT, sessions=2
    )
    first = {"id": str(draft["sessions"][0]["id"])}
    one = await client.graphql(
        city.school_admin, "query ($id: UUID!) { session(id: $id) { ordinal } }", first
    )
    assert one["data"]["session"] == {"ordinal": 1}
    removed = await client.graphql(
        city.school_admin,
        "mutation ($id: UUID!) { removeSession(sessionId: $id) { ordinal } }",
        first,
    )
    assert removed["data"]["removeSession"] == {"ordinal": 1}
    listed = await client.graphql(
        city.school_admin,
        "query ($id: UUID!) { sessions(activityId: $id) { ordinal } }",
        {"id": str(draft["id"])},
    )
    assert listed["data"]["sessions"] == [{"ordinal": 2}]


async def test_who_organises_is_shown_as_far_as_it_may_be_seen(
    client: Client, db: Connection, city: City
) -> None:
    group = await make_group(db, city.school, city.teacher)
    activity = await make_activity(
        db, city.school, city.school_admin, city.school, group=group, title="公开课"
    )
    query = (
        "query ($id: UUID!) { activity(id: $id)"
        " { title organiser { name } organiserGroup { name } } }"
    )
    for person, shown in (
        (city.teacher_account, {"name": "语文教研组"}),
        (city.colleague_account, None),
    ):
        answer = await client.graphql(person, query, {"id": str(activity["id"])})
        assert answer["data"]["activity"] == {
            "title": "公开课", "organiser": {"name": "甲县第一小学"}, "organiserGroup": shown,
        }  # fmt: skip
    listed = await client.graphql(city.city_admin, "{ activities { nodes { title } } }")
    assert listed["data"]["activities"]["nodes"] == [{"title": "公开课"}]
