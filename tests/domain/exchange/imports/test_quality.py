"""The bureau's own papers, from files: documents with articles, indicator sheets, budgets, expenses."""

from decimal import Decimal
from typing import Any

import pytest

from app.domain.errors import NotAllowed
from app.domain.exchange.imports import ImportSubject
from app.domain.paging import PageRequest
from app.domain.quality.budgets import BudgetState, list_budget_lines, list_budgets, submit_budget
from app.domain.quality.document_articles import list_document_articles
from app.domain.quality.expenses import list_expenses
from app.domain.quality.indicator_sheets import list_indicator_sheets
from app.domain.quality.official_documents import list_official_documents
from app.request import Resources
from app.sql import Connection, Row
from tests.conftest import SharedPool
from tests.domain.exchange.test_imports import Case
from tests.make import NOW, TODAY, City, make_activity
from tests.make_funds import YEAR, make_open
from tests.make_imports import csv

DOCUMENTS, INDICATORS, BUDGETS, EXPENSES = (
    {"subject": ImportSubject(name)} for name in ("documents", "indicators", "budgets", "expenses")
)
DOCUMENTS_HEAD = "文件名称,文号,文种,成文日期,条号,章节,条文"
INDICATORS_HEAD = (
    "指标表代码,指标表名称,评估对象,依据,权重自定,指标代码,指标名称,类别,权重,数据来源,计量项,计分方式,零分值,"
    "满分值,分档,所需佐证"
)
BUDGETS_HEAD = "科目名称,单位,预算年度,支出类别,资金来源,重点支持项目,预算数"
EXPENSES_HEAD = "科目名称,单位,支出类别,金额,收款方,摘要,发生日期,凭证号,活动名称,其他用途及理由"
PAGE = PageRequest(limit=50)


class Quality(Case):
    """A county's administrator with the papers of a bureau."""

    async def entered(self, content: bytes, kind: dict[str, Any]) -> Row:
        """A file that is entered, none of its rows refused."""
        run = await self.applied(content, **kind)
        assert run["rejects"] == 0, await self.codes(run)
        return run

    async def articles(self) -> dict[int, tuple[str | None, str]]:
        """The articles of the one document that the unit has."""
        page = await list_official_documents(self.db, self.actor, page=PAGE)
        [document] = page.items
        rows = await list_document_articles(self.db, self.actor, document_id=document["id"])
        return {row["number"]: (row["chapter"], row["text"]) for row in rows}

    def indicators(self, *, weight: str = "40", code: str = "county_2026") -> bytes:
        """A sheet of three lines, whose weights make a hundred by default."""
        sheet = f"{code},学校评估指标,学校,县教发〔2026〕7号 第六条,是"
        return csv(
            INDICATORS_HEAD,
            f"{sheet},held,研修活动,过程,{weight},计算,研修活动次数,按比例,0,10,,",
            f"{code},,,,,attended,到会率,过程,20,计算,到会率,分档,,,60:50；90:100,",
            f"{code},,,,,effect,实施效果,绩效,40,评定,,评分,,10,,总结、照片",
        )

    def budget(self, title: str = "教师培训费", planned: str = "10000", year: int = YEAR) -> str:
        return f"{title},{self.city.school['name']},{year},培训,上级拨付,是,{planned}"

    def expense(self, amount: str = "120.5", day: Any = TODAY, **more: str) -> str:
        said = {"line": "教师培训费", "activity": "", "other": "购置研训用书"} | more
        return (
            f"{said['line']},{self.city.school['name']},培训,{amount},测试书店,研训用书,{day},记-7,"
            f"{said['activity']},{said['other']}"
        )


@pytest.fixture
def case(db: Connection, pool: SharedPool, resources: Resources, city: City) -> Quality:
    return Quality(db, pool, resources, city)


