"""The national teacher system's roster: what it holds, what we hold, and the difference; nothing is written."""

import pytest

from app.domain.errors import DomainError
from app.domain.exchange import imports
from app.domain.exchange.imports import ImportSubject
from app.domain.paging import PageRequest
from app.domain.people.careers import get_career
from app.domain.people.teachers import get_teacher
from app.request import Resources
from app.sql import Connection
from tests.conftest import SharedPool
from tests.domain.exchange.imports.test_kinds import CAREERS_HEAD
from tests.domain.exchange.test_imports import Case
from tests.make import City, id_number
from tests.make_imports import PEOPLE_HEAD, csv

HEAD = (
    "姓名,身份证件号,出生日期,学校名称,任教学科,任教学段,聘任专业技术职务,是否在编,最高学历,"
    "教师资格证种类,定期注册结论"
)
ROSTER: dict[str, ImportSubject] = {"subject": ImportSubject.NATIONAL_ROSTER}
FACTS_HEAD = CAREERS_HEAD.replace(
    ",起始日期", ",资格种类,资格任教学科,注册结论,认定或注册机构,起始日期"
)
PAGE = PageRequest(limit=20)


@pytest.fixture
def case(db: Connection, pool: SharedPool, resources: Resources, city: City) -> Case:
    return Case(db, pool, resources, city)


async def _registered(case: Case, name: str = "张小燕") -> tuple[str, dict[str, object]]:
    number = id_number()
    run = await case.applied(
        csv(
            PEOPLE_HEAD + ",编制,起始日期",
            case.line(name, number, "语文", "小学", "一级教师", "在编", "2020-09-01"),
        )
    )
    [row] = await case.rows(run)
    return number, row


async def test_each_field_is_shown_beside_ours_and_nothing_is_written(case: Case) -> None:
    number, person = await _registered(case)
    facts = csv(
        FACTS_HEAD,
        f"{number},学历,,,,大学本科,毕业,某某师范大学,,,,,,2008-07-01,",
        f"{number},教师资格,,,,,,,,小学教师资格,语文,,某某县教育局,2008-08-01,",
        f"{number},教师资格,,,,,,,,初级中学教师资格,语文,,某某县教育局,2015-08-01,",
        f"{number},定期注册,,,,,,,,,,合格,某某县教育局,2024-09-01,2029-09-01",
    )
    careers = await case.applied(facts, subject=ImportSubject.CAREERS)
    assert (careers["applied"], careers["rejects"]) == (4, 0)
    school = case.city.school["name"]
    same = f"张小燕,{number},1988-03-07,{school},语文,小学,一级教师,是,本科,小学教师资格,注册合格"
    run = await case.checked(csv(HEAD, same), **ROSTER)
    assert (run["unchanged"], await case.codes(run)) == (1, [[]])
    other = f"张晓燕,{number},1988-03-08,某某小学,数学,小学,高级教师,否,大专,高中教师资格,暂缓"
    content = csv(HEAD, other, f"李明,{id_number()},,{school},,,,,,,")
    run = await case.checked(content, **ROSTER)
    assert (run["changes"], run["creates"], run["rejects"]) == (1, 1, 0)
    differs, unknown = await case.rows(run)
    assert differs["before"] == {
        "name": "张小燕", "school": school, "subject": "chinese", "rank": "first_grade",
        "established": "yes", "education": "bachelor", "qualification": ["junior_middle", "primary"],
        "registration": "qualified",
    }  # fmt: skip
    assert differs["after"] == {
        "name": "张晓燕", "school": "某某小学", "subject": "mathematics", "rank": "senior",
        "established": "no", "education": "college", "qualification": "senior_middle",
        "registration": "deferred",
    }  # fmt: skip
    assert [reason["code"] for reason in differs["reasons"]] == ["import_birth_date_differs"]
    assert (unknown["target_id"], unknown["action"]) == (None, "create")
    with pytest.raises(DomainError) as refused:
        await imports.apply_import(case.db, case.actor, import_id=run["id"])
    assert refused.value.code == "import_only_compares"
    teacher = await get_teacher(case.db, case.actor, teacher_id=person["target_id"])  # type: ignore[arg-type]
    assert (teacher["name"], teacher["rank"]) == ("张小燕", "first_grade")
    career = await get_career(case.db, case.actor, teacher_id=person["target_id"])  # type: ignore[arg-type]
    assert [each["conclusion"] for each in career["registrations"]] == ["qualified"]


async def test_people_of_other_places_are_held_by_nobody_here(case: Case) -> None:
    number, _ = await _registered(case)
    case.actor, case.unit_id = case.city.other_county_admin.actor, case.city.other_county["id"]
    run = await case.checked(csv(HEAD, f"张小燕,{number},,,,,,,,,"), **ROSTER)
    [row] = await case.rows(run)
    assert (row["action"], row["target_id"], row["reasons"]) == ("create", None, [])


async def test_whom_a_full_roster_lacks_is_listed(case: Case) -> None:
    first, _ = await _registered(case, "甲老师")
    await _registered(case, "乙老师")
    school = case.city.school["name"]
    content = csv(HEAD, f"甲老师,{first},,{school},,,,,,,")
    run = await case.checked(content, full_roster=True, **ROSTER)
    listed = await imports.list_missing_people(case.db, case.actor, import_id=run["id"], page=PAGE)
    names = [row["name"] for row in listed.items]
    assert "乙老师" in names
    assert "甲老师" not in names
    assert run["missing"] == len(names)
    assert {row["school_id"] for row in listed.items} == {case.city.school["id"]}
    alone = await case.checked(csv(HEAD, f"甲老师,{first},,{school},语文,,,,,,"), **ROSTER)
    with pytest.raises(DomainError) as refused:
        await imports.list_missing_people(case.db, case.actor, import_id=alone["id"], page=PAGE)
    assert refused.value.code == "import_no_full_roster"


async def test_a_part_costs_the_same_statements_however_many_are_compared(case: Case) -> None:
    costs = []
    for count in (2, 8):
        numbers = [(await _registered(case, f"{count}师{n}"))[0] for n in range(count)]
        lines = (f"{count}师{n},{number},,,,,,,,," for n, number in enumerate(numbers))
        before = case.db.statements
        run = await case.checked(csv(HEAD, *lines), **ROSTER)
        costs.append(case.db.statements - before)
        assert run["unchanged"] == count
    assert costs[0] == costs[1]
