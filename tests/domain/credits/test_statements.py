"""Statements: the lines lead from the opening to the closing balance, and to the standing."""

from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import asyncpg
import pytest
from hypothesis import given, settings

from app.domain.credits.packs import PackDocument
from app.domain.credits.reversals import NewReversal, reverse_entry
from app.domain.credits.rules import Entry, Facts, compile_pack, evaluate
from app.domain.credits.standings import get_standing
from app.domain.credits.statements import (
    get_statement,
    get_statement_document,
    get_statement_sheet,
)
from app.domain.credits.statements.account import account_of
from app.domain.credits.statements.printed import contents_of
from app.domain.people.teachers import TeacherNotFound
from app.request import Resources
from app.sql import Connection
from tests.domain.credits.histories import ASKED, ledgers, packs, people
from tests.domain.credits.making import make_pack, make_recognised
from tests.make import NOW, City


@given(people(), ledgers(), packs(), ASKED)
@settings(max_examples=60, deadline=None)
def test_the_lines_lead_from_the_opening_to_the_closing_balance(
    facts: Facts, entries: list[Entry], document: dict[str, Any], as_of: date
) -> None:
    pack = compile_pack(PackDocument.model_validate(document))
    account, standing = account_of(facts, entries, pack, as_of, None)
    lines, opening, closing = account["lines"], account["opening"], account["closing"]
    for unit in ("hours", "credits"):
        assert opening[unit] + sum(line[unit] for line in lines) == closing[unit]
        earned = getattr(standing.totals, f"earned_{unit}")
        assert closing[unit] - opening[unit] == earned
    unit = pack.document.unit
    counted = getattr(evaluate(facts, entries, pack, as_of).totals, f"counted_{unit}")
    assert sum((line["counted"] for line in lines), Decimal(0)) == counted
    for line in lines:
        earned = line[unit] if line["state"] in {"counted", "cut", "nothing"} else line["counted"]
        assert line["counted"] + sum(cut["amount"] for cut in line["cuts"]) == earned
        assert line["why"]


