"""The rows of discussions, what is said in them, its moderation, and consultations."""

from functools import partial
from typing import Any
from uuid import UUID

from app.domain.access.roles import Permission
from tests.faces.matrix.bodies import fixed
from tests.faces.rule import Listing, Open, Row

READ, WRITE = Permission.DISCUSSION_READ, Permission.DISCUSSION_WRITE
JOIN, MODERATE = Permission.DISCUSSION_JOIN, Permission.DISCUSSION_MODERATE
ASKS = Permission.CONSULTATION_READ
_RULING = fixed(reason="含有人身攻击")
_OWN_POST = "Its author alone; tests/domain/learning/test_discussion_posts.py asks."
_THE_TWO = "One of the two alone; tests/domain/learning/test_consultations.py asks."


def _on_activity(key: UUID) -> dict[str, Any]:
    return {"title": "如何设计追问", "activity_id": str(key)}


_of_holders = partial(Row, holders=READ)

# What is for somebody is read and joined only by those who may do so somewhere: `lists` says that.
ROWS: dict[str, Row | Listing | Open] = {
    "list_discussions": Listing(("discussion",), READ),
    "open_discussion": Row("offered", WRITE, in_body=True, body=_on_activity),
    "get_discussion": _of_holders("discussion", READ, reads=True, lists=True),
    "update_discussion": _of_holders("discussion", WRITE, body=fixed(is_pinned=True)),
    "close_discussion": _of_holders("discussion", WRITE, body=fixed(reason="讨论结束")),
    "reopen_discussion": _of_holders("discussion", WRITE),
    "get_discussion_reading": _of_holders("discussion", READ, reads=True, lists=True),
    "read_discussion": _of_holders(
        "discussion", READ, reads=True, lists=True, body=fixed(read_to=1)
    ),
    "list_discussion_posts": _of_holders("discussion", READ, reads=True, lists=True),
    "write_discussion_post": _of_holders(
        "discussion", JOIN, reads=True, lists=True, body=fixed(text="很受启发")
    ),
    "get_discussion_post": _of_holders("discussion_post", READ, reads=True, lists=True),
    "edit_discussion_post": Open(_OWN_POST),
    "withdraw_discussion_post": Open(_OWN_POST),
    "acknowledge_hidden_post": Open(_OWN_POST),
    "list_post_wordings": _of_holders("discussion_post", MODERATE),
    "report_post": _of_holders(
        "discussion_post", JOIN, reads=True, lists=True, body=fixed(reason="abuse")
    ),
    "list_moderated_posts": Listing(("discussion_post",), MODERATE),
    "list_post_reports": Listing(("post_report",), MODERATE),
    "list_post_decisions": _of_holders("discussion_post", MODERATE),
    "hide_post": _of_holders("discussion_post", MODERATE, body=_RULING),
    "restore_post": _of_holders("discussion_post", MODERATE, body=_RULING),
    "dismiss_post_reports": _of_holders("discussion_post", MODERATE, body=_RULING),
    "list_consultations": Listing(("consultation",), ASKS),
    "list_own_consultations": Open(_THE_TWO),
    "ask_consultation": Open(
        "A teacher; tests/domain/learning/test_consultations.py asks of whom."
    ),
    "get_consultation": Row("consultation", ASKS, holders=ASKS, reads=True, lists=True),
    "list_consultation_messages": Row("consultation", ASKS, holders=ASKS, reads=True, lists=True),
    "answer_consultation": Open(_THE_TWO),
    "ask_further": Open(_THE_TWO),
    "close_consultation": Open(_THE_TWO),
    "get_consultation_totals": Row("teacher", ASKS),
}
