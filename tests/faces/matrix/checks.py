"""The rows of inspections of groups and of observation quotas."""

from app.domain.access.roles import Permission
from tests.faces.matrix.bodies import fixed
from tests.faces.rule import Listing, Open, Row

_FOUND = {
    "inspected_on": "2026-11-02", "inspectors": "教导处", "plans": "good", "findings": "计划完整",
}  # fmt: skip

ROWS: dict[str, Row | Listing | Open] = {
    "list_group_inspections": Listing(("group_inspection",), Permission.GROUP_READ),
    "inspect_group": Row("group", Permission.GROUP_INSPECT, body=fixed(**_FOUND)),
    "get_group_inspection": Row("group_inspection", Permission.GROUP_READ),
    "answer_group_inspection": Row(
        "group_inspection", Permission.GUIDANCE_ANSWER, body=fixed(answer="已整改")
    ),
    "close_group_inspection": Row(
        "group_inspection", Permission.GROUP_INSPECT, body=fixed(conclusion="同意办结")
    ),
    "list_group_inspection_counts": Row("unit", Permission.GROUP_READ),
    "list_observation_quotas": Listing(("observation_quota",), Permission.ASSESSMENT_READ),
    "list_own_observation_quotas": Listing(("observation_quota",), None, published=True),
    "set_observation_quota": Row(
        "unit", Permission.ASSESSMENT_WRITE,
        body=fixed(role="principal", term="semester", lessons=20),
    ),
    "end_observation_quota": Row("observation_quota", Permission.ASSESSMENT_WRITE, body=fixed()),
    "list_observations_due": Row("unit", Permission.ASSESSMENT_READ),
    "get_teacher_observations_due": Row("teacher", Permission.ASSESSMENT_READ),
}  # fmt: skip
