"""Series and outsiders."""

revision = "20261122_1640"
down_revision = "20261122_1630"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
