"""The province: codes, submissions with their records and receipts, reconciliations, arrivals, challenges."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.database.migrations import audited, grant

revision = "20261122_1740"
down_revision = "20261122_1720"
branch_labels = None
depends_on = None

ROLES = (
    "city_admin", "county_admin", "school_admin", "group_leader", "teacher", "auditor",
    "integration", "network_coordinator", "school_adviser", "department_officer", "expert",
)  # fmt: skip
TABLES = (
    "challenge",
    "arrival",
    "reconciliation_difference",
    "reconciliation",
    "province_record",
    "province_submission",
    "province_code",
)
SETTLED_STAYS = """
CREATE FUNCTION settled_record_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the province has accepted or rejected this record: it is only struck forward'
        USING ERRCODE = 'insufficient_privilege';
END
$$
"""
KEPT = """
CREATE TRIGGER settled_record_stays BEFORE UPDATE ON province_record
    FOR EACH ROW WHEN (OLD.state IN ('accepted', 'rejected'))
    EXECUTE FUNCTION settled_record_stays()
"""


def allow_roles(*roles: str) -> None:
    """Let grants be of these roles and no others."""
    name = "ck_role_grant_role"
    op.drop_constraint(op.f(name), "role_grant", type_="check")
    allowed = ", ".join(f"'{role}'" for role in roles)
    op.create_check_constraint(op.f(name), "role_grant", f"role IN ({allowed})")


def upgrade() -> None:
    allow_roles(*ROLES, "province")
    make_codes()
    make_submissions()
    make_records()
    make_reconciliations()
    make_arrivals()
    make_challenges()
    op.execute(SETTLED_STAYS)
    op.execute(KEPT)
    grant("SELECT, INSERT, UPDATE (superseded_at)", "province_code")
    worked = "state, tries, failure, next_at, settled_at"
    grant(f"SELECT, INSERT, UPDATE ({worked})", "province_submission")
    receipt = "state, receipt_code, receipt_reason, receipt_number, receipt_at"
    grant(f"SELECT, INSERT, UPDATE ({receipt})", "province_record")
    compared = "state, agreeing, differing, failure, done_at, reached, next_at"
    grant(f"SELECT, INSERT, UPDATE ({compared})", "reconciliation")
    grant("SELECT, INSERT", "reconciliation_difference")
    place = "teacher_id, city_id, county_id, school_id"
    settled = f"state, settled_at, settled_by, opinion, transfer_id, {place}"
    grant(f"SELECT, INSERT, UPDATE ({settled})", "arrival")
    answered = "state, outcome, answer, answered_at, answered_by, closed_at"
    grant(f"SELECT, INSERT, UPDATE ({answered})", "challenge")
    for table in ("province_code", "arrival", "challenge"):
        audited(table)


def make_codes() -> None:
    """What our words are called in the province."""
    op.create_table(
        "province_code",
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column(
            "code_set",
            sa.Enum(
                "entry_kind",
                "level",
                "activity_kind",
                "mode",
                "channel",
                "rank",
                "subject",
                "stage",
                "certificate_kind",
                name="code_set",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("ours", sa.String(length=80), nullable=False),
        sa.Column("theirs", sa.String(length=80), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("city_id"), "="),
            (sa.column("code_set"), "="),
            (sa.column("ours"), "="),
            (sa.text("daterange(valid_from, valid_to)"), "&&"),
            where=sa.text("superseded_at IS NULL"),
            using="gist",
            name="ex_province_code_holds_once",
        ),
        sa.CheckConstraint(
            "school_id <> county_id", name=op.f("ck_province_code_school_is_no_bureau")
        ),
        sa.CheckConstraint(
            "valid_to > valid_from", name=op.f("ck_province_code_ends_after_it_begins")
        ),
        sa.ForeignKeyConstraint(
            ["county_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_province_code_county_id_city_id"),
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["account.id"], name=op.f("fk_province_code_recorded_by")
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name=op.f("fk_province_code_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_province_code")),
    )


def make_submissions() -> None:
    """What is handed over together."""
    op.create_table(
        "province_submission",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "roster",
                "credits",
                "certificates",
                name="submission_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("batch_id", sa.Uuid(), nullable=True),
        sa.Column("resends_id", sa.Uuid(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "delivered",
                "settled",
                name="submission_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("tries", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("failure", sa.String(length=60), nullable=True),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(state = 'settled') = (next_at IS NULL)",
            name=op.f("ck_province_submission_taken_up_until_settled"),
        ),
        sa.CheckConstraint(
            "(state = 'settled') = (settled_at IS NOT NULL)",
            name=op.f("ck_province_submission_settled_once"),
        ),
        sa.CheckConstraint(
            "batch_id IS NULL OR kind = 'credits'",
            name=op.f("ck_province_submission_batches_are_of_credits"),
        ),
        sa.CheckConstraint(
            "county_id = city_id AND school_id IS NULL",
            name=op.f("ck_province_submission_belongs_to_city"),
        ),
        sa.CheckConstraint("records > 0", name=op.f("ck_province_submission_holds_something")),
        sa.CheckConstraint(
            "school_id <> county_id", name=op.f("ck_province_submission_school_is_no_bureau")
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["province_batch.id"], name=op.f("fk_province_submission_batch_id")
        ),
        sa.ForeignKeyConstraint(
            ["county_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_province_submission_county_id_city_id"),
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["account.id"], name=op.f("fk_province_submission_created_by")
        ),
        sa.ForeignKeyConstraint(
            ["resends_id"],
            ["province_submission.id"],
            name=op.f("fk_province_submission_resends_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name=op.f("fk_province_submission_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_province_submission")),
        sa.UniqueConstraint("batch_id", name=op.f("uq_province_submission_batch_id")),
        sa.UniqueConstraint(
            "city_id", "number", name=op.f("uq_province_submission_city_id_number")
        ),
        sa.UniqueConstraint("resends_id", name=op.f("uq_province_submission_resends_id")),
    )
    op.create_index(
        op.f("ix_province_submission_city_id_id"),
        "province_submission",
        ["city_id", "id"],
        unique=False,
    )
    op.create_index(
        "ix_province_submission_due",
        "province_submission",
        ["next_at"],
        unique=False,
        postgresql_where=sa.text("next_at IS NOT NULL"),
    )


def make_records() -> None:
    """What each of them tells, and its receipt."""
    op.create_table(
        "province_record",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "pending",
                "accepted",
                "rejected",
                name="record_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("receipt_code", sa.String(length=60), nullable=True),
        sa.Column("receipt_reason", sa.String(length=500), nullable=True),
        sa.Column("receipt_number", sa.String(length=80), nullable=True),
        sa.Column("receipt_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "teacher",
                "credit",
                "reversal",
                "certificate",
                "certificate_end",
                name="record_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("teacher_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint(
            "(state = 'waiting') = (receipt_at IS NULL)",
            name=op.f("ck_province_record_has_its_receipt"),
        ),
        sa.CheckConstraint(
            "county_id = city_id AND school_id IS NULL",
            name=op.f("ck_province_record_belongs_to_city"),
        ),
        sa.CheckConstraint(
            "ordinal >= 1 AND attempt >= 1", name=op.f("ck_province_record_counted_from_one")
        ),
        sa.CheckConstraint(
            "school_id <> county_id", name=op.f("ck_province_record_school_is_no_bureau")
        ),
        sa.ForeignKeyConstraint(
            ["county_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_province_record_county_id_city_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name=op.f("fk_province_record_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["province_submission.id"],
            name=op.f("fk_province_record_submission_id"),
        ),
        sa.ForeignKeyConstraint(
            ["teacher_id"], ["teacher.id"], name=op.f("fk_province_record_teacher_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_province_record")),
        sa.UniqueConstraint(
            "city_id", "key", "attempt", name=op.f("uq_province_record_city_id_key_attempt")
        ),
        sa.UniqueConstraint(
            "submission_id", "key", name=op.f("uq_province_record_submission_id_key")
        ),
        sa.UniqueConstraint(
            "submission_id", "ordinal", name=op.f("uq_province_record_submission_id_ordinal")
        ),
    )
    op.create_index(
        op.f("ix_province_record_city_id_id"), "province_record", ["city_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_province_record_submission_id_state_ordinal"),
        "province_record",
        ["submission_id", "state", "ordinal"],
        unique=False,
    )
    op.create_index(
        op.f("ix_province_record_teacher_id"), "province_record", ["teacher_id"], unique=False
    )
    op.create_index(
        "uq_province_record_alive",
        "province_record",
        ["city_id", "key"],
        unique=True,
        postgresql_where=sa.text("state <> 'rejected'"),
    )


def make_reconciliations() -> None:
    """Both sides compared, and what does not agree."""
    op.create_table(
        "reconciliation",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "running",
                "done",
                name="reconciliation_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("agreeing", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("differing", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("failure", sa.String(length=60), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reached", sa.String(length=120), server_default=sa.text("''"), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(state = 'done') = (done_at IS NOT NULL)", name=op.f("ck_reconciliation_done_once")
        ),
        sa.CheckConstraint(
            "(state = 'done') = (next_at IS NULL)",
            name=op.f("ck_reconciliation_taken_up_until_done"),
        ),
        sa.CheckConstraint(
            "county_id = city_id AND school_id IS NULL",
            name=op.f("ck_reconciliation_belongs_to_city"),
        ),
        sa.CheckConstraint(
            "school_id <> county_id", name=op.f("ck_reconciliation_school_is_no_bureau")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["account.id"], name=op.f("fk_reconciliation_asked_by")
        ),
        sa.ForeignKeyConstraint(
            ["county_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_reconciliation_county_id_city_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name=op.f("fk_reconciliation_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reconciliation")),
    )
    op.create_index(
        op.f("ix_reconciliation_city_id_id"), "reconciliation", ["city_id", "id"], unique=False
    )
    op.create_index(
        "ix_reconciliation_due",
        "reconciliation",
        ["next_at"],
        unique=False,
        postgresql_where=sa.text("next_at IS NOT NULL"),
    )
    op.create_index(
        "uq_reconciliation_running",
        "reconciliation",
        ["city_id"],
        unique=True,
        postgresql_where=sa.text("state = 'running'"),
    )
    op.create_table(
        "reconciliation_difference",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "missing_here",
                "missing_there",
                "different",
                name="disagreement_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("our_state", sa.String(length=20), nullable=True),
        sa.Column("their_state", sa.String(length=20), nullable=True),
        sa.Column("our_digest", sa.String(length=64), nullable=True),
        sa.Column("their_digest", sa.String(length=64), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reconciliation_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "county_id = city_id AND school_id IS NULL",
            name=op.f("ck_reconciliation_difference_belongs_to_city"),
        ),
        sa.CheckConstraint(
            "school_id <> county_id", name=op.f("ck_reconciliation_difference_school_is_no_bureau")
        ),
        sa.ForeignKeyConstraint(
            ["county_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_reconciliation_difference_county_id_city_id"),
        ),
        sa.ForeignKeyConstraint(
            ["reconciliation_id"],
            ["reconciliation.id"],
            name=op.f("fk_reconciliation_difference_reconciliation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name=op.f("fk_reconciliation_difference_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reconciliation_difference")),
    )
    op.create_index(
        op.f("ix_reconciliation_difference_reconciliation_id_key_id"),
        "reconciliation_difference",
        ["reconciliation_id", "key", "id"],
        unique=False,
    )


def make_arrivals() -> None:
    """What the province tells."""
    op.create_table(
        "arrival",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "roster",
                "credit",
                name="arrival_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("number", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("school_code", sa.String(length=10), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=True),
        sa.Column("earned_on", sa.Date(), nullable=True),
        sa.Column("hours", sa.Numeric(precision=8, scale=2), nullable=True),
        sa.Column("credits", sa.Numeric(precision=8, scale=2), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("teacher_id", sa.Uuid(), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "taken",
                "dismissed",
                name="arrival_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.Uuid(), nullable=True),
        sa.Column("opinion", sa.String(length=500), nullable=True),
        sa.Column("transfer_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(state = 'waiting') = (settled_at IS NULL)", name=op.f("ck_arrival_settled_once")
        ),
        sa.CheckConstraint(
            "kind <> 'credit' OR num_nonnulls(title, earned_on, hours, credits) = 4",
            name=op.f("ck_arrival_credit_is_whole"),
        ),
        sa.CheckConstraint(
            "(teacher_id IS NULL) = (school_id IS NULL)",
            name=op.f("ck_arrival_placed_by_whom_it_is"),
        ),
        sa.CheckConstraint("school_id <> county_id", name=op.f("ck_arrival_school_is_no_bureau")),
        sa.ForeignKeyConstraint(
            ["county_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_arrival_county_id_city_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name=op.f("fk_arrival_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(["settled_by"], ["account.id"], name=op.f("fk_arrival_settled_by")),
        sa.ForeignKeyConstraint(
            ["teacher_id", "school_id", "county_id", "city_id"],
            ["teacher.id", "teacher.school_id", "teacher.county_id", "teacher.city_id"],
            name=op.f("fk_arrival_teacher_id_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["transfer_id"], ["credit_transfer.id"], name=op.f("fk_arrival_transfer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_arrival")),
        sa.UniqueConstraint("city_id", "number", name=op.f("uq_arrival_city_id_number")),
    )
    op.create_index(op.f("ix_arrival_city_id_id"), "arrival", ["city_id", "id"], unique=False)
    op.create_index(op.f("ix_arrival_county_id_id"), "arrival", ["county_id", "id"], unique=False)
    op.create_index(op.f("ix_arrival_school_id_id"), "arrival", ["school_id", "id"], unique=False)
    op.create_index(op.f("ix_arrival_teacher_id"), "arrival", ["teacher_id"], unique=False)


def make_challenges() -> None:
    """What the province doubts."""
    op.create_table(
        "challenge",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column(
            "subject",
            sa.Enum(
                "teacher",
                "credit_entry",
                "certificate",
                name="challenge_subject",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(length=80), nullable=False),
        sa.Column("question", sa.String(length=2000), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("teacher_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "raised",
                "upheld",
                "put_right",
                "refused",
                "closed",
                name="challenge_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("raised_by", sa.Uuid(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "upheld",
                "put_right",
                "refused",
                name="challenge_outcome",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("answer", sa.String(length=2000), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'closed') = (closed_at IS NOT NULL)", name=op.f("ck_challenge_closed_once")
        ),
        sa.CheckConstraint(
            "(state = 'raised') = (answered_at IS NULL) OR state = 'closed'",
            name=op.f("ck_challenge_answered_once"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(outcome, answer, answered_at, answered_by) IN (0, 4)",
            name=op.f("ck_challenge_whole_answer"),
        ),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["account.id"], name=op.f("fk_challenge_answered_by")
        ),
        sa.ForeignKeyConstraint(["raised_by"], ["account.id"], name=op.f("fk_challenge_raised_by")),
        sa.ForeignKeyConstraint(
            ["teacher_id", "school_id", "county_id", "city_id"],
            ["teacher.id", "teacher.school_id", "teacher.county_id", "teacher.city_id"],
            name=op.f("fk_challenge_teacher_id_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_challenge")),
        sa.UniqueConstraint("city_id", "reference", name=op.f("uq_challenge_city_id_reference")),
    )
    op.create_index(op.f("ix_challenge_city_id_id"), "challenge", ["city_id", "id"], unique=False)
    op.create_index(
        op.f("ix_challenge_county_id_id"), "challenge", ["county_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_challenge_school_id_id"), "challenge", ["school_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_challenge_teacher_id_id"), "challenge", ["teacher_id", "id"], unique=False
    )


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
    op.execute("DROP FUNCTION settled_record_stays()")
    op.execute("DELETE FROM role_grant WHERE role = 'province'")
    allow_roles(*ROLES)
