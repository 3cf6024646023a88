"""The rows of programmes, trainees, and of records that are one person's."""

from app.domain.access.roles import Permission
from tests.faces.matrix.bodies import fixed, of_unit
from tests.faces.rule import Listing, Open, Row

READ, WRITE = Permission.PROGRAMME_READ, Permission.PROGRAMME_WRITE

ROWS: dict[str, Row | Listing | Open] = {
    "list_programmes": Listing(("programme",), READ),
    "create_programme": Row(
        "unit", WRITE, in_body=True,
        body=of_unit(
            name="名师工程", kind="master_teachers", level="county", purpose="培养名师",
            valid_from="2026-09-01",
        ),
    ),
    "get_programme": Row("programme", READ, reads=True),
    "list_cohorts": Listing(("cohort",), READ),
    "open_cohort": Row(
        "programme", WRITE,
        body=fixed(
            name="第二期", year=2027, places=10, goals=["上好一节公开课"],
            starts_on="2027-09-01", ends_on="2028-06-30",
        ),
    ),
    "get_cohort": Row("cohort", READ, reads=True),
    "list_cohort_quotas": Row("cohort", READ, reads=True),
    "set_cohort_quota": Row(
        "cohort", WRITE, also="unit",
        body=lambda unit_id: {"school_id": str(unit_id), "places": 3},
    ),
    "list_nominations": Listing(("nomination", "nominated_elsewhere"), READ),
    "list_cohort_members": Row("cohort", READ, reads=True, lists=True),
    "nominate_teacher": Row(
        "teacher", Permission.TEACHER_WRITE, also="cohort",
        body=lambda cohort_id: {"cohort_id": str(cohort_id), "reason": "教学能力突出"},
    ),
    "decide_nomination": Row("cohort_member", WRITE, body=fixed(admitted=True, opinion="同意")),
    "end_cohort_member": Row(
        "cohort_member", WRITE, body=fixed(completed=False, reason="本人申请退出")
    ),
    "replace_cohort_member": Row(
        "cohort_member", WRITE,
        body=lambda member_id: {"by_id": str(member_id), "reason": "因病不能参加"},
    ),
    "list_trainees": Listing(("trainee",), READ),
    "register_trainee": Row(
        "unit", WRITE, in_body=True,
        body=of_unit(name="刘技师", category="technical", employer="县农业技术推广站"),
    ),
    "get_trainee": Row("trainee", READ, reads=True),
    "list_cohort_trainees": Row("cohort", READ, reads=True, lists=True),
    "enter_cohort_trainee": Row(
        "cohort", WRITE, also="trainee",
        body=lambda trainee_id: {"trainee_id": str(trainee_id)},
    ),
    "complete_cohort_trainee": Row("cohort_trainee", WRITE, body=fixed()),
    "list_trainee_counts": Row("unit", READ),
    "list_duplicates": Row("unit", Permission.TEACHER_WRITE),
    "declare_distinct_people": Row(
        "teacher", Permission.TEACHER_WRITE, also="teacher",
        body=lambda teacher_id: {"other_id": str(teacher_id), "reason": "系两人"},
    ),
    "list_person_mergers": Listing(("person_merger",), Permission.CAREER_READ),
    "propose_person_merger": Row(
        "teacher", Permission.TEACHER_WRITE, in_body=True, absent="person_merger_person_unknown",
        body=lambda teacher_id: {
            "survivor_id": str(teacher_id), "id_kind": "passport", "id_number": "E99999999",
            "reason": "两条记录系同一人", "confirmed": True,
        },
    ),
    "get_person_merger": Row("person_merger", Permission.CAREER_READ, reads=True),
    "accept_person_merger": Row(
        "person_merger", Permission.TEACHER_WRITE, body=fixed(opinion="情况属实", confirmed=True)
    ),
    "decline_person_merger": Row(
        "person_merger", Permission.TEACHER_WRITE, body=fixed(opinion="不是同一人")
    ),
}  # fmt: skip
