"""Faults that other systems of this kind have had, tried here over both faces.

Each test is named after the report of the fault, and says what it was.
"""

from typing import Any
from uuid import UUID

import asyncpg
import pytest

from app.domain.access.roles import Duty, Role
from app.domain.people.facts.engagement import ESTABLISHMENT
from app.domain.training.activities import ActivityState
from app.sql import Connection, Row, new_id
from tests.make import (
    City,
    Client,
    Person,
    make_account,
    make_activity,
    make_attendance,
    make_fact,
    make_group,
    make_note,
)
from tests.make_organisation import make_assignment, make_department, make_network, make_target

BY_CAREER = ("state=in_service", "establishment=established", "stratum=new_teacher")


async def node_of(client: Client, person: Person, key: UUID) -> Any:
    """What GraphQL answers for a key alone."""
    answer = await client.graphql(
        person, "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", {"ids": [str(key)]}
    )
    (node,) = answer["data"]["nodes"]
    return node


# Directus #15437: a filter over related rows was applied although the one who asked may not read
# those, so that what it kept told what they say.


async def coordinator_at(db: Connection, *schools: Row, city: City) -> Person:
    network = await make_network(db, city.county, *schools)
    return await make_account(db, "coordinator", Role.NETWORK_COORDINATOR, network)


@pytest.mark.parametrize("asked", BY_CAREER)
async def test_directus_15437_a_filter_over_careers_takes_the_right_to_read_them(
    db: Connection, client: Client, city: City, asked: str
) -> None:
    coordinator = await coordinator_at(db, city.school, city=city)
    listed = await client.get(coordinator, "/teachers")
    assert {row["name"] for row in listed.json()["items"]} == {"测试甲", "测试乙"}
    refused = await client.get(coordinator, f"/teachers?{asked}")
    assert (refused.status_code, refused.json()["details"]) == (403, {"permission": "career:read"})
    name, value = asked.split("=")
    answer = await client.graphql(
        coordinator, f"{{ teachers({name}: {value.upper()}) {{ totalCount nodes {{ id }} }} }}"
    )
    assert answer["errors"][0]["extensions"]["details"] == {"permission": "career:read"}


async def test_directus_15437_a_filter_keeps_only_whom_one_may_ask_it_of(
    db: Connection, client: Client, city: City
) -> None:
    """Who administers one school and coordinates another asks for careers in the first alone."""
    for teacher in (city.teacher, city.colleague, city.sibling_teacher):
        await make_fact(db, teacher, ESTABLISHMENT, establishment="established")
    coordinator = await coordinator_at(db, city.sibling, city=city)
    grants = (*city.school_admin.actor.grants, *coordinator.actor.grants)
    both = Person(type(coordinator.actor)(coordinator.actor.account_id, grants), coordinator.name)
    listed = await client.get(both, "/teachers")
    assert {row["name"] for row in listed.json()["items"]} == {"测试甲", "测试乙", "测试丙"}
    filtered = await client.get(both, "/teachers?establishment=established")
    assert {row["name"] for row in filtered.json()["items"]} == {"测试甲", "测试乙"}
    answer = await client.graphql(both, "{ teachers(establishment: ESTABLISHED) { totalCount } }")
    assert answer["data"]["teachers"]["totalCount"] == 2


async def test_directus_15437_filters_by_what_lies_elsewhere_find_nothing(
    db: Connection, client: Client, city: City
) -> None:
    far = await make_network(db, city.other_county, city.far_school)
    assignment = await make_assignment(db, city.other_county, city.auditor, city.far_school)
    await make_activity(db, city.other_county, city.city_admin, organiser_network_id=far["id"])
    adviser = await make_account(
        db, "adviser", Role.SCHOOL_ADVISER,
        await make_assignment(db, city.county, city.auditor, city.school),
    )  # fmt: skip
    for person in (city.county_admin, city.school_admin, adviser):
        for path in (
            f"/networks?member_id={city.far_school['id']}",
            f"/assignments?school_id={city.far_school['id']}",
            f"/assignments?account_id={assignment['account_id']}&school_id={city.far_school['id']}",
            f"/activities?organiser_network_id={far['id']}",
            f"/teachers?school_id={city.far_school['id']}",
        ):
            answer = await client.get(person, path)
            assert (answer.status_code, answer.json()["items"]) == (200, []), path


# Moodle MSA-24-0032 (CVE-2024-43431): whoever might delete badges somewhere deleted any badge by its
# key.


async def those_beside(db: Connection, city: City) -> list[Person]:
    """Those who end such things at the school's sibling, or in another county."""
    own = await make_network(db, city.sibling)
    office = await make_department(db, city.sibling, *Duty, name="教导处")
    return [
        city.sibling_admin,
        city.other_county_admin,
        await make_account(db, "coordinator", Role.NETWORK_COORDINATOR, own),
        await make_account(db, "officer", Role.DEPARTMENT_OFFICER, office),
    ]


