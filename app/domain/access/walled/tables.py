"""The tables behind the second wall, each with the predicate of its policy; and those outside, with a reason.

Names alone: the tables are described in wings above this one.
"""

from collections.abc import Mapping
from typing import Final

from app.wall import READER

__all__ = ["OUTSIDE", "SEALED", "SECRET", "WALLED", "policy_of"]

_UNITS = ("school_id", "county_id", "city_id")


def _told(bound: str) -> str:
    return f"(SELECT NULLIF(current_setting('yanxun.{bound}', true), '')::uuid)"


def _told_more(bound: str) -> str:
    return f"ANY ((SELECT NULLIF(current_setting('yanxun.{bound}s', true), '')::uuid[])::uuid[])"


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


def _of_teacher(table: str) -> str:
    """What has no place of its own, but that of its person today."""
    place = f"teacher.id = {table}.teacher_id AND ({_in_units('teacher')})"
    return f"{_own(table)} OR EXISTS (SELECT FROM teacher WHERE {place})"


def _of(owner: str, key: str, table: str) -> str:
    """What is seen as far as another row behind the wall, to which it belongs."""
    return f"EXISTS (SELECT FROM {owner} WHERE {owner}.id = {table}.{key})"


def _lies_with(owner: str, key: str, table: str) -> str:
    """What has the place of a row outside the wall, to which it belongs."""
    return f"EXISTS (SELECT FROM {owner} WHERE {owner}.id = {table}.{key} AND ({_in_units(owner)}))"


_CITY = f"credit_entry.city_id = {_told('city_id')}"

WALLED: Final[Mapping[str, str]] = {
    "assessment": _placed("assessment"),
    "certificate": _placed("certificate"),
    "certificate_candidate": f"{_own('certificate_candidate')}"
    f" OR {_lies_with('certificate_batch', 'batch_id', 'certificate_candidate')}",
    "claim_evidence": _of("credit_claim", "claim_id", "claim_evidence"),
    "claim_objection": _of("credit_claim", "claim_id", "claim_objection"),
    "claim_step": _of("credit_claim", "claim_id", "claim_step"),
    "credit_chain": _of_teacher("credit_chain"),
    "credit_claim": _placed("credit_claim"),
    "credit_entry": f"{_CITY} OR {_of_teacher('credit_entry')}",
    "credit_loan": _placed("credit_loan"),
    "credit_transfer": _placed("credit_transfer"),
    "evidence": f"{_of_teacher('evidence')} OR {_lies_with('activity', 'activity_id', 'evidence')}",
    "file": _placed("file"),
    "human_review": _placed("human_review"),
    "ledger_leaf": _of_teacher("ledger_leaf"),
    "standing": _placed("standing"),
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
    "Who people are: their names stand in what many see together. The second part of the wall.": frozenset(
        {
            "account", "data_consent", "employment", "service_place", "teacher", "teacher_education",
            "teacher_establishment", "teacher_honour", "teacher_phone", "teacher_post",
            "teacher_qualification", "teacher_rank", "teacher_registration", "teacher_state",
        }
    ),
    "Who does what with whom is told across units: members, experts, lecturers, mentors.": frozenset(
        {
            "activity_staff", "cohort_member", "committee_member", "course", "group_member", "mentor",
            "mentorship", "output_author", "peer_pair", "responsibility", "topic", "topic_appraisal",
            "topic_member", "trainer",
        }
    ),
    "What somebody did in an activity, its organiser sees of people of every unit.": frozenset(
        {
            "activity_candidate", "attendance", "attendance_change", "choice", "course_completion",
            "course_judgement", "course_test_attempt", "enrolment", "exercise_submission",
            "learning_doubt", "learning_due", "learning_progress", "learning_record", "leave", "lesson",
            "lesson_change", "note", "note_version", "notice_candidate", "observation_sheet",
            "session_plan", "survey_candidate", "survey_receipt", "survey_response",
        }
    ),
    "Works and words that are made to be read by others.": frozenset(
        {
            "checklist_tick", "consultation", "contest_result", "discussion", "discussion_post",
            "follow_up", "goal", "outside_training", "plan", "post_mention", "resource", "self_study",
            "teaching_problem",
        }
    ),
    "It concerns two units at once.": frozenset(
        {"arrival", "arrived_growth_file", "distinct_people", "person_merger", "transfer"}
    ),
    "Made of records, with rules of its own for who opens it. The second part of the wall.": frozenset(
        {
            "archive_piece", "archive_volume", "growth_release", "growth_result", "incentive",
            "pay_line", "province_record", "what_if_person",
        }
    ),
    "What somebody asks about their own data; what is sealed of it no reader sees.": frozenset(
        {"challenge", "correction", "look"}
    ),
    "A process has yet to work it out; nobody reads it.": frozenset({"recount_failure"}),
}  # fmt: skip
"""Why a table that names a person stands outside, and which do."""


def policy_of(table: str) -> str:
    """What makes the policy of a table for readers."""
    return f"CREATE POLICY within_bounds ON {table} FOR SELECT TO {READER} USING ({WALLED[table]})"
