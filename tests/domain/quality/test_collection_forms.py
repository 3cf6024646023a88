import asyncio
import tracemalloc
from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from xlsxwriter import Workbook

from app.database.pool import Pool
from app.domain.access.roles import Role
from app.domain.errors import DomainError, NotAllowed
from app.domain.organisation.reorganisations import Move, move_school
from app.domain.paging import PageRequest
from app.domain.quality.collection_forms import (
    CollectionFormClosed,
    CollectionFormNotFound,
    FormAnsweredElsewhere,
    FormCellFormula,
    FormCellMerged,
    FormCellRepeated,
    FormCellsMissing,
    FormCellTaken,
    FormCellUnknown,
    FormDuePast,
    FormMeasureUnknown,
    FormPeriodUnfit,
    FormReasonMissing,
    FormReturnNotFound,
    FormReturnState,
    FormReturnWrongState,
    FormSendingBack,
    FormShareUnfit,
    FormUnreadable,
    FormWithoutListNumber,
    FormWithoutSchools,
    FormWithoutStanding,
    close_collection_form,
    get_collection_form,
    get_collection_form_workbook,
    get_form_return,
    get_form_return_workbook,
    list_collection_forms,
    list_form_cell_values,
    list_form_return_cells,
    list_form_totals,
    send_back_form_return,
)
from app.request import Resources
from app.sql import Connection, Row
from app.tabular import Layout, UnreadableFile, filled_layout, read_layout
from tests.make import NOW, TODAY, City, Person, make_account, make_city
from tests.make_collection_forms import (
    CELLS,
    make_confirmed,
    make_form,
    returns_of,
    workbook,
)
from tests.make_evaluations import make_held_activity

PAGE = PageRequest(limit=50)


async def test_a_form_is_filled_from_the_register_for_each_school(
    db: Connection, city: City
) -> None:
    await make_held_activity(db, city)
    by = city.county_admin
    form = await make_form(db, city.county, by)
    returns = await returns_of(db, by, form)
    assert returns.keys() == {city.school["id"], city.sibling["id"]}
    cells = await list_form_return_cells(
        db, city.school_admin.actor, return_id=returns[city.school["id"]]["id"]
    )
    assert [(row["cell"], row["numerator"], row["denominator"], row["value"]) for row in cells] == [
        ("B4", 2, None, 2), ("C4", 1, None, 1), ("D4", 1, 2, 50), ("E4", None, None, None),
    ]  # fmt: skip
    assert cells[0]["rows"] == f"/api/v1/teachers?school_id={city.school['id']}"
    assert str(city.school["id"]) in cells[2]["rows"]
    assert cells[3]["rows"] is None


async def test_schools_confirm_and_every_total_leads_to_their_cells(
    db: Connection, city: City
) -> None:
    await make_held_activity(db, city)
    by = city.county_admin
    form = await make_form(db, city.county, by)
    returns = await returns_of(db, by, form)
    ours, theirs = returns[city.school["id"]], returns[city.sibling["id"]]
    await make_confirmed(db, city.school_admin, ours)
    stated = [
        {"cell": "B4", "value": "3", "reason": "一名教师刚调入，尚未登记"},
        {"cell": "E4", "value": "120.5"},
    ]
    await make_confirmed(db, city.sibling_admin, theirs, stated)
    totals = {row["cell"]: row for row in await list_form_totals(db, by.actor, form_id=form["id"])}
    assert (totals["B4"]["computed"], totals["B4"]["value"], totals["B4"]["differing"]) == (3, 5, 1)
    assert (totals["D4"]["numerator"], totals["D4"]["denominator"]) == (1, 2)
    assert (totals["D4"]["value"], totals["D4"]["base_missing"]) == (50, False)
    assert (totals["E4"]["computed"], totals["E4"]["value"]) == (None, Decimal("420.50"))
    asked: dict[str, Any] = {"form_id": form["id"], "cell": "B4"}
    page = await list_form_cell_values(db, by.actor, page=PAGE, **asked)
    values = page.items
    first = await list_form_cell_values(db, by.actor, page=PageRequest(limit=1), **asked)
    following = PageRequest(limit=1, cursor=first.next)
    last = await list_form_cell_values(db, by.actor, page=following, **asked)
    assert (first.items + last.items, last.next) == (values, None)
    assert sum(row["value"] for row in values) == totals["B4"]["value"]
    told = {row["school_id"]: (row["computed"], row["stated"], row["reason"]) for row in values}
    assert told == {
        city.school["id"]: (2, None, None),
        city.sibling["id"]: (1, 3, "一名教师刚调入，尚未登记"),
    }


