"""The second wall stands before people's careers, what they did in activities and what is kept of them, too.

And the condition of what has the place of its person is one for each kind of unit, of which an index is made use.
"""
# ruff: noqa: S608  the names in these predicates are ours

from alembic import op

from app.database.migrations import application_role

revision = "20261124_2221"
down_revision = "20261124_2220"
branch_labels = None
depends_on = None

READER = "yanxun_reader"
_UNITS = ("school_id", "county_id", "city_id")


def _told(bound: str) -> str:
    return f"(SELECT NULLIF(current_setting('yanxun.{bound}', true), '')::uuid)"


def _others(bound: str) -> str:
    return f"(SELECT NULLIF(current_setting('yanxun.{bound}s', true), '')::uuid[])"


def _told_more(bound: str) -> str:
    return f"ANY ({_others(bound)}::uuid[])"


def _in_any(table: str) -> str:
    return "(" + " OR ".join(f"{table}.{name} = {_told_more('unit_id')}" for name in _UNITS) + ")"


def _in_units(table: str) -> str:
    one = [f"{table}.{name} = {_told(name)}" for name in _UNITS]
    more = [f"{table}.{name} = {_told_more(name)}" for name in _UNITS]
    return " OR ".join([*one, *more])


def _own(table: str) -> str:
    return f"{table}.teacher_id = {_told('teacher_id')}"


def _placed(table: str) -> str:
    return f"{_own(table)} OR {_in_units(table)}"


def _lies_with(owner: str, key: str, table: str) -> str:
    belongs = f"SELECT FROM {owner} WHERE {owner}.id = {table}.{key}"
    one = [
        f"{_told(name)} IS NOT NULL AND EXISTS ({belongs} AND {owner}.{name} = {_told(name)})"
        for name in _UNITS
    ]
    told = " OR ".join(f"{_others(name)} IS NOT NULL" for name in _UNITS)
    more = " OR ".join(f"{owner}.{name} = {_told_more(name)}" for name in _UNITS)
    return " OR ".join([*one, f"({told}) AND EXISTS ({belongs} AND ({more}))"])


def _of_teacher(table: str) -> str:
    return f"{_own(table)} OR {_lies_with('teacher', 'teacher_id', table)}"


def _of_activity(table: str) -> str:
    own = f"{_in_any('activity')} AND activity.id = {table}.activity_id"
    partner = f"{_in_any('partnership')} AND partnership.activity_id = {table}.activity_id"
    carried = f"{_own('activity_staff')} AND activity_staff.activity_id = {table}.activity_id"
    return (
        f"{_others('unit_id')} IS NOT NULL AND (EXISTS (SELECT FROM activity WHERE {own})"
        f" OR EXISTS (SELECT FROM partnership WHERE {partner} AND partnership.state = 'accepted'))"
        f" OR {_told('teacher_id')} IS NOT NULL AND EXISTS (SELECT FROM activity_staff WHERE {carried})"
    )


def _of(owner: str, key: str, table: str) -> str:
    return f"EXISTS (SELECT FROM {owner} WHERE {owner}.id = {table}.{key})"


def _in_activity(table: str) -> str:
    return f"{_placed(table)} OR {_of_activity(table)}"


_PLACED = (
    "archive_volume", "arrived_growth_file", "challenge", "checklist_tick", "correction", "follow_up",
    "goal", "growth_release", "outside_training", "pay_line", "self_study",
)  # fmt: skip
_CAREERS = (
    "data_consent", "growth_result", "look", "teacher_education", "teacher_phone",
    "teacher_qualification", "teacher_registration",
)  # fmt: skip
_IN_ACTIVITIES = (
    "attendance", "attendance_change", "course_completion", "course_judgement", "course_test_attempt",
    "enrolment", "exercise_submission", "learning_doubt", "learning_progress", "leave", "note",
)  # fmt: skip
_DECIDED = " OR ".join(
    f"incentive.{name} = {_told_more('unit_id')}" for name in ("unit_id", "appeal_unit_id")
)
_MENTORED = (
    "EXISTS (SELECT FROM mentor WHERE mentor.mentorship_id = mentorship.id"
    f" AND ({_of_teacher('mentor')}))"
)
_OFFERED = (
    "EXISTS (SELECT FROM choice_round WHERE choice_round.id = choice.round_id"
    f" AND {_in_any('choice_round')})"
)
_OBSERVER = (
    f"observation_sheet.observer_id = {_told('teacher_id')}"
    f" OR {_lies_with('teacher', 'observer_id', 'observation_sheet')}"
)
ADDED = {
    **{table: _placed(table) for table in _PLACED},
    **{table: _of_teacher(table) for table in _CAREERS},
    **{table: _in_activity(table) for table in _IN_ACTIVITIES},
    "archive_piece": _of("archive_volume", "volume_id", "archive_piece"),
    "choice": f"{_in_activity('choice')} OR {_OFFERED}",
    "incentive": f"{_placed('incentive')} OR {_DECIDED}",
    "mentorship": f"{_placed('mentorship')} OR {_MENTORED}",
    "note_version": _of("note", "note_id", "note_version"),
    "observation_sheet": f"{_OBSERVER} OR {_in_activity('observation_sheet')}",
    "service_place": f"{_of_teacher('service_place')}"
    f" OR {_lies_with('unit', 'school_id', 'service_place')}",
}
_CITY = f"credit_entry.city_id = {_told('city_id')}"
_BATCH = "certificate_candidate"
CHANGED = {
    _BATCH: f"{_own(_BATCH)} OR {_lies_with('certificate_batch', 'batch_id', _BATCH)}",
    "credit_chain": _of_teacher("credit_chain"),
    "credit_entry": f"{_CITY} OR {_of_teacher('credit_entry')}",
    "evidence": f"{_of_teacher('evidence')} OR {_of_activity('evidence')}",
    "ledger_leaf": _of_teacher("ledger_leaf"),
}


def _with(owner: str, key: str, table: str) -> str:
    return f"EXISTS (SELECT FROM {owner} WHERE {owner}.id = {table}.{key} AND ({_in_units(owner)}))"


def _with_teacher(table: str) -> str:
    return f"{_own(table)} OR {_with('teacher', 'teacher_id', table)}"


BEFORE = {
    _BATCH: f"{_own(_BATCH)} OR {_with('certificate_batch', 'batch_id', _BATCH)}",
    "credit_chain": _with_teacher("credit_chain"),
    "credit_entry": f"{_CITY} OR {_with_teacher('credit_entry')}",
    "evidence": f"{_with_teacher('evidence')} OR {_with('activity', 'activity_id', 'evidence')}",
    "ledger_leaf": _with_teacher("ledger_leaf"),
}


def upgrade() -> None:
    for table, shown in CHANGED.items():
        op.execute(f"ALTER POLICY within_bounds ON {table} USING ({shown})")
    for table, shown in ADDED.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY within_bounds ON {table} FOR SELECT TO {READER} USING ({shown})")
        op.execute(
            f"CREATE POLICY everything ON {table} TO {application_role()}"
            " USING (true) WITH CHECK (true)"
        )


def downgrade() -> None:
    for table in ADDED:
        op.execute(f"DROP POLICY within_bounds ON {table}")
        op.execute(f"DROP POLICY everything ON {table}")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    for table, shown in BEFORE.items():
        op.execute(f"ALTER POLICY within_bounds ON {table} USING ({shown})")
