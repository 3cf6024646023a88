"""Indicator sheets, orders to check, evaluations with their values, and rectifications."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.database.migrations import audited, grant

revision = "20261123_1980"
down_revision = "20261123_1970"
branch_labels = None
depends_on = None


def upgrade() -> None:
    make_indicator_sheet()
    grant("SELECT, INSERT", "indicator_sheet")
    audited("indicator_sheet")
    make_check_order()
    # What was ordered, and by what one is judged, is never changed.
    grant("SELECT, INSERT", "check_order")
    audited("check_order")
    make_unit_evaluation()
    grant(
        "SELECT, INSERT, UPDATE (state, received_at, received_by, judgement, expected_effects, achieved_effects, handed_in_at, handed_in_by, opinion, score, published_at, published_by, published_for, appeal, appealed_at, appealed_by, appeal_outcome, appeal_reply, appeal_decided_at, appeal_decided_by, score_before)",
        "unit_evaluation",
    )
    audited("unit_evaluation")
    make_evaluation_value()
    # What was computed is frozen: only what people say of it is written afterwards.
    grant("SELECT, INSERT, UPDATE (claimed, claim, verified, reason, points)", "evaluation_value")
    audited("evaluation_value", insertions=False)
    make_evaluation_evidence()
    grant("SELECT, INSERT, DELETE", "evaluation_evidence")
    audited("evaluation_evidence")
    make_evaluator()
    grant("SELECT, INSERT", "evaluator")
    audited("evaluator")
    make_verification()
    # Until the result is published this is the evaluators' alone, in the trail, too.
    grant("SELECT, INSERT, UPDATE (value, reason, verified_at, verified_by)", "verification")
    audited("verification", hidden=("value", "reason"))
    make_rectification()
    grant(
        "SELECT, INSERT, UPDATE (state, proof, file_id, proved_at, proved_by, conclusion, concluded_at, concluded_by)",
        "rectification",
    )
    audited("rectification")


def make_indicator_sheet() -> None:
    op.create_table(
        "indicator_sheet",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column(
            "evaluated",
            sa.Enum(
                "school",
                "county",
                name="evaluated_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("assumed", sa.Boolean(), nullable=False),
        sa.Column("total", sa.Numeric(precision=6, scale=2), nullable=False),
        sa.Column("indicators", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), sa.Computed("county_id", persisted=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "jsonb_typeof(indicators) = 'array'", name=op.f("ck_indicator_sheet_indicators")
        ),
        sa.CheckConstraint(
            "school_id <> county_id", name=op.f("ck_indicator_sheet_school_is_no_bureau")
        ),
        sa.CheckConstraint("school_id IS NULL", name=op.f("ck_indicator_sheet_of_a_bureau")),
        sa.CheckConstraint("total > 0", name=op.f("ck_indicator_sheet_total")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_indicator_sheet_version_from_one")),
        sa.ForeignKeyConstraint(
            ["county_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_indicator_sheet_county_id_city_id"),
        ),
        sa.ForeignKeyConstraint(
            ["published_by"], ["account.id"], name=op.f("fk_indicator_sheet_published_by")
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name=op.f("fk_indicator_sheet_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicator_sheet")),
        sa.UniqueConstraint(
            "unit_id", "code", "version", name=op.f("uq_indicator_sheet_unit_id_code_version")
        ),
    )
    op.create_index(
        op.f("ix_indicator_sheet_city_id_id"), "indicator_sheet", ["city_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_indicator_sheet_county_id_id"),
        "indicator_sheet",
        ["county_id", "id"],
        unique=False,
    )


def make_check_order() -> None:
    op.create_table(
        "check_order",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "self_inspection",
                "mid_term",
                "final",
                name="check_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("list_number", sa.String(length=60), nullable=False),
        sa.Column("document_number", sa.String(length=60), nullable=True),
        sa.Column("content", sa.String(length=5000), nullable=True),
        sa.Column("school_year", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("appeal_days", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), sa.Computed("county_id", persisted=True), nullable=False),
        sa.Column("sheet_id", sa.Uuid(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_by", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "school_id <> county_id", name=op.f("ck_check_order_school_is_no_bureau")
        ),
        sa.CheckConstraint("school_id IS NULL", name=op.f("ck_check_order_of_a_bureau")),
        sa.CheckConstraint("until >= since", name=op.f("ck_check_order_period")),
        sa.ForeignKeyConstraint(
            ["county_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_check_order_county_id_city_id"),
        ),
        sa.ForeignKeyConstraint(
            ["issued_by"], ["account.id"], name=op.f("fk_check_order_issued_by")
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name=op.f("fk_check_order_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["sheet_id"], ["indicator_sheet.id"], name=op.f("fk_check_order_sheet_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_order")),
    )
    op.create_index(
        op.f("ix_check_order_city_id_id"), "check_order", ["city_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_check_order_county_id_id"), "check_order", ["county_id", "id"], unique=False
    )
    op.create_index(op.f("ix_check_order_sheet_id"), "check_order", ["sheet_id"], unique=False)


def make_unit_evaluation() -> None:
    op.create_table(
        "unit_evaluation",
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
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("by_unit_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "handed_in",
                "published",
                "appealed",
                "settled",
                name="evaluation_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_by", sa.Uuid(), nullable=True),
        sa.Column("judgement", sa.String(length=5000), nullable=True),
        sa.Column("expected_effects", sa.String(length=2000), nullable=True),
        sa.Column("achieved_effects", sa.String(length=2000), nullable=True),
        sa.Column("handed_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handed_in_by", sa.Uuid(), nullable=True),
        sa.Column("opinion", sa.String(length=5000), nullable=True),
        sa.Column("score", sa.Numeric(precision=6, scale=2), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by", sa.Uuid(), nullable=True),
        sa.Column("published_for", sa.Uuid(), nullable=True),
        sa.Column("appeal", sa.String(length=2000), nullable=True),
        sa.Column("appealed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("appealed_by", sa.Uuid(), nullable=True),
        sa.Column(
            "appeal_outcome",
            sa.Enum(
                "upheld",
                "changed",
                name="appeal_outcome",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("appeal_reply", sa.String(length=2000), nullable=True),
        sa.Column("appeal_decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("appeal_decided_by", sa.Uuid(), nullable=True),
        sa.Column("score_before", sa.Numeric(precision=6, scale=2), nullable=True),
        sa.CheckConstraint(
            "(appeal IS NULL) = (state NOT IN ('appealed', 'settled'))",
            name=op.f("ck_unit_evaluation_appealed"),
        ),
        sa.CheckConstraint(
            "(appeal_outcome IS NULL) = (state <> 'settled')",
            name=op.f("ck_unit_evaluation_settled"),
        ),
        sa.CheckConstraint(
            "(published_at IS NULL) = (state IN ('open', 'handed_in'))",
            name=op.f("ck_unit_evaluation_published"),
        ),
        sa.CheckConstraint(
            "CASE state WHEN 'open' THEN handed_in_at IS NULL WHEN 'handed_in' THEN handed_in_at IS NOT NULL ELSE true END",
            name=op.f("ck_unit_evaluation_handed_in"),
        ),
        sa.CheckConstraint("by_unit_id <> unit_id", name=op.f("ck_unit_evaluation_not_of_oneself")),
        sa.CheckConstraint(
            "num_nonnulls(appeal, appealed_at, appealed_by) IN (0, 3)",
            name=op.f("ck_unit_evaluation_appeal"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(appeal_outcome, appeal_reply, appeal_decided_at, appeal_decided_by) IN (0, 4)",
            name=op.f("ck_unit_evaluation_appeal_decision"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(handed_in_at, handed_in_by) IN (0, 2)",
            name=op.f("ck_unit_evaluation_handing_in"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(opinion, score, published_at, published_by) IN (0, 4)",
            name=op.f("ck_unit_evaluation_result"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(received_at, received_by) IN (0, 2)",
            name=op.f("ck_unit_evaluation_receipt"),
        ),
        sa.CheckConstraint(
            "school_id <> county_id", name=op.f("ck_unit_evaluation_school_is_no_bureau")
        ),
        sa.ForeignKeyConstraint(
            ["appeal_decided_by"], ["account.id"], name=op.f("fk_unit_evaluation_appeal_decided_by")
        ),
        sa.ForeignKeyConstraint(
            ["appealed_by"], ["account.id"], name=op.f("fk_unit_evaluation_appealed_by")
        ),
        sa.ForeignKeyConstraint(
            ["by_unit_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_unit_evaluation_by_unit_id_city_id"),
        ),
        sa.ForeignKeyConstraint(
            ["county_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_unit_evaluation_county_id_city_id"),
        ),
        sa.ForeignKeyConstraint(
            ["handed_in_by"], ["account.id"], name=op.f("fk_unit_evaluation_handed_in_by")
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["check_order.id"], name=op.f("fk_unit_evaluation_order_id")
        ),
        sa.ForeignKeyConstraint(
            ["published_by"], ["account.id"], name=op.f("fk_unit_evaluation_published_by")
        ),
        sa.ForeignKeyConstraint(
            ["published_for"], ["account.id"], name=op.f("fk_unit_evaluation_published_for")
        ),
        sa.ForeignKeyConstraint(
            ["received_by"], ["account.id"], name=op.f("fk_unit_evaluation_received_by")
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name=op.f("fk_unit_evaluation_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_evaluation")),
        sa.UniqueConstraint(
            "order_id", "unit_id", name=op.f("uq_unit_evaluation_order_id_unit_id")
        ),
    )
    op.create_index(
        op.f("ix_unit_evaluation_by_unit_id_state"),
        "unit_evaluation",
        ["by_unit_id", "state"],
        unique=False,
    )
    op.create_index(
        op.f("ix_unit_evaluation_city_id_id"), "unit_evaluation", ["city_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_unit_evaluation_county_id_id"),
        "unit_evaluation",
        ["county_id", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_unit_evaluation_school_id_id"),
        "unit_evaluation",
        ["school_id", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_unit_evaluation_unit_id_id"), "unit_evaluation", ["unit_id", "id"], unique=False
    )


def make_evaluation_value() -> None:
    op.create_table(
        "evaluation_value",
        sa.Column("evaluation_id", sa.Uuid(), nullable=False),
        sa.Column("indicator", sa.String(length=40), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("numerator", sa.Integer(), nullable=True),
        sa.Column("denominator", sa.Integer(), nullable=True),
        sa.Column("computed", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column("claimed", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column("claim", sa.String(length=1000), nullable=True),
        sa.Column("verified", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column("reason", sa.String(length=1000), nullable=True),
        sa.Column("points", sa.Numeric(precision=6, scale=2), nullable=True),
        sa.CheckConstraint(
            "(reason IS NULL) OR (verified IS NOT NULL)", name=op.f("ck_evaluation_value_reason")
        ),
        sa.ForeignKeyConstraint(
            ["evaluation_id"],
            ["unit_evaluation.id"],
            name=op.f("fk_evaluation_value_evaluation_id"),
        ),
        sa.PrimaryKeyConstraint("evaluation_id", "indicator", name=op.f("pk_evaluation_value")),
    )


def make_evaluation_evidence() -> None:
    op.create_table(
        "evaluation_evidence",
        sa.Column("evaluation_id", sa.Uuid(), nullable=False),
        sa.Column("indicator", sa.String(length=40), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["evaluation_id", "indicator"],
            ["evaluation_value.evaluation_id", "evaluation_value.indicator"],
            name=op.f("fk_evaluation_evidence_evaluation_id_indicator"),
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["file.id"], name=op.f("fk_evaluation_evidence_file_id")
        ),
        sa.PrimaryKeyConstraint(
            "evaluation_id", "indicator", "file_id", name=op.f("pk_evaluation_evidence")
        ),
    )
    op.create_index(
        op.f("ix_evaluation_evidence_file_id"), "evaluation_evidence", ["file_id"], unique=False
    )


def make_evaluator() -> None:
    op.create_table(
        "evaluator",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("evaluation_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("department_id", sa.Uuid(), nullable=True),
        sa.Column("appointed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("appointed_by", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_evaluator_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["appointed_by"], ["account.id"], name=op.f("fk_evaluator_appointed_by")
        ),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_evaluator_department_id")
        ),
        sa.ForeignKeyConstraint(
            ["evaluation_id"], ["unit_evaluation.id"], name=op.f("fk_evaluator_evaluation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluator")),
        sa.UniqueConstraint(
            "evaluation_id", "account_id", name=op.f("uq_evaluator_evaluation_id_account_id")
        ),
    )
    op.create_index(op.f("ix_evaluator_account_id"), "evaluator", ["account_id"], unique=False)


def make_verification() -> None:
    op.create_table(
        "verification",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("evaluation_id", sa.Uuid(), nullable=False),
        sa.Column("indicator", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=True),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verified_by", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["evaluation_id"], ["unit_evaluation.id"], name=op.f("fk_verification_evaluation_id")
        ),
        sa.ForeignKeyConstraint(
            ["verified_by"], ["account.id"], name=op.f("fk_verification_verified_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verification")),
        sa.UniqueConstraint(
            "evaluation_id", "indicator", name=op.f("uq_verification_evaluation_id_indicator")
        ),
    )


def make_rectification() -> None:
    op.create_table(
        "rectification",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("problem", sa.String(length=2000), nullable=False),
        sa.Column("measure", sa.String(length=2000), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "unit_id",
            sa.Uuid(),
            sa.Computed("coalesce(school_id, county_id)", persisted=True),
            nullable=False,
        ),
        sa.Column("evaluation_id", sa.Uuid(), nullable=False),
        sa.Column("by_unit_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "asked",
                "proved",
                "returned",
                "closed",
                name="rectification_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("proof", sa.String(length=5000), nullable=True),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.Column("proved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("proved_by", sa.Uuid(), nullable=True),
        sa.Column("conclusion", sa.String(length=2000), nullable=True),
        sa.Column("concluded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("concluded_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(conclusion IS NOT NULL) OR (state IN ('asked', 'proved'))",
            name=op.f("ck_rectification_concluded"),
        ),
        sa.CheckConstraint(
            "(proof IS NULL) = (state = 'asked')", name=op.f("ck_rectification_proved")
        ),
        sa.CheckConstraint(
            "file_id IS NULL OR proof IS NOT NULL", name=op.f("ck_rectification_file")
        ),
        sa.CheckConstraint(
            "num_nonnulls(conclusion, concluded_at, concluded_by) IN (0, 3)",
            name=op.f("ck_rectification_conclusion"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(proof, proved_at, proved_by) IN (0, 3)",
            name=op.f("ck_rectification_proof"),
        ),
        sa.CheckConstraint(
            "school_id <> county_id", name=op.f("ck_rectification_school_is_no_bureau")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["account.id"], name=op.f("fk_rectification_asked_by")
        ),
        sa.ForeignKeyConstraint(
            ["by_unit_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_rectification_by_unit_id_city_id"),
        ),
        sa.ForeignKeyConstraint(
            ["concluded_by"], ["account.id"], name=op.f("fk_rectification_concluded_by")
        ),
        sa.ForeignKeyConstraint(
            ["county_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_rectification_county_id_city_id"),
        ),
        sa.ForeignKeyConstraint(
            ["evaluation_id"], ["unit_evaluation.id"], name=op.f("fk_rectification_evaluation_id")
        ),
        sa.ForeignKeyConstraint(["file_id"], ["file.id"], name=op.f("fk_rectification_file_id")),
        sa.ForeignKeyConstraint(
            ["proved_by"], ["account.id"], name=op.f("fk_rectification_proved_by")
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name=op.f("fk_rectification_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rectification")),
    )
    op.create_index(
        op.f("ix_rectification_city_id_due_on_id"),
        "rectification",
        ["city_id", "due_on", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_rectification_county_id_due_on_id"),
        "rectification",
        ["county_id", "due_on", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_rectification_evaluation_id"), "rectification", ["evaluation_id"], unique=False
    )
    op.create_index(
        op.f("ix_rectification_file_id"),
        "rectification",
        ["file_id"],
        unique=False,
        postgresql_where=sa.text("file_id IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_rectification_school_id_due_on_id"),
        "rectification",
        ["school_id", "due_on", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_rectification_unit_id_due_on_id"),
        "rectification",
        ["unit_id", "due_on", "id"],
        unique=False,
    )


def downgrade() -> None:
    op.drop_table("rectification")
    op.drop_table("verification")
    op.drop_table("evaluator")
    op.drop_table("evaluation_evidence")
    op.drop_table("evaluation_value")
    op.drop_table("unit_evaluation")
    op.drop_table("check_order")
    op.drop_table("indicator_sheet")
