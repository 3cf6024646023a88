"""The rows of people."""

from typing import Any
from uuid import UUID

from app.domain.access.roles import Permission
from app.domain.people.facts.kinds import KINDS
from tests.faces.matrix.bodies import NOWHERE, fixed, of_unit
from tests.faces.rule import Listing, Open, Row


def _teacher(unit_id: UUID) -> dict[str, Any]:
    return {
        "name": "新教师", "subject": "chinese", "stage": "primary", "school_id": str(unit_id),
        "id_kind": "passport", "id_number": "E12345678", "birth_date": "1990-01-01",
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
    "list_teachers": Listing(("teacher",), Permission.TEACHER_READ),
    "create_teacher": Row("unit", Permission.TEACHER_WRITE, body=_teacher, in_body=True),
    "get_teacher": Row("teacher", Permission.TEACHER_READ, reads=True),
    "get_career": Row("teacher", Permission.CAREER_READ, reads=True),
    "end_fact": Row(
        "teacher", Permission.TEACHER_WRITE, also="teacher", absent="fact_not_found",
        body=fixed(valid_to="2026-11-01"),
    ),
    "withdraw_fact": Row(
        "teacher", Permission.TEACHER_WRITE, also="teacher", absent="fact_not_found",
        body=fixed(reason="登记有误"),
    ),
    **{
        f"list_{kind.plural}": Row("teacher", Permission.CAREER_READ, reads=True)
        for kind in KINDS.values()
    },
    **{
        f"record_{name}": Row(
            "teacher", Permission.TEACHER_WRITE, body=fixed(valid_from="2026-09-01", **fields)
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
        body=of_unit(stage="one_year", title="一年入门", criteria="能独立完成教学工作"),
    ),
    "reveal_personal_data": Row(
        "teacher", Permission.PERSONAL_DATA_REVEAL,
        body=fixed(data=["id_number"], reason="核对证件信息"),
    ),
    "find_teachers": Open("Of whom the number is, only those are shown who may be seen unmasked."),
    "list_looks": Listing(("look",), Permission.RECORD_OWN),
    "list_data_consents": Open("One's own consents; refused to who is no teacher."),
    "give_data_consent": Open("One's own consents; refused to who is no teacher."),
    "withdraw_data_consent": Open("One's own consents; another's is none of them."),
    "get_phone": Row("teacher", Permission.PERSONAL_DATA_REVEAL, absent="phone_not_found"),
    "set_phone": Row("teacher", Permission.PHONE_WRITE, body=fixed(phone="13800138000")),
    "remove_phone": Row("teacher", Permission.PHONE_WRITE, absent="phone_not_found"),
    "list_corrections": Listing(("correction",), Permission.CORRECTION_READ),
    "request_correction": Open("One's own record; refused to who is no teacher."),
    "get_correction": Row("correction", Permission.CORRECTION_READ, reads=True),
    "grant_correction": Row(
        "correction", Permission.CORRECTION_DECIDE, body=fixed(opinion="经核实，同意更正。")
    ),
    "decline_correction": Row(
        "correction", Permission.CORRECTION_DECIDE, body=fixed(opinion="登记无误。")
    ),
    "withdraw_correction": Row("correction", Permission.RECORD_OWN),
    "correct_teacher": Row("teacher", Permission.TEACHER_WRITE, body=fixed(name="更正姓名")),
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
    "accept_transfer": Row("transfer", Permission.TRANSFER_WRITE, body=fixed(opinion="同意")),
    "decline_transfer": Row("transfer", Permission.TRANSFER_WRITE, body=fixed(opinion="不同意")),
    "withdraw_transfer": Row("transfer", Permission.TRANSFER_WRITE),
    "complete_transfer": Row("transfer", Permission.TRANSFER_WRITE, body=fixed()),
    "list_goals": Listing(("goal",), Permission.GOAL_READ),
    "set_goal": Open("One's own; refused to who is no teacher."),
    "get_goal": Row("goal", Permission.GOAL_READ, reads=True),
    "report_goal": Row(
        "goal", Permission.GOAL_WRITE, body=fixed(result="reached", remark="已完成")
    ),
    "appraise_goal": Row("goal", Permission.GOAL_APPRAISE, body=fixed(opinion="达成")),
    "list_pairs": Listing(("pair",), Permission.PAIR_READ),
    "form_pair": Row(
        "unit", Permission.PAIR_WRITE, in_body=True, absent="teacher_not_found",
        body=of_unit(
            teacher_ids=[NOWHERE, NOWHERE.replace("01890", "01891")], kind="friends",
            purpose="互听互评", valid_from="2026-09-01", valid_to="2027-09-01",
        ),
    ),
    "get_pair": Row("pair", Permission.PAIR_READ, reads=True),
    "end_pair": Row("pair", Permission.PAIR_WRITE, body=fixed()),
    "list_retention_periods": Open("The same for all, and meant to be known."),
}  # fmt: skip
