"""Nothing yet: imports."""

revision = "20261122_1720"
down_revision = "20261122_1710"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
