"""Duties of articles, and what the register shows of them: each check by the rows that it counts."""

from datetime import date, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from app.domain.credits.assessment_requirements import NewRequirement, set_assessment_requirement
from app.domain.errors import NotAllowed
from app.domain.learning.courses import Course, CourseState
from app.domain.learning.mentorships import EarlyEnd, MentorshipEnd, end_mentorship
from app.domain.organisation.reorganisations import Move, move_school
from app.domain.organisation.units import Level, UnitNotFound
from app.domain.quality import article_duties as duties
from app.domain.quality.article_duties import DutyCheck, DutyRhythm, NewArticleDuty
from app.domain.quality.article_duties.checks import CHECKS
from app.domain.quality.model_cases import ModelCaseWithdrawal, withdraw_model_case
from app.domain.quality.official_documents import DocumentState, DocumentWrongState
from app.domain.quality.regulations import RegulationKind
from app.domain.training.activities import ActivityState
from app.domain.training.plans import NewPlan, create_plan
from app.sql import Connection, Row
from tests.domain.credits.making import make_closed_activity, make_pack, make_recognised
from tests.make import NOW, City
from tests.make_archives import make_sealed, make_sealed_of
from tests.make_courses import make_school_course
from tests.make_demonstrations import make_published_case
from tests.make_documents import make_document, make_duty, make_regulation
from tests.make_evaluations import make_published
from tests.make_funds import make_open, make_paid, make_sent
from tests.make_mentorships import make_mentorship, make_proposed
from tests.make_plans import PLAN, approve, make_item, make_plan, submit

YEAR = 2026
"""The school year in which `NOW` lies."""


async def figures(
    db: Connection, city: City, shown_by: DutyCheck, year: int = YEAR, **more: Any
) -> dict[str, Row]:
    """How each school of the city stands with a duty that this shows, by its place in the small city."""
    document = await make_document(db, city.city, city.city_admin, articles=1)
    duty = await make_duty(db, document["articles"][0], shown_by, **more)
    rows = await duties.list_duty_fulfilments(
        db, city.city_admin.actor, duty_id=duty["id"], school_year=year, now=NOW
    )
    by_id = {row["unit_id"]: row for row in rows}
    names = ("city", "county", "school", "sibling", "far_school", "direct_school")
    found = {name: by_id.get(getattr(city, name)["id"]) for name in names}
    return {name: row for name, row in found.items() if row is not None}


async def agreed(db: Connection, city: City) -> None:
    """A plan of the school's that its county has agreed to."""
    plan = await make_plan(db, city.school_admin, unit_id=city.school["id"])
    await approve(db, city.county_admin, await submit(db, city.school_admin, plan))


def test_every_check_is_of_the_family() -> None:
    assert CHECKS.keys() == set(DutyCheck)
    assert all(check.bearers for check in CHECKS.values())


@pytest.mark.parametrize("shown_by", list(DutyCheck))
async def test_where_there_is_nothing_nothing_is_shown(
    db: Connection, city: City, shown_by: DutyCheck
) -> None:
    bearer = min(CHECKS[shown_by].bearers, key=list(Level).index)
    found = await figures(db, city, shown_by, bearer=bearer, needed=1)
    assert found
    # The schools of the small city have groups of nobody; its teachers earned nothing.
    assert {row["figure"] for row in found.values()} == {0}
    assert {row["fulfilled"] for row in found.values()} == {False}


async def test_a_plan_counts_once_it_was_agreed(db: Connection, city: City) -> None:
    await agreed(db, city)
    other = await make_plan(db, city.sibling_admin, unit_id=city.sibling["id"])
    await submit(db, city.sibling_admin, other)
    found = await figures(db, city, DutyCheck.PLAN_IN_FORCE)
    assert {name: row["fulfilled"] for name, row in found.items()} == {
        "school": True, "sibling": False, "far_school": False, "direct_school": False,
    }  # fmt: skip
    assert not (await figures(db, city, DutyCheck.PLAN_IN_FORCE, 2025))["school"]["fulfilled"]


