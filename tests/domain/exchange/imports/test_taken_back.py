"""Large imports corrected and taken back: in sets, with the outcome of each row by itself."""

import pytest
from sqlalchemy import Uuid, bindparam, text

from app.domain.errors import NotFound
from app.domain.exchange.imports import ImportSubject
from app.domain.organisation.units import get_unit
from app.domain.people.careers import get_career
from app.request import Resources
from app.sql import Connection, Statement
from tests.conftest import SharedPool
from tests.domain.exchange.imports.test_kinds import CAREERS_HEAD, UNITS_HEAD
from tests.domain.exchange.test_imports import Case
from tests.make import City, id_number
from tests.make_imports import PEOPLE_HEAD, csv


@pytest.fixture
def case(db: Connection, pool: SharedPool, resources: Resources, city: City) -> Case:
    return Case(db, pool, resources, city)


async def test_careers_cost_the_same_statements_however_many_are_corrected_or_taken_back(
    case: Case,
) -> None:
    """New facts, corrected ones, the corrections given back, and what ended others withdrawn."""
    costs = []
    for count in (2, 20):
        numbers = [id_number() for _ in range(count)]
        people = [
            case.line("张小燕", each, "语文", "小学", "二级教师", "2010-09-01") for each in numbers
        ]
        entered = await case.rows(await case.applied(csv(PEOPLE_HEAD + ",起始日期", *people)))
        lines = [f"{each},职称,一级教师,,,,,,,2018-09-01," for each in numbers]
        lines += [
            f"{each},学历,,,,大学本科,毕业,某某师范大学,汉语言文学,20080701," for each in numbers
        ]
        again = [
            f"{each},学历,,,,大学本科,结业,某某师范大学,汉语言文学,20080701," for each in numbers
        ]
        before = case.db.statements
        run = await case.applied(csv(CAREERS_HEAD, *lines[:count]), subject=ImportSubject.CAREERS)
        await case.applied(csv(CAREERS_HEAD, *lines[count:]), subject=ImportSubject.CAREERS)
        change = await case.applied(csv(CAREERS_HEAD, *again), subject=ImportSubject.CAREERS)
        assert (change["changes"], change["applied"]) == (count, count)
        assert (await case.undone(change["id"]))["undone"] == count
        assert (await case.undone(run["id"]))["undone"] == count
        costs.append(case.db.statements - before)
        for person in entered:
            teacher_id = person["target_id"]
            career = await get_career(case.db, case.actor, teacher_id=teacher_id)
            assert [(each["rank"], each["valid_to"]) for each in career["ranks"]] == [
                ("second_grade", None)
            ]
            assert [each["study"] for each in career["education"]] == ["graduated"]
    assert costs[0] == costs[1]


async def test_of_careers_taken_back_those_believed_no_more_stay(case: Case) -> None:
    numbers = [id_number() for _ in range(5)]
    await case.applied(csv(PEOPLE_HEAD, *(case.line("张小燕", each) for each in numbers)))
    lines = [f"{each},学历,,,,大学本科,毕业,某某师范大学,汉语言文学,20080701," for each in numbers]
    run = await case.applied(csv(CAREERS_HEAD, *lines), subject=ImportSubject.CAREERS)
    other = f"{numbers[2]},学历,,,,大学本科,结业,某某师范大学,汉语言文学,20080701,"
    await case.applied(csv(CAREERS_HEAD, other), subject=ImportSubject.CAREERS)
    run = await case.undone(run["id"])
    rows = await case.rows(run)
    assert [row["state"] for row in rows] == ["undone", "undone", "kept", "undone", "undone"]
    assert [reason["code"] for reason in rows[2]["reasons"]] == ["import_changed_since"]
    for row, left in zip(rows, [0, 0, 1, 0, 0], strict=True):
        fact = Statement(
            text(
                "SELECT count(*) FROM teacher_education f JOIN teacher_education own USING (teacher_id)"
                " WHERE own.id = :fact_id AND f.superseded_at IS NULL"
            ).bindparams(bindparam("fact_id", type_=Uuid))
        )
        assert await case.db.value(fact, fact_id=row["target_id"]) == left


async def test_units_that_are_taken_back_go_with_all_that_was_said_of_them(case: Case) -> None:
    """Below a bureau of the same file, with a code and a class; but for the school that has somebody."""
    case.actor, case.unit_id = case.city.city_admin.actor, case.city.city["id"]
    content = csv(
        UNITS_HEAD,
        "新城区教育局,610199,,区县,,",
        "新城一小,2161000001,新城区教育局,学校,小学,城区",
        "新城二小,2161000002,新城区教育局,学校,小学,城区",
        f"河边小学,2161000003,{case.city.county['name']},学校,小学,乡村",
    )
    run = await case.applied(content, subject=ImportSubject.UNITS)
    _, first, second, _ = await case.rows(run)
    person = f"张小燕,{id_number()},新城一小,语文,小学,二级教师"
    assert (await case.applied(csv(PEOPLE_HEAD, person)))["applied"] == 1
    run = await case.undone(run["id"])
    rows = await case.rows(run)
    # The bureau stays, since the school below it does.
    assert [row["state"] for row in rows] == ["kept", "kept", "undone", "undone"]
    unit = await get_unit(case.db, case.actor, unit_id=first["target_id"])
    assert (unit["code"], unit["location"]) == ("2161000001", "urban")
    with pytest.raises(NotFound):
        await get_unit(case.db, case.actor, unit_id=second["target_id"])
    left = Statement(
        text("SELECT count(*) FROM unit_code WHERE code IN ('2161000002', '2161000003')")
    )
    assert await case.db.value(left) == 0
