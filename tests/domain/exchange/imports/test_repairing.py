"""A row that is put right: what was counted and compared without it is counted and compared anew."""

from uuid import UUID

import pytest

from app.domain.errors import DomainError
from app.domain.exchange import imports
from app.domain.exchange.imports import RepairedCell, RowRepair
from app.request import Resources
from app.sql import Connection, Row
from tests.conftest import SharedPool
from tests.domain.exchange.test_imports import Case
from tests.make import NOW, City, id_number
from tests.make_imports import PEOPLE_HEAD, csv


@pytest.fixture
def case(db: Connection, pool: SharedPool, resources: Resources, city: City) -> Case:
    return Case(db, pool, resources, city)


async def repaired(case: Case, row_id: UUID, column: str, text: str) -> Row:
    repair = RowRepair(cells=[RepairedCell(column=column, text=text)])
    return await imports.repair_import_row(
        case.db, case.actor, row_id=row_id, repair=repair, cipher=case.held.cipher, now=NOW
    )


async def test_who_was_missing_but_for_a_slip_no_longer_stops_a_full_roster(case: Case) -> None:
    numbers = [id_number() for _ in range(8)]
    lines = [case.line(f"教师{n}", number) for n, number in enumerate(numbers)]
    # Two are there already, so that these eight of ten are a roster that lacks a fifth.
    await case.applied(csv(PEOPLE_HEAD, *lines))
    slipped = [*lines[:-1], case.line("教师7", numbers[-1][:-1])]
    run = await case.checked(csv(PEOPLE_HEAD, *slipped), full_roster=True, shrink_share=20)
    assert (run["missing"], len(run["shrunk"])) == (3, 1)
    with pytest.raises(DomainError) as stopped:
        await imports.apply_import(case.db, case.actor, import_id=run["id"])
    assert stopped.value.code == "import_shrinks"
    *_, row = await case.rows(run)
    await repaired(case, row["id"], "身份证号", numbers[-1])
    run = await imports.get_import(case.db, case.actor, import_id=run["id"])
    assert (run["missing"], run["shrunk"], run["rejects"]) == (2, [], 0)
    await imports.apply_import(case.db, case.actor, import_id=run["id"])


async def test_a_row_is_not_repaired_into_another_of_the_file(case: Case) -> None:
    number = id_number()
    run = await case.checked(
        csv(PEOPLE_HEAD, case.line("张小燕", number[:-1]), case.line("张小燕", number))
    )
    wrong, right = await case.rows(run)
    row = await repaired(case, wrong["id"], "身份证号", number)
    assert (row["action"], [each["code"] for each in row["reasons"]]) == (
        "reject", ["import_row_repeated"],
    )  # fmt: skip
    assert row["reasons"][0]["zh"] == f"与第 {right['number']} 行重复。"
