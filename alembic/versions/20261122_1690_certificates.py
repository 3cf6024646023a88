"""Certificates, with their batches, candidates and numbers."""

import sqlalchemy as sa
from alembic import op

from app.database.migrations import audited, grant

revision = "20261122_1690"
down_revision = "20261122_1680"
branch_labels = None
depends_on = None

GUARD = """
CREATE FUNCTION keep_certificate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'issued' AND NEW.state <> OLD.state THEN
        RAISE EXCEPTION 'a certificate that holds no more never holds again'
            USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.sha256 IS NOT NULL AND NEW.sha256 IS DISTINCT FROM OLD.sha256 THEN
        RAISE EXCEPTION 'the document of a certificate is made once'
            USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.seal_state = 'sealed' AND (NEW.seal_state, NEW.seal_sha256, NEW.seal_at)
        IS DISTINCT FROM (OLD.seal_state, OLD.seal_sha256, OLD.seal_at) THEN
        RAISE EXCEPTION 'a certificate is sealed once' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$
"""
TRIGGER = """
CREATE TRIGGER keep_certificate BEFORE UPDATE ON certificate
    FOR EACH ROW EXECUTE FUNCTION keep_certificate()
"""


def upgrade() -> None:
    make_tables()
    op.execute(GUARD)
    op.execute(TRIGGER)
    decided = "state, opinion, issued, decided_by, decided_at"
    grant(f"SELECT, INSERT, UPDATE ({decided})", "certificate_batch")
    grant("SELECT, INSERT, UPDATE (left_out)", "certificate_candidate")
    grant("SELECT, INSERT, UPDATE (last)", "certificate_series")
    ended = "state, ended_because, ended_by, ended_at, sha256"
    sealed = "seal_state, seal_name, seal_simulated, seal_at, seal_signature, seal_sha256"
    tried = "seal_tries, seal_due_at"
    grant(f"SELECT, INSERT, UPDATE ({ended}, {sealed}, {tried})", "certificate")
    audited("certificate_batch")
    audited("certificate_candidate", insertions=False)
    audited("certificate", hidden=("code",))


