"""Imports: a file is looked at first, entered part by part, taken back."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from unittest.mock import patch
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.errors import DomainError, NotFound
from app.domain.exchange import imports
from app.domain.exchange.imports import KINDS, Import, ImportSubject, RepairedCell, RowRepair
from app.domain.people.personal_data import Look
from app.domain.people.teachers import get_teacher
from app.domain.people.teachers.correcting import TeacherCorrection, correct_teacher
from app.domain.progress import begin_work
from app.request import Resources
from app.sql import Connection, Row, Statement
from tests.conftest import SharedPool
from tests.make import NOW, City, id_number
from tests.make_imports import PEOPLE_HEAD, csv, hand_in, rows_of, work_on


def a_line(name: str, number: str, school: str, *more: str) -> str:
    return ",".join([name, number, school, *(more or ("语文", "小学", "一级教师"))])


async def test_people_are_entered_after_a_look(
    db: Connection, pool: SharedPool, resources: Resources, city: City
) -> None:
    actor, school = city.county_admin.actor, city.school
    number = id_number()
    content = csv(
        PEOPLE_HEAD, a_line("张小燕", number, school["name"]), a_line("李", "1", "无此校")
    )
    run = await hand_in(db, resources, actor, content, unit_id=city.county["id"])
    assert (run["stage"], run["state"]) == ("received", "waiting")
    run = await work_on(db, resources, pool, run["id"])
    assert run["failure_code"] is None
    assert (run["stage"], run["state"], run["done"]) == ("checked", "done", 2)
    assert (run["creates"], run["rejects"]) == (1, 1)
    first, second = await rows_of(db, actor, run["id"])
    assert first["action"] == "create"
    assert number not in str(first)
    assert first["after"] == {"name": "张小燕", "subject": "chinese", "stage": "primary"}
    assert [reason["code"] for reason in second["reasons"]] == ["id_number_bad_length"]
    await imports.apply_import(db, actor, import_id=run["id"])
    run = await work_on(db, resources, pool, run["id"])
    assert run["failure_code"] is None
    assert (run["stage"], run["applied"], run["rejects"]) == ("applied", 1, 1)
    first, _ = await rows_of(db, actor, run["id"])
    teacher = await get_teacher(db, actor, teacher_id=first["target_id"])
    assert (teacher["name"], teacher["rank"], teacher["school_id"]) == (
        "张小燕", "first_grade", school["id"],
    )  # fmt: skip


class Case:
    """A county's administrator with a file of people, and the work on it done at once."""

    def __init__(self, db: Connection, pool: SharedPool, held: Resources, city: City) -> None:
        self.db, self.pool, self.held, self.city = db, pool, held, city
        self.actor: Actor = city.county_admin.actor
        self.unit_id: UUID = city.county["id"]

    async def checked(self, content: bytes, **options: Any) -> Row:
        run = await hand_in(
            self.db, self.held, self.actor, content, **({"unit_id": self.unit_id} | options)
        )
        if run["stage"] != "received":
            return run
        return await work_on(self.db, self.held, self.pool, run["id"])

    async def applied(self, content: bytes, **options: Any) -> Row:
        run = await self.checked(content, **options)
        assert run["failure_code"] is None, run["failure_zh"]
        await imports.apply_import(self.db, self.actor, import_id=run["id"])
        run = await work_on(self.db, self.held, self.pool, run["id"])
        assert run["failure_code"] is None, run["failure_zh"]
        return run

    async def undone(self, import_id: UUID) -> Row:
        await imports.undo_import(self.db, self.actor, import_id=import_id)
        run = await work_on(self.db, self.held, self.pool, import_id)
        assert run["failure_code"] is None, run["failure_zh"]
        return run

    async def rows(self, run: Row) -> Sequence[Row]:
        return await rows_of(self.db, self.actor, run["id"])

    async def codes(self, run: Row) -> list[list[str]]:
        return [[reason["code"] for reason in row["reasons"]] for row in await self.rows(run)]

    def line(self, name: str, number: str, *more: str) -> str:
        return a_line(name, number, self.city.school["name"], *more)

    async def correct(self, teacher_id: UUID, **values: Any) -> None:
        correction = TeacherCorrection(**values)
        await correct_teacher(
            self.db, self.actor, teacher_id=teacher_id, correction=correction,
            cipher=self.held.cipher, now=NOW,
        )  # fmt: skip


@pytest.fixture
def case(db: Connection, pool: SharedPool, resources: Resources, city: City) -> Case:
    return Case(db, pool, resources, city)


async def test_the_same_file_again_writes_nothing(case: Case) -> None:
    content = csv(PEOPLE_HEAD, case.line("张小燕", id_number()))
    first = await case.applied(content)
    again = await case.checked(content)
    assert again["id"] == first["id"]


async def test_a_file_with_one_more_row_changes_nothing_else(case: Case) -> None:
    line = case.line("张小燕", id_number())
    await case.applied(csv(PEOPLE_HEAD, line))
    run = await case.applied(csv(PEOPLE_HEAD, line, case.line("李", id_number())))
    assert (run["creates"], run["unchanged"], run["applied"]) == (1, 1, 1)


