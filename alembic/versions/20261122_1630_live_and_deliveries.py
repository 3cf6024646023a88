"""What changes is announced as it happens; and the messages by which people are told outside."""

import sqlalchemy as sa
from alembic import op

from app.database.migrations import audited, grant, version_changes

revision = "20261122_1630"
down_revision = "20261122_1620"
branch_labels = None
depends_on = None

# Keys alone, and never more than a payload holds: too many of them are one star.
TELL_ATTENDANCE = """
CREATE FUNCTION tell_attendance() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    sessions text[] := ARRAY(SELECT DISTINCT session_id::text FROM added LIMIT 101);
BEGIN
    IF cardinality(sessions) > 100 THEN
        PERFORM pg_notify('live', 'attendance *');
    ELSIF sessions <> '{}' THEN
        PERFORM pg_notify('live', 'attendance ' || array_to_string(sessions, ' '));
    END IF;
    RETURN NULL;
END
$$
"""
# Whatever is recorded in the trail may be what somebody waits for: the tables of work are among it.
TELL_OF_WORK = """
CREATE FUNCTION tell_of_work() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    places text[] := ARRAY(
        SELECT DISTINCT concat_ws('/', school_id, county_id, city_id) FROM added
        WHERE city_id IS NOT NULL AND table_name <> 'attendance' LIMIT 61
    );
BEGIN
    IF cardinality(places) > 60 THEN
        PERFORM pg_notify('live', 'work *');
    ELSIF places <> '{}' THEN
        PERFORM pg_notify('live', 'work ' || array_to_string(places, ' '));
    END IF;
    RETURN NULL;
END
$$
"""
# Whom a notice is for lies elsewhere than where it is placed.
TELL_OF_NOTICES = """
CREATE FUNCTION tell_of_notices() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    targets text[] := ARRAY(
        SELECT DISTINCT target_id::text
        FROM added JOIN notice_audience ON notice_id = added.id
        WHERE added.state <> 'draft' LIMIT 101
    );
BEGIN
    IF cardinality(targets) > 100 THEN
        PERFORM pg_notify('live', 'work *');
    ELSIF targets <> '{}' THEN
        PERFORM pg_notify('live', 'work ' || array_to_string(targets, ' '));
    END IF;
    RETURN NULL;
END
$$
"""
TELL = """
CREATE TRIGGER tell_{event} AFTER {event} ON {table} REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION {function}()
"""
TOLD = (
    ("tell_attendance", "attendance", ("insert", "update")),
    ("tell_of_work", "audit_change", ("insert",)),
    ("tell_of_notices", "notice", ("update",)),
)


def upgrade() -> None:
    for table in ("attendance", "notice"):
        add_versions(table)
        version_changes(table)
    audited("attendance", insertions=False)
    audited("notice")
    for statement in (TELL_ATTENDANCE, TELL_OF_WORK, TELL_OF_NOTICES):
        op.execute(statement)
    for function, table, events in TOLD:
        for event in events:
            op.execute(TELL.format(function=function, table=table, event=event))
    make_tables()
    grant("SELECT, INSERT, UPDATE (state, attempts, next_at, sent_at), DELETE", "delivery")
    grant("SELECT, INSERT, UPDATE (channel)", "delivery_preference")
    grant("SELECT, INSERT, UPDATE (days_before)", "reminder_rule")
    grant("SELECT, INSERT", "reminder", "notice_told")
    for table in ("delivery_preference", "reminder_rule", "reminder"):
        audited(table)


