"""What the feed tells beside changed rows, and the webhooks, which tell applications of it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.database.migrations import audited, grant

revision = "20261122_1750"
down_revision = "20261122_1740"
branch_labels = None
depends_on = None

KINDS_BEFORE = ("unit", "teacher", "activity", "credit_entry")
KINDS = (
    "unit", "teacher", "group", "group_member", "activity", "attendance", "credit_entry"
)  # fmt: skip
MOVED = """(removed.city_id, removed.county_id, removed.school_id)
        IS DISTINCT FROM (added.city_id, added.county_id, added.school_id)"""
# What hangs from something else has no place of its own, and no version that a move would raise.
RETELL_LEDGERS = """
CREATE FUNCTION retell_ledgers_of_moved() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO retelling (kind, thing_id)
    SELECT 'credit_entry', e.id
    FROM removed JOIN added USING (id) JOIN credit_entry e ON e.teacher_id = removed.id
    WHERE {moved}
    ORDER BY e.id;
    RETURN NULL;
END
$$
"""
# A membership may end where its group has gone, and the group come back: so each is noted by itself.
RETELL_MEMBERS = """
CREATE FUNCTION retell_members_of_moved() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO departure (kind, thing_id, left_city_id, left_county_id, left_school_id)
    SELECT 'group_member', m.id, removed.city_id, removed.county_id, removed.school_id
    FROM removed JOIN added USING (id) JOIN group_member m ON m.group_id = removed.id
    WHERE {moved} AND m.superseded_at IS NULL
    ORDER BY m.id;
    INSERT INTO retelling (kind, thing_id)
    SELECT 'group_member', m.id
    FROM removed JOIN added USING (id) JOIN group_member m ON m.group_id = removed.id
    WHERE {moved} AND m.superseded_at IS NULL
    ORDER BY m.id;
    RETURN NULL;
END
$$
"""
RETELL_REVERSED = """
CREATE FUNCTION retell_reversed() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO retelling (kind, thing_id)
    SELECT 'credit_entry', reverses_id FROM added WHERE reverses_id IS NOT NULL ORDER BY id;
    RETURN NULL;
END
$$
"""
RETELL_CODED = """
CREATE FUNCTION retell_coded() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO retelling (kind, thing_id)
    SELECT DISTINCT 'unit', unit_id FROM added ORDER BY unit_id;
    RETURN NULL;
END
$$
"""
NOTE_DISBELIEVED = """
CREATE FUNCTION note_disbelieved_members() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO departure (kind, thing_id, left_city_id, left_county_id, left_school_id)
    SELECT 'group_member', added.id, g.city_id, g.county_id, g.school_id
    FROM removed JOIN added USING (id) JOIN research_group g ON g.id = added.group_id
    WHERE removed.superseded_at IS NULL AND added.superseded_at IS NOT NULL
    ORDER BY added.id;
    RETURN NULL;
END
$$
"""
FUNCTIONS = (
    RETELL_LEDGERS.format(moved=MOVED),
    RETELL_MEMBERS.format(moved=MOVED),
    RETELL_REVERSED,
    RETELL_CODED,
    NOTE_DISBELIEVED,
)
UPDATED = "OLD TABLE AS removed NEW TABLE AS added"
INSERTED = "NEW TABLE AS added"
TRIGGERS = (
    ("teacher", "update", UPDATED, "retell_ledgers_of_moved()"),
    ("research_group", "update", UPDATED, "retell_members_of_moved()"),
    ("research_group", "update", UPDATED, "note_departures('group')"),
    ("credit_entry", "insert", INSERTED, "retell_reversed()"),
    ("unit_code", "insert", INSERTED, "retell_coded()"),
    ("unit_code", "update", INSERTED, "retell_coded()"),
    ("group_member", "update", UPDATED, "note_disbelieved_members()"),
)
TRIGGER = """
CREATE TRIGGER {name} AFTER {event} ON {table} REFERENCING {rows}
    FOR EACH STATEMENT EXECUTE FUNCTION {function}
"""
# A fact that ends is written again as a copy of itself: the database alone says which version it is.
MEMBER_VERSION = """
CREATE TRIGGER change_version BEFORE INSERT OR UPDATE ON group_member
    FOR EACH ROW EXECUTE FUNCTION raise_change_version()
