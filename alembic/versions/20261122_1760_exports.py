"""Exports: lists asked for as files, and how far each file is."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.database.migrations import grant

revision = "20261122_1760"
down_revision = "20261122_1750"
branch_labels = None
depends_on = None

PROGRESS = (
    "state, done, total, tries, started_at, finished_at, failure_code, failure_zh, failure_en"
)


def text_enum(name: str, column: str, *values: str) -> sa.Column:
    kind = sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)
    return sa.Column(column, kind, nullable=False)


def moment(name: str, *, nullable: bool = True) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "export",
        text_enum("progress_state", "state", "waiting", "running", "done", "failed", "cancelled"),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        moment("started_at"),
        moment("finished_at"),
        sa.Column("failure_code", sa.String(length=60), nullable=True),
        sa.Column("failure_zh", sa.Text(), nullable=True),
        sa.Column("failure_en", sa.Text(), nullable=True),
        sa.Column("list", sa.String(length=60), nullable=False),
        sa.Column("sort", sa.String(length=41), nullable=True),
        text_enum("tabular_format", "format", "csv", "xlsx", "jsonl"),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=True),
        sa.Column("scopes", sa.ARRAY(sa.Text()), nullable=True),
        sa.Column("parameters", postgresql.JSONB(), nullable=False),
        sa.Column("columns", sa.ARRAY(sa.Text()), nullable=True),
        moment("created_at", nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("sha256", sa.Text(), nullable=True),
        moment("expires_at"),
        sa.CheckConstraint(
            "(finished_at IS NULL) = (state IN ('waiting', 'running'))",
            name="ck_export_finished_at",
        ),
        sa.CheckConstraint(
            "num_nonnulls(failure_code, failure_zh, failure_en)"
            " = CASE state WHEN 'failed' THEN 3 ELSE 0 END",
            name="ck_export_failure",
        ),
        sa.CheckConstraint("done >= 0 AND total >= 0", name="ck_export_progress"),
        sa.CheckConstraint(
            "num_nonnulls(size, sha256, expires_at) IN (0, 3)"
            " AND (state <> 'done' OR size IS NOT NULL)",
            name="ck_export_file",
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_export_account_id"),
        sa.ForeignKeyConstraint(["client_id"], ["account.id"], name="fk_export_client_id"),
        sa.PrimaryKeyConstraint("id", name="pk_export"),
    )
    op.create_index("ix_export_account_id_id", "export", ["account_id", "id"])
    op.create_index("ix_export_created_at", "export", ["created_at"])
    grant(f"SELECT, INSERT, DELETE, UPDATE ({PROGRESS}, size, sha256, expires_at)", "export")


def downgrade() -> None:
    op.drop_table("export")
