"""Funds: budgets with their lines and journal, amendments, appropriations, commitments, expenses."""

import sqlalchemy as sa
from alembic import op

from app.database.migrations import audited, grant

revision = "20261123_1960"
down_revision = "20261123_1950"
branch_labels = None
depends_on = None

OPEN_BALANCE = """
CREATE FUNCTION open_fund_balance() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO fund_balance (line_id, available, committed, spent, transit)
    SELECT id, 0, 0, 0, 0 FROM added;
    RETURN NULL;
END
$$
"""
OPENED = """
CREATE TRIGGER open_fund_balance AFTER INSERT ON budget_line REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION open_fund_balance()
"""

# Budgets are held before lines, and each in one order, so that no two writers wait in a circle. What is
# read after a lock was waited for is what the one before has left.
POST = """
CREATE FUNCTION post_funds() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM budget
    WHERE id IN (SELECT l.budget_id FROM budget_line l JOIN added a ON a.line_id = l.id)
    ORDER BY id FOR SHARE;
    IF EXISTS (
        SELECT FROM added a JOIN budget_line l ON l.id = a.line_id
            JOIN budget b ON b.id = l.budget_id
        WHERE b.state <> 'approved'
    ) THEN
        RAISE EXCEPTION 'money moves in an open budget alone'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'budget_is_open';
    END IF;
    PERFORM FROM fund_balance WHERE line_id IN (SELECT line_id FROM added)
    ORDER BY line_id FOR UPDATE;
    IF EXISTS (
        SELECT FROM fund_posting
        WHERE commitment_id IN (SELECT commitment_id FROM added)
        GROUP BY commitment_id HAVING sum(amount) < 0
    ) THEN
        RAISE EXCEPTION 'a commitment holds what was set aside and no more'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'commitment_holds';
    END IF;
    UPDATE fund_balance AS held SET
        available = held.available + moved.available,
        committed = held.committed + moved.committed,
        spent = held.spent + moved.spent,
        transit = held.transit + moved.transit
    FROM (
        SELECT line_id,
            coalesce(sum(amount) FILTER (WHERE account = 'available'), 0) AS available,
            coalesce(sum(amount) FILTER (WHERE account = 'committed'), 0) AS committed,
            coalesce(sum(amount) FILTER (WHERE account = 'spent'), 0) AS spent,
            coalesce(sum(amount) FILTER (WHERE account = 'transit'), 0) AS transit
        FROM added GROUP BY line_id
    ) AS moved
    WHERE held.line_id = moved.line_id;
    RETURN NULL;
END
$$
"""
POSTED = """
CREATE TRIGGER post_funds AFTER INSERT ON fund_posting REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION post_funds()
"""
BALANCE = """
CREATE FUNCTION balance_fund_entry() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF (SELECT sum(amount) FROM fund_posting WHERE entry_id = NEW.entry_id) <> 0 THEN
        RAISE EXCEPTION 'the postings of an entry come to nothing in sum'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'fund_entry_balances';
    END IF;
    RETURN NULL;
END
$$
"""
BALANCED = """
CREATE CONSTRAINT TRIGGER balance_fund_entry AFTER INSERT ON fund_posting
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION balance_fund_entry()
"""
REFUSE = """
CREATE FUNCTION refuse_to_change_the_books() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the books are append-only: % is refused', TG_OP
        USING ERRCODE = 'insufficient_privilege';
END
$$
"""
APPEND_ONLY = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_change_the_books()
"""
KEEP_LINE = """
CREATE FUNCTION keep_budget_line() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' OR (SELECT state FROM budget WHERE id = OLD.budget_id)
        NOT IN ('draft', 'returned') THEN
        RAISE EXCEPTION 'a line that was handed in stays as it was written'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'budget_line_stays';
    END IF;
    RETURN OLD;
END
$$
"""
KEPT_LINE = """
CREATE TRIGGER keep_budget_line BEFORE UPDATE OR DELETE ON budget_line
    FOR EACH ROW EXECUTE FUNCTION keep_budget_line()
