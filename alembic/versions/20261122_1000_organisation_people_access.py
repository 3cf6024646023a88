"""The hierarchy, the people, who may do what."""

import sqlalchemy as sa
from alembic import op

from app.database.migrations import application_role, grant, version_changes

revision = "20261122_1000"
down_revision = None
branch_labels = None
depends_on = None


CHANGE_VERSION = """
CREATE FUNCTION raise_change_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.change_transaction := pg_current_xact_id()::text::bigint;
    NEW.change_sequence := nextval('change_sequence');
    RETURN NEW;
END
$$
"""


COUNT_TEACHERS = """
CREATE FUNCTION count_teachers_on_{event}() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO school_register AS held
    SELECT school_id, sum(sign) FROM ({changes}) AS change
    GROUP BY school_id HAVING sum(sign) <> 0
    -- In one order everywhere, so that no two writers wait for each other in a circle.
    ORDER BY school_id
    ON CONFLICT (school_id) DO UPDATE SET teachers = held.teachers + excluded.teachers;
    RETURN NULL;
END
$$
"""
COUNTED = """
CREATE TRIGGER count_teachers_on_{event} AFTER {event} ON teacher REFERENCING {tables}
    FOR EACH STATEMENT EXECUTE FUNCTION count_teachers_on_{event}()
"""
ADDED = ("NEW TABLE AS added", "SELECT 1 AS sign, school_id FROM added")
REMOVED = ("OLD TABLE AS removed", "SELECT -1 AS sign, school_id FROM removed")
CHANGES = {"insert": (ADDED,), "update": (REMOVED, ADDED), "delete": (REMOVED,)}


def keep_registers() -> None:
    """Whoever comes, goes or moves, the numbers of the schools follow in the same transaction."""
    for event, changes in CHANGES.items():
        rows = " UNION ALL ".join(rows for _, rows in changes)
        tables = " ".join(table for table, _ in changes)
        op.execute(COUNT_TEACHERS.format(event=event, changes=rows))
        op.execute(COUNTED.format(event=event, tables=tables))


