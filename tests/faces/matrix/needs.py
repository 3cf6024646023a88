"""The rows of surveys, evaluations, problems and diagnoses."""

from typing import Any
from uuid import UUID

from app.domain.access.roles import Permission
from tests.faces.matrix.bodies import fixed, of_unit
from tests.faces.rule import Listing, Open, Personal, Row

_WINDOW = {"opens_at": "2026-11-01T00:00:00+08:00", "closes_at": "2098-11-30T00:00:00+08:00"}
_QUESTION = {"code": "advice", "kind": "text", "text": "建议"}
_DIAGNOSIS: dict[str, Any] = {
    "diagnosed_on": "2026-11-03", "period_from": "2026-03-01", "period_to": "2026-07-10",
    "findings": [{"aspect": "planning", "finding": "有计划"}], "strengths": "参与面广",
    "problems": "流于形式", "suggestions": "增加次数",
}  # fmt: skip


def _survey(unit_id: UUID) -> dict[str, Any]:
    return {
        "purpose": "needs", "title": "需求调查", "questions": [_QUESTION],
        "unit_id": str(unit_id), **_WINDOW,
    }  # fmt: skip


ROWS: dict[str, Row | Listing | Open] = {
    "list_surveys": Listing(("survey_draft", "survey", "survey_over"), Permission.SURVEY_READ),
    "list_offered_surveys": Listing(
        ("survey_draft", "survey", "survey_over"), Permission.SURVEY_READ, published=True
    ),
    "create_survey": Row("unit", Permission.SURVEY_WRITE, body=_survey, in_body=True),
    "get_survey": Row("survey", Permission.SURVEY_READ, reads=True),
    "update_survey": Row("survey_draft", Permission.SURVEY_WRITE, body=fixed(title="改名")),
    "open_survey": Row("survey_draft", Permission.SURVEY_WRITE),
    "close_survey": Row("survey", Permission.SURVEY_WRITE),
    "publish_survey": Row("survey_over", Permission.SURVEY_WRITE),
    "copy_survey": Row(
        "survey", Permission.SURVEY_WRITE, body=fixed(title="第二期", **_WINDOW)
    ),
    "answer_survey": Personal("survey", Permission.PARTICIPATE, body=fixed(answers=[])),
    "get_survey_comparison": Row("survey_over", Permission.SURVEY_RESULT_READ),
    "list_survey_links": Row("survey", Permission.SURVEY_RESULT_READ),
    "create_survey_link": Row(
        "survey", Permission.SURVEY_WRITE, also="unit",
        body=lambda unit_id: {"school_id": str(unit_id), "kind": "shared"},
    ),
    "revoke_survey_link": Row("survey_link", Permission.SURVEY_WRITE),
    "get_survey_results": Open(
        "Who sees how much of it depends on the answers, too; tested with the results."
    ),
    "list_evaluations": Listing(("evaluation",), Permission.ACTIVITY_READ),
    "get_evaluation": Row("evaluation", Permission.ACTIVITY_READ, reads=True),
    "plan_evaluation": Row("activity", Permission.ACTIVITY_WRITE, body=fixed(window_days=3)),
    "summarise_activity": Row(
        "closed_activity", Permission.ACTIVITY_WRITE, body=fixed(summary="圆满结束")
    ),
    "list_problems": Listing(("problem", "own_problem"), Permission.PROBLEM_READ),
    "state_problem": Row(
        "unit", Permission.PROBLEM_TRIAGE, body=of_unit(statement="学生不会提问"), in_body=True
    ),
    "get_problem": Row("own_problem", Permission.PROBLEM_READ, reads=True),
    "take_in_problem": Row("problem", Permission.PROBLEM_TRIAGE),
    "answer_problem": Row("own_problem", Permission.PROBLEM_TRIAGE, body=fixed(reply="已列入")),
    "merge_problem": Row(
        "problem", Permission.PROBLEM_TRIAGE, also="own_problem",
        body=lambda problem_id: {"into_id": str(problem_id)},
    ),
    "list_problem_counts": Row("unit", Permission.PROBLEM_READ),
    "list_diagnoses": Listing(("diagnosis",), Permission.GUIDANCE_READ),
    "record_diagnosis": Row("unit", Permission.GUIDANCE_EVALUATE, body=fixed(**_DIAGNOSIS)),
    "get_diagnosis": Row("diagnosis", Permission.GUIDANCE_READ, reads=True),
    "answer_diagnosis": Row(
        "diagnosis", Permission.GUIDANCE_ANSWER, body=fixed(answer="已整改")
    ),
    "list_diagnosis_dues": Row("unit", Permission.GUIDANCE_READ),
}  # fmt: skip
