"""The kinds of files: units, careers, groups with members."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from app.domain.exchange import imports
from app.domain.exchange.imports import ImportSubject
from app.domain.organisation.unit_codes import CodeEnd, void_code
from app.domain.organisation.units import get_unit
from app.domain.paging import PageRequest
from app.domain.people.careers import get_career
from app.domain.training.groups import get_group
from app.domain.training.members import list_members
from app.request import Resources, now
from app.sql import Connection, Statement
from tests.conftest import SharedPool
from tests.domain.exchange.test_imports import Case
from tests.make import NOW, City, id_number
from tests.make_imports import PEOPLE_HEAD, csv, work_on

DAY = timedelta(days=1)
UNITS_HEAD = "单位名称,单位代码,上级单位,层级,学段,城乡分类"
CAREERS_HEAD = "证件号码,类别,职称,岗位,任职学校,学历层次,修业情况,院校,专业,起始日期,终止日期"
GROUPS_HEAD = "所属单位,教研组名称,类型,学科,姓名,证件号码,职责,加入日期"


@pytest.fixture
def case(db: Connection, pool: SharedPool, resources: Resources, city: City) -> Case:
    return Case(db, pool, resources, city)


async def test_units_are_set_up_below_units_of_the_same_file(case: Case) -> None:
    case.actor, case.unit_id = case.city.city_admin.actor, case.city.city["id"]
    content = csv(
        UNITS_HEAD,
        "新城区教育局,,,区县,,",
        "新城一小,2161000001,新城区教育局,学校,小学,城区",
        "新城二小,2161000001,新城区教育局,学校,小学,城区",
        "无上级小学,,没有的局,学校,小学,",
        "学段不明小学,,新城区教育局,学校,大学,",
    )
    run = await case.applied(content, subject=ImportSubject.UNITS)
    assert (run["applied"], run["rejects"]) == (2, 3)
    assert await case.codes(run) == [
        [], [], ["import_row_repeated"], ["import_unit_unknown"], ["import_cell_unfit"],
    ]  # fmt: skip
    county, school, *_ = await case.rows(run)
    unit = await get_unit(case.db, case.actor, unit_id=school["target_id"])
    assert (unit["parent_id"], unit["code"]) == (county["target_id"], "2161000001")
    renamed = csv(UNITS_HEAD, "新城第一小学,2161000001,新城区教育局,学校,小学、初中,城区")
    run = await case.applied(renamed, subject=ImportSubject.UNITS)
    [row] = await case.rows(run)
    assert row["after"] == {
        "name": "新城第一小学", "stages": ["junior_secondary", "primary"],
    }  # fmt: skip
    run = await case.undone(run["id"])
    unit = await get_unit(case.db, case.actor, unit_id=school["target_id"])
    assert (unit["name"], unit["stages"], run["undone"]) == ("新城一小", ["primary"], 1)


async def test_careers_are_recorded_corrected_and_taken_back(case: Case) -> None:
    number = id_number()
    people = await case.applied(
        csv(
            PEOPLE_HEAD + ",起始日期",
            case.line("张小燕", number, "语文", "小学", "二级教师", "2010-09-01"),
        )
    )
    [person] = await case.rows(people)
    content = csv(
        CAREERS_HEAD,
        f"{number},职称,一级教师,,,,,,,2018年9月1日,",
        f"{number},岗位,,班主任,,,,,,2020/9/1,",
        f"{number},学历,,,,大学本科,毕业,某某师范大学,汉语言文学,20080701,",
        f"{number},职称,,,,,,,,2019-09-01,",
        f"{id_number()},职称,一级教师,,,,,,,2018-09-01,",
    )
    run = await case.applied(content, subject=ImportSubject.CAREERS)
    assert await case.codes(run) == [
        [], [], [], ["import_row_unfit"], ["import_person_unknown"],
    ]  # fmt: skip
    career = await get_career(case.db, case.actor, teacher_id=person["target_id"])
    assert [(rank["rank"], rank["valid_to"]) for rank in career["ranks"]] == [
        ("second_grade", date(2018, 9, 1)), ("first_grade", None),
    ]  # fmt: skip
    assert "class_head" in [post["post"] for post in career["posts"]]
    assert career["education"][0]["institution"] == "某某师范大学"
    again = csv(CAREERS_HEAD, f"{number},学历,,,,大学本科,结业,某某师范大学,汉语言文学,20080701,")
    changed = await case.applied(again, subject=ImportSubject.CAREERS)
    [row] = await case.rows(changed)
    assert (row["before"], row["after"]) == ({"study": "graduated"}, {"study": "completed"})
    assert (await case.undone(changed["id"]))["undone"] == 1
    run = await case.undone(run["id"])
    career = await get_career(case.db, case.actor, teacher_id=person["target_id"])
    assert [rank["rank"] for rank in career["ranks"]] == ["second_grade"]
    # What the second import had corrected, and what was then given back, is another fact by now.
    assert run["undone"] == 2


async def test_groups_come_with_their_members(case: Case) -> None:
    head, member = id_number(), id_number()
    await case.applied(csv(PEOPLE_HEAD, case.line("组长", head), case.line("组员", member)))
    name = case.city.school["name"]
    content = csv(
        GROUPS_HEAD,
        f"{name},语文教研组,教研组,语文,组长,{head},组长,2026-09-01",
        f"{name},语文教研组,教研组,语文,组员,{member},组员,2026-09-01",
        f"{name},语文教研组,教研组,语文,某人,{id_number()},组员,2026-09-01",
        f"{name},数学教研组,教研组,数学,,,,",
    )
    run = await case.applied(content, subject=ImportSubject.GROUPS)
    assert (run["applied"], run["rejects"]) == (3, 1)
    first, second, _, fourth = await case.rows(run)
    group_id = first["after"]["new_group"]
    assert fourth["after"]["new_group"] == str(fourth["target_id"])
    page = PageRequest(limit=10)
    members = await list_members(case.db, case.actor, group_id=group_id, page=page, now=NOW)
    assert [row["duty"] for row in members.items] == ["head", "member"]
    unchanged = await case.checked(
        csv(GROUPS_HEAD, f"{name},语文教研组,教研组,语文,组员,{member},组员,2026-09-01"),
        subject=ImportSubject.GROUPS,
    )
    assert unchanged["unchanged"] == 1
    run = await case.undone(run["id"])
    assert run["undone"] == 3
    with pytest.raises(Exception, match="no such group"):
        await get_group(case.db, case.actor, group_id=fourth["target_id"])
    assert second["target_id"] is not None


async def test_groups_that_are_taken_back_are_gone_for_the_feed(case: Case) -> None:
    number = id_number()
    await case.applied(csv(PEOPLE_HEAD, case.line("组长", number)))
    line = f"{case.city.school['name']},新设教研组,教研组,语文,组长,{number},组长,2026-09-01"
    run = await case.applied(csv(GROUPS_HEAD, line), subject=ImportSubject.GROUPS)
    [row] = await case.rows(run)
    assert (await case.undone(run["id"]))["undone"] == 1
    departed = Statement(
        text("SELECT kind, thing_id, left_school_id FROM departure WHERE kind LIKE 'group%'")
    )
    school_id = case.city.school["id"]
    assert await case.db.all(departed) == [
        {"kind": "group_member", "thing_id": row["target_id"], "left_school_id": school_id},
        {"kind": "group", "thing_id": UUID(row["after"]["new_group"]), "left_school_id": school_id},
    ]


async def test_a_part_of_groups_costs_the_same_statements_however_many_join(case: Case) -> None:
    name, costs = case.city.school["name"], []
    for count in (2, 20):
        numbers = [id_number() for _ in range(count)]
        await case.applied(csv(PEOPLE_HEAD, *(case.line("组员", each) for each in numbers)))
        duties = ["组长", *["组员"] * (count - 1)]
        lines = [
            f"{name},教研组{count},教研组,语文,组员,{number},{duty},2026-09-01"
            for number, duty in zip(numbers, duties, strict=True)
        ]
        lines += [f"{name},空组{count}的{n},教研组,数学,,,," for n in range(count)]
        # The same members again: their group is of another subject now.
        again = [line.replace("教研组,语文", "教研组,数学") for line in lines]
        for content, done in ((lines, 2 * count), (again, count)):
            before = case.db.statements
            run = await case.applied(csv(GROUPS_HEAD, *content), subject=ImportSubject.GROUPS)
            costs.append(case.db.statements - before)
            assert (run["applied"], run["rejects"]) == (done, 0)
    assert costs[:2] == costs[2:]


async def test_a_part_of_units_costs_the_same_statements_however_many_are_set_up(
    case: Case,
) -> None:
    case.actor, case.unit_id = case.city.city_admin.actor, case.city.city["id"]
    costs = []
    for number, count in enumerate((2, 20)):
        code = 2161000001 + 100 * number
        schools = [
            f"第{number}区{n}小,{code + n},第{number}区教育局,学校,小学,城区" for n in range(count)
        ]
        content = csv(UNITS_HEAD, f"第{number}区教育局,,,区县,,", *schools)
        before = case.db.statements
        run = await case.applied(content, subject=ImportSubject.UNITS)
        costs.append(case.db.statements - before)
        assert (run["applied"], run["rejects"]) == (count + 1, 0)
        _, first, *_ = await case.rows(run)
        unit = await get_unit(case.db, case.actor, unit_id=first["target_id"])
        assert (unit["code"], unit["location"]) == (str(code), "urban")
    assert costs[0] == costs[1]


async def test_a_part_of_units_costs_the_same_statements_however_many_are_changed(
    case: Case,
) -> None:
    """Names, codes, stages and places, one way and back."""
    case.actor, case.unit_id = case.city.city_admin.actor, case.city.city["id"]
    costs = []
    for number, count in enumerate((2, 20)):
        above, first = f"第{number}区教育局", 2161000001 + 100 * number
        schools = [f"第{number}区{n}小,,{above},学校,小学,城区" for n in range(count)]
        await case.applied(
            csv(UNITS_HEAD, f"{above},,,区县,,", *schools), subject=ImportSubject.UNITS
        )
        coded = [f"第{number}区{n}小,{first + n},,学校,小学,城区" for n in range(count)]
        changed = [f"第{number}区第{n}小学,{first + n},,学校,小学、初中,镇区" for n in range(count)]
        before = case.db.statements
        run = await case.applied(
            csv(UNITS_HEAD, *_below(coded, above)), subject=ImportSubject.UNITS
        )
        assert (run["applied"], run["rejects"]) == (count, 0)
        run = await case.applied(
            csv(UNITS_HEAD, *_below(changed, above)), subject=ImportSubject.UNITS
        )
        assert (run["applied"], run["rejects"]) == (count, 0)
        *_, row = await case.rows(run)
        unit = await get_unit(case.db, case.actor, unit_id=row["target_id"])
        assert (unit["name"], unit["location"]) == (f"第{number}区第{count - 1}小学", "town")
        assert unit["stages"] == ["junior_secondary", "primary"]
        run = await case.undone(run["id"])
        unit = await get_unit(case.db, case.actor, unit_id=row["target_id"])
        assert (unit["name"], unit["location"]) == (f"第{number}区{count - 1}小", "urban")
        assert (unit["stages"], unit["code"]) == (["primary"], str(first + count - 1))
        assert run["undone"] == count
        costs.append(case.db.statements - before)
    assert costs[0] == costs[1]


def _below(lines: list[str], above: str) -> list[str]:
    """These lines with their superior named."""
    return [line.replace(",,学校", f",{above},学校") for line in lines]


async def test_of_changes_of_units_those_go_through_that_can(case: Case) -> None:
    """One is to take a code that is void by then, and one row is about a unit of an earlier one."""
    case.actor, case.unit_id = case.city.city_admin.actor, case.city.city["id"]
    above = case.city.county["name"]
    names = ["新一小", "新二小", "新三小"]
    made = [f"{name},216100000{n},{above},学校,小学,城区" for n, name in enumerate(names)]
    run = await case.applied(
        csv(UNITS_HEAD, *made, f"新四小,,{above},学校,小学,城区"), subject=ImportSubject.UNITS
    )
    fourth = (await case.rows(run))[3]["target_id"]
    content = csv(
        UNITS_HEAD,
        f"改一小,2161000000,{above},学校,小学,城区",
        f"新二小,2161000001,{above},学校,初中,城区",
        f"新四小,2161000009,{above},学校,小学,城区",
        f"新一小,,{above},学校,高中,城区",
    )
    run = await case.checked(content, subject=ImportSubject.UNITS)
    assert (run["changes"], run["rejects"]) == (3, 1)
    other = csv(UNITS_HEAD, f"另一小学,2161000009,{above},学校,小学,城区")
    there = await case.applied(other, subject=ImportSubject.UNITS)
    [row] = await case.rows(there)
    unit_id = row["target_id"]
    await void_code(case.db, case.actor, unit_id=unit_id, end=CodeEnd(), now=now() + DAY)
    await imports.apply_import(case.db, case.actor, import_id=run["id"])
    run = await work_on(case.db, case.held, case.pool, run["id"])
    assert (run["applied"], run["rejects"]) == (2, 2)
    codes = await case.codes(run)
    assert codes[3] == ["import_row_repeated"]
    assert codes[:2] == [[], []]
    unit = await get_unit(case.db, case.actor, unit_id=fourth)
    assert (unit["name"], unit["code"]) == ("新四小", None)


async def test_of_rows_that_cannot_be_set_up_the_others_are(case: Case) -> None:
    """A code that another unit bears by now, and one row below a superior that comes to nothing."""
    case.actor, case.unit_id = case.city.city_admin.actor, case.city.city["id"]
    content = csv(
        UNITS_HEAD,
        "新城区教育局,610199,,区县,,",
        "新城一小,2161000001,新城区教育局,学校,小学,城区",
        "新城二小,2161000002,新城区教育局,学校,小学,城区",
    )
    run = await case.checked(content, subject=ImportSubject.UNITS)
    assert run["creates"] == 3
    other = csv(UNITS_HEAD, f"另一小学,2161000002,{case.city.county['name']},学校,小学,城区")
    await case.applied(other, subject=ImportSubject.UNITS)
    await imports.apply_import(case.db, case.actor, import_id=run["id"])
    run = await work_on(case.db, case.held, case.pool, run["id"])
    assert (run["applied"], run["rejects"]) == (2, 1)
    assert await case.codes(run) == [[], [], ["import_unit_elsewhere"]]
    named = Statement(text("SELECT name FROM unit WHERE name LIKE '%小学' OR name LIKE '新城%'"))
    names = {row["name"] for row in await case.db.all(named)}
    assert {"另一小学", "新城一小"} <= names
    assert "新城二小" not in names
