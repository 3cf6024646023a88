"""Archives: volumes and their pieces, retrievals, destructions, releases, growth files from elsewhere."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.database.migrations import audited, grant, moved_with_person, not_moved_with_person

revision = "20261123_2050"
down_revision = "20261123_2040"
branch_labels = None
depends_on = None

MOVED = (
    "archive_piece.teacher_id",
    "archive_volume.teacher_id",
    "arrived_growth_file.teacher_id",
    "growth_release.teacher_id",
)
PLACED = "city_id, county_id, school_id"
RECIPIENTS = "recipient IN ('province', 'application'{})"

KEEP_VOLUME = """
CREATE FUNCTION keep_sealed_volume() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    -- Where it lies and whose it is follow from elsewhere; a hold and the destruction come later.
    free text[] := ARRAY['city_id', 'county_id', 'school_id', 'teacher_id', 'hold_reason', 'held_at',
        'held_by', 'state', 'destroyed_at'];
BEGIN
    IF NEW.state NOT IN (OLD.state, 'destroyed') OR to_jsonb(NEW) - free <> to_jsonb(OLD) - free THEN
        RAISE EXCEPTION 'a volume that was sealed stays as it was sealed'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'archive_volume_sealed';
    END IF;
    RETURN NEW;
END
$$
"""
KEPT_VOLUME = """
CREATE TRIGGER keep_sealed_volume BEFORE UPDATE ON archive_volume FOR EACH ROW
    WHEN (OLD.state IN ('sealed', 'destroyed')) EXECUTE FUNCTION keep_sealed_volume()
"""
KEEP_PIECE = """
CREATE FUNCTION keep_archive_piece() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    stands text;
    free text[] := ARRAY['teacher_id'];
BEGIN
    -- Whoever seals the volume has it alone: a piece is under the seal, or is not there.
    SELECT state INTO stands FROM archive_volume
        WHERE id = CASE TG_OP WHEN 'DELETE' THEN OLD.volume_id ELSE NEW.volume_id END FOR SHARE;
    IF TG_OP = 'UPDATE' THEN
        IF stands = 'destroyed' AND num_nonnulls(NEW.content, NEW.salt, NEW.file_id) = 0 THEN
            free := free || ARRAY['content', 'salt', 'file_id'];
        END IF;
        IF to_jsonb(NEW) - free <> to_jsonb(OLD) - free THEN
            RAISE EXCEPTION 'a piece stays as it was filed'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'archive_piece_stays';
        END IF;
    ELSIF stands NOT IN ('opened', 'assembled') THEN
        RAISE EXCEPTION 'the volume was checked: what comes now goes into a supplement'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'archive_piece_stays';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END
$$
"""
KEPT_PIECE = """
CREATE TRIGGER keep_archive_piece BEFORE INSERT OR UPDATE OR DELETE ON archive_piece
    FOR EACH ROW EXECUTE FUNCTION keep_archive_piece()
