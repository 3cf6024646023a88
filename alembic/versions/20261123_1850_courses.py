"""Courses with their versions, reviews and citations; their runs and classes; self-study courses; projects."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from app.database.migrations import audited, grant, moved_with_person, not_moved_with_person

revision = "20261123_1850"
down_revision = "20261123_1830"
branch_labels = None
depends_on = None

PLACED = "city_id, county_id, school_id"


def upgrade() -> None:
    make_course()
    make_course_audience()
    make_course_version()
    make_course_review()
    make_course_citation()
    make_course_run()
    make_course_class()
    make_self_study()
    make_self_study_milestone()
    extend_projects()
    said = (
        "title, summary, origin, source, is_practical, kind, mode, channel, content, strata, hours"
    )
    reviewed = "state, since, version, in_force, revision_since, submitted_by, published_at"
    retired = "retired_at, retired_because"
    named = f"syllabus, responsible_id, responsible, department_id, {PLACED}"
    grant(f"SELECT, INSERT, UPDATE ({said}, {named}, {reviewed}, {retired})", "course")
    grant("SELECT, INSERT, DELETE", "course_audience", "course_citation")
    grant("SELECT, INSERT", "course_version", "course_review", "course_class")
    given = "name, school_year, semester, starts_on, ends_on, network_id, department_id"
    ended = "state, ended_at, ended_by, summary, rating, opinion, rated_at, rated_by"
    grant(f"SELECT, INSERT, UPDATE ({given}, {ended}, {PLACED})", "course_run")
    for table in ("course", "course_audience", "course_citation", "course_run", "course_class"):
        audited(table)
    planned = "title, question, method, content, hours, starts_on, ends_on"
    went_on = (
        "state, since, submitted_by, opinion, decided_by, conclusion, concluded_on, ended_because"
    )
    grant(f"SELECT, INSERT, UPDATE ({planned}, {went_on})", "self_study")
    grant("SELECT, INSERT, UPDATE (report, file_id, reported_at), DELETE", "self_study_milestone")
    for table in ("self_study", "self_study_milestone"):
        audited(table)
    for table in ("course_version", "course_review"):
        # They say themselves who made them, and when; they are never changed.
        audited(table, insertions=False)
    moved_with_person("course.responsible_id", "self_study.teacher_id")


def make_course() -> None:
    op.create_table(
        "course",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("summary", sa.Text(), nullable=True),
        sa.Column(
            "origin",
            sa.Enum(
                "bought",
                "brought_in",
                "co_developed",
                "own",
                name="course_origin",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("source", sa.String(length=200), nullable=True),
        sa.Column("is_practical", sa.Boolean(), nullable=False),
        sa.Column(
            "kind",
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
            nullable=False,
        ),
        sa.Column(
            "mode",
            sa.Enum(
                "concentrated",
                "self_directed",
                "off_job",
                name="activity_mode",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "channel",
            sa.Enum(
                "school_based",
                "online",
                "off_job",
                "summer_intensive",
                "post_practice",
                "mentor",
                "forum",
                "overseas",
                name="activity_channel",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("content", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("strata", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("hours", sa.Numeric(precision=8, scale=2), nullable=False),
        sa.Column("syllabus", JSONB(), nullable=False),
        sa.Column("responsible_id", sa.Uuid(), nullable=True),
        sa.Column("responsible", sa.String(length=60), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "unit_id",
            sa.Uuid(),
            sa.Computed("coalesce(school_id, county_id)", persisted=True),
            nullable=False,
        ),
        sa.Column("group_id", sa.Uuid(), nullable=True),
        sa.Column("department_id", sa.Uuid(), nullable=True),
        sa.Column(
            "level",
            sa.Enum(
                "city",
                "county",
                "school",
                "group",
                name="course_level",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            sa.Computed(
                "CASE WHEN group_id IS NOT NULL THEN 'group' WHEN school_id IS NOT NULL THEN 'school' WHEN county_id = city_id THEN 'city' ELSE 'county' END",
                persisted=True,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "submitted",
                "returned",
                "withdrawn",
                "approved",
                "published",
                "retired",
                name="course_state",
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
        sa.Column("revision_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retired_because", sa.String(length=500), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(in_force IS NOT NULL) = (state IN ('approved', 'published', 'retired'))",
            name=op.f("ck_course_in_force"),
        ),
        sa.CheckConstraint(
            "(retired_at IS NOT NULL) = (state = 'retired')", name=op.f("ck_course_retired_at")
        ),
        sa.CheckConstraint("jsonb_typeof(syllabus) = 'array'", name=op.f("ck_course_syllabus")),
        sa.CheckConstraint(
            "published_at IS NOT NULL OR state <> 'published'", name=op.f("ck_course_published_at")
        ),
        sa.CheckConstraint(
            "published_at IS NULL OR state IN ('published', 'retired')",
            name=op.f("ck_course_was_published"),
        ),
        sa.CheckConstraint(
            "revision_since IS NULL OR in_force < version AND state <> 'retired'",
            name=op.f("ck_course_revises_what_is_in_force"),
        ),
        sa.CheckConstraint("version > 0 OR state = 'draft'", name=op.f("ck_course_version")),
        sa.CheckConstraint("hours > 0", name=op.f("ck_course_hours")),
        sa.CheckConstraint("in_force <= version", name=op.f("ck_course_in_force_was_submitted")),
        sa.CheckConstraint(
            "num_nonnulls(group_id, department_id) <= 1", name=op.f("ck_course_owned_once")
        ),
        sa.CheckConstraint("school_id <> county_id", name=op.f("ck_course_school_is_no_bureau")),
        sa.ForeignKeyConstraint(
            ["county_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_course_county_id_city_id"),
        ),
        sa.ForeignKeyConstraint(["created_by"], ["account.id"], name=op.f("fk_course_created_by")),
        sa.ForeignKeyConstraint(
            ["department_id", "unit_id"],
            ["department.id", "department.unit_id"],
            name=op.f("fk_course_department_id_unit_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "unit_id"],
            ["research_group.id", "research_group.unit_id"],
            name=op.f("fk_course_group_id_unit_id"),
        ),
        sa.ForeignKeyConstraint(
            ["responsible_id"], ["teacher.id"], name=op.f("fk_course_responsible_id")
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name=op.f("fk_course_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["submitted_by"], ["account.id"], name=op.f("fk_course_submitted_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course")),
    )
    op.create_index(
        op.f("ix_course_city_id_level_title_id"),
        "course",
        ["city_id", "level", "title", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'published'"),
    )
    op.create_index(
        op.f("ix_course_city_id_title_id"), "course", ["city_id", "title", "id"], unique=False
    )
    op.create_index(
        op.f("ix_course_county_id_revision_since"),
        "course",
        ["county_id", "revision_since"],
        unique=False,
        postgresql_where=sa.text("revision_since IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_course_county_id_since"),
        "course",
        ["county_id", "since"],
        unique=False,
        postgresql_where=sa.text("state = 'submitted'"),
    )
    op.create_index(
        op.f("ix_course_county_id_title_id"), "course", ["county_id", "title", "id"], unique=False
    )
    op.create_index(
        op.f("ix_course_department_id_title_id"),
        "course",
        ["department_id", "title", "id"],
        unique=False,
        postgresql_where=sa.text("department_id IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_course_group_id_title_id"),
        "course",
        ["group_id", "title", "id"],
        unique=False,
        postgresql_where=sa.text("group_id IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_course_responsible_id_title_id"),
        "course",
        ["responsible_id", "title", "id"],
        unique=False,
        postgresql_where=sa.text("responsible_id IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_course_school_id_title_id"), "course", ["school_id", "title", "id"], unique=False
    )
    op.create_index(
        op.f("ix_course_unit_id_title_id"), "course", ["unit_id", "title", "id"], unique=False
    )


def make_course_audience() -> None:
    op.create_table(
        "course_audience",
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("target_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course.id"], name=op.f("fk_course_audience_course_id")
        ),
        sa.PrimaryKeyConstraint("course_id", "target_id", name=op.f("pk_course_audience")),
    )
    op.create_index(
        op.f("ix_course_audience_target_id_course_id"),
        "course_audience",
        ["target_id", "course_id"],
        unique=False,
    )


def make_course_version() -> None:
    op.create_table(
        "course_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("document", JSONB(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_by", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course.id"], name=op.f("fk_course_version_course_id")
        ),
        sa.ForeignKeyConstraint(
            ["submitted_by"], ["account.id"], name=op.f("fk_course_version_submitted_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_version")),
        sa.UniqueConstraint("course_id", "number", name=op.f("uq_course_version_course_id_number")),
    )


def make_course_review() -> None:
    op.create_table(
        "course_review",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "step",
            sa.Enum(
                "submit",
                "withdraw",
                "return",
                "approve",
                "publish",
                "revise",
                "retire",
                name="course_step",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("opinion", sa.String(length=2000), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_by", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course.id"], name=op.f("fk_course_review_course_id")
        ),
        sa.ForeignKeyConstraint(
            ["taken_by"], ["account.id"], name=op.f("fk_course_review_taken_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_review")),
    )
    op.create_index(
        op.f("ix_course_review_course_id_id"), "course_review", ["course_id", "id"], unique=False
    )


def make_course_citation() -> None:
    op.create_table(
        "course_citation",
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
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course.id"], name=op.f("fk_course_citation_course_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_citation")),
    )
    op.create_index(
        op.f("ix_course_citation_cited_id_course_id"),
        "course_citation",
        ["cited_id", "course_id"],
        unique=False,
    )
    op.create_index(
        "uq_course_citation_cited",
        "course_citation",
        ["course_id", "kind", "cited_id"],
        unique=True,
    )


def make_course_run() -> None:
    op.create_table(
        "course_run",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("school_year", sa.Integer(), nullable=False),
        sa.Column(
            "semester",
            sa.Enum(
                "first",
                "second",
                name="semester",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("cohort_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "unit_id",
            sa.Uuid(),
            sa.Computed("coalesce(school_id, county_id)", persisted=True),
            nullable=False,
        ),
        sa.Column("group_id", sa.Uuid(), nullable=True),
        sa.Column("network_id", sa.Uuid(), nullable=True),
        sa.Column("department_id", sa.Uuid(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "concluded",
                "cancelled",
                name="run_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.Column("summary", sa.String(length=5000), nullable=True),
        sa.Column(
            "rating",
            sa.Enum(
                "excellent",
                "good",
                "sufficient",
                "insufficient",
                name="run_rating",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("opinion", sa.String(length=2000), nullable=True),
        sa.Column("rated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rated_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (state = 'open')", name=op.f("ck_course_run_ended_at")
        ),
        sa.CheckConstraint(
            "rating IS NULL OR state = 'concluded'", name=op.f("ck_course_run_rated_when_concluded")
        ),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (summary IS NULL)", name=op.f("ck_course_run_summary")
        ),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_course_run_ends_after_it_begins")),
        sa.CheckConstraint(
            "num_nonnulls(group_id, network_id, department_id) <= 1",
            name=op.f("ck_course_run_organised_once"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(rating, opinion, rated_at, rated_by) IN (0, 4)",
            name=op.f("ck_course_run_rated"),
        ),
        sa.CheckConstraint(
            "school_id <> county_id", name=op.f("ck_course_run_school_is_no_bureau")
        ),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_course_run_cohort_id")),
        sa.ForeignKeyConstraint(
            ["county_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_course_run_county_id_city_id"),
        ),
        sa.ForeignKeyConstraint(
            ["course_id", "version"],
            ["course_version.course_id", "course_version.number"],
            name=op.f("fk_course_run_course_id_version"),
        ),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_course_run_course_id")),
        sa.ForeignKeyConstraint(
            ["created_by"], ["account.id"], name=op.f("fk_course_run_created_by")
        ),
        sa.ForeignKeyConstraint(
            ["department_id", "unit_id"],
            ["department.id", "department.unit_id"],
            name=op.f("fk_course_run_department_id_unit_id"),
        ),
        sa.ForeignKeyConstraint(["ended_by"], ["account.id"], name=op.f("fk_course_run_ended_by")),
        sa.ForeignKeyConstraint(
            ["group_id", "unit_id"],
            ["research_group.id", "research_group.unit_id"],
            name=op.f("fk_course_run_group_id_unit_id"),
        ),
        sa.ForeignKeyConstraint(
            ["network_id", "unit_id"],
            ["network.id", "network.unit_id"],
            name=op.f("fk_course_run_network_id_unit_id"),
        ),
        sa.ForeignKeyConstraint(["rated_by"], ["account.id"], name=op.f("fk_course_run_rated_by")),
        sa.ForeignKeyConstraint(
            ["school_id", "county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name=op.f("fk_course_run_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_run")),
    )
    op.create_index(
        op.f("ix_course_run_city_id_starts_on_id"),
        "course_run",
        ["city_id", "starts_on", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_course_run_cohort_id_starts_on_id"),
        "course_run",
        ["cohort_id", "starts_on", "id"],
        unique=False,
        postgresql_where=sa.text("cohort_id IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_course_run_county_id_starts_on_id"),
        "course_run",
        ["county_id", "starts_on", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_course_run_course_id_starts_on_id"),
        "course_run",
        ["course_id", "starts_on", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_course_run_department_id_starts_on_id"),
        "course_run",
        ["department_id", "starts_on", "id"],
        unique=False,
        postgresql_where=sa.text("department_id IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_course_run_ended_at"),
        "course_run",
        ["ended_at"],
        unique=False,
        postgresql_where=sa.text("state = 'concluded' AND rating IS NULL"),
    )
    op.create_index(
        op.f("ix_course_run_group_id_starts_on_id"),
        "course_run",
        ["group_id", "starts_on", "id"],
        unique=False,
        postgresql_where=sa.text("group_id IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_course_run_network_id_starts_on_id"),
        "course_run",
        ["network_id", "starts_on", "id"],
        unique=False,
        postgresql_where=sa.text("network_id IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_course_run_school_id_starts_on_id"),
        "course_run",
        ["school_id", "starts_on", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_course_run_unit_id_starts_on_id"),
        "course_run",
        ["unit_id", "starts_on", "id"],
        unique=False,
    )


def make_course_class() -> None:
    op.create_table(
        "course_class",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_course_class_activity_id")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["course_run.id"], name=op.f("fk_course_class_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_class")),
        sa.UniqueConstraint("activity_id", name=op.f("uq_course_class_activity_id")),
        sa.UniqueConstraint("run_id", "name", name=op.f("uq_course_class_run_id_name")),
    )


def make_self_study() -> None:
    op.create_table(
        "self_study",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("question", sa.String(length=2000), nullable=False),
        sa.Column("method", sa.Text(), nullable=True),
        sa.Column("content", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("hours", sa.Numeric(precision=8, scale=2), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("teacher_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "submitted",
                "returned",
                "agreed",
                "reported",
                "concluded",
                "ended",
                name="self_study_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_by", sa.Uuid(), nullable=True),
        sa.Column("opinion", sa.String(length=2000), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("conclusion", sa.Text(), nullable=True),
        sa.Column("concluded_on", sa.Date(), nullable=True),
        sa.Column("ended_because", sa.String(length=500), nullable=True),
        sa.CheckConstraint(
            "(concluded_on IS NOT NULL) = (state = 'concluded')",
            name=op.f("ck_self_study_concluded_on"),
        ),
        sa.CheckConstraint(
            "(conclusion IS NOT NULL) OR state NOT IN ('reported', 'concluded')",
            name=op.f("ck_self_study_conclusion"),
        ),
        sa.CheckConstraint(
            "(ended_because IS NOT NULL) = (state = 'ended')",
            name=op.f("ck_self_study_ended_because"),
        ),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_self_study_ends_after_it_begins")),
        sa.CheckConstraint("hours > 0", name=op.f("ck_self_study_hours")),
        sa.CheckConstraint(
            "num_nonnulls(opinion, decided_by) IN (0, 2)", name=op.f("ck_self_study_opinion")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["account.id"], name=op.f("fk_self_study_decided_by")
        ),
        sa.ForeignKeyConstraint(
            ["submitted_by"], ["account.id"], name=op.f("fk_self_study_submitted_by")
        ),
        sa.ForeignKeyConstraint(
            ["teacher_id", "school_id", "county_id", "city_id"],
            ["teacher.id", "teacher.school_id", "teacher.county_id", "teacher.city_id"],
            name=op.f("fk_self_study_teacher_id_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_self_study")),
    )
    op.create_index(
        op.f("ix_self_study_city_id_starts_on_id"),
        "self_study",
        ["city_id", "starts_on", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_self_study_county_id_starts_on_id"),
        "self_study",
        ["county_id", "starts_on", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_self_study_school_id_since"),
        "self_study",
        ["school_id", "since"],
        unique=False,
        postgresql_where=sa.text("state IN ('submitted', 'reported')"),
    )
    op.create_index(
        op.f("ix_self_study_school_id_starts_on_id"),
        "self_study",
        ["school_id", "starts_on", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_self_study_teacher_id_starts_on_id"),
        "self_study",
        ["teacher_id", "starts_on", "id"],
        unique=False,
    )


def make_self_study_milestone() -> None:
    op.create_table(
        "self_study_milestone",
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("hours", sa.Numeric(precision=8, scale=2), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("study_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("report", sa.Text(), nullable=True),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(report IS NULL) = (reported_at IS NULL)", name=op.f("ck_self_study_milestone_report")
        ),
        sa.CheckConstraint(
            "file_id IS NULL OR report IS NOT NULL", name=op.f("ck_self_study_milestone_file")
        ),
        sa.CheckConstraint("hours > 0", name=op.f("ck_self_study_milestone_hours")),
        sa.ForeignKeyConstraint(
            ["file_id"], ["file.id"], name=op.f("fk_self_study_milestone_file_id")
        ),
        sa.ForeignKeyConstraint(
            ["study_id"], ["self_study.id"], name=op.f("fk_self_study_milestone_study_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_self_study_milestone")),
        sa.UniqueConstraint(
            "study_id", "ordinal", name=op.f("uq_self_study_milestone_study_id_ordinal")
        ),
    )
    op.create_index(
        op.f("ix_self_study_milestone_file_id"),
        "self_study_milestone",
        ["file_id"],
        unique=False,
        postgresql_where=sa.text("file_id IS NOT NULL"),
    )


PROGRAMMES = (
    "master_teachers", "backbone_teachers", "old_and_young", "outstanding_young", "gem_cup",
    "masters_and_principals", "national_training", "other",
)  # fmt: skip
PROJECTS = ("provincial_training", "city_training")
HONOURS = (
    "backbone_principal", "master_teacher", "dual_master_candidate", "backbone_teacher",
    "teaching_expert", "special_grade_teacher", "chief_teacher", "subject_leader", "other",
)  # fmt: skip


def extend_projects() -> None:
    """Training projects are programmes: their kinds, plan and budget; who takes whose place."""
    words("programme", "programme_kind", "kind", (*PROGRAMMES, *PROJECTS))
    words("teacher_honour", "honour", "honour", (*HONOURS, "experimental_teacher"))
    op.add_column("cohort", sa.Column("plan", sa.Text(), nullable=True))
    op.add_column("cohort", sa.Column("budget", sa.Numeric(14, 2), nullable=True))
    op.add_column("cohort", sa.Column("budget_line", sa.String(length=200), nullable=True))
    op.create_check_constraint(op.f("ck_cohort_budget"), "cohort", "budget >= 0")
    op.add_column("cohort_member", sa.Column("replaces_id", sa.Uuid(), nullable=True))
    op.create_unique_constraint(
        op.f("uq_cohort_member_replaces_id"), "cohort_member", ["replaces_id"]
    )
    op.create_foreign_key(
        op.f("fk_cohort_member_replaces_id"),
        "cohort_member",
        "cohort_member",
        ["replaces_id"],
        ["id"],
    )
    op.create_check_constraint(
        op.f("ck_cohort_member_replaces_another"), "cohort_member", "replaces_id <> id"
    )
    grant("UPDATE (replaces_id)", "cohort_member")


def words(table: str, name: str, column: str, known: tuple[str, ...]) -> None:
    """Let a column have these words."""
    op.drop_constraint(op.f(f"ck_{table}_{name}"), table, type_="check")
    listed = ", ".join(f"'{word}'" for word in known)
    op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, f"{column} IN ({listed})")


def downgrade() -> None:
    op.drop_constraint(op.f("ck_cohort_member_replaces_another"), "cohort_member", type_="check")
    op.drop_column("cohort_member", "replaces_id")
    op.drop_constraint(op.f("ck_cohort_budget"), "cohort", type_="check")
    for column in ("plan", "budget", "budget_line"):
        op.drop_column("cohort", column)
    words("teacher_honour", "honour", "honour", HONOURS)
    words("programme", "programme_kind", "kind", PROGRAMMES)
    not_moved_with_person("course.responsible_id", "self_study.teacher_id")
    op.drop_table("self_study_milestone")
    op.drop_table("self_study")
    op.drop_table("course_class")
    op.drop_table("course_run")
    op.drop_table("course_citation")
    op.drop_table("course_review")
    op.drop_table("course_version")
    op.drop_table("course_audience")
    op.drop_table("course")
