from datetime import date, timedelta
from typing import Any

import asyncpg
import pytest
from pydantic import ValidationError

from app.domain.access.roles import Duty, Role
from app.domain.errors import NotAllowed
from app.domain.organisation.facts import DayInFuture
from app.domain.organisation.guidance_visits import (
    GuidanceAnswer,
    GuidanceAnsweredElsewhere,
    GuidanceClosed,
    GuidanceConclusion,
    GuidanceKind,
    GuidanceVisitNotFound,
    GuidanceWithoutStanding,
    NewGuidanceVisit,
    answer_guidance_visit,
    close_guidance_visit,
    get_guidance_visit,
    guidance_visits_of,
    list_guidance_visits,
    record_guidance_visit,
)
from app.domain.organisation.reorganisations import Move, move_school
from app.domain.organisation.targets import TargetNotFound
from app.domain.organisation.units import UnitNotFound
from app.domain.paging import PageRequest
from app.sql import Connection, Row
from tests.make import NOW, City, Person, make_account
from tests.make_organisation import (
    make_assignment,
    make_committee,
    make_department,
    make_target,
    make_visit,
)

PAGE = PageRequest(limit=100)
ANSWER = GuidanceAnswer(answer="已组织集体备课专题研修")
CONCLUSION = GuidanceConclusion(conclusion="整改到位，同意办结")


async def record(db: Connection, person: Person, unit: Row, **given: Any) -> Row:
    new = NewGuidanceVisit.model_validate(
        {
            "kind": "guide",
            "visited_on": "2026-11-03",
            "visitors": "教研员两人",
            "findings": "研修有计划、有记载，集体备课流于形式。",
        }
        | given
    )
    return await record_guidance_visit(db, person.actor, unit_id=unit["id"], new=new, now=NOW)


async def answer(db: Connection, person: Person, visit: Row) -> Row:
    return await answer_guidance_visit(
        db, person.actor, visit_id=visit["id"], reply=ANSWER, now=NOW
    )


async def close(db: Connection, person: Person, visit: Row) -> Row:
    return await close_guidance_visit(
        db, person.actor, visit_id=visit["id"], conclusion=CONCLUSION, now=NOW
    )


async def seen_by(db: Connection, person: Person, **filters: Any) -> list[Any]:
    page = await list_guidance_visits(db, person.actor, page=PAGE, **filters)
    return [row["id"] for row in page.items]


async def test_a_visit_is_recorded_answered_and_closed(db: Connection, city: City) -> None:
    made = await record(
        db, city.county_admin, city.school, kind="inspect", requests="一个月内提交集体备课方案",
        due_on="2026-12-03",
    )  # fmt: skip
    assert made["by_unit_id"] == city.county["id"]
    assert (made["unit_id"], made["recorder"]) == (city.school["id"], "county.admin")
    for person, keys in (
        (city.school_admin, [made["id"]]), (city.city_admin, [made["id"]]),
        (city.sibling_admin, []), (city.other_county_admin, []),
    ):  # fmt: skip
        assert await seen_by(db, person) == keys
    assert await seen_by(db, city.city_admin, due_before=date(2026, 12, 4)) == [made["id"]]
    answered = await answer(db, city.school_admin, made)
    assert answered == made | {"answer": ANSWER.answer, "answered_at": NOW}
    closed = await close(db, city.county_admin, made)
    assert closed == answered | {"conclusion": CONCLUSION.conclusion, "closed_at": NOW}
    for again in (answer(db, city.school_admin, made), close(db, city.city_admin, made)):
        with pytest.raises(GuidanceClosed):
            await again
    assert await seen_by(db, city.county_admin, closed=False) == []
    assert await get_guidance_visit(db, city.school_admin.actor, visit_id=made["id"]) == closed


