"""Training attended elsewhere: schools' lists, and holiday study on the national platform."""

import pytest

from app.domain.exchange import imports
from app.domain.exchange.imports import ImportSubject, RepairedCell, RowRepair
from app.domain.paging import PageRequest
from app.domain.people.identity import check_digit
from app.domain.training.outside_training import (
    OutsideTrainingState,
    confirm_outside_training,
    get_outside_training,
    list_outside_trainings,
)
from app.request import Resources
from app.sql import Connection
from tests.conftest import SharedPool
from tests.domain.exchange.test_imports import Case
from tests.make import NOW, City, id_number
from tests.make_evidence import make_file
from tests.make_imports import PEOPLE_HEAD, csv

LIST_HEAD = "姓名,身份证号,培训名称,主办单位,级别,活动形式,研修方式,培训渠道,开始日期,结束日期,学时,证书编号"
LISTED = "省级骨干教师培训,省教师发展中心,省级,讲座,集中研修,脱产培训,2026-07-01,2026-07-05,{hours},{cert}"
STUDY_HEAD = "教师姓名,证件号码,工作单位,研修专题,获得学时,完成日期,电子证书编号,电子证书"
STUDY = "2026年暑期教师研修,10,2026-08-31"
LIST: dict[str, ImportSubject] = {"subject": ImportSubject.OUTSIDE_TRAINING}
NATIONAL: dict[str, ImportSubject] = {"subject": ImportSubject.NATIONAL_STUDY}
PAGE = PageRequest(limit=20)


class Outside(Case):
    """A school's administrator with lists of what its teachers attended elsewhere."""

    async def person(self, name: str, school: str | None = None, number: str | None = None) -> str:
        """Somebody entered at the school; the number."""
        number, actor, unit_id = number or id_number(), self.actor, self.unit_id
        self.actor, self.unit_id = self.city.county_admin.actor, self.city.county["id"]
        place = school or self.city.school["name"]
        await self.applied(csv(PEOPLE_HEAD, f"{name},{number},{place},语文,小学,一级教师"))
        self.actor, self.unit_id = actor, unit_id
        return number


@pytest.fixture
def case(db: Connection, pool: SharedPool, resources: Resources, city: City) -> Outside:
    made = Outside(db, pool, resources, city)
    made.actor, made.unit_id = city.school_admin.actor, city.school["id"]
    return made


def listed(name: str, number: str, hours: str = "40", cert: str = "SJ-1") -> str:
    return f"{name},{number},{LISTED.format(hours=hours, cert=cert)}"


async def test_a_list_is_stated_and_waits_for_confirmation(case: Outside) -> None:
    number = await case.person("甲老师")
    run = await case.applied(csv(LIST_HEAD, listed("甲老师", number)), **LIST)
    [row] = await case.rows(run)
    stated = await get_outside_training(case.db, case.actor, training_id=row["target_id"])
    assert (stated["state"], str(stated["hours"]), stated["level"]) == (
        "stated",
        "40.00",
        "province",
    )
    again = await case.checked(csv(LIST_HEAD, listed("甲老师", number), ""), **LIST, overwrite=True)
    assert (again["unchanged"], again["rejects"]) == (1, 0)
    differs = await case.checked(csv(LIST_HEAD, listed("甲老师", number, "30")), **LIST)
    assert await case.codes(differs) == [["import_training_differs"]]
    run = await case.undone(run["id"])
    assert run["undone"] == 1
    gone = await get_outside_training(case.db, case.actor, training_id=row["target_id"])
    assert gone["state"] == OutsideTrainingState.WITHDRAWN
    # What was withdrawn may be stated anew.
    assert (await case.applied(csv(LIST_HEAD, listed("甲老师", number)), **LIST))["applied"] == 1


async def test_what_was_confirmed_is_no_longer_taken_back(case: Outside) -> None:
    first, second = await case.person("甲老师"), await case.person("乙老师")
    content = csv(LIST_HEAD, listed("甲老师", first), listed("乙老师", second, cert="SJ-2"))
    run = await case.applied(content, **LIST)
    kept, _ = await case.rows(run)
    await confirm_outside_training(case.db, case.actor, training_id=kept["target_id"], now=NOW)
    run = await case.undone(run["id"])
    assert (run["undone"], await case.codes(run)) == (1, [["outside_training_settled"], []])


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        (",40,", ",500,", "import_row_unfit"),
        ("2026-07-05", "2026-06-05", "import_row_unfit"),
        ("2026-07-01,2026-07-05", "2099-07-01,2099-07-05", "outside_training_not_over"),
        ("省级,", "宇宙级,", "import_cell_unfit"),
        ("甲老师,", "丙老师,", "import_person_name_differs"),
    ],
)
async def test_what_the_noun_refuses_is_set_apart(
    case: Outside, before: str, after: str, code: str
) -> None:
    number = await case.person("甲老师")
    line = listed("甲老师", number).replace(before, after)
    run = await case.checked(csv(LIST_HEAD, line), **LIST)
    assert await case.codes(run) == [[code]]


