"""Rows that were entered before and have not changed since: found by their digests, not read again."""

from unittest.mock import patch

import pytest
from sqlalchemy import Uuid, bindparam, select
from sqlmodel import col

from app.domain.errors import Unavailable
from app.domain.exchange.imports import ImportSubject, checking, reading
from app.domain.exchange.imports.kind import Draft
from app.domain.exchange.imports.known import stage_known
from app.domain.people.careers import FactEnd, end_fact
from app.domain.people.facts.merits import TeacherEducation
from app.domain.people.teachers.correcting import TeacherCorrection, correct_teacher
from app.request import Resources
from app.sql import Connection, Row, Statement
from tests.conftest import SharedPool
from tests.domain.exchange.imports.test_kinds import CAREERS_HEAD
from tests.domain.exchange.test_imports import Case
from tests.make import NOW, City, id_number
from tests.make_imports import PEOPLE_HEAD, csv

_TEACHER = Statement(
    select(col(TeacherEducation.teacher_id)).where(
        col(TeacherEducation.id) == bindparam("fact_id", type_=Uuid)
    )
)


@pytest.fixture
def case(db: Connection, pool: SharedPool, resources: Resources, city: City) -> Case:
    return Case(db, pool, resources, city)


async def looked_at(case: Case, content: bytes, **options: object) -> tuple[Row, list[int]]:
    """The import of a file that was checked, and the lines of it that were read."""
    read: list[int] = []

    def note(kind: object, draft: Draft, ground: object) -> None:
        read.append(draft.number)
        return plainly(kind, draft, ground)  # type: ignore[arg-type]

    plainly = reading.read_draft
    with patch.object(checking, "read_draft", note):
        run = await case.checked(content, **options)
    return run, read


async def test_only_what_differs_is_read_again(case: Case) -> None:
    numbers = [id_number() for _ in range(4)]
    lines = [case.line(f"教师{n}", number) for n, number in enumerate(numbers)]
    first = await case.applied(csv(PEOPLE_HEAD, *lines))
    targets = [row["target_id"] for row in await case.rows(first)]
    # The second is corrected by hand, the third is another in the file, and one is new.
    await correct_teacher(
        case.db, case.actor, teacher_id=targets[1], cipher=case.held.cipher,
        correction=TeacherCorrection(name="另名"), now=NOW,
    )  # fmt: skip
    lines[2] = case.line("教师二", numbers[2])
    run, read = await looked_at(case, csv(PEOPLE_HEAD, *lines, case.line("新人", id_number())))
    assert read == [3, 4, 6]
    assert (run["unchanged"], run["changes"], run["creates"]) == (3, 1, 1)
    rows = await case.rows(run)
    assert [row["target_id"] for row in rows[:4]] == targets
    assert rows[0]["label"] == (await case.rows(first))[0]["label"]
    assert await case.codes(run) == [[], ["import_kept_by_hand"], [], [], []]
    assert [row["state"] for row in rows] == ["settled", "settled", "staged", "settled", "staged"]


async def test_a_known_row_that_stands_twice_in_a_file_is_refused_the_second_time(
    case: Case,
) -> None:
    line = case.line("张小燕", id_number())
    await case.applied(csv(PEOPLE_HEAD, line))
    run, read = await looked_at(case, csv(PEOPLE_HEAD, line, line))
    assert (read, run["unchanged"], run["rejects"]) == ([], 1, 1)
    assert await case.codes(run) == [[], ["import_row_repeated"]]


async def test_known_people_are_counted_in_a_full_roster(case: Case) -> None:
    lines = [case.line(f"教师{n}", id_number()) for n in range(18)]
    await case.applied(csv(PEOPLE_HEAD, *lines))
    run, read = await looked_at(case, csv(PEOPLE_HEAD, *lines), full_roster=True, shrink_share=10)
    # The two whom the school had before are not in the file.
    assert (read, run["missing"], run["shrunk"]) == ([], 2, [])


async def test_what_was_noted_of_a_row_is_noted_again(case: Case) -> None:
    number = id_number()
    await case.applied(csv(PEOPLE_HEAD, case.line("张小燕", number)))
    content = csv(PEOPLE_HEAD, case.line("张小燕", number, "语文", "小学", "高级教师"))
    for _ in range(2):
        run = await case.applied(content, overwrite=True)
        assert await case.codes(run) == [["import_career_apart"]]


async def test_a_fact_that_was_ended_since_is_compared_again(case: Case) -> None:
    number = id_number()
    await case.applied(csv(PEOPLE_HEAD + ",起始日期", case.line(
        "张小燕", number, "语文", "小学", "二级教师", "2010-09-01"
    )))  # fmt: skip
    content = csv(CAREERS_HEAD, f"{number},学历,,,,大学本科,在读,某大学,,2018-09-01,")
    run = await case.applied(content, subject=ImportSubject.CAREERS)
    [row] = await case.rows(run)
    again, read = await looked_at(case, content + b"\r\n", subject=ImportSubject.CAREERS)
    assert (read, again["unchanged"]) == ([], 1)
    teacher_id = await case.db.value(_TEACHER, fact_id=row["target_id"])
    await end_fact(
        case.db, case.actor, teacher_id=teacher_id, fact_id=row["target_id"],
        end=FactEnd(valid_to=NOW.date()), now=NOW,
    )  # fmt: skip
    _, read = await looked_at(case, content + b"\r\n\r\n", subject=ImportSubject.CAREERS)
    assert read == [2]


async def test_what_a_file_says_once_more_is_known_by_the_fact_that_is_believed(case: Case) -> None:
    number = id_number()
    await case.applied(csv(PEOPLE_HEAD + ",起始日期", case.line(
        "张小燕", number, "语文", "小学", "二级教师", "2010-09-01"
    )))  # fmt: skip
    one, other = (
        csv(CAREERS_HEAD, f"{number},学历,,,,大学本科,{study},某大学,,2018-09-01,")
        for study in ("在读", "毕业")
    )
    for content in (one, other):
        await case.applied(content, subject=ImportSubject.CAREERS)
    last = await case.applied(one + b"\r\n", subject=ImportSubject.CAREERS)
    run, read = await looked_at(case, one + b"\r\n\r\n", subject=ImportSubject.CAREERS)
    assert (read, run["stage"], run["unchanged"]) == ([], "checked", 1)
    [row], [believed] = await case.rows(run), await case.rows(last)
    assert row["target_id"] == believed["target_id"]


async def test_a_row_that_is_known_no_longer_is_not_lost(case: Case) -> None:
    run = await case.checked(csv(PEOPLE_HEAD, case.line("张小燕", id_number())))
    with pytest.raises(Unavailable):
        await stage_known(case.db, import_id=run["id"], lines=[(3, b"of nothing that is kept")])
