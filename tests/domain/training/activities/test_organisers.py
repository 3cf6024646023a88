"""Activities that a network or a department organises, and audiences that name networks."""

from typing import Any

import asyncpg
import pytest

from app.domain.access.roles import Duty, Role
from app.domain.errors import NotAllowed
from app.domain.organisation.departments import DepartmentClosed, close_department
from app.domain.organisation.network_members import NewNetworkMember, join_network
from app.domain.organisation.networks import NetworkDissolved, dissolve_network
from app.domain.paging import PageRequest
from app.domain.training.activities import (
    ActivityChanges,
    ActivityNotFound,
    ActivityState,
    AudienceOutsideOrganiser,
    NewActivity,
    create_activity,
    get_activity,
    list_activities,
    list_offered_activities,
    publish_activity,
    update_activity,
)
from app.domain.training.attendance import AttendanceStatus, NewAttendance, record_attendance
from app.sql import Connection, Row
from tests.make import (
    NOW,
    TODAY,
    City,
    Person,
    make_account,
    make_activity,
    make_group,
)
from tests.make_organisation import make_department, make_network

PAGE = PageRequest(limit=100)


def new_activity(**changed: Any) -> NewActivity:
    given = {
        "title": "片区联动教研", "kind": "seminar", "mode": "concentrated",
        "channel": "school_based", "hours": "2", "starts_on": TODAY, "ends_on": TODAY,
    }  # fmt: skip
    return NewActivity.model_validate(given | changed)


async def coordinator_of(db: Connection, network: Row) -> Person:
    return await make_account(db, "coordinator", Role.NETWORK_COORDINATOR, network)


async def is_offered_to(db: Connection, person: Person, activity: Row) -> bool:
    page = await list_offered_activities(db, person.actor, page=PAGE)
    return activity["id"] in {row["id"] for row in page.items}


async def draft_of(db: Connection, unit: Row, by: Person, **organiser: Any) -> Row:
    """A draft with a session and without an audience."""
    row = await make_activity(db, unit, by, state=ActivityState.DRAFT, **organiser)
    await db._driver.execute("DELETE FROM activity_audience WHERE activity_id = $1", row["id"])
    return row


async def test_a_network_organises_for_its_schools(db: Connection, city: City) -> None:
    network = await make_network(db, city.county, city.school)
    coordinator = await coordinator_of(db, network)
    new = new_activity(organiser_network_id=network["id"])
    made = await create_activity(db, coordinator.actor, new=new)
    assert made["organiser_network_id"] == network["id"]
    assert (made["organiser_unit_id"], made["level"]) == (city.county["id"], "county")
    other = await coordinator_of(db, await make_network(db, city.county, city.school))
    with pytest.raises(ActivityNotFound):
        await get_activity(db, other.actor, activity_id=made["id"])
    listed = await list_activities(
        db, city.county_admin.actor, page=PAGE, organiser_network_id=network["id"]
    )
    assert [row["id"] for row in listed.items] == [made["id"]]


async def test_when_published_a_network_is_its_schools_of_that_day(
    db: Connection, city: City
) -> None:
    network = await make_network(db, city.county, city.school)
    coordinator = await coordinator_of(db, network)
    draft = await draft_of(db, city.county, coordinator, organiser_network_id=network["id"])
    published = await publish_activity(db, coordinator.actor, activity_id=draft["id"], now=NOW)
    assert set(published["audience"]) == {network["id"], city.school["id"]}
    assert await is_offered_to(db, city.teacher_account, draft)
    assert not await is_offered_to(db, city.sibling_teacher_account, draft)
    new = NewNetworkMember(school_id=city.sibling["id"])
    await join_network(db, city.county_admin.actor, network_id=network["id"], new=new, now=NOW)
    assert not await is_offered_to(db, city.sibling_teacher_account, draft), "it came too late"


async def test_who_coordinates_keeps_the_register(db: Connection, city: City) -> None:
    network = await make_network(db, city.county, city.school)
    coordinator = await coordinator_of(db, network)
    draft = await draft_of(db, city.county, coordinator, organiser_network_id=network["id"])
    await publish_activity(db, coordinator.actor, activity_id=draft["id"], now=NOW)
    new = NewAttendance(teacher_ids=[city.teacher["id"]], status=AttendanceStatus.PRESENT)
    recorded = await record_attendance(
        db, coordinator.actor, session_id=draft["sessions"][0]["id"], new=new, now=NOW
    )
    assert recorded


@pytest.mark.parametrize(
    ("targets", "fits"),
    [(["school"], True), (["network"], True), (["school", "network"], True),
     (["sibling"], False), (["county"], False), (["other"], False), (["group"], False)],
)  # fmt: skip
async def test_a_network_addresses_its_own_schools_alone(
    db: Connection, city: City, targets: list[str], fits: bool
) -> None:
    network = await make_network(db, city.county, city.school)
    rows = {
        "network": network,
        "other": await make_network(db, city.county, city.school),
        "group": await make_group(db, city.school),
        "school": city.school, "sibling": city.sibling, "county": city.county,
    }  # fmt: skip
    coordinator = await coordinator_of(db, network)
    audience = [rows[name]["id"] for name in targets]
    new = new_activity(organiser_network_id=network["id"], audience=audience)
    if fits:
        made = await create_activity(db, coordinator.actor, new=new)
        assert set(made["audience"]) == set(audience)
        return
    with pytest.raises(AudienceOutsideOrganiser):
        async with db.transaction():
            await create_activity(db, coordinator.actor, new=new)
    assert (await list_activities(db, city.city_admin.actor, page=PAGE)).items == []


