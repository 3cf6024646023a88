"""The audit trail: acts, changes written by triggers on every table that is no trail of its own, the chain."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.database.migrations import application_role, audited, grant

revision = "20261122_1440"
down_revision = "20261122_1430"
branch_labels = None
depends_on = None

NOT_AUDITED = (
    "alembic_version",
    "audit_act", "audit_change", "audit_link",  # the trail itself
    "credit_entry", "credit_chain", "standing",  # the ledger, with its own chain, and what it yields
    "school_register", "school_credit", "departure",  # kept by triggers
    "idempotent_answer", "attempt",  # what a request leaves for the next one
    "sign_in", "refresh_token", "authorisation_code", "device_code",  # what a sign-in leaves
)  # fmt: skip
HIDDEN = {
    "note": ["text"],
    "rule_pack": ["document"],
    # Beside a masked ID number it would tell most of what is masked.
    "teacher": ["birth_date"],
}
ONLY_CHANGED = ("attendance", "enrolment", "note")
"""Whose new rows say themselves who made them and when, and are many."""

TRAIL_VALUES = """
CREATE FUNCTION trail_values(written jsonb, hidden text[]) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT jsonb_object_agg(
        key, CASE WHEN key = ANY (hidden) AND value <> 'null' THEN '"***"' ELSE value END
    )
    FROM jsonb_each(written)
$$
"""
TRAIL_PLACE = """
CREATE FUNCTION trail_place(written jsonb, owner text, owner_key text) RETURNS uuid[]
    LANGUAGE plpgsql STABLE AS $$
DECLARE
    place uuid[];
BEGIN
    IF owner = '' THEN
        RETURN ARRAY[written ->> 'city_id', written ->> 'county_id', written ->> 'school_id'];
    ELSIF owner = 'teacher' THEN  -- by far the most, and a plan that is kept
        SELECT ARRAY[city_id, county_id, school_id] INTO place
        FROM teacher WHERE id = (written ->> owner_key)::uuid;
    ELSE
        EXECUTE format('SELECT ARRAY[city_id, county_id, school_id] FROM %I WHERE id = $1', owner)
            INTO place USING (written ->> owner_key)::uuid;
    END IF;
    RETURN place;
END
$$
"""
RECORD_CHANGES = """
CREATE FUNCTION record_changes() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    keys text[] := TG_ARGV[0];
    hidden text[] := TG_ARGV[1];
    derived text[] := TG_ARGV[2];
    versions text[] := ARRAY['change_transaction', 'change_sequence'];
BEGIN
    -- A statement that meets no row is common: each key of place that a teacher takes along is one.
    IF TG_OP = 'UPDATE' THEN
        IF NOT EXISTS (SELECT FROM added) THEN
            RETURN NULL;
        END IF;
        WITH old AS MATERIALIZED (
            SELECT array_to_string(ARRAY(SELECT was ->> name FROM unnest(keys) AS name), '/') AS key,
                was
            FROM (SELECT to_jsonb(removed) AS was FROM removed OFFSET 0) AS rows
        ), new AS MATERIALIZED (
            SELECT array_to_string(ARRAY(SELECT written ->> name FROM unnest(keys) AS name), '/')
                AS key, written
            FROM (SELECT to_jsonb(added) AS written FROM added OFFSET 0) AS rows
        ), changed AS MATERIALIZED (
            SELECT key, trail_place(written, TG_ARGV[3], TG_ARGV[4]) AS place,
                (SELECT jsonb_object_agg(name, was -> name)
                    FROM jsonb_object_keys(written - derived) AS name
                    WHERE was -> name <> written -> name) AS before,
                written
            FROM old JOIN new USING (key)
            WHERE was - derived <> written - derived
        )
        INSERT INTO audit_change
            (table_name, row_key, before, after, city_id, county_id, school_id)
        SELECT TG_TABLE_NAME, key, trail_values(before, hidden),
            trail_values(
                (SELECT jsonb_object_agg(name, written -> name)
                    FROM jsonb_object_keys(before) AS name),
                hidden
            ),
            place[1], place[2], place[3]
        FROM changed;
        RETURN NULL;
    END IF;
    IF TG_OP = 'INSERT' THEN
        WITH rows AS MATERIALIZED (
            SELECT written, trail_place(written, TG_ARGV[3], TG_ARGV[4]) AS place
            FROM (SELECT to_jsonb(added) - versions AS written FROM added OFFSET 0) AS rows
        )
        INSERT INTO audit_change (table_name, row_key, after, city_id, county_id, school_id)
        SELECT TG_TABLE_NAME,
            array_to_string(ARRAY(SELECT written ->> name FROM unnest(keys) AS name), '/'),
            CASE WHEN hidden = '{}' THEN written ELSE trail_values(written, hidden) END,
            place[1], place[2], place[3]
        FROM rows;
    ELSE
        WITH rows AS MATERIALIZED (
            SELECT written, trail_place(written, TG_ARGV[3], TG_ARGV[4]) AS place
            FROM (SELECT to_jsonb(removed) - versions AS written FROM removed OFFSET 0) AS rows
        )
        INSERT INTO audit_change (table_name, row_key, before, city_id, county_id, school_id)
        SELECT TG_TABLE_NAME,
            array_to_string(ARRAY(SELECT written ->> name FROM unnest(keys) AS name), '/'),
            CASE WHEN hidden = '{}' THEN written ELSE trail_values(written, hidden) END,
            place[1], place[2], place[3]
        FROM rows;
    END IF;
    RETURN NULL;