async def test_a_statement_says_what_every_line_came_to(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    await make_pack(db, city.city)
    by, teacher_id = city.county_admin, city.teacher["id"]
    await make_recognised(db, city.school, by, [city.teacher], hours="7.00", on=date(2024, 3, 10))
    for hours in ("100.00", "30.00", "5.00"):
        await make_recognised(db, city.school, by, [city.teacher], hours=hours)
    first = await driver.fetchval("SELECT id FROM credit_entry WHERE sequence = 2")
    strike = NewReversal(reason="登记有误")
    await reverse_entry(db, by.actor, entry_id=first, new=strike, now=NOW)
    before = db.statements
    told = await get_statement(db, city.teacher_account.actor, teacher_id=teacher_id, now=NOW)
    assert db.statements - before == 5
    assert told["opening"] == {"entries": 1, "hours": Decimal(7), "credits": Decimal(7)}
    assert [(line["sequence"], line["state"], line["counted"]) for line in told["lines"]] == [
        (2, "struck", 0), (3, "counted", 30), (4, "counted", 5), (5, "reversal", 0),
    ]  # fmt: skip
    assert [line["balance_credits"] for line in told["lines"]] == [107, 137, 142, 42]
    assert told["lines"][0]["reversed_by_id"] == told["lines"][3]["entry_id"]
    assert told["closing"] == {"entries": 3, "hours": Decimal(42), "credits": Decimal(42)}
    standing = await get_standing(db, by.actor, teacher_id=teacher_id, now=NOW)
    assert told["counted_credits"] == standing["counted_credits"] == Decimal(35)
    assert told["requirements"] == standing["requirements"]
    then = await get_statement(
        db, by.actor, teacher_id=teacher_id, now=NOW, as_of=date(2025, 12, 31)
    )
    assert [line["sequence"] for line in then["lines"]] == [1]
    assert then["opening"]["entries"] == 0
    with pytest.raises(TeacherNotFound):
        await get_statement(db, city.colleague_account.actor, teacher_id=teacher_id, now=NOW)


async def test_a_cut_is_told_with_the_cap_that_made_it(db: Connection, city: City) -> None:
    await make_pack(db, city.city)
    for hours in ("100.00", "30.00"):
        await make_recognised(db, city.school, city.county_admin, [city.teacher], hours=hours)
    told = await get_statement(
        db, city.teacher_account.actor, teacher_id=city.teacher["id"], now=NOW
    )
    line = told["lines"][1]
    assert (line["state"], line["counted"]) == ("cut", 20)
    assert line["why"][0]["zh"] == "“校本培训学分五年上限”核减10.00学分。"
    assert line["why"][0]["basis"]["article"] == "第25条"
    assert line["why"][-1]["zh"] == "最终计入20.00学分。"


async def test_a_sheet_holds_text_as_text(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    await make_pack(db, city.city)
    await make_recognised(db, city.school, city.county_admin, [city.teacher])
    await driver.execute("UPDATE teacher SET name = '=1+1|cmd' WHERE id = $1", city.teacher["id"])
    actor = city.county_admin.actor
    asked: dict[str, Any] = {"teacher_id": city.teacher["id"], "now": NOW}
    before = db.statements
    name, content = await get_statement_sheet(db, actor, **asked)
    assert db.statements - before == 5
    assert name == "学分对账单-=1+1|cmd-2026-2030.xlsx"
    assert content == (await get_statement_sheet(db, actor, **asked))[1]
    with ZipFile(BytesIO(content)) as book:
        sheets = {each: book.read(each).decode() for each in book.namelist() if "sheet" in each}
    written = "".join(sheets.values())
    assert "=1+1|cmd" in written
    assert "<f>" not in written
    assert "<v>10.00</v>" in written


async def test_a_document_holds_the_same_and_text_as_text(
    db: Connection, driver: asyncpg.Connection, city: City, resources: Resources
) -> None:
    """A cut, a reversal and an empty cycle; markup in a name would end the compilation, were it read."""
    await make_pack(db, city.city)
    by, typesetter = city.county_admin, resources.typesetter
    for hours in ("100.00", "30.00", "5.00"):
        await make_recognised(db, city.school, by, [city.teacher], hours=hours)
    last = await driver.fetchval("SELECT id FROM credit_entry WHERE sequence = 3")
    strike = NewReversal(reason="登记有误")
    await reverse_entry(db, by.actor, entry_id=last, new=strike, now=NOW)
    await driver.execute(
        "UPDATE teacher SET name = '#panic(1)$*𠮷' WHERE id = $1", city.teacher["id"]
    )
    asked: dict[str, Any] = {"teacher_id": city.teacher["id"], "now": NOW}
    told = contents_of(await get_statement(db, by.actor, **asked), made_at=NOW)
    assert [line[6] for line in told["lines"]] == ["全额计入", "上限核减", "已被冲销", "冲销"]
    assert told["lines"][1][7::2] == ["20.00", "130.00"]
    assert told["lines"][1][8].startswith("“校本培训学分五年上限”核减10.00学分。\n")
    assert ("本周期计入", "120.00 学时，120.00 学分") in told["account"]
    before = db.statements
    name, content = await get_statement_document(db, by.actor, typesetter=typesetter, **asked)
    assert db.statements - before == 5
    assert (name, content[:4]) == ("学分对账单-#panic(1)$*𠮷-2026-2030.pdf", b"%PDF")
    again = await get_statement_document(db, by.actor, typesetter=typesetter, **asked)
    assert again == (name, content)
    asked["as_of"] = date(2024, 1, 1)
    _, empty = await get_statement_document(db, by.actor, typesetter=typesetter, **asked)
    assert empty[:4] == b"%PDF" != empty
    with pytest.raises(TeacherNotFound):
        await get_statement_document(
            db, city.colleague_account.actor, typesetter=typesetter, **asked
        )
