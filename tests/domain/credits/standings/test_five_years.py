"""The five years of one teacher in docs/standing.md, row by row and number by number."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from app.domain.credits.conditions.changing import changes_of
from app.domain.credits.conditions.frames import frame_of
from app.domain.credits.conditions.judging import Answer, Question, judge_condition
from app.domain.credits.conditions.telling import judged_row
from app.domain.credits.forecasts.planning import Ahead, Outlook, gap
from app.domain.credits.rules import Cycle, Dated, Entry, Facts, evaluate
from app.domain.credits.statements.account import account_of
from tests.domain.credits.histories import DEMO, entry, reversal

WRITTEN = (Path(__file__).parents[4] / "docs/standing.md").read_text(encoding="utf-8")
TEACHER = Facts(
    birth_date=date(1985, 3, 7),
    ranks=(Dated("first_grade", date(2019, 9, 1)),),
    posts=(Dated("teacher", date(2010, 9, 1)),),
    stages=("primary",),
)
REGISTERED = [Dated("qualified", date(2026, 7, 1), date(2031, 6, 30))]
_ROW = re.compile(
    r"^\| (\d+) \| (\d{4}-\d\d-\d\d) \| (\w+) \| (\S+) \| ([\d.]+) \| ([\d.]+) \|", re.MULTILINE
)


def recorded(day: str) -> dict[str, Any]:
    return {"recorded_at": datetime.fromisoformat(day).replace(tzinfo=UTC)}


def made(number: int, on: str, level: str, amount: str, *content: str) -> Entry:
    return entry(number, amount, on=on, level=level, content=content, **recorded(on))


ROWS = _ROW.findall(WRITTEN)
LEDGER = [
    made(int(number), on, level, amount, *(() if content == "–" else (content,)))
    for number, on, level, content, amount, _ in ROWS
]
STRUCK = [*LEDGER, reversal(10, LEDGER[2], on="2027-01-15", **recorded("2030-02-10"))]


def condition(kind: str, entries: list[Entry], day: date) -> tuple[Question, Answer]:
    purpose = next(each for each in DEMO.document.purposes if each.kind == kind)
    frame = frame_of(purpose, DEMO, TEACHER, REGISTERED, day)
    assert isinstance(frame, Cycle)
    question = Question(
        facts=TEACHER, purpose=purpose, pack=DEMO, packs=(DEMO,), frame=frame, as_of=day
    )
    return question, judge_condition(question, entries)


def test_what_counts_of_each_row_is_what_is_written() -> None:
    standing = evaluate(TEACHER, LEDGER, DEMO, date(2030, 1, 31))
    assert [str(each.counted) for each in standing.entries] == [row[5] for row in ROWS]
    assert [standing.totals.earned_credits, standing.totals.counted_credits] == [365, 320]
    told = {each.id: [each.counted, each.missing] for each in standing.requirements}
    assert told["total"] == [320, 40]
    assert told["county-or-above"] == [200, 0]
    assert told["ethics"] == [60, 0]
    assert told["school-based-every-year"][1] == Decimal("0.01")


def test_in_january_the_explanation_says_what_would_change_it() -> None:
    question, answer = condition("appointment", LEDGER, date(2030, 1, 31))
    changes = {
        (str(each.kind), each.requirement_id, each.cap_id): [each.amount, each.missing_after]
        for each in changes_of(question, LEDGER, answer)
    }
    assert changes["earn", "total", None] == [40, 0]
    year = "school-based-every-year"
    assert changes["earn", year, None] == [Decimal("0.01"), Decimal("0.01")]
    assert changes["cap", year, "school-based-five-years"] == [25, 0]


def test_in_february_a_reversal_frees_what_the_cap_had_cut() -> None:
    account, standing = account_of(TEACHER, STRUCK, DEMO, date(2030, 2, 10), None)
    assert [standing.totals.earned_credits, standing.totals.counted_credits] == [325, 305]
    lines = {line["sequence"]: line for line in account["lines"]}
    assert (lines[7]["counted"], lines[9]["counted"]) == (30, 5)
    assert (lines[3]["state"], lines[10]["credits"]) == ("struck", -40)
    assert account["closing"]["credits"] == 325
    before = evaluate(TEACHER, STRUCK, DEMO, date(2030, 2, 10), date(2030, 2, 9))
    assert before.totals.counted_credits == 320


MAY = Ahead(Decimal(30), made(101, "2030-05-20", "city", "30.00"))
OFFERS = [
    Ahead(Decimal(40), made(102, "2030-06-10", "county", "40.00")),
    Ahead(Decimal(25), made(103, "2030-06-20", "school", "25.00")),
    Ahead(Decimal(25), made(104, "2030-10-15", "city", "25.00")),
]


def test_in_march_the_forecast_finds_the_cheapest_course() -> None:
    outlook = Outlook(TEACHER, STRUCK, DEMO, DEMO.cycle_of(date(2030, 3, 1)))
    then = outlook.standing([MAY])
    assert [then.totals.counted_credits, gap(then)] == [335, 25]
    school = outlook.standing([MAY, OFFERS[1]])
    assert school.totals.counted_credits - then.totals.counted_credits == 15
    plan = outlook.plan([MAY], OFFERS)
    assert (plan.method, plan.chosen) == ("exact", (OFFERS[2],))
    assert gap(plan.standing) == 0


def test_in_december_every_purpose_is_answered_as_written() -> None:
    entries = [
        *STRUCK,
        made(11, "2030-05-20", "city", "30.00"),
        made(12, "2030-10-15", "city", "25.00"),
    ]
    day = date(2030, 12, 1)
    assert evaluate(TEACHER, entries, DEMO, day).totals.counted_credits == 360
    for purpose in DEMO.document.purposes:
        question, answer = condition(purpose.kind, entries, day)
        told = judged_row((question.frame, answer))
        frame = f"{told['frame_start']} – {told['frame_end']}"
        assert f"| {purpose.kind} | {frame} | 合格" in WRITTEN
        assert told["outcome"] == "qualified", purpose.kind
    unstruck = [each for each in entries if each.sequence != 10]
    _, answer = condition("appraisal", unstruck, day)
    assert answer.standing.verdict == "missed"
