"""Shared resources with their versions, uses and links; equipment; neighbour systems."""

import sqlalchemy as sa
from alembic import op

from app.database.migrations import audited, grant, moved_with_person, not_moved_with_person

revision = "20261123_1900"
down_revision = "20261123_1890"
branch_labels = None
depends_on = None


def upgrade() -> None:
    make_equipment()
    grant(
        "SELECT, INSERT, UPDATE (number, counted_on, remark, recorded_by, recorded_at, kind)",
        "equipment",
    )
    audited("equipment")
    make_neighbour_system()
    grant("SELECT, INSERT", "neighbour_system")
    audited("neighbour_system")
    make_resource()
    grant(
        "SELECT, INSERT, UPDATE (title, kind, subject, stage, summary, licence, plain_title, grams, sharing, network_id, version, asked_sharing, asked_network_id, asked_at, asked_by, opinion, retired_on)",
        "resource",
    )
    audited("resource")
    make_resource_use()
    grant("SELECT, INSERT", "resource_use")
    make_resource_version()
    grant("SELECT, INSERT", "resource_version")
    audited("resource_version")
    make_system_identifier()
    grant("SELECT, INSERT, UPDATE (identifier, recorded_by, recorded_at)", "system_identifier")
    audited("system_identifier")
    make_resource_link()
    grant("SELECT, INSERT, DELETE", "resource_link")
    audited("resource_link")
    moved_with_person("resource.teacher_id")


def make_equipment() -> None:
    op.create_table(
        "equipment",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "network_room",
                "media_room",
                "preparation_room",
                "recording_room",
                "broadband",
                "terminal",
                name="equipment_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("counted_on", sa.Date(), nullable=False),
        sa.Column("remark", sa.String(length=200), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "unit_id",
            sa.Uuid(),
            sa.Computed("coalesce(school_id, county_id)", persisted=True),
            nullable=False,
        ),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number >= 0", name=op.f("ck_equipment_number")),
        sa.CheckConstraint("school_id <> county_id", name=op.f("ck_equipment_school_is_no_bureau")),
        sa.ForeignKeyConstraint(
            ["county_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_equipment_county_id_city_id"),
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["account.id"], name=op.f("fk_equipment_recorded_by")
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name=op.f("fk_equipment_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_equipment")),
        sa.UniqueConstraint("unit_id", "kind", name=op.f("uq_equipment_unit_id_kind")),
    )
    op.create_index(op.f("ix_equipment_city_id_id"), "equipment", ["city_id", "id"], unique=False)
    op.create_index(
        op.f("ix_equipment_county_id_id"), "equipment", ["county_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_equipment_school_id_id"), "equipment", ["school_id", "id"], unique=False
    )