@pytest.mark.parametrize("kind", GuidanceKind)
async def test_the_city_has_its_rights_over_counties_and_no_county_over_another(
    db: Connection, city: City, kind: GuidanceKind
) -> None:
    """岳市教发〔2013〕18号 第二十八条: 市教育局负责组织对县(市)区的指导、检查、交流和评估工作."""
    made = await record(db, city.city_admin, city.county, kind=kind)
    assert made["by_unit_id"] == city.city["id"]
    with pytest.raises(GuidanceWithoutStanding):
        await record(db, city.county_admin, city.county, kind=kind)
    with pytest.raises(UnitNotFound):
        await record(db, city.county_admin, city.other_county, kind=kind)
    with pytest.raises(GuidanceWithoutStanding):
        await record(db, city.city_admin, city.county, kind=kind, by_unit_id=city.zone["id"])
    with pytest.raises(GuidanceWithoutStanding):
        await record(db, city.city_admin, city.city, kind=kind)
    with pytest.raises(NotAllowed):
        await record(db, city.school_admin, city.school, kind=kind)
    assert await seen_by(db, city.city_admin) == [made["id"]]


async def test_a_county_is_not_closed_out_by_itself(db: Connection, city: City) -> None:
    made = await record(db, city.city_admin, city.county, kind="evaluate")
    assert await seen_by(db, city.school_admin) == [], "a school reads what concerns it"
    with pytest.raises(GuidanceWithoutStanding):
        await close(db, city.county_admin, made)
    with pytest.raises(GuidanceAnsweredElsewhere):
        await answer(db, city.city_admin, made)
    await answer(db, city.county_admin, made)
    assert (await close(db, city.city_admin, made))["closed_at"] == NOW


async def test_nobody_answers_for_a_school_but_the_school(db: Connection, city: City) -> None:
    made = await make_visit(db, city.school, city.county_admin, city.county)
    with pytest.raises(GuidanceAnsweredElsewhere):
        await answer(db, city.county_admin, made)
    with pytest.raises(NotAllowed):
        await answer(db, city.auditor, made)
    with pytest.raises(GuidanceVisitNotFound):
        await answer(db, city.sibling_admin, made)
    kept = await get_guidance_visit(db, city.city_admin.actor, visit_id=made["id"])
    assert kept["answer"] is None


async def test_who_is_assigned_writes_for_exactly_these_schools(db: Connection, city: City) -> None:
    assignment = await make_assignment(db, city.county, city.auditor, city.school)
    target = await make_target(db, assignment)
    adviser = await make_account(db, "adviser", Role.SCHOOL_ADVISER, assignment)
    by = {"assignment_id": assignment["id"]}
    made = await record(db, adviser, city.school, kind="review", target_id=target["id"], **by)
    assert (made["by_unit_id"], made["target_id"]) == (city.county["id"], target["id"])
    assert await seen_by(db, adviser) == [made["id"]]
    assert await seen_by(db, city.school_admin, assignment_id=assignment["id"]) == [made["id"]]
    await close(db, adviser, made)
    with pytest.raises(UnitNotFound):
        await record(db, adviser, city.sibling, **by)
    with pytest.raises(GuidanceWithoutStanding):
        await record(db, adviser, city.school)
    with pytest.raises(NotAllowed):
        await record(db, adviser, city.school, kind="evaluate", **by)
    with pytest.raises(GuidanceWithoutStanding):
        await record(db, city.county_admin, city.sibling, **by)
    with pytest.raises(GuidanceWithoutStanding):
        await record(db, adviser, city.school, visited_on="2020-08-31", **by)
    other = await make_assignment(db, city.county, city.auditor, city.school)
    with pytest.raises(GuidanceWithoutStanding):
        await record(db, adviser, city.school, assignment_id=other["id"])
    foreign = await make_target(db, other)
    with pytest.raises(TargetNotFound):
        await record(db, adviser, city.school, target_id=foreign["id"], **by)
    assert len(await seen_by(db, city.city_admin)) == 1


