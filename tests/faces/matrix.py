"""The rows of the access matrix: what each operation needs, and what it is done with.

A row says which permission an operation needs, of which kind its target is, and what is sent. What
each role may then do at each place follows from one rule (`rule.expected`).
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from app.domain.access.roles import Permission
from app.domain.people.facts.kinds import KINDS
from tests.faces.rule import Listing, Open, Personal, Row


def _unit(**more: Any) -> Callable[[UUID], dict[str, Any]]:
    return lambda unit_id: {**more, "unit_id": str(unit_id)}


def _activity(unit_id: UUID) -> dict[str, Any]:
    return {
        "organiser_unit_id": str(unit_id), "title": "新活动", "kind": "lecture",
        "mode": "concentrated", "channel": "school_based", "hours": "2",
        "starts_on": "2026-11-20", "ends_on": "2026-11-20",
    }  # fmt: skip


def _session(_: UUID) -> dict[str, Any]:
    return {
        "starts_at": "2026-11-20T09:00:00+08:00", "ends_at": "2026-11-20T11:00:00+08:00",
        "place": "会议室", "speaker": "主讲", "hours": "2",
    }  # fmt: skip


def _account(unit_id: UUID) -> dict[str, Any]:
    return {
        "name": "new.account", "display_name": "新账号", "role": "school_admin",
        "subject_id": str(unit_id),
    }  # fmt: skip


def _teacher(unit_id: UUID) -> dict[str, Any]:
    return {
        "name": "新教师", "subject": "chinese", "stage": "primary", "school_id": str(unit_id),
        "id_kind": "passport", "id_number": "E12345678", "birth_date": "1990-01-01",
    }  # fmt: skip


def _school(unit_id: UUID) -> dict[str, Any]:
    return {
        "name": "新学校", "level": "school", "stages": ["primary"], "parent_id": str(unit_id),
    }  # fmt: skip


def _client(unit_id: UUID) -> dict[str, Any]:
    return {
        "name": "new.app", "display_name": "新应用", "organisation": "示例公司", "purpose": "测试",
        "valid_to": "2099-01-01", "scopes": ["unit:read"], "flows": ["device_code"],
        "unit_id": str(unit_id),
    }  # fmt: skip


def _fixed(**body: Any) -> Callable[[UUID], dict[str, Any]]:
    return lambda _: body


NOWHERE = "01890000-0000-7000-8000-000000000000"
"""The key of nothing."""

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
}


MATRIX: dict[str, Row | Listing | Open] = {
    "get_profile": Open("One's own profile."),
    "change_password": Open("One's own password."),
    "list_sign_ins": Open("One's own sign-ins."),
    "end_sign_in": Open("One's own sign-ins; another's is none of them."),
    "list_delegations": Open("Those that one has given or received."),
    "revoke_delegation": Open("Those that one has given or received; another's is none of them."),
    "act_on_behalf": Open("Those that one has received; another's is none of them."),
    "list_consents": Open("One's own consents."),
    "revoke_consent": Open("One's own consents; another's is none of them."),
    # access
    "list_accounts": Listing(("account",), Permission.ACCOUNT_READ),
    "create_account": Row(
        "unit", Permission.ACCOUNT_WRITE, body=_account, in_body=True, by_place=True
    ),
    "get_account": Row("account", Permission.ACCOUNT_READ, reads=True),
    "suspend_account": Row("account", Permission.ACCOUNT_WRITE),
    "restore_account": Row("account", Permission.ACCOUNT_WRITE),
    "reset_password": Row("account", Permission.ACCOUNT_WRITE),
    "create_delegation": Row(
        "unit", Permission.GROUP_WRITE, in_body=True, by_place=True, absent="account_not_found",
        body=lambda unit_id: {
            "subject_id": str(unit_id), "delegate_id": NOWHERE, "permissions": ["group:write"],
            "reason": "外出学习", "valid_to": "2099-01-01",
        },
    ),
    "list_grants": Row("account", Permission.ACCOUNT_READ, reads=True),
    "grant_role": Row(
        "account", Permission.ACCOUNT_WRITE, also="unit",
        body=lambda unit_id: {"role": "school_admin", "subject_id": str(unit_id)},
    ),
    "revoke_grant": Row("grant", Permission.ACCOUNT_WRITE),
    "end_account_sign_ins": Row("account", Permission.ACCOUNT_WRITE),
    "list_clients": Listing(("client",), Permission.CLIENT_READ),
    "register_client": Row(
        "unit", Permission.CLIENT_WRITE, body=_client, in_body=True, by_place=True
    ),
    "get_client": Row("client", Permission.CLIENT_READ, reads=True),
    "update_client": Row("client", Permission.CLIENT_WRITE, body=_fixed(purpose="另一用途")),
    "rotate_client_secret": Row("client", Permission.CLIENT_WRITE),
    "suspend_client": Row("client", Permission.CLIENT_WRITE),
    "restore_client": Row("client", Permission.CLIENT_WRITE),
    "list_acts": Listing(("act",), Permission.AUDIT_READ),
    "get_act": Row("act", Permission.AUDIT_READ, reads=True),
    "get_audit_head": Open("Where the chain ends tells nothing, and the more know it the better."),
    # organisation
    "list_units": Listing(("unit",), Permission.UNIT_READ, today=True),
    "create_unit": Row("unit", Permission.UNIT_WRITE, body=_school, in_body=True),
    "get_unit": Row("unit", Permission.UNIT_READ, reads=True),
    "list_children": Row("unit", Permission.UNIT_READ, reads=True, lists=True),
    "update_unit": Row("unit", Permission.UNIT_WRITE, body=_fixed(location="rural")),
    "list_unit_names": Row("unit", Permission.UNIT_READ, reads=True),
    "rename_unit": Row("unit", Permission.UNIT_WRITE, body=_fixed(name="新名称")),
    "list_unit_codes": Row("unit", Permission.UNIT_READ, reads=True),
    "give_code": Row("unit", Permission.UNIT_WRITE, body=_fixed(code="2143000001")),
    "void_code": Row("unit", Permission.UNIT_WRITE, body=_fixed()),
    "list_reorganisations": Row("unit", Permission.UNIT_READ, reads=True),
    "close_unit": Row("unit", Permission.UNIT_REORGANISE, body=_fixed()),
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
    "end_attachment": Row("attachment", Permission.UNIT_WRITE, body=_fixed()),
    "list_designations": Listing(("designation",), Permission.UNIT_READ),
    "list_designation_counts": Row("unit", Permission.UNIT_READ),
    "award_designation": Row(
        "unit", Permission.UNIT_WRITE,
        body=_fixed(kind="base", level="city", title="基地校", issuer="市教育局"),
    ),
    "end_designation": Row("designation", Permission.UNIT_WRITE, body=_fixed()),
    "list_responsibilities": Listing(("responsibility",), Permission.UNIT_READ),
    "list_schools_without_responsible": Listing(("school",), Permission.UNIT_READ),
    "name_responsible": Row(
        "unit", Permission.RESPONSIBILITY_WRITE,
        body=_fixed(duty="general_office", department="综合办"),
    ),
    "end_responsibility": Row(
        "responsibility", Permission.RESPONSIBILITY_WRITE, body=_fixed()
    ),
    "list_departments": Listing(("department",), Permission.UNIT_READ, today=True),
    "create_department": Row(
        "unit", Permission.DEPARTMENT_WRITE, body=_unit(name="新部门", kind="other"), in_body=True
    ),
    "get_department": Row("department", Permission.UNIT_READ, reads=True),
    "update_department": Row("department", Permission.DEPARTMENT_WRITE, body=_fixed(name="改名")),
    "close_department": Row("department", Permission.DEPARTMENT_WRITE),
    "list_networks": Listing(("network",), Permission.UNIT_READ, today=True),
    "create_network": Row(
        "unit", Permission.NETWORK_WRITE, in_body=True,
        body=_unit(name="新联盟", kind="sister_schools"),
    ),
    "get_network": Row("network", Permission.UNIT_READ, reads=True),
    "update_network": Row("network", Permission.NETWORK_WRITE, body=_fixed(name="改名")),
    "dissolve_network": Row("network", Permission.NETWORK_WRITE),
    "list_network_members": Row("network", Permission.UNIT_READ, reads=True, lists=True),
    "join_network": Row(
        "network", Permission.NETWORK_WRITE, body=_fixed(school_id=NOWHERE),
        absent="unit_not_found",
    ),
    "leave_network": Row(
        "network", Permission.NETWORK_WRITE, also="network", absent="network_member_not_found"
    ),
    "list_assignments": Listing(("assignment",), Permission.UNIT_READ, today=True),
    "create_assignment": Row(
        "unit", Permission.ASSIGNMENT_WRITE, in_body=True, absent="account_not_found",
        body=_unit(account_id=NOWHERE, school_ids=[NOWHERE], valid_to="2099-01-01"),
    ),
    "get_assignment": Row("assignment", Permission.UNIT_READ, reads=True),
    "end_assignment": Row("assignment", Permission.ASSIGNMENT_WRITE),
    "list_targets": Row("assignment", Permission.UNIT_READ, reads=True),
    "agree_target": Row(
        "assignment", Permission.ASSIGNMENT_WRITE,
        body=_fixed(aim="目标", measure="标准", due_on="2098-12-31"),
    ),
    "get_target": Row("target", Permission.UNIT_READ, reads=True),
    "review_target": Row(
        "target", Permission.ASSIGNMENT_REVIEW, body=_fixed(outcome="met", result="已完成")
    ),
    "list_committees": Listing(("committee",), Permission.UNIT_READ),
    "create_committee": Row(
        "unit", Permission.COMMITTEE_WRITE, in_body=True,
        body=_unit(name="新工作小组", kind="working_group", concern="training"),
    ),
    "get_committee": Row("committee", Permission.UNIT_READ, reads=True),
    "dissolve_committee": Row("committee", Permission.COMMITTEE_WRITE),
    "list_committee_members": Row("committee", Permission.UNIT_READ, reads=True),
    "seat_committee_member": Row(
        "committee", Permission.COMMITTEE_WRITE, body=_fixed(duty="member", post="进校校长")
    ),
    "unseat_committee_member": Row(
        "committee_member", Permission.COMMITTEE_WRITE, body=_fixed()
    ),
    "list_guidance_visits": Listing(("visit",), Permission.GUIDANCE_READ),
    "record_guidance_visit": Row("unit", Permission.GUIDANCE_GUIDE, body=_fixed(**_VISIT)),
    "get_guidance_visit": Row("visit", Permission.GUIDANCE_READ, reads=True),
    "answer_guidance_visit": Row(
        "visit", Permission.GUIDANCE_ANSWER, body=_fixed(answer="已整改")
    ),
    "close_guidance_visit": Row(
        "visit", Permission.GUIDANCE_GUIDE, body=_fixed(conclusion="同意办结")
    ),
    "list_providers": Listing(("provider",), Permission.UNIT_READ),
    "list_available_providers": Listing(("provider",), None, published=True),
    "register_provider": Row(
        "unit", Permission.PROVIDER_WRITE, body=_unit(name="新基地", kind="base"), in_body=True
    ),
    "get_provider": Row("provider", Permission.UNIT_READ, reads=True),
    "update_provider": Row("provider", Permission.PROVIDER_WRITE, body=_fixed(name="改名")),
    "reveal_provider_contact": Row("provider", Permission.PROVIDER_WRITE),
    "list_provider_approvals": Row("provider", Permission.UNIT_READ, reads=True),
    "approve_provider": Row(
        "provider", Permission.PROVIDER_WRITE,
        body=_fixed(valid_from="2010-09-01", valid_to="2012-09-01"),
    ),
    "withdraw_provider": Row(
        "provider", Permission.PROVIDER_WRITE, body=_fixed(reason="资质造假")
    ),
    "list_statistics": Listing(("statistic",), Permission.UNIT_READ),
    "state_statistic": Row(
        "unit", Permission.STATISTIC_WRITE,
        body=_fixed(school_year=2016, measure="students", value=9747, source="工作汇报"),
    ),
    "get_statistic": Row("statistic", Permission.UNIT_READ, reads=True),
    "confirm_statistic": Row("statistic", Permission.STATISTIC_CONFIRM),
    "list_statistic_lines": Row("unit", Permission.UNIT_READ),
    "list_statistic_rates": Row("unit", Permission.UNIT_READ),
    # people
    "list_teachers": Listing(("teacher",), Permission.TEACHER_READ),
    "create_teacher": Row("unit", Permission.TEACHER_WRITE, body=_teacher, in_body=True),
    "get_teacher": Row("teacher", Permission.TEACHER_READ, reads=True),
    "get_career": Row("teacher", Permission.CAREER_READ, reads=True),
    "end_fact": Row(
        "teacher", Permission.TEACHER_WRITE, also="teacher", absent="fact_not_found",
        body=_fixed(valid_to="2026-11-01"),
    ),
    "withdraw_fact": Row(
        "teacher", Permission.TEACHER_WRITE, also="teacher", absent="fact_not_found",
        body=_fixed(reason="登记有误"),
    ),
    **{
        f"list_{kind.plural}": Row("teacher", Permission.CAREER_READ, reads=True)
        for kind in KINDS.values()
    },
    **{
        f"record_{name}": Row(
            "teacher", Permission.TEACHER_WRITE, body=_fixed(valid_from="2026-09-01", **fields)
        )
        for name, fields in _FACTS.items()
    },
    "record_employment": Row(
        "teacher", Permission.TEACHER_WRITE, also="unit",
        body=lambda unit_id: {
            "school_id": str(unit_id), "valid_from": "2010-09-01", "valid_to": "2011-09-01",
        },
    ),
    "record_service_place": Row(
        "teacher", Permission.TEACHER_WRITE, also="unit",
        body=lambda unit_id: {
            "school_id": str(unit_id), "kind": "main", "valid_from": "2026-09-01",
        },
    ),
    "list_teacher_strata": Row("teacher", Permission.CAREER_READ, reads=True),
    "list_growth": Row("teacher", Permission.CAREER_READ, reads=True),
    "list_strata": Row("unit", Permission.CAREER_READ),
    "list_growth_targets": Row("unit", Permission.TEACHER_READ),
    "list_due_growth": Row("unit", Permission.CAREER_READ),
    "list_principals": Row("unit", Permission.TEACHER_READ),
    "list_serving_teachers": Row("unit", Permission.TEACHER_READ),
    "set_growth_target": Row(
        "unit", Permission.TEACHER_WRITE, in_body=True,
        body=_unit(stage="one_year", title="一年入门", criteria="能独立完成教学工作"),
    ),
    "reveal_personal_data": Row(
        "teacher", Permission.PERSONAL_DATA_REVEAL,
        body=_fixed(data=["id_number"], reason="核对证件信息"),
    ),
    "find_teachers": Open("Of whom the number is, only those are shown who may be seen unmasked."),
    "list_looks": Listing(("look",), Permission.RECORD_OWN),
    "list_data_consents": Open("One's own consents; refused to who is no teacher."),
    "give_data_consent": Open("One's own consents; refused to who is no teacher."),
    "withdraw_data_consent": Open("One's own consents; another's is none of them."),
    "get_phone": Row("teacher", Permission.PERSONAL_DATA_REVEAL, absent="phone_not_found"),
    "set_phone": Row("teacher", Permission.PHONE_WRITE, body=_fixed(phone="13800138000")),
    "remove_phone": Row("teacher", Permission.PHONE_WRITE, absent="phone_not_found"),
    "list_corrections": Listing(("correction",), Permission.CORRECTION_READ),
    "request_correction": Open("One's own record; refused to who is no teacher."),
    "get_correction": Row("correction", Permission.CORRECTION_READ, reads=True),
    "grant_correction": Row(
        "correction", Permission.CORRECTION_DECIDE, body=_fixed(opinion="经核实，同意更正。")
    ),
    "decline_correction": Row(
        "correction", Permission.CORRECTION_DECIDE, body=_fixed(opinion="登记无误。")
    ),
    "withdraw_correction": Row("correction", Permission.RECORD_OWN),
    "correct_teacher": Row("teacher", Permission.TEACHER_WRITE, body=_fixed(name="更正姓名")),
    "list_provisions": Listing(("provision",), Permission.PROVISION_READ),
    "search_teachers": Open("Only those are found whom one may see; tested with the search."),
    "list_transfers": Listing(("transfer",), Permission.TRANSFER_READ),
    "propose_transfer": Row(
        "teacher", Permission.TRANSFER_WRITE, in_body=True,
        body=lambda teacher_id: {
            "teacher_id": str(teacher_id), "destination": "外市学校", "reason": "调往外市"
        },
    ),
    "get_transfer": Row("transfer", Permission.TRANSFER_READ, reads=True),
    "accept_transfer": Row("transfer", Permission.TRANSFER_WRITE, body=_fixed(opinion="同意")),
    "decline_transfer": Row("transfer", Permission.TRANSFER_WRITE, body=_fixed(opinion="不同意")),
    "withdraw_transfer": Row("transfer", Permission.TRANSFER_WRITE),
    "complete_transfer": Row("transfer", Permission.TRANSFER_WRITE, body=_fixed()),
    "list_goals": Listing(("goal",), Permission.GOAL_READ),
    "set_goal": Open("One's own; refused to who is no teacher."),
    "get_goal": Row("goal", Permission.GOAL_READ, reads=True),
    "report_goal": Row(
        "goal", Permission.GOAL_WRITE, body=_fixed(result="reached", remark="已完成")
    ),
    "appraise_goal": Row("goal", Permission.GOAL_APPRAISE, body=_fixed(opinion="达成")),
    "list_pairs": Listing(("pair",), Permission.PAIR_READ),
    "form_pair": Row(
        "unit", Permission.PAIR_WRITE, in_body=True, absent="teacher_not_found",
        body=_unit(
            teacher_ids=[NOWHERE, NOWHERE.replace("01890", "01891")], kind="friends",
            purpose="互听互评", valid_from="2026-09-01", valid_to="2027-09-01",
        ),
    ),
    "get_pair": Row("pair", Permission.PAIR_READ, reads=True),
    "end_pair": Row("pair", Permission.PAIR_WRITE, body=_fixed()),
    "list_retention_periods": Open("The same for all, and meant to be known."),
    # training
    "list_groups": Listing(("group",), Permission.GROUP_READ),
    "create_group": Row(
        "unit", Permission.GROUP_WRITE, body=_unit(name="新组", kind="project"), in_body=True
    ),
    "get_group": Row("group", Permission.GROUP_READ, reads=True),
    "list_members": Row("group", Permission.GROUP_READ, reads=True),
    "add_member": Row(
        "group", Permission.GROUP_WRITE, also="teacher",
        body=lambda teacher_id: {"teacher_id": str(teacher_id)},
    ),
    "end_membership": Row(
        "group", Permission.GROUP_WRITE, also="teacher", absent="group_member_not_found"
    ),
    "list_activities": Listing(("activity", "offered"), Permission.ACTIVITY_READ),
    "list_offered_activities": Listing(
        ("activity", "offered"), Permission.ACTIVITY_READ, published=True
    ),
    "create_activity": Row("unit", Permission.ACTIVITY_WRITE, body=_activity, in_body=True),
    "get_activity": Row("activity", Permission.ACTIVITY_READ, reads=True),
    "update_activity": Row("activity", Permission.ACTIVITY_WRITE, body=_fixed(title="改名")),
    "publish_activity": Row("activity", Permission.ACTIVITY_WRITE),
    "hold_activity": Row("offered", Permission.ACTIVITY_WRITE),
    "close_activity": Row("offered", Permission.ACTIVITY_WRITE),
    "cancel_activity": Row("offered", Permission.ACTIVITY_WRITE),
    "list_sessions": Row("offered", Permission.ACTIVITY_READ, reads=True),
    "add_session": Row("activity", Permission.ACTIVITY_WRITE, body=_session),
    "get_session": Row("offered_session", Permission.ACTIVITY_READ, reads=True),
    "remove_session": Row("session", Permission.ACTIVITY_WRITE),
    "list_enrolments": Row("offered", Permission.ATTENDANCE_READ),
    "enrol_oneself": Personal("offered", Permission.PARTICIPATE),
    "withdraw_enrolment": Personal(
        "offered", Permission.PARTICIPATE, absent="enrolment_not_found"
    ),
    "list_teacher_enrolments": Row("teacher", Permission.TEACHER_READ, reads=True),
    "get_check_in_code": Row("offered_session", Permission.ATTENDANCE_WRITE),
    "check_in": Personal("offered_session", Permission.PARTICIPATE, body=_fixed(code="ABCD2345")),
    "record_attendance": Row(
        "offered_session", Permission.ATTENDANCE_WRITE, also="teacher",
        body=lambda teacher_id: {"teacher_ids": [str(teacher_id)], "status": "present"},
    ),
    "list_attendance": Row("offered", Permission.ATTENDANCE_READ),
    "list_teacher_attendance": Row("teacher", Permission.TEACHER_READ, reads=True),
    "list_notes": Row("offered", Permission.ATTENDANCE_READ),
    "submit_note": Personal(
        "offered", Permission.PARTICIPATE, body=_fixed(kind="note", text="研修笔记" * 10)
    ),
    "list_teacher_notes": Row("teacher", Permission.TEACHER_READ, reads=True),
    # credits
    "list_packs": Listing(("pack",), None, published=True),
    "publish_pack": Row(
        "unit", Permission.PACK_PUBLISH, body=_unit(document={}), in_body=True
    ),
    "get_pack": Row("pack", Permission.PACK_READ, reads=True),
    "recognise_activity": Row("offered", Permission.CREDIT_RECOGNISE),
    "list_entries": Row("teacher", Permission.CREDIT_READ),
    "get_entry": Row("entry", Permission.CREDIT_READ, reads=True),
    "get_explanation": Row("entry", Permission.CREDIT_READ, reads=True),
    "reverse_entry": Row("entry", Permission.CREDIT_REVERSE, body=_fixed(reason="记错了")),
    "get_standing": Row("teacher", Permission.CREDIT_READ),
    "get_credit_summary": Row("unit", Permission.SUMMARY_READ),
    "list_compliance": Row("unit", Permission.SUMMARY_READ),
    # exchange
    "list_changes": Listing((), Permission.CHANGE_READ),
    "list_batches": Listing(("batch",), Permission.PROVINCE_EXCHANGE),
    "create_batch": Row(
        "unit", Permission.PROVINCE_EXCHANGE, in_body=True,
        body=lambda unit_id: {"city_id": str(unit_id)},
    ),
    "get_batch": Row("batch", Permission.PROVINCE_EXCHANGE, reads=True),
    "get_batch_content": Row("batch", Permission.PROVINCE_EXCHANGE, reads=True),
    "get_record": Open("One's own record; refused to who is no teacher."),
    "list_own_provisions": Listing((), Permission.RECORD_OWN),
}  # fmt: skip
"""Every operation that a signed-in person can ask for."""
