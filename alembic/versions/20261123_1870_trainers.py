"""Trainers: libraries, assessments, tours, hires."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.database.migrations import audited, grant, moved_with_person, not_moved_with_person

revision = "20261123_1870"
down_revision = "20261123_1860"
branch_labels = None
depends_on = None

TABLES = ("trainer", "trainer_assessment", "trainer_tour", "trainer_hire", "trainer_course")
MOVED = ("trainer.teacher_id",)


def upgrade() -> None:
    make_trainer()
    make_trainer_assessment()
    make_trainer_tour()
    make_trainer_hire()
    make_trainer_course()
    op.create_index(
        op.f("ix_activity_staff_outside_name_outside_unit_id"),
        "activity_staff",
        ["outside_name", "outside_unit", "id"],
        unique=False,
        postgresql_where=sa.text("outside_name IS NOT NULL"),
    )
    grant("SELECT, INSERT", "trainer", "trainer_assessment", "trainer_tour", "trainer_hire")
    grant(
        "UPDATE (engagement, stages, subjects, contents, qualification, qualified_until, state,"
        " answered_at, answer, entered_on, left_on, exit_kind, exit_reason, left_by)",
        "trainer",
    )
    grant("UPDATE (ended_on, ended_because)", "trainer_tour")
    grant("SELECT, INSERT, DELETE", "trainer_course")
    for table in TABLES:
        audited(table)
    moved_with_person(*MOVED)


def make_trainer() -> None:
    op.create_table(
        "trainer",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column(
            "engagement",
            sa.Enum(
                "full_time",
                "part_time",
                name="trainer_engagement",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("stages", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("subjects", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("contents", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("qualification", sa.String(length=500), nullable=False),
        sa.Column("qualified_until", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "unit_id",
            sa.Uuid(),
            sa.Computed("coalesce(school_id, county_id)", persisted=True),
            nullable=False,
        ),
        sa.Column("teacher_id", sa.Uuid(), nullable=True),
        sa.Column("outside_name", sa.String(length=60), nullable=True),
        sa.Column("outside_unit", sa.String(length=100), nullable=True),
        sa.Column("provider_id", sa.Uuid(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "invited",
                "accepted",
                "declined",
                "left",
                name="trainer_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("invited_by", sa.Uuid(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.String(length=500), nullable=True),
        sa.Column("entered_on", sa.Date(), nullable=True),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column(
            "exit_kind",
            sa.Enum(
                "term_ended",
                "own_wish",
                "assessment",
                "qualification",
                "moved",
                "conduct",
                "invitation_withdrawn",
                name="trainer_exit",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("exit_reason", sa.String(length=500), nullable=True),
        sa.Column("left_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(state = 'invited') = (answered_at IS NULL)", name=op.f("ck_trainer_answered")
        ),
        sa.CheckConstraint(
            "(state IN ('accepted', 'left')) = (entered_on IS NOT NULL) OR exit_kind = 'invitation_withdrawn'",
            name=op.f("ck_trainer_entered"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(left_on, exit_kind, left_by) = CASE WHEN state = 'left' THEN 3 ELSE 0 END",
            name=op.f("ck_trainer_left"),
        ),
        sa.CheckConstraint(
            "(outside_name IS NULL) = (outside_unit IS NULL)", name=op.f("ck_trainer_outside")
        ),
        sa.CheckConstraint(
            "num_nonnulls(teacher_id, outside_name) = 1", name=op.f("ck_trainer_one_person")
        ),
        sa.CheckConstraint(
            "provider_id IS NULL OR outside_name IS NOT NULL", name=op.f("ck_trainer_provider")
        ),
        sa.CheckConstraint("school_id <> county_id", name=op.f("ck_trainer_school_is_no_bureau")),
        sa.ForeignKeyConstraint(
            ["county_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_trainer_county_id_city_id"),
        ),
        sa.ForeignKeyConstraint(["invited_by"], ["account.id"], name=op.f("fk_trainer_invited_by")),
        sa.ForeignKeyConstraint(["left_by"], ["account.id"], name=op.f("fk_trainer_left_by")),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["provider.id"], name=op.f("fk_trainer_provider_id")
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name=op.f("fk_trainer_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(["teacher_id"], ["teacher.id"], name=op.f("fk_trainer_teacher_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trainer")),
    )
    op.create_index(op.f("ix_trainer_city_id_id"), "trainer", ["city_id", "id"], unique=False)
    op.create_index(op.f("ix_trainer_county_id_id"), "trainer", ["county_id", "id"], unique=False)
    op.create_index(op.f("ix_trainer_school_id_id"), "trainer", ["school_id", "id"], unique=False)
    op.create_index(op.f("ix_trainer_teacher_id_id"), "trainer", ["teacher_id", "id"], unique=False)
    op.create_index(
        op.f("ix_trainer_unit_id_state_id"), "trainer", ["unit_id", "state", "id"], unique=False
    )
    op.create_index(
        "uq_trainer_outside",
        "trainer",
        ["unit_id", "outside_name", "outside_unit"],
        unique=True,
        postgresql_where=sa.text("state IN ('invited', 'accepted') AND outside_name IS NOT NULL"),
    )
    op.create_index(
        "uq_trainer_teacher",
        "trainer",
        ["unit_id", "teacher_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('invited', 'accepted') AND teacher_id IS NOT NULL"),
    )


def make_trainer_assessment() -> None:
    op.create_table(
        "trainer_assessment",
        sa.Column("trainer_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column(
            "grade",
            sa.Enum(
                "excellent",
                "qualified",
                "barely",
                "unqualified",
                name="trainer_grade",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("score", sa.Numeric(precision=8, scale=2), nullable=True),
        sa.Column("remark", sa.String(length=2000), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("assessed_by", sa.Uuid(), nullable=False),
        sa.Column("assessed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "num_nonnulls(staff_id, year) = 1", name=op.f("ck_trainer_assessment_of_one_thing")
        ),
        sa.CheckConstraint(
            "score BETWEEN 0 AND 100", name=op.f("ck_trainer_assessment_out_of_a_hundred")
        ),
        sa.ForeignKeyConstraint(
            ["assessed_by"], ["account.id"], name=op.f("fk_trainer_assessment_assessed_by")
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["activity_staff.id"], name=op.f("fk_trainer_assessment_staff_id")
        ),
        sa.ForeignKeyConstraint(
            ["trainer_id"], ["trainer.id"], name=op.f("fk_trainer_assessment_trainer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trainer_assessment")),
        sa.UniqueConstraint(
            "trainer_id", "staff_id", name=op.f("uq_trainer_assessment_trainer_id_staff_id")
        ),
        sa.UniqueConstraint(
            "trainer_id", "year", name=op.f("uq_trainer_assessment_trainer_id_year")
        ),
    )
    op.create_index(
        op.f("ix_trainer_assessment_staff_id"), "trainer_assessment", ["staff_id"], unique=False
    )
    op.create_index(
        op.f("ix_trainer_assessment_trainer_id_id"),
        "trainer_assessment",
        ["trainer_id", "id"],
        unique=False,
    )


def make_trainer_tour() -> None:
    op.create_table(
        "trainer_tour",
        sa.Column("trainer_id", sa.Uuid(), nullable=False),
        sa.Column("to_county_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(length=500), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("from_county_id", sa.Uuid(), nullable=False),
        sa.Column("lent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lent_by", sa.Uuid(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ended_because", sa.String(length=500), nullable=True),
        postgresql.ExcludeConstraint(
            (sa.column("trainer_id"), "="),
            (sa.column("to_county_id"), "="),
            (sa.text("daterange(valid_from, least(valid_to, ended_on))"), "&&"),
            where=sa.text("ended_on IS NULL OR ended_on > valid_from"),
            using="gist",
            name="ex_trainer_tour_once",
        ),
        sa.CheckConstraint(
            "(ended_on IS NULL) = (ended_because IS NULL)", name=op.f("ck_trainer_tour_ended")
        ),
        sa.CheckConstraint(
            "to_county_id <> from_county_id", name=op.f("ck_trainer_tour_to_another")
        ),
        sa.CheckConstraint(
            "valid_to > valid_from", name=op.f("ck_trainer_tour_ends_after_it_begins")
        ),
        sa.ForeignKeyConstraint(
            ["from_county_id"], ["unit.id"], name=op.f("fk_trainer_tour_from_county_id")
        ),
        sa.ForeignKeyConstraint(["lent_by"], ["account.id"], name=op.f("fk_trainer_tour_lent_by")),
        sa.ForeignKeyConstraint(
            ["to_county_id"], ["unit.id"], name=op.f("fk_trainer_tour_to_county_id")
        ),
        sa.ForeignKeyConstraint(
            ["trainer_id"], ["trainer.id"], name=op.f("fk_trainer_tour_trainer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trainer_tour")),
    )
    op.create_index(
        op.f("ix_trainer_tour_from_county_id_id"),
        "trainer_tour",
        ["from_county_id", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_trainer_tour_to_county_id_id"),
        "trainer_tour",
        ["to_county_id", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_trainer_tour_trainer_id_id"), "trainer_tour", ["trainer_id", "id"], unique=False
    )


def make_trainer_course() -> None:
    op.create_table(
        "trainer_course",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("trainer_id", sa.Uuid(), nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course.id"], name=op.f("fk_trainer_course_course_id")
        ),
        sa.ForeignKeyConstraint(
            ["trainer_id"], ["trainer.id"], name=op.f("fk_trainer_course_trainer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trainer_course")),
        sa.UniqueConstraint(
            "trainer_id", "course_id", name=op.f("uq_trainer_course_trainer_id_course_id")
        ),
    )
    op.create_index(
        op.f("ix_trainer_course_course_id"), "trainer_course", ["course_id"], unique=False
    )


def make_trainer_hire() -> None:
    op.create_table(
        "trainer_hire",
        sa.Column("trainer_id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=True),
        sa.Column("topic", sa.String(length=200), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("fee", sa.Numeric(precision=8, scale=2), nullable=False),
        sa.Column("funds_line", sa.String(length=100), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agreed_by", sa.Uuid(), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("fee >= 0", name=op.f("ck_trainer_hire_fee")),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_trainer_hire_activity_id")
        ),
        sa.ForeignKeyConstraint(
            ["agreed_by"], ["account.id"], name=op.f("fk_trainer_hire_agreed_by")
        ),
        sa.ForeignKeyConstraint(
            ["trainer_id"], ["trainer.id"], name=op.f("fk_trainer_hire_trainer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trainer_hire")),
    )
    op.create_index(
        op.f("ix_trainer_hire_activity_id"), "trainer_hire", ["activity_id"], unique=False
    )
    op.create_index(
        op.f("ix_trainer_hire_trainer_id_id"), "trainer_hire", ["trainer_id", "id"], unique=False
    )
    op.create_index(
        "uq_trainer_hire_once", "trainer_hire", ["trainer_id", "held_on", "topic"], unique=True
    )


def downgrade() -> None:
    not_moved_with_person(*MOVED)
    op.drop_index(
        op.f("ix_activity_staff_outside_name_outside_unit_id"), table_name="activity_staff"
    )
    for table in reversed(TABLES):
        op.drop_table(table)
