"""Sheets, orders and evaluations for tests: published and given by the domain itself."""

from datetime import date
from typing import Any

from app.domain.access.doors import PLACE
from app.domain.access.roles import Duty, Role
from app.domain.paging import PageRequest
from app.domain.quality.indicator_sheets import NewIndicatorSheet, publish_indicator_sheet
from app.domain.quality.rectifications import (
    NewRectification,
    Rectification,
    RectificationProof,
    ask_rectification,
    prove_rectification,
)
from app.domain.quality.unit_evaluations import (
    EvaluationAppeal,
    EvaluationResult,
    EvaluatorAppointment,
    NewCheckOrder,
    SelfInspection,
    VerifiedValues,
    appeal_unit_evaluation,
    appoint_evaluators,
    hand_in_self_inspection,
    issue_check_order,
    list_unit_evaluations,
    publish_unit_evaluation,
    verify_unit_evaluation,
    write_self_inspection,
)
from app.domain.training.activities import ActivityState
from app.domain.training.attendance import AttendanceStatus
from app.sql import Connection, Row, new_id
from tests.make import NOW, City, Person, make_account, make_activity, make_attendance
from tests.make_organisation import make_department

LIST_NUMBER = "岳教督清单〔2026〕3"
INDICATORS: list[dict[str, Any]] = [
    {
        "code": "activities", "name": "研修活动", "kind": "process", "weight": "40",
        "source": "computed", "measure": "activities_held",
        "scoring": {"kind": "linear", "none_at": "0", "full_at": "4"}, "article": "第二十六条",
    },
    {
        "code": "attendance", "name": "到会率", "kind": "process", "weight": "20",
        "source": "computed", "measure": "attendance_share",
        "scoring": {
            "kind": "steps",
            "steps": [{"at_least": "60", "share": "50"}, {"at_least": "90", "share": "100"}],
        },
    },
    {
        "code": "rules", "name": "五项制度健全", "kind": "process", "weight": "10",
        "source": "claimed", "scoring": {"kind": "yes_no"}, "evidence": ["制度文本"],
    },
    {
        "code": "effect", "name": "实施效果", "kind": "performance", "weight": "30",
        "source": "verified", "scoring": {"kind": "judged", "full_at": "10"},
    },
]  # fmt: skip
SHEET: dict[str, Any] = {
    "code": "school_based_2026", "name": "校本研修评估指标", "evaluated": "school",
    "source": "岳市教发〔2013〕18号 第二十六条", "assumed": True, "indicators": INDICATORS,
}  # fmt: skip
ORDER: dict[str, Any] = {
    "title": "关于开展校本研修自查的通知", "kind": "self_inspection", "list_number": LIST_NUMBER,
    "school_year": 2026, "since": "2026-09-01", "until": "2026-11-20", "due_on": "2026-12-10",
}  # fmt: skip


async def make_sheet(db: Connection, unit: Row, by: Person, **more: Any) -> Row:
    """The sheet of these tests, published by a bureau."""
    new = NewIndicatorSheet.model_validate(SHEET | {"unit_id": unit["id"]} | more)
    return await publish_indicator_sheet(db, by.actor, new=new, now=NOW)


async def make_order(
    db: Connection, unit: Row, by: Person, *units: Row, sheet: Row | None = None, **more: Any
) -> Row:
    """An order of a bureau to these units, by the sheet of these tests unless another is given."""
    sheet = sheet or await make_sheet(db, unit, by)
    given = {"unit_id": unit["id"], "sheet_id": sheet["id"], "unit_ids": [u["id"] for u in units]}
    new = NewCheckOrder.model_validate(ORDER | given | more)
    return await issue_check_order(db, by.actor, new=new, now=NOW)


async def make_held_activity(db: Connection, city: City) -> None:
    """An activity that the school has held, to which one of its two teachers came."""
    activity = await make_activity(db, city.school, city.school_admin, state=ActivityState.HELD)
    [session] = activity["sessions"]
    await make_attendance(db, session, city.school_admin, city.teacher)
    await make_attendance(
        db, session, city.school_admin, city.colleague, status=AttendanceStatus.ABSENT
    )


async def make_evaluation_of_school(db: Connection, city: City) -> Row:
    """The evaluation of the school, ordered by its county, of a period in which it held something."""
    await make_held_activity(db, city)
    order = await make_order(db, city.county, city.county_admin, city.school)
    page = await list_unit_evaluations(
        db, city.county_admin.actor, page=PageRequest(), order_id=order["id"]
    )
    [row] = page.items
    return row


