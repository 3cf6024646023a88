"""The tables behind the second wall, each with the predicate of its policy; and those outside, with a reason.

Names alone: the tables are described in wings above this one.
"""

from collections.abc import Mapping
from typing import Final

from app.wall import READER

__all__ = ["OUTSIDE", "SEALED", "SECRET", "WALLED", "policy_of"]

# ruff: noqa: S608  the names in these predicates are ours

_UNITS = ("school_id", "county_id", "city_id")


def _told(bound: str) -> str:
    return f"(SELECT NULLIF(current_setting('yanxun.{bound}', true), '')::uuid)"


def _others(bound: str) -> str:
    return f"(SELECT NULLIF(current_setting('yanxun.{bound}s', true), '')::uuid[])"


def _told_more(bound: str) -> str:
    return f"ANY ({_others(bound)}::uuid[])"


def _in_any(table: str) -> str:
    """Whether a row with a place lies in a unit in which the one who asks has a role over anything."""
    return "(" + " OR ".join(f"{table}.{name} = {_told_more('unit_id')}" for name in _UNITS) + ")"


def _in_units(table: str) -> str:
    """Whether a row with a place lies in one of the units in which the one who asks has a role."""
    one = [f"{table}.{name} = {_told(name)}" for name in _UNITS]
    more = [f"{table}.{name} = {_told_more(name)}" for name in _UNITS]
    return " OR ".join([*one, *more])


def _own(table: str) -> str:
    return f"{table}.teacher_id = {_told('teacher_id')}"


def _placed(table: str) -> str:
    """What has the place of its person, and is of a person."""
    return f"{_own(table)} OR {_in_units(table)}"


def _lies_with(owner: str, key: str, table: str) -> str:
    """What has the place of another row, to which it belongs.

    One subquery for each kind of bound, and none is run for a bound that was not told. So each is one
    condition of an index, and for a long list PostgreSQL reads the keys of the whole unit once, where it would
    otherwise have to read all there are, or ask for each row.
    """
    belongs = f"SELECT FROM {owner} WHERE {owner}.id = {table}.{key}"
    one = [
        f"{_told(name)} IS NOT NULL AND EXISTS ({belongs} AND {owner}.{name} = {_told(name)})"
        for name in _UNITS
    ]
    told = " OR ".join(f"{_others(name)} IS NOT NULL" for name in _UNITS)
    more = " OR ".join(f"{owner}.{name} = {_told_more(name)}" for name in _UNITS)
    return " OR ".join([*one, f"({told}) AND EXISTS ({belongs} AND ({more}))"])


def _of_teacher(table: str) -> str:
    """What has no place of its own, but that of its person today."""
    return f"{_own(table)} OR {_lies_with('teacher', 'teacher_id', table)}"


def _of_activity(table: str) -> str:
    """What belongs to an activity that the one who asks carries, or of a unit in which they have any role.

    A group, a network or a department organises in the name of its unit: which of that unit's activities
    somebody sees, the domain says. A partner organises as well.
    """
    own = f"{_in_any('activity')} AND activity.id = {table}.activity_id"
    partner = f"{_in_any('partnership')} AND partnership.activity_id = {table}.activity_id"
    carried = f"{_own('activity_staff')} AND activity_staff.activity_id = {table}.activity_id"
    return (
        f"{_others('unit_id')} IS NOT NULL AND (EXISTS (SELECT FROM activity WHERE {own})"
        f" OR EXISTS (SELECT FROM partnership WHERE {partner} AND partnership.state = 'accepted'))"
        f" OR {_told('teacher_id')} IS NOT NULL AND EXISTS (SELECT FROM activity_staff WHERE {carried})"
    )


def _of(owner: str, key: str, table: str) -> str:
    """What is seen as far as another row behind the wall, to which it belongs."""
    return f"EXISTS (SELECT FROM {owner} WHERE {owner}.id = {table}.{key})"


def _in_activity(table: str) -> str:
    """What somebody did in an activity: it has the place of the person, and its organiser sees it too."""
    return f"{_placed(table)} OR {_of_activity(table)}"


def _raised_in(table: str, *columns: str) -> str:
    """What has the place of its person, and is decided by a unit that may be another."""
    return " OR ".join(
        [_placed(table), *(f"{table}.{name} = {_told_more('unit_id')}" for name in columns)]
    )


_MENTORED = (
    "EXISTS (SELECT FROM mentor WHERE mentor.mentorship_id = mentorship.id"
    f" AND ({_of_teacher('mentor')}))"
)
_OFFERED = (
    "EXISTS (SELECT FROM choice_round WHERE choice_round.id = choice.round_id"
    f" AND {_in_any('choice_round')})"
)
_CITY = f"credit_entry.city_id = {_told('city_id')}"

