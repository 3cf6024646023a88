"""First passwords that are to be changed, and delegations of one's own rights."""

import sqlalchemy as sa
from alembic import op

from app.database.migrations import audited, grant

revision = "20261122_1480"
down_revision = "20261122_1470"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "account", sa.Column("first_password_until", sa.DateTime(timezone=True), nullable=True)
    )
    op.create_table(
        "delegation",
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("permissions", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("granter_id", sa.Uuid(), nullable=False),
        sa.Column("delegate_id", sa.Uuid(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("granter_id <> delegate_id", name=op.f("ck_delegation_to_another")),
        sa.CheckConstraint("cardinality(permissions) > 0", name=op.f("ck_delegation_permits")),
        sa.ForeignKeyConstraint(
            ["granter_id"], ["account.id"], name=op.f("fk_delegation_granter_id")
        ),
        sa.ForeignKeyConstraint(
            ["delegate_id"], ["account.id"], name=op.f("fk_delegation_delegate_id")
        ),
        sa.ForeignKeyConstraint(["subject_id"], ["unit.id"], name=op.f("fk_delegation_subject_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delegation")),
    )
    for owner in ("granter_id", "delegate_id", "subject_id"):
        op.create_index(
            op.f(f"ix_delegation_{owner}"),
            "delegation",
            [owner],
            postgresql_where=sa.text("revoked_at IS NULL"),
        )
    op.create_index(
        "ix_delegation_revoked_at",
        "delegation",
        ["revoked_at"],
        postgresql_where=sa.text("revoked_at IS NOT NULL"),
    )
    grant("SELECT, INSERT, UPDATE (revoked_at)", "delegation")
    audited("delegation")
    audited("account")


def downgrade() -> None:
    op.drop_table("delegation")
    op.drop_column("account", "first_password_until")
