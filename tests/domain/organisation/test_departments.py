from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from typing import Any

import pytest

from app.domain.access.actors import Actor
from app.domain.access.grants import NewGrant, grant_role, list_grants
from app.domain.access.roles import Duty, Permission, Role
from app.domain.access.subjects import SubjectNotFound
from app.domain.errors import NotAllowed
from app.domain.organisation.departments import (
    DepartmentChanges,
    DepartmentClosed,
    DepartmentExists,
    DepartmentKind,
    DepartmentKindUnfit,
    DepartmentNotFound,
    NewDepartment,
    close_department,
    create_department,
    departments_by_id,
    departments_of,
    get_department,
    list_departments,
    update_department,
)
from app.domain.organisation.units import UnitNotFound, list_units
from app.domain.paging import PageRequest
from app.domain.people.teachers import list_teachers
from app.sql import Connection, Row
from tests.make import NOW, TODAY, City, Person, make_account, signed_in, version_of
from tests.make_organisation import make_department

PAGE = PageRequest(limit=100)


def new_department(unit: Row, **changed: Any) -> NewDepartment:
    given = {"unit_id": unit["id"], "name": "教研室", "kind": "research_office"}
    return NewDepartment.model_validate(given | changed)


async def names_of(db: Connection, actor: Actor, **filters: Any) -> list[str]:
    page = await list_departments(db, actor, page=PAGE, now=NOW, **filters)
    return [row["name"] for row in page.items]


@pytest.mark.parametrize(
    ("where", "who", "kind"),
    [("county", "county_admin", DepartmentKind.TRAINING_COLLEGE),
     ("city", "city_admin", DepartmentKind.EDUCATION_INSTITUTE),
     ("school", "school_admin", DepartmentKind.TRAINING_OFFICE),
     ("school", "county_admin", DepartmentKind.PARTY_BRANCH)],
)  # fmt: skip
async def test_a_department_is_set_up_within_its_unit(
    db: Connection, city: City, where: str, who: str, kind: DepartmentKind
) -> None:
    unit, actor = getattr(city, where), getattr(city, who).actor
    new = new_department(unit, kind=kind, duties=["review", "organise", "review"])
    made = await create_department(db, actor, new=new, now=NOW)
    assert made == {
        "id": made["id"],
        "name": "教研室",
        "kind": kind,
        "duties": ["organise", "review"],
        "unit_id": unit["id"],
        **{name: unit[name] for name in ("city_id", "county_id", "school_id")},
        "valid_from": TODAY,
        "valid_to": None,
    }
    assert await get_department(db, actor, department_id=made["id"]) == made


async def test_who_does_not_administer_the_unit_sets_nothing_up(db: Connection, city: City) -> None:
    for person in (city.auditor, city.teacher_account, city.integration):
        with pytest.raises(NotAllowed) as refused:
            await create_department(db, person.actor, new=new_department(city.school), now=NOW)
        assert refused.value.details == {"permission": "department:write"}
    above, elsewhere = new_department(city.county), new_department(city.far_school)
    with pytest.raises(NotAllowed):
        await create_department(db, city.school_admin.actor, new=above, now=NOW)
    with pytest.raises(UnitNotFound):
        await create_department(db, city.county_admin.actor, new=elsewhere, now=NOW)
    assert await names_of(db, city.city_admin.actor) == []


@pytest.mark.parametrize(
    ("where", "kind"), [("school", "education_section"), ("county", "moral_education_office")]
)
async def test_some_kinds_are_of_some_units_alone(
    db: Connection, city: City, where: str, kind: str
) -> None:
    new = new_department(getattr(city, where), kind=kind)
    with pytest.raises(DepartmentKindUnfit):
        await create_department(db, city.city_admin.actor, new=new, now=NOW)
    assert await names_of(db, city.city_admin.actor) == []


async def test_a_name_stands_once_while_the_department_is(db: Connection, city: City) -> None:
    actor, new = city.county_admin.actor, new_department(city.county)
    first = await create_department(db, actor, new=new, now=NOW)
    other = await create_department(db, actor, new=new_department(city.county, name="甲"), now=NOW)
    attempts: list[Callable[[], Awaitable[Row]]] = [
        lambda: create_department(db, actor, new=new, now=NOW),
        lambda: update_department(
            db, actor, department_id=other["id"], changes=DepartmentChanges(name="教研室"), now=NOW
        ),
    ]
    for attempt in attempts:
        with pytest.raises(DepartmentExists):
            async with db.transaction():
                await attempt()
    await close_department(db, actor, department_id=first["id"], now=NOW)
    again = await create_department(db, actor, new=new, now=NOW)
    assert again["id"] != first["id"]


async def test_what_there_was_on_a_day_can_be_told(db: Connection, city: City) -> None:
    actor = city.county_admin.actor
    row = await make_department(db, city.county, Duty.GUIDE, name="旧教研室")
    await make_department(db, city.school, name="综合办")
    closed = await close_department(db, actor, department_id=row["id"], now=NOW)
    assert closed["valid_to"] == TODAY
    assert await names_of(db, actor) == ["综合办"]
    assert await names_of(db, actor, as_of=TODAY - timedelta(days=1)) == ["旧教研室", "综合办"]
    assert await names_of(db, actor, as_of=date(2020, 8, 31)) == []
    yesterday = TODAY - timedelta(days=1)
    assert await names_of(db, actor, as_of=yesterday, duty=Duty.GUIDE) == ["旧教研室"]
    assert await names_of(db, actor, unit_id=city.school["id"]) == ["综合办"]
    assert await names_of(db, actor, kind=DepartmentKind.OTHER) == []
    found = await departments_of(db, actor, unit_ids=[city.county["id"], city.school["id"]])
    assert [[each["name"] for each in rows] for rows in found.values()] == [[], ["综合办"]]
    with pytest.raises(DepartmentClosed):
        await close_department(db, actor, department_id=row["id"], now=NOW)