async def test_activities_count_by_kind_content_and_term(db: Connection, city: City) -> None:
    for on, content, state in (
        (date(2026, 10, 9), ["ethics"], ActivityState.CLOSED),
        (date(2026, 11, 3), ["ethics", "teaching_methods"], ActivityState.HELD),
        (date(2027, 3, 3), ["teaching_methods"], ActivityState.CLOSED),
        (date(2026, 11, 4), ["ethics"], ActivityState.PUBLISHED),
        (date(2026, 8, 31), ["ethics"], ActivityState.CLOSED),
    ):
        await make_closed_activity(
            db, city.school, city.school_admin, on=on, content=content, state=state
        )

    async def figure(**more: Any) -> int:
        found = await figures(db, city, DutyCheck.ACTIVITIES_HELD, **more)
        return int(found["school"]["figure"])

    assert await figure() == 3
    assert await figure(activity_content=["ethics"]) == 2
    assert await figure(activity_content=["ethics", "teaching_methods"]) == 3
    assert await figure(activity_kinds=["lecture"]) == 0
    assert await figure(activity_kinds=["lecture", "collective_planning"]) == 3
    # In each term: two in the autumn, one in the spring.
    assert await figure(rhythm=DutyRhythm.TERMLY) == 1
    assert await figure(rhythm=DutyRhythm.TERMLY, activity_content=["ethics"]) == 0
    # What is done once may have been done in any year before.
    assert await figure(rhythm=DutyRhythm.ONCE) == 4


async def test_what_is_kept_up_in_one_term_is_none_of_the_other(db: Connection, city: City) -> None:
    async def plan(starts_on: str, ends_on: str) -> None:
        days = {"starts_on": starts_on, "ends_on": ends_on}
        new = NewPlan.model_validate(
            PLAN | days | {"unit_id": city.school["id"], "title": starts_on}
        )
        drafted = await create_plan(db, city.school_admin.actor, new=new, now=NOW)
        await make_item(db, city.school_admin, drafted, **days)
        await approve(db, city.county_admin, await submit(db, city.school_admin, drafted))

    async def figure(
        shown_by: DutyCheck = DutyCheck.PLAN_IN_FORCE, **more: Any
    ) -> tuple[int, bool]:
        found = await figures(db, city, shown_by, rhythm=DutyRhythm.TERMLY, **more)
        return found["school"]["figure"], found["school"]["fulfilled"]

    await plan("2026-09-01", "2027-01-20")
    assert await figure() == (0, False)
    await plan("2027-02-20", "2027-07-05")
    assert await figure() == (1, True)
    # What lasts over both terms is of both, and is one row behind the figure.
    await make_regulation(db, city.school, city.school_admin, RegulationKind.MANAGEMENT)
    document = await make_document(db, city.city, city.city_admin, articles=1)
    duty = await make_duty(
        db, document["articles"][0], DutyCheck.REGULATIONS_COMPLETE, rhythm=DutyRhythm.TERMLY
    )
    asked: dict[str, Any] = {"duty_id": duty["id"], "school_year": YEAR, "now": NOW}
    actor = city.city_admin.actor
    [own] = [
        each
        for each in await duties.list_duty_fulfilments(db, actor, **asked)
        if each["unit_id"] == city.school["id"]
    ]
    assert (own["figure"], own["fulfilled"]) == (1, True)
    rows = await duties.list_fulfilment_rows(db, actor, unit_id=city.school["id"], **asked)
    assert len(rows) == 1