WALLED: Final[Mapping[str, str]] = {
    "archive_piece": _of("archive_volume", "volume_id", "archive_piece"),
    "archive_volume": _placed("archive_volume"),
    "arrived_growth_file": _placed("arrived_growth_file"),
    "assessment": _placed("assessment"),
    "attendance": _in_activity("attendance"),
    "attendance_change": _in_activity("attendance_change"),
    "certificate": _placed("certificate"),
    "certificate_candidate": f"{_own('certificate_candidate')}"
    f" OR {_lies_with('certificate_batch', 'batch_id', 'certificate_candidate')}",
    "challenge": _placed("challenge"),
    "checklist_tick": _placed("checklist_tick"),
    "choice": f"{_in_activity('choice')} OR {_OFFERED}",
    "claim_evidence": _of("credit_claim", "claim_id", "claim_evidence"),
    "claim_objection": _of("credit_claim", "claim_id", "claim_objection"),
    "claim_step": _of("credit_claim", "claim_id", "claim_step"),
    "correction": _placed("correction"),
    "course_completion": _in_activity("course_completion"),
    "course_judgement": _in_activity("course_judgement"),
    "course_test_attempt": _in_activity("course_test_attempt"),
    "credit_chain": _of_teacher("credit_chain"),
    "credit_claim": _placed("credit_claim"),
    "credit_entry": f"{_CITY} OR {_of_teacher('credit_entry')}",
    "credit_loan": _placed("credit_loan"),
    "credit_transfer": _placed("credit_transfer"),
    "data_consent": _of_teacher("data_consent"),
    "enrolment": _in_activity("enrolment"),
    "evidence": f"{_of_teacher('evidence')} OR {_of_activity('evidence')}",
    "exercise_submission": _in_activity("exercise_submission"),
    "file": _placed("file"),
    "follow_up": _placed("follow_up"),
    "goal": _placed("goal"),
    "growth_release": _placed("growth_release"),
    "growth_result": _of_teacher("growth_result"),
    "human_review": _placed("human_review"),
    "incentive": _raised_in("incentive", "unit_id", "appeal_unit_id"),
    "learning_doubt": _in_activity("learning_doubt"),
    "learning_progress": _in_activity("learning_progress"),
    "leave": _in_activity("leave"),
    "ledger_leaf": _of_teacher("ledger_leaf"),
    "look": _of_teacher("look"),
    "mentorship": f"{_placed('mentorship')} OR {_MENTORED}",
    "note": _in_activity("note"),
    "note_version": _of("note", "note_id", "note_version"),
    "observation_sheet": f"observation_sheet.observer_id = {_told('teacher_id')}"
    f" OR {_lies_with('teacher', 'observer_id', 'observation_sheet')}"
    f" OR {_in_activity('observation_sheet')}",
    "outside_training": _placed("outside_training"),
    "pay_line": _placed("pay_line"),
    "self_study": _placed("self_study"),
    "service_place": f"{_of_teacher('service_place')}"
    f" OR {_lies_with('unit', 'school_id', 'service_place')}",
    "standing": _placed("standing"),
    "teacher_education": _of_teacher("teacher_education"),
    "teacher_phone": _of_teacher("teacher_phone"),
    "teacher_qualification": _of_teacher("teacher_qualification"),
    "teacher_registration": _of_teacher("teacher_registration"),
}
"""Table to the predicate of what a reader sees of it."""

SEALED: Final[Mapping[str, tuple[str, ...]]] = {
    "id_number_sealed": ("teacher", "trainee"),
    "id_number_index": ("teacher", "trainee"),
    "phone_sealed": ("teacher_phone",),
    "phone_index": ("teacher_phone",),
    "stated_sealed": ("correction",),
    "given_sealed": ("import_row",),
}
"""Columns that no reader may see, whatever lies within its bounds, and the tables that have them."""

SECRET: Final[Mapping[str, tuple[str, ...]]] = {
    "account": ("secret",),
    "authorisation_code": ("code_hash",),
    "calendar_link": ("token_hash",),
    "client": ("previous_secret",),
    "device_code": ("code_hash",),
    "idempotent_answer": ("fingerprint", "body"),
    "identity_provider": ("secret_sealed",),
    "identity_request": ("state_hash", "binder_hash"),
    "recovery_code": ("code_hash",),
    "refresh_token": ("token_hash",),
    "second_factor": ("secret_sealed", "next_secret_sealed"),
    "survey_token": ("token_hash",),
    "webhook": ("secret_sealed", "previous_sealed"),
}
"""Of each table the columns that nobody reads but to compare them, or to sign."""

OUTSIDE: Final[Mapping[str, frozenset[str]]] = {
    "Names, posts and ranks stand in what many see together; and one teacher by key stays one message.": (
        frozenset({"account", "teacher", "teacher_post", "teacher_rank"})
    ),
    "Counted for summaries by the thousand, without a place of its own: three to nine times as dear.": (
        frozenset({"employment", "teacher_establishment", "teacher_honour", "teacher_state"})
    ),
    "Who does what with whom is told across units: members, experts, lecturers, mentors.": frozenset(
        {
            "activity_staff", "cohort_member", "committee_member", "course", "group_member", "mentor",
            "output_author", "peer_pair", "responsibility", "session_plan", "topic",
            "topic_appraisal", "topic_member", "trainer",
        }
    ),
    "Whom something is meant for, and who teaches when: nothing that anybody did.": frozenset(
        {
            "activity_candidate", "learning_due", "lesson", "lesson_change", "notice_candidate",
            "survey_candidate",
        }
    ),
    "Told by the thousand and written by COPY, which PostgreSQL refuses for a table with policies.": frozenset(
        {"learning_record", "province_record"}
    ),
    "What was answered is shown as figures alone, and by whom nowhere.": frozenset(
        {"survey_receipt", "survey_response"}
    ),
    "Works and words that are made to be read by others.": frozenset(
        {
            "consultation", "contest_result", "discussion", "discussion_post", "plan", "post_mention",
            "resource", "teaching_problem",
        }
    ),
    "It concerns two units at once.": frozenset(
        {"arrival", "distinct_people", "person_merger", "transfer"}
    ),
    "A draft of the one who made it, forgotten after days.": frozenset({"what_if_person"}),
    "A process has yet to work it out; nobody reads it.": frozenset({"recount_failure"}),
}  # fmt: skip
"""Why a table that names a person stands outside, and which do."""


def policy_of(table: str) -> str:
    """What makes the policy of a table for readers."""
    return f"CREATE POLICY within_bounds ON {table} FOR SELECT TO {READER} USING ({WALLED[table]})"