END
$$
"""
REFUSE_TO_CHANGE = """
CREATE FUNCTION refuse_to_change_the_trail() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit trail is append-only: % is refused', TG_OP
        USING ERRCODE = 'insufficient_privilege';
END
$$
"""
APPEND_ONLY = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_change_the_trail()
"""
SUMMING = tuple(
    f"{name}_on_{event}"
    for name in ("count_teachers", "sum_school_credit")
    for event in ("insert", "update", "delete")
)
"""Functions of earlier revisions that, too, write with the rights of the tables' owner."""
TRAIL = ("audit_act", "audit_change", "audit_link")


def upgrade() -> None:
    op.execute("CREATE SEQUENCE audit_sequence AS bigint CACHE 1")
    make_tables()
    for function in (TRAIL_VALUES, TRAIL_PLACE, RECORD_CHANGES, REFUSE_TO_CHANGE):
        op.execute(function)
    # Who could make a trigger of it on a table of their own could write whatever they like.
    for name in ("record_changes", *SUMMING):
        op.execute(f"REVOKE EXECUTE ON FUNCTION {name}() FROM PUBLIC")
    for table in TRAIL:
        op.execute(APPEND_ONLY.format(table=table))
    op.execute(f"GRANT USAGE ON SEQUENCE audit_sequence TO {application_role()}")
    grant("SELECT", *TRAIL)
    # When, in which transaction and in which order, the database says.
    given = (
        "id, account_id, on_behalf_of, client_id, operation, target_id, refusal, request_id,"
        " address, agent, since, changed_rows, city_id, county_id, school_id"
    )
    grant(f"INSERT ({given})", "audit_act")
    grant("INSERT (position, sequence, transaction, hash)", "audit_link")
    for table in sa.inspect(op.get_bind()).get_table_names():
        if table not in NOT_AUDITED:
            audited(table, hidden=HIDDEN.get(table, ()), insertions=table not in ONLY_CHANGED)


def make_tables() -> None:
    op.create_table(
        "audit_act",
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("on_behalf_of", sa.Uuid(), nullable=True),
        sa.Column("client_id", sa.Uuid(), nullable=True),
        sa.Column("operation", sa.String(length=60), nullable=False),
        sa.Column("target_id", sa.Uuid(), nullable=True),
        sa.Column("refusal", sa.String(length=60), nullable=True),
        sa.Column("request_id", sa.String(length=64), nullable=True),
        sa.Column("agent", sa.String(length=120), nullable=True),
        sa.Column("city_id", sa.Uuid(), nullable=True),
        sa.Column("county_id", sa.Uuid(), nullable=True),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "sequence",
            sa.BigInteger(),
            server_default=sa.text("nextval('audit_sequence')"),
            nullable=False,
        ),
        sa.Column(
            "transaction",
            sa.BigInteger(),
            server_default=sa.text("(pg_current_xact_id()::text::bigint)"),
            nullable=False,
        ),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column(
            "at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column("changed_rows", sa.Integer(), nullable=False),
        sa.Column("address", postgresql.INET(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_act")),
        sa.UniqueConstraint("sequence", name=op.f("uq_audit_act_sequence")),
    )
    for column in ("account_id", "target_id", "school_id", "county_id", "city_id"):
        op.create_index(op.f(f"ix_audit_act_{column}_id"), "audit_act", [column, "id"])
    op.create_index(
        op.f("ix_audit_act_transaction_sequence"), "audit_act", ["transaction", "sequence"]
    )
    op.create_index(
        "ix_audit_act_refused",
        "audit_act",
        ["account_id", "at"],
        postgresql_where=sa.text("refusal IS NOT NULL"),
    )
    op.create_table(
        "audit_change",
        sa.Column("table_name", sa.String(length=63), nullable=False),
        sa.Column("row_key", sa.String(length=200), nullable=False),
        sa.Column("before", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("after", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column(
            "id",
            sa.BigInteger(),
            server_default=sa.text("nextval('audit_sequence')"),
            nullable=False,
        ),
        sa.Column(
            "transaction",
            sa.BigInteger(),
            server_default=sa.text("(pg_current_xact_id()::text::bigint)"),
            nullable=False,
        ),
        sa.Column("city_id", sa.Uuid(), nullable=True),
        sa.Column("county_id", sa.Uuid(), nullable=True),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_change")),
    )
    op.create_index(op.f("ix_audit_change_transaction_id"), "audit_change", ["transaction", "id"])
    op.create_index(op.f("ix_audit_change_row_key_id"), "audit_change", ["row_key", "id"])
    op.create_table(
        "audit_link",
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("transaction", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column(
            "sealed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_audit_link")),
        sa.UniqueConstraint("sequence", name=op.f("uq_audit_link_sequence")),
    )


def downgrade() -> None:
    # The triggers on all tables go with the function that they run.
    op.execute("DROP FUNCTION record_changes() CASCADE")
    for name in SUMMING:
        op.execute(f"GRANT EXECUTE ON FUNCTION {name}() TO PUBLIC")
    for table in TRAIL:
        op.drop_table(table)
    op.execute("DROP FUNCTION refuse_to_change_the_trail()")
    op.execute("DROP FUNCTION trail_place(jsonb, text, text)")
    op.execute("DROP FUNCTION trail_values(jsonb, text[])")
    op.execute("DROP SEQUENCE audit_sequence")