async def test_rows_about_the_same_person_are_refused_by_row(case: Case) -> None:
    number = id_number()
    run = await case.checked(
        csv(PEOPLE_HEAD, case.line("张小燕", number), case.line("张小艳", number.lower()))
    )
    assert (run["creates"], run["rejects"]) == (1, 1)
    reasons = (await case.rows(run))[1]["reasons"]
    assert reasons[0]["code"] == "import_row_repeated"
    assert reasons[0]["zh"] == "与第 2 行重复。"


async def test_what_was_corrected_by_hand_stays_unless_asked(case: Case) -> None:
    number = id_number()
    run = await case.applied(csv(PEOPLE_HEAD, case.line("张小燕", number)))
    [row] = await case.rows(run)
    await case.correct(row["target_id"], name="张晓燕")
    more = csv(PEOPLE_HEAD, case.line("张小燕", number, "数学", "小学", "一级教师"))
    run = await case.applied(more)
    [row] = await case.rows(run)
    assert row["after"] == {"subject": "mathematics"}
    assert row["before"] == {"subject": "chinese"}
    assert [reason["code"] for reason in row["reasons"]] == ["import_kept_by_hand"]
    teacher = await get_teacher(case.db, case.actor, teacher_id=row["target_id"])
    assert (teacher["name"], teacher["subject"]) == ("张晓燕", "mathematics")
    run = await case.applied(more, overwrite=True)
    [row] = await case.rows(run)
    assert row["after"] == {"name": "张小燕"}


async def test_a_full_roster_that_lacks_too_many_stops(case: Case) -> None:
    numbers = [id_number() for _ in range(4)]
    lines = [case.line(f"教师{n}", number) for n, number in enumerate(numbers)]
    await case.applied(csv(PEOPLE_HEAD, *lines))
    run = await case.checked(csv(PEOPLE_HEAD, *lines[:3]), full_roster=True)
    # The two teachers whom the school had before are not in the file either.
    assert run["missing"] == 3
    assert [school["registered"] for school in run["shrunk"]] == [6]
    with pytest.raises(DomainError) as refused:
        await imports.apply_import(case.db, case.actor, import_id=run["id"])
    assert refused.value.code == "import_shrinks"
    run = await case.applied(csv(PEOPLE_HEAD, *lines[:3]), full_roster=True, shrink_share=50)
    assert (run["missing"], run["applied"]) == (3, 0)


async def test_an_import_is_taken_back_but_for_what_rests_on_it(case: Case) -> None:
    numbers = [id_number() for _ in range(3)]
    lines = [case.line(f"教师{n}", number) for n, number in enumerate(numbers)]
    run = await case.applied(csv(PEOPLE_HEAD, *lines))
    first, _, third = await case.rows(run)
    await case.correct(first["target_id"], name="改名")
    run = await case.undone(run["id"])
    assert (run["stage"], run["undone"]) == ("undone", 2)
    rows = await case.rows(run)
    assert [row["state"] for row in rows] == ["kept", "undone", "undone"]
    assert [reason["code"] for reason in rows[0]["reasons"]] == ["import_rested_on"]
    with pytest.raises(NotFound):
        await get_teacher(case.db, case.actor, teacher_id=third["target_id"])


async def test_what_was_changed_is_given_back(case: Case) -> None:
    number = id_number()
    [row] = await case.rows(await case.applied(csv(PEOPLE_HEAD, case.line("张小燕", number))))
    changed = csv(PEOPLE_HEAD, case.line("张大燕", number, "英语", "小学", "一级教师"))
    run = await case.undone((await case.applied(changed))["id"])
    teacher = await get_teacher(case.db, case.actor, teacher_id=row["target_id"])
    assert (teacher["name"], teacher["subject"], run["undone"]) == ("张小燕", "chinese", 1)


async def test_a_row_set_apart_is_repaired_and_entered(case: Case) -> None:
    run = await case.applied(
        csv(PEOPLE_HEAD, case.line("张小燕", "12"), case.line("李", id_number()))
    )
    refused, entered = await case.rows(run)
    assert (run["applied"], run["rejects"], refused["action"]) == (1, 1, "reject")
    number = id_number()
    repair = RowRepair(cells=[RepairedCell(column="身份证号", text=number)])
    row = await imports.repair_import_row(
        case.db, case.actor, row_id=refused["id"], repair=repair, cipher=case.held.cipher, now=NOW
    )
    assert (row["action"], row["state"], row["reasons"]) == ("create", "applied", [])
    with pytest.raises(DomainError) as twice:
        await imports.repair_import_row(
            case.db, case.actor, row_id=entered["id"], repair=repair, cipher=case.held.cipher,
            now=NOW,
        )  # fmt: skip
    assert twice.value.code == "import_row_not_set_apart"


