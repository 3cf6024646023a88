"""Nothing yet: topics."""

revision = "20261123_1890"
down_revision = "20261123_1880"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
