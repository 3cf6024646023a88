"""Ledger in full: signed heads of each day, and transfers of credit between authorities."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.database.migrations import audited, grant

revision = "20261122_1670"
down_revision = "20261122_1660"
branch_labels = None
depends_on = None

SIGNED = ("ledger_key", "ledger_head", "ledger_leaf")
WRITTEN_AGAIN = ("standing", "credit_chain")
# Row by row: where a school moves, its key is followed into every placed table, which may touch none of these.
APPEND_ONLY = """
CREATE TRIGGER append_only_rows BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION refuse_to_change_the_ledger();
CREATE TRIGGER append_only BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_change_the_ledger()
"""


def upgrade() -> None:
    op.create_table(
        "ledger_key",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("public", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_key")),
    )
    op.create_table(
        "ledger_head",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("chains", sa.Integer(), nullable=False),
        sa.Column("entries", sa.BigInteger(), nullable=False),
        sa.Column("grown", sa.Integer(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key_id", sa.String(length=64), nullable=False),
        sa.Column("signature", sa.String(length=2000), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_ledger_head_numbered_from_one")),
        sa.CheckConstraint(
            "school_id <> county_id", name=op.f("ck_ledger_head_school_is_no_bureau")
        ),
        sa.ForeignKeyConstraint(
            ["county_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_ledger_head_county_id_city_id"),
        ),
        sa.ForeignKeyConstraint(["key_id"], ["ledger_key.id"], name=op.f("fk_ledger_head_key_id")),
        sa.ForeignKeyConstraint(
            ["school_id", "county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name=op.f("fk_ledger_head_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_head")),
        sa.UniqueConstraint("city_id", "day", name=op.f("uq_ledger_head_city_id_day")),
        sa.UniqueConstraint("city_id", "number", name=op.f("uq_ledger_head_city_id_number")),
    )
    op.create_table(
        "ledger_leaf",
        sa.Column("teacher_id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("head_id", sa.Uuid(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["head_id"], ["ledger_head.id"], name=op.f("fk_ledger_leaf_head_id")
        ),
        sa.ForeignKeyConstraint(
            ["teacher_id"], ["teacher.id"], name=op.f("fk_ledger_leaf_teacher_id")
        ),
        sa.PrimaryKeyConstraint("teacher_id", "sequence", name=op.f("pk_ledger_leaf")),
    )
    op.create_index(op.f("ix_ledger_leaf_head_id"), "ledger_leaf", ["head_id"], unique=False)
    op.create_table(
        "credit_transfer",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("teacher_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column(
            "direction",
            sa.Enum(
                "in",
                "out",
                name="transfer_direction",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("authority", sa.String(length=200), nullable=False),
        sa.Column("document_number", sa.String(length=100), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("hours", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("credits", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.CheckConstraint("entries >= 1", name=op.f("ck_credit_transfer_moves_something")),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["account.id"], name=op.f("fk_credit_transfer_recorded_by")
        ),
        sa.ForeignKeyConstraint(
            ["teacher_id", "school_id", "county_id", "city_id"],
            ["teacher.id", "teacher.school_id", "teacher.county_id", "teacher.city_id"],
            name=op.f("fk_credit_transfer_teacher_id_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_transfer")),
        sa.UniqueConstraint(
            "teacher_id",
            "direction",
            "authority",
            "document_number",
            name="uq_credit_transfer_document",
        ),
    )
    op.create_index(
        op.f("ix_credit_transfer_city_id_recorded_at_id"),
        "credit_transfer",
        ["city_id", "recorded_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_credit_transfer_county_id_recorded_at_id"),
        "credit_transfer",
        ["county_id", "recorded_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_credit_transfer_school_id_recorded_at_id"),
        "credit_transfer",
        ["school_id", "recorded_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_credit_transfer_teacher_id_recorded_at_id"),
        "credit_transfer",
        ["teacher_id", "recorded_at", "id"],
        unique=False,
    )
    for table in WRITTEN_AGAIN:
        # Room on each page for the next version of its rows, so that no index has to follow.
        op.execute(f"ALTER TABLE {table} SET (fillfactor = 60)")
    for table in SIGNED:
        for trigger in APPEND_ONLY.split(";"):
            op.execute(trigger.format(table=table))
    audited("credit_transfer")
    grant("SELECT, INSERT", *SIGNED, "credit_transfer")


def downgrade() -> None:
    for table in WRITTEN_AGAIN:
        op.execute(f"ALTER TABLE {table} RESET (fillfactor)")
    op.drop_index(
        op.f("ix_credit_transfer_teacher_id_recorded_at_id"), table_name="credit_transfer"
    )
    op.drop_index(op.f("ix_credit_transfer_school_id_recorded_at_id"), table_name="credit_transfer")
    op.drop_index(op.f("ix_credit_transfer_county_id_recorded_at_id"), table_name="credit_transfer")
    op.drop_index(op.f("ix_credit_transfer_city_id_recorded_at_id"), table_name="credit_transfer")
    op.drop_table("credit_transfer")
    op.drop_index(op.f("ix_ledger_leaf_head_id"), table_name="ledger_leaf")
    op.drop_table("ledger_leaf")
    op.drop_table("ledger_head")
    op.drop_table("ledger_key")
