"""The feed tells of learning and of quality, and of a membership that ends while its group moves."""

import sqlalchemy as sa
from alembic import op

from app.database.migrations import audited, version_changes

revision = "20261123_2070"
down_revision = "20261123_2050"
branch_labels = None
depends_on = None

KINDS_BEFORE = (
    "unit", "teacher", "group", "group_member", "activity", "attendance", "credit_entry", "session",
    "enrolment", "claim", "certificate", "pack",
)  # fmt: skip
ADDED = (
    "staff", "course", "course_run", "course_class", "choice", "course_completion", "trainer",
    "mentorship", "mentor", "topic", "topic_member", "output", "resource", "official_document",
    "regulation", "campaign", "unit_evaluation", "indicator_sheet",
)  # fmt: skip
VERSIONED = (
    "activity_staff", "course", "course_run", "course_class", "choice", "course_completion",
    "trainer", "mentorship", "mentor", "topic", "topic_member", "research_output", "resource",
    "official_document", "regulation", "campaign", "unit_evaluation", "indicator_sheet",
)  # fmt: skip
PLACED = {
    "course": "course",
    "course_run": "course_run",
    "trainer": "trainer",
    "topic": "topic",
    "research_output": "output",
    "resource": "resource",
    "official_document": "official_document",
    "regulation": "regulation",
    "campaign": "campaign",
    "unit_evaluation": "unit_evaluation",
}
"""Tables whose rows leave a place by themselves, and the kinds that they are to the feed."""
PARTS = (
    ("activity", "staff", "activity_staff", "activity_id"),
    ("course_run", "course_class", "course_class", "run_id"),
    ("mentorship", "mentor", "mentor", "mentorship_id"),
    ("topic", "topic_member", "topic_member", "topic_id"),
)
"""What lies in something else has no place of its own, and no version that a move would raise."""
REMOVED = (
    ("activity_staff", "staff", "activity", "activity_id"),
    ("topic_member", "topic_member", "topic", "topic_id"),
    ("group_member", "group_member", "research_group", "group_id"),
)
SHOWN_WITH = (
    ("course_audience", "course", "course_id"),
    ("output_author", "output", "output_id"),
)
"""What is shown with something else: a change of it alone is a change of that."""
MOVED = """(removed.city_id, removed.county_id, removed.school_id)
        IS DISTINCT FROM (added.city_id, added.county_id, added.school_id)"""
# A part may be removed where its owner has gone, and the owner come back: so each is noted by itself.
RETELL_PARTS = """
CREATE FUNCTION retell_parts_of_moved() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    parts text := format(
        'FROM removed JOIN added USING (id) JOIN %I p ON p.%I = removed.id WHERE {moved} ORDER BY p.id',
        TG_ARGV[1], TG_ARGV[2]
    );
BEGIN
    EXECUTE format(
        'INSERT INTO departure (kind, thing_id, left_city_id, left_county_id, left_school_id)'
        ' SELECT %L, p.id, removed.city_id, removed.county_id, removed.school_id ', TG_ARGV[0]
    ) || parts;
    EXECUTE format('INSERT INTO retelling (kind, thing_id) SELECT %L, p.id ', TG_ARGV[0]) || parts;
    RETURN NULL;
END
$$
"""
# The owner is held, so that it does not move meanwhile: where it lies is told by whoever commits last.
NOTE_REMOVED = """
CREATE FUNCTION note_removed_parts() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    EXECUTE format(
        'SELECT FROM %I WHERE id IN (SELECT %I FROM removed) ORDER BY id FOR SHARE',
        TG_ARGV[1], TG_ARGV[2]
    );
    EXECUTE format(
        'INSERT INTO departure (kind, thing_id, left_city_id, left_county_id, left_school_id)'
        ' SELECT %L, removed.id, o.city_id, o.county_id, o.school_id'
        ' FROM removed JOIN %I o ON o.id = removed.%I ORDER BY removed.id',
        TG_ARGV[0], TG_ARGV[1], TG_ARGV[2]
    );
    RETURN NULL;
END
$$
"""
RETELL_OWNERS = """
CREATE FUNCTION retell_owners() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    EXECUTE format(
        'INSERT INTO retelling (kind, thing_id)'
        ' SELECT %L, owner FROM (SELECT DISTINCT %I AS owner FROM changed) o ORDER BY owner',
        TG_ARGV[0], TG_ARGV[1]
    );
    RETURN NULL;
END
$$
"""
NOTE_REMOVED_GROUPS = """
CREATE FUNCTION note_removed_groups() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO departure (kind, thing_id, left_city_id, left_county_id, left_school_id)
    SELECT 'group', id, city_id, county_id, school_id FROM removed ORDER BY id;
    RETURN NULL;
END
$$
"""
FUNCTIONS = {
    "retell_parts_of_moved": RETELL_PARTS.format(moved=MOVED),
    "note_removed_parts": NOTE_REMOVED,
    "retell_owners": RETELL_OWNERS,
    "note_removed_groups": NOTE_REMOVED_GROUPS,
}
ROWS = {
    "insert": "NEW TABLE AS changed",
    "update": "NEW TABLE AS changed",
    "delete": "OLD TABLE AS changed",
}
# Where the group lies is told by whoever commits last: it is held, so that it does not move meanwhile.
# Read as it stood before a move that was not committed, the note went to those whom it had left, and
# readers of its new place kept the membership for ever.
NOTE_DISBELIEVED = """
CREATE OR REPLACE FUNCTION note_disbelieved_members() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    {hold}
    INSERT INTO departure (kind, thing_id, left_city_id, left_county_id, left_school_id)
    SELECT 'group_member', added.id, g.city_id, g.county_id, g.school_id
    FROM removed JOIN added USING (id) JOIN research_group g ON g.id = added.group_id
    WHERE removed.superseded_at IS NULL AND added.superseded_at IS NOT NULL
    ORDER BY added.id;
    RETURN NULL;
END
$$
"""
HOLD = """
    PERFORM FROM research_group
    WHERE id IN (
        SELECT added.group_id FROM removed JOIN added USING (id)
        WHERE removed.superseded_at IS NULL AND added.superseded_at IS NOT NULL
    )
    ORDER BY id FOR SHARE;
"""


