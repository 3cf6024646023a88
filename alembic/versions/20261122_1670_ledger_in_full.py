"""Ledger in full."""

revision = "20261122_1670"
down_revision = "20261122_1660"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
