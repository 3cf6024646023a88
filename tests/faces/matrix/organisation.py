"""The rows of organisation."""

from typing import Any
from uuid import UUID

from app.domain.access.roles import Permission
from tests.faces.matrix.bodies import NOWHERE, fixed, of_unit
from tests.faces.rule import Listing, Open, Row


def _school(unit_id: UUID) -> dict[str, Any]:
    return {
        "name": "新学校", "level": "school", "stages": ["primary"], "parent_id": str(unit_id),
    }  # fmt: skip


_VISIT = {
    "kind": "guide", "visited_on": "2026-11-03", "visitors": "教研员两人", "findings": "研修有计划",
}  # fmt: skip

_FACTS: dict[str, dict[str, str]] = {
    "establishment": {"establishment": "contracted"},
    "service_state": {"state": "seconded"},
    "rank": {"rank": "senior"},
    "post": {"post": "principal"},
    "honour": {"honour": "backbone_teacher", "level": "county", "issuer": "甲县教育局"},
    "education": {"level": "master", "study": "in_progress", "institution": "测试师范大学"},
    "growth_result": {"stage": "one_year", "finding": "reached"},
    "qualification": {"qualification": "primary", "issuer": "甲县教育局"},
    "registration": {"conclusion": "qualified", "issuer": "甲县教育局"},
}

