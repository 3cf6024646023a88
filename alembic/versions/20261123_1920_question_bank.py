"""The question bank, tests drawn from it, attempts with their marks and rechecks."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.database.migrations import audited, grant, moved_with_person, not_moved_with_person

revision = "20261123_1920"
down_revision = "20261123_1910"
branch_labels = None
depends_on = None

TABLES = (
    "bank_question",
    "bank_question_version",
    "course_test",
    "course_test_attempt",
    "course_test_question",
    "course_test_answer",
    "course_test_mark",
    "course_test_recheck",
)
MOVED = ("course_test_attempt.teacher_id",)
ASKED = "kind, text, points, difficulty, subject, stage, content, correct, tolerance, explanation, options"
SAID = (
    "title, introduction, pass_percent, attempts_allowed, counted, minutes, opens_at, closes_at,"
    " shuffled, result_shown, solutions_shown, sections"
)
FOLLOWING = ("course_test_question", "course_test_answer")
"""Many rows that follow from one act, and are not recorded as they are added."""
HIDDEN = {
    "bank_question": ("correct", "explanation"),
    "bank_question_version": ("document",),
    "course_test_attempt": ("given", "seed"),
    "course_test_answer": ("awarded", "options"),
    "course_test_mark": ("before", "awarded", "comment"),
    "course_test_recheck": ("reason", "reply"),
}
"""What is right, what somebody said and what that is worth are not told by the audit trail."""


def upgrade() -> None:
    make_bank_question()
    make_bank_question_version()
    make_course_test()
    make_course_test_attempt()
    make_course_test_question()
    make_course_test_answer()
    make_course_test_mark()
    make_course_test_recheck()
    grant("SELECT, INSERT", *TABLES)
    place = "city_id, county_id, school_id"
    grant(
        f"UPDATE ({ASKED}, {place}, department_id, digest, version, retired_at, retired_because)",
        "bank_question",
    )
    grant(f"UPDATE ({SAID}, state, published_at, published_by)", "course_test")
    grant("DELETE", "course_test_question")
    grant("UPDATE (handed_in_at, given)", "course_test_attempt")
    grant("UPDATE (awarded)", "course_test_answer")
    grant("UPDATE (reply, decided_at, decided_by)", "course_test_recheck")
    for table in TABLES:
        audited(table, hidden=HIDDEN.get(table, ()), insertions=table not in FOLLOWING)
    moved_with_person(*MOVED)


def make_bank_question() -> None:
    op.create_table(
        "bank_question",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "single_choice",
                "multiple_choice",
                "true_false",
                "number",
                "short_text",
                "free_text",
                name="bank_question_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("points", sa.Numeric(precision=8, scale=2), nullable=False),
        sa.Column(
            "difficulty",
            sa.Enum(
                "easy",
                "medium",
                "hard",
                name="difficulty",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "subject",
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
        sa.Column(
            "stage",
            sa.Enum(
                "kindergarten",
                "primary",
                "junior_secondary",
                "senior_secondary",
                name="stage",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("correct", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("tolerance", sa.Numeric(precision=12, scale=4), nullable=True),
        sa.Column("explanation", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("options", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "unit_id",
            sa.Uuid(),
            sa.Computed("coalesce(school_id, county_id)", persisted=True),
            nullable=False,
        ),
        sa.Column("group_id", sa.Uuid(), nullable=True),
        sa.Column("department_id", sa.Uuid(), nullable=True),
        sa.Column(
            "owner_id",
            sa.Uuid(),
            sa.Computed("coalesce(group_id, department_id, school_id, county_id)", persisted=True),
            nullable=False,
        ),
        sa.Column("course_id", sa.Uuid(), nullable=True),
        sa.Column("digest", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retired_because", sa.String(length=500), nullable=True),
        sa.CheckConstraint(
            "(jsonb_array_length(correct) = 0) = (kind = 'free_text')",
            name=op.f("ck_bank_question_correct"),
        ),
        sa.CheckConstraint(
            "(tolerance IS NOT NULL) = (kind = 'number')", name=op.f("ck_bank_question_tolerance")
        ),
        sa.CheckConstraint(
            "(retired_at IS NULL) = (retired_because IS NULL)",
            name=op.f("ck_bank_question_retired"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(group_id, department_id) <= 1", name=op.f("ck_bank_question_owned_once")
        ),
        sa.CheckConstraint("points > 0", name=op.f("ck_bank_question_points")),
        sa.CheckConstraint(
            "school_id <> county_id", name=op.f("ck_bank_question_school_is_no_bureau")
        ),
        sa.CheckConstraint("version > 0", name=op.f("ck_bank_question_version")),
        sa.ForeignKeyConstraint(
            ["county_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_bank_question_county_id_city_id"),
        ),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course.id"], name=op.f("fk_bank_question_course_id")
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["account.id"], name=op.f("fk_bank_question_created_by")
        ),
        sa.ForeignKeyConstraint(
            ["department_id", "unit_id"],
            ["department.id", "department.unit_id"],
            name=op.f("fk_bank_question_department_id_unit_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "unit_id"],
            ["research_group.id", "research_group.unit_id"],
            name=op.f("fk_bank_question_group_id_unit_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name=op.f("fk_bank_question_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_question")),
    )
    op.create_index(
        op.f("ix_bank_question_city_id_id"), "bank_question", ["city_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_bank_question_county_id_id"), "bank_question", ["county_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_bank_question_course_id_id"), "bank_question", ["course_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_bank_question_department_id_id"),
        "bank_question",
        ["department_id", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_bank_question_group_id_id"), "bank_question", ["group_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_bank_question_owner_id_digest"),
        "bank_question",
        ["owner_id", "digest"],
        unique=False,
    )
    op.create_index(
        op.f("ix_bank_question_school_id_id"), "bank_question", ["school_id", "id"], unique=False
    )


def make_bank_question_version() -> None:
    op.create_table(
        "bank_question_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("document", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_bank_question_version_number")),
        sa.ForeignKeyConstraint(
            ["question_id"], ["bank_question.id"], name=op.f("fk_bank_question_version_question_id")
        ),
        sa.ForeignKeyConstraint(
            ["written_by"], ["account.id"], name=op.f("fk_bank_question_version_written_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_question_version")),
        sa.UniqueConstraint(
            "question_id", "number", name=op.f("uq_bank_question_version_question_id_number")
        ),
    )


def make_course_test() -> None:
    op.create_table(
        "course_test",
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("introduction", sa.Text(), nullable=True),
        sa.Column("pass_percent", sa.Integer(), nullable=False),
        sa.Column("attempts_allowed", sa.Integer(), nullable=False),
        sa.Column(
            "counted",
            sa.Enum(
                "best",
                "last",
                name="counted_attempt",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("shuffled", sa.Boolean(), nullable=False),
        sa.Column(
            "result_shown",
            sa.Enum(
                "at_once",
                "after_close",
                "never",
                name="disclosure_of_result",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "solutions_shown",
            sa.Enum(
                "at_once",
                "after_close",
                "never",
                name="disclosure_of_solutions",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=True),
        sa.Column("course_id", sa.Uuid(), nullable=True),
        sa.Column("course_version", sa.Integer(), nullable=True),
        sa.Column("sections", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "published",
                name="course_test_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "closes_at IS NOT NULL OR 'after_close' NOT IN (result_shown, solutions_shown)",
            name=op.f("ck_course_test_shown_after_close"),
        ),
        sa.CheckConstraint(
            "jsonb_typeof(sections) = 'array'", name=op.f("ck_course_test_sections")
        ),
        sa.CheckConstraint(
            "num_nonnulls(published_at, published_by) = CASE WHEN state = 'published' THEN 2 ELSE 0 END",
            name=op.f("ck_course_test_published"),
        ),
        sa.CheckConstraint(
            "(course_id IS NULL) = (course_version IS NULL)",
            name=op.f("ck_course_test_of_a_version"),
        ),
        sa.CheckConstraint("attempts_allowed > 0", name=op.f("ck_course_test_attempts_allowed")),
        sa.CheckConstraint("closes_at > opens_at", name=op.f("ck_course_test_window")),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_course_test_minutes")),
        sa.CheckConstraint(
            "num_nonnulls(activity_id, course_id) = 1", name=op.f("ck_course_test_of_one")
        ),
        sa.CheckConstraint(
            "pass_percent BETWEEN 1 AND 100", name=op.f("ck_course_test_pass_percent")
        ),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_course_test_activity_id")
        ),
        sa.ForeignKeyConstraint(
            ["course_id", "course_version"],
            ["course_version.course_id", "course_version.number"],
            name=op.f("fk_course_test_course_id_course_version"),
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["account.id"], name=op.f("fk_course_test_created_by")
        ),
        sa.ForeignKeyConstraint(
            ["published_by"], ["account.id"], name=op.f("fk_course_test_published_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_test")),
    )
    op.create_index(
        op.f("ix_course_test_activity_id_id"),
        "course_test",
        ["activity_id", "id"],
        unique=False,
        postgresql_where=sa.text("activity_id IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_course_test_course_id_course_version_id"),
        "course_test",
        ["course_id", "course_version", "id"],
        unique=False,
        postgresql_where=sa.text("course_id IS NOT NULL"),
    )


def make_course_test_attempt() -> None:
    op.create_table(
        "course_test_attempt",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("test_id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("teacher_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("points", sa.Numeric(precision=8, scale=2), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handed_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "given",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.CheckConstraint("due_at > started_at", name=op.f("ck_course_test_attempt_due_at")),
        sa.CheckConstraint(
            "handed_in_at >= started_at", name=op.f("ck_course_test_attempt_handed_in_at")
        ),
        sa.CheckConstraint("number > 0", name=op.f("ck_course_test_attempt_number")),
        sa.CheckConstraint("points > 0", name=op.f("ck_course_test_attempt_points")),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_course_test_attempt_activity_id")
        ),
        sa.ForeignKeyConstraint(
            ["teacher_id", "school_id", "county_id", "city_id"],
            ["teacher.id", "teacher.school_id", "teacher.county_id", "teacher.city_id"],
            name=op.f("fk_course_test_attempt_teacher_id_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["test_id"], ["course_test.id"], name=op.f("fk_course_test_attempt_test_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_test_attempt")),
        sa.UniqueConstraint(
            "test_id",
            "activity_id",
            "teacher_id",
            "number",
            name=op.f("uq_course_test_attempt_test_id_activity_id_teacher_id_number"),
        ),
    )
    op.create_index(
        op.f("ix_course_test_attempt_activity_id_id"),
        "course_test_attempt",
        ["activity_id", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_course_test_attempt_city_id_id"),
        "course_test_attempt",
        ["city_id", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_course_test_attempt_county_id_id"),
        "course_test_attempt",
        ["county_id", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_course_test_attempt_school_id_id"),
        "course_test_attempt",
        ["school_id", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_course_test_attempt_teacher_id_id"),
        "course_test_attempt",
        ["teacher_id", "id"],
        unique=False,
    )


def make_course_test_question() -> None:
    op.create_table(
        "course_test_question",
        sa.Column("test_id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("section", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "section >= 0 AND ordinal >= 0", name=op.f("ck_course_test_question_order")
        ),
        sa.ForeignKeyConstraint(
            ["test_id"], ["course_test.id"], name=op.f("fk_course_test_question_test_id")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["bank_question_version.id"],
            name=op.f("fk_course_test_question_version_id"),
        ),
        sa.PrimaryKeyConstraint("test_id", "version_id", name=op.f("pk_course_test_question")),
    )
    op.create_index(
        op.f("ix_course_test_question_version_id"),
        "course_test_question",
        ["version_id"],
        unique=False,
    )


def make_course_test_answer() -> None:
    op.create_table(
        "course_test_answer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("attempt_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("options", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("points", sa.Numeric(precision=8, scale=2), nullable=False),
        sa.Column("awarded", sa.Numeric(precision=8, scale=2), nullable=True),
        sa.CheckConstraint(
            "awarded BETWEEN 0 AND points", name=op.f("ck_course_test_answer_awarded")
        ),
        sa.CheckConstraint("ordinal > 0", name=op.f("ck_course_test_answer_ordinal")),
        sa.ForeignKeyConstraint(
            ["attempt_id"],
            ["course_test_attempt.id"],
            name=op.f("fk_course_test_answer_attempt_id"),
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["bank_question_version.id"],
            name=op.f("fk_course_test_answer_version_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_test_answer")),
        sa.UniqueConstraint(
            "attempt_id", "ordinal", name=op.f("uq_course_test_answer_attempt_id_ordinal")
        ),
    )
    op.create_index(
        op.f("ix_course_test_answer_attempt_id"),
        "course_test_answer",
        ["attempt_id"],
        unique=False,
        postgresql_where=sa.text("awarded IS NULL"),
    )
    op.create_index(
        op.f("ix_course_test_answer_version_id"), "course_test_answer", ["version_id"], unique=False
    )


def make_course_test_mark() -> None:
    op.create_table(
        "course_test_mark",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("answer_id", sa.Uuid(), nullable=False),
        sa.Column("before", sa.Numeric(precision=8, scale=2), nullable=True),
        sa.Column("awarded", sa.Numeric(precision=8, scale=2), nullable=False),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("marked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("marked_by", sa.Uuid(), nullable=False),
        sa.CheckConstraint("awarded >= 0", name=op.f("ck_course_test_mark_awarded")),
        sa.ForeignKeyConstraint(
            ["answer_id"], ["course_test_answer.id"], name=op.f("fk_course_test_mark_answer_id")
        ),
        sa.ForeignKeyConstraint(
            ["marked_by"], ["account.id"], name=op.f("fk_course_test_mark_marked_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_test_mark")),
    )
    op.create_index(
        op.f("ix_course_test_mark_answer_id"), "course_test_mark", ["answer_id"], unique=False
    )


def make_course_test_recheck() -> None:
    op.create_table(
        "course_test_recheck",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("answer_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("reply", sa.String(length=1000), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "num_nonnulls(reply, decided_at, decided_by) IN (0, 3)",
            name=op.f("ck_course_test_recheck_decided"),
        ),
        sa.ForeignKeyConstraint(
            ["answer_id"], ["course_test_answer.id"], name=op.f("fk_course_test_recheck_answer_id")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["account.id"], name=op.f("fk_course_test_recheck_asked_by")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["account.id"], name=op.f("fk_course_test_recheck_decided_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_test_recheck")),
        sa.UniqueConstraint("answer_id", name=op.f("uq_course_test_recheck_answer_id")),
    )
    op.create_index(
        op.f("ix_course_test_recheck_asked_at"),
        "course_test_recheck",
        ["asked_at"],
        unique=False,
        postgresql_where=sa.text("decided_at IS NULL"),
    )


def downgrade() -> None:
    not_moved_with_person(*MOVED)
    for table in reversed(TABLES):
        op.drop_table(table)