async def test_an_article_lays_down_so_many_duties_and_no_more(db: Connection, city: City) -> None:
    document = await make_document(db, city.county, city.county_admin, articles=2)
    first, second = document["articles"]
    for _ in range(duties.MOST_DUTIES):
        await make_duty(db, first, None)
    new = NewArticleDuty(bearer=Level.SCHOOL, task="制定计划", rhythm=DutyRhythm.YEARLY)
    actor = city.county_admin.actor
    with pytest.raises(duties.ArticleDutiesFull) as refused:
        await duties.create_article_duty(db, actor, article_id=first, new=new)
    assert refused.value.details == {"most": duties.MOST_DUTIES}
    await duties.create_article_duty(db, actor, article_id=second, new=new)
    laid = await duties.list_article_duties(db, actor, document_id=document["id"])
    assert len(laid) == duties.MOST_DUTIES + 1


async def test_five_sets_are_five_kinds_and_not_five_papers(db: Connection, city: City) -> None:
    for kind in RegulationKind:
        await make_regulation(db, city.school, city.school_admin, kind)
    for mark in "一二三四五":
        await make_regulation(
            db, city.sibling, city.sibling_admin, RegulationKind.MANAGEMENT, mark=mark
        )
    found = await figures(db, city, DutyCheck.REGULATIONS_COMPLETE, needed=5)
    assert (found["school"]["figure"], found["school"]["fulfilled"]) == (5, True)
    assert (found["sibling"]["figure"], found["sibling"]["fulfilled"]) == (1, False)


async def test_what_is_kept_up_counts_from_its_first_day_on(db: Connection, city: City) -> None:
    """A regulation of 2013, and a course that was published in this school year."""
    await make_regulation(db, city.school, city.school_admin, RegulationKind.MANAGEMENT)
    course = await make_school_course(db, city)

    async def figure(shown_by: DutyCheck, year: int) -> int:
        return int((await figures(db, city, shown_by, year))["school"]["figure"])

    years = (2011, 2012, 2013, YEAR)  # It holds from May 2013, in the school year 2012.
    assert [await figure(DutyCheck.REGULATIONS_COMPLETE, year) for year in years] == [0, 1, 1, 1]
    assert [await figure(DutyCheck.COURSES_PUBLISHED, year) for year in (YEAR - 1, YEAR)] == [0, 1]
    retired = {"state": CourseState.RETIRED, "retired_at": NOW + timedelta(days=1)}
    await db.change(Course, course["id"], retired)
    assert await figure(DutyCheck.COURSES_PUBLISHED, YEAR) == 1


async def test_every_teacher_earns_some_credit(db: Connection, city: City) -> None:
    await make_pack(db, city.city)
    await make_recognised(db, city.school, city.county_admin, [city.teacher])
    found = await figures(db, city, DutyCheck.TEACHERS_CREDITED, 2025)
    assert (found["school"]["figure"], found["school"]["needed"]) == (1, 2)
    assert not found["school"]["fulfilled"]
    await make_recognised(db, city.school, city.county_admin, [city.colleague])
    found = await figures(db, city, DutyCheck.TEACHERS_CREDITED, 2025)
    assert (found["school"]["figure"], found["school"]["fulfilled"]) == (2, True)
    assert found["sibling"]["figure"] == 0


async def test_mentorships_count_while_they_last(db: Connection, city: City) -> None:
    await make_mentorship(db, city.school, city.school_admin, city.colleague, city.teacher)
    found = await figures(db, city, DutyCheck.MENTORSHIPS_AGREED)
    assert [row["figure"] for row in found.values()] == [1, 0, 0, 0]
    before = await figures(db, city, DutyCheck.MENTORSHIPS_AGREED, 2010)
    assert [row["figure"] for row in before.values()] == [0, 0, 0, 0]
    by = city.sibling_admin
    withdrawn = await make_proposed(db, city.sibling, by, city.sibling_teacher, city.teacher)
    end = EarlyEnd(kind=MentorshipEnd.PROPOSAL_WITHDRAWN, reason="人选有变")
    await end_mentorship(db, by.actor, mentorship_id=withdrawn["id"], end=end, now=NOW)
    after = await figures(db, city, DutyCheck.MENTORSHIPS_AGREED)
    assert [row["figure"] for row in after.values()] == [1, 0, 0, 0]


