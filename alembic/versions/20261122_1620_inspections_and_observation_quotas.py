"""Observation quotas, inspections of groups."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.database.migrations import audited, grant

revision = "20261122_1620"
down_revision = "20261122_1610"
branch_labels = None
depends_on = None

DECIDED = "answer, answered_at, answered_by, conclusion, closed_at, closed_by"


def upgrade() -> None:
    make_observation_quota()
    make_group_inspection()
    grant("SELECT, INSERT, UPDATE (superseded_at)", "observation_quota")
    # What was found is written once: it is answered and closed, and goes with its group.
    grant(f"SELECT, INSERT, UPDATE ({DECIDED}, county_id, school_id)", "group_inspection")
    grant("UPDATE (county_id, school_id)", "plan")
    audited("observation_quota")
    audited("group_inspection")


def make_observation_quota() -> None:
    op.create_table(
        "observation_quota",
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
            "role",
            sa.Enum(
                "principal",
                "vice_principal",
                "director",
                "new_teacher",
                "backbone",
                "teacher",
                name="observer_role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "term",
            sa.Enum(
                "semester",
                "year",
                name="observation_term",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("lessons", sa.SmallInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.text("coalesce(school_id, county_id)"), "="),
            (sa.column("role"), "="),
            (sa.column("term"), "="),
            (sa.text("daterange(valid_from, valid_to)"), "&&"),
            where=sa.text("superseded_at IS NULL"),
            using="gist",
            name="ex_observation_quota_holds_once",
        ),
        sa.CheckConstraint("lessons BETWEEN 1 AND 400", name=op.f("ck_observation_quota_lessons")),
        sa.CheckConstraint(
            "school_id <> county_id", name=op.f("ck_observation_quota_school_is_no_bureau")
        ),
        sa.CheckConstraint(
            "valid_to > valid_from", name=op.f("ck_observation_quota_ends_after_it_begins")
        ),
        sa.ForeignKeyConstraint(
            ["county_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_observation_quota_county_id_city_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name=op.f("fk_observation_quota_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_observation_quota")),
    )
    op.create_index(
        op.f("ix_observation_quota_city_id_valid_from_id"),
        "observation_quota",
        ["city_id", "valid_from", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_observation_quota_county_id_valid_from_id"),
        "observation_quota",
        ["county_id", "valid_from", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_observation_quota_school_id_valid_from_id"),
        "observation_quota",
        ["school_id", "valid_from", "id"],
        unique=False,
    )
    op.create_index(
        "ix_observation_quota_unit",
        "observation_quota",
        [sa.literal_column("coalesce(school_id, county_id)")],
        unique=False,
        postgresql_where=sa.text("superseded_at IS NULL"),
    )


def make_group_inspection() -> None:
    op.create_table(
        "group_inspection",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("inspected_on", sa.Date(), nullable=False),
        sa.Column("inspectors", sa.String(length=200), nullable=False),
        sa.Column(
            "plans",
            sa.Enum(
                "excellent",
                "good",
                "qualified",
                "unqualified",
                name="inspection_mark_plans",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column(
            "records",
            sa.Enum(
                "excellent",
                "good",
                "qualified",
                "unqualified",
                name="inspection_mark_records",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column(
            "notes",
            sa.Enum(
                "excellent",
                "good",
                "qualified",
                "unqualified",
                name="inspection_mark_notes",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column(
            "attendance",
            sa.Enum(
                "excellent",
                "good",
                "qualified",
                "unqualified",
                name="inspection_mark_attendance",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column(
            "effect",
            sa.Enum(
                "excellent",
                "good",
                "qualified",
                "unqualified",
                name="inspection_mark_effect",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("findings", sa.String(length=5000), nullable=False),
        sa.Column("suggestions", sa.String(length=2000), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column(
            "unit_id",
            sa.Uuid(),
            sa.Computed("coalesce(school_id, county_id)", persisted=True),
            nullable=False,
        ),
        sa.Column("by_unit_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(length=5000), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("conclusion", sa.String(length=2000), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "conclusion IS NULL OR closed_at IS NOT NULL",
            name=op.f("ck_group_inspection_conclusion"),
        ),
        sa.CheckConstraint(
            "due_on >= inspected_on", name=op.f("ck_group_inspection_due_afterwards")
        ),
        sa.CheckConstraint(
            "due_on IS NULL OR suggestions IS NOT NULL", name=op.f("ck_group_inspection_due")
        ),
        sa.CheckConstraint(
            "num_nonnulls(answer, answered_at, answered_by) IN (0, 3)",
            name=op.f("ck_group_inspection_answer"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(closed_at, closed_by) IN (0, 2)", name=op.f("ck_group_inspection_closing")
        ),
        sa.CheckConstraint(
            "num_nonnulls(plans, records, notes, attendance, effect) > 0",
            name=op.f("ck_group_inspection_looks_at_something"),
        ),
        sa.CheckConstraint(
            "school_id <> county_id", name=op.f("ck_group_inspection_school_is_no_bureau")
        ),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["account.id"], name=op.f("fk_group_inspection_answered_by")
        ),
        sa.ForeignKeyConstraint(
            ["by_unit_id"], ["unit.id"], name=op.f("fk_group_inspection_by_unit_id")
        ),
        sa.ForeignKeyConstraint(
            ["closed_by"], ["account.id"], name=op.f("fk_group_inspection_closed_by")
        ),
        sa.ForeignKeyConstraint(
            ["county_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_group_inspection_county_id_city_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "unit_id"],
            ["research_group.id", "research_group.unit_id"],
            name=op.f("fk_group_inspection_group_id_unit_id"),
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["account.id"], name=op.f("fk_group_inspection_recorded_by")
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name=op.f("fk_group_inspection_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_inspection")),
    )
    op.create_index(
        op.f("ix_group_inspection_by_unit_id_id"),
        "group_inspection",
        ["by_unit_id", "id"],
        unique=False,
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index(
        op.f("ix_group_inspection_city_id_inspected_on_id"),
        "group_inspection",
        ["city_id", "inspected_on", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_group_inspection_county_id_inspected_on_id"),
        "group_inspection",
        ["county_id", "inspected_on", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_group_inspection_group_id_inspected_on_id"),
        "group_inspection",
        ["group_id", "inspected_on", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_group_inspection_school_id_inspected_on_id"),
        "group_inspection",
        ["school_id", "inspected_on", "id"],
        unique=False,
    )


def downgrade() -> None:
    op.drop_index(
        op.f("ix_group_inspection_school_id_inspected_on_id"), table_name="group_inspection"
    )
    op.drop_index(
        op.f("ix_group_inspection_group_id_inspected_on_id"), table_name="group_inspection"
    )
    op.drop_index(
        op.f("ix_group_inspection_county_id_inspected_on_id"), table_name="group_inspection"
    )
    op.drop_index(
        op.f("ix_group_inspection_city_id_inspected_on_id"), table_name="group_inspection"
    )
    op.drop_index(
        op.f("ix_group_inspection_by_unit_id_id"),
        table_name="group_inspection",
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.drop_table("group_inspection")
    op.drop_index(
        "ix_observation_quota_unit",
        table_name="observation_quota",
        postgresql_where=sa.text("superseded_at IS NULL"),
    )
    op.drop_index(
        op.f("ix_observation_quota_school_id_valid_from_id"), table_name="observation_quota"
    )
    op.drop_index(
        op.f("ix_observation_quota_county_id_valid_from_id"), table_name="observation_quota"
    )
    op.drop_index(
        op.f("ix_observation_quota_city_id_valid_from_id"), table_name="observation_quota"
    )
    op.drop_table("observation_quota")
