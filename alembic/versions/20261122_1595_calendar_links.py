"""Links by which calendar programs read what takes place."""

import sqlalchemy as sa
from alembic import op

from app.database.migrations import audited, grant

revision = "20261122_1595"
down_revision = "20261122_1590"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "calendar_link",
        sa.Column(
            "about",
            sa.Enum(
                "own",
                "group",
                "unit",
                "network",
                name="calendar_about",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_calendar_link_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_link")),
    )
    op.create_index(
        op.f("ix_calendar_link_account_id"),
        "calendar_link",
        ["account_id"],
        unique=False,
        postgresql_where=sa.text("revoked_at IS NULL"),
    )
    op.create_index(
        op.f("ix_calendar_link_token_hash"), "calendar_link", ["token_hash"], unique=True
    )
    grant("SELECT, INSERT, UPDATE (revoked_at)", "calendar_link")
    audited("calendar_link")


def downgrade() -> None:
    op.drop_table("calendar_link")
