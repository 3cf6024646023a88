"""Committees, guidance, providers and yearly statistics; the experts' role."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.database.migrations import audited, grant

revision = "20261122_1450"
down_revision = "20261122_1440"
branch_labels = None
depends_on = None

TABLES = ("committee", "committee_member", "provider", "provider_approval", "statistic",
          "guidance_visit")  # fmt: skip
ROLES = (
    "city_admin", "county_admin", "school_admin", "group_leader", "teacher", "auditor",
    "integration", "network_coordinator", "school_adviser", "department_officer",
)  # fmt: skip


def allow_roles(*roles: str) -> None:
    """Let grants be of these roles and no others."""
    name = "ck_role_grant_role"
    op.drop_constraint(op.f(name), "role_grant", type_="check")
    allowed = ", ".join(f"'{role}'" for role in roles)
    op.create_check_constraint(op.f(name), "role_grant", f"role IN ({allowed})")


def upgrade() -> None:
    allow_roles(*ROLES, "expert")
    make_tables()
    grant("SELECT, INSERT, UPDATE (valid_to)", "committee")
    grant("SELECT, INSERT, UPDATE (superseded_at)", "committee_member", "provider_approval")
    grant("SELECT, INSERT, UPDATE (name, qualified_until, contact, contact_sealed)", "provider")
    confirmation = "confirmed_by, confirmed_at"
    grant(f"SELECT, INSERT, UPDATE (superseded_at, {confirmation})", "statistic")
    # What was found is written once; the unit answers, and the visit is closed.
    answer, closing = "answer, answered_at, answered_by", "conclusion, closed_at, closed_by"
    grant(f"SELECT, INSERT, UPDATE ({answer}, {closing})", "guidance_visit")
    for table in TABLES:
        audited(table)


def make_tables() -> None:
    op.create_table(
        "committee",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "leading_group",
                "working_group",
                "expert_committee",
                name="committee_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "concern",
            sa.Enum(
                "training",
                "research",
                "staffing",
                "curriculum_reform",
                "other",
                name="concern",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("mandate", sa.String(length=1000), nullable=True),
        sa.Column("document", sa.String(length=100), nullable=True),
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
        postgresql.ExcludeConstraint(
            (sa.column("unit_id"), "="),
            (sa.column("concern"), "="),
            (sa.text("daterange(valid_from, valid_to)"), "&&"),
            where=sa.text("kind = 'leading_group'"),
            using="gist",
            name="ex_committee_one_leading_group",
        ),
        sa.CheckConstraint(
            "school_id IS NULL OR kind <> 'expert_committee'",
            name=op.f("ck_committee_experts_are_a_bureaus"),
        ),
        sa.CheckConstraint("school_id <> county_id", name=op.f("ck_committee_school_is_no_bureau")),
        sa.CheckConstraint(
            "valid_to >= valid_from", name=op.f("ck_committee_ends_after_it_begins")
        ),
        sa.ForeignKeyConstraint(
            ["county_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_committee_county_id_city_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name=op.f("fk_committee_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_committee")),
    )
    op.create_index(
        op.f("ix_committee_city_id_name_id"), "committee", ["city_id", "name", "id"], unique=False
    )
    op.create_index(
        op.f("ix_committee_county_id_name_id"),
        "committee",
        ["county_id", "name", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_committee_school_id_name_id"),
        "committee",
        ["school_id", "name", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_committee_unit_id_name_id"), "committee", ["unit_id", "name", "id"], unique=False
    )
    op.create_table(
        "provider",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "base",
                "professional_institution",
                "university",
                "other",
                name="provider_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("credit_code", sa.String(length=18), nullable=True),
        sa.Column("qualified_until", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contact", sa.String(length=100), nullable=True),
        sa.Column("contact_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "num_nonnulls(contact, contact_sealed) IN (0, 2)",
            name=op.f("ck_provider_contact_is_sealed"),
        ),
        sa.CheckConstraint("school_id <> county_id", name=op.f("ck_provider_school_is_no_bureau")),
        sa.CheckConstraint("school_id IS NULL", name=op.f("ck_provider_is_of_a_bureau")),
        sa.ForeignKeyConstraint(
            ["county_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_provider_county_id_city_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name=op.f("fk_provider_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider")),
        sa.UniqueConstraint(
            "county_id", "credit_code", name=op.f("uq_provider_county_id_credit_code")
        ),
    )
    op.create_index(
        op.f("ix_provider_city_id_name_id"), "provider", ["city_id", "name", "id"], unique=False
    )
    op.create_index(
        op.f("ix_provider_county_id_name_id"), "provider", ["county_id", "name", "id"], unique=False
    )
    op.create_table(
        "provider_approval",
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("document", sa.String(length=100), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("withdrawn_because", sa.String(length=500), nullable=True),
        postgresql.ExcludeConstraint(
            (sa.column("provider_id"), "="),
            (sa.text("daterange(valid_from, valid_to)"), "&&"),
            where=sa.text("superseded_at IS NULL"),
            using="gist",
            name="ex_provider_approval_once",
        ),
        sa.CheckConstraint(
            "valid_to > valid_from", name=op.f("ck_provider_approval_ends_after_it_begins")
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["provider.id"], name=op.f("fk_provider_approval_provider_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_approval")),
    )
    op.create_index(
        op.f("ix_provider_approval_provider_id_valid_from"),
        "provider_approval",
        ["provider_id", "valid_from"],
        unique=False,
    )
    op.create_table(
        "committee_member",
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
            "duty",
            sa.Enum(
                "chair",
                "deputy",
                "managing_director",
                "member",
                "secretary",
                name="committee_duty",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("post", sa.String(length=60), nullable=True),
        sa.Column("teacher_id", sa.Uuid(), nullable=True),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("expert_name", sa.String(length=60), nullable=True),
        sa.Column("expert_unit", sa.String(length=100), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("committee_id", sa.Uuid(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("committee_id"), "="),
            (sa.column("account_id"), "="),
            (sa.text("daterange(valid_from, valid_to)"), "&&"),
            where=sa.text("superseded_at IS NULL AND account_id IS NOT NULL"),
            using="gist",
            name="ex_committee_member_account_once",
        ),
        postgresql.ExcludeConstraint(
            (sa.column("committee_id"), "="),
            (sa.column("teacher_id"), "="),
            (sa.text("daterange(valid_from, valid_to)"), "&&"),
            where=sa.text("superseded_at IS NULL AND teacher_id IS NOT NULL"),
            using="gist",
            name="ex_committee_member_teacher_once",
        ),
        postgresql.ExcludeConstraint(
            (sa.column("committee_id"), "="),
            (sa.text("daterange(valid_from, valid_to)"), "&&"),
            where=sa.text("superseded_at IS NULL AND duty = 'chair'"),
            using="gist",
            name="ex_committee_member_one_chair",
        ),
        sa.CheckConstraint(
            "expert_unit IS NULL OR expert_name IS NOT NULL",
            name=op.f("ck_committee_member_expert_has_a_name"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(teacher_id, account_id, expert_name) <= 1",
            name=op.f("ck_committee_member_one_person"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(teacher_id, account_id, expert_name, post) >= 1",
            name=op.f("ck_committee_member_somebody"),
        ),
        sa.CheckConstraint(
            "valid_to > valid_from", name=op.f("ck_committee_member_ends_after_it_begins")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_committee_member_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["committee_id"], ["committee.id"], name=op.f("fk_committee_member_committee_id")
        ),
        sa.ForeignKeyConstraint(
            ["teacher_id"], ["teacher.id"], name=op.f("fk_committee_member_teacher_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_committee_member")),
    )
    op.create_index(
        op.f("ix_committee_member_committee_id_valid_from"),
        "committee_member",
        ["committee_id", "valid_from"],
        unique=False,
    )
    op.create_index(
        op.f("ix_committee_member_teacher_id"), "committee_member", ["teacher_id"], unique=False
    )
    op.create_table(
        "statistic",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("school_year", sa.Integer(), nullable=False),
        sa.Column(
            "measure",
            sa.Enum(
                "schools",
                "students",
                "classes",
                "established_teachers",
                "trained_persons",
                "trained_person_times",
                "training_sessions",
                name="measure",
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
            nullable=True,
        ),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column(
            "precision",
            sa.Enum(
                "exact",
                "at_least",
                "about",
                name="precision",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "unit_id",
            sa.Uuid(),
            sa.Computed("coalesce(school_id, county_id)", persisted=True),
            nullable=False,
        ),
        sa.Column("stated_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by", sa.Uuid(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "confirmed_by <> stated_by", name=op.f("ck_statistic_confirmed_by_another")
        ),
        sa.CheckConstraint(
            "num_nonnulls(confirmed_by, confirmed_at) IN (0, 2)",
            name=op.f("ck_statistic_confirmation"),
        ),
        sa.CheckConstraint("school_id <> county_id", name=op.f("ck_statistic_school_is_no_bureau")),
        sa.CheckConstraint("value >= 0", name=op.f("ck_statistic_counts")),
        sa.ForeignKeyConstraint(
            ["confirmed_by"], ["account.id"], name=op.f("fk_statistic_confirmed_by")
        ),
        sa.ForeignKeyConstraint(
            ["county_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_statistic_county_id_city_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name=op.f("fk_statistic_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(["stated_by"], ["account.id"], name=op.f("fk_statistic_stated_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statistic")),
    )
    op.create_index(
        op.f("ix_statistic_city_id_school_year_measure_id"),
        "statistic",
        ["city_id", "school_year", "measure", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_statistic_county_id_school_year_measure_id"),
        "statistic",
        ["county_id", "school_year", "measure", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_statistic_school_id_school_year_measure_id"),
        "statistic",
        ["school_id", "school_year", "measure", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_statistic_unit_id_school_year_measure_id"),
        "statistic",
        ["unit_id", "school_year", "measure", "id"],
        unique=False,
    )
    op.create_index(
        "uq_statistic_current",
        "statistic",
        ["unit_id", "school_year", "measure", "stage"],
        unique=True,
        postgresql_where=sa.text("superseded_at IS NULL"),
        postgresql_nulls_not_distinct=True,
    )
    op.create_table(
        "guidance_visit",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "guide",
                "inspect",
                "exchange",
                "evaluate",
                "review",
                name="guidance_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("visited_on", sa.Date(), nullable=False),
        sa.Column("visitors", sa.String(length=200), nullable=False),
        sa.Column("assignment_id", sa.Uuid(), nullable=True),
        sa.Column("target_id", sa.Uuid(), nullable=True),
        sa.Column("committee_id", sa.Uuid(), nullable=True),
        sa.Column("findings", sa.String(length=5000), nullable=False),
        sa.Column("requests", sa.String(length=2000), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "unit_id",
            sa.Uuid(),
            sa.Computed("coalesce(school_id, county_id)", persisted=True),
            nullable=False,
        ),
        sa.Column("by_unit_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(length=5000), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("conclusion", sa.String(length=2000), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("by_unit_id <> unit_id", name=op.f("ck_guidance_visit_not_of_oneself")),
        sa.CheckConstraint("due_on >= visited_on", name=op.f("ck_guidance_visit_due_afterwards")),
        sa.CheckConstraint(
            "num_nonnulls(answer, answered_at, answered_by) IN (0, 3)",
            name=op.f("ck_guidance_visit_answer"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(assignment_id, committee_id) <= 1",
            name=op.f("ck_guidance_visit_one_basis"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(conclusion, closed_at, closed_by) IN (0, 3)",
            name=op.f("ck_guidance_visit_closing"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(requests, due_on) IN (0, 2)",
            name=op.f("ck_guidance_visit_requests_fall_due"),
        ),
        sa.CheckConstraint(
            "school_id <> county_id", name=op.f("ck_guidance_visit_school_is_no_bureau")
        ),
        sa.CheckConstraint(
            "target_id IS NULL OR assignment_id IS NOT NULL", name=op.f("ck_guidance_visit_target")
        ),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["account.id"], name=op.f("fk_guidance_visit_answered_by")
        ),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_guidance_visit_assignment_id")
        ),
        sa.ForeignKeyConstraint(
            ["by_unit_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_guidance_visit_by_unit_id_city_id"),
        ),
        sa.ForeignKeyConstraint(
            ["closed_by"], ["account.id"], name=op.f("fk_guidance_visit_closed_by")
        ),
        sa.ForeignKeyConstraint(
            ["committee_id"], ["committee.id"], name=op.f("fk_guidance_visit_committee_id")
        ),
        sa.ForeignKeyConstraint(
            ["county_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_guidance_visit_county_id_city_id"),
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["account.id"], name=op.f("fk_guidance_visit_recorded_by")
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name=op.f("fk_guidance_visit_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["target_id"], ["assignment_target.id"], name=op.f("fk_guidance_visit_target_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guidance_visit")),
    )
    op.create_index(
        op.f("ix_guidance_visit_assignment_id_visited_on_id"),
        "guidance_visit",
        ["assignment_id", "visited_on", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_guidance_visit_city_id_visited_on_id"),
        "guidance_visit",
        ["city_id", "visited_on", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_guidance_visit_committee_id"), "guidance_visit", ["committee_id"], unique=False
    )
    op.create_index(
        op.f("ix_guidance_visit_county_id_visited_on_id"),
        "guidance_visit",
        ["county_id", "visited_on", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_guidance_visit_school_id_visited_on_id"),
        "guidance_visit",
        ["school_id", "visited_on", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_guidance_visit_unit_id_visited_on_id"),
        "guidance_visit",
        ["unit_id", "visited_on", "id"],
        unique=False,
    )


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    op.execute("DELETE FROM role_grant WHERE role = 'expert'")
    allow_roles(*ROLES)
