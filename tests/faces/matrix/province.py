"""The rows of the exchange with the province: what goes there, what comes from there, what it doubts."""

from typing import Any
from uuid import UUID

from app.domain.access.roles import Permission
from tests.faces.matrix.bodies import fixed
from tests.faces.rule import Listing, Open, Row

READ, EXCHANGE = Permission.PROVINCE_READ, Permission.PROVINCE_EXCHANGE
ANSWER, REPORT = Permission.PROVINCE_ANSWER, Permission.PROVINCE_REPORT


def _of_city(**more: Any) -> Any:
    return lambda city_id: {**more, "city_id": str(city_id)}


def _challenge(teacher_id: UUID) -> dict[str, Any]:
    return {
        "subject": "teacher", "subject_id": str(teacher_id), "reference": "Z-0001",
        "question": "学校是否有误", "due_on": "2098-12-01",
    }  # fmt: skip


ROWS: dict[str, Row | Listing | Open] = {
    "list_province_codes": Listing(("province_code",), READ),
    "enter_province_code": Row(
        "unit", EXCHANGE, in_body=True,
        body=_of_city(code_set="rank", ours="senior", theirs="2"),
    ),
    "get_province_code": Row("province_code", READ, reads=True),
    "void_province_code": Row("province_code", EXCHANGE),
    "list_submissions": Listing(("submission",), READ),
    "create_submission": Row("unit", EXCHANGE, in_body=True, body=_of_city(kind="certificates")),
    "get_submission": Row("submission", READ, reads=True),
    "list_submission_records": Row("submission", READ, reads=True),
    "resend_submission": Row("submission", EXCHANGE),
    "hasten_submission": Row("submission", EXCHANGE),
    "acknowledge_submission": Row(
        "submission", REPORT,
        body=fixed(receipts=[{"key": "teacher:1", "state": "accepted"}]),
    ),
    "list_reconciliations": Listing(("reconciliation",), READ),
    "start_reconciliation": Row("unit", EXCHANGE, in_body=True, body=_of_city()),
    "get_reconciliation": Row("reconciliation", READ, reads=True),
    "list_reconciliation_differences": Row("reconciliation", READ, reads=True),
    "list_arrivals": Listing(("arrival",), READ),
    "hand_in_arrival": Row(
        "unit", REPORT, in_body=True, body=_of_city(kind="roster", number="R-1", name="测试")
    ),
    "get_arrival": Row("arrival", READ, reads=True),
    "settle_arrival": Row("arrival", ANSWER, body=fixed(take=False, opinion="已核对")),
    "list_challenges": Listing(("challenge",), READ),
    "raise_challenge": Row("teacher", REPORT, in_body=True, body=_challenge),
    "get_challenge": Row("challenge", READ, reads=True),
    "answer_challenge": Row(
        "challenge", ANSWER, body=fixed(outcome="upheld", answer="经核实无误")
    ),
    "close_challenge": Row("challenge", REPORT),
    "list_shared_data": Open("The catalogue says what is shared, and nothing about anybody."),
}  # fmt: skip