async def test_a_department_is_known_to_all_below_its_unit(db: Connection, city: City) -> None:
    row = await make_department(db, city.county)
    for person in (city.school_admin, city.teacher_account, city.auditor):
        seen = await get_department(db, person.actor, department_id=row["id"])
        assert seen["name"] == row["name"]
    with pytest.raises(DepartmentNotFound):
        await get_department(db, city.other_county_admin.actor, department_id=row["id"])
    found = await departments_by_id(db, city.other_county_admin.actor, department_ids=[row["id"]])
    assert found == {row["id"]: None}
    with pytest.raises(NotAllowed):
        await close_department(db, city.school_admin.actor, department_id=row["id"], now=NOW)


# Its officers.


async def officer_of(db: Connection, city: City, unit: Row, *duties: Duty) -> tuple[Row, Person]:
    department = await make_department(db, unit, *duties)
    return department, await make_account(db, "officer", Role.DEPARTMENT_OFFICER, department)


async def test_an_officer_of_a_bureau_reads_its_place_as_far_as_the_duties_go(
    db: Connection, city: City
) -> None:
    _, officer = await officer_of(db, city, city.county, Duty.GUIDE)
    actor = await signed_in(db, officer)
    assert actor == officer.actor
    page = await list_teachers(db, actor, page=PAGE)
    assert {row["name"] for row in page.items} == {"测试甲", "测试乙", "测试丙"}
    _, reviewer = await officer_of(db, city, city.other_county, Duty.REVIEW)
    units = await list_units(db, reviewer.actor, page=PAGE)
    assert {row["name"] for row in units.items} == {"乙县", "乙县第一小学"}
    with pytest.raises(NotAllowed):
        await list_teachers(db, reviewer.actor, page=PAGE)
    for permission in (Permission.TEACHER_WRITE, Permission.ACTIVITY_WRITE):
        assert actor.scope(permission).shape == ()


async def test_an_officer_of_a_school_never_reaches_the_school(db: Connection, city: City) -> None:
    department, officer = await officer_of(db, city, city.school, *Duty)
    actor = await signed_in(db, officer)
    assert actor.reach.values == {"department_id": [department["id"]]}
    page = await list_units(db, actor, page=PAGE)
    assert page.items == []


async def test_other_duties_are_other_rights_at_once(db: Connection, city: City) -> None:
    department, officer = await officer_of(db, city, city.county, Duty.OWN)
    before = await version_of(db, officer)
    changes = DepartmentChanges(duties=[Duty.ORGANISE])
    after = await update_department(
        db, city.county_admin.actor, department_id=department["id"], changes=changes, now=NOW
    )
    assert after["duties"] == ["organise"]
    assert await version_of(db, officer) == before + 1
    actor = await signed_in(db, officer)
    assert actor.scope(Permission.ACTIVITY_WRITE).values == {"department_id": [department["id"]]}
    renamed = DepartmentChanges(name="新名称")
    await update_department(
        db, city.county_admin.actor, department_id=department["id"], changes=renamed, now=NOW
    )
    assert await version_of(db, officer) == before + 1, "a name permits nothing"


async def test_with_the_department_the_grants_over_it_end(db: Connection, city: City) -> None:
    department, officer = await officer_of(db, city, city.county, *Duty)
    actor, account_id = city.county_admin.actor, officer.actor.account_id
    before, statements = await version_of(db, officer), db.statements
    await close_department(db, actor, department_id=department["id"], now=NOW)
    assert db.statements - statements == 6
    assert await version_of(db, officer) == before + 1
    (ended,) = await list_grants(db, actor, account_id=account_id)
    assert (ended["valid_from"], ended["valid_to"]) == (date(2020, 1, 1), TODAY)
    assert (await signed_in(db, officer)).grants == ()


async def test_nobody_grants_over_a_department_what_they_do_not_hold(
    db: Connection, city: City
) -> None:
    of_county = await make_department(db, city.county, Duty.GUIDE)
    of_school = await make_department(db, city.school, Duty.GUIDE)
    account_id = city.teacher_account.actor.account_id
    for department, granter, fits in (
        (of_county, city.school_admin, False),
        (of_county, city.county_admin, True),
        (of_school, city.school_admin, True),
    ):
        new = NewGrant(role=Role.DEPARTMENT_OFFICER, subject_id=department["id"])
        if fits:
            granted = await grant_role(db, granter.actor, account_id=account_id, new=new, now=NOW)
            assert granted["subject"] == "department"
            continue
        with pytest.raises(SubjectNotFound):
            await grant_role(db, granter.actor, account_id=account_id, new=new, now=NOW)
    actor = await signed_in(db, city.teacher_account)
    assert len(actor.grants) == 3
