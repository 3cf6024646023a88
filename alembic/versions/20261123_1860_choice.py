"""Nothing yet: choice."""

revision = "20261123_1860"
down_revision = "20261123_1850"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