async def test_a_share_that_a_school_states_has_no_base_to_be_added_by(
    db: Connection, city: City
) -> None:
    await make_held_activity(db, city)
    by = city.county_admin
    form = await make_form(db, city.county, by)
    row = (await returns_of(db, by, form))[city.school["id"]]
    stated = [
        {"cell": "D4", "value": "100", "reason": "缺席者已补训"}, {"cell": "E4", "value": "1"},
    ]  # fmt: skip
    await make_confirmed(db, city.school_admin, row, stated)
    totals = {row["cell"]: row for row in await list_form_totals(db, by.actor, form_id=form["id"])}
    assert (totals["D4"]["value"], totals["D4"]["base_missing"]) == (None, True)
    assert (totals["D4"]["computed"], totals["D4"]["differing"]) == (50, 1)


async def test_a_city_adds_up_by_county(db: Connection, city: City) -> None:
    by = city.city_admin
    form = await make_form(db, city.city, by)
    assert len(await returns_of(db, by, form)) == 4
    for county, schools in ((None, 4), (city.county["id"], 2), (city.city["id"], 1)):
        totals = await list_form_totals(db, by.actor, form_id=form["id"], county_id=county)
        assert {row["schools"] for row in totals} == {schools}
    with pytest.raises(NotAllowed):
        await list_form_totals(db, city.county_admin.actor, form_id=form["id"])
    assert await get_collection_form(db, city.school_admin.actor, form_id=form["id"]) == form


async def test_the_form_comes_back_as_the_bureau_laid_it_out(db: Connection, city: City) -> None:
    by = city.county_admin
    form = await make_form(db, city.county, by)
    row = (await returns_of(db, by, form))[city.school["id"]]
    await make_confirmed(db, city.school_admin, row)
    _, one = await get_form_return_workbook(db, city.school_admin.actor, return_id=row["id"])
    _, whole = await get_collection_form_workbook(db, by.actor, form_id=form["id"])
    before, after = read_layout(BytesIO(workbook())), read_layout(BytesIO(one))
    assert (after.sheet, after.merges, after.widths) == (
        before.sheet, before.merges, before.widths,
    )  # fmt: skip
    assert after.cells[1, 0] == "校本研修情况统计表"
    assert [after.cells.get((3, column)) for column in range(5)] == ["本校", "2", "0", None, "300"]
    assert after.computed == frozenset()
    assert read_layout(BytesIO(whole)).cells[3, 4] == "300"


def test_ranges_beyond_a_form_cost_no_more_than_it() -> None:
    """A range of 1.4 million cells is told, and filled as far as a form reaches."""
    title, merges = {(0, 0): "校本研修情况统计表"}, ["A1:F1", "B2:ZZ1999", "BZ1:CA1"]
    wide = Layout("统计表", title, widths=[(70, 80, 12.0)], merges=merges)
    tracemalloc.start()
    assert [wide.merged_at(each) for each in ((0, 5), (1, 0), (1_500, 700))] == [
        "A1:F1", None, "B2:ZZ1999",
    ]  # fmt: skip
    after = read_layout(BytesIO(filled_layout(wide, {})))
    assert tracemalloc.get_traced_memory()[1] < 50_000_000
    tracemalloc.stop()
    assert (after.merges, after.widths) == (["A1:F1", "B2:BH300"], [])


@pytest.mark.parametrize(
    ("layout", "sheet", "merges"),
    [
        (Layout("2026/秋[一]", {(0, 0): "表"}), "2026-秋-一-", []),
        (Layout("'表'", {(0, 0): "表"}), "表", []),
        (Layout("表", {(0, 0): "表"}, merges=["A1:C3", "B2:D4", "A1:C3", "E1:F1"]), "表",
         ["A1:C3", "E1:F1"]),
        (Layout("表", {(0, 0): "=1+1", (1, 0): "@SUM(A1)"}), "表", []),
    ],
    ids=["name", "apostrophes", "ranges over one another", "formulas"],
)  # fmt: skip
def test_what_others_write_and_no_spreadsheet_has_is_given_back_none_the_less(
    layout: Layout, sheet: str, merges: list[str]
) -> None:
    after = read_layout(BytesIO(filled_layout(layout, {})))
    assert (after.sheet, after.merges, after.cells) == (sheet, merges, layout.cells)
    assert after.computed == frozenset()


