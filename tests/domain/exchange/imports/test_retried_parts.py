"""One row that is refused while a part is written: the others of the part are entered as if it were not."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from unittest.mock import patch

import pytest

from app.domain.exchange import imports
from app.domain.exchange.imports import KINDS, Import, ImportSubject, RepairedCell, RowRepair
from app.domain.exchange.imports.kind import Draft
from app.domain.exchange.imports.reasons import RowClashes
from app.domain.exchange.imports.requesting import ImportNotChecked
from app.domain.people.teachers import Teacher
from app.domain.progress import WorkOver, begin_work
from app.jobs.importing import do_import
from app.request import Resources
from app.sql import Connection
from tests.conftest import SharedPool
from tests.domain.exchange.imports.test_kinds import CAREERS_HEAD, GROUPS_HEAD
from tests.domain.exchange.test_imports import Case
from tests.make import NOW, City, id_number
from tests.make_imports import PEOPLE_HEAD, csv, hand_in, work_on


@pytest.fixture
def case(db: Connection, pool: SharedPool, resources: Resources, city: City) -> Case:
    return Case(db, pool, resources, city)


async def test_facts_before_a_refused_one_are_recorded(case: Case) -> None:
    number = id_number()
    line = case.line("张小燕", number, "语文", "小学", "二级教师", "2010-09-01")
    await case.applied(csv(PEOPLE_HEAD + ",起始日期", line))
    content = csv(
        CAREERS_HEAD,
        f"{number},职称,一级教师,,,,,,,2018-09-01,",
        f"{number},岗位,,班主任,,,,,,2020-09-01,",
        f"{number},职称,高级教师,,,,,,,2009-09-01,",
    )
    run = await case.applied(content, subject=ImportSubject.CAREERS)
    assert await case.codes(run) == [[], [], ["rank_not_later"]]
    assert (run["applied"], run["rejects"]) == (2, 1)
    *_, refused = await case.rows(run)
    assert refused["target_id"] is None


async def test_a_group_is_set_up_once_although_a_member_is_refused(case: Case) -> None:
    numbers = [id_number() for _ in range(4)]
    await case.applied(csv(PEOPLE_HEAD, *(case.line("组员", each) for each in numbers)))
    name = case.city.school["name"]
    duties = ("组长", "组长", "组员", "组员")
    content = csv(
        GROUPS_HEAD,
        *(
            f"{name},语文教研组,教研组,语文,组员,{number},{duty},2026-09-01"
            for number, duty in zip(numbers, duties, strict=True)
        ),
    )
    run = await case.applied(content, subject=ImportSubject.GROUPS)
    assert (run["applied"], run["rejects"]) == (3, 1)
    rows = await case.rows(run)
    assert len([row for row in rows if "new_group" in row["after"]]) == 1


async def test_a_check_that_is_done_again_changes_nothing(case: Case) -> None:
    run = await case.checked(csv(PEOPLE_HEAD, case.line("张小燕", id_number())))
    # As after a worker that was killed before it could say that it had done it.
    await do_import(replace(case.held, pool=case.pool), run["id"])
    again = await imports.get_import(case.db, case.actor, import_id=run["id"])
    assert (again["stage"], again["creates"]) == ("checked", 1)


async def test_what_was_cancelled_before_its_first_part_is_not_said_to_be_entered(
    case: Case,
) -> None:
    run = await case.checked(csv(PEOPLE_HEAD, case.line("张小燕", id_number())))
    await imports.apply_import(case.db, case.actor, import_id=run["id"])
    await begin_work(case.db, Import, row_id=run["id"], now=NOW)
    await imports.cancel_import(case.db, case.actor, import_id=run["id"], now=NOW)
    with pytest.raises(WorkOver):
        await do_import(replace(case.held, pool=case.pool), run["id"])
    again = await imports.get_import(case.db, case.actor, import_id=run["id"])
    assert (again["stage"], again["applied_at"]) == ("cancelled", None)


async def test_a_row_repaired_behind_the_mark_is_entered_with_the_rest(case: Case) -> None:
    wrong, school = id_number(), case.city.school["name"]
    content = csv(
        PEOPLE_HEAD, f"李明,{wrong},{school},无此科,小学,",
        *(case.line("张小燕", id_number()) for _ in range(2)),
    )  # fmt: skip
    run = await case.checked(content)
    small = replace(KINDS[ImportSubject.PEOPLE], part=1)
    await imports.apply_import(case.db, case.actor, import_id=run["id"])
    await begin_work(case.db, Import, row_id=run["id"], now=NOW)
    with patch.dict(KINDS, {ImportSubject.PEOPLE: small}):
        assert await imports.apply_part(
            case.db, case.actor, import_id=run["id"], cipher=case.held.cipher, now=NOW
        )
    await imports.cancel_import(case.db, case.actor, import_id=run["id"], now=NOW)
    refused, *_ = await case.rows(run)
    repair = RowRepair(cells=[RepairedCell(column="任教学科", text="语文")])
    await imports.repair_import_row(
        case.db, case.actor, row_id=refused["id"], repair=repair, cipher=case.held.cipher, now=NOW
    )
    await imports.apply_import(case.db, case.actor, import_id=run["id"])
    run = await work_on(case.db, case.held, case.pool, run["id"])
    assert (run["stage"], run["applied"], run["rejects"]) == ("applied", 3, 0)


async def test_a_file_of_which_some_was_taken_back_is_another_import(case: Case) -> None:
    content = csv(PEOPLE_HEAD, *(case.line("张小燕", id_number()) for _ in range(2)))
    run = await case.applied(content)
    await case.db.change(Import, run["id"], {"undone": 1})
    assert (await case.checked(content))["id"] != run["id"]


async def test_a_row_of_what_was_taken_back_is_not_entered_alone(case: Case) -> None:
    school = case.city.school["name"]
    content = csv(
        PEOPLE_HEAD, case.line("张小燕", id_number()), f"李明,{id_number()},{school},无此科,小学,"
    )
    run = await case.applied(content)
    await case.undone(run["id"])
    _, refused = await case.rows(run)
    repair = RowRepair(cells=[RepairedCell(column="任教学科", text="语文")])
    with pytest.raises(ImportNotChecked):
        await imports.repair_import_row(
            case.db, case.actor, row_id=refused["id"], repair=repair, cipher=case.held.cipher,
            now=NOW,
        )  # fmt: skip


async def test_a_header_with_a_character_that_is_none_is_shown_without_it(case: Case) -> None:
    line = json.dumps(
        {"姓名": "张小燕", "证件号码": id_number(), "学校": case.city.school["name"],
         "任教学科": "语文", "任教学段": "小学", "备\0注": "x"}
    )  # fmt: skip
    run = await case.checked(f"{line}\n".encode())
    assert (run["stage"], run["creates"], run["unknown"]) == ("checked", 1, ["备注"])


async def test_who_was_transferred_away_since_keeps_what_the_import_had_changed(
    case: Case,
) -> None:
    number = id_number()
    await case.applied(csv(PEOPLE_HEAD, case.line("张小燕", number)))
    run = await case.applied(csv(PEOPLE_HEAD, case.line("张大燕", number)))
    [row] = await case.rows(run)
    place = {name: case.city.far_school[name] for name in ("city_id", "county_id", "school_id")}
    await case.db.change(Teacher, row["target_id"], place)
    assert (await case.undone(run["id"]))["undone"] == 0
    [row] = await case.rows(run)
    assert (row["state"], [each["code"] for each in row["reasons"]]) == (
        "kept", ["import_changed_since"],
    )  # fmt: skip


async def test_a_reason_is_given_once_however_often_a_part_is_tried(case: Case) -> None:
    """A part that is tried by halves refuses the same row again each time."""
    elsewhere, *others = (id_number() for _ in range(4))
    lines = [case.line("张小燕", number) for number in (elsewhere, *others)]
    run = await case.checked(csv(PEOPLE_HEAD, *lines))
    far = case.city.far_school["name"]
    by = {"unit_id": case.city.city["id"]}
    there = await hand_in(
        case.db, case.held, case.city.city_admin.actor,
        csv(PEOPLE_HEAD, f"张小燕,{elsewhere},{far},语文,小学,一级教师"), **by,
    )  # fmt: skip
    await work_on(case.db, case.held, case.pool, there["id"])
    await imports.apply_import(case.db, case.city.city_admin.actor, import_id=there["id"])
    await work_on(case.db, case.held, case.pool, there["id"])
    people = KINDS[ImportSubject.PEOPLE]

    async def write(db: Connection, actor: Any, ground: Any, drafts: Sequence[Draft]) -> None:
        await people.write(db, actor, ground, drafts)
        if len(drafts) > 2:
            raise RowClashes

    await imports.apply_import(case.db, case.actor, import_id=run["id"])
    with patch.dict(KINDS, {ImportSubject.PEOPLE: replace(people, write=write)}):
        run = await work_on(case.db, case.held, case.pool, run["id"])
    assert await case.codes(run) == [["teacher_exists"], [], [], []]
    assert (run["applied"], run["rejects"]) == (3, 1)
