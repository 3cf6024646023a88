"""Conditions of completion, what was settled of whom, judgements; exercises and what is handed in."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.database.migrations import audited, grant, moved_with_person, not_moved_with_person

revision = "20261123_1910"
down_revision = "20261123_1900"
branch_labels = None
depends_on = None

MOVED = (
    "course_completion.teacher_id",
    "course_judgement.teacher_id",
    "exercise_submission.teacher_id",
)


def upgrade() -> None:
    extend_courses()
    make_course_completion()
    make_course_judgement()
    make_exercise()
    make_exercise_file()
    make_exercise_submission()
    make_exercise_submission_file()
    grant("SELECT, INSERT, UPDATE (superseded_at)", "course_completion")
    judged = "is_sufficient, opinion, judged_at, judged_by"
    grant(f"SELECT, INSERT, UPDATE ({judged})", "course_judgement")
    given = "title, text, due_on, withdrawn_at, withdrawn_by"
    grant(f"SELECT, INSERT, UPDATE ({given})", "exercise")
    reviewed = "state, comment, score, reviewed_at, reviewed_by"
    grant(f"SELECT, INSERT, UPDATE ({reviewed})", "exercise_submission")
    grant("SELECT, INSERT, DELETE", "exercise_file")
    grant("SELECT, INSERT", "exercise_submission_file")
    for table in ("course_completion", "course_judgement", "exercise", "exercise_file"):
        audited(table)
    # What a person wrote is told by the row itself, which is never changed.
    audited("exercise_submission", hidden=("text", "comment"))
    audited("exercise_submission_file", insertions=False)
    moved_with_person(*MOVED)


def extend_courses() -> None:
    op.add_column(
        "course",
        sa.Column(
            "completion",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default="[]",
            nullable=False,
        ),
    )
    op.create_check_constraint(
        op.f("ck_course_completion"), "course", "jsonb_typeof(completion) = 'array'"
    )
    op.add_column(
        "course_class", sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column("course_class", sa.Column("settled_by", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_course_class_settled_by"), "course_class", "account", ["settled_by"], ["id"]
    )
    op.create_check_constraint(
        op.f("ck_course_class_settled"),
        "course_class",
        "(settled_at IS NULL) = (settled_by IS NULL)",
    )
    grant("UPDATE (completion)", "course")
    grant("UPDATE (settled_at, settled_by)", "course_class")
    audited("course")
    audited("course_class")


def make_course_completion() -> None:
    op.create_table(
        "course_completion",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("teacher_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("completed", sa.Boolean(), nullable=False),
        sa.Column("conditions", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_by", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "jsonb_typeof(conditions) = 'array'", name=op.f("ck_course_completion_conditions")
        ),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_course_completion_activity_id")
        ),
        sa.ForeignKeyConstraint(
            ["settled_by"], ["account.id"], name=op.f("fk_course_completion_settled_by")
        ),
        sa.ForeignKeyConstraint(
            ["teacher_id", "school_id", "county_id", "city_id"],
            ["teacher.id", "teacher.school_id", "teacher.county_id", "teacher.city_id"],
            name=op.f("fk_course_completion_teacher_id_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_completion")),
    )
    op.create_index(
        op.f("ix_course_completion_teacher_id_id"),
        "course_completion",
        ["teacher_id", "id"],
        unique=False,
    )
    op.create_index(
        "uq_course_completion_current",
        "course_completion",
        ["activity_id", "teacher_id"],
        unique=True,
        postgresql_where=sa.text("superseded_at IS NULL"),
    )


def make_course_judgement() -> None:
    op.create_table(
        "course_judgement",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("teacher_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("is_sufficient", sa.Boolean(), nullable=False),
        sa.Column("opinion", sa.String(length=500), nullable=True),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("judged_by", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_course_judgement_activity_id")
        ),
        sa.ForeignKeyConstraint(
            ["judged_by"], ["account.id"], name=op.f("fk_course_judgement_judged_by")
        ),
        sa.ForeignKeyConstraint(
            ["teacher_id", "school_id", "county_id", "city_id"],
            ["teacher.id", "teacher.school_id", "teacher.county_id", "teacher.city_id"],
            name=op.f("fk_course_judgement_teacher_id_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_judgement")),
        sa.UniqueConstraint(
            "activity_id", "teacher_id", name=op.f("uq_course_judgement_activity_id_teacher_id")
        ),
    )
    op.create_index(
        op.f("ix_course_judgement_teacher_id_id"),
        "course_judgement",
        ["teacher_id", "id"],
        unique=False,
    )


def make_exercise() -> None:
    op.create_table(
        "exercise",
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("given_by", sa.Uuid(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_by IS NULL)", name=op.f("ck_exercise_withdrawn")
        ),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_exercise_activity_id")
        ),
        sa.ForeignKeyConstraint(["given_by"], ["account.id"], name=op.f("fk_exercise_given_by")),
        sa.ForeignKeyConstraint(
            ["withdrawn_by"], ["account.id"], name=op.f("fk_exercise_withdrawn_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exercise")),
        sa.UniqueConstraint("id", "activity_id", name=op.f("uq_exercise_id_activity_id")),
    )
    op.create_index(
        op.f("ix_exercise_activity_id_id"), "exercise", ["activity_id", "id"], unique=False
    )


def make_exercise_file() -> None:
    op.create_table(
        "exercise_file",
        sa.Column("exercise_id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["exercise_id"], ["exercise.id"], name=op.f("fk_exercise_file_exercise_id")
        ),
        sa.ForeignKeyConstraint(["file_id"], ["file.id"], name=op.f("fk_exercise_file_file_id")),
        sa.PrimaryKeyConstraint("exercise_id", "file_id", name=op.f("pk_exercise_file")),
    )
    op.create_index(op.f("ix_exercise_file_file_id"), "exercise_file", ["file_id"], unique=False)


def make_exercise_submission() -> None:
    op.create_table(
        "exercise_submission",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("comment", sa.String(length=5000), nullable=True),
        sa.Column("score", sa.Numeric(precision=5, scale=2), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("exercise_id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("teacher_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("handed_in_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_late", sa.Boolean(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "accepted",
                "returned",
                name="exercise_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewed_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(state = 'waiting') = (reviewed_at IS NULL)",
            name=op.f("ck_exercise_submission_reviewed"),
        ),
        sa.CheckConstraint(
            "state <> 'returned' OR comment IS NOT NULL",
            name=op.f("ck_exercise_submission_says_why"),
        ),
        sa.CheckConstraint(
            "(reviewed_at IS NULL) = (reviewed_by IS NULL)",
            name=op.f("ck_exercise_submission_reviewer"),
        ),
        sa.CheckConstraint("number > 0", name=op.f("ck_exercise_submission_number")),
        sa.CheckConstraint("score BETWEEN 0 AND 100", name=op.f("ck_exercise_submission_score")),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_exercise_submission_activity_id")
        ),
        sa.ForeignKeyConstraint(
            ["exercise_id", "activity_id"],
            ["exercise.id", "exercise.activity_id"],
            name=op.f("fk_exercise_submission_exercise_id_activity_id"),
        ),
        sa.ForeignKeyConstraint(
            ["reviewed_by"], ["account.id"], name=op.f("fk_exercise_submission_reviewed_by")
        ),
        sa.ForeignKeyConstraint(
            ["teacher_id", "school_id", "county_id", "city_id"],
            ["teacher.id", "teacher.school_id", "teacher.county_id", "teacher.city_id"],
            name=op.f("fk_exercise_submission_teacher_id_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exercise_submission")),
        sa.UniqueConstraint(
            "exercise_id",
            "teacher_id",
            "number",
            name=op.f("uq_exercise_submission_exercise_id_teacher_id_number"),
        ),
    )
    op.create_index(
        op.f("ix_exercise_submission_activity_id_handed_in_at"),
        "exercise_submission",
        ["activity_id", "handed_in_at"],
        unique=False,
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_index(
        op.f("ix_exercise_submission_activity_id_id"),
        "exercise_submission",
        ["activity_id", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_exercise_submission_teacher_id_id"),
        "exercise_submission",
        ["teacher_id", "id"],
        unique=False,
    )
    op.create_index(
        "uq_exercise_submission_stands",
        "exercise_submission",
        ["exercise_id", "teacher_id"],
        unique=True,
        postgresql_where=sa.text("state <> 'returned'"),
    )


def make_exercise_submission_file() -> None:
    op.create_table(
        "exercise_submission_file",
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"], ["file.id"], name=op.f("fk_exercise_submission_file_file_id")
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["exercise_submission.id"],
            name=op.f("fk_exercise_submission_file_submission_id"),
        ),
        sa.PrimaryKeyConstraint(
            "submission_id", "file_id", name=op.f("pk_exercise_submission_file")
        ),
    )
    op.create_index(
        op.f("ix_exercise_submission_file_file_id"),
        "exercise_submission_file",
        ["file_id"],
        unique=False,
    )


def downgrade() -> None:
    not_moved_with_person(*MOVED)
    op.drop_table("exercise_submission_file")
    op.drop_table("exercise_submission")
    op.drop_table("exercise_file")
    op.drop_table("exercise")
    op.drop_table("course_judgement")
    op.drop_table("course_completion")
    op.drop_column("course_class", "settled_by")
    op.drop_column("course_class", "settled_at")
    op.drop_column("course", "completion")
    audited("course")
    audited("course_class")
