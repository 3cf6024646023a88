"""The rows of plans, of what is reviewed before it is held, and of assessments."""

from typing import Any
from uuid import UUID

from app.domain.access.roles import Permission
from tests.faces.matrix.bodies import fixed, of_unit
from tests.faces.rule import Listing, Open, Row

_DAYS = {"starts_on": "2026-11-20", "ends_on": "2026-11-20"}
_SAYS = fixed(opinion="同意实施")
_TAUGHT = {"objectives": "目标目标", "measures": "措施措施", "content": "内容内容"}
_PLANS = ("plan", "plan_offered", "plan_waiting")


def _linked(activity_id: UUID) -> dict[str, Any]:
    return {"activity_id": str(activity_id)}


ROWS: dict[str, Row | Listing | Open] = {
    "list_plans": Listing(_PLANS, Permission.PLAN_READ),
    "list_published_plans": Listing(_PLANS, None, published=True),
    "get_plan": Row("plan_offered", Permission.PLAN_READ, reads=True),
    "create_plan": Row(
        "unit", Permission.PLAN_WRITE, in_body=True,
        body=of_unit(kind="year", title="学年计划", **_DAYS),
    ),
    "update_plan": Row("plan", Permission.PLAN_WRITE, body=fixed(title="改名")),
    "summarise_plan": Row(
        "plan_offered", Permission.PLAN_WRITE, body=fixed(summary="总结总结总结总结总结")
    ),
    "list_plan_coverage": Row("plan_offered", Permission.PLAN_READ),
    "list_plan_versions": Row("plan_offered", Permission.PLAN_READ),
    "get_plan_comparison": Row(
        "plan_offered", Permission.PLAN_READ, absent="plan_version_not_found"
    ),
    "list_plan_reviews": Row("plan_offered", Permission.PLAN_READ),
    "submit_plan": Row("plan", Permission.PLAN_WRITE),
    "amend_plan": Row("plan_offered", Permission.PLAN_WRITE, body=fixed(title="改名")),
    "withdraw_plan": Row("plan_waiting", Permission.PLAN_WRITE),
    "return_plan": Row("plan_waiting", Permission.PLAN_REVIEW, body=_SAYS),
    "approve_plan": Row("plan_waiting", Permission.PLAN_REVIEW, body=_SAYS),
    "publish_plan": Row("plan_waiting", Permission.PLAN_WRITE),
    "list_plan_items": Row("plan_offered", Permission.PLAN_READ, reads=True),
    "add_plan_item": Row("plan", Permission.PLAN_WRITE, body=fixed(content="讲座", **_DAYS)),
    "update_plan_item": Row("plan_item", Permission.PLAN_WRITE, body=fixed(content="论坛")),
    "remove_plan_item": Row("plan_item", Permission.PLAN_WRITE),
    "link_plan_activity": Row(
        "plan_item_agreed", Permission.PLAN_WRITE, also="activity", body=_linked
    ),
    "unlink_plan_activity": Row(
        "plan_item_agreed", Permission.PLAN_WRITE, also="activity", absent="activity_not_planned"
    ),
    "get_plan_progress": Row("plan_offered", Permission.PLAN_READ),
    "list_study_items": Row("unit", Permission.ACTIVITY_READ),
    "list_citations": Listing(("citation",), Permission.PLAN_READ),
    "add_citation": Row(
        "plan", Permission.PLAN_WRITE, also="activity", absent="activity_not_found",
        body=lambda activity_id: {"kind": "activity", "cited_id": str(activity_id)},
    ),
    "remove_citation": Row("citation", Permission.PLAN_WRITE),
    "list_plan_deadlines": Listing(("plan_deadline",), Permission.PLAN_READ),
    "list_upcoming_plan_deadlines": Listing(("plan_deadline",), None, published=True),
    "list_plans_owed": Row("plan_deadline", Permission.PLAN_READ),
    "set_plan_deadline": Row(
        "unit", Permission.PLAN_REVIEW, in_body=True,
        body=of_unit(kind="semester", owed_by="groups", due_on="2026-11-20", **_DAYS),
    ),
    "move_plan_deadline": Row(
        "plan_deadline", Permission.PLAN_REVIEW, body=fixed(due_on="2026-12-31")
    ),
    "list_session_plans": Listing(("session_plan",), Permission.PLAN_READ),
    "get_session_plan": Row("session_plan", Permission.PLAN_READ),
    "submit_session_plan": Row(
        "session", Permission.PLAN_WRITE, body=fixed(trainer="主讲", **_TAUGHT)
    ),
    "revise_session_plan": Row("session_plan", Permission.PLAN_WRITE, body=fixed(**_TAUGHT)),
    "approve_session_plan": Row("session_plan", Permission.PLAN_REVIEW, body=_SAYS),
    "return_session_plan": Row("session_plan", Permission.PLAN_REVIEW, body=_SAYS),
    "list_assessment_requirements": Listing(("requirement",), Permission.ASSESSMENT_READ),
    "list_school_requirements": Listing(("requirement",), None, published=True),
    "set_assessment_requirement": Row(
        "unit", Permission.ASSESSMENT_WRITE,
        body=fixed(measure="notes", term="semester", amount="1"),
    ),
    "end_assessment_requirement": Row("requirement", Permission.ASSESSMENT_WRITE, body=fixed()),
    "list_assessments": Listing(("assessment",), Permission.ASSESSMENT_READ),
    "list_assessment_figures": Row("assessment", Permission.ASSESSMENT_READ),
    "list_school_reached": Row("unit", Permission.ASSESSMENT_READ),
    "list_teacher_reached": Row("teacher", Permission.ASSESSMENT_READ),
    "record_assessment": Row(
        "teacher", Permission.ASSESSMENT_WRITE,
        body=fixed(term="year", judgement="qualified", starts_on="2025-09-01",
                   ends_on="2026-08-31"),
    ),
}  # fmt: skip
