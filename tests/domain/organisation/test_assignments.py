from datetime import date, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from app.domain.access.accounts import AccountNotFound
from app.domain.access.actors import Actor
from app.domain.access.grants import list_grants
from app.domain.access.roles import Permission, Role
from app.domain.errors import NotAllowed
from app.domain.organisation.assignments import (
    AssignmentEnded,
    AssignmentHolderAtSchool,
    AssignmentNotFound,
    AssignmentOutsideBureau,
    AssignmentTermEmpty,
    NewAssignment,
    assignments_by_id,
    create_assignment,
    end_assignment,
    get_assignment,
    list_assignments,
)
from app.domain.organisation.networks import NetworkNotFound
from app.domain.organisation.units import UnitNotFound
from app.domain.paging import PageRequest
from app.domain.people.teachers import TeacherNotFound, get_teacher, list_teachers
from app.sql import Connection, Row
from tests.make import NOW, TODAY, City, Person, make_account, signed_in, version_of
from tests.make_organisation import make_assignment, make_network

PAGE = PageRequest(limit=100)
UNTIL = date(2027, 9, 1)


def new_assignment(bureau: Row, holder: Person, *schools: Row, **changed: Any) -> NewAssignment:
    given = {
        "unit_id": bureau["id"],
        "account_id": holder.actor.account_id,
        "school_ids": [school["id"] for school in schools],
        "valid_to": UNTIL,
    }
    return NewAssignment.model_validate(given | changed)


async def researcher_of(db: Connection, bureau: Row) -> Person:
    """Somebody of a bureau who has no rights in its place."""
    nowhere = await make_network(db, bureau)
    return await make_account(db, "researcher", Role.NETWORK_COORDINATOR, nowhere)


async def found_by(db: Connection, actor: Actor, **filters: Any) -> list[Any]:
    page = await list_assignments(db, actor, page=PAGE, now=NOW, **filters)
    return [row["id"] for row in page.items]


async def test_who_is_assigned_reads_exactly_these_schools(db: Connection, city: City) -> None:
    holder, actor = await researcher_of(db, city.county), city.county_admin.actor
    before = await version_of(db, holder)
    new = new_assignment(city.county, holder, city.sibling, city.sibling)
    made = await create_assignment(db, actor, new=new, now=NOW)
    assert made == {
        "id": made["id"],
        "account_id": holder.actor.account_id,
        "holder": "researcher",
        "network_id": None,
        "school_ids": [city.sibling["id"]],
        "county_id": city.county["id"],
        "city_id": city.city["id"],
        "valid_from": TODAY,
        "valid_to": UNTIL,
    }
    assert await version_of(db, holder) == before + 1
    adviser = await signed_in(db, holder)
    page = await list_teachers(db, adviser, page=PAGE)
    assert [row["name"] for row in page.items] == ["测试丙"]
    with pytest.raises(TeacherNotFound):
        await get_teacher(db, adviser, teacher_id=city.teacher["id"])
    assert adviser.scope(Permission.CREDIT_READ).values == {"school_id": [city.sibling["id"]]}
    at_schools = {each for each in Permission if "school_id" in adviser.scope(each).values}
    verbs = {each.value.partition(":")[2] for each in at_schools}
    assert verbs <= {"read", "guide", "review"}, "nothing of the school's own is written"
    assert await get_assignment(db, adviser, assignment_id=made["id"]) == made


async def test_to_be_assigned_a_network_is_to_be_assigned_its_schools(
    db: Connection, city: City
) -> None:
    network = await make_network(db, city.county, city.school, city.sibling)
    holder = await make_account(db, "holder", Role.SCHOOL_ADVISER,
                                await make_assignment(db, city.city, city.auditor))  # fmt: skip
    new = new_assignment(city.county, holder, network_id=network["id"])
    with pytest.raises(AccountNotFound):
        await create_assignment(db, city.county_admin.actor, new=new, now=NOW)
    made = await create_assignment(db, city.city_admin.actor, new=new, now=NOW)
    assert set(made["school_ids"]) == {city.school["id"], city.sibling["id"]}
    adviser = await signed_in(db, holder)
    assert set(adviser.scope(Permission.UNIT_READ).values["school_id"]) == set(made["school_ids"])


@pytest.mark.parametrize(
    ("bureau", "who", "schools", "refusal"),
    [("county", "county_admin", ["school", "far_school"], AssignmentOutsideBureau),
     ("county", "city_admin", ["direct_school"], AssignmentOutsideBureau),
     ("county", "county_admin", ["county"], AssignmentOutsideBureau),
     ("school", "county_admin", ["school"], AssignmentOutsideBureau),
     ("county", "school_admin", ["school"], NotAllowed),
     ("county", "auditor", ["school"], NotAllowed),
     ("other_county", "county_admin", ["far_school"], UnitNotFound)],
)  # fmt: skip
async def test_a_bureau_assigns_its_own_schools(
    db: Connection, city: City, bureau: str, who: str, schools: list[str],
    refusal: type[Exception],
) -> None:  # fmt: skip
    holder = await researcher_of(db, city.county)
    named = [getattr(city, each) for each in schools]
    new = new_assignment(getattr(city, bureau), holder, *named)
    with pytest.raises(refusal):
        await create_assignment(db, getattr(city, who).actor, new=new, now=NOW)
    assert await found_by(db, city.city_admin.actor) == []
    assert await version_of(db, holder) == 1


