"""Purposes: exactly one, seen by who names it, and what an earmark is for."""

from datetime import date
from decimal import Decimal

import pytest
from pydantic import ValidationError

from app.domain.learning.equipment import EquipmentKind, NewEquipment, record_equipment
from app.domain.learning.outputs import OutputNotFound
from app.domain.paging import PageRequest
from app.domain.people.cohorts import CohortNotFound
from app.domain.quality.expenses import list_expenses
from app.domain.quality.fund_commitments import (
    NewFundCommitment,
    commit_funds,
    list_fund_commitments,
)
from app.domain.quality.paid_for import (
    EarmarkBroken,
    NewPaidFor,
    OutputNotPayable,
    check_purpose,
)
from app.sql import Connection, new_id
from tests.make import NOW, City
from tests.make_funds import approve, make_clerks, make_expense, make_limit, make_open
from tests.make_programmes import make_cohort, make_programme
from tests.make_topics import confirm_output, make_output

LINE = {"earmark": "骨干教师专款", "title": "骨干教师培养"}


def test_a_purpose_is_one_thing_or_a_reason() -> None:
    with pytest.raises(ValidationError):
        NewPaidFor()
    with pytest.raises(ValidationError):
        NewPaidFor(topic_id=new_id(), other_purpose="另有用途")


async def test_an_earmark_pays_a_cohort_that_names_it(db: Connection, city: City) -> None:
    actor, programme = city.city_admin.actor, await make_programme(db, city.city)
    for named, allowed in (("骨干教师专款", True), ("骨干教师培养", True), ("办公经费", False)):
        cohort = await make_cohort(db, programme, name=named, budget_line=named)
        purpose = NewPaidFor(cohort_id=cohort["id"])
        if allowed:
            await check_purpose(db, actor, purpose=purpose, line=LINE)
            continue
        with pytest.raises(EarmarkBroken):
            await check_purpose(db, actor, purpose=purpose, line=LINE)
        await check_purpose(db, actor, purpose=purpose, line=LINE | {"earmark": None})
    with pytest.raises(CohortNotFound):
        await check_purpose(db, actor, purpose=NewPaidFor(cohort_id=new_id()), line=LINE)


async def test_equipment_is_a_thing_of_the_register(db: Connection, city: City) -> None:
    actor = city.school_admin.actor
    room = await record_equipment(
        db, actor, unit_id=city.school["id"], now=NOW,
        new=NewEquipment(
            kind=EquipmentKind.MEDIA_ROOM, number=1, counted_on=date(2026, 11, 1)
        ),
    )  # fmt: skip
    await check_purpose(db, actor, purpose=NewPaidFor(equipment_id=room["id"]), line=LINE)
    with pytest.raises(EarmarkBroken):
        await check_purpose(db, actor, purpose=NewPaidFor(other_purpose="另有用途"), line=LINE)


async def test_money_is_given_for_one_output_that_was_confirmed(db: Connection, city: City) -> None:
    """专著出版资助: committed, spent, and found by the output."""
    by, page = city.school_admin, PageRequest(limit=10)
    book = await make_output(db, city.teacher_account, city.teacher, kind="book", title="校本教材")
    other = await make_output(db, city.teacher_account, city.teacher, title="另一项成果")
    await confirm_output(db, by, other)
    _, [line] = await make_open(db, by, city.county_admin, city.school, {})
    wanted = NewFundCommitment(amount=Decimal(300), summary="出版资助", output_id=book["id"])
    with pytest.raises(OutputNotPayable):
        await commit_funds(db, by.actor, line_id=line["id"], new=wanted, now=NOW)
    elsewhere = city.sibling_admin.actor
    await confirm_output(db, by, book)
    with pytest.raises(OutputNotFound):
        await check_purpose(db, elsewhere, purpose=NewPaidFor(output_id=book["id"]), line=LINE)
    await check_purpose(db, by.actor, purpose=NewPaidFor(output_id=book["id"]), line=LINE)
    held = await commit_funds(db, by.actor, line_id=line["id"], new=wanted, now=NOW)
    about = {"output_id": book["id"], "commitment_id": held["id"]}
    paid = await make_expense(db, by, line, amount="300.00", **about)
    clerks = await make_clerks(db, city)
    await make_limit(db, by, city.school, clerks["school"], "1000.00")
    await approve(db, clerks["school"], paid["id"])
    await make_expense(db, by, line, output_id=other["id"])
    spent = await list_expenses(db, by.actor, page=page, output_id=book["id"])
    assert [(row["id"], row["state"], row["amount"]) for row in spent.items] == [
        (paid["id"], "approved", Decimal("300.00"))
    ]
    found = await list_fund_commitments(db, by.actor, page=page, output_id=book["id"])
    assert [(row["id"], row["remaining"]) for row in found.items] == [(held["id"], Decimal(0))]
    none = await list_expenses(db, by.actor, page=page, topic_id=new_id())
    assert none.items == []
