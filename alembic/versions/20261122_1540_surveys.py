"""Surveys and their links, evaluations of activities, problems taken in, diagnoses."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.database.migrations import audited, grant

revision = "20261122_1540"
down_revision = "20261122_1530"
branch_labels = None
depends_on = None

AUDITED = (
    "survey", "survey_audience", "survey_link", "activity_evaluation", "teaching_problem",
    "diagnosis", "diagnosis_basis",
)  # fmt: skip


def upgrade() -> None:
    make_tables()
    asked = "title, introduction, anonymous, breakdowns, opens_at, closes_at, questions"
    grant(f"SELECT, INSERT, UPDATE ({asked}, state, closed_at, published_at)", "survey")
    # Answers are written anew, in an order of chance, when a survey closes; they are never changed.
    grant("SELECT, INSERT, DELETE", "survey_audience", "survey_response", "survey_token")
    grant("SELECT, INSERT", "survey_receipt", "diagnosis_basis")
    grant("SELECT, INSERT, UPDATE (revoked_at)", "survey_link")
    planned = "template_id, window_days, summary_days, survey_id, summary_due_on"
    summed_up = "summary, effects, problems, next_steps, summarised_by, summarised_at"
    grant(f"SELECT, INSERT, UPDATE ({planned}, {summed_up})", "activity_evaluation")
    decided = "state, reply, merged_into_id, decided_by, decided_at"
    grant(f"SELECT, INSERT, UPDATE ({decided})", "teaching_problem")
    grant("SELECT, INSERT, UPDATE (answer, measures, answered_at, answered_by)", "diagnosis")
    for table in AUDITED:
        audited(table)


def make_tables() -> None:
    op.create_table(
        "survey",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column(
            "purpose",
            sa.Enum(
                "needs",
                "activity_evaluation",
                "course_evaluation",
                "other",
                name="survey_purpose",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("introduction", sa.String(length=2000), nullable=True),
        sa.Column("anonymous", sa.Boolean(), nullable=False),
        sa.Column("breakdowns", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_template", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "unit_id",
            sa.Uuid(),
            sa.Computed("coalesce(school_id, county_id)", persisted=True),
            nullable=False,
        ),
        sa.Column("group_id", sa.Uuid(), nullable=True),
        sa.Column("network_id", sa.Uuid(), nullable=True),
        sa.Column("department_id", sa.Uuid(), nullable=True),
        sa.Column("activity_id", sa.Uuid(), nullable=True),
        sa.Column("previous_id", sa.Uuid(), nullable=True),
        sa.Column("questions", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "open",
                "closed",
                "published",
                name="survey_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(closed_at IS NOT NULL) = (state IN ('closed', 'published'))",
            name=op.f("ck_survey_closed_at"),
        ),
        sa.CheckConstraint(
            "(published_at IS NOT NULL) = (state = 'published')",
            name=op.f("ck_survey_published_at"),
        ),
        sa.CheckConstraint("NOT is_template OR state = 'draft'", name=op.f("ck_survey_template")),
        sa.CheckConstraint("closes_at > opens_at", name=op.f("ck_survey_closes_after_it_opens")),
        sa.CheckConstraint(
            "is_template OR num_nonnulls(opens_at, closes_at) = 2", name=op.f("ck_survey_window")
        ),
        sa.CheckConstraint(
            "num_nonnulls(group_id, network_id, department_id) <= 1", name=op.f("ck_survey_owner")
        ),
        sa.CheckConstraint("school_id <> county_id", name=op.f("ck_survey_school_is_no_bureau")),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_survey_activity_id")
        ),
        sa.ForeignKeyConstraint(
            ["county_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_survey_county_id_city_id"),
        ),
        sa.ForeignKeyConstraint(["created_by"], ["account.id"], name=op.f("fk_survey_created_by")),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_survey_department_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["research_group.id"], name=op.f("fk_survey_group_id")
        ),
        sa.ForeignKeyConstraint(["network_id"], ["network.id"], name=op.f("fk_survey_network_id")),
        sa.ForeignKeyConstraint(["previous_id"], ["survey.id"], name=op.f("fk_survey_previous_id")),
        sa.ForeignKeyConstraint(
            ["school_id", "county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name=op.f("fk_survey_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey")),
    )
    op.create_index(
        op.f("ix_survey_activity_id"),
        "survey",
        ["activity_id"],
        unique=False,
        postgresql_where=sa.text("activity_id IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_survey_city_id_opens_at_id"), "survey", ["city_id", "opens_at", "id"], unique=False
    )
    op.create_index(
        op.f("ix_survey_closes_at"),
        "survey",
        ["closes_at"],
        unique=False,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(
        op.f("ix_survey_county_id_opens_at_id"),
        "survey",
        ["county_id", "opens_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_survey_department_id"),
        "survey",
        ["department_id"],
        unique=False,
        postgresql_where=sa.text("department_id IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_survey_group_id"),
        "survey",
        ["group_id"],
        unique=False,
        postgresql_where=sa.text("group_id IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_survey_network_id"),
        "survey",
        ["network_id"],
        unique=False,
        postgresql_where=sa.text("network_id IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_survey_previous_id"),
        "survey",
        ["previous_id"],
        unique=False,
        postgresql_where=sa.text("previous_id IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_survey_school_id_opens_at_id"),
        "survey",
        ["school_id", "opens_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_survey_unit_id_opens_at_id"), "survey", ["unit_id", "opens_at", "id"], unique=False
    )
    op.create_table(
        "survey_audience",
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        sa.Column("target_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["survey_id"], ["survey.id"], name=op.f("fk_survey_audience_survey_id")
        ),
        sa.PrimaryKeyConstraint("survey_id", "target_id", name=op.f("pk_survey_audience")),
    )
    op.create_index(
        op.f("ix_survey_audience_target_id_survey_id"),
        "survey_audience",
        ["target_id", "survey_id"],
        unique=False,
    )
    op.create_table(
        "survey_receipt",
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        sa.Column("teacher_id", sa.Uuid(), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["survey_id"], ["survey.id"], name=op.f("fk_survey_receipt_survey_id")
        ),
        sa.ForeignKeyConstraint(
            ["teacher_id"], ["teacher.id"], name=op.f("fk_survey_receipt_teacher_id")
        ),
        sa.PrimaryKeyConstraint("survey_id", "teacher_id", name=op.f("pk_survey_receipt")),
    )
    op.create_index(
        op.f("ix_survey_receipt_teacher_id"), "survey_receipt", ["teacher_id"], unique=False
    )
    op.create_table(
        "survey_response",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        sa.Column("teacher_id", sa.Uuid(), nullable=True),
        sa.Column("of_school_id", sa.Uuid(), nullable=True),
        sa.Column("strata", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("answers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["of_school_id"], ["unit.id"], name=op.f("fk_survey_response_of_school_id")
        ),
        sa.ForeignKeyConstraint(
            ["survey_id"], ["survey.id"], name=op.f("fk_survey_response_survey_id")
        ),
        sa.ForeignKeyConstraint(
            ["teacher_id"], ["teacher.id"], name=op.f("fk_survey_response_teacher_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_response")),
    )
    op.create_index(
        op.f("ix_survey_response_survey_id"), "survey_response", ["survey_id"], unique=False
    )
    op.create_index(
        op.f("ix_survey_response_teacher_id"), "survey_response", ["teacher_id"], unique=False
    )
    op.create_table(
        "survey_link",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "shared",
                "single",
                name="link_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        sa.Column("tokens", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by"], ["account.id"], name=op.f("fk_survey_link_created_by")
        ),
        sa.ForeignKeyConstraint(["school_id"], ["unit.id"], name=op.f("fk_survey_link_school_id")),
        sa.ForeignKeyConstraint(
            ["survey_id"], ["survey.id"], name=op.f("fk_survey_link_survey_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_link")),
    )
    op.create_index(
        op.f("ix_survey_link_survey_id_id"), "survey_link", ["survey_id", "id"], unique=False
    )
    op.create_table(
        "survey_token",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("link_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["link_id"], ["survey_link.id"], name=op.f("fk_survey_token_link_id")
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_survey_token")),
    )
    op.create_index(op.f("ix_survey_token_link_id"), "survey_token", ["link_id"], unique=False)
    op.create_table(
        "activity_evaluation",
        sa.Column("summary", sa.String(length=5000), nullable=True),
        sa.Column("effects", sa.String(length=2000), nullable=True),
        sa.Column("problems", sa.String(length=2000), nullable=True),
        sa.Column("next_steps", sa.String(length=2000), nullable=True),
        sa.Column("template_id", sa.Uuid(), nullable=True),
        sa.Column("window_days", sa.Integer(), nullable=False),
        sa.Column("summary_days", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("survey_id", sa.Uuid(), nullable=True),
        sa.Column("summary_due_on", sa.Date(), nullable=True),
        sa.Column("summarised_by", sa.Uuid(), nullable=True),
        sa.Column("summarised_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "num_nonnulls(summary, summarised_at, summarised_by) IN (0, 3)",
            name=op.f("ck_activity_evaluation_summary"),
        ),
        sa.CheckConstraint(
            "summary_days BETWEEN 1 AND 90", name=op.f("ck_activity_evaluation_summary_days")
        ),
        sa.CheckConstraint(
            "window_days BETWEEN 1 AND 60", name=op.f("ck_activity_evaluation_window_days")
        ),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_activity_evaluation_activity_id")
        ),
        sa.ForeignKeyConstraint(
            ["summarised_by"], ["account.id"], name=op.f("fk_activity_evaluation_summarised_by")
        ),
        sa.ForeignKeyConstraint(
            ["survey_id"], ["survey.id"], name=op.f("fk_activity_evaluation_survey_id")
        ),
        sa.ForeignKeyConstraint(
            ["template_id"], ["survey.id"], name=op.f("fk_activity_evaluation_template_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_evaluation")),
        sa.UniqueConstraint("activity_id", name=op.f("uq_activity_evaluation_activity_id")),
    )
    op.create_index(
        op.f("ix_activity_evaluation_summary_due_on"),
        "activity_evaluation",
        ["summary_due_on"],
        unique=False,
        postgresql_where=sa.text("summarised_at IS NULL AND summary_due_on IS NOT NULL"),
    )
    op.create_table(
        "teaching_problem",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("statement", sa.String(length=2000), nullable=False),
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
        sa.Column("tags", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "unit_id",
            sa.Uuid(),
            sa.Computed("coalesce(school_id, county_id)", persisted=True),
            nullable=False,
        ),
        sa.Column("group_id", sa.Uuid(), nullable=True),
        sa.Column("teacher_id", sa.Uuid(), nullable=True),
        sa.Column("stated_by", sa.Uuid(), nullable=False),
        sa.Column("stated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "stated",
                "taken_in",
                "answered",
                "merged",
                name="problem_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("merged_into_id", sa.Uuid(), nullable=True),
        sa.Column("reply", sa.String(length=2000), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(decided_at IS NOT NULL) = (state <> 'stated')",
            name=op.f("ck_teaching_problem_decided"),
        ),
        sa.CheckConstraint(
            "(merged_into_id IS NOT NULL) = (state = 'merged')",
            name=op.f("ck_teaching_problem_merged"),
        ),
        sa.CheckConstraint(
            "(reply IS NOT NULL) = (state = 'answered')", name=op.f("ck_teaching_problem_reply")
        ),
        sa.CheckConstraint(
            "merged_into_id <> id", name=op.f("ck_teaching_problem_merged_into_another")
        ),
        sa.CheckConstraint(
            "school_id <> county_id", name=op.f("ck_teaching_problem_school_is_no_bureau")
        ),
        sa.ForeignKeyConstraint(
            ["county_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_teaching_problem_county_id_city_id"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["account.id"], name=op.f("fk_teaching_problem_decided_by")
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["research_group.id"], name=op.f("fk_teaching_problem_group_id")
        ),
        sa.ForeignKeyConstraint(
            ["merged_into_id"],
            ["teaching_problem.id"],
            name=op.f("fk_teaching_problem_merged_into_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name=op.f("fk_teaching_problem_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["stated_by"], ["account.id"], name=op.f("fk_teaching_problem_stated_by")
        ),
        sa.ForeignKeyConstraint(
            ["teacher_id"], ["teacher.id"], name=op.f("fk_teaching_problem_teacher_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_teaching_problem")),
    )
    op.create_index(
        op.f("ix_teaching_problem_city_id_id"), "teaching_problem", ["city_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_teaching_problem_county_id_id"),
        "teaching_problem",
        ["county_id", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_teaching_problem_group_id"),
        "teaching_problem",
        ["group_id"],
        unique=False,
        postgresql_where=sa.text("group_id IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_teaching_problem_merged_into_id"),
        "teaching_problem",
        ["merged_into_id"],
        unique=False,
        postgresql_where=sa.text("merged_into_id IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_teaching_problem_school_id_id"),
        "teaching_problem",
        ["school_id", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_teaching_problem_teacher_id"),
        "teaching_problem",
        ["teacher_id"],
        unique=False,
        postgresql_where=sa.text("teacher_id IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_teaching_problem_unit_id_id"), "teaching_problem", ["unit_id", "id"], unique=False
    )
    op.create_table(
        "diagnosis",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("diagnosed_on", sa.Date(), nullable=False),
        sa.Column("period_from", sa.Date(), nullable=False),
        sa.Column("period_to", sa.Date(), nullable=False),
        sa.Column("strengths", sa.String(length=5000), nullable=False),
        sa.Column("problems", sa.String(length=5000), nullable=False),
        sa.Column("suggestions", sa.String(length=5000), nullable=False),
        sa.Column("next_due_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "unit_id",
            sa.Uuid(),
            sa.Computed("coalesce(school_id, county_id)", persisted=True),
            nullable=False,
        ),
        sa.Column("by_unit_id", sa.Uuid(), nullable=False),
        sa.Column("findings", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(length=5000), nullable=True),
        sa.Column("measures", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("diagnosed_on >= period_from", name=op.f("ck_diagnosis_looks_back")),
        sa.CheckConstraint("next_due_on > diagnosed_on", name=op.f("ck_diagnosis_next_later")),
        sa.CheckConstraint(
            "num_nonnulls(answer, answered_at, answered_by) IN (0, 3)",
            name=op.f("ck_diagnosis_answer"),
        ),
        sa.CheckConstraint("period_to >= period_from", name=op.f("ck_diagnosis_period")),
        sa.CheckConstraint("school_id <> county_id", name=op.f("ck_diagnosis_school_is_no_bureau")),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["account.id"], name=op.f("fk_diagnosis_answered_by")
        ),
        sa.ForeignKeyConstraint(
            ["by_unit_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_diagnosis_by_unit_id_city_id"),
        ),
        sa.ForeignKeyConstraint(
            ["county_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_diagnosis_county_id_city_id"),
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["account.id"], name=op.f("fk_diagnosis_recorded_by")
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name=op.f("fk_diagnosis_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_diagnosis")),
    )
    op.create_index(
        op.f("ix_diagnosis_city_id_diagnosed_on_id"),
        "diagnosis",
        ["city_id", "diagnosed_on", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_diagnosis_county_id_diagnosed_on_id"),
        "diagnosis",
        ["county_id", "diagnosed_on", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_diagnosis_next_due_on"),
        "diagnosis",
        ["next_due_on"],
        unique=False,
        postgresql_where=sa.text("next_due_on IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_diagnosis_school_id_diagnosed_on_id"),
        "diagnosis",
        ["school_id", "diagnosed_on", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_diagnosis_unit_id_diagnosed_on_id"),
        "diagnosis",
        ["unit_id", "diagnosed_on", "id"],
        unique=False,
    )
    op.create_table(
        "diagnosis_basis",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("diagnosis_id", sa.Uuid(), nullable=False),
        sa.Column("survey_id", sa.Uuid(), nullable=True),
        sa.Column("visit_id", sa.Uuid(), nullable=True),
        sa.Column("activity_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "num_nonnulls(survey_id, visit_id, activity_id) = 1",
            name=op.f("ck_diagnosis_basis_one"),
        ),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_diagnosis_basis_activity_id")
        ),
        sa.ForeignKeyConstraint(
            ["diagnosis_id"], ["diagnosis.id"], name=op.f("fk_diagnosis_basis_diagnosis_id")
        ),
        sa.ForeignKeyConstraint(
            ["survey_id"], ["survey.id"], name=op.f("fk_diagnosis_basis_survey_id")
        ),
        sa.ForeignKeyConstraint(
            ["visit_id"], ["guidance_visit.id"], name=op.f("fk_diagnosis_basis_visit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_diagnosis_basis")),
    )
    op.create_index(
        op.f("ix_diagnosis_basis_activity_id"),
        "diagnosis_basis",
        ["activity_id"],
        unique=False,
        postgresql_where=sa.text("activity_id IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_diagnosis_basis_diagnosis_id"), "diagnosis_basis", ["diagnosis_id"], unique=False
    )
    op.create_index(
        op.f("ix_diagnosis_basis_survey_id"),
        "diagnosis_basis",
        ["survey_id"],
        unique=False,
        postgresql_where=sa.text("survey_id IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_diagnosis_basis_visit_id"),
        "diagnosis_basis",
        ["visit_id"],
        unique=False,
        postgresql_where=sa.text("visit_id IS NOT NULL"),
    )
    # ### end Alembic commands ###


def downgrade() -> None:
    for table in (
        "diagnosis_basis", "diagnosis", "teaching_problem", "activity_evaluation", "survey_token",
        "survey_link", "survey_response", "survey_receipt", "survey_audience", "survey",
    ):  # fmt: skip
        op.drop_table(table)
