import pytest

from app.domain.access.roles import Role
from app.domain.errors import NotAllowed
from app.domain.organisation.units import Stage, UnitNotFound
from app.domain.paging import PageRequest
from app.domain.people.teachers import Subject
from app.domain.training.groups import (
    GroupKind,
    GroupNotFound,
    NewGroup,
    create_group,
    get_group,
    groups_by_id,
    groups_of,
    list_groups,
)
from app.sql import Connection
from tests.make import City, Person, make_account, make_group


async def names_seen_by(db: Connection, person: Person) -> list[str]:
    page = await list_groups(db, person.actor, page=PageRequest())
    return [row["name"] for row in page.items]


async def test_a_school_sets_up_a_group_and_it_lies_in_the_school(
    db: Connection, city: City
) -> None:
    new = NewGroup(
        name=" 数学教研组 ",
        kind=GroupKind.TEACHING_RESEARCH,
        subject=Subject.MATHEMATICS,
        stage=Stage.PRIMARY,
        unit_id=city.school["id"],
    )
    made = await create_group(db, city.school_admin.actor, new=new)
    assert made == {
        "name": "数学教研组",
        "kind": "teaching_research",
        "stage": "primary",
        "subject": "mathematics",
        "id": made["id"],
        "unit_id": city.school["id"],
        "school_id": city.school["id"],
        "county_id": city.county["id"],
        "city_id": city.city["id"],
    }


async def test_a_bureaus_group_lies_in_no_school(db: Connection, city: City) -> None:
    new = NewGroup(name="校际组", kind=GroupKind.CROSS_SCHOOL, unit_id=city.county["id"])
    made = await create_group(db, city.county_admin.actor, new=new)
    assert (made["unit_id"], made["school_id"]) == (city.county["id"], None)
    assert await names_seen_by(db, city.school_admin) == []


async def test_who_does_not_administer_the_unit_sets_up_nothing(db: Connection, city: City) -> None:
    new = NewGroup(name="组", kind=GroupKind.GRADE, unit_id=city.school["id"])
    with pytest.raises(UnitNotFound):
        await create_group(db, city.sibling_admin.actor, new=new)
    for person in (city.teacher_account, city.auditor):
        with pytest.raises(NotAllowed) as refused:
            await create_group(db, person.actor, new=new)
        assert refused.value.details == {"permission": "group:write"}
    assert await names_seen_by(db, city.city_admin) == []


async def test_everybody_sees_the_groups_in_their_place_and_a_teacher_the_own(
    db: Connection, city: City
) -> None:
    own = await make_group(db, city.school, city.teacher, name="甲组")
    other = await make_group(db, city.school, city.colleague, name="乙组")
    far = await make_group(db, city.far_school, name="丙组")
    assert await names_seen_by(db, city.city_admin) == ["丙组", "乙组", "甲组"]
    assert await names_seen_by(db, city.county_admin) == ["乙组", "甲组"]
    assert await names_seen_by(db, city.sibling_admin) == []
    assert await names_seen_by(db, city.teacher_account) == ["甲组"]
    leader = await make_account(db, "leader", Role.GROUP_LEADER, other)
    assert await names_seen_by(db, leader) == ["乙组"]
    for group in (other, far):
        with pytest.raises(GroupNotFound):
            await get_group(db, city.teacher_account.actor, group_id=group["id"])
    assert (await get_group(db, city.teacher_account.actor, group_id=own["id"]))["name"] == "甲组"
    found = await groups_by_id(db, city.teacher_account.actor, group_ids=[own["id"], other["id"]])
    assert [row and row["name"] for row in found.values()] == ["甲组", None]


async def test_the_groups_of_many_units_are_one_statement(db: Connection, city: City) -> None:
    for name in ("乙组", "甲组"):
        await make_group(db, city.school, name=name)
    await make_group(db, city.sibling, name="丁组")
    before = db.statements
    unit_ids = [unit["id"] for unit in (city.school, city.sibling, city.county)]
    found = await groups_of(db, city.county_admin.actor, unit_ids=unit_ids, page=PageRequest())
    assert db.statements - before == 1
    assert [[row["name"] for row in page.items] for page in found.values()] == [
        ["乙组", "甲组"],
        ["丁组"],
        [],
    ]
    one = PageRequest(limit=1)
    cut = await groups_of(db, city.county_admin.actor, unit_ids=unit_ids, page=one)
    assert [(len(page.items), page.more) for page in cut.values()] == [
        (1, True),
        (1, False),
        (0, False),
    ]
