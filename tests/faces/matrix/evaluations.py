"""The rows of indicator sheets, measures, orders to check, evaluations and rectifications."""

from app.domain.access.roles import Permission
from tests.faces.matrix.bodies import NOWHERE, fixed, of_unit
from tests.faces.rule import Listing, Open, Row

_READ, _EVALUATE, _ANSWER = (
    Permission.GUIDANCE_READ, Permission.GUIDANCE_EVALUATE, Permission.GUIDANCE_ANSWER,
)  # fmt: skip
_FOUND = fixed(values=[{"indicator": "rules", "value": "1"}])
_EVALUATOR = fixed(unit_ids=[NOWHERE], evaluators=[{"account_id": NOWHERE}])
_INDICATOR = {
    "code": "effect", "name": "实施效果", "kind": "performance", "weight": "100",
    "source": "verified", "scoring": {"kind": "judged", "full_at": "10"},
}  # fmt: skip
_SHEET = {
    "code": "other", "name": "指标", "evaluated": "school", "source": "第二十六条",
    "indicators": [_INDICATOR],
}  # fmt: skip
_ORDER = {
    "title": "自查", "kind": "self_inspection", "list_number": "3", "school_year": 2026,
    "since": "2026-09-01", "until": "2026-09-30", "due_on": "2099-12-31", "sheet_id": NOWHERE,
}  # fmt: skip
_PROBLEM = fixed(problem="次数较少", measure="每月两次", due_on="2099-12-31")
_EVALUATION = "unit_evaluation"

ROWS: dict[str, Row | Listing | Open] = {
    "list_indicator_measures": Open("What can be computed, the same for all who see evaluations."),
    "list_unit_measures": Row("unit", _READ),
    "list_measured_schools": Row("unit", _READ, body=fixed(measure="topics")),
    "list_measure_rows": Row(
        "unit",
        _READ,
        body=fixed(measure="activities_held", since="2026-09-01", until="2026-11-20"),
    ),
    "list_indicator_sheets": Listing(("indicator_sheet",), None, published=True),
    "get_indicator_sheet": Row("indicator_sheet", _READ, reads=True),
    "get_indicator_sheet_schema": Open("How a sheet is written, the same for all who see them."),
    "list_shipped_indicator_sheets": Open("What is shipped, the same for all who see sheets."),
    "publish_shipped_indicator_sheet": Row(
        "unit", _EVALUATE, in_body=True, body=of_unit(code="yueyang_2013_school")
    ),
    "publish_indicator_sheet": Row("unit", _EVALUATE, in_body=True, body=of_unit(**_SHEET)),
    "list_check_orders": Listing(("check_order",), None, published=True),
    "get_check_order": Row("check_order", _READ, reads=True),
    "issue_check_order": Row(
        "unit", _EVALUATE, in_body=True, body=of_unit(**_ORDER), absent="indicator_sheet_not_found"
    ),
    "appoint_evaluators": Row(
        "check_order", _EVALUATE, body=_EVALUATOR, absent="account_not_found"
    ),
    "remove_evaluator": Row("evaluator", _EVALUATE),
    "list_unit_evaluations": Listing((_EVALUATION,), _READ),
    "get_unit_evaluation": Row(_EVALUATION, _READ),
    "list_evaluation_values": Row(_EVALUATION, _READ),
    "list_evaluators": Row(_EVALUATION, _READ),
    "acknowledge_check_order": Row(_EVALUATION, _ANSWER),
    "write_self_inspection": Row(_EVALUATION, _ANSWER, body=fixed(judgement="制度健全")),
    "hand_in_self_inspection": Row(_EVALUATION, _ANSWER),
    "list_verifications": Row(_EVALUATION, _EVALUATE),
    "verify_unit_evaluation": Row(_EVALUATION, _EVALUATE, body=_FOUND),
    "publish_unit_evaluation": Row(_EVALUATION, _EVALUATE, body=fixed(opinion="活动偏少")),
    "appeal_unit_evaluation": Row(_EVALUATION, _ANSWER, body=fixed(appeal="漏登一次")),
    "decide_evaluation_appeal": Row(_EVALUATION, _EVALUATE, body=fixed(reply="维持原结果")),
    "ask_rectification": Row(_EVALUATION, _EVALUATE, body=_PROBLEM),
    "list_rectifications": Listing(("rectification",), _READ),
    "get_rectification": Row("rectification", _READ),
    "prove_rectification": Row("rectification", _ANSWER, body=fixed(proof="已开展两次")),
    "conclude_rectification": Row(
        "rectification", _EVALUATE, body=fixed(accepted=True, conclusion="同意销号")
    ),
    "withdraw_rectification": Row("rectification", _EVALUATE, body=fixed(reason="学校已撤销")),
    "list_evaluation_results": Row("unit", _READ, body=fixed(school_year=2026)),
}