async def test_holiday_study_is_matched_by_person_and_never_guessed(case: Outside) -> None:
    first, twin, other_twin = [
        await case.person(name) for name in ("甲老师", "双名老师", "双名老师")
    ]
    stranger = await case.person("外校老师", case.city.sibling["name"])
    file = await make_file(case.db, case.city.school, case.city.school_admin, name="甲老师证书.pdf")
    masked = f"{first[:4]}**********{first[-4:]}"
    content = csv(
        STUDY_HEAD,
        f"甲老师,{masked},,{STUDY},GJ1,甲老师证书.pdf",
        f"双名老师,,{case.city.school['name']},{STUDY},GJ2,",
        f"外校老师,{stranger[-4:]},,{STUDY},GJ3,",
        f"双名老师,{twin[-6:]},,{STUDY},GJ4,没有的证书.pdf",
        f"甲老师,{masked[:-1]}?,,{STUDY},GJ5,",
        f",{first[-4:]},,{STUDY},GJ6,",
    )
    run = await case.applied(content, **NATIONAL)
    assert await case.codes(run) == [
        [], ["import_person_unnamed"], ["import_person_not_found"],
        ["import_certificate_file_unknown"], ["import_person_not_found"], ["import_person_unnamed"],
    ]  # fmt: skip
    [stated] = (await list_outside_trainings(case.db, case.actor, page=PAGE)).items
    assert (stated["organiser"], stated["level"], stated["channel"]) == (
        "国家智慧教育公共服务平台", "national", "online",
    )  # fmt: skip
    assert (stated["certificate_number"], stated["file_id"]) == ("GJ1", file["id"])
    rows = await case.rows(run)
    assert first not in str(rows)
    # The number settles who is meant; the row is repaired, and entered.
    cells = [RepairedCell(column="证件号码", text=other_twin)]
    repaired = await imports.repair_import_row(
        case.db, case.actor, row_id=rows[1]["id"], repair=RowRepair(cells=cells),
        cipher=case.held.cipher, now=NOW,
    )  # fmt: skip
    assert (repaired["action"], repaired["state"]) == ("create", "applied")


async def test_two_of_one_name_and_one_tail_are_both_left_out(case: Outside) -> None:
    number = await case.person("甲老师")
    bodies = (f"100000{1970 + year}0101{number[14:17]}" for year in range(30))
    twin = next(body + check_digit(body) for body in bodies if check_digit(body) == number[-1])
    assert await case.person("甲老师", number=twin) != number
    run = await case.checked(csv(STUDY_HEAD, f"甲老师,{number[-4:]},,{STUDY},GJ1,"), **NATIONAL)
    assert await case.codes(run) == [["import_person_ambiguous"]]


async def test_endings_are_not_tried_out(case: Outside) -> None:
    number = await case.person("甲老师")
    others = [f"{each:04}" for each in range(20) if f"{each:04}" != number[-4:]][:5]
    lines = [f"甲老师,{end},,{STUDY},GJ{end}," for end in (number[-4:], *others)]
    few = await case.checked(csv(STUDY_HEAD, *lines[:5]), **NATIONAL)
    assert await case.codes(few) == [[], *[["import_person_not_found"]] * 4]
    many = await case.checked(csv(STUDY_HEAD, *lines), **NATIONAL)
    assert await case.codes(many) == [["import_person_guessed"]] * 6


async def test_a_certificate_is_of_one_person(case: Outside) -> None:
    first, second = await case.person("甲老师"), await case.person("乙老师")
    content = csv(STUDY_HEAD, f"甲老师,{first},,{STUDY},GJ1,", f"乙老师,{second},,{STUDY},GJ1,")
    run = await case.applied(content, **NATIONAL)
    assert await case.codes(run) == [[], ["import_certificate_of_another"]]
    again = await case.checked(csv(STUDY_HEAD, f"乙老师,{second},,{STUDY},GJ1,"), **NATIONAL)
    assert await case.codes(again) == [["import_certificate_of_another"]]


async def test_a_part_costs_the_same_statements_however_many_studied(case: Outside) -> None:
    costs = []
    for count in (2, 8):
        people = [(f"{count}师{n}", await case.person(f"{count}师{n}")) for n in range(count)]
        lines = (f"{name},{number},,{STUDY},C{number}," for name, number in people)
        before = case.db.statements
        run = await case.applied(csv(STUDY_HEAD, *lines), **NATIONAL)
        costs.append(case.db.statements - before)
        assert run["applied"] == count
    assert costs[0] == costs[1]