async def test_msa_24_0032_what_lies_elsewhere_is_not_ended_by_its_key(
    db: Connection, client: Client, city: City, driver: asyncpg.Connection
) -> None:
    network = await make_network(db, city.school, city.school)
    department = await make_department(db, city.school, *Duty)
    draft = await make_activity(db, city.school, city.school_admin, state=ActivityState.DRAFT)
    grant_id = await driver.fetchval(
        "SELECT id FROM role_grant WHERE account_id = $1", city.teacher_account.actor.account_id
    )
    persons = await those_beside(db, city)
    ways: list[tuple[str, str, UUID]] = [
        ("POST", "/networks/{key}/dissolve", network["id"]),
        ("POST", f"/networks/{{key}}/members/{city.school['id']}/leave", network["id"]),
        ("POST", "/departments/{key}/close", department["id"]),
        ("DELETE", "/sessions/{key}", draft["sessions"][0]["id"]),
        ("POST", "/activities/{key}/cancel", draft["id"]),
        ("POST", "/grants/{key}/revoke", grant_id),
    ]
    tables = (
        "network",
        "network_member",
        "department",
        "activity",
        "activity_session",
        "role_grant",
    )
    before = [await driver.fetch(f"SELECT * FROM {each} ORDER BY id") for each in tables]  # noqa: S608
    same = {"X-Request-Id": "the-same-for-all"}
    for person in persons:
        for method, path, key in ways:
            answer = await client.request(person, method, path.format(key=key), headers=same)
            assert answer.status_code == 404, (person.name, path, answer.text)
            nothing = await client.request(person, method, path.format(key=new_id()), headers=same)
            assert answer.content == nothing.content, path
    after = [await driver.fetch(f"SELECT * FROM {each} ORDER BY id") for each in tables]  # noqa: S608
    assert after == before


# Moodle MSA-24-0050 (CVE-2024-48901): the schedule of a report was shown by its own key to whoever may
# not see the report.


async def test_msa_24_0050_a_part_is_shown_to_nobody_who_may_not_see_the_whole(
    db: Connection, client: Client, city: City
) -> None:
    network = await make_network(db, city.county, city.school)
    organiser = {"organiser_network_id": network["id"]}
    draft = await make_activity(
        db, city.county, city.county_admin, state=ActivityState.DRAFT, **organiser
    )
    session = draft["sessions"][0]
    assignment = await make_assignment(db, city.county, city.auditor, city.school)
    target = await make_target(db, assignment)
    parts = [
        ("/activities/{}", draft["id"]), ("/sessions/{}", session["id"]),
        ("/activities/{}/sessions", draft["id"]), ("/assignments/{}", assignment["id"]),
        ("/targets/{}", target["id"]), ("/assignments/{}/targets", assignment["id"]),
    ]  # fmt: skip
    other = await coordinator_at(db, city.sibling, city=city)
    for person in (city.sibling_admin, city.sibling_teacher_account, other):
        for path, key in parts:
            answer = await client.get(person, path.format(key))
            assert answer.status_code == 404, (person.name, path)
            assert await node_of(client, person, key) is None
    for path, key in parts:
        assert (await client.get(city.county_admin, path.format(key))).status_code == 200
        assert await node_of(client, city.county_admin, key) == {"id": str(key)}


# Moodle MSA-25-0022 (CVE-2025-3640): whoever was enrolled in a course was shown details of the others.


async def test_msa_25_0022_who_takes_part_learns_nothing_of_the_others(
    db: Connection, client: Client, city: City
) -> None:
    network = await make_network(db, city.county, city.school, city.sibling)
    activity = await make_activity(
        db, city.county, city.county_admin, city.school, city.sibling,
        organiser_network_id=network["id"],
    )  # fmt: skip
    people = (city.teacher, city.colleague, city.sibling_teacher)
    await make_attendance(db, activity["sessions"][0], city.county_admin, *people)
    await make_note(db, activity, city.sibling_teacher)
    await make_group(db, city.school, city.teacher, city.colleague)
    participant = city.teacher_account
    enrolled = await client.post(participant, f"/activities/{activity['id']}/enrolment")
    assert enrolled.status_code in {200, 201}, enrolled.text
    for part in ("enrolments", "attendance", "notes"):
        answer = await client.get(participant, f"/activities/{activity['id']}/{part}")
        assert answer.status_code == 403, part
    for other in (city.colleague, city.sibling_teacher):
        for part in ("", "/attendance", "/notes", "/enrolments", "/standing", "/career"):
            answer = await client.get(participant, f"/teachers/{other['id']}{part}")
            assert answer.status_code == 404, part
        assert await node_of(client, participant, other["id"]) is None
    seen = await client.graphql(
        participant,
        "{ teachers { totalCount } groups { nodes { members { nodes { __typename name } } } } }",
    )
    assert seen["data"]["teachers"]["totalCount"] == 1
    (group,) = seen["data"]["groups"]["nodes"]
    shown = {each["name"] for each in group["members"]["nodes"]}
    assert shown == {"测试甲", "测试乙"}, "of a group one knows who belongs to it, and no more"


async def test_msa_25_0022_who_advises_a_school_learns_of_its_own_people_alone(
    db: Connection, client: Client, city: City
) -> None:
    network = await make_network(db, city.county, city.school, city.sibling)
    activity = await make_activity(
        db, city.county, city.county_admin, city.school, city.sibling,
        organiser_network_id=network["id"],
    )  # fmt: skip
    people = (city.teacher, city.sibling_teacher)
    await make_attendance(db, activity["sessions"][0], city.county_admin, *people)
    adviser = await make_account(
        db, "adviser", Role.SCHOOL_ADVISER,
        await make_assignment(db, city.county, city.auditor, city.school),
    )  # fmt: skip
    answer = await client.get(adviser, f"/activities/{activity['id']}/attendance")
    assert answer.status_code == 404, "the network's register is its own"
    own = await client.get(adviser, f"/teachers/{city.teacher['id']}/attendance")
    assert [row["teacher_id"] for row in own.json()["items"]] == [str(city.teacher["id"])]
    other = await client.get(adviser, f"/teachers/{city.sibling_teacher['id']}/attendance")
    assert other.status_code == 404
