"""Credits: rule packs, the ledger with its chains, standings and the sums of schools."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.database.migrations import grant

revision = "20261122_1200"
down_revision = "20261122_1100"
branch_labels = None
depends_on = None

REFUSE_TO_CHANGE = """
CREATE FUNCTION refuse_to_change_the_ledger() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is append-only: % is refused', TG_OP
        USING ERRCODE = 'insufficient_privilege';
END
$$
"""
APPEND_ONLY = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON credit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_change_the_ledger()
"""

SUM_SCHOOL_CREDIT = """
CREATE FUNCTION sum_school_credit_on_{event}() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO school_credit AS held
    SELECT school_id, pack_id, pack_version, cycle_start, cycle_end, sum(sign),
        sum(sign * entries), sum(sign * earned_hours), sum(sign * earned_credits),
        sum(sign * counted_hours), sum(sign * counted_credits),
        coalesce(sum(sign) FILTER (WHERE verdict = 'met'), 0)
    FROM ({changes}) AS change
    GROUP BY school_id, pack_id, pack_version, cycle_start, cycle_end
    -- In one order everywhere, so that no two writers wait for each other in a circle.
    ORDER BY school_id, pack_id, pack_version, cycle_start
    ON CONFLICT (school_id, pack_id, pack_version, cycle_start) DO UPDATE SET
        teachers = held.teachers + excluded.teachers,
        entries = held.entries + excluded.entries,
        earned_hours = held.earned_hours + excluded.earned_hours,
        earned_credits = held.earned_credits + excluded.earned_credits,
        counted_hours = held.counted_hours + excluded.counted_hours,
        counted_credits = held.counted_credits + excluded.counted_credits,
        met = held.met + excluded.met;
    RETURN NULL;
END
$$
"""
SUMMED = """
CREATE TRIGGER sum_school_credit_on_{event} AFTER {event} ON standing REFERENCING {tables}
    FOR EACH STATEMENT EXECUTE FUNCTION sum_school_credit_on_{event}()
"""
ADDED = ("NEW TABLE AS added", "SELECT 1 AS sign, * FROM added")
REMOVED = ("OLD TABLE AS removed", "SELECT -1 AS sign, * FROM removed")
CHANGES = {"insert": (ADDED,), "update": (REMOVED, ADDED), "delete": (REMOVED,)}


def keep_school_credit() -> None:
    """Whoever comes, changes or moves, the sums of the schools follow in the same transaction."""
    for event, changes in CHANGES.items():
        rows = " UNION ALL ".join(rows for _, rows in changes)
        tables = " ".join(table for table, _ in changes)
        op.execute(SUM_SCHOOL_CREDIT.format(event=event, changes=rows))
        op.execute(SUMMED.format(event=event, tables=tables))