async def test_a_document_is_drafted_with_its_articles_and_follows_the_file(case: Quality) -> None:
    said = "校本研修管理办法,县教发〔2026〕7号,办法,2026-05-07"
    long = "研" * 3000
    content = csv(
        DOCUMENTS_HEAD, f"{said},1,总则,为加强管理，制定本办法。", f"{said},2,总则,{long}",
        f"{said},2,总则,又一个第二条。", f"{said},3,,",
    )  # fmt: skip
    run = await case.applied(content, **DOCUMENTS)
    assert (run["applied"], run["rejects"]) == (2, 2)
    assert await case.codes(run) == [[], [], ["import_row_repeated"], ["import_cell_needed"]]
    assert await case.articles() == {1: ("总则", "为加强管理，制定本办法。"), 2: ("总则", long)}
    keys = [row["target_id"] for row in await case.rows(run)][:2]
    # One more article, one that is written anew, one that stays; and of the document itself nothing.
    content = csv(
        DOCUMENTS_HEAD, f"{said},1,总则,为规范管理，制定本办法。", f"{said},2,总则,{long}",
        "校本研修管理办法,县教发〔2026〕8号,,,3,附则,自发布之日起施行。", f"{said},3,附则,自印发之日起施行。",
    )  # fmt: skip
    again = await case.applied(content, **DOCUMENTS)
    assert await case.codes(again) == [[], [], ["import_document_differs"], ["import_row_repeated"]]
    content = csv(DOCUMENTS_HEAD, f"{said},3,附则,自印发之日起施行。")
    third = await case.entered(content, DOCUMENTS)
    assert [row["target_id"] for row in await case.rows(again)][:2] == keys
    assert await case.articles() == {
        1: ("总则", "为规范管理，制定本办法。"), 2: ("总则", long),
        3: ("附则", "自印发之日起施行。"),
    }  # fmt: skip
    assert (await case.undone(third["id"]))["undone"] == 1
    assert (await case.undone(again["id"]))["undone"] == 1
    assert await case.articles() == {1: ("总则", "为加强管理，制定本办法。"), 2: ("总则", long)}
    assert (await case.undone(run["id"]))["undone"] == 2
    assert await case.articles() == {}


async def test_a_document_without_articles_stays_a_draft(case: Quality) -> None:
    run = await case.entered(csv("文件名称,文种", "关于开展校本研修的通知,通知"), DOCUMENTS)
    assert await case.articles() == {}
    undone = await case.undone(run["id"])
    assert (undone["undone"], await case.codes(run)) == (0, [["import_document_stays"]])
    case.actor, case.unit_id = case.city.school_admin.actor, case.city.school["id"]
    # A school issues no such document: what the noun refuses the row is refused for.
    run = await case.applied(csv("文件名称,文种", "校本研修管理办法,办法"), **DOCUMENTS)
    assert await case.codes(run) == [["document_issuer_unfit"]]


async def test_a_sheet_is_published_whole_and_once(case: Quality) -> None:
    run = await case.entered(case.indicators(), INDICATORS)
    [sheet] = (await list_indicator_sheets(case.db, case.actor, page=PAGE)).items
    assert (sheet["version"], sheet["assumed"], sheet["unit_id"]) == (1, True, case.unit_id)
    assert [(each["code"], each["weight"]) for each in sheet["indicators"]] == [
        ("held", "40"), ("attended", "20"), ("effect", "40"),
    ]  # fmt: skip
    assert sheet["indicators"][1]["scoring"]["steps"] == [
        {"at_least": "60", "share": "50"}, {"at_least": "90", "share": "100"},
    ]  # fmt: skip
    assert sheet["indicators"][2]["evidence"] == ["总结", "照片"]
    # Of two sheets in a file one is unchanged, and the other is refused whole for what one row says.
    both = case.indicators() + case.indicators(code="other", weight="41").split(b"\r\n", 1)[1]
    again = await case.applied(both, **INDICATORS)
    assert (again["unchanged"], again["rejects"], again["applied"]) == (3, 3, 0)
    assert (await case.codes(again))[3:] == [["indicator_weights_off"]] * 3
    right = case.indicators(code="county_2026").replace("总结、照片".encode(), "总结".encode())
    await case.entered(right, INDICATORS)
    found = await list_indicator_sheets(case.db, case.actor, page=PAGE)
    assert [(each["code"], each["version"]) for each in found.items] == [
        ("county_2026", 1), ("county_2026", 2),
    ]  # fmt: skip
    undone = await case.undone(run["id"])
    assert (undone["undone"], await case.codes(run)) == (0, [["import_sheet_stays"]] * 3)


async def test_what_no_sheet_can_be_is_refused_with_its_rows(case: Quality) -> None:
    for wrong, code in (
        (case.indicators().replace("60:50；90:100".encode(), b"60"), "import_steps_unreadable"),
        (case.indicators().replace("研修活动次数".encode(), b""), "import_row_unfit"),
        (case.indicators(code="ABC"), "import_cell_unfit"),
        (case.indicators().replace("学校评估指标".encode(), b""), "import_cell_needed"),
    ):
        run = await case.applied(wrong, **INDICATORS)
        assert [codes[0] for codes in await case.codes(run)] == [code] * 3
    assert (await list_indicator_sheets(case.db, case.actor, page=PAGE)).items == []