"""
KEEP_STEP = """
CREATE FUNCTION keep_fund_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> OLD.state AND OLD.state || '>' || NEW.state <> ALL (TG_ARGV[0]::text[]) THEN
        RAISE EXCEPTION '% does not become %', OLD.state, NEW.state
            USING ERRCODE = 'check_violation', CONSTRAINT = 'fund_step';
    END IF;
    RETURN NEW;
END
$$
"""
KEPT_STEP = """
CREATE TRIGGER keep_fund_step BEFORE UPDATE ON {table}
    FOR EACH ROW EXECUTE FUNCTION keep_fund_step('{{{steps}}}')
"""
STEPS = {
    "budget": (
        "draft>submitted", "returned>submitted", "submitted>returned", "submitted>approved",
        "approved>closed", "closed>approved",
    ),
    "budget_amendment": ("submitted>approved", "submitted>rejected"),
    "appropriation": ("sent>acknowledged", "sent>returned"),
    "expense": ("submitted>approved", "submitted>returned", "approved>reversed"),
}  # fmt: skip
DECIDED = "state, decided_by, decided_at, opinion"


def upgrade() -> None:
    make_plans()
    make_books()
    for statement in (
        OPEN_BALANCE, OPENED, POST, POSTED, BALANCE, BALANCED, REFUSE, KEEP_LINE, KEPT_LINE, KEEP_STEP,
    ):  # fmt: skip
        op.execute(statement)
    # As a trigger of a temporary table each would write with the owner's rights.
    for function in ("open_fund_balance", "post_funds", "balance_fund_entry"):
        op.execute(f"REVOKE EXECUTE ON FUNCTION {function}() FROM PUBLIC")
    for table in ("fund_entry", "fund_posting", "budget_review"):
        op.execute(APPEND_ONLY.format(table=table))
    for table, steps in STEPS.items():
        op.execute(KEPT_STEP.format(table=table, steps=",".join(steps)))
    grant("SELECT", "fund_balance")
    grant("SELECT, INSERT", "fund_entry", "fund_posting", "budget_review", "approval_limit")
    grant("SELECT, INSERT", "expense_attachment")
    grant("SELECT, INSERT, DELETE", "budget_line")
    grant("SELECT, INSERT, UPDATE (state, since, submitted_by)", "budget")
    grant(f"SELECT, INSERT, UPDATE ({DECIDED})", "budget_amendment")
    grant("SELECT, INSERT, UPDATE (state, answered_by, answered_at, opinion)", "appropriation")
    released = "released_by, released_at, release_reason"
    grant(f"SELECT, INSERT, UPDATE ({released})", "fund_commitment")
    reversed_ = "reversed_by, reversed_at, reversal_reason"
    grant(f"SELECT, INSERT, UPDATE ({DECIDED}, {reversed_})", "expense")
    for table in (
        "budget", "budget_review", "budget_line", "budget_amendment", "appropriation",
        "fund_commitment", "expense", "expense_attachment", "approval_limit",
    ):  # fmt: skip
        audited(table)


def make_plans() -> None:
    op.create_table(
        "approval_limit",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("up_to", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "unit_id",
            sa.Uuid(),
            sa.Computed("coalesce(school_id, county_id)", persisted=True),
            nullable=False,
        ),
        sa.Column("set_by", sa.Uuid(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "school_id <> county_id", name=op.f("ck_approval_limit_school_is_no_bureau")
        ),
        sa.CheckConstraint("up_to >= 0", name=op.f("ck_approval_limit_up_to")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_approval_limit_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["county_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_approval_limit_county_id_city_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name=op.f("fk_approval_limit_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(["set_by"], ["account.id"], name=op.f("fk_approval_limit_set_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval_limit")),
    )
    op.create_index(
        op.f("ix_approval_limit_city_id_id"), "approval_limit", ["city_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_approval_limit_county_id_id"), "approval_limit", ["county_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_approval_limit_school_id_id"), "approval_limit", ["school_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_approval_limit_unit_id_account_id_valid_from"),
        "approval_limit",
        ["unit_id", "account_id", "valid_from"],
        unique=False,
    )
    op.create_table(
        "budget",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("remark", sa.String(length=2000), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "unit_id",
            sa.Uuid(),
            sa.Computed("coalesce(school_id, county_id)", persisted=True),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "submitted",
                "returned",
                "approved",
                "closed",
                name="budget_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("drafted_by", sa.Uuid(), nullable=False),
        sa.Column("submitted_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "state IN ('draft', 'returned') OR submitted_by IS NOT NULL",
            name=op.f("ck_budget_submitted_by"),
        ),
        sa.CheckConstraint("school_id <> county_id", name=op.f("ck_budget_school_is_no_bureau")),
        sa.ForeignKeyConstraint(
            ["county_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_budget_county_id_city_id"),
        ),
        sa.ForeignKeyConstraint(["drafted_by"], ["account.id"], name=op.f("fk_budget_drafted_by")),
        sa.ForeignKeyConstraint(
            ["school_id", "county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name=op.f("fk_budget_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["submitted_by"], ["account.id"], name=op.f("fk_budget_submitted_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budget")),
        sa.UniqueConstraint("unit_id", "year", name=op.f("uq_budget_unit_id_year")),
    )
    op.create_index(op.f("ix_budget_city_id_id"), "budget", ["city_id", "id"], unique=False)
    op.create_index(op.f("ix_budget_county_id_id"), "budget", ["county_id", "id"], unique=False)
    op.create_index(op.f("ix_budget_school_id_id"), "budget", ["school_id", "id"], unique=False)
    op.create_table(
        "budget_line",
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column(
            "spend_class",
            sa.Enum(
                "visits",
                "training",
                "rewards",
                "publications",
                "equipment",
                name="spend_class",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "source",
            sa.Enum(
                "own",
                "superior",
                name="fund_source",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("earmark", sa.String(length=100), nullable=True),
        sa.Column("is_priority", sa.Boolean(), nullable=False),
        sa.Column("basis", sa.String(length=200), nullable=True),
        sa.Column("planned", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("budget_id", sa.Uuid(), nullable=False),
        sa.Column("added_by", sa.Uuid(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("planned >= 0", name=op.f("ck_budget_line_planned")),
        sa.ForeignKeyConstraint(["added_by"], ["account.id"], name=op.f("fk_budget_line_added_by")),
        sa.ForeignKeyConstraint(
            ["budget_id"], ["budget.id"], name=op.f("fk_budget_line_budget_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budget_line")),
        sa.UniqueConstraint("budget_id", "title", name=op.f("uq_budget_line_budget_id_title")),
        sa.UniqueConstraint("id", "budget_id", name=op.f("uq_budget_line_id_budget_id")),
    )
    op.create_table(
        "budget_review",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("budget_id", sa.Uuid(), nullable=False),
        sa.Column(
            "step",
            sa.Enum(
                "submit",
                "approve",
                "return",
                "close",
                "reopen",
                name="budget_step",
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
            ["budget_id"], ["budget.id"], name=op.f("fk_budget_review_budget_id")
        ),
        sa.ForeignKeyConstraint(
            ["taken_by"], ["account.id"], name=op.f("fk_budget_review_taken_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budget_review")),
    )
    op.create_index(
        op.f("ix_budget_review_budget_id_id"), "budget_review", ["budget_id", "id"], unique=False
    )
    op.create_table(
        "appropriation",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("from_line_id", sa.Uuid(), nullable=False),
        sa.Column("to_line_id", sa.Uuid(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "allocate",
                "hand_back",
                "carry_over",
                name="appropriation_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "sent",
                "acknowledged",
                "returned",
                name="appropriation_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("sent_by", sa.Uuid(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opinion", sa.String(length=500), nullable=True),
        sa.CheckConstraint(
            "(state = 'sent') = (answered_at IS NULL)", name=op.f("ck_appropriation_answered_at")
        ),
        sa.CheckConstraint(
            "(answered_by IS NULL) = (answered_at IS NULL)",
            name=op.f("ck_appropriation_answered_by"),
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_appropriation_amount")),
        sa.CheckConstraint(
            "from_line_id <> to_line_id", name=op.f("ck_appropriation_lines_differ")
        ),
        sa.CheckConstraint(
            "school_id <> county_id", name=op.f("ck_appropriation_school_is_no_bureau")
        ),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["account.id"], name=op.f("fk_appropriation_answered_by")
        ),
        sa.ForeignKeyConstraint(
            ["county_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_appropriation_county_id_city_id"),
        ),
        sa.ForeignKeyConstraint(
            ["from_line_id"], ["budget_line.id"], name=op.f("fk_appropriation_from_line_id")
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name=op.f("fk_appropriation_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(["sent_by"], ["account.id"], name=op.f("fk_appropriation_sent_by")),
        sa.ForeignKeyConstraint(
            ["to_line_id"], ["budget_line.id"], name=op.f("fk_appropriation_to_line_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appropriation")),
    )
    op.create_index(
        op.f("ix_appropriation_city_id_id"), "appropriation", ["city_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_appropriation_county_id_id"), "appropriation", ["county_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_appropriation_from_line_id_id"),
        "appropriation",
        ["from_line_id", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_appropriation_school_id_id"), "appropriation", ["school_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_appropriation_to_line_id_id"), "appropriation", ["to_line_id", "id"], unique=False
    )
    op.create_table(
        "budget_amendment",
        sa.Column("from_line_id", sa.Uuid(), nullable=True),
        sa.Column("to_line_id", sa.Uuid(), nullable=True),
        sa.Column("amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("budget_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "submitted",
                "approved",
                "rejected",
                name="amendment_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("entered_by", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opinion", sa.String(length=500), nullable=True),
        sa.CheckConstraint(
            "(state = 'submitted') = (decided_at IS NULL)",
            name=op.f("ck_budget_amendment_decided_at"),
        ),
        sa.CheckConstraint(
            "(decided_by IS NULL) = (decided_at IS NULL)",
            name=op.f("ck_budget_amendment_decided_by"),
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_budget_amendment_amount")),
        sa.CheckConstraint(
            "from_line_id <> to_line_id", name=op.f("ck_budget_amendment_lines_differ")
        ),
        sa.CheckConstraint(
            "num_nonnulls(from_line_id, to_line_id) >= 1",
            name=op.f("ck_budget_amendment_names_a_line"),
        ),
        sa.ForeignKeyConstraint(
            ["budget_id"], ["budget.id"], name=op.f("fk_budget_amendment_budget_id")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["account.id"], name=op.f("fk_budget_amendment_decided_by")
        ),
        sa.ForeignKeyConstraint(
            ["from_line_id", "budget_id"],
            ["budget_line.id", "budget_line.budget_id"],
            name=op.f("fk_budget_amendment_from_line_id_budget_id"),
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by"], ["account.id"], name=op.f("fk_budget_amendment_proposed_by")
        ),
        sa.ForeignKeyConstraint(
            ["entered_by"], ["account.id"], name=op.f("fk_budget_amendment_entered_by")
        ),
        sa.ForeignKeyConstraint(
            ["to_line_id", "budget_id"],
            ["budget_line.id", "budget_line.budget_id"],
            name=op.f("fk_budget_amendment_to_line_id_budget_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budget_amendment")),
    )
    op.create_index(
        op.f("ix_budget_amendment_budget_id_id"),
        "budget_amendment",
        ["budget_id", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_budget_amendment_from_line_id"), "budget_amendment", ["from_line_id"], unique=False
    )
    op.create_index(
        op.f("ix_budget_amendment_to_line_id"), "budget_amendment", ["to_line_id"], unique=False
    )


def make_books() -> None:
    op.create_table(
        "fund_balance",
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("available", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("committed", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("spent", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("transit", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.CheckConstraint("available >= 0", name=op.f("ck_fund_balance_available")),
        sa.CheckConstraint("committed >= 0", name=op.f("ck_fund_balance_committed")),
        sa.CheckConstraint("spent >= 0", name=op.f("ck_fund_balance_spent")),
        sa.CheckConstraint("transit >= 0", name=op.f("ck_fund_balance_transit")),
        sa.ForeignKeyConstraint(
            ["line_id"],
            ["budget_line.id"],
            name=op.f("fk_fund_balance_line_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("line_id", name=op.f("pk_fund_balance")),
    )
    op.create_table(
        "fund_commitment",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("activity_id", sa.Uuid(), nullable=True),
        sa.Column("course_run_id", sa.Uuid(), nullable=True),
        sa.Column("trainer_hire_id", sa.Uuid(), nullable=True),
        sa.Column("topic_id", sa.Uuid(), nullable=True),
        sa.Column("cohort_id", sa.Uuid(), nullable=True),
        sa.Column("equipment_id", sa.Uuid(), nullable=True),
        sa.Column("other_purpose", sa.String(length=500), nullable=True),
        sa.Column("amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("summary", sa.String(length=200), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("released_by", sa.Uuid(), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("release_reason", sa.String(length=500), nullable=True),
        sa.CheckConstraint("amount > 0", name=op.f("ck_fund_commitment_amount")),
        sa.CheckConstraint(
            "num_nonnulls(activity_id, course_run_id, trainer_hire_id, topic_id, cohort_id, equipment_id, other_purpose) = 1",
            name=op.f("ck_fund_commitment_has_one_purpose"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(released_by, released_at, release_reason) IN (0, 3)",
            name=op.f("ck_fund_commitment_released"),
        ),
        sa.CheckConstraint(
            "school_id <> county_id", name=op.f("ck_fund_commitment_school_is_no_bureau")
        ),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_fund_commitment_activity_id")
        ),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_fund_commitment_cohort_id")
        ),
        sa.ForeignKeyConstraint(
            ["county_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_fund_commitment_county_id_city_id"),
        ),
        sa.ForeignKeyConstraint(
            ["course_run_id"], ["course_run.id"], name=op.f("fk_fund_commitment_course_run_id")
        ),
        sa.ForeignKeyConstraint(
            ["equipment_id"], ["equipment.id"], name=op.f("fk_fund_commitment_equipment_id")
        ),
        sa.ForeignKeyConstraint(
            ["line_id"], ["budget_line.id"], name=op.f("fk_fund_commitment_line_id")
        ),
        sa.ForeignKeyConstraint(
            ["made_by"], ["account.id"], name=op.f("fk_fund_commitment_made_by")
        ),
        sa.ForeignKeyConstraint(
            ["released_by"], ["account.id"], name=op.f("fk_fund_commitment_released_by")
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name=op.f("fk_fund_commitment_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["topic.id"], name=op.f("fk_fund_commitment_topic_id")
        ),
        sa.ForeignKeyConstraint(
            ["trainer_hire_id"],
            ["trainer_hire.id"],
            name=op.f("fk_fund_commitment_trainer_hire_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund_commitment")),
    )
    op.create_index(
        op.f("ix_fund_commitment_activity_id"), "fund_commitment", ["activity_id"], unique=False
    )
    op.create_index(
        op.f("ix_fund_commitment_city_id_id"), "fund_commitment", ["city_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_fund_commitment_cohort_id"), "fund_commitment", ["cohort_id"], unique=False
    )
    op.create_index(
        op.f("ix_fund_commitment_county_id_id"),
        "fund_commitment",
        ["county_id", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_fund_commitment_course_run_id"), "fund_commitment", ["course_run_id"], unique=False
    )
    op.create_index(
        op.f("ix_fund_commitment_equipment_id"), "fund_commitment", ["equipment_id"], unique=False
    )
    op.create_index(
        op.f("ix_fund_commitment_line_id_id"), "fund_commitment", ["line_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_fund_commitment_school_id_id"),
        "fund_commitment",
        ["school_id", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_fund_commitment_topic_id"), "fund_commitment", ["topic_id"], unique=False
    )
    op.create_index(
        op.f("ix_fund_commitment_trainer_hire_id"),
        "fund_commitment",
        ["trainer_hire_id"],
        unique=False,
    )
    op.create_table(
        "expense",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("activity_id", sa.Uuid(), nullable=True),
        sa.Column("course_run_id", sa.Uuid(), nullable=True),
        sa.Column("trainer_hire_id", sa.Uuid(), nullable=True),
        sa.Column("topic_id", sa.Uuid(), nullable=True),
        sa.Column("cohort_id", sa.Uuid(), nullable=True),
        sa.Column("equipment_id", sa.Uuid(), nullable=True),
        sa.Column("other_purpose", sa.String(length=500), nullable=True),
        sa.Column("amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("payee", sa.String(length=100), nullable=False),
        sa.Column("summary", sa.String(length=200), nullable=False),
        sa.Column("spent_on", sa.Date(), nullable=False),
        sa.Column("voucher", sa.String(length=60), nullable=True),
        sa.Column("commitment_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "submitted",
                "approved",
                "returned",
                "reversed",
                name="expense_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("submitted_by", sa.Uuid(), nullable=False),
        sa.Column("entered_by", sa.Uuid(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opinion", sa.String(length=500), nullable=True),
        sa.Column("reversed_by", sa.Uuid(), nullable=True),
        sa.Column("reversed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reversal_reason", sa.String(length=500), nullable=True),
        sa.CheckConstraint(
            "(state = 'submitted') = (decided_at IS NULL)", name=op.f("ck_expense_decided_at")
        ),
        sa.CheckConstraint(
            "num_nonnulls(reversed_by, reversed_at, reversal_reason) = CASE state WHEN 'reversed' THEN 3 ELSE 0 END",
            name=op.f("ck_expense_reversed"),
        ),
        sa.CheckConstraint(
            "(decided_by IS NULL) = (decided_at IS NULL)", name=op.f("ck_expense_decided_by")
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_expense_amount")),
        sa.CheckConstraint(
            "num_nonnulls(activity_id, course_run_id, trainer_hire_id, topic_id, cohort_id, equipment_id, other_purpose) = 1",
            name=op.f("ck_expense_has_one_purpose"),
        ),
        sa.CheckConstraint("school_id <> county_id", name=op.f("ck_expense_school_is_no_bureau")),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_expense_activity_id")
        ),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_expense_cohort_id")),
        sa.ForeignKeyConstraint(
            ["commitment_id"], ["fund_commitment.id"], name=op.f("fk_expense_commitment_id")
        ),
        sa.ForeignKeyConstraint(
            ["county_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_expense_county_id_city_id"),
        ),
        sa.ForeignKeyConstraint(
            ["course_run_id"], ["course_run.id"], name=op.f("fk_expense_course_run_id")
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["account.id"], name=op.f("fk_expense_decided_by")),
        sa.ForeignKeyConstraint(
            ["equipment_id"], ["equipment.id"], name=op.f("fk_expense_equipment_id")
        ),
        sa.ForeignKeyConstraint(["line_id"], ["budget_line.id"], name=op.f("fk_expense_line_id")),
        sa.ForeignKeyConstraint(
            ["reversed_by"], ["account.id"], name=op.f("fk_expense_reversed_by")
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name=op.f("fk_expense_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["submitted_by"], ["account.id"], name=op.f("fk_expense_submitted_by")
        ),
        sa.ForeignKeyConstraint(["entered_by"], ["account.id"], name=op.f("fk_expense_entered_by")),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name=op.f("fk_expense_topic_id")),
        sa.ForeignKeyConstraint(
            ["trainer_hire_id"], ["trainer_hire.id"], name=op.f("fk_expense_trainer_hire_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expense")),
    )
    op.create_index(op.f("ix_expense_activity_id"), "expense", ["activity_id"], unique=False)
    op.create_index(op.f("ix_expense_city_id_id"), "expense", ["city_id", "id"], unique=False)
    op.create_index(op.f("ix_expense_cohort_id"), "expense", ["cohort_id"], unique=False)
    op.create_index(op.f("ix_expense_commitment_id"), "expense", ["commitment_id"], unique=False)
    op.create_index(op.f("ix_expense_county_id_id"), "expense", ["county_id", "id"], unique=False)
    op.create_index(op.f("ix_expense_course_run_id"), "expense", ["course_run_id"], unique=False)
    op.create_index(op.f("ix_expense_equipment_id"), "expense", ["equipment_id"], unique=False)
    op.create_index(op.f("ix_expense_line_id_id"), "expense", ["line_id", "id"], unique=False)
    op.create_index(op.f("ix_expense_school_id_id"), "expense", ["school_id", "id"], unique=False)
    op.create_index(op.f("ix_expense_topic_id"), "expense", ["topic_id"], unique=False)
    op.create_index(
        op.f("ix_expense_trainer_hire_id"), "expense", ["trainer_hire_id"], unique=False
    )
    op.create_table(
        "expense_attachment",
        sa.Column("expense_id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["expense_id"], ["expense.id"], name=op.f("fk_expense_attachment_expense_id")
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["file.id"], name=op.f("fk_expense_attachment_file_id")
        ),
        sa.PrimaryKeyConstraint("expense_id", "file_id", name=op.f("pk_expense_attachment")),
        sa.UniqueConstraint("file_id", name=op.f("uq_expense_attachment_file_id")),
    )
    op.create_table(
        "fund_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "budget",
                "amendment",
                "appropriation",
                "receipt",
                "return",
                "commitment",
                "release",
                "expense",
                "reversal",
                name="fund_entry_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("budget_id", sa.Uuid(), nullable=True),
        sa.Column("amendment_id", sa.Uuid(), nullable=True),
        sa.Column("appropriation_id", sa.Uuid(), nullable=True),
        sa.Column("commitment_id", sa.Uuid(), nullable=True),
        sa.Column("expense_id", sa.Uuid(), nullable=True),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("posted_by", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "num_nonnulls(budget_id, amendment_id, appropriation_id, commitment_id, expense_id) = 1",
            name=op.f("ck_fund_entry_is_about_one_thing"),
        ),
        sa.ForeignKeyConstraint(
            ["amendment_id"], ["budget_amendment.id"], name=op.f("fk_fund_entry_amendment_id")
        ),
        sa.ForeignKeyConstraint(
            ["appropriation_id"], ["appropriation.id"], name=op.f("fk_fund_entry_appropriation_id")
        ),
        sa.ForeignKeyConstraint(["budget_id"], ["budget.id"], name=op.f("fk_fund_entry_budget_id")),
        sa.ForeignKeyConstraint(
            ["commitment_id"], ["fund_commitment.id"], name=op.f("fk_fund_entry_commitment_id")
        ),
        sa.ForeignKeyConstraint(
            ["expense_id"], ["expense.id"], name=op.f("fk_fund_entry_expense_id")
        ),
        sa.ForeignKeyConstraint(
            ["posted_by"], ["account.id"], name=op.f("fk_fund_entry_posted_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund_entry")),
        sa.UniqueConstraint("amendment_id", "kind", name=op.f("uq_fund_entry_amendment_id_kind")),
        sa.UniqueConstraint(
            "appropriation_id", "kind", name=op.f("uq_fund_entry_appropriation_id_kind")
        ),
        sa.UniqueConstraint("budget_id", "kind", name=op.f("uq_fund_entry_budget_id_kind")),
        sa.UniqueConstraint("commitment_id", "kind", name=op.f("uq_fund_entry_commitment_id_kind")),
        sa.UniqueConstraint("expense_id", "kind", name=op.f("uq_fund_entry_expense_id_kind")),
    )
    op.create_table(
        "fund_posting",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column(
            "account",
            sa.Enum(
                "source",
                "available",
                "committed",
                "spent",
                "transit",
                name="fund_account",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("commitment_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "commitment_id IS NULL OR account = 'committed'",
            name=op.f("ck_fund_posting_commitment_of_committed"),
        ),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_fund_posting_amount")),
        sa.ForeignKeyConstraint(
            ["commitment_id"], ["fund_commitment.id"], name=op.f("fk_fund_posting_commitment_id")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["fund_entry.id"], name=op.f("fk_fund_posting_entry_id")
        ),
        sa.ForeignKeyConstraint(
            ["line_id"], ["budget_line.id"], name=op.f("fk_fund_posting_line_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund_posting")),
    )
    op.create_index(
        op.f("ix_fund_posting_commitment_id"), "fund_posting", ["commitment_id"], unique=False
    )
    op.create_index(op.f("ix_fund_posting_entry_id"), "fund_posting", ["entry_id"], unique=False)
    op.create_index(
        op.f("ix_fund_posting_line_id_id"), "fund_posting", ["line_id", "id"], unique=False
    )


def downgrade() -> None:
    for table in (
        "fund_posting",
        "fund_entry",
        "expense_attachment",
        "expense",
        "fund_commitment",
        "fund_balance",
        "budget_amendment",
        "appropriation",
        "budget_review",
        "budget_line",
        "budget",
        "approval_limit",
    ):
        op.drop_table(table)
    for function in (
        "open_fund_balance",
        "post_funds",
        "balance_fund_entry",
        "refuse_to_change_the_books",
        "keep_budget_line",
        "keep_fund_step",
    ):
        op.execute(f"DROP FUNCTION {function}()")