def test_a_text_that_stands_in_every_cell_is_refused_before_it_is_kept() -> None:
    """Some kilobytes that come to forty million characters."""
    made = BytesIO()
    with Workbook(made, {"in_memory": True}) as book:
        sheet = book.add_worksheet("统计表")
        for number in range(20 * 60):
            sheet.write_string(number // 60, number % 60, "数" * 32_000)
    assert len(made.getvalue()) < 20_000
    tracemalloc.start()
    with pytest.raises(UnreadableFile, match="too large"):
        read_layout(made)
    assert tracemalloc.get_traced_memory()[1] < 50_000_000
    tracemalloc.stop()


async def test_the_school_alone_confirms_and_the_bureau_alone_sends_back(
    db: Connection, city: City
) -> None:
    by = city.county_admin
    form = await make_form(db, city.county, by)
    row = (await returns_of(db, by, form))[city.school["id"]]
    with pytest.raises(FormAnsweredElsewhere):
        await make_confirmed(db, by, row)
    with pytest.raises(FormReturnNotFound):
        await make_confirmed(db, city.sibling_admin, row)
    said = FormSendingBack(reason="图书册数请核实")
    act: Any = {"return_id": row["id"], "said": said, "now": NOW}
    with pytest.raises(FormReturnWrongState):
        await send_back_form_return(db, by.actor, **act)
    await make_confirmed(db, city.school_admin, row)
    with pytest.raises(NotAllowed):
        await send_back_form_return(db, city.school_admin.actor, **act)
    sent = await send_back_form_return(db, by.actor, **act)
    assert (sent["state"], sent["sent_back_because"]) == (FormReturnState.SENT_BACK, said.reason)
    again = await make_confirmed(db, city.school_admin, row, [{"cell": "E4", "value": "310"}])
    assert (again["state"], again["sent_back_because"]) == (FormReturnState.CONFIRMED, said.reason)


async def test_a_bureau_leaves_the_returns_of_a_higher_form_alone(
    db: Connection, city: City
) -> None:
    form = await make_form(db, city.city, city.city_admin)
    row = (await returns_of(db, city.city_admin, form))[city.school["id"]]
    await make_confirmed(db, city.school_admin, row)
    said = FormSendingBack(reason="请核实")
    with pytest.raises(FormWithoutStanding):
        await send_back_form_return(
            db, city.county_admin.actor, return_id=row["id"], said=said, now=NOW
        )
    with pytest.raises(NotAllowed):
        await close_collection_form(db, city.county_admin.actor, form_id=form["id"], now=NOW)
    kept = await get_form_return(db, city.county_admin.actor, return_id=row["id"])
    assert kept["state"] == FormReturnState.CONFIRMED


async def test_of_a_school_that_moved_the_bureau_that_issued_the_form_sends_it_back(
    db: Connection, city: City
) -> None:
    by, there = city.county_admin, city.other_county_admin
    form = await make_form(db, city.county, by)
    row = (await returns_of(db, by, form))[city.school["id"]]
    await make_confirmed(db, city.school_admin, row)
    move = Move(bureau_id=city.other_county["id"])
    await move_school(db, city.city_admin.actor, unit_id=city.school["id"], move=move, now=NOW)
    said = FormSendingBack(reason="数字不符")
    act: dict[str, Any] = {"return_id": row["id"], "said": said, "now": NOW}
    with pytest.raises(FormWithoutStanding):
        await send_back_form_return(db, there.actor, **act)
    kept = await get_form_return(db, by.actor, return_id=row["id"])
    assert kept["state"] == FormReturnState.CONFIRMED
    assert (await returns_of(db, by, form)).keys() == {city.school["id"], city.sibling["id"]}
    sent = await send_back_form_return(db, by.actor, **act)
    assert sent["state"] == FormReturnState.SENT_BACK
    other = (await make_account(db, "third.admin", Role.SCHOOL_ADMIN, city.far_school)).actor
    with pytest.raises(FormReturnNotFound):
        await get_form_return(db, other, return_id=row["id"])


@pytest.mark.parametrize(
    ("cells", "refusal"),
    [
        ([{"cell": "B4", "value": "9"}, {"cell": "E4", "value": "1"}], FormReasonMissing),
        ([{"cell": "B4", "value": "2"}], FormCellsMissing),
        ([{"cell": "F4", "value": "2"}, {"cell": "E4", "value": "1"}], FormCellUnknown),
        (
            [{"cell": "D4", "value": "101", "reason": "超"}, {"cell": "E4", "value": "1"}],
            FormShareUnfit,
        ),
    ],
    ids=["no reason", "missing", "unknown", "share"],
)
async def test_what_cannot_be_confirmed_is_refused_whole(
    cells: list[dict[str, Any]], refusal: type[DomainError], db: Connection, city: City
) -> None:
    form = await make_form(db, city.county, city.county_admin)
    row = (await returns_of(db, city.county_admin, form))[city.school["id"]]
    actor = city.school_admin.actor
    before = await list_form_return_cells(db, actor, return_id=row["id"])
    with pytest.raises(refusal):
        await make_confirmed(db, city.school_admin, row, cells)
    assert await list_form_return_cells(db, actor, return_id=row["id"]) == before
    assert (await get_form_return(db, actor, return_id=row["id"]))["state"] == FormReturnState.OPEN


async def test_a_closed_form_changes_no_more(db: Connection, city: City) -> None:
    by = city.county_admin
    form = await make_form(db, city.county, by)
    row = (await returns_of(db, by, form))[city.school["id"]]
    closed = await close_collection_form(db, by.actor, form_id=form["id"], now=NOW)
    assert closed["closed_at"] == NOW
    with pytest.raises(CollectionFormClosed):
        await make_confirmed(db, city.school_admin, row)
    with pytest.raises(CollectionFormClosed):
        await close_collection_form(db, by.actor, form_id=form["id"], now=NOW)
    page = await list_collection_forms(db, by.actor, page=PAGE, closed=True)
    assert [each["id"] for each in page.items] == [form["id"]]


def _mapped(cell: str, measure: str = "teachers") -> dict[str, Any]:
    return {"cells": [{"cell": cell, "label": "教师", "measure": measure}]}


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        (_mapped("B4", "happiness"), FormMeasureUnknown),
        (_mapped("B2"), FormCellMerged),
        (_mapped("F4"), FormCellFormula),
        (_mapped("A4"), FormCellTaken),
        ({"cells": [CELLS[0], CELLS[0]]}, FormCellRepeated),
        ({"is_check": True}, FormWithoutListNumber),
        ({"until": str(TODAY + timedelta(days=1))}, FormPeriodUnfit),
        ({"due_on": str(TODAY - timedelta(days=1))}, FormDuePast),
        ({"content": b"PK\x03\x04 no workbook"}, FormUnreadable),
        ({"content": b"teachers,2"}, FormUnreadable),
    ],
    ids=[
        "measure", "merged", "formula", "label", "twice", "no number", "to come", "past due",
        "broken", "text",
    ],
)  # fmt: skip
async def test_a_form_that_cannot_be_filled_is_refused(
    wrong: dict[str, Any], refusal: type[DomainError], db: Connection, city: City
) -> None:
    with pytest.raises(refusal):
        await make_form(db, city.county, city.county_admin, **wrong)
    assert (await list_collection_forms(db, city.county_admin.actor, page=PAGE)).items == []