async def test_lines_come_into_the_draft_of_a_budget_until_it_is_handed_in(case: Quality) -> None:
    case.actor, case.unit_id = case.city.school_admin.actor, case.city.school["id"]
    content = csv(BUDGETS_HEAD, case.budget(), case.budget("图书费", "2000.5"))
    run = await case.entered(content, BUDGETS)
    [budget] = (await list_budgets(case.db, case.actor, page=PAGE)).items
    assert (budget["state"], budget["year"]) == (BudgetState.DRAFT, YEAR)

    async def lines() -> dict[str, Decimal]:
        page = await list_budget_lines(case.db, case.actor, page=PAGE, budget_id=budget["id"])
        return {row["title"]: row["planned"] for row in page.items}

    assert await lines() == {"教师培训费": 10000, "图书费": Decimal("2000.50")}
    changed = csv(BUDGETS_HEAD, case.budget(planned="9000"), case.budget("图书费", "2000.50"))
    again = await case.applied(changed, **BUDGETS)
    assert await case.codes(again) == [["import_budget_line_differs"], []]
    assert (again["unchanged"], await lines()) == (
        1,
        {"教师培训费": 10000, "图书费": Decimal("2000.50")},
    )
    more = await case.entered(csv(BUDGETS_HEAD, case.budget("差旅费")), BUDGETS)
    assert (await case.undone(more["id"]))["undone"] == 1
    assert (await lines()).keys() == {"教师培训费", "图书费"}
    await submit_budget(case.db, case.actor, budget_id=budget["id"], now=NOW)
    late = await case.applied(csv(BUDGETS_HEAD, case.budget("专家费")), **BUDGETS)
    assert await case.codes(late) == [["budget_state_wrong"]]
    undone = await case.undone(run["id"])
    assert (undone["undone"], await case.codes(run)) == (0, [["budget_state_wrong"]] * 2)
    assert len(await lines()) == 2


async def test_expenses_are_handed_in_once_and_decided_by_others(case: Quality) -> None:
    city = case.city
    case.actor, case.unit_id = city.school_admin.actor, city.school["id"]
    await make_open(case.db, city.school_admin, city.county_admin, city.school)
    activity = await make_activity(case.db, city.school, city.school_admin, title="同课异构")
    content = csv(
        EXPENSES_HEAD, case.expense(), case.expense("300", activity="同课异构", other=""),
        case.expense("1", line="没有的科目"), case.expense("2", activity="没有的活动", other=""),
        case.expense("3", other=""), case.expense(), case.expense("999999"),
        case.expense("4", day=f"{YEAR - 1}-05-07"),
    )  # fmt: skip
    run = await case.applied(content, **EXPENSES)
    assert await case.codes(run) == [
        [], [], ["budget_line_not_found"], ["activity_not_found"], ["import_row_unfit"],
        ["import_row_repeated"], ["funds_insufficient"], ["budget_line_not_found"],
    ]  # fmt: skip
    found = (await list_expenses(case.db, case.actor, page=PAGE)).items
    assert {(row["amount"], row["state"], row["activity_id"]) for row in found} == {
        (Decimal("120.50"), "submitted", None), (Decimal(300), "submitted", activity["id"]),
    }  # fmt: skip
    again = await case.applied(csv(EXPENSES_HEAD, case.expense("120.50")), **EXPENSES)
    assert (again["unchanged"], again["applied"]) == (1, 0)
    undone = await case.undone(run["id"])
    assert undone["undone"] == 0
    assert (await case.codes(run))[:2] == [["import_expense_handed_in"]] * 2
    assert len((await list_expenses(case.db, case.actor, page=PAGE)).items) == 2


async def test_a_school_reaches_no_other_school_and_nobody_more_than_their_rights(
    case: Quality,
) -> None:
    city = case.city
    case.actor, case.unit_id = city.sibling_admin.actor, city.sibling["id"]
    run = await case.applied(csv(BUDGETS_HEAD, case.budget()), **BUDGETS)
    assert await case.codes(run) == [["import_unit_unknown"]]
    await make_open(case.db, city.school_admin, city.county_admin, city.school)
    run = await case.applied(csv(EXPENSES_HEAD, case.expense()), **EXPENSES)
    assert await case.codes(run) == [["import_unit_unknown"]]
    # A school evaluates nobody: it publishes no sheet by a file either.
    with pytest.raises(NotAllowed):
        await case.checked(case.indicators(), **INDICATORS)
    assert (await list_expenses(case.db, city.county_admin.actor, page=PAGE)).items == []
