"""Notices with their receipts."""

import sqlalchemy as sa
from alembic import op

from app.database.migrations import audited, grant

revision = "20261122_1610"
down_revision = "20261122_1595"
branch_labels = None
depends_on = None


def upgrade() -> None:
    make_tables()
    said = "title, text, document, receipt, due_on"
    grant(f"SELECT, INSERT, UPDATE ({said}, state, published_at, withdrawn_at)", "notice")
    grant("SELECT, INSERT, DELETE", "notice_audience")
    grant("SELECT, INSERT, UPDATE (confirmed_at)", "notice_reading")
    grant("SELECT, INSERT", "notice_receipt")
    audited("notice")
    audited("notice_audience")


def make_tables() -> None:
    op.create_table(
        "notice",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("document", sa.String(length=100), nullable=True),
        sa.Column(
            "receipt",
            sa.Enum(
                "none",
                "units",
                "people",
                name="receipt",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("due_on", sa.Date(), nullable=True),
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
                "published",
                "withdrawn",
                name="notice_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(state = 'draft') = (published_at IS NULL)", name=op.f("ck_notice_published_at")
        ),
        sa.CheckConstraint(
            "(state = 'withdrawn') = (withdrawn_at IS NOT NULL)",
            name=op.f("ck_notice_withdrawn_at"),
        ),
        sa.CheckConstraint("school_id <> county_id", name=op.f("ck_notice_school_is_no_bureau")),
        sa.ForeignKeyConstraint(
            ["county_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_notice_county_id_city_id"),
        ),
        sa.ForeignKeyConstraint(["created_by"], ["account.id"], name=op.f("fk_notice_created_by")),
        sa.ForeignKeyConstraint(
            ["school_id", "county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name=op.f("fk_notice_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
    )
    op.create_index(op.f("ix_notice_city_id_id"), "notice", ["city_id", "id"], unique=False)
    op.create_index(op.f("ix_notice_county_id_id"), "notice", ["county_id", "id"], unique=False)
    op.create_index(
        op.f("ix_notice_due_on"),
        "notice",
        ["due_on"],
        unique=False,
        postgresql_where=sa.text("state = 'published' AND receipt <> 'none'"),
    )
    op.create_index(op.f("ix_notice_school_id_id"), "notice", ["school_id", "id"], unique=False)
    op.create_table(
        "notice_audience",
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("target_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["notice.id"], name=op.f("fk_notice_audience_notice_id")
        ),
        sa.PrimaryKeyConstraint("notice_id", "target_id", name=op.f("pk_notice_audience")),
    )
    op.create_index(
        op.f("ix_notice_audience_target_id_notice_id"),
        "notice_audience",
        ["target_id", "notice_id"],
        unique=False,
    )
    op.create_table(
        "notice_reading",
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_notice_reading_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["notice.id"], name=op.f("fk_notice_reading_notice_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_notice_reading_unit_id")),
        sa.PrimaryKeyConstraint("notice_id", "account_id", name=op.f("pk_notice_reading")),
    )
    op.create_index(
        op.f("ix_notice_reading_notice_id_unit_id"),
        "notice_reading",
        ["notice_id", "unit_id"],
        unique=False,
    )
    op.create_table(
        "notice_receipt",
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("confirmed_by", sa.Uuid(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["confirmed_by"], ["account.id"], name=op.f("fk_notice_receipt_confirmed_by")
        ),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["notice.id"], name=op.f("fk_notice_receipt_notice_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_notice_receipt_unit_id")),
        sa.PrimaryKeyConstraint("notice_id", "unit_id", name=op.f("pk_notice_receipt")),
    )


def downgrade() -> None:
    op.drop_table("notice_receipt")
    op.drop_index(op.f("ix_notice_reading_notice_id_unit_id"), table_name="notice_reading")
    op.drop_table("notice_reading")
    op.drop_index(op.f("ix_notice_audience_target_id_notice_id"), table_name="notice_audience")
    op.drop_table("notice_audience")
    op.drop_index(op.f("ix_notice_school_id_id"), table_name="notice")
    op.drop_index(
        op.f("ix_notice_due_on"),
        table_name="notice",
        postgresql_where=sa.text("state = 'published' AND receipt <> 'none'"),
    )
    op.drop_index(op.f("ix_notice_county_id_id"), table_name="notice")
    op.drop_index(op.f("ix_notice_city_id_id"), table_name="notice")
    op.drop_table("notice")
