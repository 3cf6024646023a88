from typing import Any
from uuid import UUID

import pytest

from app.domain.errors import NotAllowed
from app.domain.learning.course_evaluations import get_course_evaluation
from app.domain.learning.course_reviews import revise_course
from app.domain.learning.course_runs import get_course_run_figures
from app.domain.learning.courses import CourseNotFound, CourseRevision
from app.domain.training.surveys import SurveyPurpose, SurveyResponse, SurveyState
from app.sql import Connection, Row, new_id
from tests.make import NOW, City, Person
from tests.make_courses import approve, make_published_class, make_run, make_school_course
from tests.make_needs import make_survey

SCALE = [
    {"code": code, "kind": "scale", "text": text, "minimum": 1, "maximum": 5, "required": True,
     "options": []}
    for code, text in (("quality", "质量如何？"), ("use", "能否用到课堂？"))
]  # fmt: skip


async def evaluate(
    db: Connection, city: City, made: Row, state: SurveyState, *answers: dict[str, int]
) -> None:
    """An evaluation of a class with these answers to its scale questions."""
    survey = await make_survey(
        db, city.school, city.school_admin, state=state, questions=SCALE,
        purpose=SurveyPurpose.ACTIVITY_EVALUATION, activity_id=made["activity_id"],
    )  # fmt: skip
    rows: list[dict[str, Any]] = [
        {"id": new_id(), "survey_id": survey["id"], "teacher_id": None, "of_school_id": None,
         "strata": {}, "answers": {code: [str(value)] for code, value in each.items()}}
        for each in answers
    ]  # fmt: skip
    await db.insert_all(SurveyResponse, rows)


async def evaluation(db: Connection, by: Person, course_id: UUID) -> list[Row]:
    told = await get_course_evaluation(db, by.actor, course_id=course_id)
    versions: list[Row] = told["versions"]
    return versions


async def test_what_was_thought_is_summed_by_version_and_feeds_the_next_review(
    db: Connection, city: City
) -> None:
    course = await make_school_course(db, city)
    run = await make_run(db, city.school_admin, course)
    one = await make_published_class(db, city.school_admin, run)
    two = await make_published_class(db, city.school_admin, run, name="二班")
    await evaluate(db, city, one, SurveyState.CLOSED, *[{"quality": 5, "use": 3}] * 5)
    await evaluate(db, city, two, SurveyState.PUBLISHED, *[{"quality": 3, "use": 3}] * 5)
    revision = CourseRevision.model_validate({"title": "课堂提问的设计（修订）"})
    await revise_course(
        db, city.school_admin.actor, course_id=course["id"], revision=revision, now=NOW
    )
    before = db.statements
    told = await get_course_evaluation(db, city.county_admin.actor, course_id=course["id"])
    assert db.statements - before == 2
    assert (told["version"], told["in_force"]) == (2, 1), "the reviewer sees what is to be revised"
    first, second = told["versions"]
    assert {name: first[name] for name in ("runs", "classes", "evaluated_classes", "answers")} == {
        "runs": 1, "classes": 2, "evaluated_classes": 2, "answers": 10,
    }  # fmt: skip
    # Of 5, 3 and 3, 3 on a scale from 1 to 5.
    assert str(first["satisfaction"]) == "62.50"
    assert first["questions"] == [
        {"code": "quality", "text": "质量如何？", "answers": 10, "satisfaction": "75.00"},
        {"code": "use", "text": "能否用到课堂？", "answers": 10, "satisfaction": "50.00"},
    ]
    assert (second["classes"], second["satisfaction"], second["questions"]) == (0, None, [])
    await approve(db, city.county_admin, course)
    again = await make_run(db, city.school_admin, course, name="春季")
    three = await make_published_class(db, city.school_admin, again)
    await evaluate(db, city, three, SurveyState.CLOSED, *[{"quality": 5, "use": 5}] * 5)
    first, second = await evaluation(db, city.county_admin, course["id"])
    assert (first["change"], str(second["satisfaction"]), str(second["change"])) == (
        None, "100.00", "37.50",
    )  # fmt: skip


async def test_no_sum_tells_what_a_few_thought(db: Connection, city: City) -> None:
    course = await make_school_course(db, city)
    run = await make_run(db, city.school_admin, course)
    one = await make_published_class(db, city.school_admin, run)
    # Five answered, but only two of them the second question.
    answers = [{"quality": 5}] * 3 + [{"quality": 5, "use": 1}] * 2
    await evaluate(db, city, one, SurveyState.CLOSED, *answers)
    (alone,) = await evaluation(db, city.school_admin, course["id"])
    assert [each["code"] for each in alone["questions"]] == ["quality"]
    assert str(alone["satisfaction"]) == "100.00"
    figures = await get_course_run_figures(db, city.school_admin.actor, run_id=run["id"])
    assert str(figures["satisfaction"]) == "100.00"
    # A further class in which four answered changes nothing that could be subtracted.
    two = await make_published_class(db, city.school_admin, run, name="二班")
    await evaluate(db, city, two, SurveyState.CLOSED, *[{"quality": 1, "use": 1}] * 4)
    # Nor does one whose evaluation is still open.
    three = await make_published_class(db, city.school_admin, run, name="三班")
    await evaluate(db, city, three, SurveyState.OPEN, *[{"quality": 1, "use": 1}] * 9)
    (together,) = await evaluation(db, city.school_admin, course["id"])
    assert together["questions"] == alone["questions"]
    assert together["answers"] == alone["answers"] == 5
    assert (together["classes"], together["evaluated_classes"]) == (3, 1)


async def test_it_is_for_who_writes_and_who_reviews(db: Connection, city: City) -> None:
    course = await make_school_course(db, city)
    for person in (city.school_admin, city.county_admin, city.city_admin, city.auditor):
        assert len(await evaluation(db, person, course["id"])) == 1
    with pytest.raises(NotAllowed):
        await evaluation(db, city.teacher_account, course["id"])
    with pytest.raises(CourseNotFound):
        await evaluation(db, city.sibling_admin, course["id"])
