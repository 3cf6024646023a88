"""Nothing yet: feed_and_exports."""

revision = "20261123_1830"
down_revision = "20261123_1820"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
