"""Nothing yet: trainers."""

revision = "20261123_1870"
down_revision = "20261123_1860"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
