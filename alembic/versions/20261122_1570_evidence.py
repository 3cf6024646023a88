"""Notes with versions and fingerprints, files, evidence, rubrics, observation sheets, checks."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.database.migrations import audited, grant

revision = "20261122_1570"
down_revision = "20261122_1560"
branch_labels = None
depends_on = None

WRITTEN_BY_PERSONS = {
    "note": ["text"],
    "evidence": ["text"],
    "observation_sheet": ["record", "diagnosis", "suggestions", "answer"],
}
"""What somebody wrote, of which the trail says that it changed and not what it is."""
AUDITED = ("file", "rubric", "evidence", "note_resemblance", "observation_sheet", "evidence_check")

KEEP_VERSION = """
CREATE FUNCTION keep_note_version() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO note_version (
        note_id, version, teacher_id, kind, text, held_at, place, speaker, person_in_charge,
        submitted_at
    )
    VALUES (
        OLD.id, OLD.version, OLD.teacher_id, OLD.kind, OLD.text, OLD.held_at, OLD.place,
        OLD.speaker, OLD.person_in_charge, OLD.submitted_at
    );
    NEW.version := OLD.version + 1;
    RETURN NEW;
END
$$
"""
WHEN_REPLACED = """
CREATE TRIGGER keep_version BEFORE UPDATE ON note FOR EACH ROW
    WHEN ((OLD.text, OLD.held_at, OLD.place, OLD.speaker, OLD.person_in_charge)
        IS DISTINCT FROM (NEW.text, NEW.held_at, NEW.place, NEW.speaker, NEW.person_in_charge))
    EXECUTE FUNCTION keep_note_version()
