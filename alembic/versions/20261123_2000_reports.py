"""Reports of units, and the least that their schools are to hold."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.database.migrations import audited, grant

revision = "20261123_2000"
down_revision = "20261123_1990"
branch_labels = None
depends_on = None

PLACED = "city_id, county_id, school_id"
WORDS = "title, sections, edited_at"
STATES = (
    "state, issued_at, issued_by, superseded_by_id, withdrawn_at, withdrawn_by, withdrawn_because"
)
_UNCHANGED = """
CREATE FUNCTION keep_report_unchanged() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the words of a report are changed while it is a draft' USING ERRCODE = 'check_violation';
END $$
"""
_KEEPING = """
CREATE TRIGGER keep_report_unchanged BEFORE UPDATE ON report FOR EACH ROW
    WHEN (OLD.state <> 'draft' AND (OLD.title, OLD.sections) IS DISTINCT FROM (NEW.title, NEW.sections))
    EXECUTE FUNCTION keep_report_unchanged()
"""
"""What was issued stays as it was issued; the figures stay by the grant below, in a draft as well."""


def upgrade() -> None:
    op.create_table(
        "activity_minimum",
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
        sa.Column("at_least", sa.Integer(), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("set_by", sa.Uuid(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("county_id"), "="),
            (sa.text("daterange(valid_from, valid_to)"), "&&"),
            where=sa.text("superseded_at IS NULL"),
            using="gist",
            name="ex_activity_minimum_holds_once",
        ),
        sa.CheckConstraint("at_least >= 1", name=op.f("ck_activity_minimum_at_least")),
        sa.CheckConstraint("months BETWEEN 1 AND 12", name=op.f("ck_activity_minimum_months")),
        sa.CheckConstraint(
            "school_id <> county_id", name=op.f("ck_activity_minimum_school_is_no_bureau")
        ),
        sa.CheckConstraint("school_id IS NULL", name=op.f("ck_activity_minimum_of_bureau")),
        sa.CheckConstraint(
            "valid_to > valid_from", name=op.f("ck_activity_minimum_ends_after_it_begins")
        ),
        sa.ForeignKeyConstraint(
            ["county_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_activity_minimum_county_id_city_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name=op.f("fk_activity_minimum_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["set_by"], ["account.id"], name=op.f("fk_activity_minimum_set_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_minimum")),
    )
    op.create_index(
        op.f("ix_activity_minimum_city_id_valid_from"),
        "activity_minimum",
        ["city_id", "valid_from"],
        unique=False,
    )
    op.create_index(
        op.f("ix_activity_minimum_county_id_valid_from"),
        "activity_minimum",
        ["county_id", "valid_from"],
        unique=False,
    )
    op.create_table(
        "report",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "unit_id",
            sa.Uuid(),
            sa.Computed("coalesce(school_id, county_id)", persisted=True),
            nullable=False,
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "school_year",
                "county_work",
                "city_year",
                name="report_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "issued",
                "superseded",
                "withdrawn",
                name="report_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("known_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("figures", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("inequality", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("comparison", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("sections", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("drafted_by", sa.Uuid(), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("issued_by", sa.Uuid(), nullable=True),
        sa.Column("superseded_by_id", sa.Uuid(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Uuid(), nullable=True),
        sa.Column("withdrawn_because", sa.String(length=500), nullable=True),
        sa.CheckConstraint(
            "(withdrawn_at IS NOT NULL) = (state = 'withdrawn')", name=op.f("ck_report_withdrawn")
        ),
        sa.CheckConstraint(
            "issued_at IS NOT NULL OR state IN ('draft', 'withdrawn')",
            name=op.f("ck_report_issued"),
        ),
        sa.CheckConstraint("issued_at IS NULL OR state <> 'draft'", name=op.f("ck_report_draft")),
        sa.CheckConstraint(
            "superseded_by_id IS NULL OR state IN ('superseded', 'withdrawn')",
            name=op.f("ck_report_superseded"),
        ),
        sa.CheckConstraint("as_of BETWEEN since AND until", name=op.f("ck_report_as_of")),
        sa.CheckConstraint(
            "num_nonnulls(issued_at, issued_by) IN (0, 2)", name=op.f("ck_report_issued_whole")
        ),
        sa.CheckConstraint(
            "num_nonnulls(withdrawn_at, withdrawn_by, withdrawn_because) IN (0, 3)",
            name=op.f("ck_report_withdrawn_whole"),
        ),
        sa.CheckConstraint("school_id <> county_id", name=op.f("ck_report_school_is_no_bureau")),
        sa.CheckConstraint("superseded_by_id <> id", name=op.f("ck_report_not_by_itself")),
        sa.CheckConstraint("until >= since", name=op.f("ck_report_ends_after_it_begins")),
        sa.ForeignKeyConstraint(
            ["county_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_report_county_id_city_id"),
        ),
        sa.ForeignKeyConstraint(["drafted_by"], ["account.id"], name=op.f("fk_report_drafted_by")),
        sa.ForeignKeyConstraint(["issued_by"], ["account.id"], name=op.f("fk_report_issued_by")),
        sa.ForeignKeyConstraint(
            ["school_id", "county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name=op.f("fk_report_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["superseded_by_id"], ["report.id"], name=op.f("fk_report_superseded_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["withdrawn_by"], ["account.id"], name=op.f("fk_report_withdrawn_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
    )
    op.create_index(
        op.f("ix_report_city_id_until_id"), "report", ["city_id", "until", "id"], unique=False
    )
    op.create_index(
        op.f("ix_report_county_id_until_id"), "report", ["county_id", "until", "id"], unique=False
    )
    op.create_index(
        op.f("ix_report_school_id_until_id"), "report", ["school_id", "until", "id"], unique=False
    )
    op.create_index(
        op.f("ix_report_unit_id_until_id"), "report", ["unit_id", "until", "id"], unique=False
    )
    op.create_index(
        "uq_report_draft",
        "report",
        ["unit_id", "since", "until"],
        unique=True,
        postgresql_where=sa.text("state = 'draft'"),
    )
    op.create_index(
        "uq_report_issued",
        "report",
        ["unit_id", "since", "until"],
        unique=True,
        postgresql_where=sa.text("state = 'issued'"),
    )
    op.execute(_UNCHANGED)
    op.execute(_KEEPING)
    grant("SELECT, INSERT, UPDATE (superseded_at)", "activity_minimum")
    grant(f"SELECT, INSERT, UPDATE ({WORDS}, {STATES}, {PLACED})", "report")
    audited("activity_minimum")
    audited("report")


def downgrade() -> None:
    op.drop_table("report")
    op.execute("DROP FUNCTION keep_report_unchanged()")
    op.drop_table("activity_minimum")
