"""Departments, networks with their schools, assignments with their targets; who organises by them."""

import sqlalchemy as sa
from alembic import op

from app.database.migrations import grant

revision = "20261122_1420"
down_revision = "20261122_1410"
branch_labels = None
depends_on = None

ROLES = (
    "city_admin", "county_admin", "school_admin", "group_leader", "teacher", "auditor",
    "integration",
)  # fmt: skip
NEW_ROLES = ("network_coordinator", "school_adviser", "department_officer")
SUBJECTS = ("unit", "group", "self")
NEW_SUBJECTS = ("network", "department", "assignment")


def allow(constraint: str, column: str, values: tuple[str, ...]) -> None:
    """Let a column of grants have these values and no others."""
    name = f"ck_role_grant_{constraint}"
    op.drop_constraint(op.f(name), "role_grant", type_="check")
    allowed = ", ".join(f"'{value}'" for value in values)
    op.create_check_constraint(op.f(name), "role_grant", f"{column} IN ({allowed})")


def upgrade() -> None:
    allow("role", "role", (*ROLES, *NEW_ROLES))
    allow("subject_kind", "subject", (*SUBJECTS, *NEW_SUBJECTS))
    op.create_table(
        "department",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "education_section",
                "research_office",
                "training_college",
                "technology_centre",
                "education_institute",
                "training_division",
                "principal_office",
                "party_branch",
                "training_office",
                "academic_office",
                "moral_education_office",
                "science_office",
                "general_office",
                "other",
                name="department_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("duties", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "unit_id",
            sa.Uuid(),
            sa.Computed("coalesce(school_id, county_id)", persisted=True),
            nullable=False,
        ),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "school_id <> county_id", name=op.f("ck_department_school_is_no_bureau")
        ),
        sa.CheckConstraint(
            "valid_to >= valid_from", name=op.f("ck_department_ends_after_it_begins")
        ),
        sa.ForeignKeyConstraint(
            ["county_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_department_county_id_city_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name=op.f("fk_department_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_department")),
        sa.UniqueConstraint("id", "unit_id", name=op.f("uq_department_id_unit_id")),
    )
    op.create_index(
        op.f("ix_department_city_id_name_id"), "department", ["city_id", "name", "id"], unique=False
    )
    op.create_index(
        op.f("ix_department_county_id_name_id"),
        "department",
        ["county_id", "name", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_department_school_id_name_id"),
        "department",
        ["school_id", "name", "id"],
        unique=False,
    )
    op.create_index(
        "uq_department_open",
        "department",
        ["unit_id", "name"],
        unique=True,
        postgresql_where=sa.text("valid_to IS NULL"),
    )
    op.create_table(
        "network",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "catchment_area",
                "school_union",
                "school_district",
                "alliance",
                "sister_schools",
                name="network_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("lead_unit_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "unit_id",
            sa.Uuid(),
            sa.Computed("coalesce(school_id, county_id)", persisted=True),
            nullable=False,
        ),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "school_id IS NULL OR kind = 'sister_schools'",
            name=op.f("ck_network_schools_have_friends_alone"),
        ),
        sa.CheckConstraint("school_id <> county_id", name=op.f("ck_network_school_is_no_bureau")),
        sa.CheckConstraint("valid_to >= valid_from", name=op.f("ck_network_ends_after_it_begins")),
        sa.ForeignKeyConstraint(
            ["county_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_network_county_id_city_id"),
        ),
        sa.ForeignKeyConstraint(
            ["lead_unit_id"], ["unit.id"], name=op.f("fk_network_lead_unit_id")
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name=op.f("fk_network_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_network")),
        sa.UniqueConstraint("id", "unit_id", name=op.f("uq_network_id_unit_id")),
    )
    op.create_index(
        op.f("ix_network_city_id_name_id"), "network", ["city_id", "name", "id"], unique=False
    )
    op.create_index(
        op.f("ix_network_county_id_name_id"), "network", ["county_id", "name", "id"], unique=False
    )
    op.create_index(
        op.f("ix_network_school_id_name_id"), "network", ["school_id", "name", "id"], unique=False
    )
    op.create_table(
        "network_member",
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
        sa.Column("network_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "valid_to > valid_from", name=op.f("ck_network_member_ends_after_it_begins")
        ),
        sa.ForeignKeyConstraint(
            ["network_id"], ["network.id"], name=op.f("fk_network_member_network_id")
        ),
        sa.ForeignKeyConstraint(
            ["school_id"], ["unit.id"], name=op.f("fk_network_member_school_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_network_member")),
    )
    op.create_index(
        op.f("ix_network_member_school_id"), "network_member", ["school_id"], unique=False
    )
    op.create_index(
        "uq_network_member_open",
        "network_member",
        ["network_id", "school_id"],
        unique=True,
        postgresql_where=sa.text("superseded_at IS NULL AND valid_to IS NULL"),
    )
    op.create_table(
        "assignment",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("network_id", sa.Uuid(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("assigned_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "school_id <> county_id", name=op.f("ck_assignment_school_is_no_bureau")
        ),
        sa.CheckConstraint("school_id IS NULL", name=op.f("ck_assignment_is_of_a_bureau")),
        sa.CheckConstraint(
            "valid_to >= valid_from", name=op.f("ck_assignment_ends_after_it_begins")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_assignment_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["assigned_by"], ["account.id"], name=op.f("fk_assignment_assigned_by")
        ),
        sa.ForeignKeyConstraint(
            ["county_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_assignment_county_id_city_id"),
        ),
        sa.ForeignKeyConstraint(
            ["network_id"], ["network.id"], name=op.f("fk_assignment_network_id")
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name=op.f("fk_assignment_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
    )
    op.create_index(op.f("ix_assignment_account_id"), "assignment", ["account_id"], unique=False)
    op.create_index(
        op.f("ix_assignment_city_id_valid_to_id"),
        "assignment",
        ["city_id", "valid_to", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_assignment_county_id_valid_to_id"),
        "assignment",
        ["county_id", "valid_to", "id"],
        unique=False,
    )
    op.create_index(op.f("ix_assignment_network_id"), "assignment", ["network_id"], unique=False)
    op.create_table(
        "assignment_school",
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_assignment_school_assignment_id")
        ),
        sa.ForeignKeyConstraint(
            ["school_id"], ["unit.id"], name=op.f("fk_assignment_school_school_id")
        ),
        sa.PrimaryKeyConstraint("assignment_id", "school_id", name=op.f("pk_assignment_school")),
    )
    op.create_index(
        op.f("ix_assignment_school_school_id_assignment_id"),
        "assignment_school",
        ["school_id", "assignment_id"],
        unique=False,
    )
    op.create_table(
        "assignment_target",
        sa.Column("aim", sa.String(length=500), nullable=False),
        sa.Column("measure", sa.String(length=500), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.Column("agreed_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "met",
                "partly_met",
                "missed",
                name="target_outcome",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("result", sa.String(length=2000), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewed_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "num_nonnulls(outcome, result, reviewed_at, reviewed_by) IN (0, 4)",
            name=op.f("ck_assignment_target_review"),
        ),
        sa.ForeignKeyConstraint(
            ["agreed_by"], ["account.id"], name=op.f("fk_assignment_target_agreed_by")
        ),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_assignment_target_assignment_id")
        ),
        sa.ForeignKeyConstraint(
            ["reviewed_by"], ["account.id"], name=op.f("fk_assignment_target_reviewed_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment_target")),
    )
    op.create_index(
        op.f("ix_assignment_target_assignment_id_due_on_id"),
        "assignment_target",
        ["assignment_id", "due_on", "id"],
        unique=False,
    )
    op.add_column("activity", sa.Column("organiser_network_id", sa.Uuid(), nullable=True))
    op.add_column("activity", sa.Column("organiser_department_id", sa.Uuid(), nullable=True))
    op.create_index(
        op.f("ix_activity_organiser_department_id_starts_on_id"),
        "activity",
        ["organiser_department_id", "starts_on", "id"],
        unique=False,
        postgresql_where=sa.text("organiser_department_id IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_activity_organiser_network_id_starts_on_id"),
        "activity",
        ["organiser_network_id", "starts_on", "id"],
        unique=False,
        postgresql_where=sa.text("organiser_network_id IS NOT NULL"),
    )
    op.create_foreign_key(
        op.f("fk_activity_organiser_department_id_organiser_unit_id"),
        "activity",
        "department",
        ["organiser_department_id", "organiser_unit_id"],
        ["id", "unit_id"],
    )
    op.create_foreign_key(
        op.f("fk_activity_organiser_network_id_organiser_unit_id"),
        "activity",
        "network",
        ["organiser_network_id", "organiser_unit_id"],
        ["id", "unit_id"],
    )
    op.create_index(
        op.f("ix_role_grant_subject_id"),
        "role_grant",
        ["subject_id"],
        unique=False,
        postgresql_where=sa.text("superseded_at IS NULL"),
    )
    op.create_check_constraint(
        op.f("ck_activity_organised_once"),
        "activity",
        "num_nonnulls(organiser_group_id, organiser_network_id, organiser_department_id) <= 1",
    )
    grant("SELECT, INSERT, UPDATE (name, duties, valid_to)", "department")
    grant("SELECT, INSERT, UPDATE (name, lead_unit_id, valid_to)", "network")
    grant("SELECT, INSERT, UPDATE (superseded_at)", "network_member")
    grant("SELECT, INSERT, UPDATE (valid_to)", "assignment")
    grant("SELECT, INSERT", "assignment_school")
    review = "UPDATE (outcome, result, reviewed_at, reviewed_by)"
    grant(f"SELECT, INSERT, {review}", "assignment_target")


def downgrade() -> None:
    op.drop_index("ix_role_grant_subject_id", table_name="role_grant")
    for organiser in ("department", "network"):
        op.drop_column("activity", f"organiser_{organiser}_id")
    for table in ("assignment_target", "assignment_school", "assignment", "network_member",
                  "network", "department"):  # fmt: skip
        op.drop_table(table)
    # What is granted over these goes with them.
    op.execute("DELETE FROM role_grant WHERE subject IN ('network', 'department', 'assignment')")
    allow("role", "role", ROLES)
    allow("subject_kind", "subject", SUBJECTS)
