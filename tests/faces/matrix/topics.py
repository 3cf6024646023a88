"""The rows of topics: members, steps, appraisals, activities, outputs, awards and totals."""

from typing import Any
from uuid import UUID

from app.domain.access.roles import Permission
from tests.faces.matrix.bodies import fixed, of_unit
from tests.faces.rule import Listing, Open, Row

_READ, _WRITE, _REVIEW = (
    Permission.TOPIC_READ, Permission.TOPIC_WRITE, Permission.TOPIC_REVIEW,
)  # fmt: skip
_STEP = fixed(kind="extension", summary="样本不足，申请延期", due_on="2030-07-31")
_PASSED = fixed(verdict="passed", opinion="同意")
_IN_2026 = {"since": "2026-01-01", "until": "2027-01-01"}


def _members(teacher_id: UUID) -> dict[str, Any]:
    member = {"teacher_id": str(teacher_id), "duty": "leader", "share": "100"}
    return {"members": [member]}


ROWS: dict[str, Row | Listing | Open] = {
    "list_topics": Listing(("topic", "studied", "applied", "judged"), _READ),
    "create_topic": Open(
        "It says itself for whom, and who leads it; tests/domain/learning/test_topics.py asks who may."
    ),
    "get_topic": Row("topic", _READ, reads=True),
    "update_topic": Row("topic", _WRITE, body=fixed(title="改名")),
    "list_topic_members": Row("topic", _READ, reads=True),
    "set_topic_members": Row("topic", _WRITE, body=_members, also="teacher"),
    "list_topic_steps": Listing(("step", "judged_step"), _READ),
    "file_topic_step": Row("studied", _WRITE, body=_STEP),
    "get_topic_step": Row("step", _READ, reads=True),
    "take_back_topic_step": Row("step", _WRITE),
    "decide_topic_step": Row("step", _REVIEW, body=_PASSED),
    "create_topic_step_link": Open(
        "Who may open the file decides; tests/domain/learning/test_topic_steps.py asks who may."
    ),
    "list_topic_appraisals": Listing(("appraisal",), Permission.TOPIC_APPRAISAL_READ),
    "ask_topic_experts": Open(
        "It names people, too; tests/domain/learning/test_topic_appraisals.py asks who may."
    ),
    "get_topic_appraisal": Row("appraisal", Permission.TOPIC_APPRAISAL_READ, reads=True),
    "score_topic": Row(
        "appraisal", Permission.RECORD_OWN, body=fixed(score="88", opinion="选题有价值")
    ),
    "decline_topic_appraisal": Row(
        "appraisal", Permission.RECORD_OWN, body=fixed(reason="有合作关系")
    ),
    "release_topic_expert": Open(
        "The level that approves the topic does; tests/domain/learning/test_topic_appraisals.py asks who may."
    ),
    "list_topic_activities": Row("topic", _READ, reads=True),
    "add_topic_activity": Open(
        "It names what the actor must see; tests/domain/learning/test_topic_activities.py asks."
    ),
    "remove_topic_activity": Open(
        "The same; tests/domain/learning/test_topic_activities.py asks who may."
    ),
    "list_outputs": Listing(("output", "entered"), _READ),
    "state_output": Open(
        "It says itself whose it is; tests/domain/learning/test_outputs.py asks who may."
    ),
    "get_output": Row("output", _READ, reads=True),
    "update_output": Row("output", _WRITE, body=fixed(venue="学报")),
    "list_output_duplicates": Row("output", _REVIEW),
    "decide_output": Row(
        "output", _REVIEW, body=fixed(verdict="confirmed", despite_duplicates=True)
    ),
    "withdraw_output": Row("output", _WRITE),
    "list_award_rounds": Listing(("award_round",), _READ, published=True),
    "create_award_round": Row(
        "unit",
        _REVIEW,
        in_body=True,
        body=of_unit(year=2030, title="成果奖", opens_on="2030-01-01", closes_on="2030-06-30"),
    ),
    "get_award_round": Row("award_round", _READ, reads=True),
    "award_achievements": Row("award_round", _REVIEW, body=fixed(awards=[])),
    "list_award_entries": Row("award_round", _READ, reads=True, lists=True),
    "enter_achievement": Open(
        "It names what is entered; tests/domain/learning/test_awards.py asks who may."
    ),
    "get_award_entry": Row("award_entry", _READ, reads=True),
    "withdraw_achievement": Row("award_entry", _WRITE),
    "list_research_totals": Row("unit", _READ, body=fixed(**_IN_2026)),
    "list_topic_participation": Row("unit", _READ, body=fixed(**_IN_2026)),
    "list_topic_targets": Row("unit", _READ),
    "set_topic_target": Row("unit", _REVIEW, body=fixed(year=2026, level="school", topics=4)),
}
