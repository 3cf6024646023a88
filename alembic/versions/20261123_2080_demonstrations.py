"""Calls for demonstration schools, applications and titles; model cases and who adopts them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.database.migrations import audited, grant

revision = "20261123_2080"
down_revision = "20261123_2071"
branch_labels = None
depends_on = None


PLACED = "city_id, county_id, school_id"
KINDS = ("demonstration", "experimental", "base", "demonstration_base", "honour", "other")
THINGS = (
    "activity_id, course_run_id, trainer_hire_id, topic_id, cohort_id, equipment_id,"
    " incentive_id, designation_id, other_purpose"
)
TABLES = (
    "demonstration_visit", "demonstration_objection", "demonstration_expert", "demonstration_step",
    "demonstration_evidence", "demonstration", "demonstration_call", "model_adoption_activity",
    "model_adoption", "model_case_audience", "model_case_source", "model_case_version",
    "model_case",
)  # fmt: skip
"""In the order in which they may be dropped."""


def check_kinds(*kinds: str) -> None:
    """Let designations be of these kinds."""
    name = op.f("ck_designation_designation_kind")
    op.drop_constraint(name, "designation", type_="check")
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    op.create_check_constraint(name, "designation", f"kind IN ({listed})")


def check_purposes(names: str) -> None:
    """Let money be for exactly one of these."""
    for table in ("fund_commitment", "expense"):
        name = op.f(f"ck_{table}_has_one_purpose")
        op.drop_constraint(name, table, type_="check")
        op.create_check_constraint(name, table, f"num_nonnulls({names}) = 1")


def upgrade() -> None:
    check_kinds(*KINDS)
    make_calls()
    make_applications()
    make_cases()
    reward_titles()
    # Never changed: it is held by who awards, for which the privilege on one column is needed.
    grant("SELECT, INSERT, UPDATE (school_id)", "demonstration_call")
    grant(
        "SELECT, INSERT, UPDATE (state, statement, handed_in_at, handed_in_by, score, published_on,"
        f" objections_until, place, designation_id, valid_to, withdrawn_at, withdrawn_by, {PLACED})",
        "demonstration",
    )
    grant("SELECT, INSERT, DELETE", "demonstration_evidence", "model_case_source")
    grant("SELECT, INSERT", "demonstration_step", "demonstration_visit", "model_case_audience")
    grant("SELECT, INSERT", "model_adoption_activity")
    grant("SELECT, INSERT, UPDATE (points, score, opinion, appraised_at)", "demonstration_expert")
    decided = "upheld, answer, decided_at, decided_by"
    grant(f"SELECT, INSERT, UPDATE ({decided})", "demonstration_objection")
    grant(
        "SELECT, INSERT, UPDATE (version, published_version, withdrawn_at, withdrawn_by,"
        f" withdrawn_because, {PLACED})",
        "model_case",
    )
    grant(
        "SELECT, INSERT, UPDATE (summary, mode, effect, changes, state, submitted_at, submitted_by,"
        " decided_at, decided_by, opinion)",
        "model_case_version",
    )
    grant(
        "SELECT, INSERT, UPDATE (effect, figures, reported_at, reported_by, ended_on, ended_because,"
        f" ended_by, {PLACED})",
        "model_adoption",
    )
    # Who judges and who objects the school does not learn, from the trail neither.
    hidden = {
        "demonstration_expert": ("account_id", "points", "score", "opinion"),
        "demonstration_objection": ("raised_by", "reason", "answer"),
    }
    for table in TABLES:
        insertions = table not in {"demonstration_step", "demonstration_objection"}
        audited(table, hidden=hidden.get(table, ()), insertions=insertions)


def make_calls() -> None:
    op.create_table(
        "demonstration_call",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "demonstration",
                "experimental",
                "base",
                "demonstration_base",
                "honour",
                "other",
                name="designation_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("designation", sa.String(length=100), nullable=False),
        sa.Column("document", sa.String(length=100), nullable=True),
        sa.Column("conditions", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("criteria", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("term_years", sa.Integer(), nullable=False),
        sa.Column("experts_needed", sa.Integer(), nullable=False),
        sa.Column("visit_needed", sa.Boolean(), nullable=False),
        sa.Column("objection_days", sa.Integer(), nullable=False),
        sa.Column("appeal_days", sa.Integer(), nullable=False),
        sa.Column("reward", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), sa.Computed("county_id", persisted=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "jsonb_typeof(conditions) = 'array'", name=op.f("ck_demonstration_call_conditions")
        ),
        sa.CheckConstraint(
            "jsonb_typeof(criteria) = 'array'", name=op.f("ck_demonstration_call_criteria")
        ),
        sa.CheckConstraint("closes_on >= opens_on", name=op.f("ck_demonstration_call_window")),
        sa.CheckConstraint(
            "places >= 1 AND term_years >= 1", name=op.f("ck_demonstration_call_places")
        ),
        sa.CheckConstraint(
            "school_id <> county_id", name=op.f("ck_demonstration_call_school_is_no_bureau")
        ),
        sa.CheckConstraint("school_id IS NULL", name=op.f("ck_demonstration_call_of_a_bureau")),
        sa.ForeignKeyConstraint(
            ["county_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_demonstration_call_county_id_city_id"),
        ),
        sa.ForeignKeyConstraint(
            ["published_by"], ["account.id"], name=op.f("fk_demonstration_call_published_by")
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name=op.f("fk_demonstration_call_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_demonstration_call")),
    )
    op.create_index(
        op.f("ix_demonstration_call_city_id_id"),
        "demonstration_call",
        ["city_id", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_demonstration_call_county_id_id"),
        "demonstration_call",
        ["county_id", "id"],
        unique=False,
    )


def make_applications() -> None:
    op.create_table(
        "demonstration",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("by_unit_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "handed_in",
                "not_recommended",
                "under_review",
                "rejected",
                "published",
                "awarded",
                "ended",
                "withdrawn",
                "appealed",
                "closed",
                name="demonstration_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("handed_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handed_in_by", sa.Uuid(), nullable=True),
        sa.Column("score", sa.Numeric(precision=6, scale=2), nullable=True),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("objections_until", sa.Date(), nullable=True),
        sa.Column("place", sa.Integer(), nullable=True),
        sa.Column("designation_id", sa.Uuid(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(place IS NOT NULL) = (state IN ('awarded', 'ended', 'withdrawn', 'appealed', 'closed'))",
            name=op.f("ck_demonstration_awarded"),
        ),
        sa.CheckConstraint(
            "(published_on IS NOT NULL) OR state IN ('draft', 'handed_in', 'not_recommended', 'under_review', 'rejected')",
            name=op.f("ck_demonstration_published_first"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(handed_in_at, handed_in_by) IN (0, 2)",
            name=op.f("ck_demonstration_handing_in"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(place, designation_id, valid_to) IN (0, 3)",
            name=op.f("ck_demonstration_award"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(published_on, objections_until, score) IN (0, 3)",
            name=op.f("ck_demonstration_publication"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(withdrawn_at, withdrawn_by) IN (0, 2)",
            name=op.f("ck_demonstration_withdrawal"),
        ),
        sa.CheckConstraint(
            "objections_until > published_on", name=op.f("ck_demonstration_days_for_objections")
        ),
        sa.CheckConstraint("place >= 1", name=op.f("ck_demonstration_place")),
        sa.CheckConstraint(
            "school_id <> county_id", name=op.f("ck_demonstration_school_is_no_bureau")
        ),
        sa.CheckConstraint("school_id IS NOT NULL", name=op.f("ck_demonstration_of_a_school")),
        sa.ForeignKeyConstraint(
            ["by_unit_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_demonstration_by_unit_id_city_id"),
        ),
        sa.ForeignKeyConstraint(
            ["call_id"], ["demonstration_call.id"], name=op.f("fk_demonstration_call_id")
        ),
        sa.ForeignKeyConstraint(
            ["county_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_demonstration_county_id_city_id"),
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["account.id"], name=op.f("fk_demonstration_created_by")
        ),
        sa.ForeignKeyConstraint(
            ["designation_id"], ["designation.id"], name=op.f("fk_demonstration_designation_id")
        ),
        sa.ForeignKeyConstraint(
            ["handed_in_by"], ["account.id"], name=op.f("fk_demonstration_handed_in_by")
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name=op.f("fk_demonstration_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["withdrawn_by"], ["account.id"], name=op.f("fk_demonstration_withdrawn_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_demonstration")),
        sa.UniqueConstraint("call_id", "place", name=op.f("uq_demonstration_call_id_place")),
        sa.UniqueConstraint(
            "call_id", "school_id", name=op.f("uq_demonstration_call_id_school_id")
        ),
    )
    op.create_index(
        op.f("ix_demonstration_by_unit_id_state"),
        "demonstration",
        ["by_unit_id", "state"],
        unique=False,
    )
    op.create_index(
        op.f("ix_demonstration_city_id_id"), "demonstration", ["city_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_demonstration_county_id_id"), "demonstration", ["county_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_demonstration_designation_id"), "demonstration", ["designation_id"], unique=False
    )
    op.create_index(
        op.f("ix_demonstration_school_id_id"), "demonstration", ["school_id", "id"], unique=False
    )
    op.create_table(
        "demonstration_evidence",
        sa.Column("demonstration_id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["demonstration_id"],
            ["demonstration.id"],
            name=op.f("fk_demonstration_evidence_demonstration_id"),
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["file.id"], name=op.f("fk_demonstration_evidence_file_id")
        ),
        sa.PrimaryKeyConstraint(
            "demonstration_id", "file_id", name=op.f("pk_demonstration_evidence")
        ),
    )
    op.create_index(
        op.f("ix_demonstration_evidence_file_id"),
        "demonstration_evidence",
        ["file_id"],
        unique=False,
    )
    op.create_table(
        "demonstration_expert",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("demonstration_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("appointed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("appointed_by", sa.Uuid(), nullable=False),
        sa.Column("points", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("score", sa.Numeric(precision=6, scale=2), nullable=True),
        sa.Column("opinion", sa.String(length=2000), nullable=True),
        sa.Column("appraised_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "num_nonnulls(points, score, opinion, appraised_at) IN (0, 4)",
            name=op.f("ck_demonstration_expert_appraised"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_demonstration_expert_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["appointed_by"], ["account.id"], name=op.f("fk_demonstration_expert_appointed_by")
        ),
        sa.ForeignKeyConstraint(
            ["demonstration_id"],
            ["demonstration.id"],
            name=op.f("fk_demonstration_expert_demonstration_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_demonstration_expert")),
        sa.UniqueConstraint(
            "demonstration_id",
            "account_id",
            name=op.f("uq_demonstration_expert_demonstration_id_account_id"),
        ),
    )
    op.create_index(
        op.f("ix_demonstration_expert_account_id"),
        "demonstration_expert",
        ["account_id"],
        unique=False,
    )
    op.create_table(
        "demonstration_objection",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("demonstration_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(length=2000), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("raised_by", sa.Uuid(), nullable=False),
        sa.Column("upheld", sa.Boolean(), nullable=True),
        sa.Column("answer", sa.String(length=2000), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "num_nonnulls(upheld, decided_at, decided_by, answer) IN (0, 4)",
            name=op.f("ck_demonstration_objection_decided"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["account.id"], name=op.f("fk_demonstration_objection_decided_by")
        ),
        sa.ForeignKeyConstraint(
            ["demonstration_id"],
            ["demonstration.id"],
            name=op.f("fk_demonstration_objection_demonstration_id"),
        ),
        sa.ForeignKeyConstraint(
            ["raised_by"], ["account.id"], name=op.f("fk_demonstration_objection_raised_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_demonstration_objection")),
        sa.UniqueConstraint(
            "demonstration_id",
            "raised_by",
            name=op.f("uq_demonstration_objection_demonstration_id_raised_by"),
        ),
    )
    op.create_table(
        "demonstration_step",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("demonstration_id", sa.Uuid(), nullable=False),
        sa.Column(
            "act",
            sa.Enum(
                "hand_in",
                "take_back",
                "recommend",
                "not_recommend",
                "publish",
                "reject",
                "object",
                "award",
                "renew",
                "not_renew",
                "withdraw",
                "appeal",
                "uphold",
                "reinstate",
                name="demonstration_act",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("opinion", sa.String(length=2000), nullable=True),
        sa.Column("findings", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("on_behalf_of", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["by"], ["account.id"], name=op.f("fk_demonstration_step_by")),
        sa.ForeignKeyConstraint(
            ["demonstration_id"],
            ["demonstration.id"],
            name=op.f("fk_demonstration_step_demonstration_id"),
        ),
        sa.ForeignKeyConstraint(
            ["on_behalf_of"], ["account.id"], name=op.f("fk_demonstration_step_on_behalf_of")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_demonstration_step")),
    )
    op.create_index(
        op.f("ix_demonstration_step_demonstration_id_id"),
        "demonstration_step",
        ["demonstration_id", "id"],
        unique=False,
    )
    op.create_table(
        "demonstration_visit",
        sa.Column("demonstration_id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["added_by"], ["account.id"], name=op.f("fk_demonstration_visit_added_by")
        ),
        sa.ForeignKeyConstraint(
            ["demonstration_id"],
            ["demonstration.id"],
            name=op.f("fk_demonstration_visit_demonstration_id"),
        ),
        sa.ForeignKeyConstraint(
            ["visit_id"], ["guidance_visit.id"], name=op.f("fk_demonstration_visit_visit_id")
        ),
        sa.PrimaryKeyConstraint(
            "demonstration_id", "visit_id", name=op.f("pk_demonstration_visit")
        ),
    )
    op.create_index(
        op.f("ix_demonstration_visit_visit_id"), "demonstration_visit", ["visit_id"], unique=False
    )


def make_cases() -> None:
    op.create_table(
        "model_case",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "unit_id",
            sa.Uuid(),
            sa.Computed("coalesce(school_id, county_id)", persisted=True),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("published_version", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Uuid(), nullable=True),
        sa.Column("withdrawn_because", sa.String(length=2000), nullable=True),
        sa.CheckConstraint(
            "coalesce(school_id, county_id) <> city_id", name=op.f("ck_model_case_below_the_city")
        ),
        sa.CheckConstraint(
            "num_nonnulls(withdrawn_at, withdrawn_by, withdrawn_because) IN (0, 3)",
            name=op.f("ck_model_case_withdrawal"),
        ),
        sa.CheckConstraint(
            "published_version <= version", name=op.f("ck_model_case_published_version")
        ),
        sa.CheckConstraint(
            "school_id <> county_id", name=op.f("ck_model_case_school_is_no_bureau")
        ),
        sa.CheckConstraint(
            "withdrawn_at IS NULL OR published_version IS NOT NULL",
            name=op.f("ck_model_case_withdrawn_once_published"),
        ),
        sa.ForeignKeyConstraint(
            ["county_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_model_case_county_id_city_id"),
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["account.id"], name=op.f("fk_model_case_created_by")
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name=op.f("fk_model_case_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["withdrawn_by"], ["account.id"], name=op.f("fk_model_case_withdrawn_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_model_case")),
        sa.UniqueConstraint("unit_id", "title", name=op.f("uq_model_case_unit_id_title")),
    )
    op.create_index(op.f("ix_model_case_city_id_id"), "model_case", ["city_id", "id"], unique=False)
    op.create_index(
        op.f("ix_model_case_county_id_id"), "model_case", ["county_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_model_case_school_id_id"), "model_case", ["school_id", "id"], unique=False
    )
    op.create_table(
        "model_adoption",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("adopted_on", sa.Date(), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("report_by", sa.Date(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "unit_id",
            sa.Uuid(),
            sa.Computed("coalesce(school_id, county_id)", persisted=True),
            nullable=False,
        ),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("effect", sa.Text(), nullable=True),
        sa.Column("figures", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reported_by", sa.Uuid(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ended_because", sa.String(length=2000), nullable=True),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "ended_on >= adopted_on", name=op.f("ck_model_adoption_ends_afterwards")
        ),
        sa.CheckConstraint(
            "num_nonnulls(effect, figures, reported_at, reported_by) IN (0, 4)",
            name=op.f("ck_model_adoption_report"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(ended_on, ended_because, ended_by) IN (0, 3)",
            name=op.f("ck_model_adoption_ending"),
        ),
        sa.CheckConstraint(
            "report_by > adopted_on", name=op.f("ck_model_adoption_reports_afterwards")
        ),
        sa.CheckConstraint(
            "school_id <> county_id", name=op.f("ck_model_adoption_school_is_no_bureau")
        ),
        sa.CheckConstraint("version >= 1", name=op.f("ck_model_adoption_version")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["model_case.id"], name=op.f("fk_model_adoption_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["county_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_model_adoption_county_id_city_id"),
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["account.id"], name=op.f("fk_model_adoption_created_by")
        ),
        sa.ForeignKeyConstraint(
            ["ended_by"], ["account.id"], name=op.f("fk_model_adoption_ended_by")
        ),
        sa.ForeignKeyConstraint(
            ["reported_by"], ["account.id"], name=op.f("fk_model_adoption_reported_by")
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name=op.f("fk_model_adoption_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_model_adoption")),
    )
    op.create_index(op.f("ix_model_adoption_case_id"), "model_adoption", ["case_id"], unique=False)
    op.create_index(
        op.f("ix_model_adoption_city_id_id"), "model_adoption", ["city_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_model_adoption_county_id_id"), "model_adoption", ["county_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_model_adoption_school_id_id"), "model_adoption", ["school_id", "id"], unique=False
    )
    op.create_index(
        "uq_model_adoption_in_force",
        "model_adoption",
        ["case_id", "unit_id"],
        unique=True,
        postgresql_where=sa.text("ended_on IS NULL"),
    )
    op.create_table(
        "model_case_audience",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("target_id", sa.Uuid(), nullable=False),
        sa.Column("by_unit_id", sa.Uuid(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_unit_id"], ["unit.id"], name=op.f("fk_model_case_audience_by_unit_id")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["model_case.id"], name=op.f("fk_model_case_audience_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["published_by"], ["account.id"], name=op.f("fk_model_case_audience_published_by")
        ),
        sa.ForeignKeyConstraint(
            ["target_id"], ["unit.id"], name=op.f("fk_model_case_audience_target_id")
        ),
        sa.PrimaryKeyConstraint("case_id", "target_id", name=op.f("pk_model_case_audience")),
    )
    op.create_index(
        op.f("ix_model_case_audience_target_id"), "model_case_audience", ["target_id"], unique=False
    )
    op.create_table(
        "model_case_version",
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("effect", sa.Text(), nullable=True),
        sa.Column("changes", sa.String(length=500), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "submitted",
                "returned",
                "published",
                name="model_case_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submitted_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("opinion", sa.String(length=2000), nullable=True),
        sa.CheckConstraint(
            "(decided_at IS NOT NULL) = (state IN ('returned', 'published'))",
            name=op.f("ck_model_case_version_decided"),
        ),
        sa.CheckConstraint(
            "(submitted_at IS NULL) = (state = 'draft')",
            name=op.f("ck_model_case_version_submitted"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(decided_at, decided_by, opinion) IN (0, 3)",
            name=op.f("ck_model_case_version_decision"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(submitted_at, submitted_by) IN (0, 2)",
            name=op.f("ck_model_case_version_submission"),
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_model_case_version_number_from_one")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["model_case.id"], name=op.f("fk_model_case_version_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["account.id"], name=op.f("fk_model_case_version_decided_by")
        ),
        sa.ForeignKeyConstraint(
            ["submitted_by"], ["account.id"], name=op.f("fk_model_case_version_submitted_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_model_case_version")),
        sa.UniqueConstraint("case_id", "number", name=op.f("uq_model_case_version_case_id_number")),
    )
    op.create_table(
        "model_adoption_activity",
        sa.Column("adoption_id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_model_adoption_activity_activity_id")
        ),
        sa.ForeignKeyConstraint(
            ["added_by"], ["account.id"], name=op.f("fk_model_adoption_activity_added_by")
        ),
        sa.ForeignKeyConstraint(
            ["adoption_id"],
            ["model_adoption.id"],
            name=op.f("fk_model_adoption_activity_adoption_id"),
        ),
        sa.PrimaryKeyConstraint(
            "adoption_id", "activity_id", name=op.f("pk_model_adoption_activity")
        ),
    )
    op.create_index(
        op.f("ix_model_adoption_activity_activity_id"),
        "model_adoption_activity",
        ["activity_id"],
        unique=False,
    )
    op.create_table(
        "model_case_source",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=True),
        sa.Column("plan_id", sa.Uuid(), nullable=True),
        sa.Column("resource_id", sa.Uuid(), nullable=True),
        sa.Column("regulation_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "num_nonnulls(activity_id, plan_id, resource_id, regulation_id) = 1",
            name=op.f("ck_model_case_source_one_thing"),
        ),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_model_case_source_activity_id")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["model_case.id"], name=op.f("fk_model_case_source_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["case_id", "number"],
            ["model_case_version.case_id", "model_case_version.number"],
            name=op.f("fk_model_case_source_case_id_number"),
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plan.id"], name=op.f("fk_model_case_source_plan_id")
        ),
        sa.ForeignKeyConstraint(
            ["regulation_id"], ["regulation.id"], name=op.f("fk_model_case_source_regulation_id")
        ),
        sa.ForeignKeyConstraint(
            ["resource_id"], ["resource.id"], name=op.f("fk_model_case_source_resource_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_model_case_source")),
    )
    op.create_index(
        op.f("ix_model_case_source_case_id_number"),
        "model_case_source",
        ["case_id", "number"],
        unique=False,
    )


def reward_titles() -> None:
    op.add_column("expense", sa.Column("designation_id", sa.Uuid(), nullable=True))
    op.create_index(op.f("ix_expense_designation_id"), "expense", ["designation_id"], unique=False)
    op.create_foreign_key(
        op.f("fk_expense_designation_id"), "expense", "designation", ["designation_id"], ["id"]
    )
    op.add_column("fund_commitment", sa.Column("designation_id", sa.Uuid(), nullable=True))
    op.create_index(
        op.f("ix_fund_commitment_designation_id"),
        "fund_commitment",
        ["designation_id"],
        unique=False,
    )
    op.create_foreign_key(
        op.f("fk_fund_commitment_designation_id"),
        "fund_commitment",
        "designation",
        ["designation_id"],
        ["id"],
    )
    check_purposes(THINGS)
    for table in ("fund_commitment", "expense"):
        audited(table)


def downgrade() -> None:
    check_purposes(THINGS.replace(" designation_id,", ""))
    for table in ("fund_commitment", "expense"):
        op.drop_column(table, "designation_id")
        audited(table)
    for table in TABLES:
        op.drop_table(table)
    check_kinds(*(kind for kind in KINDS if kind != "honour"))
