"""What is asked and found out, for tests: surveys with answers, evaluations, problems, diagnoses."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from app.domain.training.diagnoses import Diagnosis, DiagnosisBasis
from app.domain.training.evaluations import ActivityEvaluation
from app.domain.training.problems import ProblemState, TeachingProblem
from app.domain.training.survey_links import LinkKind, SurveyLink, SurveyToken
from app.domain.training.surveys import (
    Survey,
    SurveyAudience,
    SurveyPurpose,
    SurveyResponse,
    SurveyState,
)
from app.security import passwords
from app.sql import Connection, Row, new_id
from tests.make import NOW, City, Person, make_activity

CHOICE = {
    "code": "form", "kind": "single_choice", "text": "最需要哪种研修？", "required": True,
    "minimum": None, "maximum": None, "most_choices": None,
    "options": [{"code": "lecture", "text": "讲座"}, {"code": "lesson", "text": "观课"}],
}  # fmt: skip
WORDS = {
    "code": "advice", "kind": "text", "text": "其他建议", "required": False, "minimum": None,
    "maximum": None, "most_choices": None, "options": [],
}  # fmt: skip
QUESTIONS = [CHOICE, WORDS]
"""One choice that must be made, and words that need not be written."""


def place_of(unit: Row) -> Row:
    return {name: unit[name] for name in ("city_id", "county_id", "school_id")}


async def make_survey(
    db: Connection,
    unit: Row,
    by: Person,
    *audience: Row,
    state: SurveyState = SurveyState.OPEN,
    questions: list[Row] | None = None,
    **more: Any,
) -> Row:
    """A survey of a unit for these, otherwise for itself: open from yesterday until tomorrow."""
    over = state in {SurveyState.CLOSED, SurveyState.PUBLISHED}
    row = {
        "id": new_id(),
        **place_of(unit),
        "purpose": SurveyPurpose.NEEDS,
        "title": "研训需求调查",
        "anonymous": True,
        "breakdowns": [],
        "opens_at": NOW - timedelta(days=1),
        "closes_at": NOW + timedelta(days=1),
        "is_template": False,
        "questions": questions or QUESTIONS,
        "state": state,
        "closed_at": NOW if over else None,
        "published_at": NOW if state is SurveyState.PUBLISHED else None,
        "created_by": by.actor.account_id,
    } | more
    await db.insert(Survey, row)
    targets = [target["id"] for target in audience or (unit,)]
    rows = [{"survey_id": row["id"], "target_id": target} for target in targets]
    if audience or row.get("activity_id") is None:
        await db.insert_all(SurveyAudience, rows)
    return row | {"unit_id": unit["id"]}


async def make_template(db: Connection, unit: Row, by: Person, **more: Any) -> Row:
    """A template for evaluating activities."""
    return await make_survey(
        db, unit, by, state=SurveyState.DRAFT, purpose=SurveyPurpose.ACTIVITY_EVALUATION,
        title="活动评估模板", is_template=True, opens_at=None, closes_at=None, **more,
    )  # fmt: skip


async def make_responses(
    db: Connection,
    survey: Row,
    count: int,
    choice: str = "lecture",
    *,
    school: Row | None = None,
    words: str | None = None,
    **strata: list[str],
) -> None:
    """So many answers that are all the same, from teachers of a school or of such strata."""
    answers = {"form": [choice]} | ({} if words is None else {"advice": [words]})
    rows = [
        {
            "id": uuid4(),
            "survey_id": survey["id"],
            "teacher_id": None,
            "of_school_id": school["id"] if school else None,
            "strata": strata,
            "answers": answers,
        }
        for _ in range(count)
    ]
    await db.insert_all(SurveyResponse, rows)


async def make_link(
    db: Connection, survey: Row, school: Row, by: Person, *tokens: str, shared: bool = False
) -> Row:
    """A link of a survey for the parents of a school, with these tokens."""
    row = {
        "id": new_id(),
        "survey_id": survey["id"],
        "school_id": school["id"],
        "kind": LinkKind.SHARED if shared else LinkKind.SINGLE,
        "tokens": len(tokens),
        "created_by": by.actor.account_id,
        "created_at": NOW,
    }
    await db.insert(SurveyLink, row)
    hashes = [passwords.hash_secret(token) for token in tokens]
    await db.insert_all(
        SurveyToken, [{"token_hash": each, "link_id": row["id"]} for each in hashes]
    )
    return row


async def make_evaluation(db: Connection, activity: Row, **more: Any) -> Row:
    """The evaluation of an activity."""
    days = {"window_days": 7, "summary_days": 14}
    row = {"id": new_id(), "activity_id": activity["id"], **days} | more
    await db.insert(ActivityEvaluation, row)
    return row


async def make_problem(db: Connection, unit: Row, by: Person, **more: Any) -> Row:
    """A problem that was stated in a unit."""
    row = {
        "id": new_id(),
        **place_of(unit),
        "statement": "学生不会提问，小组合作流于形式。",
        "tags": ["合作学习"],
        "stated_by": by.actor.account_id,
        "stated_at": NOW,
        "state": ProblemState.STATED,
    } | more
    await db.insert(TeachingProblem, row)
    return row


async def make_diagnosis(db: Connection, unit: Row, by: Person, **more: Any) -> Row:
    """The diagnosis of a unit by the bureau in charge of it."""
    row = {
        "id": new_id(),
        **place_of(unit),
        "by_unit_id": unit["county_id"],
        "diagnosed_on": date(2026, 11, 3),
        "period_from": date(2026, 3, 1),
        "period_to": date(2026, 7, 10),
        "findings": [{"aspect": "activities", "finding": "活动开展次数不足"}],
        "strengths": "教师参与面广",
        "problems": "集体备课流于形式",
        "suggestions": "每两周一次主题研修",
        "recorded_by": by.actor.account_id,
        "recorded_at": NOW,
        "measures": [],
    } | more
    await db.insert(Diagnosis, row)
    return row


async def make_needs(db: Connection, city: City) -> None:
    """Two of everything that is asked and found out, each leading on; the surveys are for all."""
    await make_diagnosis(db, city.direct_school, city.city_admin)
    for school, by in ((city.school, city.school_admin), (city.sibling, city.sibling_admin)):
        activity = await make_activity(db, school, by)
        first = await make_survey(db, school, by, city.city, state=SurveyState.CLOSED)
        again = {"previous_id": first["id"], "activity_id": activity["id"]}
        survey = await make_survey(db, school, by, city.city, **again)
        tokens = [f"token-of-{school['id']}-{number}" for number in range(3)]
        await make_link(db, first, school, by, *tokens[:2])
        await make_link(db, first, school, by, tokens[2], shared=True)
        await make_evaluation(db, activity, survey_id=survey["id"])
        into = await make_problem(db, school, by)
        decided = {"decided_at": NOW, "decided_by": by.actor.account_id}
        merged = {"state": ProblemState.MERGED, "merged_into_id": into["id"], **decided}
        await make_problem(db, school, by, **merged)
        diagnosis = await make_diagnosis(db, school, city.county_admin)
        basis = {"diagnosis_id": diagnosis["id"], "survey_id": first["id"]}
        await db.insert(DiagnosisBasis, {"id": new_id(), **basis})
