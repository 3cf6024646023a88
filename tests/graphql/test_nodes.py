"""`node(id)` and `nodes(ids)`: anything by its key, behind its own door."""

import importlib
import pkgutil
from typing import Any

import pytest
from graphql import GraphQLInterfaceType
from sqlalchemy import select

import app.domain
from app.domain.access.audit import AuditChange
from app.domain.access.clients import Client as Application
from app.domain.access.doors import Door
from app.domain.credits.what_ifs.what_if import WhatIfPerson
from app.domain.exchange.deliveries import Delivery
from app.domain.exchange.webhooks import Webhook, WebhookMessage
from app.domain.learning.consultations import ConsultationMessage
from app.domain.learning.discussion_posts import PostReport
from app.domain.people.facts.engagement import ServicePlace
from app.domain.people.facts.posts import TeacherPost
from app.domain.quality.demonstrations import DemonstrationExpert
from app.domain.quality.unit_evaluations import Evaluator, Verification
from app.graphql.nodes import DOORS
from app.graphql.schema import schema
from app.sql import Connection, Statement, new_id
from tests.conftest import SharedPool
from tests.domain.credits.making import make_pack, make_recognised
from tests.make import City, Client, Person, make_activity, make_attendance, make_group, make_note

QUERY = """
query ($id: ID!) {
  node(id: $id) {
    __typename id
    ... on Unit { name schools { name } }
    ... on Teacher { name school { name } }
  }
}
"""
MANY = "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id ... on Unit { name } } }"

NO_NODES: dict[type[Any], str] = {
    AuditChange: "A row before and after a change, which is told with the act.",
    Application: "It has the key of its account, which is the node.",
    ConsultationMessage: "A part of a consultation, told in lists.",
    DemonstrationExpert: "What one expert says of an application, told with it to the bureau alone.",
    Delivery: "A message to somebody, told in lists.",
    PostReport: "What those who moderate look through, told in lists.",
    Evaluator: "Somebody appointed for an evaluation, told with it.",
    ServicePlace: "A part of a career, which is told as a whole.",
    TeacherPost: "A part of a career, which is told as a whole.",
    Verification: "A part of an evaluation, told with it to the bureau that evaluates.",
    Webhook: "Looked after with its application, and in no list but its own.",
    WebhookMessage: "A message to an application, told in lists.",
    WhatIfPerson: "What a draft would mean for somebody, told in lists.",
}
"""Tables behind a door whose rows are no nodes, with the reason."""


async def ask(client: Client, person: Person, row_id: Any) -> dict[str, Any]:
    return await client.graphql(person, QUERY, {"id": str(row_id)})


def doors() -> list[Door]:
    """Every door that a module of the domain declares."""
    found: dict[int, Door] = {}
    for module in pkgutil.walk_packages(app.domain.__path__, "app.domain."):
        for each in vars(importlib.import_module(module.name)).values():
            if isinstance(each, Door):
                found[id(each)] = each
    return list(found.values())


def test_whatever_has_a_door_is_a_node_or_says_why_not() -> None:
    tables = {door.table for door in doors()}
    assert len(tables) >= len(DOORS)
    nodes = {door.table for door in DOORS.values()}
    assert tables - nodes == NO_NODES.keys()


def test_every_node_implements_the_interface() -> None:
    node = schema._schema.type_map["Node"]
    assert isinstance(node, GraphQLInterfaceType)
    assert {each.name for each in schema._schema.get_possible_types(node)} == DOORS.keys()
    assert str(node.fields["id"].type) == "ID!"


