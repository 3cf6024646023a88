"""Plans with their items, versions, reviews and deadlines; session plans; assessments of teachers."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB, ExcludeConstraint

from app.database.migrations import audited, grant

revision = "20261122_1550"
down_revision = "20261122_1540"
branch_labels = None
depends_on = None


def upgrade() -> None:  # noqa: PLR0915  one statement a table, spelt out
    op.create_table(
        "plan",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("aims", sa.Text(), nullable=True),
        sa.Column("school_goals", sa.String(length=2000), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "year",
                "semester",
                "multi_year",
                "scheme",
                "individual",
                name="plan_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "unit_id",
            sa.Uuid(),
            sa.Computed("coalesce(school_id, county_id)", persisted=True),
            nullable=False,
        ),
        sa.Column("group_id", sa.Uuid(), nullable=True),
        sa.Column("department_id", sa.Uuid(), nullable=True),
        sa.Column("teacher_id", sa.Uuid(), nullable=True),
        sa.Column(
            "addressed_id",
            sa.Uuid(),
            sa.Computed(
                "CASE WHEN teacher_id IS NULL THEN coalesce(group_id, school_id, county_id) END",
                persisted=True,
            ),
            nullable=True,
        ),
        sa.Column("derived_from_id", sa.Uuid(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "submitted",
                "returned",
                "withdrawn",
                "approved",
                "published",
                name="plan_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("submitted_by", sa.Uuid(), nullable=True),
        sa.Column("in_force", sa.Integer(), nullable=True),
        sa.Column("amendment_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("summary", sa.Text(), nullable=True),
        sa.Column("summarised_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'individual') = (teacher_id IS NOT NULL)", name=op.f("ck_plan_individual")
        ),
        sa.CheckConstraint(
            "(published_at IS NOT NULL) = (state = 'published')", name=op.f("ck_plan_published_at")
        ),
        sa.CheckConstraint("version > 0 OR state = 'draft'", name=op.f("ck_plan_version")),
        sa.CheckConstraint(
            "(in_force IS NOT NULL) = (state IN ('approved', 'published'))",
            name=op.f("ck_plan_in_force"),
        ),
        sa.CheckConstraint("in_force <= version", name=op.f("ck_plan_in_force_was_submitted")),
        sa.CheckConstraint(
            "amendment_since IS NULL OR in_force < version",
            name=op.f("ck_plan_amends_what_is_in_force"),
        ),
        sa.CheckConstraint(
            "(summary IS NULL) = (summarised_at IS NULL)", name=op.f("ck_plan_summary")
        ),
        sa.CheckConstraint("derived_from_id <> id", name=op.f("ck_plan_not_derived_from_itself")),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_plan_ends_after_it_begins")),
        sa.CheckConstraint(
            "num_nonnulls(group_id, department_id, teacher_id) <= 1",
            name=op.f("ck_plan_owned_once"),
        ),
        sa.CheckConstraint("school_id <> county_id", name=op.f("ck_plan_school_is_no_bureau")),
        sa.ForeignKeyConstraint(
            ["county_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_plan_county_id_city_id"),
        ),
        sa.ForeignKeyConstraint(["created_by"], ["account.id"], name=op.f("fk_plan_created_by")),
        sa.ForeignKeyConstraint(
            ["department_id", "unit_id"],
            ["department.id", "department.unit_id"],
            name=op.f("fk_plan_department_id_unit_id"),
        ),
        sa.ForeignKeyConstraint(
            ["derived_from_id"], ["plan.id"], name=op.f("fk_plan_derived_from_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "unit_id"],
            ["research_group.id", "research_group.unit_id"],
            name=op.f("fk_plan_group_id_unit_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name=op.f("fk_plan_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["submitted_by"], ["account.id"], name=op.f("fk_plan_submitted_by")
        ),
        sa.ForeignKeyConstraint(
            ["teacher_id", "school_id", "county_id", "city_id"],
            ["teacher.id", "teacher.school_id", "teacher.county_id", "teacher.city_id"],
            name=op.f("fk_plan_teacher_id_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
    )
    op.create_index(
        op.f("ix_plan_addressed_id_starts_on_id"),
        "plan",
        ["addressed_id", "starts_on", "id"],
        unique=False,
        postgresql_where=sa.text("published_at IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_plan_city_id_starts_on_id"), "plan", ["city_id", "starts_on", "id"], unique=False
    )
    op.create_index(
        op.f("ix_plan_county_id_since"),
        "plan",
        ["county_id", "since"],
        unique=False,
        postgresql_where=sa.text("state = 'submitted'"),
    )
    op.create_index(
        op.f("ix_plan_county_id_amendment_since"),
        "plan",
        ["county_id", "amendment_since"],
        unique=False,
        postgresql_where=sa.text("amendment_since IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_plan_county_id_starts_on_id"),
        "plan",
        ["county_id", "starts_on", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_plan_department_id_starts_on_id"),
        "plan",
        ["department_id", "starts_on", "id"],
        unique=False,
        postgresql_where=sa.text("department_id IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_plan_derived_from_id_starts_on_id"),
        "plan",
        ["derived_from_id", "starts_on", "id"],
        unique=False,
        postgresql_where=sa.text("derived_from_id IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_plan_group_id_starts_on_id"),
        "plan",
        ["group_id", "starts_on", "id"],
        unique=False,
        postgresql_where=sa.text("group_id IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_plan_school_id_starts_on_id"),
        "plan",
        ["school_id", "starts_on", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_plan_teacher_id_starts_on_id"),
        "plan",
        ["teacher_id", "starts_on", "id"],
        unique=False,
        postgresql_where=sa.text("teacher_id IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_plan_unit_id_starts_on_id"), "plan", ["unit_id", "starts_on", "id"], unique=False
    )
    op.create_table(
        "plan_item",
        sa.Column("content", sa.String(length=500), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("trainers", sa.String(length=500), nullable=True),
        sa.Column("trainer_ids", sa.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("trainees", sa.String(length=500), nullable=True),
        sa.Column(
            "form",
            sa.Enum(
                "lecture",
                "lesson_observation",
                "collective_planning",
                "seminar",
                "forum",
                "salon",
                "remote_study",
                "visit",
                "outreach",
                "competition",
                "action_research",
                "mentoring",
                "meeting",
                "online_course",
                "reading",
                "workshop",
                name="activity_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("hours", sa.Numeric(precision=8, scale=2), nullable=True),
        sa.Column("credits", sa.Numeric(precision=8, scale=2), nullable=True),
        sa.Column("person_in_charge", sa.String(length=60), nullable=True),
        sa.Column("progress", sa.String(length=2000), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("credits > 0", name=op.f("ck_plan_item_credits")),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_plan_item_ends_after_it_begins")),
        sa.CheckConstraint("hours > 0", name=op.f("ck_plan_item_hours")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_item_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_item")),
        sa.UniqueConstraint(
            "plan_id", "starts_on", "id", name=op.f("uq_plan_item_plan_id_starts_on_id")
        ),
    )
    op.create_table(
        "plan_activity",
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_plan_activity_activity_id")
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["plan_item.id"], name=op.f("fk_plan_activity_item_id")
        ),
        sa.PrimaryKeyConstraint("activity_id", name=op.f("pk_plan_activity")),
    )
    op.create_index(op.f("ix_plan_activity_item_id"), "plan_activity", ["item_id"], unique=False)
    op.create_table(
        "plan_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("document", JSONB(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_by", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_version_plan_id")),
        sa.ForeignKeyConstraint(
            ["submitted_by"], ["account.id"], name=op.f("fk_plan_version_submitted_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_version")),
        sa.UniqueConstraint("plan_id", "number", name=op.f("uq_plan_version_plan_id_number")),
    )
    op.create_table(
        "plan_review",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "step",
            sa.Enum(
                "submit",
                "withdraw",
                "return",
                "approve",
                "publish",
                "amend",
                name="plan_step",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("opinion", sa.String(length=2000), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_by", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_review_plan_id")),
        sa.ForeignKeyConstraint(["taken_by"], ["account.id"], name=op.f("fk_plan_review_taken_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_review")),
    )
    op.create_index(
        op.f("ix_plan_review_plan_id_id"), "plan_review", ["plan_id", "id"], unique=False
    )
    op.create_table(
        "plan_citation",
        sa.Column(
            "kind",
            sa.Enum(
                "guidance_visit",
                "plan",
                "activity",
                "goal",
                "survey",
                "problem",
                "diagnosis",
                "evaluation",
                name="cited_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("cited_id", sa.Uuid(), nullable=False),
        sa.Column("conclusion", sa.String(length=500), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_citation_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_citation")),
    )
    op.create_index(
        op.f("ix_plan_citation_cited_id_plan_id"),
        "plan_citation",
        ["cited_id", "plan_id"],
        unique=False,
    )
    op.create_index(
        "uq_plan_citation_cited", "plan_citation", ["plan_id", "kind", "cited_id"], unique=True
    )
    op.create_table(
        "plan_deadline",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "year",
                "semester",
                "multi_year",
                "scheme",
                "individual",
                name="plan_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "owed_by",
            sa.Enum(
                "units",
                "groups",
                "teachers",
                name="owed_by",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "unit_id",
            sa.Uuid(),
            sa.Computed("coalesce(school_id, county_id)", persisted=True),
            nullable=False,
        ),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_by", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'individual') = (owed_by = 'teachers')",
            name=op.f("ck_plan_deadline_individual"),
        ),
        sa.CheckConstraint(
            "ends_on >= starts_on", name=op.f("ck_plan_deadline_ends_after_it_begins")
        ),
        sa.CheckConstraint(
            "school_id <> county_id", name=op.f("ck_plan_deadline_school_is_no_bureau")
        ),
        sa.ForeignKeyConstraint(
            ["county_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_plan_deadline_county_id_city_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name=op.f("fk_plan_deadline_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(["set_by"], ["account.id"], name=op.f("fk_plan_deadline_set_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_deadline")),
        sa.UniqueConstraint(
            "unit_id",
            "kind",
            "owed_by",
            "starts_on",
            name=op.f("uq_plan_deadline_unit_id_kind_owed_by_starts_on"),
        ),
    )
    op.create_index(
        op.f("ix_plan_deadline_city_id_due_on_id"),
        "plan_deadline",
        ["city_id", "due_on", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_plan_deadline_county_id_due_on_id"),
        "plan_deadline",
        ["county_id", "due_on", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_plan_deadline_school_id_due_on_id"),
        "plan_deadline",
        ["school_id", "due_on", "id"],
        unique=False,
    )
    op.create_table(
        "session_plan",
        sa.Column("trainer", sa.String(length=60), nullable=False),
        sa.Column("teacher_id", sa.Uuid(), nullable=True),
        sa.Column("objectives", sa.Text(), nullable=False),
        sa.Column("measures", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "submitted",
                "returned",
                "approved",
                name="session_plan_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_by", sa.Uuid(), nullable=False),
        sa.Column("opinion", sa.String(length=2000), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(state = 'submitted') = (decided_at IS NULL)", name=op.f("ck_session_plan_decided")
        ),
        sa.CheckConstraint(
            "num_nonnulls(opinion, decided_at, decided_by) IN (0, 3)",
            name=op.f("ck_session_plan_opinion"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["account.id"], name=op.f("fk_session_plan_decided_by")
        ),
        sa.ForeignKeyConstraint(
            ["session_id", "activity_id"],
            ["activity_session.id", "activity_session.activity_id"],
            name=op.f("fk_session_plan_session_id_activity_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["submitted_by"], ["account.id"], name=op.f("fk_session_plan_submitted_by")
        ),
        sa.ForeignKeyConstraint(
            ["teacher_id"], ["teacher.id"], name=op.f("fk_session_plan_teacher_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_plan")),
        sa.UniqueConstraint("session_id", name=op.f("uq_session_plan_session_id")),
    )
    op.create_index(
        op.f("ix_session_plan_activity_id"), "session_plan", ["activity_id"], unique=False
    )
    op.create_index(
        op.f("ix_session_plan_submitted_at"),
        "session_plan",
        ["submitted_at"],
        unique=False,
        postgresql_where=sa.text("state = 'submitted'"),
    )
    op.create_index(
        op.f("ix_session_plan_teacher_id"),
        "session_plan",
        ["teacher_id"],
        unique=False,
        postgresql_where=sa.text("teacher_id IS NOT NULL"),
    )
    op.create_table(
        "assessment_requirement",
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column(
            "stratum",
            sa.Enum(
                "established",
                "in_service",
                "new_teacher",
                "young_teacher",
                "mature_teacher",
                "junior_or_middle_rank",
                "senior_rank",
                "class_head",
                "shortage_subject",
                "backbone_teacher",
                "leading_teacher",
                "degree_study",
                "trainer",
                "school_cadre",
                "middle_leader",
                "new_middle_leader",
                "auxiliary_staff",
                name="stratum",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column(
            "measure",
            sa.Enum(
                "hours",
                "credits",
                "activities",
                "observations",
                "notes",
                "reflections",
                "talks",
                name="assessment_measure",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "term",
            sa.Enum(
                "year",
                "semester",
                name="assessment_term",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("amount", sa.Numeric(precision=8, scale=2), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        ExcludeConstraint(
            (sa.column("school_id"), "="),
            (sa.text("coalesce(stratum, '')"), "="),
            (sa.column("measure"), "="),
            (sa.column("term"), "="),
            (sa.text("daterange(valid_from, valid_to)"), "&&"),
            where=sa.text("superseded_at IS NULL"),
            using="gist",
            name="ex_assessment_requirement_holds_once",
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_assessment_requirement_amount")),
        sa.CheckConstraint(
            "school_id <> county_id", name=op.f("ck_assessment_requirement_school_is_no_bureau")
        ),
        sa.CheckConstraint(
            "valid_to > valid_from", name=op.f("ck_assessment_requirement_ends_after_it_begins")
        ),
        sa.ForeignKeyConstraint(
            ["county_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_assessment_requirement_county_id_city_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name=op.f("fk_assessment_requirement_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_requirement")),
    )
    op.create_index(
        op.f("ix_assessment_requirement_school_id_valid_from_id"),
        "assessment_requirement",
        ["school_id", "valid_from", "id"],
        unique=False,
    )
    op.create_table(
        "assessment",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column(
            "term",
            sa.Enum(
                "year",
                "semester",
                name="assessment_term",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column(
            "judgement",
            sa.Enum(
                "excellent",
                "qualified",
                "basically_qualified",
                "unqualified",
                name="judgement",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("opinion", sa.String(length=2000), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("teacher_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("figures", JSONB(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_assessment_ends_after_it_begins")),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["account.id"], name=op.f("fk_assessment_recorded_by")
        ),
        sa.ForeignKeyConstraint(
            ["teacher_id", "school_id", "county_id", "city_id"],
            ["teacher.id", "teacher.school_id", "teacher.county_id", "teacher.city_id"],
            name=op.f("fk_assessment_teacher_id_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment")),
    )
    op.create_index(
        op.f("ix_assessment_city_id_starts_on_id"),
        "assessment",
        ["city_id", "starts_on", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_assessment_county_id_starts_on_id"),
        "assessment",
        ["county_id", "starts_on", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_assessment_school_id_starts_on_id"),
        "assessment",
        ["school_id", "starts_on", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_assessment_teacher_id_starts_on_id"),
        "assessment",
        ["teacher_id", "starts_on", "id"],
        unique=False,
    )
    op.create_index(
        "uq_assessment_believed",
        "assessment",
        ["teacher_id", "term", "starts_on"],
        unique=True,
        postgresql_where=sa.text("superseded_at IS NULL"),
    )
    op.add_column(
        "activity",
        sa.Column(
            "requires_session_plans", sa.Boolean(), server_default=sa.text("false"), nullable=False
        ),
    )
    plan = "title, starts_on, ends_on, aims, school_goals, text, derived_from_id"
    reviewed = "state, since, version, in_force, amendment_since, submitted_by, published_at"
    item = "content, starts_on, ends_on, trainers, trainer_ids, trainees, form, hours, credits"
    session = "objectives, measures, content, state, attempt, submitted_at, submitted_by"
    grant(f"SELECT, INSERT, UPDATE ({plan}, {reviewed}, summary, summarised_at)", "plan")
    grant(f"SELECT, INSERT, UPDATE ({item}, person_in_charge, progress), DELETE", "plan_item")
    grant("SELECT, INSERT, DELETE", "plan_activity", "plan_citation")
    grant("SELECT, INSERT", "plan_version", "plan_review")
    grant("SELECT, INSERT, UPDATE (due_on)", "plan_deadline")
    grant(f"SELECT, INSERT, UPDATE ({session}, opinion, decided_at, decided_by)", "session_plan")
    grant("SELECT, INSERT, UPDATE (superseded_at)", "assessment_requirement", "assessment")
    for table in (
        "plan", "plan_item", "plan_activity", "plan_citation", "plan_deadline", "session_plan",
        "assessment_requirement", "assessment", "activity",
    ):  # fmt: skip
        audited(table)
    for table in ("plan_version", "plan_review"):
        # They say themselves who made them, and when; they are never changed.
        audited(table, insertions=False)


def downgrade() -> None:
    op.drop_column("activity", "requires_session_plans")
    op.drop_table("assessment")
    op.drop_table("assessment_requirement")
    op.drop_table("session_plan")
    op.drop_table("plan_deadline")
    op.drop_table("plan_citation")
    op.drop_table("plan_review")
    op.drop_table("plan_version")
    op.drop_table("plan_activity")
    op.drop_table("plan_item")
    op.drop_table("plan")