"""


def upgrade() -> None:
    tell_of(KINDS)
    version_members()
    op.create_index(
        op.f("ix_attendance_change_transaction_change_sequence"),
        "attendance",
        ["change_transaction", "change_sequence"],
    )
    op.create_table(
        "retelling",
        sa.Column(
            "change_transaction",
            sa.BigInteger(),
            server_default=sa.text("(pg_current_xact_id()::text::bigint)"),
            nullable=False,
        ),
        sa.Column(
            "change_sequence",
            sa.BigInteger(),
            server_default=sa.text("nextval('change_sequence')"),
            nullable=False,
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "unit",
                "teacher",
                "group",
                "group_member",
                "activity",
                "attendance",
                "credit_entry",
                name="change_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("thing_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("change_transaction", "change_sequence", name=op.f("pk_retelling")),
    )
    for function in FUNCTIONS:
        op.execute(function)
    for table, event, rows, function in TRIGGERS:
        # Who could make a trigger of it on a table of their own could make up what is told.
        op.execute(f"REVOKE EXECUTE ON FUNCTION {named(function)}() FROM PUBLIC")
        name = f"{named(function)}_on_{event}"
        op.execute(
            TRIGGER.format(name=name, event=event, table=table, rows=rows, function=function)
        )
    grant("SELECT", "retelling")
    make_webhooks()
    grant("SELECT, INSERT", "webhook", "webhook_progress", "webhook_message")
    decided = "url, note, kinds, unit_id, state, disabled_at"
    grant(f"UPDATE ({decided}, secret_sealed, previous_sealed, previous_until)", "webhook")
    grant("UPDATE (position, looks_at, failing_since)", "webhook_progress")
    grant("UPDATE (state, attempts, next_at, ended_at, tries), DELETE", "webhook_message")
    audited("webhook")


def named(function: str) -> str:
    return function.partition("(")[0]


def tell_of(kinds: tuple[str, ...]) -> None:
    among = ", ".join(f"'{kind}'" for kind in kinds)
    op.drop_constraint(op.f("ck_departure_change_kind"), "departure")
    op.create_check_constraint(op.f("ck_departure_change_kind"), "departure", f"kind IN ({among})")


def version_members() -> None:
    for name, default in (
        ("change_transaction", "(pg_current_xact_id()::text::bigint)"),
        ("change_sequence", "nextval('change_sequence')"),
    ):
        op.add_column(
            "group_member",
            sa.Column(name, sa.BigInteger(), server_default=sa.text(default), nullable=False),
        )
    op.create_index(
        op.f("ix_group_member_change_transaction_change_sequence"),
        "group_member",
        ["change_transaction", "change_sequence"],
    )
    op.execute(MEMBER_VERSION)
    audited("group_member")


def make_webhooks() -> None:
    op.create_table(
        "webhook",
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=True),
        sa.Column("kinds", sa.ARRAY(sa.Text()), nullable=True),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "enabled",
                "disabled",
                "failing",
                name="webhook_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("secret_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("previous_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("previous_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(state = 'enabled') = (disabled_at IS NULL)", name=op.f("ck_webhook_disabled_at")
        ),
        sa.CheckConstraint(
            "(previous_sealed IS NULL) = (previous_until IS NULL)",
            name=op.f("ck_webhook_previous_ends"),
        ),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_webhook_client_id")),
        sa.ForeignKeyConstraint(["created_by"], ["account.id"], name=op.f("fk_webhook_created_by")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_webhook_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook")),
    )
    op.create_index(op.f("ix_webhook_client_id_id"), "webhook", ["client_id", "id"], unique=False)
    op.create_table(
        "webhook_progress",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Text(), nullable=False),
        sa.Column("looks_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["id"], ["webhook.id"], name=op.f("fk_webhook_progress_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_progress")),
    )
    op.create_index(
        op.f("ix_webhook_progress_looks_at"), "webhook_progress", ["looks_at"], unique=False
    )
    op.create_table(
        "webhook_message",
        sa.Column(
            "kind",
            sa.Enum(
                "changes",
                "test",
                name="webhook_message_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "delivered",
                "dead",
                "superseded",
                name="webhook_message_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("webhook_id", sa.Uuid(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("position", sa.Text(), nullable=False),
        sa.Column("tries", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint(
            "(state = 'waiting') = (ended_at IS NULL)", name=op.f("ck_webhook_message_ended")
        ),
        sa.CheckConstraint(
            "(state = 'waiting') = (next_at IS NOT NULL)", name=op.f("ck_webhook_message_waits")
        ),
        sa.CheckConstraint(
            "attempts >= 0 AND changes >= 0", name=op.f("ck_webhook_message_counted")
        ),
        sa.ForeignKeyConstraint(
            ["webhook_id"], ["webhook.id"], name=op.f("fk_webhook_message_webhook_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_message")),
    )
    op.create_index(
        op.f("ix_webhook_message_ended_at"), "webhook_message", ["ended_at"], unique=False
    )
    op.create_index(
        op.f("ix_webhook_message_next_at"),
        "webhook_message",
        ["next_at"],
        unique=False,
        postgresql_where=sa.text("next_at IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_webhook_message_webhook_id_id"),
        "webhook_message",
        ["webhook_id", "id"],
        unique=False,
    )


def downgrade() -> None:
    for table in ("webhook_message", "webhook_progress", "webhook"):
        op.drop_table(table)
    for table, event, _, function in TRIGGERS:
        op.execute(f"DROP TRIGGER {named(function)}_on_{event} ON {table}")
    for function in sorted({named(each) for *_, each in TRIGGERS} - {"note_departures"}):
        op.execute(f"DROP FUNCTION {function}()")
    op.drop_table("retelling")
    op.drop_index(op.f("ix_attendance_change_transaction_change_sequence"), table_name="attendance")
    op.execute("DROP TRIGGER change_version ON group_member")
    op.drop_index(
        op.f("ix_group_member_change_transaction_change_sequence"), table_name="group_member"
    )
    for name in ("change_sequence", "change_transaction"):
        op.drop_column("group_member", name)
    audited("group_member")
    op.execute("DELETE FROM departure WHERE kind IN ('group', 'group_member')")
    tell_of(KINDS_BEFORE)