async def test_who_is_late_is_told_by_the_day(db: Connection, city: City) -> None:
    """Due by 30 September: over on the day of asking; by 30 June: of the next year."""
    autumn = await figures(db, city, DutyCheck.PLAN_IN_FORCE, due_month=9, due_day=30)
    spring = await figures(db, city, DutyCheck.PLAN_IN_FORCE, due_month=6, due_day=30)
    assert (autumn["school"]["due_on"], autumn["school"]["overdue"]) == (date(2026, 9, 30), True)
    assert (spring["school"]["due_on"], spring["school"]["overdue"]) == (date(2027, 6, 30), False)


async def test_the_rows_behind_a_figure(db: Connection, city: City) -> None:
    held = await make_closed_activity(db, city.school, city.school_admin, on=date(2026, 10, 9))
    document = await make_document(db, city.city, city.city_admin, articles=1)
    duty = await make_duty(db, document["articles"][0], DutyCheck.ACTIVITIES_HELD)

    async def behind(unit: Row, person: Any = None) -> list[Row]:
        actor = (person or city.city_admin).actor
        return await duties.list_fulfilment_rows(
            db, actor, duty_id=duty["id"], unit_id=unit["id"], school_year=YEAR, now=NOW
        )

    expected = {"noun": "activity", "row_id": held["id"], "on": date(2026, 10, 9)}
    assert await behind(city.school) == [expected]
    assert await behind(city.sibling) == []
    with pytest.raises(duties.DutyNotOfUnit):
        await behind(city.county)
    with pytest.raises(UnitNotFound):
        await behind(city.sibling, city.school_admin)
    document = await make_document(db, city.other_county, city.city_admin, articles=1)
    duty = await make_duty(db, document["articles"][0], DutyCheck.ACTIVITIES_HELD)
    assert await behind(city.far_school) == []
    with pytest.raises(duties.DutyNotOfUnit):
        await behind(city.school)


async def test_coverage_says_which_articles_have_data_behind_them(
    db: Connection, city: City
) -> None:
    document = await make_document(db, city.city, city.city_admin, articles=3)
    first, second, _ = document["articles"]
    await make_duty(db, first, DutyCheck.PLAN_IN_FORCE, due_month=9, due_day=30)
    await make_duty(db, second, None, task="加强领导")
    await agreed(db, city)

    async def coverage(person: Any) -> list[tuple[Any, ...]]:
        before = db.statements
        rows = await duties.list_article_coverage(
            db, person.actor, document_id=document["id"], school_year=YEAR, now=NOW
        )
        assert db.statements - before == 5
        names = ("number", "shown_by", "units", "fulfilled", "overdue")
        return [tuple(row[name] for name in names) for row in rows]

    without_data = [(2, None, None, None, None), (3, None, None, None, None)]
    assert await coverage(city.city_admin) == [(1, "plan_in_force", 4, 1, 3), *without_data]
    assert await coverage(city.county_admin) == [(1, "plan_in_force", 2, 1, 1), *without_data]
    assert await coverage(city.sibling_admin) == [(1, "plan_in_force", 1, 0, 1), *without_data]
    with pytest.raises(NotAllowed):
        await coverage(city.teacher_account)
    with pytest.raises(duties.CoverageYearUnfit):
        await duties.list_article_coverage(
            db, city.city_admin.actor, document_id=document["id"], school_year=99999, now=NOW
        )


