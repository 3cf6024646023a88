import pytest

from app.domain.access.roles import Role
from app.domain.errors import NotAllowed
from app.domain.organisation.units import Stage, UnitNotFound
from app.domain.paging import PageRequest
from app.domain.people.teachers import Subject
from app.domain.training.groups import (
    GroupChanges,
    GroupClosed,
    GroupKind,
    GroupKindOfBureau,
    GroupNotFound,
    NewGroup,
    close_group,
    create_group,
    get_group,
    groups_by_id,
    groups_of,
    list_groups,
    update_group,
)
from app.sql import Connection
from tests.make import NOW, TODAY, City, Person, make_account, make_group


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
        "closed_on": None,
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


async def test_a_community_of_several_schools_is_not_one_schools(
    db: Connection, city: City
) -> None:
    for kind in (GroupKind.CROSS_SCHOOL, GroupKind.CROSS_REGION):
        new = NewGroup(name="共同体", kind=kind, unit_id=city.school["id"])
        with pytest.raises(GroupKindOfBureau):
            await create_group(db, city.school_admin.actor, new=new)
    assert await names_seen_by(db, city.city_admin) == []
    of_city = NewGroup(name="共同体", kind=GroupKind.CROSS_REGION, unit_id=city.city["id"])
    await create_group(db, city.city_admin.actor, new=of_city)
    assert await names_seen_by(db, city.city_admin) == ["共同体"]


async def test_a_group_is_renamed_and_keeps_what_is_not_named(db: Connection, city: City) -> None:
    group = await make_group(db, city.school)
    changes = GroupChanges(name="文科教研组", subject=None)
    changed = await update_group(db, city.school_admin.actor, group_id=group["id"], changes=changes)
    assert (changed["name"], changed["kind"]) == ("文科教研组", "teaching_research")
    with pytest.raises(ValueError, match="cannot be null"):
        GroupChanges(name=None)


async def test_a_closed_group_is_in_no_list_of_today_and_its_leader_leads_nothing(
    db: Connection, city: City
) -> None:
    group = await make_group(db, city.school, city.teacher)
    await make_account(db, "leader", Role.GROUP_LEADER, group)
    actor = city.school_admin.actor
    closed = await close_group(db, actor, group_id=group["id"], now=NOW)
    assert closed["closed_on"] == TODAY
    assert await names_seen_by(db, city.school_admin) == []
    gone = await list_groups(db, actor, page=PageRequest(), closed=True)
    assert [row["id"] for row in gone.items] == [group["id"]]
    found = await groups_of(db, actor, unit_ids=[city.school["id"]], page=PageRequest())
    assert found[city.school["id"]].items == []
    grants = "SELECT count(*) FROM role_grant WHERE subject_id = $1 AND superseded_at IS NULL"
    open_grants = f"{grants} AND valid_to IS NULL"
    assert await db._driver.fetchval(open_grants, group["id"]) == 0
    for again in (
        close_group(db, actor, group_id=group["id"], now=NOW),
        update_group(db, actor, group_id=group["id"], changes=GroupChanges(name="新名")),
    ):
        with pytest.raises(GroupClosed):
            await again


async def test_who_leads_a_group_neither_renames_nor_closes_it(db: Connection, city: City) -> None:
    group = await make_group(db, city.school)
    leader = await make_account(db, "leader", Role.GROUP_LEADER, group)
    with pytest.raises(NotAllowed):
        await close_group(db, leader.actor, group_id=group["id"], now=NOW)
    with pytest.raises(NotAllowed):
        await update_group(
            db, leader.actor, group_id=group["id"], changes=GroupChanges(name="新名")
        )
    assert await names_seen_by(db, city.school_admin) == ["语文教研组"]
