"""The rows of demonstration schools, model cases and adoptions."""

from app.domain.access.roles import Permission
from tests.faces.matrix.bodies import NOWHERE, fixed, of_unit
from tests.faces.rule import Listing, Open, Row
from tests.make_demonstrations import CALL, CASE, SAID

_READ, _EVALUATE, _ANSWER = (
    Permission.GUIDANCE_READ, Permission.GUIDANCE_EVALUATE, Permission.GUIDANCE_ANSWER,
)  # fmt: skip
_SEES, _WRITES, _REVIEWS = (
    Permission.RESOURCE_READ, Permission.RESOURCE_WRITE, Permission.RESOURCE_REVIEW,
)  # fmt: skip
_DAYS = {"opens_on": "2026-01-01", "closes_on": "2099-12-31"}
_SHOWN = "published_demonstration"
_POINTS = [{"criterion": "work", "points": "60"}]
_TEXT = {"summary": CASE["summary"], "mode": CASE["mode"], "activity_ids": [NOWHERE]}
_ADOPTION = {
    "unit_id": NOWHERE, "adopted_on": "2026-09-01", "report_by": "2099-12-31",
    "plan": "两个教研组先行试用，每月一次。",
}  # fmt: skip
_APPLICATIONS, _CASES = ("demonstration", _SHOWN), ("model_case", "published_model_case")

ROWS: dict[str, Row | Listing | Open] = {
    "list_demonstration_calls": Listing(
        ("demonstration_call", "call_1", "call_2"), None, published=True
    ),
    "get_demonstration_call": Row("demonstration_call", _READ, reads=True),
    "publish_demonstration_call": Row(
        "unit", _EVALUATE, in_body=True, body=of_unit(**CALL | _DAYS)
    ),
    "list_demonstration_findings": Row(
        "demonstration_call", _READ, reads=True, body=fixed(unit_id=NOWHERE),
        absent="unit_not_found",
    ),
    "list_demonstrations": Listing(_APPLICATIONS, _READ),
    "list_published_demonstrations": Listing((_SHOWN,), None, published=True),
    "get_demonstration": Row("demonstration", _READ),
    "list_demonstration_steps": Row("demonstration", _READ),
    "create_demonstration": Row(
        "demonstration_call", _READ, reads=True, absent="unit_not_found",
        body=fixed(unit_id=NOWHERE, statement=SAID),
    ),
    "write_demonstration": Row("demonstration", _ANSWER, body=fixed(statement=SAID)),
    "create_demonstration_file_link": Row(
        "demonstration", _READ, also="demonstration", body=fixed(), absent="file_not_found"
    ),
    "hand_in_demonstration": Row("demonstration", _ANSWER),
    "take_back_demonstration": Row("demonstration", _ANSWER),
    "recommend_demonstration": Row(
        "demonstration", _EVALUATE, body=fixed(recommended=True, opinion="同意")
    ),
    "decide_demonstration": Row(
        "demonstration", _EVALUATE, body=fixed(accepted=False, opinion="基础薄弱")
    ),
    "award_demonstration": Row("demonstration", _EVALUATE),
    "reevaluate_demonstration": Row(
        "demonstration", _EVALUATE, body=fixed(passed=True, opinion="保持")
    ),
    "withdraw_demonstration": Row("demonstration", _EVALUATE, body=fixed(reason="弄虚作假")),
    "appeal_demonstration": Row("demonstration", _ANSWER, body=fixed(appeal="已整改")),
    "decide_demonstration_appeal": Row(
        "demonstration", _EVALUATE, body=fixed(reinstated=False, reply="维持")
    ),
    "list_demonstration_experts": Row("demonstration", _EVALUATE),
    "appoint_demonstration_experts": Row(
        "demonstration", _EVALUATE, body=fixed(account_ids=[NOWHERE])
    ),
    "appraise_demonstration": Row(
        "demonstration", Permission.GUIDANCE_APPRAISE,
        body=fixed(points=_POINTS, opinion="基础扎实"),
    ),
    "list_own_demonstration_appraisals": Open("What one is to judge oneself."),
    "list_demonstration_visits": Row("demonstration", _READ),
    "add_demonstration_visit": Row("demonstration", _EVALUATE, body=fixed(visit_id=NOWHERE)),
    "list_demonstration_objections": Listing(("demonstration_objection",), _EVALUATE),
    "list_own_demonstration_objections": Open("What one has raised oneself."),
    "object_to_demonstration": Row(
        _SHOWN, Permission.NOTICE_READ, reads=True, body=fixed(reason="记载不实")
    ),
    "decide_demonstration_objection": Row(
        "demonstration_objection", _EVALUATE, body=fixed(upheld=False, answer="记载属实")
    ),
    "list_model_cases": Listing(_CASES, _SEES),
    "list_published_model_cases": Listing(("published_model_case",), None, published=True),
    "get_model_case": Row("published_model_case", _SEES, reads=True),
    "list_model_case_versions": Row("published_model_case", _SEES, reads=True),
    "create_model_case": Row(
        "unit", _WRITES, in_body=True, body=of_unit(**_TEXT, title="案例三")
    ),
    "write_model_case": Row("model_case", _WRITES, body=fixed(**_TEXT)),
    "submit_model_case": Row("model_case", _WRITES),
    "return_model_case": Row("model_case", _REVIEWS, body=fixed(opinion="请补充成效")),
    "publish_model_case": Row(
        "model_case", _REVIEWS, body=fixed(unit_id=NOWHERE, opinion="值得推广"),
        absent="unit_not_found",
    ),
    "withdraw_model_case": Row("model_case", _REVIEWS, body=fixed(reason="内容过时")),
    "list_model_adoptions": Listing(("model_adoption",), _SEES),
    "get_model_adoption": Row("model_adoption", _SEES),
    "list_model_adoption_counts": Row("unit", _SEES),
    "adopt_model_case": Row(
        "published_model_case", _SEES, reads=True, body=fixed(**_ADOPTION), absent="unit_not_found"
    ),
    "add_adoption_activity": Row(
        "model_adoption", _WRITES, body=fixed(activity_id=NOWHERE), absent="activity_not_found"
    ),
    "report_model_adoption": Row(
        "model_adoption", _WRITES,
        body=fixed(effect="两组教师人人上台展示。", measures=["activities_held"], until="2026-09-30"),
    ),
    "end_model_adoption": Row("model_adoption", _WRITES, body=fixed(reason="效果不佳")),
}  # fmt: skip
