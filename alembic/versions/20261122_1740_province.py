"""Nothing yet: province."""

revision = "20261122_1740"
down_revision = "20261122_1730"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
