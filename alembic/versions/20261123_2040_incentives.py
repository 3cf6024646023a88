"""Rules of incentives, rewards and penalties, inputs to performance pay, follow-ups of assessments."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.database.migrations import audited, grant, moved_with_person, not_moved_with_person

revision = "20261123_2040"
down_revision = "20261123_2020"
branch_labels = None
depends_on = None

MOVED = ("follow_up.teacher_id", "incentive.teacher_id", "pay_line.teacher_id")
PURPOSES = "activity_id, course_run_id, trainer_hire_id, topic_id, cohort_id, equipment_id"
PAID = ("expense", "fund_commitment")


def upgrade() -> None:
    make_incentives()
    make_pay_inputs()
    make_follow_ups()
    for table in PAID:
        op.add_column(table, sa.Column("incentive_id", sa.Uuid(), nullable=True))
        op.create_index(op.f(f"ix_{table}_incentive_id"), table, ["incentive_id"], unique=False)
        op.create_foreign_key(
            op.f(f"fk_{table}_incentive_id"), table, "incentive", ["incentive_id"], ["id"]
        )
        one_purpose(table, f"{PURPOSES}, incentive_id")
        audited(table)
    moved_with_person(*MOVED)


def one_purpose(table: str, things: str) -> None:
    """Money is for exactly one of these, or for what is said in words."""
    name = op.f(f"ck_{table}_has_one_purpose")
    op.drop_constraint(name, table, type_="check")
    op.create_check_constraint(name, table, f"num_nonnulls({things}, other_purpose) = 1")


def make_incentives() -> None:
    make_incentive_rule()
    # A version of a rule is never changed, but followed or ended.
    grant("SELECT, INSERT, UPDATE (valid_to, ended_by)", "incentive_rule")
    audited("incentive_rule")
    make_incentive()
    decided = "state, opinion, amount, decided_at, decided_by, decided_for, published_on, closes_on"
    given = "given_on, given_by, expires_on, honour_id, statement, stated_at, appeal_due_on"
    appealed = (
        "appeal, appealed_at, appeal_unit_id, appeal_upheld, appeal_answer, appeal_decided_at,"
        " appeal_decided_by"
    )
    revoked = "revoked_because, revoked_at, revoked_by"
    grant(f"SELECT, INSERT, UPDATE ({decided}, {given}, {appealed}, {revoked})", "incentive")
    # Between the person and those in charge: whoever reads the trail alone learns that there was an act.
    sealed = (
        "title", "reason", "evidence", "statement", "opinion", "appeal", "appeal_answer",
        "revoked_because",
    )  # fmt: skip
    audited("incentive", hidden=sealed)
    make_incentive_objection()
    grant("SELECT, INSERT, UPDATE (upheld, answer, decided_at, decided_by)", "incentive_objection")
    audited("incentive_objection", hidden=("reason", "answer"))


def make_pay_inputs() -> None:
    make_pay_scheme()
    grant("SELECT, INSERT, UPDATE (valid_to)", "pay_scheme")
    audited("pay_scheme")
    make_pay_sheet()
    withdrawn = "withdrawn_because, withdrawn_at, withdrawn_by"
    grant(f"SELECT, INSERT, UPDATE (state, confirmed_at, confirmed_by, {withdrawn})", "pay_sheet")
    audited("pay_sheet")
    make_pay_line()
    answered = "upheld, answer, answered_at, answered_by"
    grant(
        f"SELECT, INSERT, UPDATE (parts, points, computed_at, objection, objected_at, {answered})",
        "pay_line",
    )
    audited("pay_line", hidden=("parts", "points", "objection", "answer"), insertions=False)


def make_follow_ups() -> None:
    make_follow_up()
    reviewed = "finding, review, reviewed_at, reviewed_by"
    grant(f"SELECT, INSERT, UPDATE (reply, replied_at, {reviewed})", "follow_up")
    audited("follow_up", hidden=("strengths", "to_work_on", "reply", "review"))
    make_recommendation()
    grant("SELECT, INSERT", "recommendation")
    audited("recommendation", hidden=("note",))


def make_incentive_rule() -> None:
    op.create_table(
        "incentive_rule",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "reward",
                "penalty",
                name="incentive_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "form",
            sa.Enum(
                "honour",
                "money",
                "measure",
                name="incentive_form",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("condition", sa.String(length=500), nullable=False),
        sa.Column(
            "measure",
            sa.Enum(
                "hours",
                "credits",
                "talks",
                "lessons",
                "outputs",
                "excellent",
                "qualified",
                "carried_hours",
                "mentoring_hours",
                "notes",
                "reflections",
                "logs",
                "photos",
                name="outcome_measure",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("threshold", sa.Numeric(precision=8, scale=2), nullable=True),
        sa.Column(
            "honour",
            sa.Enum(
                "backbone_principal",
                "master_teacher",
                "dual_master_candidate",
                "backbone_teacher",
                "teaching_expert",
                "special_grade_teacher",
                "chief_teacher",
                "subject_leader",
                "experimental_teacher",
                "other",
                name="honour",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("least_amount", sa.Numeric(precision=8, scale=2), nullable=True),
        sa.Column("most_amount", sa.Numeric(precision=8, scale=2), nullable=True),
        sa.Column("regulation_id", sa.Uuid(), nullable=True),
        sa.Column("article_id", sa.Uuid(), nullable=True),
        sa.Column("clause", sa.String(length=100), nullable=False),
        sa.Column("statement_days", sa.Integer(), nullable=False),
        sa.Column("publicity_days", sa.Integer(), nullable=False),
        sa.Column("appeal_days", sa.Integer(), nullable=False),
        sa.Column("valid_months", sa.Integer(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "unit_id",
            sa.Uuid(),
            sa.Computed("coalesce(school_id, county_id)", persisted=True),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("published_by", sa.Uuid(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(honour IS NOT NULL) = (form = 'honour')",
            name=op.f("ck_incentive_rule_honour_of_form"),
        ),
        sa.CheckConstraint(
            "CASE kind WHEN 'penalty' THEN form = 'measure' AND publicity_days = 0 AND statement_days >= 3 AND appeal_days >= 15 AND valid_months IS NOT NULL ELSE publicity_days >= 5 AND statement_days = 0 AND appeal_days = 0 AND valid_months IS NULL END",
            name=op.f("ck_incentive_rule_days"),
        ),
        sa.CheckConstraint(
            "measure NOT IN ('notes', 'reflections', 'logs', 'photos')",
            name=op.f("ck_incentive_rule_counts_no_traces"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(least_amount, most_amount) = CASE form WHEN 'money' THEN 2 ELSE 0 END",
            name=op.f("ck_incentive_rule_money"),
        ),
        sa.CheckConstraint(
            "(measure IS NULL) = (threshold IS NULL)", name=op.f("ck_incentive_rule_measured")
        ),
        sa.CheckConstraint("most_amount >= least_amount", name=op.f("ck_incentive_rule_amounts")),
        sa.CheckConstraint(
            "num_nonnulls(regulation_id, article_id) = 1",
            name=op.f("ck_incentive_rule_rests_on_one_text"),
        ),
        sa.CheckConstraint(
            "school_id <> county_id", name=op.f("ck_incentive_rule_school_is_no_bureau")
        ),
        sa.CheckConstraint(
            "valid_to >= valid_from", name=op.f("ck_incentive_rule_ends_after_it_begins")
        ),
        sa.ForeignKeyConstraint(
            ["article_id"], ["document_article.id"], name=op.f("fk_incentive_rule_article_id")
        ),
        sa.ForeignKeyConstraint(
            ["county_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_incentive_rule_county_id_city_id"),
        ),
        sa.ForeignKeyConstraint(
            ["ended_by"], ["account.id"], name=op.f("fk_incentive_rule_ended_by")
        ),
        sa.ForeignKeyConstraint(
            ["published_by"], ["account.id"], name=op.f("fk_incentive_rule_published_by")
        ),
        sa.ForeignKeyConstraint(
            ["regulation_id"], ["regulation.id"], name=op.f("fk_incentive_rule_regulation_id")
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name=op.f("fk_incentive_rule_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incentive_rule")),
        sa.UniqueConstraint(
            "unit_id", "code", "version", name=op.f("uq_incentive_rule_unit_id_code_version")
        ),
    )
    op.create_index(
        op.f("ix_incentive_rule_article_id"), "incentive_rule", ["article_id"], unique=False
    )
    op.create_index(
        op.f("ix_incentive_rule_city_id_id"), "incentive_rule", ["city_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_incentive_rule_county_id_id"), "incentive_rule", ["county_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_incentive_rule_regulation_id"), "incentive_rule", ["regulation_id"], unique=False
    )
    op.create_index(
        op.f("ix_incentive_rule_school_id_id"), "incentive_rule", ["school_id", "id"], unique=False
    )


def make_incentive() -> None:
    op.create_table(
        "incentive",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=2000), nullable=False),
        sa.Column("evidence", sa.String(length=2000), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.Column("amount", sa.Numeric(precision=8, scale=2), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("rule_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "reward",
                "penalty",
                name="incentive_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("teacher_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("measured_from", sa.Date(), nullable=True),
        sa.Column("measured_to", sa.Date(), nullable=True),
        sa.Column("reached", sa.Numeric(precision=8, scale=2), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "withdrawn",
                "rejected",
                "published",
                "given",
                "overturned",
                "revoked",
                name="incentive_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("proposed_for", sa.Uuid(), nullable=True),
        sa.Column("statement_due_on", sa.Date(), nullable=True),
        sa.Column("statement", sa.String(length=2000), nullable=True),
        sa.Column("stated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opinion", sa.String(length=2000), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_for", sa.Uuid(), nullable=True),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("closes_on", sa.Date(), nullable=True),
        sa.Column("given_on", sa.Date(), nullable=True),
        sa.Column("given_by", sa.Uuid(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("honour_id", sa.Uuid(), nullable=True),
        sa.Column("appeal_due_on", sa.Date(), nullable=True),
        sa.Column("appeal", sa.String(length=2000), nullable=True),
        sa.Column("appealed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("appeal_unit_id", sa.Uuid(), nullable=True),
        sa.Column("appeal_upheld", sa.Boolean(), nullable=True),
        sa.Column("appeal_answer", sa.String(length=2000), nullable=True),
        sa.Column("appeal_decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("appeal_decided_by", sa.Uuid(), nullable=True),
        sa.Column("revoked_because", sa.String(length=500), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(given_on IS NOT NULL OR state NOT IN ('given', 'revoked')) AND (expires_on IS NULL OR expires_on > given_on)",
            name=op.f("ck_incentive_given"),
        ),
        sa.CheckConstraint(
            "(statement_due_on IS NOT NULL) = (kind = 'penalty')",
            name=op.f("ck_incentive_is_heard"),
        ),
        sa.CheckConstraint(
            "kind = 'reward' OR published_on IS NULL",
            name=op.f("ck_incentive_penalties_are_not_shown"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(opinion, decided_at, decided_by) IN (0, 3) AND (decided_at IS NOT NULL) = (state NOT IN ('proposed', 'withdrawn'))",
            name=op.f("ck_incentive_decision"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(revoked_because, revoked_at, revoked_by) = CASE state WHEN 'revoked' THEN 3 ELSE 0 END",
            name=op.f("ck_incentive_revocation"),
        ),
        sa.CheckConstraint(
            "appeal_decided_by <> decided_by", name=op.f("ck_incentive_appeal_decided_by_another")
        ),
        sa.CheckConstraint(
            "decided_by <> proposed_by", name=op.f("ck_incentive_decided_by_another")
        ),
        sa.CheckConstraint(
            "num_nonnulls(appeal, appealed_at, appeal_unit_id) IN (0, 3)",
            name=op.f("ck_incentive_appeal"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(appeal_upheld, appeal_answer, appeal_decided_at, appeal_decided_by) IN (0, 4) AND (appeal_decided_at IS NULL OR appealed_at IS NOT NULL)",
            name=op.f("ck_incentive_appeal_decision"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(measured_from, measured_to, reached) IN (0, 3)",
            name=op.f("ck_incentive_measured"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(published_on, closes_on) IN (0, 2)", name=op.f("ck_incentive_publicity")
        ),
        sa.CheckConstraint(
            "num_nonnulls(statement, stated_at) IN (0, 2)", name=op.f("ck_incentive_statement")
        ),
        sa.ForeignKeyConstraint(
            ["appeal_decided_by"], ["account.id"], name=op.f("fk_incentive_appeal_decided_by")
        ),
        sa.ForeignKeyConstraint(
            ["appeal_unit_id"], ["unit.id"], name=op.f("fk_incentive_appeal_unit_id")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["account.id"], name=op.f("fk_incentive_decided_by")
        ),
        sa.ForeignKeyConstraint(
            ["decided_for"], ["account.id"], name=op.f("fk_incentive_decided_for")
        ),
        sa.ForeignKeyConstraint(["file_id"], ["file.id"], name=op.f("fk_incentive_file_id")),
        sa.ForeignKeyConstraint(["given_by"], ["account.id"], name=op.f("fk_incentive_given_by")),
        sa.ForeignKeyConstraint(
            ["proposed_by"], ["account.id"], name=op.f("fk_incentive_proposed_by")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_for"], ["account.id"], name=op.f("fk_incentive_proposed_for")
        ),
        sa.ForeignKeyConstraint(
            ["revoked_by"], ["account.id"], name=op.f("fk_incentive_revoked_by")
        ),
        sa.ForeignKeyConstraint(
            ["rule_id"], ["incentive_rule.id"], name=op.f("fk_incentive_rule_id")
        ),
        sa.ForeignKeyConstraint(
            ["teacher_id", "school_id", "county_id", "city_id"],
            ["teacher.id", "teacher.school_id", "teacher.county_id", "teacher.city_id"],
            name=op.f("fk_incentive_teacher_id_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_incentive_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incentive")),
    )
    op.create_index(
        op.f("ix_incentive_city_id_happened_on_id"),
        "incentive",
        ["city_id", "happened_on", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_incentive_county_id_happened_on_id"),
        "incentive",
        ["county_id", "happened_on", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_incentive_file_id"),
        "incentive",
        ["file_id"],
        unique=False,
        postgresql_where=sa.text("file_id IS NOT NULL"),
    )
    op.create_index(op.f("ix_incentive_rule_id"), "incentive", ["rule_id"], unique=False)
    op.create_index(
        op.f("ix_incentive_school_id_happened_on_id"),
        "incentive",
        ["school_id", "happened_on", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_incentive_teacher_id_happened_on_id"),
        "incentive",
        ["teacher_id", "happened_on", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_incentive_unit_id_state"), "incentive", ["unit_id", "state"], unique=False
    )
    op.create_index(
        "uq_incentive_open",
        "incentive",
        ["teacher_id", "rule_id", "happened_on"],
        unique=True,
        postgresql_where=sa.text("state IN ('proposed', 'published', 'given')"),
    )


def make_incentive_objection() -> None:
    op.create_table(
        "incentive_objection",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("incentive_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(length=2000), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("raised_by", sa.Uuid(), nullable=False),
        sa.Column("upheld", sa.Boolean(), nullable=True),
        sa.Column("answer", sa.String(length=2000), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "decided_by <> raised_by", name=op.f("ck_incentive_objection_decided_by_another")
        ),
        sa.CheckConstraint(
            "num_nonnulls(upheld, answer, decided_at, decided_by) IN (0, 4)",
            name=op.f("ck_incentive_objection_decided"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["account.id"], name=op.f("fk_incentive_objection_decided_by")
        ),
        sa.ForeignKeyConstraint(
            ["incentive_id"], ["incentive.id"], name=op.f("fk_incentive_objection_incentive_id")
        ),
        sa.ForeignKeyConstraint(
            ["raised_by"], ["account.id"], name=op.f("fk_incentive_objection_raised_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incentive_objection")),
        sa.UniqueConstraint(
            "incentive_id", "raised_by", name=op.f("uq_incentive_objection_incentive_id_raised_by")
        ),
    )


def make_pay_scheme() -> None:
    op.create_table(
        "pay_scheme",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("regulation_id", sa.Uuid(), nullable=False),
        sa.Column("clause", sa.String(length=100), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("terms", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("published_by", sa.Uuid(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("jsonb_typeof(terms) = 'array'", name=op.f("ck_pay_scheme_terms")),
        sa.CheckConstraint(
            "school_id <> county_id", name=op.f("ck_pay_scheme_school_is_no_bureau")
        ),
        sa.CheckConstraint(
            "valid_to >= valid_from", name=op.f("ck_pay_scheme_ends_after_it_begins")
        ),
        sa.ForeignKeyConstraint(
            ["county_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_pay_scheme_county_id_city_id"),
        ),
        sa.ForeignKeyConstraint(
            ["published_by"], ["account.id"], name=op.f("fk_pay_scheme_published_by")
        ),
        sa.ForeignKeyConstraint(
            ["regulation_id"], ["regulation.id"], name=op.f("fk_pay_scheme_regulation_id")
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name=op.f("fk_pay_scheme_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pay_scheme")),
        sa.UniqueConstraint("school_id", "version", name=op.f("uq_pay_scheme_school_id_version")),
    )
    op.create_index(op.f("ix_pay_scheme_city_id_id"), "pay_scheme", ["city_id", "id"], unique=False)
    op.create_index(
        op.f("ix_pay_scheme_county_id_id"), "pay_scheme", ["county_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_pay_scheme_regulation_id"), "pay_scheme", ["regulation_id"], unique=False
    )


def make_pay_sheet() -> None:
    op.create_table(
        "pay_sheet",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("scheme_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "confirmed",
                "withdrawn",
                name="pay_sheet_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_for", sa.Uuid(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by", sa.Uuid(), nullable=True),
        sa.Column("withdrawn_because", sa.String(length=500), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Uuid(), nullable=True),
        postgresql.ExcludeConstraint(
            (sa.column("school_id"), "="),
            (sa.text("daterange(starts_on, ends_on, '[]')"), "&&"),
            where=sa.text("state <> 'withdrawn'"),
            using="gist",
            name="ex_pay_sheet_one_of_a_day",
        ),
        sa.CheckConstraint(
            "num_nonnulls(confirmed_at, confirmed_by) = CASE state WHEN 'open' THEN 0 WHEN 'confirmed' THEN 2 ELSE num_nonnulls(confirmed_at, confirmed_by) END AND num_nonnulls(confirmed_at, confirmed_by) IN (0, 2)",
            name=op.f("ck_pay_sheet_confirmation"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(withdrawn_because, withdrawn_at, withdrawn_by) = CASE state WHEN 'withdrawn' THEN 3 ELSE 0 END",
            name=op.f("ck_pay_sheet_withdrawal"),
        ),
        sa.CheckConstraint(
            "confirmed_by <> made_by", name=op.f("ck_pay_sheet_confirmed_by_another")
        ),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_pay_sheet_ends_after_it_begins")),
        sa.CheckConstraint("school_id <> county_id", name=op.f("ck_pay_sheet_school_is_no_bureau")),
        sa.ForeignKeyConstraint(
            ["confirmed_by"], ["account.id"], name=op.f("fk_pay_sheet_confirmed_by")
        ),
        sa.ForeignKeyConstraint(
            ["county_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_pay_sheet_county_id_city_id"),
        ),
        sa.ForeignKeyConstraint(["made_by"], ["account.id"], name=op.f("fk_pay_sheet_made_by")),
        sa.ForeignKeyConstraint(["made_for"], ["account.id"], name=op.f("fk_pay_sheet_made_for")),
        sa.ForeignKeyConstraint(
            ["scheme_id"], ["pay_scheme.id"], name=op.f("fk_pay_sheet_scheme_id")
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name=op.f("fk_pay_sheet_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["withdrawn_by"], ["account.id"], name=op.f("fk_pay_sheet_withdrawn_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pay_sheet")),
    )
    op.create_index(
        op.f("ix_pay_sheet_city_id_starts_on_id"),
        "pay_sheet",
        ["city_id", "starts_on", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_pay_sheet_county_id_starts_on_id"),
        "pay_sheet",
        ["county_id", "starts_on", "id"],
        unique=False,
    )
    op.create_index(op.f("ix_pay_sheet_scheme_id"), "pay_sheet", ["scheme_id"], unique=False)
    op.create_index(
        op.f("ix_pay_sheet_school_id_starts_on_id"),
        "pay_sheet",
        ["school_id", "starts_on", "id"],
        unique=False,
    )


def make_pay_line() -> None:
    op.create_table(
        "pay_line",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sheet_id", sa.Uuid(), nullable=False),
        sa.Column("teacher_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("parts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("points", sa.Numeric(precision=8, scale=2), nullable=False),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("objection", sa.String(length=2000), nullable=True),
        sa.Column("objected_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("upheld", sa.Boolean(), nullable=True),
        sa.Column("answer", sa.String(length=2000), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("jsonb_typeof(parts) = 'array'", name=op.f("ck_pay_line_parts")),
        sa.CheckConstraint(
            "num_nonnulls(objection, objected_at) IN (0, 2)", name=op.f("ck_pay_line_objection")
        ),
        sa.CheckConstraint(
            "num_nonnulls(upheld, answer, answered_at, answered_by) IN (0, 4) AND (answered_at IS NULL OR objected_at IS NOT NULL)",
            name=op.f("ck_pay_line_answer"),
        ),
        sa.CheckConstraint("school_id <> county_id", name=op.f("ck_pay_line_school_is_no_bureau")),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["account.id"], name=op.f("fk_pay_line_answered_by")
        ),
        sa.ForeignKeyConstraint(
            ["county_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_pay_line_county_id_city_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name=op.f("fk_pay_line_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(["sheet_id"], ["pay_sheet.id"], name=op.f("fk_pay_line_sheet_id")),
        sa.ForeignKeyConstraint(
            ["teacher_id"], ["teacher.id"], name=op.f("fk_pay_line_teacher_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pay_line")),
    )
    op.create_index(op.f("ix_pay_line_city_id_id"), "pay_line", ["city_id", "id"], unique=False)
    op.create_index(op.f("ix_pay_line_county_id_id"), "pay_line", ["county_id", "id"], unique=False)
    op.create_index(op.f("ix_pay_line_school_id_id"), "pay_line", ["school_id", "id"], unique=False)
    op.create_index(op.f("ix_pay_line_sheet_id_id"), "pay_line", ["sheet_id", "id"], unique=False)
    op.create_index(
        op.f("ix_pay_line_teacher_id_id"), "pay_line", ["teacher_id", "id"], unique=False
    )


def make_follow_up() -> None:
    op.create_table(
        "follow_up",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("strengths", sa.String(length=2000), nullable=False),
        sa.Column("to_work_on", sa.String(length=2000), nullable=False),
        sa.Column("follow_up_on", sa.Date(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("teacher_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("given_by", sa.Uuid(), nullable=False),
        sa.Column("reply", sa.String(length=2000), nullable=True),
        sa.Column("replied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "finding",
            sa.Enum(
                "reached",
                "partly_reached",
                "not_reached",
                name="follow_up_finding",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("review", sa.String(length=2000), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewed_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "num_nonnulls(finding, review, reviewed_at, reviewed_by) IN (0, 4)",
            name=op.f("ck_follow_up_review"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(reply, replied_at) IN (0, 2)", name=op.f("ck_follow_up_reply")
        ),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_follow_up_assessment_id")
        ),
        sa.ForeignKeyConstraint(["given_by"], ["account.id"], name=op.f("fk_follow_up_given_by")),
        sa.ForeignKeyConstraint(
            ["reviewed_by"], ["account.id"], name=op.f("fk_follow_up_reviewed_by")
        ),
        sa.ForeignKeyConstraint(
            ["teacher_id", "school_id", "county_id", "city_id"],
            ["teacher.id", "teacher.school_id", "teacher.county_id", "teacher.city_id"],
            name=op.f("fk_follow_up_teacher_id_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up")),
    )
    op.create_index(
        op.f("ix_follow_up_assessment_id"), "follow_up", ["assessment_id"], unique=False
    )
    op.create_index(
        op.f("ix_follow_up_city_id_follow_up_on_id"),
        "follow_up",
        ["city_id", "follow_up_on", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_follow_up_county_id_follow_up_on_id"),
        "follow_up",
        ["county_id", "follow_up_on", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_follow_up_school_id_follow_up_on_id"),
        "follow_up",
        ["school_id", "follow_up_on", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_follow_up_teacher_id_follow_up_on_id"),
        "follow_up",
        ["teacher_id", "follow_up_on", "id"],
        unique=False,
    )


def make_recommendation() -> None:
    op.create_table(
        "recommendation",
        sa.Column("activity_id", sa.Uuid(), nullable=True),
        sa.Column("course_id", sa.Uuid(), nullable=True),
        sa.Column("resource_id", sa.Uuid(), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("follow_up_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "num_nonnulls(activity_id, course_id, resource_id) <= 1",
            name=op.f("ck_recommendation_one_thing"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(activity_id, course_id, resource_id, note) >= 1",
            name=op.f("ck_recommendation_something"),
        ),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_recommendation_activity_id")
        ),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course.id"], name=op.f("fk_recommendation_course_id")
        ),
        sa.ForeignKeyConstraint(
            ["follow_up_id"], ["follow_up.id"], name=op.f("fk_recommendation_follow_up_id")
        ),
        sa.ForeignKeyConstraint(
            ["resource_id"], ["resource.id"], name=op.f("fk_recommendation_resource_id")
        ),
        sa.PrimaryKeyConstraint("follow_up_id", "ordinal", name=op.f("pk_recommendation")),
    )
    op.create_index(
        op.f("ix_recommendation_activity_id"), "recommendation", ["activity_id"], unique=False
    )
    op.create_index(
        op.f("ix_recommendation_course_id"), "recommendation", ["course_id"], unique=False
    )
    op.create_index(
        op.f("ix_recommendation_resource_id"), "recommendation", ["resource_id"], unique=False
    )


def downgrade() -> None:
    not_moved_with_person(*MOVED)
    for table in PAID:
        one_purpose(table, PURPOSES)
        op.drop_column(table, "incentive_id")
        audited(table)
    for table in (
        "recommendation", "follow_up", "pay_line", "pay_sheet", "pay_scheme", "incentive_objection",
        "incentive", "incentive_rule",
    ):  # fmt: skip
        op.drop_table(table)
