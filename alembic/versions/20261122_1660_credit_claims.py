"""Claims of credit, their steps and publication; closed school years; human reviews."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.database.migrations import audited, grant

revision = "20261122_1660"
down_revision = "20261122_1650"
branch_labels = None
depends_on = None

MOVED = "'credit_claim.teacher_id', 'human_review.teacher_id', "
MOVING = "move_to_survivor(text[], uuid, uuid)"
TABLES = (
    "claim_publication",
    "late_window",
    "school_year_closing",
    "credit_claim",
    "claim_evidence",
    "claim_objection",
    "claim_step",
    "human_review",
)
WRITTEN = (
    "kind, title, organiser, earned_on, hours, level, activity_kind, mode, role, channel, content,"
    " source_kind, certificate_number, remark, title_key, certificate_key"
)
DECIDED = (
    "state, stage, version, round, since, due_on, awarded_hours, awarded_credits, rule_id, pack_id,"
    " pack_version, appealed_at, entry_id, publication_id"
)


def upgrade() -> None:
    make_claim_publication()
    make_late_window()
    make_school_year_closing()
    make_credit_claim()
    make_claim_evidence()
    make_claim_objection()
    make_claim_step()
    make_human_review()
    grant(f"SELECT, INSERT, UPDATE ({WRITTEN}, {DECIDED})", "credit_claim")
    grant("SELECT, INSERT, DELETE", "claim_evidence")
    # What was done and shown stays as it was.
    grant("SELECT, INSERT", "claim_step", "claim_publication", "school_year_closing", "late_window")
    grant("SELECT, INSERT, UPDATE (upheld, answer, decided_at, decided_by)", "claim_objection")
    grant("SELECT, INSERT, UPDATE (state, decided_at, decided_by, opinion)", "human_review")
    for table in TABLES:
        audited(table, insertions=table != "claim_step")
    move("ARRAY[", f"ARRAY[{MOVED}")


def move(before: str, after: str) -> None:
    """Let rows of other columns go along with a merged record: those of the list as it then is."""
    op.execute(
        f"""DO $$ BEGIN
        EXECUTE replace(
            pg_get_functiondef('{MOVING}'::regprocedure), $a${before}$a$, $b${after}$b$
        );
        END $$"""
    )


def make_claim_publication() -> None:
    op.create_table(
        "claim_publication",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "closes_on > published_on", name=op.f("ck_claim_publication_ends_after_it_begins")
        ),
        sa.CheckConstraint(
            "school_id <> county_id", name=op.f("ck_claim_publication_school_is_no_bureau")
        ),
        sa.ForeignKeyConstraint(
            ["county_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_claim_publication_county_id_city_id"),
        ),
        sa.ForeignKeyConstraint(
            ["published_by"], ["account.id"], name=op.f("fk_claim_publication_published_by")
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name=op.f("fk_claim_publication_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_publication")),
    )
    op.create_index(
        op.f("ix_claim_publication_city_id_id"),
        "claim_publication",
        ["city_id", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_claim_publication_closes_on"), "claim_publication", ["closes_on"], unique=False
    )
    op.create_index(
        op.f("ix_claim_publication_county_id_id"),
        "claim_publication",
        ["county_id", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_claim_publication_school_id_id"),
        "claim_publication",
        ["school_id", "id"],
        unique=False,
    )


def make_late_window() -> None:
    op.create_table(
        "late_window",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("school_year", sa.Integer(), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("granted_by", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "closes_on >= opens_on", name=op.f("ck_late_window_ends_after_it_begins")
        ),
        sa.CheckConstraint(
            "school_id <> county_id", name=op.f("ck_late_window_school_is_no_bureau")
        ),
        sa.ForeignKeyConstraint(
            ["county_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_late_window_county_id_city_id"),
        ),
        sa.ForeignKeyConstraint(
            ["granted_by"], ["account.id"], name=op.f("fk_late_window_granted_by")
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name=op.f("fk_late_window_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_late_window")),
    )
    op.create_index(
        op.f("ix_late_window_city_id_school_year"),
        "late_window",
        ["city_id", "school_year"],
        unique=False,
    )


def make_school_year_closing() -> None:
    op.create_table(
        "school_year_closing",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("school_year", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("claims_lapse_on", sa.Date(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_by", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "ends_on > starts_on", name=op.f("ck_school_year_closing_ends_after_it_begins")
        ),
        sa.CheckConstraint(
            "school_id <> county_id", name=op.f("ck_school_year_closing_school_is_no_bureau")
        ),
        sa.CheckConstraint("school_id IS NULL", name=op.f("ck_school_year_closing_is_a_bureaus")),
        sa.ForeignKeyConstraint(
            ["closed_by"], ["account.id"], name=op.f("fk_school_year_closing_closed_by")
        ),
        sa.ForeignKeyConstraint(
            ["county_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_school_year_closing_county_id_city_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name=op.f("fk_school_year_closing_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school_year_closing")),
        sa.UniqueConstraint(
            "county_id", "school_year", name=op.f("uq_school_year_closing_county_id_school_year")
        ),
    )
    op.create_index(
        op.f("ix_school_year_closing_city_id_ends_on"),
        "school_year_closing",
        ["city_id", "ends_on"],
        unique=False,
    )


def make_credit_claim() -> None:
    op.create_table(
        "credit_claim",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "earn",
                "convert",
                "offset",
                "exempt",
                name="claim_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("organiser", sa.String(length=200), nullable=False),
        sa.Column("earned_on", sa.Date(), nullable=False),
        sa.Column("hours", sa.Numeric(precision=8, scale=2), nullable=False),
        sa.Column("level", sa.String(length=40), nullable=True),
        sa.Column("activity_kind", sa.String(length=40), nullable=True),
        sa.Column("mode", sa.String(length=40), nullable=True),
        sa.Column("role", sa.String(length=40), nullable=True),
        sa.Column("channel", sa.String(length=40), nullable=True),
        sa.Column("content", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("source_kind", sa.String(length=40), nullable=False),
        sa.Column("certificate_number", sa.String(length=100), nullable=True),
        sa.Column("outside_training_id", sa.Uuid(), nullable=True),
        sa.Column("remark", sa.String(length=2000), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("teacher_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("title_key", sa.String(length=200), nullable=False),
        sa.Column("certificate_key", sa.String(length=100), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "submitted",
                "returned",
                "approved",
                "published",
                "entered",
                "rejected",
                "appealed",
                "withdrawn",
                "lapsed",
                name="claim_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "stage",
            sa.Enum(
                "school",
                "county",
                "city",
                name="review_stage",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("awarded_hours", sa.Numeric(precision=8, scale=2), nullable=True),
        sa.Column("awarded_credits", sa.Numeric(precision=8, scale=2), nullable=True),
        sa.Column("rule_id", sa.String(length=80), nullable=True),
        sa.Column("pack_id", sa.String(length=80), nullable=True),
        sa.Column("pack_version", sa.Integer(), nullable=True),
        sa.Column("appealed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("entry_id", sa.Uuid(), nullable=True),
        sa.Column("publication_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(state = 'entered') = (entry_id IS NOT NULL)", name=op.f("ck_credit_claim_entered")
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'withdrawn') OR round >= 1", name=op.f("ck_credit_claim_submitted")
        ),
        sa.CheckConstraint(
            "state NOT IN ('submitted', 'appealed') OR (stage IS NOT NULL AND due_on IS NOT NULL)",
            name=op.f("ck_credit_claim_waits_somewhere"),
        ),
        sa.CheckConstraint("hours >= 0", name=op.f("ck_credit_claim_hours")),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["credit_entry.id"], name=op.f("fk_credit_claim_entry_id")
        ),
        sa.ForeignKeyConstraint(
            ["outside_training_id"],
            ["outside_training.id"],
            name=op.f("fk_credit_claim_outside_training_id"),
        ),
        sa.ForeignKeyConstraint(
            ["publication_id"],
            ["claim_publication.id"],
            name=op.f("fk_credit_claim_publication_id"),
        ),
        sa.ForeignKeyConstraint(
            ["teacher_id", "school_id", "county_id", "city_id"],
            ["teacher.id", "teacher.school_id", "teacher.county_id", "teacher.city_id"],
            name=op.f("fk_credit_claim_teacher_id_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_claim")),
    )
    op.create_index(
        op.f("ix_credit_claim_certificate_key"),
        "credit_claim",
        ["certificate_key"],
        unique=False,
        postgresql_where=sa.text("certificate_key IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_credit_claim_city_id_id"), "credit_claim", ["city_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_credit_claim_county_id_id"), "credit_claim", ["county_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_credit_claim_publication_id"),
        "credit_claim",
        ["publication_id"],
        unique=False,
        postgresql_where=sa.text("publication_id IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_credit_claim_school_id_id"), "credit_claim", ["school_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_credit_claim_teacher_id_id"), "credit_claim", ["teacher_id", "id"], unique=False
    )
    op.create_index(
        "ix_credit_claim_waiting",
        "credit_claim",
        ["county_id", "due_on"],
        unique=False,
        postgresql_where=sa.text("state IN ('submitted', 'appealed', 'approved')"),
    )
    op.create_index("uq_credit_claim_entry_id", "credit_claim", ["entry_id"], unique=True)


def make_claim_evidence() -> None:
    op.create_table(
        "claim_evidence",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "num_nonnulls(text, file_id) >= 1", name=op.f("ck_claim_evidence_shows_something")
        ),
        sa.ForeignKeyConstraint(
            ["claim_id"], ["credit_claim.id"], name=op.f("fk_claim_evidence_claim_id")
        ),
        sa.ForeignKeyConstraint(["file_id"], ["file.id"], name=op.f("fk_claim_evidence_file_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_evidence")),
    )
    op.create_index(
        op.f("ix_claim_evidence_claim_id_id"), "claim_evidence", ["claim_id", "id"], unique=False
    )
    op.create_index(op.f("ix_claim_evidence_file_id"), "claim_evidence", ["file_id"], unique=False)


def make_claim_objection() -> None:
    op.create_table(
        "claim_objection",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("publication_id", sa.Uuid(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(length=2000), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("raised_by", sa.Uuid(), nullable=False),
        sa.Column("upheld", sa.Boolean(), nullable=True),
        sa.Column("answer", sa.String(length=2000), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "num_nonnulls(upheld, decided_at, decided_by, answer) IN (0, 4)",
            name=op.f("ck_claim_objection_decided"),
        ),
        sa.ForeignKeyConstraint(
            ["claim_id"], ["credit_claim.id"], name=op.f("fk_claim_objection_claim_id")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["account.id"], name=op.f("fk_claim_objection_decided_by")
        ),
        sa.ForeignKeyConstraint(
            ["publication_id"],
            ["claim_publication.id"],
            name=op.f("fk_claim_objection_publication_id"),
        ),
        sa.ForeignKeyConstraint(
            ["raised_by"], ["account.id"], name=op.f("fk_claim_objection_raised_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_objection")),
        sa.UniqueConstraint(
            "publication_id",
            "claim_id",
            "raised_by",
            name=op.f("uq_claim_objection_publication_id_claim_id_raised_by"),
        ),
    )
    op.create_index(
        op.f("ix_claim_objection_claim_id"), "claim_objection", ["claim_id"], unique=False
    )


def make_claim_step() -> None:
    op.create_table(
        "claim_step",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column(
            "act",
            sa.Enum(
                "submit",
                "withdraw",
                "approve",
                "return",
                "reject",
                "appeal",
                "publish",
                "object",
                "enter",
                "lapse",
                name="claim_act",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "stage",
            sa.Enum(
                "school",
                "county",
                "city",
                name="review_stage",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("opinion", sa.String(length=2000), nullable=True),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["claim_id"], ["credit_claim.id"], name=op.f("fk_claim_step_claim_id")
        ),
        sa.ForeignKeyConstraint(["taken_by"], ["account.id"], name=op.f("fk_claim_step_taken_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_step")),
        sa.UniqueConstraint("claim_id", "version", name=op.f("uq_claim_step_claim_id_version")),
    )
    op.create_index(op.f("ix_claim_step_taken_by"), "claim_step", ["taken_by"], unique=False)


def make_human_review() -> None:
    op.create_table(
        "human_review",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=True),
        sa.Column("activity_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(length=2000), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("teacher_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "asked",
                "upheld",
                "put_right",
                "withdrawn",
                name="review_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("opinion", sa.String(length=2000), nullable=True),
        sa.CheckConstraint(
            "(state = 'asked') = (decided_at IS NULL)", name=op.f("ck_human_review_decided_once")
        ),
        sa.CheckConstraint(
            "num_nonnulls(entry_id, activity_id) = 1", name=op.f("ck_human_review_about_one_thing")
        ),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_human_review_activity_id")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["account.id"], name=op.f("fk_human_review_decided_by")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["credit_entry.id"], name=op.f("fk_human_review_entry_id")
        ),
        sa.ForeignKeyConstraint(
            ["teacher_id", "school_id", "county_id", "city_id"],
            ["teacher.id", "teacher.school_id", "teacher.county_id", "teacher.city_id"],
            name=op.f("fk_human_review_teacher_id_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_human_review")),
    )
    op.create_index(
        op.f("ix_human_review_city_id_id"), "human_review", ["city_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_human_review_county_id_id"), "human_review", ["county_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_human_review_school_id_id"), "human_review", ["school_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_human_review_teacher_id_id"), "human_review", ["teacher_id", "id"], unique=False
    )
    op.create_index(
        "uq_human_review_open",
        "human_review",
        ["teacher_id", sa.literal_column("coalesce(entry_id, activity_id)")],
        unique=True,
        postgresql_where=sa.text("state = 'asked'"),
    )


def downgrade() -> None:
    move(f"ARRAY[{MOVED}", "ARRAY[")
    for table in reversed(TABLES):
        op.drop_table(table)