def upgrade() -> None:
    op.execute("CREATE SEQUENCE change_sequence AS bigint CACHE 1")
    op.execute(f"GRANT USAGE ON SEQUENCE change_sequence TO {application_role()}")
    op.execute(CHANGE_VERSION)
    op.create_table(
        "idempotent_answer",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column(
            "answered_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("account_id", "key", name=op.f("pk_idempotent_answer")),
    )
    op.create_index(
        op.f("ix_idempotent_answer_answered_at"), "idempotent_answer", ["answered_at"], unique=False
    )
    op.create_table(
        "unit",
        sa.Column(
            "change_transaction",
            sa.BigInteger(),
            server_default=sa.text("(pg_current_xact_id()::text::bigint)"),
            nullable=False,
        ),
        sa.Column(
            "change_sequence",
            sa.BigInteger(),
            server_default=sa.text("nextval('change_sequence')"),
            nullable=False,
        ),
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("stages", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "level",
            sa.Enum(
                "city",
                "county",
                "school",
                name="level",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column(
            "bureau_id",
            sa.Uuid(),
            sa.Computed("CASE WHEN level <> 'school' THEN id END", persisted=True),
            nullable=True,
        ),
        sa.CheckConstraint(
            "(CASE level WHEN 'city' THEN parent_id IS NULL AND city_id = id AND county_id = id AND school_id IS NULL WHEN 'county' THEN parent_id = city_id AND county_id = id AND id <> city_id AND school_id IS NULL WHEN 'school' THEN parent_id = county_id AND county_id <> id AND school_id = id END) IS TRUE",
            name=op.f("ck_unit_place"),
        ),
        sa.CheckConstraint(
            "level = 'school' OR stages = '{}'", name=op.f("ck_unit_only_schools_have_stages")
        ),
        sa.ForeignKeyConstraint(["city_id"], ["unit.id"], name=op.f("fk_unit_city_id")),
        sa.ForeignKeyConstraint(
            ["parent_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_unit_parent_id_city_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
        sa.UniqueConstraint("bureau_id", "city_id", name=op.f("uq_unit_bureau_id_city_id")),
        sa.UniqueConstraint(
            "id", "county_id", "city_id", name=op.f("uq_unit_id_county_id_city_id")
        ),
    )
    op.create_index(
        op.f("ix_unit_change_transaction_change_sequence"),
        "unit",
        ["change_transaction", "change_sequence"],
        unique=False,
    )
    op.create_index(
        op.f("ix_unit_city_id_name_id"), "unit", ["city_id", "name", "id"], unique=False
    )
    op.create_index(
        op.f("ix_unit_county_id_name_id"), "unit", ["county_id", "name", "id"], unique=False
    )
    op.create_index(
        op.f("ix_unit_parent_id_name_id"), "unit", ["parent_id", "name", "id"], unique=False
    )
    op.create_table(
        "teacher",
        sa.Column(
            "change_transaction",
            sa.BigInteger(),
            server_default=sa.text("(pg_current_xact_id()::text::bigint)"),
            nullable=False,
        ),
        sa.Column(
            "change_sequence",
            sa.BigInteger(),
            server_default=sa.text("nextval('change_sequence')"),
            nullable=False,
        ),
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
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
            nullable=False,
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=False),
        sa.Column(
            "id_kind",
            sa.Enum(
                "resident_card",
                "residence_permit",
                "foreigner_permit",
                "home_return_permit",
                "taiwan_permit",
                "passport",
                name="id_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("id_number_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("id_number_index", sa.LargeBinary(), nullable=False),
        sa.Column("id_number", sa.String(length=32), nullable=False),
        sa.CheckConstraint("school_id <> county_id", name=op.f("ck_teacher_school_is_no_bureau")),
        sa.ForeignKeyConstraint(
            ["county_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_teacher_county_id_city_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name=op.f("fk_teacher_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_teacher")),
        sa.UniqueConstraint(
            "id",
            "school_id",
            "county_id",
            "city_id",
            name=op.f("uq_teacher_id_school_id_county_id_city_id"),
        ),
        sa.UniqueConstraint("id_number_index", name=op.f("uq_teacher_id_number_index")),
    )
    op.create_index(
        op.f("ix_teacher_change_transaction_change_sequence"),
        "teacher",
        ["change_transaction", "change_sequence"],
        unique=False,
    )
    op.create_index(
        op.f("ix_teacher_city_id_name_id"), "teacher", ["city_id", "name", "id"], unique=False
    )
    op.create_index(
        op.f("ix_teacher_county_id_name_id"), "teacher", ["county_id", "name", "id"], unique=False
    )
    op.create_index(
        op.f("ix_teacher_county_id_subject_name_id"),
        "teacher",
        ["county_id", "subject", "name", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_teacher_school_id_name_id"), "teacher", ["school_id", "name", "id"], unique=False
    )
    op.create_table(
        "school_register",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("teachers", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id"], ["unit.id"], name=op.f("fk_school_register_school_id")
        ),
        sa.PrimaryKeyConstraint("school_id", name=op.f("pk_school_register")),
    )
    op.create_table(
        "unit_code",
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "division",
                "school",
                name="code_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.CheckConstraint("valid_to > valid_from", name=op.f("ck_unit_code_ends_after_it_begins")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_unit_code_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_code")),
        sa.UniqueConstraint(
            "kind",
            "code",
            "unit_id",
            "valid_from",
            "recorded_at",
            name=op.f("uq_unit_code_kind_code_unit_id_valid_from_recorded_at"),
        ),
    )
    op.create_index(op.f("ix_unit_code_unit_id"), "unit_code", ["unit_id"], unique=False)
    op.create_index(
        "uq_unit_code_live",
        "unit_code",
        ["kind", "code"],
        unique=True,
        postgresql_where=sa.text("superseded_at IS NULL"),
    )
    op.create_table(
        "unit_named",
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.CheckConstraint(
            "valid_to > valid_from", name=op.f("ck_unit_named_ends_after_it_begins")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_unit_named_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_named")),
    )
    op.create_index(op.f("ix_unit_named_unit_id"), "unit_named", ["unit_id"], unique=False)
    op.create_table(
        "account",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "person",
                "client",
                name="account_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("display_name", sa.String(length=60), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("teacher_id", sa.Uuid(), nullable=True),
        sa.Column("secret", sa.LargeBinary(), nullable=True),
        sa.Column("security_version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("wrong_secrets", sa.Integer(), server_default="0", nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("suspended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "security_changed_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint("school_id <> county_id", name=op.f("ck_account_school_is_no_bureau")),
        sa.CheckConstraint(
            "teacher_id IS NULL OR school_id IS NOT NULL",
            name=op.f("ck_account_teacher_has_school"),
        ),
        sa.ForeignKeyConstraint(
            ["county_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_account_county_id_city_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name=op.f("fk_account_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["teacher_id", "school_id", "county_id", "city_id"],
            ["teacher.id", "teacher.school_id", "teacher.county_id", "teacher.city_id"],
            name=op.f("fk_account_teacher_id_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("name", name=op.f("uq_account_name")),
        sa.UniqueConstraint("teacher_id", name=op.f("uq_account_teacher_id")),
    )
    op.create_table(
        "employment",
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("teacher_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "valid_to > valid_from", name=op.f("ck_employment_ends_after_it_begins")
        ),
        sa.ForeignKeyConstraint(["school_id"], ["unit.id"], name=op.f("fk_employment_school_id")),
        sa.ForeignKeyConstraint(
            ["teacher_id"], ["teacher.id"], name=op.f("fk_employment_teacher_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_employment")),
    )
    op.create_index(
        op.f("ix_employment_school_id_valid_from"),
        "employment",
        ["school_id", "valid_from"],
        unique=False,
    )
    op.create_index(
        op.f("ix_employment_teacher_id_valid_from"),
        "employment",
        ["teacher_id", "valid_from"],
        unique=False,
    )
    op.create_index(
        "uq_employment_open",
        "employment",
        ["teacher_id"],
        unique=True,
        postgresql_where=sa.text("superseded_at IS NULL AND valid_to IS NULL"),
    )
    op.create_table(
        "teacher_post",
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("teacher_id", sa.Uuid(), nullable=False),
        sa.Column(
            "post",
            sa.Enum(
                "teacher",
                "class_head",
                "school_cadre",
                "middle_leader",
                "trainer",
                "librarian",
                "training_officer",
                "language_officer",
                "science_counsellor",
                "arts_teacher",
                "information_officer",
                "other_technical",
                name="post",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.CheckConstraint(
            "valid_to > valid_from", name=op.f("ck_teacher_post_ends_after_it_begins")
        ),
        sa.ForeignKeyConstraint(
            ["teacher_id"], ["teacher.id"], name=op.f("fk_teacher_post_teacher_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_teacher_post")),
    )
    op.create_index(
        op.f("ix_teacher_post_teacher_id_valid_from"),
        "teacher_post",
        ["teacher_id", "valid_from"],
        unique=False,
    )
    op.create_table(
        "teacher_rank",
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("teacher_id", sa.Uuid(), nullable=False),
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
            nullable=False,
        ),
        sa.CheckConstraint(
            "valid_to > valid_from", name=op.f("ck_teacher_rank_ends_after_it_begins")
        ),
        sa.ForeignKeyConstraint(
            ["teacher_id"], ["teacher.id"], name=op.f("fk_teacher_rank_teacher_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_teacher_rank")),
    )
    op.create_index(
        op.f("ix_teacher_rank_teacher_id_valid_from"),
        "teacher_rank",
        ["teacher_id", "valid_from"],
        unique=False,
    )
    op.create_index(
        "uq_teacher_rank_open",
        "teacher_rank",
        ["teacher_id"],
        unique=True,
        postgresql_where=sa.text("superseded_at IS NULL AND valid_to IS NULL"),
    )
    op.create_table(
        "refresh_token",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_refresh_token_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refresh_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_refresh_token_token_hash")),
    )
    op.create_index(
        op.f("ix_refresh_token_account_id"), "refresh_token", ["account_id"], unique=False
    )
    op.create_index(
        op.f("ix_refresh_token_family_id"), "refresh_token", ["family_id"], unique=False
    )
    op.create_table(
        "role_grant",
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "role",
            sa.Enum(
                "city_admin",
                "county_admin",
                "school_admin",
                "group_leader",
                "teacher",
                "auditor",
                "integration",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column(
            "subject",
            sa.Enum(
                "unit",
                "group",
                "self",
                name="subject_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("granted_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "valid_to > valid_from", name=op.f("ck_role_grant_ends_after_it_begins")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_role_grant_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["granted_by"], ["account.id"], name=op.f("fk_role_grant_granted_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grant")),
    )
    op.create_index(
        "uq_role_grant_open",
        "role_grant",
        ["account_id", "role", "subject_id"],
        unique=True,
        postgresql_where=sa.text("superseded_at IS NULL AND valid_to IS NULL"),
    )
    version_changes("unit", "teacher")
    keep_registers()
    grant("SELECT", "school_register")
    grant("SELECT, INSERT, UPDATE", "unit", "teacher", "account", "refresh_token")
    grant("SELECT, INSERT", "idempotent_answer")
    # Dated facts are superseded, never changed otherwise and never removed.
    facts = ("unit_code", "unit_named", "teacher_rank", "teacher_post", "employment", "role_grant")
    grant("SELECT, INSERT, UPDATE (superseded_at)", *facts)


def downgrade() -> None:
    op.drop_table("school_register")
    op.drop_index(
        "uq_role_grant_open",
        table_name="role_grant",
        postgresql_where=sa.text("superseded_at IS NULL AND valid_to IS NULL"),
    )
    op.drop_table("role_grant")
    op.drop_index(op.f("ix_refresh_token_family_id"), table_name="refresh_token")
    op.drop_index(op.f("ix_refresh_token_account_id"), table_name="refresh_token")
    op.drop_table("refresh_token")
    op.drop_index(
        "uq_teacher_rank_open",
        table_name="teacher_rank",
        postgresql_where=sa.text("superseded_at IS NULL AND valid_to IS NULL"),
    )
    op.drop_index(op.f("ix_teacher_rank_teacher_id_valid_from"), table_name="teacher_rank")
    op.drop_table("teacher_rank")
    op.drop_index(op.f("ix_teacher_post_teacher_id_valid_from"), table_name="teacher_post")
    op.drop_table("teacher_post")
    op.drop_index(
        "uq_employment_open",
        table_name="employment",
        postgresql_where=sa.text("superseded_at IS NULL AND valid_to IS NULL"),
    )
    op.drop_index(op.f("ix_employment_teacher_id_valid_from"), table_name="employment")
    op.drop_index(op.f("ix_employment_school_id_valid_from"), table_name="employment")
    op.drop_table("employment")
    op.drop_table("account")
    op.drop_index(op.f("ix_unit_named_unit_id"), table_name="unit_named")
    op.drop_table("unit_named")
    op.drop_index(
        "uq_unit_code_live",
        table_name="unit_code",
        postgresql_where=sa.text("superseded_at IS NULL"),
    )
    op.drop_index(op.f("ix_unit_code_unit_id"), table_name="unit_code")
    op.drop_table("unit_code")
    op.drop_index(op.f("ix_teacher_school_id_name_id"), table_name="teacher")
    op.drop_index(op.f("ix_teacher_county_id_subject_name_id"), table_name="teacher")
    op.drop_index(op.f("ix_teacher_county_id_name_id"), table_name="teacher")
    op.drop_index(op.f("ix_teacher_city_id_name_id"), table_name="teacher")
    op.drop_index(op.f("ix_teacher_change_transaction_change_sequence"), table_name="teacher")
    op.drop_table("teacher")
    op.drop_index(op.f("ix_unit_parent_id_name_id"), table_name="unit")
    op.drop_index(op.f("ix_unit_county_id_name_id"), table_name="unit")
    op.drop_index(op.f("ix_unit_city_id_name_id"), table_name="unit")
    op.drop_index(op.f("ix_unit_change_transaction_change_sequence"), table_name="unit")
    op.drop_table("unit")
    op.drop_index(op.f("ix_idempotent_answer_answered_at"), table_name="idempotent_answer")
    op.drop_table("idempotent_answer")
    op.execute("DROP FUNCTION raise_change_version()")
    op.execute("DROP SEQUENCE change_sequence")
    for event in CHANGES:
        op.execute(f"DROP FUNCTION count_teachers_on_{event}()")
