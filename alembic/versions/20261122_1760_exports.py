"""Nothing yet: exports."""

revision = "20261122_1760"
down_revision = "20261122_1750"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