def make_neighbour_system() -> None:
    op.create_table(
        "neighbour_system",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "student_register",
                "teacher_register",
                "education_network",
                "resource_platform",
                "other",
                name="system_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("link", sa.String(length=500), nullable=False),
        sa.Column("operated_by", sa.String(length=100), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "unit_id",
            sa.Uuid(),
            sa.Computed("coalesce(school_id, county_id)", persisted=True),
            nullable=False,
        ),
        sa.Column("registered_by", sa.Uuid(), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "school_id <> county_id", name=op.f("ck_neighbour_system_school_is_no_bureau")
        ),
        sa.ForeignKeyConstraint(
            ["county_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_neighbour_system_county_id_city_id"),
        ),
        sa.ForeignKeyConstraint(
            ["registered_by"], ["account.id"], name=op.f("fk_neighbour_system_registered_by")
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name=op.f("fk_neighbour_system_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_neighbour_system")),
        sa.UniqueConstraint("unit_id", "name", name=op.f("uq_neighbour_system_unit_id_name")),
    )
    op.create_index(
        op.f("ix_neighbour_system_city_id_id"), "neighbour_system", ["city_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_neighbour_system_county_id_id"),
        "neighbour_system",
        ["county_id", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_neighbour_system_school_id_id"),
        "neighbour_system",
        ["school_id", "id"],
        unique=False,
    )


def make_resource() -> None:
    op.create_table(
        "resource",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "book",
                "audio_visual",
                "electronic",
                "platform",
                name="resource_kind",
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
        sa.Column("summary", sa.String(length=1000), nullable=True),
        sa.Column(
            "licence",
            sa.Enum(
                "own_use",
                "teaching",
                "adaptable",
                "bought",
                name="resource_licence",
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
        sa.Column("plain_title", sa.String(length=200), nullable=False),
        sa.Column("grams", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column(
            "sharing",
            sa.Enum(
                "school",
                "network",
                "county",
                "city",
                name="resource_sharing",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("network_id", sa.Uuid(), nullable=True),
        sa.Column(
            "offered_to",
            sa.Uuid(),
            sa.Computed(
                "CASE WHEN retired_on IS NOT NULL THEN NULL WHEN sharing = 'city' THEN city_id WHEN sharing = 'county' THEN county_id WHEN sharing = 'network' THEN network_id ELSE school_id END",
                persisted=True,
            ),
            nullable=True,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("added_by", sa.Uuid(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("teacher_id", sa.Uuid(), nullable=True),
        sa.Column(
            "asked_sharing",
            sa.Enum(
                "school",
                "network",
                "county",
                "city",
                name="resource_sharing_asked",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("asked_network_id", sa.Uuid(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_by", sa.Uuid(), nullable=True),
        sa.Column("opinion", sa.String(length=500), nullable=True),
        sa.Column("retired_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "(sharing = 'network') = (network_id IS NOT NULL)", name=op.f("ck_resource_network")
        ),
        sa.CheckConstraint(
            "num_nonnulls(asked_sharing, asked_at, asked_by) IN (0, 3)",
            name=op.f("ck_resource_sharing_asked"),
        ),
        sa.CheckConstraint("school_id <> county_id", name=op.f("ck_resource_school_is_no_bureau")),
        sa.ForeignKeyConstraint(["added_by"], ["account.id"], name=op.f("fk_resource_added_by")),
        sa.ForeignKeyConstraint(["asked_by"], ["account.id"], name=op.f("fk_resource_asked_by")),
        sa.ForeignKeyConstraint(
            ["asked_network_id"], ["network.id"], name=op.f("fk_resource_asked_network_id")
        ),
        sa.ForeignKeyConstraint(
            ["county_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_resource_county_id_city_id"),
        ),
        sa.ForeignKeyConstraint(
            ["network_id"], ["network.id"], name=op.f("fk_resource_network_id")
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name=op.f("fk_resource_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["teacher_id"], ["teacher.id"], name=op.f("fk_resource_teacher_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resource")),
    )
    op.create_index(op.f("ix_resource_city_id_id"), "resource", ["city_id", "id"], unique=False)
    op.create_index(op.f("ix_resource_county_id_id"), "resource", ["county_id", "id"], unique=False)
    op.create_index(
        op.f("ix_resource_grams"), "resource", ["grams"], unique=False, postgresql_using="gin"
    )
    op.create_index(
        op.f("ix_resource_offered_to_id"),
        "resource",
        ["offered_to", "id"],
        unique=False,
        postgresql_where=sa.text("offered_to IS NOT NULL"),
    )
    op.create_index(op.f("ix_resource_school_id_id"), "resource", ["school_id", "id"], unique=False)
    op.create_index(op.f("ix_resource_unit_id_id"), "resource", ["unit_id", "id"], unique=False)


def make_resource_use() -> None:
    op.create_table(
        "resource_use",
        sa.Column("resource_id", sa.Uuid(), nullable=False),
        sa.Column("used_on", sa.Date(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_resource_use_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["resource_id"], ["resource.id"], name=op.f("fk_resource_use_resource_id")
        ),
        sa.PrimaryKeyConstraint(
            "resource_id", "used_on", "account_id", name=op.f("pk_resource_use")
        ),
    )
    op.create_index(
        op.f("ix_resource_use_account_id_used_on"),
        "resource_use",
        ["account_id", "used_on"],
        unique=False,
    )


def make_resource_version() -> None:
    op.create_table(
        "resource_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("resource_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.Column("link", sa.String(length=500), nullable=True),
        sa.Column("shelf", sa.String(length=100), nullable=True),
        sa.Column("changes", sa.String(length=500), nullable=True),
        sa.Column("added_by", sa.Uuid(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "num_nonnulls(file_id, link, shelf) >= 1", name=op.f("ck_resource_version_is_somewhere")
        ),
        sa.ForeignKeyConstraint(
            ["added_by"], ["account.id"], name=op.f("fk_resource_version_added_by")
        ),
        sa.ForeignKeyConstraint(["file_id"], ["file.id"], name=op.f("fk_resource_version_file_id")),
        sa.ForeignKeyConstraint(
            ["resource_id"], ["resource.id"], name=op.f("fk_resource_version_resource_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resource_version")),
        sa.UniqueConstraint(
            "resource_id", "number", name=op.f("uq_resource_version_resource_id_number")
        ),
    )
    op.create_index(
        op.f("ix_resource_version_file_id"),
        "resource_version",
        ["file_id"],
        unique=False,
        postgresql_where=sa.text("file_id IS NOT NULL"),
    )


def make_system_identifier() -> None:
    op.create_table(
        "system_identifier",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("system_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("identifier", sa.String(length=100), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["account.id"], name=op.f("fk_system_identifier_recorded_by")
        ),
        sa.ForeignKeyConstraint(
            ["system_id"], ["neighbour_system.id"], name=op.f("fk_system_identifier_system_id")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_system_identifier_unit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_system_identifier")),
        sa.UniqueConstraint(
            "system_id", "identifier", name=op.f("uq_system_identifier_system_id_identifier")
        ),
        sa.UniqueConstraint(
            "system_id", "unit_id", name=op.f("uq_system_identifier_system_id_unit_id")
        ),
    )
    op.create_index(
        op.f("ix_system_identifier_unit_id"), "system_identifier", ["unit_id"], unique=False
    )


def make_resource_link() -> None:
    op.create_table(
        "resource_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("resource_id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=True),
        sa.Column("course_id", sa.Uuid(), nullable=True),
        sa.Column("added_by", sa.Uuid(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "num_nonnulls(activity_id, course_id) = 1", name=op.f("ck_resource_link_of_one")
        ),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_resource_link_activity_id")
        ),
        sa.ForeignKeyConstraint(
            ["added_by"], ["account.id"], name=op.f("fk_resource_link_added_by")
        ),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course.id"], name=op.f("fk_resource_link_course_id")
        ),
        sa.ForeignKeyConstraint(
            ["resource_id"], ["resource.id"], name=op.f("fk_resource_link_resource_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resource_link")),
        sa.UniqueConstraint(
            "resource_id", "activity_id", name=op.f("uq_resource_link_resource_id_activity_id")
        ),
        sa.UniqueConstraint(
            "resource_id", "course_id", name=op.f("uq_resource_link_resource_id_course_id")
        ),
    )
    op.create_index(
        op.f("ix_resource_link_activity_id_id"),
        "resource_link",
        ["activity_id", "id"],
        unique=False,
        postgresql_where=sa.text("activity_id IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_resource_link_course_id_id"),
        "resource_link",
        ["course_id", "id"],
        unique=False,
        postgresql_where=sa.text("course_id IS NOT NULL"),
    )


def downgrade() -> None:
    not_moved_with_person("resource.teacher_id")
    op.drop_table("resource_link")
    op.drop_table("system_identifier")
    op.drop_table("resource_version")
    op.drop_table("resource_use")
    op.drop_table("resource")
    op.drop_table("neighbour_system")
    op.drop_table("equipment")
