"""The rows of rules of incentives, rewards and penalties, inputs to pay, follow-ups, and results of years."""

from app.domain.access.roles import Permission
from tests.faces.matrix.bodies import NOWHERE, fixed
from tests.faces.rule import Listing, Open, Row

_READ, _WRITE, _DECIDE = (
    Permission.INCENTIVE_READ, Permission.INCENTIVE_WRITE, Permission.INCENTIVE_DECIDE,
)  # fmt: skip
_OWN, _SHOWN, _TEXTS = Permission.RECORD_OWN, Permission.NOTICE_READ, Permission.DOCUMENT_READ
_JUDGE, _ASSESSED = Permission.ASSESSMENT_WRITE, Permission.ASSESSMENT_READ
_FOLLOW = Permission.FOLLOW_UP_READ
_RULE = {
    "code": "other", "name": "先进个人", "kind": "reward", "form": "measure",
    "condition": "示范课受好评", "regulation_id": NOWHERE, "clause": "第三条", "publicity_days": 5,
}  # fmt: skip
_PROPOSAL = {
    "rule_id": NOWHERE, "happened_on": "2026-10-11", "reason": "示范课", "evidence": "评课意见",
}  # fmt: skip
_TERM = {"measure": "hours", "weight": "1", "cap": "10", "rule": "每学时一分"}
_SCHEME = {"name": "方案", "regulation_id": NOWHERE, "clause": "第六条", "terms": [_TERM]}
_FOLLOW_UP = {"strengths": "组织好", "to_work_on": "提问浅", "follow_up_on": "2099-12-31"}
_ANSWER = {"upheld": False, "answer": "核对无误"}

ROWS: dict[str, Row | Listing | Open] = {
    "list_incentive_rules": Listing(("incentive_rule",), _TEXTS),
    "list_own_incentive_rules": Listing(("incentive_rule",), None, published=True),
    "get_incentive_rule": Row("incentive_rule", _TEXTS, reads=True),
    "publish_incentive_rule": Row(
        "unit", _DECIDE, body=fixed(**_RULE), absent="regulation_not_found"
    ),
    "end_incentive_rule": Row("incentive_rule", _DECIDE, body=fixed()),
    "list_incentives": Listing(("incentive", "shown_incentive"), _READ),
    "list_published_incentives": Listing(("shown_incentive",), None, published=True),
    "get_incentive": Row("incentive", _READ),
    "propose_incentive": Row(
        "teacher", _WRITE, body=fixed(**_PROPOSAL), absent="incentive_rule_not_found"
    ),
    "withdraw_incentive": Row("incentive", _WRITE),
    "state_on_incentive": Row("incentive", _OWN, body=fixed(statement="无异议")),
    "decide_incentive": Row("incentive", _DECIDE, body=fixed(approve=False, opinion="不予")),
    "give_incentive": Row("incentive", _DECIDE),
    "revoke_incentive": Row("incentive", _DECIDE, body=fixed(reason="材料不实")),
    "appeal_incentive": Row("incentive", _OWN, body=fixed(appeal="不服")),
    "decide_incentive_appeal": Row("incentive", _DECIDE, body=fixed(**_ANSWER)),
    "list_incentive_objections": Listing(("incentive_objection",), _DECIDE),
    "list_own_incentive_objections": Open("What one objected to oneself."),
    "object_to_incentive": Row("shown_incentive", _SHOWN, reads=True, body=fixed(reason="不实")),
    "decide_incentive_objection": Row("incentive_objection", _DECIDE, body=fixed(**_ANSWER)),
    "list_pay_schemes": Listing(("pay_scheme",), _TEXTS),
    "list_own_pay_schemes": Listing(("pay_scheme",), None, published=True),
    "get_pay_scheme": Row("pay_scheme", _TEXTS, reads=True),
    "publish_pay_scheme": Row(
        "unit", _DECIDE, body=fixed(**_SCHEME), absent="regulation_not_found"
    ),
    "list_pay_sheets": Listing(("pay_sheet",), _READ),
    "get_pay_sheet": Row("pay_sheet", _READ),
    "make_pay_sheet": Row("unit", _WRITE, body=fixed(starts_on="2026-01-01", ends_on="2026-01-31")),
    "list_pay_lines": Listing(("pay_line",), _READ),
    "get_pay_line": Row("pay_line", _READ),
    "object_to_pay_line": Row("pay_line", _OWN, body=fixed(objection="少记一场")),
    "decide_pay_objection": Row("pay_line", _DECIDE, body=fixed(**_ANSWER)),
    "confirm_pay_sheet": Row("pay_sheet", _DECIDE),
    "withdraw_pay_sheet": Row("pay_sheet", _DECIDE, body=fixed(reason="重算")),
    "list_follow_ups": Listing(("follow_up",), _FOLLOW),
    "get_follow_up": Row("follow_up", _FOLLOW),
    "give_follow_up": Row("assessment", _JUDGE, body=fixed(**_FOLLOW_UP)),
    "reply_to_follow_up": Row("follow_up", _OWN, body=fixed(reply="好")),
    "review_follow_up": Row("follow_up", _JUDGE, body=fixed(finding="reached", review="有进步")),
    "list_year_results": Row("unit", _ASSESSED),
    "get_year_result": Row("teacher", _ASSESSED),
}