async def make_handed_in(db: Connection, city: City) -> Row:
    """The same, after the school has looked at itself."""
    row = await make_evaluation_of_school(db, city)
    said = SelfInspection.model_validate(
        {
            "judgement": "制度健全，活动偏少。", "expected_effects": "人人上台",
            "achieved_effects": "半数教师上台",
            "claims": [{"indicator": "rules", "value": "1", "note": "五项制度均已印发"}],
        }
    )  # fmt: skip
    actor = city.school_admin.actor
    await write_self_inspection(db, actor, evaluation_id=row["id"], said=said)
    return await hand_in_self_inspection(db, actor, evaluation_id=row["id"], now=NOW)


async def make_evaluator(db: Connection, city: City, name: str = "评估员") -> Person:
    """An officer of a department of the county whose duty it is to evaluate."""
    department = await make_department(db, city.county, Duty.EVALUATE, name=name)
    return await make_account(db, name, Role.DEPARTMENT_OFFICER, department)


async def appoint(db: Connection, city: City, evaluation: Row, *people: Person) -> None:
    """Appoint people to evaluate the unit of an evaluation that the county has ordered."""
    appointment = EvaluatorAppointment.model_validate(
        {
            "unit_ids": [evaluation["unit_id"]],
            "evaluators": [{"account_id": person.actor.account_id} for person in people],
        }
    )
    await appoint_evaluators(
        db, city.county_admin.actor, order_id=evaluation["order_id"], appointment=appointment,
        now=NOW,
    )  # fmt: skip


def found(**values: str) -> VerifiedValues:
    """Values that an evaluator found, by indicator."""
    given = [{"indicator": name, "value": value} for name, value in values.items()]
    return VerifiedValues.model_validate({"values": given})


async def make_published(db: Connection, city: City) -> Row:
    """The result, as the county administrator has published it: 10 + 0 + 10 + 24 points."""
    row = await make_handed_in(db, city)
    person = await make_evaluator(db, city)
    await appoint(db, city, row, person)
    values = found(rules="1", effect="8")
    # One of two came: 50 per cent is below the first step.
    await verify_unit_evaluation(db, person.actor, evaluation_id=row["id"], found=values, now=NOW)
    result = EvaluationResult(opinion="活动次数不足。")
    return await publish_unit_evaluation(
        db, city.county_admin.actor, evaluation_id=row["id"], result=result, now=NOW
    )


async def make_appealed(db: Connection, city: City) -> Row:
    """The same, after the school has appealed."""
    row = await make_published(db, city)
    said = EvaluationAppeal(appeal="漏登一次活动")
    return await appeal_unit_evaluation(
        db, city.school_admin.actor, evaluation_id=row["id"], said=said, now=NOW
    )


async def make_rectification(db: Connection, city: City) -> Row:
    """What the county asks of the school after that."""
    evaluation = await make_published(db, city)
    new = NewRectification(
        problem="活动次数较少", measure="每月至少两次", due_on=date(2026, 12, 31)
    )
    return await ask_rectification(
        db, city.county_admin.actor, evaluation_id=evaluation["id"], new=new, now=NOW
    )


async def make_proved(db: Connection, city: City) -> Row:
    """The same, after the school has said what it did."""
    row = await make_rectification(db, city)
    said = RectificationProof(proof="十二月已开展两次")
    return await prove_rectification(
        db, city.school_admin.actor, rectification_id=row["id"], said=said, now=NOW
    )


async def make_busy_evaluations(db: Connection, city: City) -> None:
    """Two orders of the city, and two of a county to its schools, each of which has things to put right."""
    by = city.county_admin
    judged = [INDICATORS[3] | {"weight": "100"}]
    for code in ("one", "two"):
        above = await make_sheet(db, city.city, city.city_admin, code=code, indicators=judged)
        number = {"list_number": f"{LIST_NUMBER}-{code}"}
        await make_order(db, city.city, city.city_admin, sheet=above, **number)
        sheet = await make_sheet(db, city.county, by, code=code, indicators=judged)
        order = await make_order(db, city.county, by, sheet=sheet, **number)
        page = await list_unit_evaluations(db, by.actor, page=PageRequest(), order_id=order["id"])
        problems = [
            {
                "id": new_id(), **{name: row[name] for name in PLACE}, "evaluation_id": row["id"],
                "by_unit_id": city.county["id"], "problem": problem, "measure": "整改",
                "due_on": date(2026, 12, 31), "state": "asked", "asked_at": NOW,
                "asked_by": by.actor.account_id,
            }
            for row in page.items
            for problem in ("次数较少", "记载不全")
        ]  # fmt: skip
        await db.insert_all(Rectification, problems)
