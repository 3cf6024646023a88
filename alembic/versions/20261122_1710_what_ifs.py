"""What-ifs: questions about draft packs, and what they would mean for each teacher."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.database.migrations import grant

revision = "20261122_1710"
down_revision = "20261122_1700"
branch_labels = None
depends_on = None


def upgrade() -> None:
    make_questions()
    make_people()
    progress = "state, done, total, tries, started_at, finished_at"
    failure = "failure_code, failure_zh, failure_en"
    grant(f"SELECT, INSERT, DELETE, UPDATE ({progress}, {failure})", "what_if")
    grant("SELECT, INSERT", "what_if_person")


def make_questions() -> None:
    op.create_table(
        "what_if",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "running",
                "done",
                "failed",
                "cancelled",
                name="progress_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure_code", sa.String(length=60), nullable=True),
        sa.Column("failure_zh", sa.Text(), nullable=True),
        sa.Column("failure_en", sa.Text(), nullable=True),
        sa.Column("pack_id", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title_zh", sa.String(length=2000), nullable=False),
        sa.Column("title_en", sa.String(length=2000), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kept_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("document", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("position", sa.String(length=200), nullable=False),
        sa.Column("submitted_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(finished_at IS NULL) = (state IN ('waiting', 'running'))",
            name=op.f("ck_what_if_finished_at"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(failure_code, failure_zh, failure_en) = CASE state WHEN 'failed' THEN 3 ELSE 0 END",
            name=op.f("ck_what_if_failure"),
        ),
        sa.CheckConstraint("done >= 0 AND total >= 0", name=op.f("ck_what_if_progress")),
        sa.CheckConstraint("school_id <> county_id", name=op.f("ck_what_if_school_is_no_bureau")),
        sa.ForeignKeyConstraint(
            ["submitted_by"], ["account.id"], name=op.f("fk_what_if_submitted_by")
        ),
        sa.ForeignKeyConstraint(
            ["county_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_what_if_county_id_city_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name=op.f("fk_what_if_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_what_if")),
    )
    op.create_index(op.f("ix_what_if_city_id_id"), "what_if", ["city_id", "id"], unique=False)
    op.create_index(op.f("ix_what_if_county_id_id"), "what_if", ["county_id", "id"], unique=False)
    op.create_index(op.f("ix_what_if_kept_until"), "what_if", ["kept_until"], unique=False)
    op.create_index(
        "uq_what_if_question",
        "what_if",
        ["county_id", "digest", "position"],
        unique=True,
        postgresql_where=sa.text("state IN ('waiting', 'running', 'done')"),
    )


def make_people() -> None:
    op.create_table(
        "what_if_person",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("what_if_id", sa.Uuid(), nullable=False),
        sa.Column("teacher_id", sa.Uuid(), nullable=False),
        sa.Column("at_county_id", sa.Uuid(), nullable=False),
        sa.Column("at_school_id", sa.Uuid(), nullable=False),
        sa.Column("rank", sa.String(length=40), nullable=True),
        sa.Column("age", sa.Integer(), nullable=False),
        sa.Column(
            "verdict_before",
            sa.Enum(
                "met",
                "open",
                "missed",
                "undecided",
                "waived",
                name="verdict_before",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "verdict_after",
            sa.Enum(
                "met",
                "open",
                "missed",
                "undecided",
                "waived",
                name="verdict_after",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("credits_before", sa.Numeric(precision=8, scale=2), nullable=False),
        sa.Column("credits_after", sa.Numeric(precision=8, scale=2), nullable=False),
        sa.Column("missing_before", sa.Numeric(precision=8, scale=2), nullable=False),
        sa.Column("missing_after", sa.Numeric(precision=8, scale=2), nullable=False),
        sa.Column(
            "change",
            sa.Enum(
                "gained",
                "fell",
                "unclear",
                "same",
                name="what_if_change",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["teacher_id"], ["teacher.id"], name=op.f("fk_what_if_person_teacher_id")
        ),
        sa.ForeignKeyConstraint(
            ["what_if_id"],
            ["what_if.id"],
            name=op.f("fk_what_if_person_what_if_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_what_if_person")),
        sa.UniqueConstraint(
            "what_if_id", "teacher_id", name=op.f("uq_what_if_person_what_if_id_teacher_id")
        ),
    )
    op.create_index(
        op.f("ix_what_if_person_teacher_id"), "what_if_person", ["teacher_id"], unique=False
    )
    op.create_index(
        op.f("ix_what_if_person_what_if_id_change_id"),
        "what_if_person",
        ["what_if_id", "change", "id"],
        unique=False,
    )


def downgrade() -> None:
    op.drop_table("what_if_person")
    op.drop_table("what_if")