async def test_a_unit_reads_how_it_stands_with_all_its_duties(db: Connection, city: City) -> None:
    document = await make_document(db, city.city, city.city_admin, articles=2)
    later, earlier = document["articles"][1], document["articles"][0]
    await make_duty(db, later, DutyCheck.GROUPS_AT_WORK)
    await make_duty(db, earlier, DutyCheck.PLAN_IN_FORCE)
    await make_duty(db, earlier, DutyCheck.VISITS_MADE, bearer=Level.COUNTY)
    rows = await duties.list_unit_fulfilments(
        db, city.school_admin.actor, document_id=document["id"], unit_id=city.school["id"],
        school_year=YEAR, now=NOW,
    )  # fmt: skip
    assert len(rows) == 2
    assert {row["unit_id"] for row in rows} == {city.school["id"]}
    listed = await duties.list_article_duties(
        db, city.teacher_account.actor, document_id=document["id"]
    )
    assert [each["number"] for each in listed] == [1, 1, 2]


async def test_a_duty_is_laid_down_by_who_keeps_the_document(db: Connection, city: City) -> None:
    document = await make_document(db, city.county, city.county_admin, articles=1)
    (article_id,) = document["articles"]
    new = {"bearer": "school", "task": "制定计划", "rhythm": "yearly", "shown_by": "plan_in_force"}

    async def lay(person: Any = city.county_admin, **more: Any) -> Row:
        return await duties.create_article_duty(
            db, person.actor, article_id=article_id, new=NewArticleDuty.model_validate(new | more)
        )

    made = await lay()
    assert (made["number"], made["document_id"]) == (1, document["id"])
    with pytest.raises(NotAllowed):
        await lay(city.school_admin)
    with pytest.raises(duties.DutyBearerAbove):
        await lay(bearer="city")
    with pytest.raises(duties.DutyNotShown):
        await lay(bearer="county", shown_by="teachers_credited")
    with pytest.raises(NotAllowed):
        await duties.remove_article_duty(db, city.auditor.actor, duty_id=made["id"])
    await duties.remove_article_duty(db, city.county_admin.actor, duty_id=made["id"])
    with pytest.raises(duties.DutyNotFound):
        await duties.remove_article_duty(db, city.county_admin.actor, duty_id=made["id"])
    draft = await make_document(
        db, city.county, city.county_admin, articles=1, state=DocumentState.DRAFT
    )
    with pytest.raises(DocumentWrongState):
        await duties.create_article_duty(
            db, city.county_admin.actor, article_id=draft["articles"][0],
            new=NewArticleDuty.model_validate(new),
        )  # fmt: skip


@pytest.mark.parametrize(
    "bad",
    [
        {"due_month": 2, "due_day": 30},
        {"due_month": 2},
        {"due_on": "2026-09-01"},
        {"rhythm": "once", "due_month": 9, "due_day": 1},
        {"activity_kinds": ["lecture"]},
        {"shown_by": "teachers_credited", "needed": 2},
        {"shown_by": "regulations_complete", "needed": 6},
        {"needed": 0},
        {"shown_by": "hearsay"},
    ],
)
def test_a_duty_that_cannot_be_meant(bad: dict[str, Any]) -> None:
    given = {"bearer": "school", "task": "计划", "rhythm": "yearly", "shown_by": "plan_in_force"}
    with pytest.raises(ValidationError):
        NewArticleDuty.model_validate(given | bad)


async def figure_of(
    db: Connection, city: City, place: str, shown_by: DutyCheck, **more: Any
) -> tuple[int, int, bool]:
    """What a unit has of a duty of its level, what it needs, and whether it has done it."""
    level = Level(getattr(city, place)["level"])
    row = (await figures(db, city, shown_by, bearer=level, **more))[place]
    return row["figure"], row["needed"], row["fulfilled"]