async def test_a_key_says_by_itself_what_it_is_of(
    client: Client, city: City, pool: SharedPool
) -> None:
    before = pool.statements
    unit = await ask(client, city.county_admin, city.county["id"])
    assert pool.statements - before == 3, "which table, the unit, its schools"
    assert unit["data"]["node"]["__typename"] == "Unit"
    assert [each["name"] for each in unit["data"]["node"]["schools"]] == [
        "甲县第一小学",
        "甲县第二小学",
    ]
    teacher = await ask(client, city.county_admin, city.teacher["id"])
    assert teacher["data"]["node"] == {
        "__typename": "Teacher",
        "id": str(city.teacher["id"]),
        "name": "测试甲",
        "school": {"name": "甲县第一小学"},
    }


async def test_everything_is_found_by_its_key(
    client: Client, db: Connection, city: City, pool: SharedPool
) -> None:
    pack = await make_pack(db, city.city)
    activity = await make_activity(db, city.school, city.school_admin)
    (session,) = activity["sessions"]
    await make_attendance(db, session, city.school_admin, city.teacher)
    note = await make_note(db, activity, city.teacher)
    group = await make_group(db, city.school, city.teacher)
    await make_recognised(db, city.school, city.county_admin, [city.teacher])
    known = {
        "Account": city.teacher_account.actor.account_id,
        "Activity": activity["id"],
        "Group": group["id"],
        "Note": note["id"],
        "RulePack": pack["id"],
        "Session": session["id"],
        "Teacher": city.teacher["id"],
        "Unit": city.school["id"],
    }
    for name in ("Attendance", "CreditEntry", "Grant", "Member"):
        known[name] = await db.value(Statement(select(DOORS[name].key).limit(1)))
    before = pool.statements
    answer = await client.graphql(
        city.city_admin, MANY, {"ids": [str(each) for each in known.values()]}
    )
    assert "errors" not in answer, answer
    assert [(each["__typename"], each["id"]) for each in answer["data"]["nodes"]] == [
        (name, str(key)) for name, key in known.items()
    ]
    assert pool.statements - before == 1 + len(known)


async def test_many_come_in_their_order_and_what_is_not_seen_is_null(
    client: Client, city: City, pool: SharedPool
) -> None:
    near, far, nothing = city.school["id"], city.far_teacher["id"], new_id()
    ids = [str(each) for each in (near, far, nothing, city.county["id"], near)]
    before = pool.statements
    answer = await client.graphql(city.county_admin, MANY, {"ids": ids})
    assert "errors" not in answer
    assert [each and each["name"] for each in answer["data"]["nodes"]] == [
        "甲县第一小学", None, None, "甲县", "甲县第一小学",
    ]  # fmt: skip
    assert pool.statements - before == 3, "which tables, units, teachers"
    assert (await client.graphql(city.county_admin, MANY, {"ids": []}))["data"] == {"nodes": []}
    answer = await client.graphql(city.county_admin, MANY, {"ids": ids * 21})
    assert answer["errors"][0]["extensions"]["code"] == "too_many_keys"


async def test_a_thing_is_guarded_by_its_own_door(client: Client, city: City) -> None:
    far = await ask(client, city.county_admin, city.far_teacher["id"])
    assert far["data"] == {"node": None}
    assert far["errors"][0]["extensions"]["code"] == "teacher_not_found"


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_a_key_of_nothing_is_not_found(language: str, client: Client, city: City) -> None:
    nothing = await client.http.post(
        "/graphql",
        json={"query": QUERY, "variables": {"id": str(new_id())}},
        headers=client.headers(city.city_admin, language),
    )
    error = nothing.json()["errors"][0]
    assert error["extensions"]["status"] == 404
    assert error["message"].isascii() == (language == "en")


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("given", ["VW5pdDox", "", 7])
async def test_what_is_no_key_is_told_so(
    language: str, given: Any, client: Client, city: City
) -> None:
    answer = await client.http.post(
        "/graphql",
        json={"query": QUERY, "variables": {"id": given}},
        headers=client.headers(city.city_admin, language),
    )
    (error,) = answer.json()["errors"]
    assert error["path"] == ["node"]
    assert error["extensions"]["code"] == "malformed_id"
    assert error["message"].isascii() == (language == "en")
