"""Inspections and observation quotas."""

revision = "20261122_1620"
down_revision = "20261122_1610"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
