"""Credit claims."""

revision = "20261122_1660"
down_revision = "20261122_1650"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
