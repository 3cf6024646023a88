"""Nothing yet: rostering."""

revision = "20261122_1730"
down_revision = "20261122_1720"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