ROWS: dict[str, Row | Listing | Open] = {
    "list_units": Listing(("unit",), Permission.UNIT_READ, today=True),
    "create_unit": Row("unit", Permission.UNIT_WRITE, body=_school, in_body=True),
    "get_unit": Row("unit", Permission.UNIT_READ, reads=True),
    "list_children": Row("unit", Permission.UNIT_READ, reads=True, lists=True),
    "update_unit": Row("unit", Permission.UNIT_WRITE, body=fixed(location="rural")),
    "list_unit_locations": Row("unit", Permission.UNIT_READ, reads=True),
    "classify_unit": Row("unit", Permission.UNIT_WRITE, body=fixed(location="rural")),
    "list_unit_names": Row("unit", Permission.UNIT_READ, reads=True),
    "rename_unit": Row("unit", Permission.UNIT_WRITE, body=fixed(name="新名称")),
    "list_unit_codes": Row("unit", Permission.UNIT_READ, reads=True),
    "give_code": Row("unit", Permission.UNIT_WRITE, body=fixed(code="2143000001")),
    "void_code": Row("unit", Permission.UNIT_WRITE, body=fixed()),
    "list_reorganisations": Row("unit", Permission.UNIT_READ, reads=True),
    "close_unit": Row("unit", Permission.UNIT_REORGANISE, body=fixed()),
    "merge_school": Row(
        "unit", Permission.UNIT_REORGANISE,
        body=lambda unit_id: {"successor_id": str(unit_id)},
    ),
    "move_school": Row(
        "unit", Permission.UNIT_REORGANISE, body=lambda unit_id: {"bureau_id": str(unit_id)}
    ),
    "list_attachments": Listing(("attachment",), Permission.UNIT_READ),
    "attach_unit": Row(
        "unit", Permission.UNIT_WRITE,
        body=lambda unit_id: {"head_id": str(unit_id), "kind": "campus"},
    ),
    "end_attachment": Row("attachment", Permission.UNIT_WRITE, body=fixed()),
    "list_designations": Listing(("designation",), Permission.UNIT_READ),
    "list_designation_counts": Row("unit", Permission.UNIT_READ),
    "award_designation": Row(
        "unit", Permission.UNIT_WRITE,
        body=fixed(kind="base", level="city", title="基地校", issuer="市教育局"),
    ),
    "end_designation": Row("designation", Permission.UNIT_WRITE, body=fixed()),
    "list_responsibilities": Listing(("responsibility",), Permission.UNIT_READ),
    "list_schools_without_responsible": Listing(("school",), Permission.UNIT_READ),
    "name_responsible": Row(
        "unit", Permission.RESPONSIBILITY_WRITE,
        body=fixed(duty="general_office", department="综合办"),
    ),
    "end_responsibility": Row(
        "responsibility", Permission.RESPONSIBILITY_WRITE, body=fixed()
    ),
    "list_departments": Listing(("department",), Permission.UNIT_READ, today=True),
    "create_department": Row(
        "unit", Permission.DEPARTMENT_WRITE, body=of_unit(name="新部门", kind="other"), in_body=True
    ),
    "get_department": Row("department", Permission.UNIT_READ, reads=True),
    "update_department": Row("department", Permission.DEPARTMENT_WRITE, body=fixed(name="改名")),
    "close_department": Row("department", Permission.DEPARTMENT_WRITE),
    "list_networks": Listing(("network",), Permission.UNIT_READ, today=True),
    "create_network": Row(
        "unit", Permission.NETWORK_WRITE, in_body=True,
        body=of_unit(name="新联盟", kind="sister_schools"),
    ),
    "get_network": Row("network", Permission.UNIT_READ, reads=True),
    "update_network": Row("network", Permission.NETWORK_WRITE, body=fixed(name="改名")),
    "dissolve_network": Row("network", Permission.NETWORK_WRITE),
    "list_network_members": Row("network", Permission.UNIT_READ, reads=True, lists=True),
    "join_network": Row(
        "network", Permission.NETWORK_WRITE, body=fixed(school_id=NOWHERE),
        absent="unit_not_found",
    ),
    "leave_network": Row(
        "network", Permission.NETWORK_WRITE, also="network", absent="network_member_not_found"
    ),
    "list_assignments": Listing(("assignment",), Permission.UNIT_READ, today=True),
    "create_assignment": Row(
        "unit", Permission.ASSIGNMENT_WRITE, in_body=True, absent="account_not_found",
        body=of_unit(account_id=NOWHERE, school_ids=[NOWHERE], valid_to="2099-01-01"),
    ),
    "get_assignment": Row("assignment", Permission.UNIT_READ, reads=True),
    "end_assignment": Row("assignment", Permission.ASSIGNMENT_WRITE),
    "list_targets": Row("assignment", Permission.UNIT_READ, reads=True),
    "agree_target": Row(
        "assignment", Permission.ASSIGNMENT_WRITE,
        body=fixed(aim="目标", measure="标准", due_on="2098-12-31"),
    ),
    "get_target": Row("target", Permission.UNIT_READ, reads=True),
    "review_target": Row(
        "target", Permission.ASSIGNMENT_REVIEW, body=fixed(outcome="met", result="已完成")
    ),
    "list_committees": Listing(("committee",), Permission.UNIT_READ),
    "create_committee": Row(
        "unit", Permission.COMMITTEE_WRITE, in_body=True,
        body=of_unit(name="新工作小组", kind="working_group", concern="training"),
    ),
    "get_committee": Row("committee", Permission.UNIT_READ, reads=True),
    "dissolve_committee": Row("committee", Permission.COMMITTEE_WRITE),
    "list_committee_members": Row("committee", Permission.UNIT_READ, reads=True),
    "seat_committee_member": Row(
        "committee", Permission.COMMITTEE_WRITE, body=fixed(duty="member", post="进校校长")
    ),
    "unseat_committee_member": Row(
        "committee_member", Permission.COMMITTEE_WRITE, body=fixed()
    ),
    "list_guidance_visits": Listing(("visit",), Permission.GUIDANCE_READ),
    "record_guidance_visit": Row("unit", Permission.GUIDANCE_GUIDE, body=fixed(**_VISIT)),
    "get_guidance_visit": Row("visit", Permission.GUIDANCE_READ, reads=True),
    "answer_guidance_visit": Row(
        "visit", Permission.GUIDANCE_ANSWER, body=fixed(answer="已整改")
    ),
    "close_guidance_visit": Row(
        "visit", Permission.GUIDANCE_GUIDE, body=fixed(conclusion="同意办结")
    ),
    "list_providers": Listing(("provider",), Permission.UNIT_READ),
    "list_available_providers": Listing(("provider",), None, published=True),
    "register_provider": Row(
        "unit", Permission.PROVIDER_WRITE, body=of_unit(name="新基地", kind="base"), in_body=True
    ),
    "get_provider": Row("provider", Permission.UNIT_READ, reads=True),
    "update_provider": Row("provider", Permission.PROVIDER_WRITE, body=fixed(name="改名")),
    "reveal_provider_contact": Row("provider", Permission.PROVIDER_WRITE),
    "list_provider_approvals": Row("provider", Permission.UNIT_READ, reads=True),
    "approve_provider": Row(
        "provider", Permission.PROVIDER_WRITE,
        body=fixed(valid_from="2010-09-01", valid_to="2012-09-01"),
    ),
    "withdraw_provider": Row(
        "provider", Permission.PROVIDER_WRITE, body=fixed(reason="资质造假")
    ),
    "list_statistics": Listing(("statistic",), Permission.UNIT_READ),
    "state_statistic": Row(
        "unit", Permission.STATISTIC_WRITE,
        body=fixed(school_year=2016, measure="students", value=9747, source="工作汇报"),
    ),
    "get_statistic": Row("statistic", Permission.UNIT_READ, reads=True),
    "confirm_statistic": Row("statistic", Permission.STATISTIC_CONFIRM),
    "list_statistic_lines": Row("unit", Permission.UNIT_READ),
    "list_statistic_rates": Row("unit", Permission.UNIT_READ),
}  # fmt: skip
