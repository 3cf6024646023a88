"""Checklists of schools, and what is ticked by hand."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.database.migrations import audited, grant, moved_with_person, not_moved_with_person

revision = "20261123_1990"
down_revision = "20261123_1980"
branch_labels = None
depends_on = None

MOVED = ("checklist_tick.teacher_id",)
PLACED = "city_id, county_id, school_id"


def upgrade() -> None:
    op.create_table(
        "checklist",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column(
            "term",
            sa.Enum(
                "year",
                "semester",
                name="assessment_term",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "stratum",
            sa.Enum(
                "established",
                "in_service",
                "new_teacher",
                "young_teacher",
                "mature_teacher",
                "junior_or_middle_rank",
                "senior_rank",
                "class_head",
                "shortage_subject",
                "backbone_teacher",
                "leading_teacher",
                "degree_study",
                "trainer",
                "school_cadre",
                "middle_leader",
                "new_middle_leader",
                "auxiliary_staff",
                name="stratum",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("source", sa.String(length=200), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("items", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("jsonb_typeof(items) = 'array'", name=op.f("ck_checklist_items")),
        sa.CheckConstraint("school_id <> county_id", name=op.f("ck_checklist_school_is_no_bureau")),
        sa.CheckConstraint("valid_to > valid_from", name=op.f("ck_checklist_ends_after_it_begins")),
        sa.ForeignKeyConstraint(
            ["county_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_checklist_county_id_city_id"),
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["account.id"], name=op.f("fk_checklist_created_by")
        ),
        sa.ForeignKeyConstraint(["ended_by"], ["account.id"], name=op.f("fk_checklist_ended_by")),
        sa.ForeignKeyConstraint(
            ["school_id", "county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name=op.f("fk_checklist_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checklist")),
    )
    op.create_index(
        op.f("ix_checklist_city_id_valid_from_id"),
        "checklist",
        ["city_id", "valid_from", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_checklist_county_id_valid_from_id"),
        "checklist",
        ["county_id", "valid_from", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_checklist_school_id_valid_from_id"),
        "checklist",
        ["school_id", "valid_from", "id"],
        unique=False,
    )
    op.create_table(
        "checklist_tick",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("remark", sa.String(length=500), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("checklist_id", sa.Uuid(), nullable=False),
        sa.Column("teacher_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("ticked_by", sa.Uuid(), nullable=False),
        sa.Column("ticked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_by", sa.Uuid(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_because", sa.String(length=200), nullable=True),
        sa.CheckConstraint(
            "num_nonnulls(withdrawn_at, withdrawn_by, withdrawn_because) IN (0, 3)",
            name=op.f("ck_checklist_tick_withdrawn_whole"),
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_checklist_tick_number")),
        sa.ForeignKeyConstraint(
            ["checklist_id"], ["checklist.id"], name=op.f("fk_checklist_tick_checklist_id")
        ),
        sa.ForeignKeyConstraint(
            ["teacher_id", "school_id", "county_id", "city_id"],
            ["teacher.id", "teacher.school_id", "teacher.county_id", "teacher.city_id"],
            name=op.f("fk_checklist_tick_teacher_id_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["ticked_by"], ["account.id"], name=op.f("fk_checklist_tick_ticked_by")
        ),
        sa.ForeignKeyConstraint(
            ["withdrawn_by"], ["account.id"], name=op.f("fk_checklist_tick_withdrawn_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checklist_tick")),
    )
    op.create_index(
        op.f("ix_checklist_tick_checklist_id_teacher_id"),
        "checklist_tick",
        ["checklist_id", "teacher_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_checklist_tick_city_id_done_on_id"),
        "checklist_tick",
        ["city_id", "done_on", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_checklist_tick_county_id_done_on_id"),
        "checklist_tick",
        ["county_id", "done_on", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_checklist_tick_school_id_done_on_id"),
        "checklist_tick",
        ["school_id", "done_on", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_checklist_tick_teacher_id_done_on_id"),
        "checklist_tick",
        ["teacher_id", "done_on", "id"],
        unique=False,
    )
    op.create_index(
        "uq_checklist_tick_stands",
        "checklist_tick",
        ["teacher_id", "checklist_id", "number", "done_on"],
        unique=True,
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    grant(f"SELECT, INSERT, UPDATE (valid_to, ended_by, {PLACED})", "checklist")
    withdrawn = "withdrawn_at, withdrawn_by, withdrawn_because"
    grant(f"SELECT, INSERT, UPDATE ({withdrawn}, {PLACED})", "checklist_tick")
    audited("checklist")
    audited("checklist_tick")
    moved_with_person(*MOVED)


def downgrade() -> None:
    not_moved_with_person(*MOVED)
    op.drop_table("checklist_tick")
    op.drop_table("checklist")