async def test_an_evaluation_shows_who_inspected_itself_and_who_evaluated(
    db: Connection, city: City
) -> None:
    await make_published(db, city)
    assert await figure_of(db, city, "school", DutyCheck.SELF_INSPECTED) == (1, 1, True)
    assert await figure_of(db, city, "sibling", DutyCheck.SELF_INSPECTED) == (0, 1, False)
    assert await figure_of(db, city, "county", DutyCheck.EVALUATIONS_MADE) == (1, 1, True)
    # Of two schools one has a result for its annual assessment; of a year before none.
    assert await figure_of(db, city, "county", DutyCheck.SCHOOLS_EVALUATED) == (1, 2, False)
    before = {"year": YEAR - 1}
    assert await figure_of(db, city, "county", DutyCheck.SCHOOLS_EVALUATED, **before) == (
        0,
        2,
        False,
    )
    await move_school(
        db, city.city_admin.actor, unit_id=city.sibling["id"],
        move=Move(bureau_id=city.other_county["id"]), now=NOW,
    )  # fmt: skip
    assert await figure_of(db, city, "county", DutyCheck.SCHOOLS_EVALUATED) == (1, 1, True)


async def test_money_that_arrived_shows_that_a_county_gives_it(db: Connection, city: City) -> None:
    _, (into,) = await make_open(
        db, city.school_admin, city.county_admin, city.school, {"source": "superior"}
    )
    _, (out_of,) = await make_open(db, city.county_admin, city.city_admin, city.county)
    await make_sent(db, city.county_admin, out_of, into, "10.00")
    assert await figure_of(db, city, "county", DutyCheck.SCHOOLS_FUNDED) == (0, 2, False)
    for _ in range(2):
        await make_paid(db, city.county_admin, city.school_admin, out_of, into, "10.00")
    # A school counts once, however often it is given something.
    assert await figure_of(db, city, "county", DutyCheck.SCHOOLS_FUNDED) == (1, 2, False)
    await move_school(
        db, city.city_admin.actor, unit_id=city.sibling["id"],
        move=Move(bureau_id=city.other_county["id"]), now=NOW,
    )  # fmt: skip
    assert await figure_of(db, city, "county", DutyCheck.SCHOOLS_FUNDED) == (1, 1, True)


async def test_model_cases_show_who_published_them(db: Connection, city: City) -> None:
    case = await make_published_case(db, city)
    assert await figure_of(db, city, "county", DutyCheck.MODELS_PUBLISHED) == (1, 1, True)
    assert await figure_of(db, city, "city", DutyCheck.MODELS_PUBLISHED) == (0, 1, False)
    said = ModelCaseWithdrawal(reason="数据不实")
    await withdraw_model_case(db, city.county_admin.actor, case_id=case["id"], said=said, now=NOW)
    assert await figure_of(db, city, "county", DutyCheck.MODELS_PUBLISHED) == (0, 1, False)


async def test_requirements_and_sealed_files_show_that_people_are_assessed(
    db: Connection, city: City
) -> None:
    new = NewRequirement.model_validate(
        {"stratum": None, "measure": "credits", "term": "year", "amount": "10"}
    )
    await set_assessment_requirement(
        db, city.school_admin.actor, unit_id=city.school["id"], new=new, now=NOW
    )
    assert await figure_of(db, city, "school", DutyCheck.REQUIREMENTS_SET) == (1, 1, True)
    await make_sealed_of(db, city, growth=True)
    # One of the school's two teachers; a growth file is no archive of the school.
    assert await figure_of(db, city, "school", DutyCheck.GROWTH_FILES_SEALED) == (1, 2, False)
    assert await figure_of(db, city, "school", DutyCheck.ARCHIVES_SEALED) == (0, 1, False)
    await make_sealed(db, city.school_admin, city.county_admin, city.school)
    assert await figure_of(db, city, "school", DutyCheck.ARCHIVES_SEALED) == (1, 1, True)


@pytest.mark.parametrize(
    "shown_by", [k for k, each in CHECKS.items() if each.everybody is not None]
)
def test_where_all_are_needed_no_number_is_given(shown_by: DutyCheck) -> None:
    with pytest.raises(ValidationError):
        NewArticleDuty.model_validate(
            {
                "bearer": "school",
                "task": "全体",
                "rhythm": "yearly",
                "shown_by": shown_by,
                "needed": 2,
            }
        )