async def test_a_network_elsewhere_is_not_assigned(db: Connection, city: City) -> None:
    holder, far = await researcher_of(db, city.county), await make_network(db, city.other_county)
    new = new_assignment(city.county, holder, network_id=far["id"])
    with pytest.raises(NetworkNotFound):
        await create_assignment(db, city.county_admin.actor, new=new, now=NOW)
    with pytest.raises(AssignmentOutsideBureau):
        await create_assignment(db, city.city_admin.actor, new=new, now=NOW)
    of_school = new_assignment(city.county, city.school_admin, city.school)
    with pytest.raises(AssignmentHolderAtSchool):
        await create_assignment(db, city.county_admin.actor, new=of_school, now=NOW)


@pytest.mark.parametrize(
    "term",
    [{"valid_to": TODAY}, {"valid_from": date(2025, 1, 1), "valid_to": date(2026, 1, 1)},
     {"valid_from": UNTIL, "valid_to": UNTIL}],
)  # fmt: skip
async def test_a_term_has_days_to_come(db: Connection, city: City, term: dict[str, date]) -> None:
    holder = await researcher_of(db, city.county)
    new = new_assignment(city.county, holder, city.school, **term)
    with pytest.raises(AssignmentTermEmpty):
        await create_assignment(db, city.county_admin.actor, new=new, now=NOW)


def test_an_assignment_names_schools_or_a_network(city: City) -> None:
    network = {"network_id": city.school["id"]}
    for schools, more in (((), {}), ((city.school,), network)):
        with pytest.raises(ValidationError):
            new_assignment(city.county, city.auditor, *schools, **more)


async def test_a_term_to_come_permits_nothing_yet(db: Connection, city: City) -> None:
    holder = await researcher_of(db, city.county)
    begins = TODAY + timedelta(days=30)
    new = new_assignment(city.county, holder, city.school, valid_from=begins)
    made = await create_assignment(db, city.county_admin.actor, new=new, now=NOW)
    assert (await signed_in(db, holder)).grants == holder.actor.grants
    assert await found_by(db, city.county_admin.actor) == []
    assert await found_by(db, city.county_admin.actor, as_of=begins) == [made["id"]]


async def test_it_is_seen_by_its_bureau_its_schools_and_its_holder(
    db: Connection, city: City
) -> None:
    row = await make_assignment(db, city.county, city.auditor, city.school)
    network = await make_network(db, city.county, city.sibling)
    by_network = await make_assignment(db, city.county, city.auditor, network_id=network["id"])
    for person, seen in (
        (city.county_admin, [row, by_network]),
        (city.city_admin, [row, by_network]),
        (city.school_admin, [row]),
        (city.sibling_admin, [by_network]),
        (city.other_county_admin, []),
    ):
        keys = {each["id"] for each in seen}
        assert set(await found_by(db, person.actor)) == keys
        found = await assignments_by_id(
            db, person.actor, assignment_ids=[row["id"], by_network["id"]]
        )
        assert {key for key, each in found.items() if each} == keys
    actor = city.city_admin.actor
    assert await found_by(db, actor, school_id=city.sibling["id"]) == [by_network["id"]]
    assert await found_by(db, actor, network_id=network["id"]) == [by_network["id"]]
    assert len(await found_by(db, actor, account_id=city.auditor.actor.account_id)) == 2
    with pytest.raises(AssignmentNotFound):
        await get_assignment(db, city.sibling_admin.actor, assignment_id=row["id"])


async def test_an_assignment_that_ends_takes_the_rights_with_it(db: Connection, city: City) -> None:
    holder, actor = await researcher_of(db, city.county), city.county_admin.actor
    new = new_assignment(city.county, holder, city.school, valid_from=date(2026, 9, 1))
    made = await create_assignment(db, actor, new=new, now=NOW)
    with pytest.raises(NotAllowed):
        await end_assignment(db, city.school_admin.actor, assignment_id=made["id"], now=NOW)
    before = await version_of(db, holder)
    ended = await end_assignment(db, actor, assignment_id=made["id"], now=NOW)
    assert ended["valid_to"] == TODAY
    assert await version_of(db, holder) == before + 1
    assert (await signed_in(db, holder)).grants == holder.actor.grants
    grants = await list_grants(db, actor, account_id=holder.actor.account_id)
    assert [
        (row["valid_from"], row["valid_to"]) for row in grants if row["role"] == "school_adviser"
    ] == [(date(2026, 9, 1), TODAY)]
    with pytest.raises(AssignmentEnded):
        await end_assignment(db, actor, assignment_id=made["id"], now=NOW)
