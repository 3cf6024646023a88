"""The change feed's epochs and the batches for the province."""

import sqlalchemy as sa
from alembic import op

from app.database.migrations import grant

revision = "20261122_1300"
down_revision = "20261122_1200"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "change_epoch",
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column(
            "raised_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.PrimaryKeyConstraint("epoch", name=op.f("pk_change_epoch")),
    )
    op.create_table(
        "province_batch",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("recorded_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recorded_to", sa.DateTime(timezone=True), nullable=True),
        sa.Column("layout", sa.Integer(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("reversals", sa.Integer(), nullable=False),
        sa.Column("teachers", sa.Integer(), nullable=False),
        sa.Column("hours", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("credits", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("from_transaction", sa.BigInteger(), nullable=False),
        sa.Column("before_transaction", sa.BigInteger(), nullable=False),
        sa.Column("sha256_jsonl", sa.LargeBinary(), nullable=False),
        sa.Column("sha256_csv", sa.LargeBinary(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "county_id = city_id AND school_id IS NULL",
            name=op.f("ck_province_batch_belongs_to_city"),
        ),
        sa.CheckConstraint(
            "entries > 0 AND entries >= reversals", name=op.f("ck_province_batch_holds_something")
        ),
        sa.CheckConstraint(
            "length(sha256_jsonl) = 32 AND length(sha256_csv) = 32",
            name=op.f("ck_province_batch_hashes"),
        ),
        sa.CheckConstraint(
            "recorded_to > recorded_from", name=op.f("ck_province_batch_ends_after_it_begins")
        ),
        sa.CheckConstraint(
            "school_id <> county_id", name=op.f("ck_province_batch_school_is_no_bureau")
        ),
        sa.ForeignKeyConstraint(
            ["county_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_province_batch_county_id_city_id"),
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["account.id"], name=op.f("fk_province_batch_created_by")
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name=op.f("fk_province_batch_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_province_batch")),
        sa.UniqueConstraint("city_id", "number", name=op.f("uq_province_batch_city_id_number")),
    )
    op.create_index(
        op.f("ix_province_batch_city_id_id"), "province_batch", ["city_id", "id"], unique=False
    )
    grant("SELECT, INSERT", "province_batch")
    grant("SELECT", "change_epoch")


def downgrade() -> None:
    op.drop_index(op.f("ix_province_batch_city_id_id"), table_name="province_batch")
    op.drop_table("province_batch")
    op.drop_table("change_epoch")
