"""Nothing yet: webhooks_and_feed."""

revision = "20261122_1750"
down_revision = "20261122_1740"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
