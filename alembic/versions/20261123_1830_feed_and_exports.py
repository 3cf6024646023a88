"""More kinds in the change feed; sets of many units, which its cursors name by their digest."""

import sqlalchemy as sa
from alembic import op

from app.database.migrations import audited, grant, version_changes

revision = "20261123_1830"
down_revision = "20261123_1820"
branch_labels = None
depends_on = None

KINDS_BEFORE = (
    "unit", "teacher", "group", "group_member", "activity", "attendance", "credit_entry"
)  # fmt: skip
KINDS = (*KINDS_BEFORE, "session", "enrolment", "claim", "certificate", "pack")
ADDED = "('session', 'enrolment', 'claim', 'certificate', 'pack')"
FORGET_DEPARTURES = "DELETE FROM departure WHERE kind IN"
FORGET_RETELLINGS = "DELETE FROM retelling WHERE kind IN"
VERSIONED = ("activity_session", "enrolment", "credit_claim", "certificate", "rule_pack")
MOVED = """(removed.city_id, removed.county_id, removed.school_id)
        IS DISTINCT FROM (added.city_id, added.county_id, added.school_id)"""
# A session may be removed where its activity has gone, and the activity come back: each is noted.
RETELL_SESSIONS = """
CREATE FUNCTION retell_sessions_of_moved() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO departure (kind, thing_id, left_city_id, left_county_id, left_school_id)
    SELECT 'session', s.id, removed.city_id, removed.county_id, removed.school_id
    FROM removed JOIN added USING (id) JOIN activity_session s ON s.activity_id = removed.id
    WHERE {moved}
    ORDER BY s.id;
    INSERT INTO retelling (kind, thing_id)
    SELECT 'session', s.id
    FROM removed JOIN added USING (id) JOIN activity_session s ON s.activity_id = removed.id
    WHERE {moved}
    ORDER BY s.id;
    RETURN NULL;
END
$$
"""
NOTE_REMOVED = """
CREATE FUNCTION note_removed_sessions() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO departure (kind, thing_id, left_city_id, left_county_id, left_school_id)
    SELECT 'session', removed.id, a.city_id, a.county_id, a.school_id
    FROM removed JOIN activity a ON a.id = removed.activity_id
    ORDER BY removed.id;
    RETURN NULL;
END
$$
"""
TRIGGERS = (
    ("activity", "update", "OLD TABLE AS removed NEW TABLE AS added", "retell_sessions_of_moved"),
    ("activity_session", "delete", "OLD TABLE AS removed", "note_removed_sessions"),
)


def upgrade() -> None:
    tell_of(KINDS)
    for table in VERSIONED:
        version(table)
    record_changes()
    for function in (RETELL_SESSIONS.format(moved=MOVED), NOTE_REMOVED):
        op.execute(function)
    for table, event, rows, function in TRIGGERS:
        # Who could make a trigger of it on a table of their own could make up what is told.
        op.execute(f"REVOKE EXECUTE ON FUNCTION {function}() FROM PUBLIC")
        op.execute(
            f"CREATE TRIGGER {function} AFTER {event} ON {table} REFERENCING {rows}"
            f" FOR EACH STATEMENT EXECUTE FUNCTION {function}()"
        )
    op.create_table(
        "unit_set",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("units", sa.ARRAY(sa.Uuid()), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_unit_set")),
    )
    grant("SELECT, INSERT", "unit_set")


def tell_of(kinds: tuple[str, ...]) -> None:
    among = ", ".join(f"'{kind}'" for kind in kinds)
    for table in ("departure", "retelling"):
        name = op.f(f"ck_{table}_change_kind")
        op.drop_constraint(name, table)
        op.create_check_constraint(name, table, f"kind IN ({among})")


def version(table: str) -> None:
    for name, default in (
        ("change_transaction", "(pg_current_xact_id()::text::bigint)"),
        ("change_sequence", "nextval('change_sequence')"),
    ):
        op.add_column(
            table, sa.Column(name, sa.BigInteger(), server_default=sa.text(default), nullable=False)
        )
    op.create_index(
        op.f(f"ix_{table}_change_transaction_change_sequence"),
        table,
        ["change_transaction", "change_sequence"],
    )
    version_changes(table)


def record_changes() -> None:
    audited("activity_session")
    audited("enrolment", insertions=False)
    audited("credit_claim")
    audited("certificate", hidden=("code",))
    audited("rule_pack", hidden=("document",))


def downgrade() -> None:
    op.drop_table("unit_set")
    for table, _, _, function in TRIGGERS:
        op.execute(f"DROP TRIGGER {function} ON {table}")
        op.execute(f"DROP FUNCTION {function}()")
    for table in VERSIONED:
        op.execute(f"DROP TRIGGER change_version ON {table}")
        op.drop_index(op.f(f"ix_{table}_change_transaction_change_sequence"), table_name=table)
        for name in ("change_sequence", "change_transaction"):
            op.drop_column(table, name)
    record_changes()
    op.execute(f"{FORGET_DEPARTURES} {ADDED}")
    op.execute(f"{FORGET_RETELLINGS} {ADDED}")
    tell_of(KINDS_BEFORE)