@pytest.mark.parametrize(
    ("who", "organiser", "network", "fits"),
    [("county_admin", "county", "county", True), ("city_admin", "city", "county", True),
     ("city_admin", "city", "city", True), ("county_admin", "county", "other_county", False),
     ("county_admin", "county", "city", False), ("school_admin", "school", "county", False),
     ("school_admin", "school", "school", True)],
)  # fmt: skip
async def test_a_unit_addresses_networks_of_its_own(
    db: Connection, city: City, who: str, organiser: str, network: str, fits: bool
) -> None:
    row = await make_network(db, getattr(city, network), city.school)
    person, unit = getattr(city, who), getattr(city, organiser)
    draft = await draft_of(db, unit, person)
    changes = ActivityChanges(audience=[row["id"]])
    if not fits:
        with pytest.raises(AudienceOutsideOrganiser):
            await update_activity(db, person.actor, activity_id=draft["id"], changes=changes)
        return
    await update_activity(db, person.actor, activity_id=draft["id"], changes=changes)
    published = await publish_activity(db, person.actor, activity_id=draft["id"], now=NOW)
    assert set(published["audience"]) == {row["id"], city.school["id"]}
    assert await is_offered_to(db, city.teacher_account, draft)


async def test_a_department_organises_on_behalf_of_its_unit(db: Connection, city: City) -> None:
    department = await make_department(db, city.county, Duty.ORGANISE)
    officer = await make_account(db, "officer", Role.DEPARTMENT_OFFICER, department)
    draft = await draft_of(db, city.county, officer, organiser_department_id=department["id"])
    group = await make_group(db, city.school, city.teacher)
    for target, fits in ((city.school, True), (group, True), (city.far_school, False)):
        changes = ActivityChanges(audience=[target["id"]])
        if fits:
            await update_activity(db, officer.actor, activity_id=draft["id"], changes=changes)
            continue
        with pytest.raises(AudienceOutsideOrganiser):
            await update_activity(db, officer.actor, activity_id=draft["id"], changes=changes)
    plain = await draft_of(db, city.county, officer, organiser_department_id=department["id"])
    published = await publish_activity(db, officer.actor, activity_id=plain["id"], now=NOW)
    assert published["audience"] == [city.county["id"]]
    page = await list_activities(db, officer.actor, page=PAGE)
    assert {row["id"] for row in page.items} == {draft["id"], plain["id"]}


async def test_only_those_charged_with_it_organise(db: Connection, city: City) -> None:
    department = await make_department(db, city.school, *set(Duty) - {Duty.ORGANISE})
    officer = await make_account(db, "officer", Role.DEPARTMENT_OFFICER, department)
    network = await make_network(db, city.county, city.school)
    for person, organiser in (
        (officer, {"organiser_department_id": department["id"]}),
        (city.school_admin, {"organiser_network_id": network["id"]}),
        (city.teacher_account, {"organiser_network_id": network["id"]}),
        (await coordinator_of(db, network), {"organiser_unit_id": city.school["id"]}),
    ):
        with pytest.raises(NotAllowed):
            await create_activity(db, person.actor, new=new_activity(**organiser))
    assert (await list_activities(db, city.city_admin.actor, page=PAGE)).items == []


async def test_what_is_over_organises_nothing_more(db: Connection, city: City) -> None:
    network, department = (
        await make_network(db, city.county),
        await make_department(db, city.county),
    )
    actor = city.county_admin.actor
    await dissolve_network(db, actor, network_id=network["id"], now=NOW)
    await close_department(db, actor, department_id=department["id"], now=NOW)
    with pytest.raises(NetworkDissolved):
        await create_activity(db, actor, new=new_activity(organiser_network_id=network["id"]))
    with pytest.raises(DepartmentClosed):
        await create_activity(db, actor, new=new_activity(organiser_department_id=department["id"]))


async def test_an_activity_is_organised_once(db: Connection, city: City) -> None:
    network, department = (
        await make_network(db, city.county),
        await make_department(db, city.county),
    )
    both = {"organiser_network_id": network["id"], "organiser_department_id": department["id"]}
    with pytest.raises(asyncpg.CheckViolationError):
        async with db.transaction():
            await make_activity(db, city.county, city.county_admin, **both)
    elsewhere = {"organiser_network_id": network["id"]}
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        async with db.transaction():
            await make_activity(db, city.other_county, city.county_admin, **elsewhere)


async def test_to_publish_takes_six_statements_however_many_schools_there_are(
    db: Connection, city: City
) -> None:
    network = await make_network(db, city.county, city.school, city.sibling)
    coordinator = await coordinator_of(db, network)
    draft = await draft_of(db, city.county, coordinator, organiser_network_id=network["id"])
    before = db.statements
    await publish_activity(db, coordinator.actor, activity_id=draft["id"], now=NOW)
    assert db.statements - before == 6