def make_tables() -> None:
    op.create_table(
        "certificate_series",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["city_id"], ["unit.id"], name=op.f("fk_certificate_series_city_id")
        ),
        sa.PrimaryKeyConstraint("city_id", "year", name=op.f("pk_certificate_series")),
    )
    op.create_table(
        "certificate_batch",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "cycle",
                "activity",
                name="certificate_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("cycle_start", sa.Date(), nullable=True),
        sa.Column("cycle_end", sa.Date(), nullable=True),
        sa.Column("pack_id", sa.String(length=80), nullable=True),
        sa.Column("pack_version", sa.Integer(), nullable=True),
        sa.Column("activity_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "unit_id",
            sa.Uuid(),
            sa.Computed("coalesce(school_id, county_id)", persisted=True),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "submitted",
                "approved",
                "returned",
                "withdrawn",
                name="certificate_batch_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("candidates", sa.Integer(), nullable=False),
        sa.Column("issued", sa.Integer(), nullable=True),
        sa.Column("opinion", sa.String(length=500), nullable=True),
        sa.Column("submitted_by", sa.Uuid(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(kind = 'activity') = (activity_id IS NOT NULL)",
            name=op.f("ck_certificate_batch_activity"),
        ),
        sa.CheckConstraint(
            "(state = 'approved') = (issued IS NOT NULL)", name=op.f("ck_certificate_batch_issued")
        ),
        sa.CheckConstraint(
            "(state = 'submitted') = (decided_at IS NULL)",
            name=op.f("ck_certificate_batch_decided_at"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(pack_id, pack_version, cycle_start, cycle_end) = CASE kind WHEN 'cycle' THEN 4 ELSE 0 END",
            name=op.f("ck_certificate_batch_cycle"),
        ),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (decided_by IS NULL)",
            name=op.f("ck_certificate_batch_decided_by"),
        ),
        sa.CheckConstraint(
            "school_id <> county_id", name=op.f("ck_certificate_batch_school_is_no_bureau")
        ),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_certificate_batch_activity_id")
        ),
        sa.ForeignKeyConstraint(
            ["county_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_certificate_batch_county_id_city_id"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["account.id"], name=op.f("fk_certificate_batch_decided_by")
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name=op.f("fk_certificate_batch_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["submitted_by"], ["account.id"], name=op.f("fk_certificate_batch_submitted_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_batch")),
    )
    op.create_index(
        op.f("ix_certificate_batch_city_id_id"),
        "certificate_batch",
        ["city_id", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_certificate_batch_county_id_id"),
        "certificate_batch",
        ["county_id", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_certificate_batch_school_id_id"),
        "certificate_batch",
        ["school_id", "id"],
        unique=False,
    )
    op.create_table(
        "certificate",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column(
            "seal_state",
            sa.Enum(
                "unsealed",
                "pending",
                "sealed",
                name="seal_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("seal_name", sa.String(length=100), nullable=True),
        sa.Column("seal_simulated", sa.Boolean(), nullable=True),
        sa.Column("seal_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "cycle",
                "activity",
                name="certificate_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("cycle_start", sa.Date(), nullable=True),
        sa.Column("cycle_end", sa.Date(), nullable=True),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("school_name", sa.String(length=100), nullable=False),
        sa.Column(
            "rank",
            sa.Enum(
                "unranked",
                "third_grade",
                "second_grade",
                "first_grade",
                "senior",
                "principal_senior",
                name="rank",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("hours", sa.Numeric(precision=8, scale=2), nullable=False),
        sa.Column("credits", sa.Numeric(precision=8, scale=2), nullable=False),
        sa.Column("unit_name", sa.String(length=100), nullable=False),
        sa.Column("authority_name", sa.String(length=100), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("pack_id", sa.String(length=80), nullable=True),
        sa.Column("pack_version", sa.Integer(), nullable=True),
        sa.Column("activity_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("teacher_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("awarded_school_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaces_id", sa.Uuid(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "issued",
                "revoked",
                "replaced",
                name="certificate_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("ended_because", sa.String(length=500), nullable=True),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("seal_sha256", sa.String(length=64), nullable=True),
        sa.Column("seal_signature", sa.LargeBinary(), nullable=True),
        sa.Column("seal_tries", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("seal_due_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(kind = 'activity') = (activity_id IS NOT NULL)", name=op.f("ck_certificate_activity")
        ),
        sa.CheckConstraint(
            "num_nonnulls(ended_because, ended_by, ended_at) = CASE state WHEN 'issued' THEN 0 ELSE 3 END",
            name=op.f("ck_certificate_ended"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(pack_id, pack_version, cycle_start, cycle_end) = CASE kind WHEN 'cycle' THEN 4 ELSE 0 END",
            name=op.f("ck_certificate_cycle"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(seal_name, seal_simulated, seal_at, seal_signature, seal_sha256) = CASE seal_state WHEN 'sealed' THEN 5 ELSE 0 END",
            name=op.f("ck_certificate_seal"),
        ),
        sa.CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name=op.f("ck_certificate_sha256")),
        sa.CheckConstraint("serial > 0", name=op.f("ck_certificate_serial")),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_certificate_activity_id")
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["certificate_batch.id"], name=op.f("fk_certificate_batch_id")
        ),
        sa.ForeignKeyConstraint(["ended_by"], ["account.id"], name=op.f("fk_certificate_ended_by")),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["certificate.id"], name=op.f("fk_certificate_replaces_id")
        ),
        sa.ForeignKeyConstraint(
            ["teacher_id", "school_id", "county_id", "city_id"],
            ["teacher.id", "teacher.school_id", "teacher.county_id", "teacher.city_id"],
            name=op.f("fk_certificate_teacher_id_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
        sa.UniqueConstraint(
            "city_id", "year", "serial", name=op.f("uq_certificate_city_id_year_serial")
        ),
        sa.UniqueConstraint("code", name=op.f("uq_certificate_code")),
    )
    op.create_index(op.f("ix_certificate_batch_id"), "certificate", ["batch_id"], unique=False)
    op.create_index(
        op.f("ix_certificate_city_id_id"), "certificate", ["city_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_certificate_county_id_id"), "certificate", ["county_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_certificate_school_id_id"), "certificate", ["school_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_certificate_teacher_id_id"), "certificate", ["teacher_id", "id"], unique=False
    )
    op.create_index(
        "ix_certificate_to_seal",
        "certificate",
        ["seal_due_at", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'issued' AND seal_state <> 'sealed'"),
    )
    op.create_index(
        "uq_certificate_activity",
        "certificate",
        ["teacher_id", "activity_id"],
        unique=True,
        postgresql_where=sa.text("state = 'issued' AND kind = 'activity'"),
    )
    op.create_index(
        "uq_certificate_cycle",
        "certificate",
        ["teacher_id", "cycle_start"],
        unique=True,
        postgresql_where=sa.text("state = 'issued' AND kind = 'cycle'"),
    )
    op.create_table(
        "certificate_candidate",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("teacher_id", sa.Uuid(), nullable=False),
        sa.Column(
            "left_out",
            sa.Enum(
                "not_qualified",
                "has_certificate",
                name="certificate_omission",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["certificate_batch.id"], name=op.f("fk_certificate_candidate_batch_id")
        ),
        sa.ForeignKeyConstraint(
            ["teacher_id"], ["teacher.id"], name=op.f("fk_certificate_candidate_teacher_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_candidate")),
        sa.UniqueConstraint(
            "batch_id", "teacher_id", name=op.f("uq_certificate_candidate_batch_id_teacher_id")
        ),
    )
    op.create_index(
        op.f("ix_certificate_candidate_teacher_id"),
        "certificate_candidate",
        ["teacher_id"],
        unique=False,
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_certificate_candidate_teacher_id"), table_name="certificate_candidate")
    op.drop_table("certificate_candidate")
    op.drop_index(
        "uq_certificate_cycle",
        table_name="certificate",
        postgresql_where=sa.text("state = 'issued' AND kind = 'cycle'"),
    )
    op.drop_index(
        "uq_certificate_activity",
        table_name="certificate",
        postgresql_where=sa.text("state = 'issued' AND kind = 'activity'"),
    )
    op.drop_index(
        "ix_certificate_to_seal",
        table_name="certificate",
        postgresql_where=sa.text("state = 'issued' AND seal_state <> 'sealed'"),
    )
    op.drop_index(op.f("ix_certificate_teacher_id_id"), table_name="certificate")
    op.drop_index(op.f("ix_certificate_school_id_id"), table_name="certificate")
    op.drop_index(op.f("ix_certificate_county_id_id"), table_name="certificate")
    op.drop_index(op.f("ix_certificate_city_id_id"), table_name="certificate")
    op.drop_index(op.f("ix_certificate_batch_id"), table_name="certificate")
    op.drop_table("certificate")
    op.drop_index(op.f("ix_certificate_batch_school_id_id"), table_name="certificate_batch")
    op.drop_index(op.f("ix_certificate_batch_county_id_id"), table_name="certificate_batch")
    op.drop_index(op.f("ix_certificate_batch_city_id_id"), table_name="certificate_batch")
    op.drop_table("certificate_batch")
    op.drop_table("certificate_series")
    op.execute("DROP FUNCTION keep_certificate()")
