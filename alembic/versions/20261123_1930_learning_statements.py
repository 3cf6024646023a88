"""Learning records with what follows from them: whose progress is due, progress, doubts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from app.database.migrations import audited, grant, moved_with_person, not_moved_with_person

revision = "20261123_1930"
down_revision = "20261123_1920"
branch_labels = None
depends_on = None

KEEP = """
CREATE FUNCTION keep_learning_record() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
DECLARE
    following CONSTANT text[] := '{teacher_id,city_id,county_id,school_id}';
BEGIN
    IF TG_OP <> 'UPDATE' THEN
        RAISE EXCEPTION 'learning records are kept as they were told: % is refused', TG_OP
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    -- Whose it is follows the person to another school, or to the record that stays of two.
    IF to_jsonb(OLD) - following <> to_jsonb(NEW) - following THEN
        RAISE EXCEPTION 'learning records are kept as they were told'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF OLD.teacher_id <> NEW.teacher_id THEN
        INSERT INTO learning_due (activity_id, teacher_id, since)
        VALUES (NEW.activity_id, NEW.teacher_id, now()) ON CONFLICT DO NOTHING;
    END IF;
    RETURN NEW;
END
$$
"""
KEPT = """
CREATE TRIGGER append_only_rows BEFORE UPDATE OR DELETE ON learning_record
    FOR EACH ROW EXECUTE FUNCTION keep_learning_record();
CREATE TRIGGER append_only BEFORE TRUNCATE ON learning_record
    FOR EACH STATEMENT EXECUTE FUNCTION keep_learning_record()
