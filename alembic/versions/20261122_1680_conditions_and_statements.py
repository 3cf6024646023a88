"""Conditions and statements."""

revision = "20261122_1680"
down_revision = "20261122_1670"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
