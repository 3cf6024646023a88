"""Nothing yet: jobs."""

revision = "20261122_1700"
down_revision = "20261122_1690"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
