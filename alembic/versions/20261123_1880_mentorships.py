"""Mentorships: what is agreed, recorded and judged, and what a city asks."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.database.migrations import audited, grant, moved_with_person, not_moved_with_person

revision = "20261123_1880"
down_revision = "20261123_1870"
branch_labels = None
depends_on = None

TABLES = ("mentoring_policy", "mentorship", "mentor", "mentorship_judgement", "mentoring_record")
MOVED = (
    "mentor.teacher_id",
    "mentorship.teacher_id",
)


def upgrade() -> None:
    make_mentoring_policy()
    make_mentorship()
    make_mentor()
    make_mentorship_judgement()
    make_mentoring_record()
    grant("SELECT, INSERT", *TABLES)
    grant(
        "UPDATE (state, signed_at, agreed_at, concluded_on, ended_on, end_kind, end_reason)",
        "mentorship",
    )
    grant("UPDATE (signed_at)", "mentor")
    grant("UPDATE (confirmed_at, confirmed_by)", "mentoring_record")
    for table in TABLES:
        audited(table)
    moved_with_person(*MOVED)


def make_mentoring_policy() -> None:
    op.create_table(
        "mentoring_policy",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("cycle_years", sa.Integer(), nullable=False),
        sa.Column("ranks", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("probation", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("source", sa.String(length=500), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("set_by", sa.Uuid(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "county_id = city_id AND school_id IS NULL",
            name=op.f("ck_mentoring_policy_is_of_a_city"),
        ),
        sa.CheckConstraint(
            "school_id <> county_id", name=op.f("ck_mentoring_policy_school_is_no_bureau")
        ),
        sa.ForeignKeyConstraint(
            ["county_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_mentoring_policy_county_id_city_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name=op.f("fk_mentoring_policy_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["set_by"], ["account.id"], name=op.f("fk_mentoring_policy_set_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentoring_policy")),
    )
    op.create_index(
        op.f("ix_mentoring_policy_city_id_id"), "mentoring_policy", ["city_id", "id"], unique=False
    )


def make_mentorship() -> None:
    op.create_table(
        "mentorship",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("aim", sa.String(length=500), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column(
            "target_subject",
            sa.Enum(
                "chinese",
                "mathematics",
                "english",
                "morality_and_law",
                "history",
                "geography",
                "physics",
                "chemistry",
                "biology",
                "science",
                "information_technology",
                "music",
                "fine_arts",
                "physical_education",
                "counselling",
                "special_education",
                "health_care",
                "preschool",
                "other",
                name="subject",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("is_probation", sa.Boolean(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("teacher_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column(
            "parts", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True
        ),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "active",
                "concluded",
                "declined",
                "ended",
                name="mentorship_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("concluded_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column(
            "end_kind",
            sa.Enum(
                "own_wish",
                "moved",
                "neglect",
                "conduct",
                "proposal_withdrawn",
                name="mentorship_end",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("end_reason", sa.String(length=500), nullable=True),
        sa.CheckConstraint(
            "(concluded_on IS NOT NULL) = (state = 'concluded')",
            name=op.f("ck_mentorship_concluded"),
        ),
        sa.CheckConstraint(
            "(end_kind IS NOT NULL) = (state = 'ended')", name=op.f("ck_mentorship_end_kind")
        ),
        sa.CheckConstraint(
            "num_nonnulls(ended_on, end_reason) = CASE WHEN state IN ('ended', 'declined') THEN 2 ELSE 0 END",
            name=op.f("ck_mentorship_ended"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('active', 'concluded') OR num_nonnulls(signed_at, agreed_at) = 2",
            name=op.f("ck_mentorship_agreed"),
        ),
        sa.CheckConstraint("is_probation OR parts IS NULL", name=op.f("ck_mentorship_parts")),
        sa.CheckConstraint(
            "valid_to > valid_from", name=op.f("ck_mentorship_ends_after_it_begins")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by"], ["account.id"], name=op.f("fk_mentorship_proposed_by")
        ),
        sa.ForeignKeyConstraint(
            ["teacher_id", "school_id", "county_id", "city_id"],
            ["teacher.id", "teacher.school_id", "teacher.county_id", "teacher.city_id"],
            name=op.f("fk_mentorship_teacher_id_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_mentorship_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentorship")),
    )
    op.create_index(op.f("ix_mentorship_city_id_id"), "mentorship", ["city_id", "id"], unique=False)
    op.create_index(
        op.f("ix_mentorship_county_id_id"), "mentorship", ["county_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_mentorship_school_id_id"), "mentorship", ["school_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_mentorship_teacher_id_id"), "mentorship", ["teacher_id", "id"], unique=False
    )


def make_mentor() -> None:
    op.create_table(
        "mentor",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("mentorship_id", sa.Uuid(), nullable=False),
        sa.Column("teacher_id", sa.Uuid(), nullable=True),
        sa.Column("trainer_id", sa.Uuid(), nullable=True),
        sa.Column(
            "role",
            sa.Enum(
                "lead",
                "member",
                "expert",
                name="mentor_role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(role = 'expert') = (trainer_id IS NOT NULL)", name=op.f("ck_mentor_expert")
        ),
        sa.CheckConstraint(
            "num_nonnulls(teacher_id, trainer_id) = 1", name=op.f("ck_mentor_one_person")
        ),
        sa.ForeignKeyConstraint(
            ["mentorship_id"], ["mentorship.id"], name=op.f("fk_mentor_mentorship_id")
        ),
        sa.ForeignKeyConstraint(["teacher_id"], ["teacher.id"], name=op.f("fk_mentor_teacher_id")),
        sa.ForeignKeyConstraint(["trainer_id"], ["trainer.id"], name=op.f("fk_mentor_trainer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentor")),
        sa.UniqueConstraint("id", "mentorship_id", name=op.f("uq_mentor_id_mentorship_id")),
        sa.UniqueConstraint(
            "mentorship_id", "teacher_id", name=op.f("uq_mentor_mentorship_id_teacher_id")
        ),
        sa.UniqueConstraint(
            "mentorship_id", "trainer_id", name=op.f("uq_mentor_mentorship_id_trainer_id")
        ),
    )
    op.create_index(op.f("ix_mentor_teacher_id"), "mentor", ["teacher_id"], unique=False)
    op.create_index(op.f("ix_mentor_trainer_id"), "mentor", ["trainer_id"], unique=False)
    op.create_index(
        "uq_mentor_one_lead",
        "mentor",
        ["mentorship_id"],
        unique=True,
        postgresql_where=sa.text("role = 'lead'"),
    )


def make_mentorship_judgement() -> None:
    op.create_table(
        "mentorship_judgement",
        sa.Column(
            "stage",
            sa.Enum(
                "mid_term",
                "final",
                name="judgement_stage",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "grade",
            sa.Enum(
                "excellent",
                "good",
                "qualified",
                "unqualified",
                name="mentorship_grade",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("comment", sa.String(length=2000), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("mentorship_id", sa.Uuid(), nullable=False),
        sa.Column("judged_by", sa.Uuid(), nullable=False),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["judged_by"], ["account.id"], name=op.f("fk_mentorship_judgement_judged_by")
        ),
        sa.ForeignKeyConstraint(
            ["mentorship_id"], ["mentorship.id"], name=op.f("fk_mentorship_judgement_mentorship_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentorship_judgement")),
        sa.UniqueConstraint(
            "mentorship_id", "stage", name=op.f("uq_mentorship_judgement_mentorship_id_stage")
        ),
    )


def make_mentoring_record() -> None:
    op.create_table(
        "mentoring_record",
        sa.Column("mentorship_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "observation",
                "demonstration",
                "planning",
                "research",
                "class_management",
                "talk",
                "reading",
                name="mentoring_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("hours", sa.Numeric(precision=8, scale=2), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("sheet_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("mentor_id", sa.Uuid(), nullable=False),
        sa.Column("by_mentor", sa.Boolean(), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.Uuid(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(confirmed_at IS NULL) = (confirmed_by IS NULL)",
            name=op.f("ck_mentoring_record_confirmed"),
        ),
        sa.CheckConstraint("hours > 0 AND hours <= 24", name=op.f("ck_mentoring_record_hours")),
        sa.ForeignKeyConstraint(
            ["confirmed_by"], ["account.id"], name=op.f("fk_mentoring_record_confirmed_by")
        ),
        sa.ForeignKeyConstraint(
            ["mentor_id", "mentorship_id"],
            ["mentor.id", "mentor.mentorship_id"],
            name=op.f("fk_mentoring_record_mentor_id_mentorship_id"),
        ),
        sa.ForeignKeyConstraint(
            ["mentorship_id"], ["mentorship.id"], name=op.f("fk_mentoring_record_mentorship_id")
        ),
        sa.ForeignKeyConstraint(
            ["sheet_id"], ["observation_sheet.id"], name=op.f("fk_mentoring_record_sheet_id")
        ),
        sa.ForeignKeyConstraint(
            ["written_by"], ["account.id"], name=op.f("fk_mentoring_record_written_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentoring_record")),
    )
    op.create_index(
        op.f("ix_mentoring_record_mentor_id"), "mentoring_record", ["mentor_id"], unique=False
    )
    op.create_index(
        op.f("ix_mentoring_record_mentorship_id_held_on_id"),
        "mentoring_record",
        ["mentorship_id", "held_on", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_mentoring_record_sheet_id"), "mentoring_record", ["sheet_id"], unique=False
    )


def downgrade() -> None:
    not_moved_with_person(*MOVED)
    for table in reversed(TABLES):
        op.drop_table(table)
