"""Whoever only reads sees of what decides lives what lies within their bounds: the second wall."""

from alembic import op

from app.database.migrations import application_role, keep_from_readers

revision = "20261124_2180"
down_revision = "20261124_2173"
branch_labels = None
depends_on = None

READER = "yanxun_reader"
_UNITS = ("school_id", "county_id", "city_id")
_SEALED = {
    "correction": ["stated_sealed"],
    "import_row": ["given_sealed"],
    "teacher": ["id_number_sealed", "id_number_index"],
    "teacher_phone": ["phone_sealed", "phone_index"],
    "trainee": ["id_number_sealed", "id_number_index"],
}
_SECRET = {
    "account": ["secret"],
    "authorisation_code": ["code_hash"],
    "calendar_link": ["token_hash"],
    "client": ["previous_secret"],
    "device_code": ["code_hash"],
    "idempotent_answer": ["fingerprint", "body"],
    "identity_provider": ["secret_sealed"],
    "identity_request": ["state_hash", "binder_hash"],
    "recovery_code": ["code_hash"],
    "refresh_token": ["token_hash"],
    "second_factor": ["secret_sealed", "next_secret_sealed"],
    "survey_token": ["token_hash"],
    "webhook": ["secret_sealed", "previous_sealed"],
}


def _told(bound: str) -> str:
    return f"(SELECT NULLIF(current_setting('yanxun.{bound}', true), '')::uuid)"


def _told_more(bound: str) -> str:
    return f"ANY ((SELECT NULLIF(current_setting('yanxun.{bound}s', true), '')::uuid[])::uuid[])"


def _in_units(table: str) -> str:
    one = [f"{table}.{name} = {_told(name)}" for name in _UNITS]
    more = [f"{table}.{name} = {_told_more(name)}" for name in _UNITS]
    return " OR ".join([*one, *more])


def _own(table: str) -> str:
    return f"{table}.teacher_id = {_told('teacher_id')}"


def _placed(table: str) -> str:
    return f"{_own(table)} OR {_in_units(table)}"


def _of_teacher(table: str) -> str:
    place = f"teacher.id = {table}.teacher_id AND ({_in_units('teacher')})"
    return f"{_own(table)} OR EXISTS (SELECT FROM teacher WHERE {place})"


def _of_claim(table: str) -> str:
    return f"EXISTS (SELECT FROM credit_claim WHERE credit_claim.id = {table}.claim_id)"


def _lies_with(owner: str, key: str, table: str) -> str:
    return f"EXISTS (SELECT FROM {owner} WHERE {owner}.id = {table}.{key} AND ({_in_units(owner)}))"


_PLACED = (
    "assessment", "certificate", "credit_claim", "credit_loan", "credit_transfer", "file",
    "human_review", "standing",
)  # fmt: skip
_WITH_BATCH = _lies_with("certificate_batch", "batch_id", "certificate_candidate")
_WITH_ACTIVITY = _lies_with("activity", "activity_id", "evidence")
WALLED = {
    **{table: _placed(table) for table in _PLACED},
    **{table: _of_claim(table) for table in ("claim_evidence", "claim_objection", "claim_step")},
    **{table: _of_teacher(table) for table in ("credit_chain", "ledger_leaf")},
    "certificate_candidate": f"{_own('certificate_candidate')} OR {_WITH_BATCH}",
    "credit_entry": f"credit_entry.city_id = {_told('city_id')} OR {_of_teacher('credit_entry')}",
    "evidence": f"{_of_teacher('evidence')} OR {_WITH_ACTIVITY}",
}


def upgrade() -> None:
    op.execute(f"GRANT USAGE ON SCHEMA public TO {READER}")
    op.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {READER}")
    # What comes later is read as well, but for what its migration keeps from readers.
    op.execute(f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO {READER}")
    for table, columns in (_SEALED | _SECRET).items():
        keep_from_readers(table, *columns)
    for table, shown in WALLED.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY within_bounds ON {table} FOR SELECT TO {READER} USING ({shown})")
        op.execute(
            f"CREATE POLICY everything ON {table} TO {application_role()}"
            " USING (true) WITH CHECK (true)"
        )


def downgrade() -> None:
    for table in WALLED:
        op.execute(f"DROP POLICY within_bounds ON {table}")
        op.execute(f"DROP POLICY everything ON {table}")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    default = f"ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE SELECT ON TABLES FROM {READER}"  # noqa: S608  our own name
    op.execute(default)  # what came later was read as well
    op.execute(f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {READER}")
    op.execute(f"REVOKE USAGE ON SCHEMA public FROM {READER}")