async def test_a_check_by_form_carries_its_list_number(db: Connection, city: City) -> None:
    form = await make_form(
        db, city.county, city.county_admin, is_check=True, list_number="岳教督清单〔2026〕3"
    )
    assert form["list_number"] == "岳教督清单〔2026〕3"


async def test_who_may_not_evaluate_issues_no_form(db: Connection, city: City) -> None:
    with pytest.raises(NotAllowed):
        await make_form(db, city.school, city.school_admin)
    with pytest.raises(FormWithoutSchools):
        await make_form(db, city.school, city.county_admin)
    form = await make_form(db, city.county, city.county_admin)
    with pytest.raises(CollectionFormNotFound):
        await get_collection_form(db, city.other_county_admin.actor, form_id=form["id"])


async def _at_once(real_pool: Pool, *acts: Any) -> list[str]:
    """What comes of acts that begin together, each in a transaction of its own: done, or the code."""

    async def run(act: Any) -> str:
        try:
            async with real_pool.transaction() as db:
                await act(db)
        except DomainError as refused:
            return refused.code
        return "done"

    return await asyncio.gather(*(run(act) for act in acts))


async def _issued(real_pool: Pool, resources: Resources) -> tuple[City, Row, Row]:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        form = await make_form(db, city.county, city.county_admin)
        row = (await returns_of(db, city.county_admin, form))[city.school["id"]]
    return city, form, row


