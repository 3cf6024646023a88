"""The grants of an account are found by it, those with an end too, instead of among all grants."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_1790"
down_revision = "20261122_1770"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_role_grant_account_id",
        "role_grant",
        ["account_id"],
        postgresql_where=sa.text("superseded_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_role_grant_account_id", table_name="role_grant")
