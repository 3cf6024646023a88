"""Nothing yet: credits_left."""

revision = "20261122_1770"
down_revision = "20261122_1760"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
