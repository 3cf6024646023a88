import asyncio

import pytest

from app.database.pool import Pool
from app.domain.errors import NotAllowed
from app.domain.organisation.units import NotASchool, UnitNotFound
from app.domain.paging import PageRequest
from app.domain.training.group_defaults import (
    create_default_groups,
    list_group_defaults,
    list_schools_without_default_group,
)
from app.domain.training.groups import GroupKind, ResearchGroup, list_groups
from app.request import Resources
from app.sql import Connection, new_id
from tests.make import City, make_city, make_group


async def lacking(db: Connection, city: City) -> list[str]:
    page = await list_schools_without_default_group(db, city.county_admin.actor, page=PageRequest())
    return [row["name"] for row in page.items]


async def test_a_primary_school_rests_on_its_grade_groups(db: Connection, city: City) -> None:
    actor, unit_id = city.school_admin.actor, city.school["id"]
    await make_group(db, city.school)
    [line] = await list_group_defaults(db, actor, unit_id=unit_id)
    assert (line["stage"], line["kind"]) == ("primary", GroupKind.GRADE)
    assert (line["schools"], line["followed"]) == (1, 0)
    assert line["article"].endswith("第十四条")
    made = await create_default_groups(db, actor, unit_id=unit_id)
    assert sorted(row["name"] for row in made) == sorted(
        f"{grade}年级组" for grade in "一二三四五六"
    )
    assert {(row["kind"], row["stage"], row["school_id"]) for row in made} == {
        ("grade", "primary", unit_id)
    }
    [line] = await list_group_defaults(db, actor, unit_id=unit_id)
    assert (line["schools"], line["followed"]) == (1, 1)
    assert await create_default_groups(db, actor, unit_id=unit_id) == []


async def test_a_county_sees_which_schools_lack_theirs(db: Connection, city: City) -> None:
    assert await lacking(db, city) == ["甲县第一小学", "甲县第二小学"]
    before = db.statements
    [line] = await list_group_defaults(db, city.county_admin.actor, unit_id=city.county["id"])
    assert db.statements - before == 2
    assert (line["schools"], line["followed"]) == (2, 0)
    await create_default_groups(db, city.county_admin.actor, unit_id=city.school["id"])
    assert await lacking(db, city) == ["甲县第二小学"]
    of_other_stage = {
        "id": new_id(), "name": "年级组", "kind": "grade", "stage": "junior_secondary",
        "city_id": city.city["id"], "county_id": city.county["id"],
        "school_id": city.sibling["id"],
    }  # fmt: skip
    await db.insert(ResearchGroup, of_other_stage)
    assert await lacking(db, city) == ["甲县第二小学"]


async def test_a_secondary_school_rests_on_a_group_for_each_subject_taught(
    db: Connection, city: City
) -> None:
    await db._driver.execute(
        "UPDATE unit SET stages = '{junior_secondary,senior_secondary}' WHERE id = $1",
        city.direct_school["id"],
    )
    await db._driver.execute(
        "UPDATE teacher SET stage = 'senior_secondary', subject = 'physics' WHERE id = $1",
        city.direct_teacher["id"],
    )
    made = await create_default_groups(db, city.city_admin.actor, unit_id=city.direct_school["id"])
    assert {(row["name"], row["kind"], row["subject"]) for row in made} == {
        ("教研组", "teaching_research", None),
        ("物理备课组", "lesson_planning", "physics"),
    }


async def test_only_who_sets_up_groups_sets_up_these(db: Connection, city: City) -> None:
    with pytest.raises(UnitNotFound):
        await create_default_groups(db, city.sibling_admin.actor, unit_id=city.school["id"])
    with pytest.raises(NotAllowed):
        await create_default_groups(db, city.auditor.actor, unit_id=city.school["id"])
    with pytest.raises(NotASchool):
        await create_default_groups(db, city.county_admin.actor, unit_id=city.county["id"])
    assert (await list_groups(db, city.city_admin.actor, page=PageRequest())).items == []


async def test_two_who_ask_at_once_set_them_up_once(real_pool: Pool, resources: Resources) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)

    async def ask() -> int:
        async with real_pool.transaction() as db:
            made = await create_default_groups(
                db, city.school_admin.actor, unit_id=city.school["id"]
            )
            return len(made)

    assert sorted(await asyncio.gather(ask(), ask())) == [0, 6]
