"""Stated figures, the answers that they were given, and the rows behind these."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.database.migrations import audited, grant

revision = "20261123_2010"
down_revision = "20261123_2000"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "stated_figure",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column(
            "source",
            sa.Enum(
                "report",
                "provincial_file",
                "form",
                "plan",
                "document",
                "other",
                name="figure_source",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("document", sa.String(length=200), nullable=False),
        sa.Column("place", sa.String(length=100), nullable=False),
        sa.Column(
            "comparison",
            sa.Enum(
                "count",
                "parts",
                "share",
                "joint_shares",
                "within",
                "date_order",
                "one_value",
                "numbering",
                "names",
                "text",
                "term",
                "rules",
                "remark",
                name="figure_comparison",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "counts",
            sa.Enum(
                "schools",
                "designated_schools",
                "teachers",
                "established_teachers",
                "trained_persons",
                "trained_person_times",
                "training_sessions",
                "title_holders",
                "demonstrators",
                name="figure_count",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("measure", sa.String(length=40), nullable=True),
        sa.Column(
            "level",
            sa.Enum(
                "national",
                "provincial",
                "city",
                "county",
                "school",
                name="honour_level",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "unit_id",
            sa.Uuid(),
            sa.Computed("coalesce(school_id, county_id)", persisted=True),
            nullable=False,
        ),
        sa.Column("quote", sa.String(length=4000), nullable=False),
        sa.Column("cleaned", sa.String(length=4000), nullable=False),
        sa.Column("stated", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "agreed",
                "open",
                "explained",
                "closed",
                name="figure_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "verdict",
            sa.Enum(
                "agrees",
                "differs",
                "cannot_both_hold",
                "cannot_be_decided",
                "text_damaged",
                "undefined_term",
                "for_people",
                name="figure_verdict",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("stated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stated_by", sa.Uuid(), nullable=False),
        sa.Column("explanation", sa.String(length=2000), nullable=True),
        sa.Column("explained_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("explained_by", sa.Uuid(), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "explained",
                "document_corrected",
                "register_corrected",
                "misquoted",
                "unresolved",
                name="figure_outcome",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("conclusion", sa.String(length=2000), nullable=True),
        sa.Column("concluded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("concluded_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(concluded_at IS NULL) = (state <> 'closed')", name=op.f("ck_stated_figure_closed")
        ),
        sa.CheckConstraint(
            "explained_at IS NOT NULL OR state <> 'explained'",
            name=op.f("ck_stated_figure_explained"),
        ),
        sa.CheckConstraint("jsonb_typeof(stated) = 'array'", name=op.f("ck_stated_figure_stated")),
        sa.CheckConstraint(
            "concluded_by <> explained_by", name=op.f("ck_stated_figure_concluded_by_another")
        ),
        sa.CheckConstraint(
            "num_nonnulls(counts, measure) <= 1", name=op.f("ck_stated_figure_one_register")
        ),
        sa.CheckConstraint(
            "num_nonnulls(explanation, explained_at, explained_by) IN (0, 3)",
            name=op.f("ck_stated_figure_explanation"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(outcome, conclusion, concluded_at, concluded_by) IN (0, 4)",
            name=op.f("ck_stated_figure_conclusion"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(since, until) IN (0, 2)", name=op.f("ck_stated_figure_whole_period")
        ),
        sa.CheckConstraint(
            "school_id <> county_id", name=op.f("ck_stated_figure_school_is_no_bureau")
        ),
        sa.CheckConstraint("until >= since", name=op.f("ck_stated_figure_period")),
        sa.ForeignKeyConstraint(
            ["concluded_by"], ["account.id"], name=op.f("fk_stated_figure_concluded_by")
        ),
        sa.ForeignKeyConstraint(
            ["county_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_stated_figure_county_id_city_id"),
        ),
        sa.ForeignKeyConstraint(
            ["explained_by"], ["account.id"], name=op.f("fk_stated_figure_explained_by")
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name=op.f("fk_stated_figure_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["stated_by"], ["account.id"], name=op.f("fk_stated_figure_stated_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stated_figure")),
    )
    op.create_index(
        op.f("ix_stated_figure_city_id_id"), "stated_figure", ["city_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_stated_figure_county_id_id"), "stated_figure", ["county_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_stated_figure_school_id_id"), "stated_figure", ["school_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_stated_figure_unit_id_id"), "stated_figure", ["unit_id", "id"], unique=False
    )
    op.create_table(
        "figure_check",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("figure_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "verdict",
            sa.Enum(
                "agrees",
                "differs",
                "cannot_both_hold",
                "cannot_be_decided",
                "text_damaged",
                "undefined_term",
                "for_people",
                name="figure_verdict",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reasons", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("lines", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("difference", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("numerator", sa.Integer(), nullable=True),
        sa.Column("denominator", sa.Integer(), nullable=True),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checked_by", sa.Uuid(), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_figure_check_number")),
        sa.ForeignKeyConstraint(
            ["checked_by"], ["account.id"], name=op.f("fk_figure_check_checked_by")
        ),
        sa.ForeignKeyConstraint(
            ["figure_id"], ["stated_figure.id"], name=op.f("fk_figure_check_figure_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figure_check")),
        sa.UniqueConstraint("figure_id", "number", name=op.f("uq_figure_check_figure_id_number")),
    )
    op.create_table(
        "figure_check_row",
        sa.Column("check_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("numerator", sa.Integer(), nullable=False),
        sa.Column("denominator", sa.Integer(), nullable=True),
        sa.Column("own", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["check_id"], ["figure_check.id"], name=op.f("fk_figure_check_row_check_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_figure_check_row_unit_id")),
        sa.PrimaryKeyConstraint("check_id", "unit_id", name=op.f("pk_figure_check_row")),
    )
    explained = "explanation, explained_at, explained_by"
    concluded = "outcome, conclusion, concluded_at, concluded_by"
    place = "city_id, county_id, school_id"
    grant(
        f"SELECT, INSERT, UPDATE (state, verdict, {explained}, {concluded}, {place})",
        "stated_figure",
    )
    grant("SELECT, INSERT", "figure_check", "figure_check_row")
    audited("stated_figure")
    audited("figure_check")


def downgrade() -> None:
    op.drop_table("figure_check_row")
    op.drop_table("figure_check")
    op.drop_table("stated_figure")