"""


def name_recipients(more: str) -> None:
    op.drop_constraint(op.f("ck_provision_recipient"), "provision", type_="check")
    op.create_check_constraint(op.f("ck_provision_recipient"), "provision", RECIPIENTS.format(more))


def upgrade() -> None:
    make_tables()
    for statement in (KEEP_VOLUME, KEPT_VOLUME, KEEP_PIECE, KEPT_PIECE):
        op.execute(statement)
    say_who_may()
    name_recipients(", 'authority'")
    moved_with_person(*MOVED)


def make_tables() -> None:
    op.create_table(
        "archive_volume",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "school",
                "growth",
                name="archive_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("school_year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("teacher_id", sa.Uuid(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "opened",
                "assembled",
                "checked",
                "sealed",
                "destroyed",
                name="volume_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("pieces", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by", sa.Uuid(), nullable=False),
        sa.Column("assembled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("assembled_by", sa.Uuid(), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_by", sa.Uuid(), nullable=True),
        sa.Column("check_opinion", sa.String(length=2000), nullable=True),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sealed_by", sa.Uuid(), nullable=True),
        sa.Column("seal", sa.Text(), nullable=True),
        sa.Column("manifest_sha256", sa.String(length=64), nullable=True),
        sa.Column("permanent", sa.Boolean(), nullable=True),
        sa.Column("retained_until", sa.Date(), nullable=True),
        sa.Column("hold_reason", sa.String(length=500), nullable=True),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("held_by", sa.Uuid(), nullable=True),
        sa.Column("destroyed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(assembled_at IS NULL) = (state = 'opened') AND num_nonnulls(assembled_at, assembled_by) IN (0, 2)",
            name=op.f("ck_archive_volume_assembled"),
        ),
        sa.CheckConstraint(
            "(checked_at IS NOT NULL) = (state IN ('checked', 'sealed', 'destroyed')) AND num_nonnulls(checked_at, checked_by) IN (0, 2)",
            name=op.f("ck_archive_volume_checked"),
        ),
        sa.CheckConstraint(
            "(destroyed_at IS NOT NULL) = (state = 'destroyed')",
            name=op.f("ck_archive_volume_destroyed"),
        ),
        sa.CheckConstraint(
            "(kind = 'growth') = (teacher_id IS NOT NULL)", name=op.f("ck_archive_volume_whose")
        ),
        sa.CheckConstraint(
            "num_nonnulls(sealed_at, sealed_by, seal, manifest_sha256, permanent) = CASE WHEN state IN ('sealed', 'destroyed') THEN 5 ELSE 0 END",
            name=op.f("ck_archive_volume_sealed"),
        ),
        sa.CheckConstraint(
            "(retained_until IS NOT NULL) = (NOT permanent)",
            name=op.f("ck_archive_volume_retained"),
        ),
        sa.CheckConstraint(
            "checked_by <> assembled_by", name=op.f("ck_archive_volume_checked_by_another")
        ),
        sa.CheckConstraint(
            "num_nonnulls(hold_reason, held_at, held_by) IN (0, 3)",
            name=op.f("ck_archive_volume_hold"),
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_archive_volume_number")),
        sa.CheckConstraint(
            "school_id <> county_id", name=op.f("ck_archive_volume_school_is_no_bureau")
        ),
        sa.ForeignKeyConstraint(
            ["assembled_by"], ["account.id"], name=op.f("fk_archive_volume_assembled_by")
        ),
        sa.ForeignKeyConstraint(
            ["checked_by"], ["account.id"], name=op.f("fk_archive_volume_checked_by")
        ),
        sa.ForeignKeyConstraint(
            ["county_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_archive_volume_county_id_city_id"),
        ),
        sa.ForeignKeyConstraint(
            ["held_by"], ["account.id"], name=op.f("fk_archive_volume_held_by")
        ),
        sa.ForeignKeyConstraint(
            ["opened_by"], ["account.id"], name=op.f("fk_archive_volume_opened_by")
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name=op.f("fk_archive_volume_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["sealed_by"], ["account.id"], name=op.f("fk_archive_volume_sealed_by")
        ),
        sa.ForeignKeyConstraint(
            ["teacher_id", "school_id", "county_id", "city_id"],
            ["teacher.id", "teacher.school_id", "teacher.county_id", "teacher.city_id"],
            name=op.f("fk_archive_volume_teacher_id_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_archive_volume")),
    )
    op.create_index(
        op.f("ix_archive_volume_city_id_school_year_id"),
        "archive_volume",
        ["city_id", "school_year", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_archive_volume_county_id_school_year_id"),
        "archive_volume",
        ["county_id", "school_year", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_archive_volume_retained_until"),
        "archive_volume",
        ["retained_until"],
        unique=False,
        postgresql_where=sa.text("state = 'sealed'"),
    )
    op.create_index(
        op.f("ix_archive_volume_school_id_school_year_id"),
        "archive_volume",
        ["school_id", "school_year", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_archive_volume_teacher_id_school_year_id"),
        "archive_volume",
        ["teacher_id", "school_year", "id"],
        unique=False,
    )
    op.create_index(
        "uq_archive_volume_growth_number",
        "archive_volume",
        ["teacher_id", "school_year", "number"],
        unique=True,
        postgresql_where=sa.text("kind = 'growth'"),
    )
    op.create_index(
        "uq_archive_volume_growth_unsealed",
        "archive_volume",
        ["teacher_id", "school_year"],
        unique=True,
        postgresql_where=sa.text("kind = 'growth' AND state IN ('opened', 'assembled', 'checked')"),
    )
    op.create_index(
        "uq_archive_volume_school_number",
        "archive_volume",
        ["school_id", "school_year", "number"],
        unique=True,
        postgresql_where=sa.text("kind = 'school'"),
    )
    op.create_index(
        "uq_archive_volume_school_unsealed",
        "archive_volume",
        ["school_id", "school_year"],
        unique=True,
        postgresql_where=sa.text("kind = 'school' AND state IN ('opened', 'assembled', 'checked')"),
    )
    op.create_table(
        "growth_issuer",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("did", sa.String(length=220), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("keys", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("trusted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("trusted_by", sa.Uuid(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("jsonb_typeof(keys) = 'array'", name=op.f("ck_growth_issuer_keys")),
        sa.CheckConstraint(
            "num_nonnulls(ended_at, ended_by) IN (0, 2)", name=op.f("ck_growth_issuer_ended")
        ),
        sa.CheckConstraint(
            "school_id <> county_id", name=op.f("ck_growth_issuer_school_is_no_bureau")
        ),
        sa.ForeignKeyConstraint(
            ["county_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_growth_issuer_county_id_city_id"),
        ),
        sa.ForeignKeyConstraint(
            ["ended_by"], ["account.id"], name=op.f("fk_growth_issuer_ended_by")
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name=op.f("fk_growth_issuer_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["trusted_by"], ["account.id"], name=op.f("fk_growth_issuer_trusted_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_growth_issuer")),
    )
    op.create_index(
        op.f("ix_growth_issuer_city_id_id"), "growth_issuer", ["city_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_growth_issuer_county_id_id"), "growth_issuer", ["county_id", "id"], unique=False
    )
    op.create_index(
        "uq_growth_issuer_trusted",
        "growth_issuer",
        ["city_id", "did"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "growth_release",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("recipient_name", sa.String(length=200), nullable=False),
        sa.Column("purpose", sa.String(length=500), nullable=False),
        sa.Column("kinds", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("school_years", sa.ARRAY(sa.Integer()), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("teacher_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "given",
                "revoked",
                "handed_over",
                name="release_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handed_over_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handed_over_by", sa.Uuid(), nullable=True),
        sa.Column("record_sha256", sa.String(length=64), nullable=True),
        sa.Column("pieces", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(revoked_at IS NOT NULL) = (state = 'revoked')", name=op.f("ck_growth_release_revoked")
        ),
        sa.CheckConstraint(
            "num_nonnulls(handed_over_at, handed_over_by, record_sha256, pieces) = CASE WHEN state = 'handed_over' THEN 4 ELSE 0 END",
            name=op.f("ck_growth_release_handed_over"),
        ),
        sa.CheckConstraint("cardinality(kinds) >= 1", name=op.f("ck_growth_release_kinds")),
        sa.ForeignKeyConstraint(
            ["handed_over_by"], ["account.id"], name=op.f("fk_growth_release_handed_over_by")
        ),
        sa.ForeignKeyConstraint(
            ["teacher_id", "school_id", "county_id", "city_id"],
            ["teacher.id", "teacher.school_id", "teacher.county_id", "teacher.city_id"],
            name=op.f("fk_growth_release_teacher_id_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_growth_release")),
    )
    op.create_index(
        op.f("ix_growth_release_city_id_id"), "growth_release", ["city_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_growth_release_county_id_id"), "growth_release", ["county_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_growth_release_school_id_id"), "growth_release", ["school_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_growth_release_teacher_id_id"),
        "growth_release",
        ["teacher_id", "id"],
        unique=False,
    )
    op.create_table(
        "archive_destruction",
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("volume_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "agreed",
                "refused",
                name="destruction_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opinion", sa.String(length=500), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "num_nonnulls(opinion, decided_by, decided_at) = CASE WHEN state = 'proposed' THEN 0 ELSE 3 END",
            name=op.f("ck_archive_destruction_decided"),
        ),
        sa.CheckConstraint(
            "decided_by <> proposed_by", name=op.f("ck_archive_destruction_two_persons")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["account.id"], name=op.f("fk_archive_destruction_decided_by")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by"], ["account.id"], name=op.f("fk_archive_destruction_proposed_by")
        ),
        sa.ForeignKeyConstraint(
            ["volume_id"], ["archive_volume.id"], name=op.f("fk_archive_destruction_volume_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_archive_destruction")),
    )
    op.create_index(
        op.f("ix_archive_destruction_volume_id_id"),
        "archive_destruction",
        ["volume_id", "id"],
        unique=False,
    )
    op.create_index(
        "uq_archive_destruction_proposed",
        "archive_destruction",
        ["volume_id"],
        unique=True,
        postgresql_where=sa.text("state = 'proposed'"),
    )
    op.create_table(
        "archive_piece",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "plan",
                "regulation",
                "official_document",
                "activity",
                "evidence",
                "topic",
                "assessment",
                "evaluation",
                "participation",
                "credit",
                "certificate",
                "goal",
                "honour",
                "output",
                "contest_result",
                "mentorship",
                "note",
                name="piece_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("origin", sa.String(length=200), nullable=False),
        sa.Column("retention_years", sa.Integer(), nullable=True),
        sa.Column("shows_pupils", sa.Boolean(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("volume_id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("teacher_id", sa.Uuid(), nullable=True),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.Column("file_size", sa.BigInteger(), nullable=True),
        sa.Column("facts_sha256", sa.String(length=64), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=True),
        sa.Column(
            "content", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True
        ),
        sa.CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name=op.f("ck_archive_piece_sha256")),
        sa.CheckConstraint(
            "num_nonnulls(content, salt) IN (0, 2)", name=op.f("ck_archive_piece_content")
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_archive_piece_number")),
        sa.ForeignKeyConstraint(["file_id"], ["file.id"], name=op.f("fk_archive_piece_file_id")),
        sa.ForeignKeyConstraint(
            ["teacher_id"], ["teacher.id"], name=op.f("fk_archive_piece_teacher_id")
        ),
        sa.ForeignKeyConstraint(
            ["volume_id"], ["archive_volume.id"], name=op.f("fk_archive_piece_volume_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_archive_piece")),
        sa.UniqueConstraint(
            "volume_id", "kind", "source_id", name=op.f("uq_archive_piece_volume_id_kind_source_id")
        ),
        sa.UniqueConstraint("volume_id", "number", name=op.f("uq_archive_piece_volume_id_number")),
    )
    op.create_index(
        op.f("ix_archive_piece_file_id"),
        "archive_piece",
        ["file_id"],
        unique=False,
        postgresql_where=sa.text("file_id IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_archive_piece_source_id"), "archive_piece", ["source_id"], unique=False
    )
    op.create_index(
        op.f("ix_archive_piece_teacher_id"),
        "archive_piece",
        ["teacher_id"],
        unique=False,
        postgresql_where=sa.text("teacher_id IS NOT NULL"),
    )
    op.create_table(
        "archive_retrieval",
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("volume_id", sa.Uuid(), nullable=False),
        sa.Column("retrieved_by", sa.Uuid(), nullable=False),
        sa.Column("retrieved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["retrieved_by"], ["account.id"], name=op.f("fk_archive_retrieval_retrieved_by")
        ),
        sa.ForeignKeyConstraint(
            ["volume_id"], ["archive_volume.id"], name=op.f("fk_archive_retrieval_volume_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_archive_retrieval")),
    )
    op.create_index(
        op.f("ix_archive_retrieval_retrieved_by_id"),
        "archive_retrieval",
        ["retrieved_by", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_archive_retrieval_volume_id_id"),
        "archive_retrieval",
        ["volume_id", "id"],
        unique=False,
    )
    op.create_table(
        "arrived_growth_file",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("issuer", sa.String(length=220), nullable=False),
        sa.Column("issuer_name", sa.String(length=200), nullable=False),
        sa.Column("authority", sa.String(length=200), nullable=False),
        sa.Column("record_id", sa.String(length=100), nullable=False),
        sa.Column("person_name", sa.String(length=100), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("pieces", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("teacher_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("document", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.CheckConstraint("pieces >= 1", name=op.f("ck_arrived_growth_file_pieces")),
        sa.ForeignKeyConstraint(
            ["file_id"], ["file.id"], name=op.f("fk_arrived_growth_file_file_id")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["account.id"], name=op.f("fk_arrived_growth_file_recorded_by")
        ),
        sa.ForeignKeyConstraint(
            ["teacher_id", "school_id", "county_id", "city_id"],
            ["teacher.id", "teacher.school_id", "teacher.county_id", "teacher.city_id"],
            name=op.f("fk_arrived_growth_file_teacher_id_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_arrived_growth_file")),
        sa.UniqueConstraint(
            "city_id",
            "issuer",
            "record_id",
            name=op.f("uq_arrived_growth_file_city_id_issuer_record_id"),
        ),
    )
    op.create_index(
        op.f("ix_arrived_growth_file_city_id_id"),
        "arrived_growth_file",
        ["city_id", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_arrived_growth_file_county_id_id"),
        "arrived_growth_file",
        ["county_id", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_arrived_growth_file_file_id"), "arrived_growth_file", ["file_id"], unique=False
    )
    op.create_index(
        op.f("ix_arrived_growth_file_school_id_id"),
        "arrived_growth_file",
        ["school_id", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_arrived_growth_file_teacher_id_id"),
        "arrived_growth_file",
        ["teacher_id", "id"],
        unique=False,
    )


def say_who_may() -> None:
    made = (
        "state, pieces, assembled_at, assembled_by, checked_at, checked_by, check_opinion, sealed_at,"
        " sealed_by, seal, manifest_sha256, permanent, retained_until, hold_reason, held_at, held_by,"
        " destroyed_at"
    )
    grant(f"SELECT, INSERT, UPDATE ({made}, {PLACED})", "archive_volume")
    grant("SELECT, INSERT, DELETE, UPDATE (content, salt, file_id)", "archive_piece")
    grant("SELECT, INSERT", "archive_retrieval")
    decided = "state, opinion, decided_by, decided_at"
    grant(f"SELECT, INSERT, UPDATE ({decided})", "archive_destruction")
    left = "state, revoked_at, handed_over_at, handed_over_by, record_sha256, pieces"
    grant(f"SELECT, INSERT, UPDATE ({left}, {PLACED})", "growth_release")
    grant(f"SELECT, INSERT, UPDATE ({PLACED})", "arrived_growth_file")
    grant(f"SELECT, INSERT, UPDATE (ended_at, ended_by, {PLACED})", "growth_issuer")
    audited("archive_volume", hidden=("seal",))
    audited("archive_piece", hidden=("content", "salt", "facts_sha256"), insertions=False)
    for table in ("archive_retrieval", "archive_destruction", "growth_release", "growth_issuer"):
        audited(table)
    audited("arrived_growth_file", hidden=("document",))


def downgrade() -> None:
    not_moved_with_person(*MOVED)
    op.execute("DELETE FROM provision WHERE recipient = 'authority'")
    name_recipients("")
    for table in (
        "arrived_growth_file", "archive_retrieval", "archive_piece", "archive_destruction",
        "growth_release", "growth_issuer", "archive_volume",
    ):  # fmt: skip
        op.drop_table(table)
    op.execute("DROP FUNCTION keep_archive_piece(), keep_sealed_volume()")