async def test_two_imports_of_one_place_do_not_write_at_once(case: Case) -> None:
    first = await case.checked(csv(PEOPLE_HEAD, case.line("张小燕", id_number())))
    second = await case.checked(csv(PEOPLE_HEAD, case.line("李", id_number())))
    await imports.apply_import(case.db, case.actor, import_id=first["id"])
    with pytest.raises(DomainError) as busy:
        await imports.apply_import(case.db, case.actor, import_id=second["id"])
    assert busy.value.code == "import_place_busy"
    with pytest.raises(DomainError) as twice:
        await imports.apply_import(case.db, case.actor, import_id=first["id"])
    assert twice.value.code == "import_busy"


async def test_people_of_other_places_are_not_told_nor_touched(case: Case) -> None:
    number = id_number()
    run = await case.applied(csv(PEOPLE_HEAD, case.line("张小燕", number)))
    [registered] = await case.rows(run)
    other, school = case.city.other_county_admin.actor, case.city.far_school["name"]
    content = csv(
        PEOPLE_HEAD, a_line("张小燕", number, school), a_line("李明", id_number(), school)
    )
    case.actor, case.unit_id = other, case.city.other_county["id"]
    theirs = await case.checked(content)
    # A look at a file says the same of somebody who is registered elsewhere as of nobody.
    first, second = await case.rows(theirs)
    told = ("action", "state", "target_id", "reasons")
    assert [first[name] for name in told] == [second[name] for name in told]
    looks = Statement(select(col(Look.account_id), col(Look.kind), col(Look.teacher_id)))
    assert await case.db.all(looks) == []
    await imports.apply_import(case.db, other, import_id=theirs["id"])
    theirs = await work_on(case.db, case.held, case.pool, theirs["id"])
    assert (theirs["applied"], theirs["rejects"]) == (1, 1)
    assert await case.codes(theirs) == [["teacher_exists"], []]
    assert (await case.rows(theirs))[0]["target_id"] is None
    # Entering says so, and the person is told who came upon them.
    [look] = await case.db.all(looks)
    assert look == {
        "account_id": other.account_id, "kind": "found", "teacher_id": registered["target_id"],
    }  # fmt: skip
    with pytest.raises(NotFound):
        await imports.get_import(case.db, other, import_id=run["id"])


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (csv("姓名,学校", "张,某校"), "import_file_of_other_kind"),
        (b"PK\x03\x04 and no more", "file_cut_off"),
        (b"<html><table>", "file_is_html"),
    ],
)
async def test_what_is_no_such_file_fails_and_nothing_is_staged(
    case: Case, content: bytes, code: str
) -> None:
    run = await case.checked(content)
    assert (run["state"], run["failure_code"]) == ("failed", code)
    assert await case.rows(run) == []


async def test_a_cancelled_import_is_forgotten(case: Case) -> None:
    run = await case.checked(csv(PEOPLE_HEAD, case.line("张小燕", id_number())))
    row = await imports.cancel_import(case.db, case.actor, import_id=run["id"], now=NOW)
    assert row["stage"] == "cancelled"
    assert await case.rows(run) == []
    with pytest.raises(DomainError) as refused:
        await imports.apply_import(case.db, case.actor, import_id=run["id"])
    assert refused.value.code == "import_not_checked"


async def test_a_part_costs_the_same_statements_however_many_rows_it_has(case: Case) -> None:
    counts = []
    for size in (2, 40):
        lines = [case.line(f"教师{n}", id_number()) for n in range(size)]
        run = await case.checked(csv(PEOPLE_HEAD, *lines))
        await imports.apply_import(case.db, case.actor, import_id=run["id"])
        await begin_work(case.db, Import, row_id=run["id"], now=NOW)
        before = case.db.statements
        assert await imports.apply_part(
            case.db, case.actor, import_id=run["id"], cipher=case.held.cipher, now=NOW
        )
        counts.append(case.db.statements - before)
        await work_on(case.db, case.held, case.pool, run["id"])
    assert counts[0] == counts[1] <= 18


async def test_what_was_entered_before_a_crash_is_not_entered_again(case: Case) -> None:
    lines = [case.line(f"教师{n}", id_number()) for n in range(5)]
    run = await case.checked(csv(PEOPLE_HEAD, *lines))
    await imports.apply_import(case.db, case.actor, import_id=run["id"])
    await begin_work(case.db, Import, row_id=run["id"], now=NOW)
    small = replace(KINDS[ImportSubject.PEOPLE], part=2)
    with patch.dict(KINDS, {ImportSubject.PEOPLE: small}):
        await imports.apply_part(
            case.db, case.actor, import_id=run["id"], cipher=case.held.cipher, now=NOW
        )
        partly = await imports.get_import(case.db, case.actor, import_id=run["id"])
        assert (partly["stage"], partly["applied"], partly["done"]) == ("checked", 2, 2)
        run = await work_on(case.db, case.held, case.pool, run["id"])
    assert (run["stage"], run["applied"], run["done"], run["rejects"]) == ("applied", 5, 5, 0)
