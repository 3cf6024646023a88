from datetime import date, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from app.domain.errors import DomainError, NotAllowed
from app.domain.organisation.facts import DayInFuture
from app.domain.organisation.guidance_visits import GuidanceVisitNotFound
from app.domain.organisation.units import UnitNotFound
from app.domain.paging import PageRequest
from app.domain.training.activities import ActivityNotFound
from app.domain.training.diagnoses import (
    DiagnosisAnswer,
    DiagnosisAnswered,
    DiagnosisAnsweredElsewhere,
    DiagnosisNotFound,
    MeasureInPast,
    NewDiagnosis,
    answer_diagnosis,
    diagnoses_of,
    get_diagnosis,
    list_diagnoses,
    list_diagnosis_dues,
    record_diagnosis,
)
from app.domain.training.surveys import SurveyNotFound
from app.sql import Connection, Row
from tests.make import NOW, TODAY, City, Person, make_activity
from tests.make_needs import make_diagnosis, make_survey
from tests.make_organisation import make_visit

PAGE = PageRequest(limit=100)
GIVEN: dict[str, Any] = {
    "diagnosed_on": "2026-11-03",
    "period_from": "2026-03-01",
    "period_to": "2026-07-10",
    "findings": [{"aspect": "activities", "finding": "每学期不足十次"}],
    "strengths": "参与面广",
    "problems": "集体备课流于形式",
    "suggestions": "每两周一次主题研修",
    "next_due_on": "2027-03-01",
}
REPLY = DiagnosisAnswer.model_validate(
    {"answer": "已制订整改方案", "measures": [{"measure": "增加研修次数", "due_on": "2026-12-31"}]}
)


async def record(db: Connection, person: Person, unit: Row, **given: Any) -> Row:
    new = NewDiagnosis.model_validate(GIVEN | given)
    return await record_diagnosis(db, person.actor, unit_id=unit["id"], new=new, now=NOW)


async def answer(db: Connection, person: Person, row: Row, reply: DiagnosisAnswer = REPLY) -> Row:
    return await answer_diagnosis(db, person.actor, diagnosis_id=row["id"], reply=reply, now=NOW)


async def refused(db: Connection, refusal: type[DomainError], awaitable: Any) -> None:
    with pytest.raises(refusal):
        async with db.transaction():
            await awaitable


async def test_a_county_diagnoses_a_school_and_the_school_answers(
    db: Connection, city: City
) -> None:
    survey = await make_survey(db, city.county, city.county_admin)
    visit = await make_visit(db, city.school, city.county_admin, city.county)
    activity = await make_activity(db, city.school, city.school_admin)
    made = await record(
        db, city.county_admin, city.school, survey_ids=[survey["id"]], visit_ids=[visit["id"]],
        activity_ids=[activity["id"]],
    )  # fmt: skip
    assert (made["unit_id"], made["by_unit_id"]) == (city.school["id"], city.county["id"])
    assert made["findings"] == GIVEN["findings"]
    assert (made["survey_ids"], made["visit_ids"]) == ([survey["id"]], [visit["id"]])
    assert (made["activity_ids"], made["recorder"]) == ([activity["id"]], "county.admin")
    for person, refusal in (
        (city.county_admin, DiagnosisAnsweredElsewhere), (city.sibling_admin, DiagnosisNotFound),
        (city.auditor, NotAllowed),
    ):  # fmt: skip
        await refused(db, refusal, answer(db, person, made))
    late = DiagnosisAnswer.model_validate(
        {"answer": "x", "measures": [{"measure": "y", "due_on": "2026-11-19"}]}
    )
    await refused(db, MeasureInPast, answer(db, city.school_admin, made, late))
    answered = await answer(db, city.school_admin, made)
    assert answered["measures"] == [{"measure": "增加研修次数", "due_on": "2026-12-31"}]
    assert (answered["answer"], answered["answered_at"]) == (REPLY.answer, NOW)
    await refused(db, DiagnosisAnswered, answer(db, city.school_admin, made))
    assert await get_diagnosis(db, city.city_admin.actor, diagnosis_id=made["id"]) == answered


async def test_who_diagnoses_what(db: Connection, city: City) -> None:
    whole = await record(db, city.county_admin, city.county)
    assert (whole["school_id"], whole["by_unit_id"]) == (None, city.county["id"])
    direct = await record(db, city.city_admin, city.direct_school)
    assert direct["by_unit_id"] == city.city["id"]
    for person, unit, refusal in (
        (city.school_admin, city.school, NotAllowed),
        (city.county_admin, city.far_school, UnitNotFound),
        (city.county_admin, city.city, NotAllowed),
    ):
        await refused(db, refusal, record(db, person, unit))
    page = await list_diagnoses(db, city.county_admin.actor, page=PAGE, answered=False)
    assert [row["id"] for row in page.items] == [whole["id"]]


async def test_what_it_rests_on_must_be_seen(db: Connection, city: City) -> None:
    survey = await make_survey(db, city.far_school, city.city_admin)
    visit = await make_visit(db, city.far_school, city.city_admin, city.other_county)
    activity = await make_activity(db, city.far_school, city.city_admin)
    for name, row, refusal in (
        ("survey_ids", survey, SurveyNotFound), ("visit_ids", visit, GuidanceVisitNotFound),
        ("activity_ids", activity, ActivityNotFound),
    ):  # fmt: skip
        given = {name: [row["id"]]}
        await refused(db, refusal, record(db, city.county_admin, city.school, **given))
    page = await list_diagnoses(db, city.city_admin.actor, page=PAGE)
    assert page.items == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"period_to": "2026-02-01"}, {"diagnosed_on": "2026-02-01"},
        {"next_due_on": "2026-11-03"}, {"findings": []},
        {"visit_ids": ["01890000-0000-7000-8000-000000000000"] * 2},
    ],
)  # fmt: skip
def test_days_in_a_wrong_order_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        NewDiagnosis.model_validate(GIVEN | wrong)


async def test_nothing_is_diagnosed_before_it_is(db: Connection, city: City) -> None:
    tomorrow = (TODAY + timedelta(days=1)).isoformat()
    await refused(
        db, DayInFuture, record(db, city.county_admin, city.school, diagnosed_on=tomorrow)
    )


async def test_each_school_is_told_when_it_is_due(db: Connection, city: City) -> None:
    due = {"next_due_on": date(2026, 11, 10)}
    old = await make_diagnosis(db, city.school, city.county_admin, diagnosed_on=date(2026, 9, 1))
    new = await make_diagnosis(db, city.school, city.county_admin, **due)
    before = db.statements
    rows = await list_diagnosis_dues(
        db, city.county_admin.actor, unit_id=city.county["id"], today=TODAY
    )
    assert db.statements - before == 2
    never, latest = rows
    assert (never["name"], never["diagnosed_on"], never["overdue"]) == ("甲县第二小学", None, True)
    assert (latest["diagnosis_id"], latest["overdue"]) == (new["id"], True)
    assert (latest["answered"], old["id"] == latest["diagnosis_id"]) == (False, False)
    found = await diagnoses_of(db, city.county_admin.actor, unit_ids=[city.school["id"]], page=PAGE)
    assert [row["id"] for row in found[city.school["id"]].items] == [new["id"], old["id"]]
