"""Nothing yet: spare_one."""

revision = "20261122_1780"
down_revision = "20261122_1770"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