def triggers() -> list[tuple[str, str, str, str, str]]:
    """Name, event, table, what of the change is seen, and the function with its arguments."""
    both = "OLD TABLE AS removed NEW TABLE AS added"
    made = [
        ("note_departures", "UPDATE", table, both, f"note_departures('{kind}')")
        for table, kind in PLACED.items()
    ]
    made += [
        (f"retell_{part}_of_moved", "UPDATE", owner, both,
         f"retell_parts_of_moved('{kind}', '{part}', '{key}')")
        for owner, kind, part, key in PARTS
    ]  # fmt: skip
    made += [
        ("note_removed_parts", "DELETE", part, "OLD TABLE AS removed",
         f"note_removed_parts('{kind}', '{owner}', '{key}')")
        for part, kind, owner, key in REMOVED
    ]  # fmt: skip
    made += [
        (
            f"retell_owners_on_{event}",
            event.upper(),
            table,
            rows,
            f"retell_owners('{kind}', '{key}')",
        )
        for table, kind, key in SHOWN_WITH
        for event, rows in ROWS.items()
    ]
    return [
        *made,
        ("note_removed_groups", "DELETE", "research_group", "OLD TABLE AS removed",
         "note_removed_groups()"),
    ]  # fmt: skip


def upgrade() -> None:
    tell_of((*KINDS_BEFORE, *ADDED))
    for table in VERSIONED:
        version(table)
        audited(table)
    for name, function in FUNCTIONS.items():
        op.execute(function)
        # Who could make a trigger of it on a table of their own could make up what is told.
        op.execute(f"REVOKE EXECUTE ON FUNCTION {name}() FROM PUBLIC")
    for name, event, table, rows, function in triggers():
        op.execute(
            f"CREATE TRIGGER {name} AFTER {event} ON {table} REFERENCING {rows}"
            f" FOR EACH STATEMENT EXECUTE FUNCTION {function}"
        )
    op.execute(NOTE_DISBELIEVED.format(hold=HOLD))


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


def downgrade() -> None:
    op.execute(NOTE_DISBELIEVED.format(hold=""))
    for name, _, table, _, _ in triggers():
        op.execute(f"DROP TRIGGER {name} ON {table}")
    for name in FUNCTIONS:
        op.execute(f"DROP FUNCTION {name}()")
    for table in VERSIONED:
        op.execute(f"DROP TRIGGER change_version ON {table}")
        op.drop_index(op.f(f"ix_{table}_change_transaction_change_sequence"), table_name=table)
        for name in ("change_sequence", "change_transaction"):
            op.drop_column(table, name)
        audited(table)
    among = ", ".join(f"'{kind}'" for kind in ADDED)
    for forget in ("DELETE FROM departure WHERE kind IN", "DELETE FROM retelling WHERE kind IN"):
        op.execute(f"{forget} ({among})")
    tell_of(KINDS_BEFORE)