def _confirming(by: Person, row: Row, books: str, teachers: str) -> Any:
    stated = [
        {"cell": "E4", "value": books}, {"cell": "B4", "value": teachers, "reason": f"另计{books}"},
    ]  # fmt: skip
    return lambda db: make_confirmed(db, by, row, stated)


async def test_of_two_who_hand_in_at_once_one_is_kept_whole(
    real_pool: Pool, resources: Resources
) -> None:
    """Each states two cells: never is one cell of the one and the other of the other."""
    city, form, row = await _issued(real_pool, resources)
    told = {"101": "11", "202": "12", "303": "13", "404": "14"}
    acts = [_confirming(city.school_admin, row, *each) for each in told.items()]
    assert await _at_once(real_pool, *acts) == ["done"] * len(told)
    async with real_pool.connection() as db:
        actor = city.school_admin.actor
        cells = await list_form_return_cells(db, actor, return_id=row["id"])
        kept = {each["cell"]: str(each["stated"]) for each in cells if each["stated"] is not None}
        assert kept["B4"].split(".")[0] == told[kept["E4"].split(".")[0]]
        totals = await list_form_totals(db, city.county_admin.actor, form_id=form["id"])
        assert {each["confirmed"] for each in totals} == {1}


async def test_who_hands_in_while_the_form_is_closed_is_in_or_is_told(
    real_pool: Pool, resources: Resources
) -> None:
    city, form, row = await _issued(real_pool, resources)
    by = city.county_admin.actor
    outcomes = await _at_once(
        real_pool,
        _confirming(city.school_admin, row, "101", "11"),
        lambda db: close_collection_form(db, by, form_id=form["id"], now=NOW),
        lambda db: close_collection_form(db, by, form_id=form["id"], now=NOW),
    )
    assert sorted(outcomes[1:]) == ["collection_form_closed", "done"]
    async with real_pool.connection() as db:
        totals = await list_form_totals(db, by, form_id=form["id"])
        kept = await get_form_return(db, by, return_id=row["id"])
    was_in = outcomes[0] == "done"
    assert outcomes[0] in {"done", "collection_form_closed"}
    assert {each["confirmed"] for each in totals} == {int(was_in)}
    assert (kept["state"] == FormReturnState.CONFIRMED) == was_in


async def test_who_hands_in_anew_while_it_is_sent_back_has_the_last_word_or_the_bureau_has(
    real_pool: Pool, resources: Resources
) -> None:
    city, form, row = await _issued(real_pool, resources)
    async with real_pool.transaction() as db:
        await make_confirmed(db, city.school_admin, row)
    by, said = city.county_admin.actor, FormSendingBack(reason="请核实")
    sending = [
        lambda db: send_back_form_return(db, by, return_id=row["id"], said=said, now=NOW)
    ] * 2
    outcomes = await _at_once(real_pool, *sending, _confirming(city.school_admin, row, "9", "7"))
    assert outcomes[2] == "done"
    assert set(outcomes[:2]) <= {"done", "form_return_wrong_state"}
    assert "done" in outcomes[:2]
    async with real_pool.connection() as db:
        kept = await get_form_return(db, by, return_id=row["id"])
        totals = await list_form_totals(db, by, form_id=form["id"])
    confirmed = kept["state"] == FormReturnState.CONFIRMED
    assert confirmed or kept["state"] == FormReturnState.SENT_BACK
    assert {each["confirmed"] for each in totals} == {int(confirmed)}
    assert kept["sent_back_because"] == said.reason