"""


def upgrade() -> None:
    for name, kind in (
        ("held_at", sa.DateTime(timezone=True)),
        ("place", sa.String(length=100)),
        ("speaker", sa.String(length=200)),
        ("person_in_charge", sa.String(length=60)),
    ):
        op.add_column("note", sa.Column(name, kind, nullable=True))
    op.add_column("note", sa.Column("version", sa.Integer(), server_default="1", nullable=False))
    make_tables()
    op.execute(KEEP_VERSION)
    # Who could make a trigger of it on a table of their own could write whatever they like.
    op.execute("REVOKE EXECUTE ON FUNCTION keep_note_version() FROM PUBLIC")
    op.execute(WHEN_REPLACED)
    grant("SELECT", "note_version")
    grant("SELECT, INSERT, UPDATE (bands)", "note_fingerprint")
    decision = "state, opinion, decided_at, decided_by"
    grant(f"SELECT, INSERT, UPDATE ({decision})", "note_resemblance")
    # What is attached to nothing is forgotten.
    grant("SELECT, INSERT, DELETE, UPDATE (sharing, consent)", "file")
    grant("SELECT, INSERT, UPDATE (withdrawn_at, withdrawn_by)", "evidence")
    grant("SELECT, INSERT", "rubric", "evidence_check")
    grant("SELECT, INSERT, UPDATE (answer, answered_at)", "observation_sheet")
    for table in AUDITED:
        audited(table, hidden=WRITTEN_BY_PERSONS.get(table, ()))
    audited("note", hidden=WRITTEN_BY_PERSONS["note"], insertions=False)


def make_tables() -> None:
    op.create_table(
        "file",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("shows_pupils", sa.Boolean(), nullable=False),
        sa.Column("consent", sa.String(length=200), nullable=True),
        sa.Column(
            "sharing",
            sa.Enum(
                "unit",
                "activity",
                "county",
                "city",
                name="file_sharing",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "unit_id",
            sa.Uuid(),
            sa.Computed("coalesce(school_id, county_id)", persisted=True),
            nullable=False,
        ),
        sa.Column("teacher_id", sa.Uuid(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "document",
                "image",
                "audio",
                "video",
                name="media_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("uploaded_by", sa.Uuid(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "NOT shows_pupils OR sharing = 'unit' OR consent IS NOT NULL",
            name=op.f("ck_file_pupils_stay_inside"),
        ),
        sa.CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name=op.f("ck_file_sha256")),
        sa.CheckConstraint("school_id <> county_id", name=op.f("ck_file_school_is_no_bureau")),
        sa.CheckConstraint("size > 0", name=op.f("ck_file_size")),
        sa.ForeignKeyConstraint(
            ["county_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_file_county_id_city_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name=op.f("fk_file_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(["teacher_id"], ["teacher.id"], name=op.f("fk_file_teacher_id")),
        sa.ForeignKeyConstraint(["uploaded_by"], ["account.id"], name=op.f("fk_file_uploaded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_file")),
    )
    op.create_index(op.f("ix_file_city_id_id"), "file", ["city_id", "id"], unique=False)
    op.create_index(op.f("ix_file_county_id_id"), "file", ["county_id", "id"], unique=False)
    op.create_index(op.f("ix_file_school_id_id"), "file", ["school_id", "id"], unique=False)
    op.create_index(op.f("ix_file_sha256"), "file", ["sha256"], unique=False)
    op.create_index(op.f("ix_file_teacher_id_id"), "file", ["teacher_id", "id"], unique=False)
    op.create_index(op.f("ix_file_unit_id_id"), "file", ["unit_id", "id"], unique=False)
    op.create_table(
        "rubric",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("assumed", sa.Boolean(), nullable=False),
        sa.Column("dimensions", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "unit_id",
            sa.Uuid(),
            sa.Computed("coalesce(school_id, county_id)", persisted=True),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.Uuid(), nullable=False),
        sa.CheckConstraint("jsonb_typeof(dimensions) = 'array'", name=op.f("ck_rubric_dimensions")),
        sa.CheckConstraint("school_id <> county_id", name=op.f("ck_rubric_school_is_no_bureau")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_rubric_version_from_one")),
        sa.ForeignKeyConstraint(
            ["county_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_rubric_county_id_city_id"),
        ),
        sa.ForeignKeyConstraint(
            ["published_by"], ["account.id"], name=op.f("fk_rubric_published_by")
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name=op.f("fk_rubric_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rubric")),
        sa.UniqueConstraint(
            "unit_id", "code", "version", name=op.f("uq_rubric_unit_id_code_version")
        ),
    )
    op.create_index(op.f("ix_rubric_city_id_id"), "rubric", ["city_id", "id"], unique=False)
    op.create_index(op.f("ix_rubric_county_id_id"), "rubric", ["county_id", "id"], unique=False)
    op.create_index(op.f("ix_rubric_school_id_id"), "rubric", ["school_id", "id"], unique=False)
    op.create_table(
        "evidence",
        sa.Column(
            "kind",
            sa.Enum(
                "note",
                "reflection",
                "observation_sheet",
                "lesson_plan",
                "courseware",
                "recording",
                "photo",
                "written_survey",
                "written_examination",
                "paper",
                "contest_result",
                "summary",
                "attendance_sheet",
                "certificate",
                "other",
                name="evidence_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("teacher_id", sa.Uuid(), nullable=True),
        sa.Column("added_by", sa.Uuid(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "num_nonnulls(text, file_id) >= 1", name=op.f("ck_evidence_shows_something")
        ),
        sa.CheckConstraint(
            "num_nonnulls(withdrawn_at, withdrawn_by) IN (0, 2)", name=op.f("ck_evidence_withdrawn")
        ),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_evidence_activity_id")
        ),
        sa.ForeignKeyConstraint(["added_by"], ["account.id"], name=op.f("fk_evidence_added_by")),
        sa.ForeignKeyConstraint(["file_id"], ["file.id"], name=op.f("fk_evidence_file_id")),
        sa.ForeignKeyConstraint(
            ["session_id", "activity_id"],
            ["activity_session.id", "activity_session.activity_id"],
            name=op.f("fk_evidence_session_id_activity_id"),
        ),
        sa.ForeignKeyConstraint(
            ["teacher_id"], ["teacher.id"], name=op.f("fk_evidence_teacher_id")
        ),
        sa.ForeignKeyConstraint(
            ["withdrawn_by"], ["account.id"], name=op.f("fk_evidence_withdrawn_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
    )
    op.create_index(
        op.f("ix_evidence_activity_id_id"), "evidence", ["activity_id", "id"], unique=False
    )
    op.create_index(op.f("ix_evidence_file_id"), "evidence", ["file_id"], unique=False)
    op.create_index(
        op.f("ix_evidence_teacher_id_id"), "evidence", ["teacher_id", "id"], unique=False
    )
    op.create_table(
        "note_version",
        sa.Column(
            "kind",
            sa.Enum(
                "note",
                "reflection",
                name="note_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("place", sa.String(length=100), nullable=True),
        sa.Column("speaker", sa.String(length=200), nullable=True),
        sa.Column("person_in_charge", sa.String(length=60), nullable=True),
        sa.Column("note_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("teacher_id", sa.Uuid(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["note_id"], ["note.id"], name=op.f("fk_note_version_note_id")),
        sa.ForeignKeyConstraint(
            ["teacher_id"], ["teacher.id"], name=op.f("fk_note_version_teacher_id")
        ),
        sa.PrimaryKeyConstraint("note_id", "version", name=op.f("pk_note_version")),
    )
    op.create_index(
        op.f("ix_note_version_teacher_id"), "note_version", ["teacher_id"], unique=False
    )
    op.create_table(
        "note_fingerprint",
        sa.Column("note_id", sa.Uuid(), nullable=False),
        sa.Column("bands", sa.ARRAY(sa.BigInteger()), nullable=False),
        sa.ForeignKeyConstraint(["note_id"], ["note.id"], name=op.f("fk_note_fingerprint_note_id")),
        sa.PrimaryKeyConstraint("note_id", name=op.f("pk_note_fingerprint")),
    )
    op.create_index(
        op.f("ix_note_fingerprint_bands"),
        "note_fingerprint",
        ["bands"],
        unique=False,
        postgresql_using="gin",
    )
    op.create_table(
        "note_resemblance",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("note_id", sa.Uuid(), nullable=False),
        sa.Column("note_version", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=False),
        sa.Column("other_version", sa.Integer(), nullable=False),
        sa.Column("share", sa.Numeric(precision=4, scale=3), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "dismissed",
                "confirmed",
                name="resemblance_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("opinion", sa.String(length=500), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(state = 'open') = (decided_at IS NULL) AND num_nonnulls(decided_at, decided_by, opinion) IN (0, 3)",
            name=op.f("ck_note_resemblance_decided"),
        ),
        sa.CheckConstraint("note_id < other_id", name=op.f("ck_note_resemblance_once")),
        sa.CheckConstraint("share > 0 AND share <= 1", name=op.f("ck_note_resemblance_share")),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["account.id"], name=op.f("fk_note_resemblance_decided_by")
        ),
        sa.ForeignKeyConstraint(["note_id"], ["note.id"], name=op.f("fk_note_resemblance_note_id")),
        sa.ForeignKeyConstraint(
            ["other_id"], ["note.id"], name=op.f("fk_note_resemblance_other_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note_resemblance")),
        sa.UniqueConstraint(
            "note_id",
            "other_id",
            "note_version",
            "other_version",
            name=op.f("uq_note_resemblance_note_id_other_id_note_version_other_version"),
        ),
    )
    op.create_index(
        "ix_note_resemblance_open",
        "note_resemblance",
        ["found_at"],
        unique=False,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(
        op.f("ix_note_resemblance_other_id"), "note_resemblance", ["other_id"], unique=False
    )
    op.create_table(
        "observation_sheet",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "routine",
                "mutual",
                "research",
                "demonstration",
                "report",
                name="observation_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("class_name", sa.String(length=60), nullable=False),
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
            nullable=False,
        ),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("diagnosis", sa.Text(), nullable=False),
        sa.Column("suggestions", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("teacher_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("observer_id", sa.Uuid(), nullable=True),
        sa.Column("observer", sa.String(length=60), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=True),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("rubric_id", sa.Uuid(), nullable=True),
        sa.Column(
            "scores", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True
        ),
        sa.Column("total", sa.Numeric(precision=8, scale=2), nullable=True),
        sa.Column("submitted_by", sa.Uuid(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(length=2000), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(answer IS NULL) = (answered_at IS NULL)", name=op.f("ck_observation_sheet_answered")
        ),
        sa.CheckConstraint(
            "(total IS NULL) = (scores IS NULL)", name=op.f("ck_observation_sheet_total")
        ),
        sa.CheckConstraint(
            "observer_id <> teacher_id", name=op.f("ck_observation_sheet_of_another")
        ),
        sa.CheckConstraint(
            "session_id IS NULL OR activity_id IS NOT NULL",
            name=op.f("ck_observation_sheet_session"),
        ),
        sa.CheckConstraint(
            "total BETWEEN 0 AND 100", name=op.f("ck_observation_sheet_out_of_a_hundred")
        ),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_observation_sheet_activity_id")
        ),
        sa.ForeignKeyConstraint(
            ["observer_id"], ["teacher.id"], name=op.f("fk_observation_sheet_observer_id")
        ),
        sa.ForeignKeyConstraint(
            ["rubric_id"], ["rubric.id"], name=op.f("fk_observation_sheet_rubric_id")
        ),
        sa.ForeignKeyConstraint(
            ["session_id", "activity_id"],
            ["activity_session.id", "activity_session.activity_id"],
            name=op.f("fk_observation_sheet_session_id_activity_id"),
        ),
        sa.ForeignKeyConstraint(
            ["submitted_by"], ["account.id"], name=op.f("fk_observation_sheet_submitted_by")
        ),
        sa.ForeignKeyConstraint(
            ["teacher_id", "school_id", "county_id", "city_id"],
            ["teacher.id", "teacher.school_id", "teacher.county_id", "teacher.city_id"],
            name=op.f("fk_observation_sheet_teacher_id_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_observation_sheet")),
        sa.UniqueConstraint(
            "submitted_by",
            "teacher_id",
            "held_on",
            "title",
            name=op.f("uq_observation_sheet_submitted_by_teacher_id_held_on_title"),
        ),
    )
    op.create_index(
        op.f("ix_observation_sheet_activity_id_id"),
        "observation_sheet",
        ["activity_id", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_observation_sheet_observer_id_held_on_kind"),
        "observation_sheet",
        ["observer_id", "held_on", "kind"],
        unique=False,
    )
    op.create_index(
        op.f("ix_observation_sheet_teacher_id_id"),
        "observation_sheet",
        ["teacher_id", "id"],
        unique=False,
    )
    op.create_table(
        "evidence_check",
        sa.Column("note_version", sa.Integer(), nullable=True),
        sa.Column("note_id", sa.Uuid(), nullable=True),
        sa.Column("sheet_id", sa.Uuid(), nullable=True),
        sa.Column("evidence_id", sa.Uuid(), nullable=True),
        sa.Column(
            "verdict",
            sa.Enum(
                "checked",
                "returned",
                "commended",
                name="check_verdict",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("remark", sa.String(length=500), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("checked_by", sa.Uuid(), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "verdict <> 'returned' OR remark IS NOT NULL",
            name=op.f("ck_evidence_check_returned_with_remark"),
        ),
        sa.CheckConstraint(
            "(note_id IS NULL) = (note_version IS NULL)",
            name=op.f("ck_evidence_check_of_a_version"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(note_id, sheet_id, evidence_id) = 1",
            name=op.f("ck_evidence_check_of_one"),
        ),
        sa.ForeignKeyConstraint(
            ["checked_by"], ["account.id"], name=op.f("fk_evidence_check_checked_by")
        ),
        sa.ForeignKeyConstraint(
            ["evidence_id"], ["evidence.id"], name=op.f("fk_evidence_check_evidence_id")
        ),
        sa.ForeignKeyConstraint(["note_id"], ["note.id"], name=op.f("fk_evidence_check_note_id")),
        sa.ForeignKeyConstraint(
            ["sheet_id"], ["observation_sheet.id"], name=op.f("fk_evidence_check_sheet_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_check")),
    )
    op.create_index(
        op.f("ix_evidence_check_evidence_id_id"),
        "evidence_check",
        ["evidence_id", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_evidence_check_note_id_id"), "evidence_check", ["note_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_evidence_check_sheet_id_id"), "evidence_check", ["sheet_id", "id"], unique=False
    )


def downgrade() -> None:
    op.execute("DROP TRIGGER keep_version ON note")
    op.execute("DROP FUNCTION keep_note_version()")
    for table in (
        "evidence_check", "observation_sheet", "note_resemblance", "note_fingerprint",
        "note_version", "evidence", "rubric", "file",
    ):  # fmt: skip
        op.drop_table(table)
    for column in ("version", "person_in_charge", "speaker", "place", "held_at"):
        op.drop_column("note", column)
    audited("note", hidden=WRITTEN_BY_PERSONS["note"], insertions=False)
