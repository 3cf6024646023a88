"""Imports: files that are taken over, their rows, and what they have written."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.database.migrations import application_role, audited, grant

revision = "20261122_1720"
down_revision = "20261122_1710"
branch_labels = None
depends_on = None

TAKE_BACK = """
CREATE FUNCTION take_back_import_row(row_id uuid) RETURNS boolean LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    made import_row;
    about text;
BEGIN
    SELECT * INTO made FROM import_row
    WHERE id = row_id AND action = 'create' AND state = 'applied' FOR UPDATE;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    SELECT subject INTO about FROM import WHERE id = made.import_id;
    IF about = 'people' THEN
        PERFORM FROM teacher WHERE id = made.target_id AND merged_into_id IS NULL
            AND made.after @> jsonb_build_object('name', name, 'subject', subject, 'stage', stage)
        FOR UPDATE;
        IF NOT FOUND THEN
            RETURN false;
        END IF;
        INSERT INTO departure (kind, thing_id, left_city_id, left_county_id, left_school_id)
        SELECT 'teacher', id, city_id, county_id, school_id FROM teacher WHERE id = made.target_id;
        DELETE FROM employment
        WHERE teacher_id = made.target_id AND recorded_at = made.applied_at;
        DELETE FROM teacher_establishment
        WHERE teacher_id = made.target_id AND recorded_at = made.applied_at;
        DELETE FROM teacher_state
        WHERE teacher_id = made.target_id AND recorded_at = made.applied_at;
        DELETE FROM teacher_rank
        WHERE teacher_id = made.target_id AND recorded_at = made.applied_at;
        DELETE FROM teacher_post
        WHERE teacher_id = made.target_id AND recorded_at = made.applied_at;
        DELETE FROM teacher WHERE id = made.target_id;
    ELSIF about = 'units' THEN
        INSERT INTO departure (kind, thing_id, left_city_id, left_county_id, left_school_id)
        SELECT 'unit', id, city_id, county_id, school_id FROM unit WHERE id = made.target_id;
        DELETE FROM unit_named
        WHERE unit_id = made.target_id AND recorded_at = made.applied_at;
        DELETE FROM unit_code
        WHERE unit_id = made.target_id AND recorded_at = made.applied_at;
        DELETE FROM school_register WHERE school_id = made.target_id AND teachers = 0;
        DELETE FROM unit WHERE id = made.target_id;
    ELSIF about = 'groups' THEN
        DELETE FROM group_member
        WHERE id = made.target_id AND recorded_at = made.applied_at;
        DELETE FROM research_group WHERE id = (made.after ->> 'new_group')::uuid;
    ELSE
        RETURN false;
    END IF;
    RETURN true;
EXCEPTION WHEN foreign_key_violation THEN
    RETURN false;
END
$$
"""
"""Removes what one row of an import has made, if nothing else refers to it: true where it is gone.

The application may remove no teacher, unit or group; this it may, of what an import has made by a slip.
"""


def upgrade() -> None:
    op.create_table(
        "import",
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
        sa.Column("overwrite", sa.Boolean(), nullable=False),
        sa.Column("full_roster", sa.Boolean(), nullable=False),
        sa.Column("shrink_share", sa.Integer(), nullable=False),
        sa.Column(
            "subject",
            sa.Enum(
                "units",
                "people",
                "careers",
                "groups",
                name="import_subject",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "unit_id",
            sa.Uuid(),
            sa.Computed("coalesce(school_id, county_id)", persisted=True),
            nullable=False,
        ),
        sa.Column(
            "stage",
            sa.Enum(
                "received",
                "checked",
                "applied",
                "undone",
                "cancelled",
                name="import_stage",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "work",
            sa.Enum(
                "check",
                "apply",
                "undo",
                name="import_work",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("stored_size", sa.Integer(), nullable=False),
        sa.Column("mark", sa.Integer(), nullable=False),
        sa.Column("columns", sa.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("unknown", sa.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("creates", sa.Integer(), nullable=False),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("rejects", sa.Integer(), nullable=False),
        sa.Column("missing", sa.Integer(), nullable=False),
        sa.Column("applied", sa.Integer(), nullable=False),
        sa.Column("undone", sa.Integer(), nullable=False),
        sa.Column(
            "shrunk", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=True),
        sa.Column("scopes", sa.ARRAY(sa.Text()), nullable=True),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(finished_at IS NULL) = (state IN ('waiting', 'running'))",
            name=op.f("ck_import_finished_at"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(failure_code, failure_zh, failure_en) = CASE state WHEN 'failed' THEN 3 ELSE 0 END",
            name=op.f("ck_import_failure"),
        ),
        sa.CheckConstraint("done >= 0 AND total >= 0", name=op.f("ck_import_progress")),
        sa.CheckConstraint("school_id <> county_id", name=op.f("ck_import_school_is_no_bureau")),
        sa.CheckConstraint("shrink_share BETWEEN 0 AND 100", name=op.f("ck_import_shrink_share")),
        sa.ForeignKeyConstraint(["asked_by"], ["account.id"], name=op.f("fk_import_asked_by")),
        sa.ForeignKeyConstraint(
            ["county_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_import_county_id_city_id"),
        ),
        sa.ForeignKeyConstraint(["created_by"], ["account.id"], name=op.f("fk_import_created_by")),
        sa.ForeignKeyConstraint(
            ["school_id", "county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name=op.f("fk_import_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import")),
    )
    op.create_index(
        op.f("ix_import_city_id_created_at_id"),
        "import",
        ["city_id", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_import_county_id_created_at_id"),
        "import",
        ["county_id", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_import_school_id_created_at_id"),
        "import",
        ["school_id", "created_at", "id"],
        unique=False,
    )
    op.create_index(op.f("ix_import_unit_id_sha256"), "import", ["unit_id", "sha256"], unique=False)
    op.create_table(
        "import_origin",
        sa.Column(
            "subject",
            sa.Enum(
                "units",
                "people",
                "careers",
                "groups",
                name="import_subject",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("thing_id", sa.Uuid(), nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("written", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["import.id"], name=op.f("fk_import_origin_import_id")
        ),
        sa.PrimaryKeyConstraint("subject", "thing_id", name=op.f("pk_import_origin")),
    )
    op.create_table(
        "import_row",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "action",
            sa.Enum(
                "create",
                "change",
                "unchanged",
                "reject",
                name="import_action",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "staged",
                "settled",
                "applied",
                "undone",
                "kept",
                name="row_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("given", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("given_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("key", sa.String(length=300), nullable=True),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("target_id", sa.Uuid(), nullable=True),
        sa.Column("before", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("after", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("reasons", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["import_id"], ["import.id"], name=op.f("fk_import_row_import_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_row")),
        sa.UniqueConstraint("import_id", "number", name=op.f("uq_import_row_import_id_number")),
    )

    grant("SELECT, INSERT, UPDATE", "import", "import_row")
    grant("SELECT, INSERT, UPDATE, DELETE", "import_origin")
    grant("DELETE", "import_row")
    audited("import")
    op.execute(TAKE_BACK)
    op.execute("REVOKE ALL ON FUNCTION take_back_import_row FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION take_back_import_row TO {application_role()}")


def downgrade() -> None:
    op.execute("DROP FUNCTION take_back_import_row")
    op.drop_table("import_row")
    op.drop_table("import_origin")
    op.drop_table("import")