"""
MOVED = ("learning_record.teacher_id", "learning_progress.teacher_id", "learning_doubt.teacher_id")


def upgrade() -> None:
    make_learning_record()
    make_learning_due()
    make_learning_progress()
    make_learning_doubt()
    op.execute(KEEP)
    for each in KEPT.split(";"):
        op.execute(each)
    grant("SELECT, INSERT", "learning_record")
    grant("SELECT, INSERT, UPDATE (since), DELETE", "learning_due")
    yielded = (
        "share, seconds, items_done, score, completed_at, first_at, last_at, records, set_aside"
    )
    grant(f"SELECT, INSERT, UPDATE ({yielded}, counted_at)", "learning_progress")
    decided = "state, decided_at, decided_by, opinion"
    grant(f"SELECT, INSERT, UPDATE ({decided}, records, figures)", "learning_doubt")
    # They say themselves who told them, and when; there are millions.
    audited("learning_record", insertions=False)
    audited("learning_doubt", insertions=False)
    moved_with_person(*MOVED)


def make_learning_record() -> None:
    op.create_table(
        "learning_record",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("teacher_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("player_id", sa.Uuid(), nullable=False),
        sa.Column("verb", sa.Text(), nullable=False),
        sa.Column("object", sa.Text(), nullable=False),
        sa.Column("of_class", sa.Boolean(), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=True),
        sa.Column("share", sa.SmallInteger(), nullable=True),
        sa.Column("score", sa.Numeric(precision=7, scale=6), nullable=True),
        sa.Column("completed", sa.Boolean(), nullable=False),
        sa.Column("voids", sa.Uuid(), nullable=True),
        sa.Column("tags", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("seconds >= 0", name=op.f("ck_learning_record_seconds")),
        sa.CheckConstraint("share BETWEEN 0 AND 100", name=op.f("ck_learning_record_share")),
        sa.CheckConstraint("voids <> id", name=op.f("ck_learning_record_voids_another")),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_learning_record_activity_id")
        ),
        sa.ForeignKeyConstraint(
            ["player_id"], ["account.id"], name=op.f("fk_learning_record_player_id")
        ),
        sa.ForeignKeyConstraint(
            ["session_id", "activity_id"],
            ["activity_session.id", "activity_session.activity_id"],
            name=op.f("fk_learning_record_session_id_activity_id"),
        ),
        sa.ForeignKeyConstraint(
            ["teacher_id", "school_id", "county_id", "city_id"],
            ["teacher.id", "teacher.school_id", "teacher.county_id", "teacher.city_id"],
            name=op.f("fk_learning_record_teacher_id_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["voids"], ["learning_record.id"], name=op.f("fk_learning_record_voids")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learning_record")),
    )
    op.create_index(
        op.f("ix_learning_record_activity_id_teacher_id_happened_at"),
        "learning_record",
        ["activity_id", "teacher_id", "happened_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_learning_record_city_id_stored_at_id"),
        "learning_record",
        ["city_id", "stored_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_learning_record_county_id_stored_at_id"),
        "learning_record",
        ["county_id", "stored_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_learning_record_school_id_stored_at_id"),
        "learning_record",
        ["school_id", "stored_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_learning_record_tags"),
        "learning_record",
        ["tags"],
        unique=False,
        postgresql_using="gin",
    )
    op.create_index(
        op.f("ix_learning_record_teacher_id_stored_at_id"),
        "learning_record",
        ["teacher_id", "stored_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_learning_record_voids"),
        "learning_record",
        ["voids"],
        unique=True,
        postgresql_where=sa.text("voids IS NOT NULL"),
    )


def make_learning_due() -> None:
    op.create_table(
        "learning_due",
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("teacher_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_learning_due_activity_id")
        ),
        sa.ForeignKeyConstraint(
            ["teacher_id"], ["teacher.id"], name=op.f("fk_learning_due_teacher_id")
        ),
        sa.PrimaryKeyConstraint("activity_id", "teacher_id", name=op.f("pk_learning_due")),
    )
    op.create_index(op.f("ix_learning_due_since"), "learning_due", ["since"], unique=False)


def make_learning_progress() -> None:
    op.create_table(
        "learning_progress",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("share", sa.SmallInteger(), nullable=True),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("items_done", sa.Integer(), nullable=False),
        sa.Column("score", sa.Numeric(precision=7, scale=6), nullable=True),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.Column("set_aside", sa.Integer(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("teacher_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_learning_progress_activity_id")
        ),
        sa.ForeignKeyConstraint(
            ["teacher_id", "school_id", "county_id", "city_id"],
            ["teacher.id", "teacher.school_id", "teacher.county_id", "teacher.city_id"],
            name=op.f("fk_learning_progress_teacher_id_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learning_progress")),
        sa.UniqueConstraint(
            "activity_id", "teacher_id", name=op.f("uq_learning_progress_activity_id_teacher_id")
        ),
    )
    op.create_index(
        op.f("ix_learning_progress_teacher_id_id"),
        "learning_progress",
        ["teacher_id", "id"],
        unique=False,
    )


def make_learning_doubt() -> None:
    op.create_table(
        "learning_doubt",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("teacher_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "two_places",
                "too_fast",
                "regular",
                "outside_window",
                name="learning_doubt_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("records", sa.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("figures", JSONB(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "dismissed",
                "confirmed",
                name="learning_doubt_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("opinion", sa.String(length=500), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(state = 'open') = (decided_at IS NULL)", name=op.f("ck_learning_doubt_decided_once")
        ),
        sa.CheckConstraint(
            "cardinality(records) > 0", name=op.f("ck_learning_doubt_rests_on_records")
        ),
        sa.CheckConstraint(
            "school_id <> county_id", name=op.f("ck_learning_doubt_school_is_no_bureau")
        ),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_learning_doubt_activity_id")
        ),
        sa.ForeignKeyConstraint(
            ["county_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_learning_doubt_county_id_city_id"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["account.id"], name=op.f("fk_learning_doubt_decided_by")
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name=op.f("fk_learning_doubt_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["teacher_id"], ["teacher.id"], name=op.f("fk_learning_doubt_teacher_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learning_doubt")),
    )
    op.create_index(
        op.f("ix_learning_doubt_activity_id_teacher_id_kind"),
        "learning_doubt",
        ["activity_id", "teacher_id", "kind"],
        unique=True,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(
        "ix_learning_doubt_of_person", "learning_doubt", ["activity_id", "teacher_id"], unique=False
    )
    op.create_index(
        "ix_learning_doubt_open_city",
        "learning_doubt",
        ["city_id", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(
        "ix_learning_doubt_open_county",
        "learning_doubt",
        ["county_id", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(
        "ix_learning_doubt_open_school",
        "learning_doubt",
        ["school_id", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'open'"),
    )


def downgrade() -> None:
    not_moved_with_person(*MOVED)
    for table in ("learning_doubt", "learning_progress", "learning_due", "learning_record"):
        op.drop_table(table)
    op.execute("DROP FUNCTION keep_learning_record()")
