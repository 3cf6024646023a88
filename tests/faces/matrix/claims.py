"""The rows of claims, their publication, closed school years and human reviews."""

from app.domain.access.roles import Permission
from tests.faces.matrix.bodies import NOWHERE, fixed, of_unit
from tests.faces.rule import Listing, Open, Row

READ, WRITE, REVIEW = Permission.CREDIT_READ, Permission.CLAIM_WRITE, Permission.CLAIM_REVIEW
NOTICE = Permission.NOTICE_READ

ROWS: dict[str, Row | Listing | Open] = {
    "list_claims": Listing(("claim",), READ),
    "create_claim": Open("One's own claim; refused to who is no teacher."),
    "get_claim": Row("claim", READ, reads=True),
    "update_claim": Row("claim", WRITE, body=fixed(title="另一名称")),
    "get_claim_award": Row("claim", READ, reads=True),
    "submit_claim": Row("claim", WRITE),
    "withdraw_claim": Row("claim", WRITE),
    "appeal_claim": Row("claim", WRITE, body=fixed(reason="证书属实")),
    "decide_claim": Row(
        "claim", REVIEW, body=fixed(version=2, verdict="approve", opinion="情况属实")
    ),
    "decide_claims": Open("Each claim is answered by itself; tested with the claims."),
    "list_claim_steps": Row("claim", READ, reads=True),
    "create_claim_evidence_link": Row(
        "claim", READ, reads=True, also="claim_evidence", body=fixed(),
        absent="claim_evidence_not_found",
    ),
    "list_claim_publications": Listing(("claim_publication",), None, published=True),
    "publish_claims": Row("unit", REVIEW, body=of_unit(claim_ids=[NOWHERE]), in_body=True),
    "get_claim_publication": Row("claim_publication", NOTICE, reads=True),
    "list_published_claims": Row("claim_publication", NOTICE, reads=True),
    "object_to_claim": Row(
        "claim_publication", NOTICE, reads=True, absent="credit_claim_not_found",
        body=fixed(claim_id=NOWHERE, reason="本人未参加"),
    ),
    "list_claim_objections": Listing(("claim_objection",), REVIEW),
    "list_own_claim_objections": Open("What one has raised oneself."),
    "decide_claim_objection": Row(
        "claim_objection", REVIEW, body=fixed(upheld=False, answer="证据不足")
    ),
    "list_school_year_closings": Listing(("school_year_closing",), READ),
    "list_own_school_year_closings": Listing(("school_year_closing",), None, published=True),
    "close_school_year": Row(
        "unit", Permission.CREDIT_RECOGNISE, in_body=True,
        body=of_unit(school_year=2001, reason="学年结束"),
    ),
    "get_school_year_closing": Row("school_year_closing", READ, reads=True),
    "list_late_windows": Listing(("late_window",), READ),
    "open_late_window": Open("The city alone grants one, to whomever; tested with the windows."),
    "list_human_reviews": Listing(("human_review",), READ),
    "request_human_review": Open("One's own matter; refused to who is no teacher."),
    "get_human_review": Row("human_review", READ, reads=True),
    "decide_human_review": Row(
        "human_review", Permission.CREDIT_RECOGNISE, body=fixed(put_right=True, opinion="应予更正")
    ),
    "withdraw_human_review": Row("human_review", WRITE),
}  # fmt: skip
