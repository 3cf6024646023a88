"""Live and deliveries."""

revision = "20261122_1630"
down_revision = "20261122_1620"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