def upgrade() -> None:
    op.create_table(
        "school_credit",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("pack_id", sa.String(length=80), nullable=False),
        sa.Column("pack_version", sa.Integer(), nullable=False),
        sa.Column("cycle_start", sa.Date(), nullable=False),
        sa.Column("cycle_end", sa.Date(), nullable=False),
        sa.Column("teachers", sa.Integer(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("earned_hours", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("earned_credits", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("counted_hours", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("counted_credits", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("met", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id"], ["unit.id"], name=op.f("fk_school_credit_school_id")
        ),
        sa.PrimaryKeyConstraint(
            "school_id", "pack_id", "pack_version", "cycle_start", name=op.f("pk_school_credit")
        ),
    )
    op.create_table(
        "credit_chain",
        sa.Column("teacher_id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["teacher_id"], ["teacher.id"], name=op.f("fk_credit_chain_teacher_id")
        ),
        sa.PrimaryKeyConstraint("teacher_id", name=op.f("pk_credit_chain")),
    )
    op.create_table(
        "standing",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("teacher_id", sa.Uuid(), nullable=False),
        sa.Column("pack_id", sa.String(length=80), nullable=False),
        sa.Column("pack_version", sa.Integer(), nullable=False),
        sa.Column("cycle_start", sa.Date(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("cycle_end", sa.Date(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("earned_hours", sa.Numeric(precision=8, scale=2), nullable=False),
        sa.Column("earned_credits", sa.Numeric(precision=8, scale=2), nullable=False),
        sa.Column("counted_hours", sa.Numeric(precision=8, scale=2), nullable=False),
        sa.Column("counted_credits", sa.Numeric(precision=8, scale=2), nullable=False),
        sa.Column(
            "verdict",
            sa.Enum(
                "met",
                "open",
                "missed",
                "undecided",
                "waived",
                name="verdict",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("verdict_until", sa.Date(), nullable=True),
        sa.Column("missing", sa.Numeric(precision=8, scale=2), nullable=False),
        sa.Column("state", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("facts_version", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["teacher_id", "school_id", "county_id", "city_id"],
            ["teacher.id", "teacher.school_id", "teacher.county_id", "teacher.city_id"],
            name=op.f("fk_standing_teacher_id_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "teacher_id", "pack_id", "pack_version", "cycle_start", name=op.f("pk_standing")
        ),
    )
    op.create_index(
        op.f("ix_standing_school_id_verdict"), "standing", ["school_id", "verdict"], unique=False
    )
    op.create_table(
        "credit_entry",
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
        sa.Column("teacher_id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "earn",
                "convert",
                "offset",
                "exempt",
                "reverse",
                "transfer_in",
                name="entry_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("source_kind", sa.String(length=40), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("reverses_id", sa.Uuid(), nullable=True),
        sa.Column("earned_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hours", sa.Numeric(precision=8, scale=2), nullable=False),
        sa.Column("credits", sa.Numeric(precision=8, scale=2), nullable=False),
        sa.Column("level", sa.String(length=40), nullable=True),
        sa.Column("activity_kind", sa.String(length=40), nullable=True),
        sa.Column("mode", sa.String(length=40), nullable=True),
        sa.Column("role", sa.String(length=40), nullable=True),
        sa.Column("channel", sa.String(length=40), nullable=True),
        sa.Column("content", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("awarded_rank", sa.String(length=40), nullable=True),
        sa.Column("awarded_posts", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("awarded_school_id", sa.Uuid(), nullable=True),
        sa.Column("awarded_county_id", sa.Uuid(), nullable=True),
        sa.Column("pack_id", sa.String(length=80), nullable=True),
        sa.Column("pack_version", sa.Integer(), nullable=True),
        sa.Column("rule_id", sa.String(length=80), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("previous_hash", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'reverse') = (reverses_id IS NOT NULL)",
            name=op.f("ck_credit_entry_names_what_it_is"),
        ),
        sa.CheckConstraint(
            "CASE kind WHEN 'reverse' THEN hours <= 0 AND credits <= 0 ELSE hours >= 0 AND credits >= 0 END",
            name=op.f("ck_credit_entry_only_reversals_are_negative"),
        ),
        sa.CheckConstraint(
            "length(hash) = 32 AND length(previous_hash) = 32", name=op.f("ck_credit_entry_hashes")
        ),
        sa.CheckConstraint(
            "sequence >= 1 AND attempt >= 1", name=op.f("ck_credit_entry_counted_from_one")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["account.id"], name=op.f("fk_credit_entry_recorded_by")
        ),
        sa.ForeignKeyConstraint(
            ["reverses_id"], ["credit_entry.id"], name=op.f("fk_credit_entry_reverses_id")
        ),
        sa.ForeignKeyConstraint(
            ["teacher_id"], ["teacher.id"], name=op.f("fk_credit_entry_teacher_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_entry")),
        sa.UniqueConstraint(
            "city_id",
            "teacher_id",
            "source_kind",
            "source_id",
            "attempt",
            name="uq_credit_entry_source",
        ),
        sa.UniqueConstraint(
            "teacher_id", "sequence", name=op.f("uq_credit_entry_teacher_id_sequence")
        ),
    )
    op.create_index(
        op.f("ix_credit_entry_change_transaction_change_sequence"),
        "credit_entry",
        ["change_transaction", "change_sequence"],
        unique=False,
    )
    op.create_index(
        "uq_credit_entry_reverses_id",
        "credit_entry",
        ["reverses_id"],
        unique=True,
        postgresql_where=sa.text("reverses_id IS NOT NULL"),
    )
    op.create_table(
        "rule_pack",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("pack_id", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title_zh", sa.String(length=2000), nullable=False),
        sa.Column("title_en", sa.String(length=2000), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("effective_to", sa.Date(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("document", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("published_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "effective_to >= effective_from", name=op.f("ck_rule_pack_ends_after_it_begins")
        ),
        sa.CheckConstraint("school_id <> county_id", name=op.f("ck_rule_pack_school_is_no_bureau")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_rule_pack_version_from_one")),
        sa.ForeignKeyConstraint(
            ["county_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_rule_pack_county_id_city_id"),
        ),
        sa.ForeignKeyConstraint(
            ["published_by"], ["account.id"], name=op.f("fk_rule_pack_published_by")
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name=op.f("fk_rule_pack_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_rule_pack_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_pack")),
        sa.UniqueConstraint(
            "city_id", "pack_id", "version", name=op.f("uq_rule_pack_city_id_pack_id_version")
        ),
    )
    op.create_index(
        op.f("ix_rule_pack_unit_id_effective_from_id"),
        "rule_pack",
        ["unit_id", "effective_from", "id"],
        unique=False,
    )
    op.execute(REFUSE_TO_CHANGE)
    op.execute(APPEND_ONLY)
    keep_school_credit()
    grant("SELECT, INSERT", "rule_pack", "credit_entry")
    grant("SELECT, INSERT, UPDATE", "credit_chain", "standing")
    grant("SELECT", "school_credit")


def downgrade() -> None:
    op.drop_index(op.f("ix_rule_pack_unit_id_effective_from_id"), table_name="rule_pack")
    op.drop_table("rule_pack")
    op.drop_index(
        "uq_credit_entry_reverses_id",
        table_name="credit_entry",
        postgresql_where=sa.text("reverses_id IS NOT NULL"),
    )
    op.drop_index(
        op.f("ix_credit_entry_change_transaction_change_sequence"), table_name="credit_entry"
    )
    op.drop_table("credit_entry")
    op.drop_index(op.f("ix_standing_school_id_verdict"), table_name="standing")
    op.drop_table("standing")
    op.drop_table("credit_chain")
    op.drop_table("school_credit")
    op.execute("DROP FUNCTION refuse_to_change_the_ledger()")
    for event in CHANGES:
        op.execute(f"DROP FUNCTION sum_school_credit_on_{event}()")