async def test_experts_give_opinions_for_their_committee(db: Connection, city: City) -> None:
    committee = await make_committee(db, city.city, kind="expert_committee")
    of_school = await make_committee(db, city.school)
    expert = await make_account(db, "expert", Role.EXPERT, city.city)
    made = await record(db, expert, city.far_school, committee_id=committee["id"])
    assert made["by_unit_id"] == city.city["id"]
    assert await seen_by(db, expert) == [made["id"]]
    with pytest.raises(NotAllowed):
        await record(db, expert, city.school, kind="evaluate", committee_id=committee["id"])
    with pytest.raises(GuidanceWithoutStanding):
        await record(db, expert, city.school, committee_id=of_school["id"])
    over = await make_committee(db, city.city, valid_to=date(2026, 11, 3))
    with pytest.raises(GuidanceWithoutStanding):
        await record(db, expert, city.school, committee_id=over["id"])
    with pytest.raises(NotAllowed):
        await answer(db, expert, made)


async def test_an_officer_guides_where_the_departments_duty_is_to_guide(
    db: Connection, city: City
) -> None:
    guiding = await make_department(db, city.county, Duty.GUIDE, name="教研室")
    officer = await make_account(db, "officer", Role.DEPARTMENT_OFFICER, guiding)
    assert (await record(db, officer, city.school))["by_unit_id"] == city.county["id"]
    with pytest.raises(NotAllowed):
        await record(db, officer, city.school, kind="evaluate")
    owning = await make_department(db, city.county, Duty.OWN, name="电教中心")
    other = await make_account(db, "other.officer", Role.DEPARTMENT_OFFICER, owning)
    with pytest.raises(UnitNotFound):
        await record(db, other, city.school)


async def test_it_follows_a_school_to_another_county(db: Connection, city: City) -> None:
    made = await make_visit(db, city.school, city.county_admin, city.county)
    move = Move.model_validate({"bureau_id": city.other_county["id"]})
    await move_school(db, city.city_admin.actor, unit_id=city.school["id"], move=move, now=NOW)
    assert await seen_by(db, city.other_county_admin) == [made["id"]]
    assert await seen_by(db, city.county_admin) == []
    kept = await get_guidance_visit(db, city.city_admin.actor, visit_id=made["id"])
    assert kept["by_unit_id"] == city.county["id"], "who came stays who it was"


@pytest.mark.parametrize(
    "given",
    [{"requests": "整改"}, {"due_on": "2026-12-01"},
     {"requests": "整改", "due_on": "2026-11-02"}, {"target_id": True},
     {"assignment_id": True, "committee_id": True}, {"assignment_id": True, "by_unit_id": True}],
)  # fmt: skip
def test_what_does_not_go_together_is_refused(given: dict[str, Any]) -> None:
    key = "01890000-0000-7000-8000-000000000000"
    whole = {"kind": "guide", "visited_on": "2026-11-03", "visitors": "某", "findings": "好"}
    NewGuidanceVisit.model_validate(whole)
    with pytest.raises(ValidationError):
        NewGuidanceVisit.model_validate(
            whole | {name: key if value is True else value for name, value in given.items()}
        )


async def test_a_visit_has_been(db: Connection, city: City) -> None:
    tomorrow = (NOW + timedelta(days=1)).date().isoformat()
    with pytest.raises(DayInFuture):
        await record(db, city.county_admin, city.school, visited_on=tomorrow)
    assert await seen_by(db, city.city_admin) == []


async def test_visits_of_many_units_are_one_statement(db: Connection, city: City) -> None:
    for day in (3, 4):
        await make_visit(
            db, city.school, city.county_admin, city.county, visited_on=date(2026, 11, day)
        )
    await make_visit(db, city.county, city.city_admin, city.city)
    ids, before = [city.school["id"], city.county["id"], city.far_school["id"]], db.statements
    found = await guidance_visits_of(db, city.county_admin.actor, unit_ids=ids, page=PAGE)
    assert db.statements - before == 1
    assert [len(found[key].items) for key in ids] == [2, 1, 0]
    assert found[ids[0]].items[0]["visited_on"] == date(2026, 11, 4)


async def test_what_was_found_cannot_be_rewritten(
    driver: asyncpg.Connection, db: Connection, city: City
) -> None:
    await make_visit(db, city.school, city.county_admin, city.county)
    for statement in ("UPDATE guidance_visit SET findings = 'x'", "DELETE FROM guidance_visit"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with driver.transaction():
                await driver.execute(statement)