def make_tables() -> None:
    op.create_table(
        "reminder_rule",
        sa.Column("days_before", sa.SmallInteger(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "days_before BETWEEN 0 AND 60", name=op.f("ck_reminder_rule_days_before")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_reminder_rule_unit_id")),
        sa.PrimaryKeyConstraint("unit_id", name=op.f("pk_reminder_rule")),
    )
    op.create_table(
        "delivery",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "notice",
                "due",
                "late",
                "reminder",
                name="delivery_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column(
            "channel",
            sa.Enum(
                "sms",
                "wecom",
                "email",
                name="channel_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "queued",
                "failed",
                "sent",
                "given_up",
                name="delivery_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("occasion", sa.String(length=60), nullable=False),
        sa.CheckConstraint(
            "(state = 'sent') = (sent_at IS NOT NULL)", name=op.f("ck_delivery_sent")
        ),
        sa.CheckConstraint(
            "(state IN ('queued', 'failed')) = (next_at IS NOT NULL)",
            name=op.f("ck_delivery_waits"),
        ),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_delivery_attempts")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_delivery_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint(
            "account_id",
            "kind",
            "subject_id",
            "occasion",
            name=op.f("uq_delivery_account_id_kind_subject_id_occasion"),
        ),
    )
    op.create_index(
        op.f("ix_delivery_account_id_queued_at"),
        "delivery",
        ["account_id", "queued_at"],
        unique=False,
    )
    op.create_index(op.f("ix_delivery_queued_at"), "delivery", ["queued_at"], unique=False)
    op.create_index(
        op.f("ix_delivery_next_at"),
        "delivery",
        ["next_at"],
        unique=False,
        postgresql_where=sa.text("next_at IS NOT NULL"),
    )
    op.create_table(
        "delivery_preference",
        sa.Column(
            "channel",
            sa.Enum(
                "sms",
                "wecom",
                "email",
                name="channel_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "notice",
                "due",
                "late",
                "reminder",
                name="delivery_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_delivery_preference_account_id")
        ),
        sa.PrimaryKeyConstraint("account_id", "kind", name=op.f("pk_delivery_preference")),
    )
    op.create_table(
        "reminder",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("waits_at", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reminded_by", sa.Uuid(), nullable=False),
        sa.Column("reminded_on", sa.Date(), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["reminded_by"], ["account.id"], name=op.f("fk_reminder_reminded_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder")),
        sa.UniqueConstraint(
            "kind",
            "subject_id",
            "waits_at",
            "reminded_on",
            name=op.f("uq_reminder_kind_subject_id_waits_at_reminded_on"),
        ),
    )
    op.create_index(
        op.f("ix_reminder_reminded_by_id"), "reminder", ["reminded_by", "id"], unique=False
    )
    op.create_table(
        "notice_told",
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["notice.id"], name=op.f("fk_notice_told_notice_id")
        ),
        sa.PrimaryKeyConstraint("notice_id", name=op.f("pk_notice_told")),
    )


def add_versions(table: str) -> None:
    for name, default in (
        ("change_transaction", "(pg_current_xact_id()::text::bigint)"),
        ("change_sequence", "nextval('change_sequence')"),
    ):
        op.add_column(
            table, sa.Column(name, sa.BigInteger(), server_default=sa.text(default), nullable=False)
        )


def downgrade() -> None:
    op.drop_table("notice_told")
    op.drop_index(op.f("ix_reminder_reminded_by_id"), table_name="reminder")
    op.drop_table("reminder")
    op.drop_table("delivery_preference")
    op.drop_index(
        op.f("ix_delivery_next_at"),
        table_name="delivery",
        postgresql_where=sa.text("next_at IS NOT NULL"),
    )
    op.drop_index(op.f("ix_delivery_queued_at"), table_name="delivery")
    op.drop_index(op.f("ix_delivery_account_id_queued_at"), table_name="delivery")
    op.drop_table("delivery")
    op.drop_table("reminder_rule")
    for function, *_ in TOLD:
        op.execute(f"DROP FUNCTION {function}() CASCADE")
    for table in ("attendance", "notice"):
        op.execute(f"DROP TRIGGER change_version ON {table}")
        for name in ("change_sequence", "change_transaction"):
            op.drop_column(table, name)
    audited("attendance", insertions=False)
    audited("notice")
